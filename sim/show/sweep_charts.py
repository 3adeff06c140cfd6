"""A sweep as a picture: a line where one input varies, a heat map where two do."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.words import measured
from sim.show.axes import axis_label, plain
from sim.show.chart import SMALL_PT, Picture
from sim.show.palette import BLUE, ON_DARK, ON_LIGHT
from sim.show.ticks import Duration
from sim.study.sweep import Sweep
from sim.words import studies as say
from sim.words.charts import in_unit


def sweep_chart(found: Sweep, measure: str) -> Picture | None:
    """The picture of one measure, or None where none or more than two inputs vary."""
    kinds = {1: SweepLine, 2: SweepMap}
    kind = kinds.get(len(found.varied))
    return None if kind is None else kind(found, measure)


@dataclass(frozen=True)
class _OfSweep(Picture):
    found: Sweep
    measure: str

    @property
    def table(self) -> pd.DataFrame:
        """The rows of the measure."""
        return self.found.of(self.measure)

    @property
    def _scale(self) -> tuple[float, str]:
        """By what values are multiplied, and the unit they then have: the one in which the title says them."""
        unit = str(self.table["unit"].iloc[0])
        if unit == "h":
            mean = self.table["mean"].to_numpy(float)
            scale = Duration.up_to(float(mean[np.isfinite(mean)].max(initial=0.0)))
            return scale.per_hour, scale.unit
        return (100.0, "%") if unit == "share" else (1.0, unit)

    @property
    def _factor(self) -> float:
        return self._scale[0]

    @property
    def _unit(self) -> str:
        return self._scale[1]

    def _said(self, value: float) -> str:
        return measured(value, str(self.table["unit"].iloc[0]))

    @property
    def _marks(self) -> str:
        return ""

    @property
    def note(self) -> str:
        """How it was found."""
        return say.sweep_note(self.found.replications, self.found.seed, self._marks)

    @property
    def alt(self) -> str:
        """Lowest and highest."""
        table = self.table
        by_mean = table.sort_values("mean").to_dict("records")
        low, high = by_mean[0], by_mean[-1]

        def at(row: Any) -> str:
            return ", ".join(f"{path} {row[path]}" for path in self.found.varied)

        return say.sweep_alt(self.measure, self._said(low["mean"]), at(low), self._said(high["mean"]), at(high))


class SweepLine(_OfSweep):
    """One input: the mean and its interval at each value."""

    @property
    def _marks(self) -> str:
        return say.UPRIGHT_LINES

    @property
    def title(self) -> str:
        """From the first value to the last."""
        table, path = self.table, self.found.varied[0]
        first, last = table.iloc[0], table.iloc[-1]
        return say.sweep_line(
            self.measure, self._said(first["mean"]), self._said(last["mean"]), path, str(first[path]), str(last[path])
        )

    def height_in(self, width_in: float) -> float:
        return 3.4

    def paint(self, figure: Figure) -> None:
        axes, table = figure.add_subplot(), self.table
        at = np.arange(len(table))
        mean = table["mean"].to_numpy(float) * self._factor
        low, high = (table[end].to_numpy(float) * self._factor for end in ("low", "high"))
        known = np.isfinite(mean)
        axes.plot(at[known], mean[known], "o-", color=BLUE, linewidth=1.6, markersize=4)
        spread = known & np.isfinite(low) & np.isfinite(high)
        axes.vlines(at[spread], low[spread], high[spread], color=BLUE, linewidth=1.2)
        axes.set_xticks(at, list(table[self.found.varied[0]]))
        plain(axes)
        axis_label(axes, x=self.found.varied[0], y=in_unit(self.measure, self._unit))


class SweepMap(_OfSweep):
    """Two inputs: a field for each pair of values, darker where the measure is higher, the value written in it."""

    @property
    def title(self) -> str:
        """Between what the measure lies."""
        mean = self.table["mean"]
        return say.sweep_map(self.measure, self._said(mean.min()), self._said(mean.max()))

    def height_in(self, width_in: float) -> float:
        return 1.5 + 0.42 * self.table[self.found.varied[1]].nunique()

    def paint(self, figure: Figure) -> None:
        across, down = self.found.varied
        table = self.table
        columns, rows = (list(dict.fromkeys(table[path])) for path in (across, down))
        field = np.full((len(rows), len(columns)), np.nan)
        for row in table.to_dict("records"):
            field[rows.index(row[down]), columns.index(row[across])] = row["mean"] * self._factor
        axes = figure.add_subplot()
        shown = np.where(np.isfinite(field), field, np.nan)
        axes.pcolormesh(shown, cmap="Blues", edgecolors="white", linewidth=1.0)
        middle = (np.nanmin(shown) + np.nanmax(shown)) / 2 if np.isfinite(shown).any() else 0.0
        for (down_at, across_at), value in np.ndenumerate(field):
            said = self._said(value / self._factor) if np.isfinite(value) else "?"
            colour = ON_DARK if np.isfinite(value) and value > middle else ON_LIGHT
            axes.text(across_at + 0.5, down_at + 0.5, said, ha="center", va="center", fontsize=SMALL_PT, color=colour)
        axes.set_xticks(np.arange(len(columns)) + 0.5, columns)
        axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
        plain(axes, "none")
        axes.spines["bottom"].set_visible(False)
        axis_label(axes, x=across, y=textwrap.fill(down.replace(".", ". "), 18).replace(". ", "."))
