"""Rows of a long table by the small number in one of its columns, found once for all who ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.analysis.tables import compiled, fixed

Rows = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True)
class Grouped:
    """All rows, group after group, each group's in rising order; ``begins`` says where each group begins.

    >>> rows = grouped(np.array([2, 0, 2, 0]), 3)
    >>> rows.of(2).tolist(), rows.of(1).tolist(), rows.of(0, 2).tolist()
    ([0, 2], [], [1, 3, 0, 2])
    """

    order: Rows
    begins: NDArray[np.int64]

    def of(self, *groups: int) -> Rows:
        """Rows of one group or of several, group after group."""
        return joined([self.order[self.begins[group] : self.begins[group + 1]] for group in groups])


def joined(parts: list[Rows]) -> Rows:
    """One after another; a single one is not copied."""
    some = [part for part in parts if len(part)]
    if len(some) == 1:
        return some[0]
    return cast(Rows, np.concatenate(some)) if some else np.zeros(0, dtype=np.int32)


def among(column: NDArray[np.integer], numbers: Collection[int]) -> NDArray[np.bool_]:
    """Whether each number of a column (-1 or more, and small) is one of these: ``np.isin`` by way of a table.

    >>> among(np.array([2, -1, 0]), (0, 1)).tolist()
    [False, False, True]
    """
    table = np.zeros(int(column.max(initial=0)) + 2, dtype=bool)  # its last place is for -1
    table[[number for number in numbers if number < len(table) - 1]] = True
    found: NDArray[np.bool_] = table[column]
    return found


def grouped(column: NDArray[np.integer], groups: int) -> Grouped:
    """Rows by their number in a column, from 0 to ``groups`` - 1 (a few thousand at most)."""
    begins, places = np.zeros(groups + 1, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    rows: Any = np.empty(len(column), dtype=np.int32 if len(column) < 2**31 else np.int64)
    compiled().put_in_groups(fixed(column, np.int16), begins, places, rows)
    return Grouped(rows, begins)
