"""Which inputs an answer rests on: a bar for each, the longest on top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.words import measured
from sim.show.chart import SMALL_PT, TEXT_PT, Picture, side_label
from sim.show.palette import BLUE, GRID, INK, MUTED, ORANGE
from sim.study.paired import signed
from sim.study.sensitivity import Sensitivity
from sim.words import span
from sim.words import studies as say
from sim.words.charts import UNITS as UNITS_OF_CHANGES

MOST_BARS = 15


@dataclass(frozen=True)
class Tornado(Picture):
    """Changes of the measure at the low and at the high of each input."""

    found: Sensitivity

    @property
    def table(self) -> pd.DataFrame:
        """The inputs, sorted."""
        return self.found.frame

    @property
    def _shown(self) -> pd.DataFrame:
        """The inputs that change anything, the most important first."""
        return self.table[self.table["span"] > 0].head(MOST_BARS)

    @property
    def title(self) -> str:
        """The input that matters most."""
        top = self.table.iloc[0]
        if top["span"] == 0:
            return say.nothing_changes(self.found.measure)
        return say.rests_on(self.found.measure, top["source"], self._ends(top))

    def _ends(self, row: pd.Series) -> str:
        ends = ("low", "high")
        return ", ".join(say.at_value(signed(row[f"at_{end}"], self.found.unit), row[end]) for end in ends)

    @property
    def alt(self) -> str:
        """The three that matter most."""
        told = "; ".join(f"{row['source']}: {self._ends(row)}" for _, row in self.table.head(3).iterrows())
        return say.tornado_alt(self.found.measure, measured(self.found.base, self.found.unit), told)

    @property
    def note(self) -> str:
        """What the colours are."""
        return say.TORNADO_NOTE

    def height_in(self, width_in: float) -> float:
        return 1.0 + 0.4 * max(len(self._shown), 1)

    def paint(self, figure: Figure) -> None:
        axes = figure.add_subplot()
        rows = self._shown.iloc[::-1]
        factor = 100.0 if self.found.unit == "share" else 1.0
        at = np.arange(len(rows))
        for end, colour, shift in (("low", BLUE, 0.18), ("high", ORANGE, -0.18)):
            change = np.nan_to_num(rows[f"at_{end}"].to_numpy(float)) * factor
            axes.barh(at + shift, change, 0.34, color=colour)
            axes.hlines(at + shift, rows[f"{end}_from"] * factor, rows[f"{end}_to"] * factor, color=INK, linewidth=0.8)
            for height, value in zip(at + shift, rows[f"at_{end}"], strict=True):
                if not np.isfinite(value):
                    axes.text(
                        0,
                        height,
                        say.end_not_known(end),
                        va="center",
                        fontsize=SMALL_PT,
                        color=INK,
                    )
        width_in = float(figure.get_figwidth())
        names = [
            side_label(row["source"].replace(".", " ").replace("_", " "), width_in)
            + f"\n{span(row['low'], row['high'])}"
            for _, row in rows.iterrows()
        ]
        axes.set_yticks(at, names)
        axes.axvline(0, color=MUTED, linewidth=0.8)
        unit = UNITS_OF_CHANGES.get(self.found.unit, self.found.unit)
        axes.set_xlabel(say.change_of(self.found.measure, unit), color=INK, fontsize=TEXT_PT)
        axes.tick_params(colors=MUTED, labelsize=SMALL_PT)
        axes.grid(axis="x", color=GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
