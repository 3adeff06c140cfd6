"""Rates that follow a seller's record, as the SimPy engine keeps it: selected and failed items, day by day."""

from __future__ import annotations

from collections import deque
from typing import Any

from sim.plan.plan import followed


class Follower:
    """The record of a seller at one branch, and the rate that follows it."""

    def __init__(self, row: Any) -> None:
        self.row, self.rate = row, int(row["rate"])
        self.base = 0
        self.today = [0, 0]
        self.days: deque[list[int]] = deque(maxlen=int(row["days"]))

    def count(self, counts_as: int) -> None:
        """One more was selected, or failed."""
        self.today[counts_as] += 1

    def midnight(self) -> None:
        """A day is over: it counts from now on, and the oldest no longer does."""
        self.days.append(self.today)
        self.today = [0, 0]

    @property
    def in_force(self) -> int:
        """The rate in parts per million that the last days call for."""
        selected, failed = (sum(day[column] for day in self.days) for column in (0, 1))
        return followed(self.base, selected, failed, self.row)
