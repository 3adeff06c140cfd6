"""Giving back the memory of drawn numbers that nobody will ask for any more, while a run goes on.

A year of a medium site has 1 GB of them, and an order needs its own for a few days.
"""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

from sim.engine.records import NEVER
from sim.plan.pages import give_back
from sim.plan.plan import NONE, Plan

STRETCH = 2**16
"""So many items must all have left before the numbers of these are given back."""
PAGE = mmap.PAGESIZE // np.dtype(np.uint32).itemsize
"""Numbers on a page of memory."""


class Spending:
    """The draws of one Plan, and how far they are used up.

    A step has a row of numbers with a place for each item of its flow. Items arrive in the order of their places; where they
    do not, for what was there at the start, and for later attempts, which few make, the numbers are kept.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.done = 0
        self.rows = {flow: rows for flow, rows in _rows_by_flow(plan).items() if _in_order(plan, flow)}
        self.used = dict.fromkeys(self.rows, 0)

    def go_on(self, left: NDArray[np.int64]) -> None:
        """Give back what is used up, now that items have ``left`` (ms; NEVER: they have not)."""
        while self.done + STRETCH <= len(left) and (left[self.done : self.done + STRETCH] != NEVER).all():
            self._give_back(slice(self.done, self.done + STRETCH))
            self.done += STRETCH

    def _give_back(self, stretch: slice) -> None:
        items = self.plan.items
        for flow, rows in self.rows.items():
            own = (items.flow[stretch] == flow) & ~items.backlog[stretch]
            until = int(items.index[stretch][own].max(initial=self.used[flow] - 1)) + 1
            begin = max(self.used[flow] - PAGE, 0)  # of the last page only a part was used up before
            for row in rows:
                give_back(self.plan.draws, row + begin, row + until)
            self.used[flow] = until


def _rows_by_flow(plan: Plan) -> dict[int, set[int]]:
    """By flow, where the rows of numbers begin in which each of its items has a place: those of first attempts, and ranks."""
    rows: dict[int, set[int]] = {}
    for step, name in zip(plan.steps, plan.step_names, strict=True):
        own = {int(step[row]) for row in ("draw", "patience") if step[f"{row}_per_item"] == 1}
        rows.setdefault(plan.flow_keys.index(name.flow), set()).update(own, {int(step["ranks"])} - {NONE})
    return rows


def _in_order(plan: Plan, flow: int) -> bool:
    items = plan.items
    index = items.index[(items.flow == flow) & ~items.backlog]
    return bool((index[1:] > index[:-1]).all())
