"""What a promise costs: every roster that a search ran in full, and those to which none is cheaper and better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.words import measured
from sim.show.chart import SMALL_PT, TEXT_PT, Picture
from sim.show.palette import BLUE, GREY, GRID, INK, MUTED, VERMILLION
from sim.study.staffing import Staffing
from sim.words import studies as say
from sim.words.charts import in_unit

MOST_COST = 2.0
"""Rosters that cost more than so many times the cheapest are not drawn."""


@dataclass(frozen=True)
class Frontier(Picture):
    """Cost a day against the measure of the first target."""

    found: Staffing

    @property
    def table(self) -> pd.DataFrame:
        """The rosters by cost."""
        return self.found.frontier

    @property
    def title(self) -> str:
        """The cheapest, or that there is none."""
        target = self.found.targets[0]
        if self.found.cost is None:
            return say.no_roster(str(target))
        return say.roster_costs(str(target), measured(self.found.cost.mean, "money"))

    @property
    def alt(self) -> str:
        """How many rosters, and between what they cost."""
        cost = self.table["cost"]
        low, high = (measured(end, "money") for end in (cost.min(), cost.max()))
        return say.frontier_alt(len(cost), low, high, int(self.table["on_frontier"].sum()))

    @property
    def note(self) -> str:
        """What is shown."""
        return say.FRONTIER_NOTE

    def height_in(self, width_in: float) -> float:
        return 3.6

    def paint(self, figure: Figure) -> None:
        axes, target = figure.add_subplot(), self.found.targets[0]
        table = self.table[
            self.table["cost"] <= MOST_COST * self.table["cost"].min()
        ]  # the limits of a search lie far off
        factor, unit = (100.0, "%") if target.unit == "share" else (1.0, target.unit)
        value = table[target.measure].to_numpy(float) * factor
        known = np.isfinite(value)
        best = known & table["on_frontier"].to_numpy(bool)
        axes.scatter(table["cost"][known], value[known], s=12, color=GREY, linewidths=0)
        axes.plot(table["cost"][best], value[best], "o-", color=BLUE, markersize=4, linewidth=1.4)
        axes.axhline(target.value * factor, color=VERMILLION, linewidth=1.0, linestyle="--")
        axes.annotate(say.TARGET, (0.995, target.value * factor), xycoords=("axes fraction", "data"), ha="right",
                      va="bottom", fontsize=SMALL_PT, color=INK)  # fmt: skip
        axes.set_xlabel(say.WAGES_A_DAY, color=INK, fontsize=TEXT_PT)
        axes.set_ylabel(in_unit(target.measure, unit), color=INK, fontsize=TEXT_PT)
        axes.tick_params(colors=MUTED, labelsize=SMALL_PT)
        axes.grid(color=GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
