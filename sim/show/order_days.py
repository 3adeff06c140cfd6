"""How long orders take by the day on which they are placed: in a peak, and where something changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.intervals import estimate
from sim.analysis.words import day_label, hours
from sim.show.axes import axis_label, beside_lines, days, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, VERMILLION
from sim.show.ticks import Duration
from sim.show.timelines import DAY_WORDS, Curve, Timeline, time_axis
from sim.show.views import View, duration_axis
from sim.study.replicate import Result
from sim.words import charts, span
from sim.words import delays as say


@dataclass(frozen=True)
class OrderDays(Chart):
    """Hours that 9 of 10 orders of a day do not exceed: a row a day, a column a replication; by what the plan is called.

    The first plan is the scenario as it is; of each only days are kept of which something is known. inf: most are
    under way at the end.
    """

    name: ClassVar[str] = "order_days"
    group: ClassVar[str] = charts.DELAYS

    plans: dict[str, pd.DataFrame]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A result does not tell orders by their day; a promise does."""
        return None

    @cached_property
    def spreads(self) -> dict[str, pd.DataFrame]:
        """Mean and interval by day, for each plan; not a number where they are not known."""
        found = {}
        for words, frame in self.plans.items():
            rows = [estimate(row, "h") for row in frame.to_numpy(float).tolist()]
            cells = [[one.mean, one.low, one.high] for one in rows]
            spread = pd.DataFrame(cells, index=frame.index, columns=["mean", "low", "high"])
            spread.loc[~np.isfinite(spread["mean"])] = np.nan
            found[words] = spread
        return found

    @property
    def title(self) -> str:
        words, spread = next(reversed(self.spreads.items()))
        mean = spread["mean"]
        if mean.isna().any():
            unknown = ", ".join(day_label(day) for day in mean.index[mean.isna()][:2])
            return say.days_not_known(unknown, others=mean.isna().sum() > 2)
        worst = mean.index[int(mean.to_numpy().argmax())]
        plan = "" if len(self.spreads) == 1 else words
        return say.usual_and_worst_day(hours(float(mean.median())), day_label(worst), hours(float(mean.max())), plan)

    @property
    def alt(self) -> str:
        says = [
            f"{words}: {span(hours(float(one['mean'].min())), hours(float(one['mean'].max())))}"
            for words, one in self.spreads.items()
        ]
        return say.by_day_alt(says)

    @property
    def table(self) -> pd.DataFrame:
        columns = {
            f"{words}: {column}": one[part]
            for words, one in self.spreads.items()
            for part, column in say.BY_DAY_COLUMNS.items()
        }
        return pd.DataFrame(columns).rename_axis(say.PLACED_ON)

    @property
    def note(self) -> str:
        return say.BY_DAY_NOTE

    def height_in(self, width_in: float) -> float:
        return 3.0

    @property
    def _longest_h(self) -> float:
        return float(max(np.nanmax(one[["mean", "high"]].to_numpy()) for one in self.spreads.values()))

    @property
    def _ends_h(self) -> tuple[float, float]:
        """From where to where the axis goes: from a full day, half a day or more below all, for nobody has it sooner."""
        least = float(min(np.nanmin(one[["mean", "low"]].to_numpy()) for one in self.spreads.values()))
        bottom = max(24.0 * math.floor((least - 12.0) / 24.0), 0.0)
        return bottom, bottom + 1.05 * (self._longest_h - bottom)

    @property
    def _colours(self) -> dict[str, str]:
        return dict(zip(self.spreads, (BLUE, VERMILLION), strict=False))

    def paint(self, figure: Figure) -> None:
        ax, scale = figure.add_subplot(), Duration.up_to(self._longest_h)
        plain(ax)
        for words, colour in self._colours.items():
            self._line(ax, self.spreads[words], colour, scale)
        bottom, top = self._ends_h
        ax.set_ylim(float(scale.of(bottom)), float(scale.of(top)))
        scale.mark(ax.yaxis, self._longest_h - bottom, most=6)
        axis_label(ax, y=charts.in_unit(say.NINE_OF_TEN, scale.unit))
        days(ax, *self._span(), int(figure.get_figwidth()))
        ends = [
            (float(scale.of(one["mean"].dropna().iloc[-1])), words, self._colours[words])
            for words, one in self.spreads.items()
        ]
        if len(ends) > 1:
            beside_lines(ax, ends)

    def _line(self, ax: Axes, spread: pd.DataFrame, colour: str, scale: Duration) -> None:
        low, mean, high = (scale.of(spread[part].to_numpy()) for part in ("low", "mean", "high"))
        ax.fill_between(spread.index, low, high, color=colour, alpha=0.18, linewidth=0)
        ax.plot(spread.index, mean, color=colour, linewidth=1.6, marker="o", markersize=3)

    def _span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        at = next(iter(self.spreads.values())).index
        room = timedelta(hours=12)
        return (at[0] - room).to_pydatetime(), (at[-1] + room).to_pydatetime()

    @cached_property
    def views(self) -> tuple[View, ...]:
        scale, (bottom, top) = Duration.up_to(self._longest_h), self._ends_h
        y = duration_axis("height", say.NINE_OF_TEN, self._longest_h, top, most=6, bottom_h=bottom)
        first = next(iter(self.spreads.values()))
        curves = [
            Curve(words, self._colours[words], one["mean"], one["low"], one["high"])
            for words, one in self.spreads.items()
        ]
        return (
            Timeline(
                first.index, time_axis(*self._span(), only_days=True), y, curves, points=True, named=len(curves) > 1,
                when=(say.PLACED_ON, DAY_WORDS), factor=scale.per_hour, unit=f" {scale.unit}",
            ).view,
        )  # fmt: skip
