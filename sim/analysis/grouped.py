"""Rows of a long table by the small number in one of its columns, found once for all who ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True)
class Grouped:
    """All rows, group after group, each group's in rising order; ``begins`` says where each group begins.

    >>> rows = grouped(np.array([2, 0, 2, 0]), 3)
    >>> rows.of(2).tolist(), rows.of(1).tolist(), rows.of(0, 2).tolist()
    ([0, 2], [], [0, 1, 2, 3])
    """

    order: Rows
    begins: NDArray[np.int64]

    def of(self, *groups: int) -> Rows:
        """Rows of one group or of several together, in rising order."""
        parts = [self.order[self.begins[group] : self.begins[group + 1]] for group in groups]
        parts = [part for part in parts if len(part)]
        if len(parts) == 1:
            return parts[0]
        return np.sort(np.concatenate(parts)) if parts else self.order[:0]


def grouped(column: NDArray[np.integer], groups: int) -> Grouped:
    """Rows by their number in a column, from 0 to ``groups`` - 1."""
    order = np.argsort(column, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=groups))])
    return Grouped(order.astype(np.int32) if len(column) < 2**31 else order, begins)
