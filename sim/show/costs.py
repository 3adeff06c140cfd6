"""What an order costs, and for what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import Estimate
from sim.analysis.words import with_interval
from sim.show.axes import after_bar, axis_label, plain, side_labels
from sim.show.chart import Chart
from sim.show.palette import BLUE
from sim.show.views import View, by_width, layered, mark, quantity, row_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import site as say

BAR_IN = 0.42


@dataclass(frozen=True)
class Costs(Chart):
    """Money for each order placed, by what it was spent on."""

    name: ClassVar[str] = "costs"
    group: ClassVar[str] = charts.MONEY

    parts: dict[str, Estimate]
    whole: Estimate
    currency: str

    @classmethod
    def of(cls, result: Result) -> Self | None:
        whole = result.measures.get("cost.per_order")
        if whole is None or math.isnan(whole.mean):
            return None
        parts = {
            words: result.measures[f"cost.{name}"]
            for name, words in say.COST_PARTS.items()
            if result.measures[f"cost.{name}"].mean > 0
        }
        return cls(parts, whole, result.file.scenario.costs.currency)

    @property
    def title(self) -> str:
        dearest = max(self.parts, key=lambda name: self.parts[name].mean)
        return say.costs_title(f"{self.whole.mean:,.2f} {self.currency}", dearest, several=len(self.parts) > 1)

    @property
    def alt(self) -> str:
        rows = [f"{name} {found.mean:,.2f}" for name, found in self.parts.items()]
        return say.costs_alt(self.currency, rows)

    @property
    def table(self) -> pd.DataFrame:
        rows = {
            name: (found.mean, found.low, found.high) for name, found in {**self.parts, say.ALL: self.whole}.items()
        }
        columns = [say.per_order(self.currency), "low", "high"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(say.FOR)

    @property
    def note(self) -> str:
        return say.COSTS_NOTE

    def height_in(self, width_in: float) -> float:
        return 0.7 + BAR_IN * len(self.parts)

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        plain(ax, "x")
        for row, found in enumerate(self.parts.values()):
            ax.barh(row, found.mean, height=0.62, color=BLUE)
            after_bar(ax, with_interval(found), found.mean, row)
        side_labels(ax, list(self.parts), float(figure.get_figwidth()))
        ax.set_xlim(0, max(found.mean for found in self.parts.values()) * 1.25)
        axis_label(ax, x=say.per_order_placed(self.currency))

    @cached_property
    def views(self) -> tuple[View, ...]:
        longest = max(found.mean for found in self.parts.values())
        places = [float(place) for place in MaxNLocator(6).tick_values(0, longest)]
        x = quantity(
            "mean",
            say.per_order_placed(self.currency),
            (0.0, 1.35 * longest),
            places,
            "format(datum.value, ',')",
        )
        y, height = row_axis(list(self.parts))
        rows = [
            {"row": number, "what": name, "mean": found.mean, "low": found.low, "high": found.high,
             "told": with_interval(found), "short": f"{found.mean:,.2f}"}
            for number, (name, found) in enumerate(self.parts.items())
        ]  # fmt: skip
        told = tips({say.FOR: "what", say.per_order(self.currency): "told"})
        bars = mark("bar", at={"x": x, "y": y, "tooltip": told}, color=BLUE)
        words = mark("text", at={"x": x, "y": y, "text": {"field": "by_width"}}, align="left", dx=6)
        words["transform"] = by_width("told", "short")
        return (View(pd.DataFrame(rows), layered([bars, words], height)),)
