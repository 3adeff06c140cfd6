"""How many orders a day are placed, pass each stage, leave, and arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.curves import mean_frame
from sim.analysis.words import number
from sim.show.axes import axis_label, beside_lines, counts, days, heading, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, DELIVERED, DISPATCHED, PLACED
from sim.show.panels import Panels, across
from sim.show.timelines import DAY_WORDS, Curve, Timeline, time_axis
from sim.show.views import View, number_axis
from sim.study.replicate import Result
from sim.words import charts
from sim.words import site as say

LINES = {"placed": PLACED, "dispatched": DISPATCHED, "delivered": DELIVERED}


@dataclass(frozen=True)
class Throughput(Chart):
    """A row a day, a column for each of placed, dispatched, delivered and each stage; mean, lowest, highest."""

    name: ClassVar[str] = "throughput"
    group: ClassVar[str] = charts.THROUGHPUT

    mean: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    labels: dict[str, str]
    of_orders: frozenset[str]
    per_day: dict[str, float]
    replications: int

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario = result.file.scenario
        frames = [curves.throughput for curves in result.curves]
        mean = mean_frame(frames)
        if not mean["placed"].any():
            return None
        if (mean["dispatched"] == mean["delivered"]).all():
            mean = mean.drop(columns="dispatched")  # nothing is between the two, so one line says it
        stages = [key for key in scenario.stages if key in mean]
        shown = stages if len(stages) > 1 else []
        columns = [*(name for name in LINES if name in mean), *shown]
        low, high = across(frames)
        measures = {"placed": "demand.per_day", **{name: f"throughput.{name}" for name in columns if name != "placed"}}
        return cls(
            mean=mean[columns],
            low=low[columns],
            high=high[columns],
            labels={key: scenario.label("stages", key) for key in shown},
            of_orders=frozenset(key for flow in scenario.order_flows for key in scenario.flows[flow].route),
            per_day={name: result.measures[measure].mean for name, measure in measures.items()},
            replications=len(frames),
        )

    @property
    def title(self) -> str:
        reached = [(number(self.per_day[name]), name) for name in LINES if name in self.mean and name != "placed"]
        return say.throughput_title(number(self.per_day["placed"]), reached)

    @property
    def alt(self) -> str:
        first, last = (f"{self.mean.index[at]:%Y-%m-%d}" for at in (0, -1))
        return say.throughput_alt(first, last, [name for name in LINES if name in self.mean], self.labels.values())

    @property
    def table(self) -> pd.DataFrame:
        table = self.mean.rename(columns={name: say.a_day_column(str(name)) for name in self.mean})
        return table.rename_axis(charts.DAY)

    @property
    def note(self) -> str:
        spread = charts.each_or_range(self.replications, each=False) if self.replications > 1 else ""
        return spread + say.RATES_NOTE

    def height_in(self, width_in: float) -> float:
        return 3.0 + Panels(len(self.labels), width_in).height_in

    def paint(self, figure: Figure) -> None:
        top, below = Panels(len(self.labels), float(figure.get_figwidth())).under_one(figure, 3.0)
        for name in LINES:
            if name in self.mean:
                self._line(top, name, LINES[name])
        self._finish(top, int(figure.get_figwidth()))
        axis_label(top, y=say.ORDERS_A_DAY)
        lines = [(float(self.mean[name].iloc[-1]), name, LINES[name]) for name in LINES if name in self.mean]
        beside_lines(top, lines)
        for ax, (key, label) in zip(below, self.labels.items(), strict=True):
            if key in self.of_orders:
                ax.plot(self.mean.index, self.mean["placed"], color=PLACED, linewidth=1.0)
            self._line(ax, key, BLUE)
            self._finish(ax, 4)
            heading(ax, label, say.a_day(number(self.per_day[key])))

    def _line(self, ax: Axes, name: str, colour: str) -> None:
        at = self.mean.index
        if self.replications > 1:
            ax.fill_between(at, self.low[name], self.high[name], color=colour, alpha=0.18, linewidth=0)
        marker = "o" if len(at) <= 31 else ""
        ax.plot(at, self.mean[name], color=colour, linewidth=1.6, marker=marker, markersize=3)

    def _finish(self, ax: Axes, labels: int) -> None:
        plain(ax)
        ax.set_ylim(bottom=0, top=max(1.0, float(np.nanmax(ax.get_ylim()))))
        counts(ax.yaxis)
        days(ax, *self._span(), labels)

    def _span(self) -> tuple[datetime, datetime]:
        """The days with room on either side."""
        first, last = self.mean.index[0].to_pydatetime(), self.mean.index[-1].to_pydatetime()
        pad = max((last - first) * 0.02, timedelta(hours=6))
        return first - pad, last + pad

    @cached_property
    def views(self) -> tuple[View, ...]:
        all_orders = self._timeline(
            [self._curve(name, name, colour) for name, colour in LINES.items() if name in self.mean], say.ORDERS_A_DAY
        )
        return all_orders, *(self._panel(key, label) for key, label in self.labels.items())

    def _panel(self, key: str, label: str) -> View:
        placed = [Curve(say.PLACED, PLACED, self.mean["placed"], lesser=True)] if key in self.of_orders else []
        curves = [*placed, self._curve(key, say.PASSED, BLUE)]
        return self._timeline(curves, "", label, say.a_day(number(self.per_day[key])))

    def _curve(self, name: str, words: str, colour: str) -> Curve:
        spread = (self.low[name], self.high[name]) if self.replications > 1 else (None, None)
        return Curve(words, colour, self.mean[name], *spread)

    def _timeline(self, curves: list[Curve], unit: str, heading: str = "", aside: str = "") -> View:
        panel = bool(heading)
        top = max(float(np.nanmax(np.asarray(curve.mean if curve.high is None else curve.high))) for curve in curves)
        x = time_axis(*self._span(), panel=panel, only_days=True)
        return Timeline(
            self.mean.index, x, number_axis("height", unit, top, ticks=3 if panel else 4), curves, heading, aside, panel,
            points=True, when=(charts.DAY, DAY_WORDS), named=not panel,
        ).view  # fmt: skip
