"""Small charts of the same kind side by side, and the spread of replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.curves import stacked
from sim.words.charts import each_or_range

PANEL_IN = 1.85
NARROWEST_IN = 2.6
FEW = 5
"""Up to so many replications are shown as thin lines, more as a band."""


@dataclass(frozen=True)
class Panels:
    """A grid for ``count`` panels in a figure of a width: at most three in a row."""

    count: int
    width_in: float

    @property
    def columns(self) -> int:
        """Panels in a row."""
        most = max(1, min(3, int(self.width_in / NARROWEST_IN)))
        return max(1, min(most, self.count))

    @property
    def rows(self) -> int:
        """Rows of panels."""
        return math.ceil(self.count / self.columns)

    @property
    def height_in(self) -> float:
        """Height of all rows."""
        return PANEL_IN * self.rows

    def alone(self, figure: Figure) -> list[Axes]:
        """The panels, filling a figure."""
        grid = figure.add_gridspec(self.rows, self.columns)
        return [figure.add_subplot(grid[divmod(number, self.columns)]) for number in range(self.count)]

    def under_one(self, figure: Figure, top_in: float) -> tuple[Axes, list[Axes]]:
        """One wide chart of a height, and the panels below it."""
        if self.count == 0:
            return figure.add_subplot(), []
        grid = figure.add_gridspec(2, 1, height_ratios=[top_in, self.height_in])
        inner = grid[1].subgridspec(self.rows, self.columns)
        top = figure.add_subplot(grid[0])
        return top, [figure.add_subplot(inner[divmod(number, self.columns)]) for number in range(self.count)]


def spread_note(replications: int) -> str:
    """How the spread of replications is drawn where each is a line.

    >>> spread_note(1), spread_note(3)
    ('', 'Mean of 3 replications; thin lines: each. ')
    """
    if replications == 1:
        return ""
    return each_or_range(replications, each=replications <= FEW)


def across(frames: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lowest and the highest of tables of replications, cell by cell; a cell that some do not have counts as 0.

    >>> low, high = across([pd.DataFrame({"a": [1, 5]}), pd.DataFrame({"a": [2]})])
    >>> low["a"].tolist(), high["a"].tolist()
    ([1.0, 0.0], [2.0, 5.0])
    """
    cells, index, columns = stacked(frames)
    low, high = cells.min(axis=0), cells.max(axis=0)
    return pd.DataFrame(low, index, columns), pd.DataFrame(high, index, columns)
