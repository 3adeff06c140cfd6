"""How much lies in stock over the run, how many SKUs are short, and how the worst of them fares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.words import number, share
from sim.show.axes import axis_label, counts, heading, moments, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, MUTED, VERMILLION
from sim.show.spread import spread
from sim.show.timelines import Curve, Timeline, level_line, time_axis
from sim.show.views import View, number_axis
from sim.study.replicate import Result
from sim.words import charts
from sim.words import site as say

VIEW_PX = 130


@dataclass(frozen=True)
class Stock(Chart):
    """Mean, P10 and P90 across replications of three curves: units free, SKUs short, and units of the worst SKU.

    The worst SKU is the one for which orders waited longest over all replications; none where no order waited.
    """

    name: ClassVar[str] = "stock"
    group: ClassVar[str] = charts.STOCK

    free: pd.DataFrame
    short: pd.DataFrame
    worst: pd.DataFrame
    worst_sku: str
    fill_rate: float
    runs_short: float
    replications: int

    @classmethod
    def of(cls, result: Result) -> Self | None:
        each = [curves.stock for curves in result.curves if len(curves.stock.columns)]
        if not each:
            return None
        hours_short = pd.concat([curves.sku_short_h for curves in result.curves]).groupby(level=0, sort=False).sum()
        worst = str(hours_short.idxmax()) if hours_short.max() > 0 else ""
        fill_rate = result.measures.get("fill_rate")
        return cls(
            free=spread([frame[["free"]] for frame in each]),
            short=spread([frame[["short"]] for frame in each]),
            worst=spread([curves.sku_units[[worst]] for curves in result.curves]) if worst else pd.DataFrame(),
            worst_sku=worst,
            fill_rate=np.nan if fill_rate is None else fill_rate.mean,
            runs_short=result.measures["stock_out.any"].mean,
            replications=len(each),
        )

    @property
    def title(self) -> str:
        if np.isnan(self.fill_rate):
            return say.free_on_average(number(float(self.free["mean"].mean())))
        return say.all_in_stock(share(self.fill_rate), self.worst_sku.replace("_", " "))

    @property
    def alt(self) -> str:
        free, most = self.free["mean"], self.short["mean"].max()
        first, lowest, last = (number(float(value)) for value in (free.iloc[0], free.min(), free.iloc[-1]))
        return say.stock_alt(first, lowest, last, number(float(most)))

    @property
    def table(self) -> pd.DataFrame:
        parts = {say.FREE_UNITS: self.free, say.SKUS_SHORT: self.short}
        columns = {charts.part_of(name, str(part)): frame[part] for name, frame in parts.items() for part in frame}
        return pd.DataFrame(columns).rename_axis(charts.HOUR)

    @property
    def note(self) -> str:
        runs_short = share(self.runs_short) if self.replications > 1 else ""
        return say.stock_note(charts.most_of_them(self.replications), runs_short, below_zero=bool(self.worst_sku))

    def height_in(self, width_in: float) -> float:
        return 5.6 if self.worst_sku else 4.0

    def paint(self, figure: Figure) -> None:
        panels = 3 if self.worst_sku else 2
        axes = figure.subplots(panels, 1, height_ratios=[3, 1.6, 2.4][:panels], squeeze=False)[:, 0]
        labels = max(2, int(figure.get_figwidth()))
        self._curve(axes[0], self.free, BLUE, labels)
        axis_label(axes[0], y=say.FREE_UNITS)
        self._curve(axes[1], self.short, VERMILLION, labels)
        axis_label(axes[1], y=say.SKUS_SHORT)
        if self.worst_sku:
            self._curve(axes[2], self.worst, BLUE, labels)
            heading(axes[2], self.worst_sku.replace("_", " "), say.FREE_LESS_WAITED_FOR)
            axes[2].axhline(0, color=MUTED, linewidth=0.8)
            axis_label(axes[2], y=say.UNITS)

    def _curve(self, ax: Axes, frame: pd.DataFrame, colour: str, labels: int) -> None:
        plain(ax)
        at = frame.index
        if self.replications > 1:
            ax.fill_between(at, frame["low"], frame["high"], color=colour, alpha=0.2, linewidth=0, step="post")
        ax.step(at, frame["mean"], color=colour, linewidth=1.4, where="post")
        bottom = min(0.0, float(frame["low"].min()))
        ax.set_ylim(bottom=bottom * 1.05, top=max(1.0, float(frame["high"].max()) * 1.05))
        counts(ax.yaxis, 4)
        moments(ax, at[0].to_pydatetime(), self.free.index[-1].to_pydatetime(), labels)

    @cached_property
    def views(self) -> tuple[View, ...]:
        worst = self.worst_sku.replace("_", " ")
        shown = [("free", say.FREE_UNITS, self.free, BLUE, ""), ("short", say.SKUS_SHORT, self.short, VERMILLION, "")]
        if self.worst_sku:
            shown.append((say.FREE_LESS_WAITED_FOR, say.UNITS, self.worst, BLUE, worst))
        return tuple(self._view(*one) for one in shown)

    def _view(self, words: str, unit: str, frame: pd.DataFrame, colour: str, heading: str) -> View:
        x = time_axis(frame.index[0].to_pydatetime(), self.free.index[-1].to_pydatetime())
        y = number_axis("height", unit, float(frame["high"].max()), min(0.0, float(frame["low"].min())))
        spread = (frame["low"], frame["high"]) if self.replications > 1 else (None, None)
        zero = [level_line(0.0, y, MUTED)] if heading else []
        curve = Curve(words, colour, frame["mean"], *spread)
        return Timeline(
            frame.index, x, y, [curve], heading, words if heading else "", height=VIEW_PX, step=True, under=zero
        ).view
