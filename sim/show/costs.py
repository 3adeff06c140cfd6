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
from sim.show.views import View, layered, mark, quantity, row_axis, tips
from sim.study.replicate import Result

PARTS = {
    "wages": "wages",
    "overtime": "overtime",
    "opening": "opening parcels",
    "courier": "couriers",
    "penalty": "penalties for late orders",
    "refund": "refunds",
    "freight": "bringing the goods to the site",
    "interest": "interest on the value tied up",
}
BAR_IN = 0.42


@dataclass(frozen=True)
class Costs(Chart):
    """Money for each order placed, by what it was spent on."""

    name: ClassVar[str] = "costs"
    group: ClassVar[str] = "Money"

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
            for name, words in PARTS.items()
            if result.measures[f"cost.{name}"].mean > 0
        }
        return cls(parts, whole, result.file.scenario.costs.currency)

    @property
    def title(self) -> str:
        dearest = max(self.parts, key=lambda name: self.parts[name].mean)
        most = "most" if len(self.parts) > 1 else "all"
        return f"An order costs {self.whole.mean:,.2f} {self.currency}, {most} of it for {dearest}"

    @property
    def alt(self) -> str:
        rows = [f"{name} {found.mean:,.2f}" for name, found in self.parts.items()]
        return f"Bars of the cost per order in {self.currency}: {', '.join(rows)}."

    @property
    def table(self) -> pd.DataFrame:
        rows = {name: (found.mean, found.low, found.high) for name, found in {**self.parts, "all": self.whole}.items()}
        columns = [f"{self.currency} per order", "low", "high"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("for")

    @property
    def note(self) -> str:
        return "Wages and overtime of the measured days, and what the orders placed in them cost, over these orders."

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
        axis_label(ax, x=f"{self.currency} per order placed")

    @cached_property
    def views(self) -> tuple[View, ...]:
        longest = max(found.mean for found in self.parts.values())
        places = [float(place) for place in MaxNLocator(6).tick_values(0, longest)]
        x = quantity(
            "mean",
            f"{self.currency} per order placed",
            (0.0, 1.35 * longest),
            places,
            "format(datum.value, ',')",
        )
        y, height = row_axis(list(self.parts))
        rows = [
            {"row": number, "what": name, "mean": found.mean, "low": found.low, "high": found.high, "told": with_interval(found)}
            for number, (name, found) in enumerate(self.parts.items())
        ]  # fmt: skip
        told = tips({"for": "what", f"{self.currency} per order": "told"})
        bars = mark("bar", at={"x": x, "y": y, "tooltip": told}, color=BLUE)
        words = mark("text", at={"x": x, "y": y, "text": {"field": "told"}}, align="left", dx=6)
        return (View(pd.DataFrame(rows), layered([bars, words], height)),)
