"""Rows of a long table by the small number in one of its columns, found once for all who ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32] | NDArray[np.int64]
FEW = 4
"""So many groups are looked for one at a time, which takes less time than to find all."""


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


class Groups:
    """The same for who may ask for a few groups only: all are found when more are asked for.

    >>> rows = Groups(np.array([2, 0, 2, 0]), 3)
    >>> rows.of(2).tolist(), rows.of(1).tolist(), rows.of(0, 2).tolist()
    ([0, 2], [], [1, 3, 0, 2])
    """

    def __init__(self, column: NDArray[np.integer], groups: int) -> None:
        self._column, self._groups = column, groups
        self._found: dict[int, Rows] = {}

    def of(self, *groups: int) -> Rows:
        """Rows of one group or of several, group after group."""
        wanted = {*groups} - {*self._found}
        if len(self._found) + len(wanted) > FEW:
            return self._all.of(*groups)
        self._found.update({group: rows_where(self._column == group) for group in wanted})
        return joined([self._found[group] for group in groups])

    @cached_property
    def _all(self) -> Grouped:
        return grouped(self._column, self._groups)


def among(column: NDArray[np.integer], numbers: Collection[int]) -> NDArray[np.bool_]:
    """Whether each number of a column (-1 or more, and small) is one of these: ``np.isin`` by way of a table.

    >>> among(np.array([2, -1, 0]), (0, 1)).tolist()
    [False, False, True]
    """
    table = np.zeros(int(column.max(initial=0)) + 2, dtype=bool)  # its last place is for -1
    table[[number for number in numbers if number < len(table) - 1]] = True
    found: NDArray[np.bool_] = table[column]
    return found


def rows_where(chosen: NDArray[np.bool_]) -> Rows:
    """The rows that are chosen, in four bytes each where that is enough."""
    return narrow(np.flatnonzero(chosen))


def narrow(rows: NDArray[np.int64]) -> Rows:
    """Row numbers in four bytes where the largest needs no more."""
    return rows.astype(np.int32) if rows.max(initial=0) < 2**31 else rows


def grouped(column: NDArray[np.integer], groups: int) -> Grouped:
    """Rows by their number in a column, from 0 to ``groups`` - 1."""
    order = np.argsort(column, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=groups))])
    return Grouped(narrow(order), begins)
