"""Step functions of time: how many are there, and for how long, from the intervals in which each was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """A whole number that changes at ``times`` (ms, rising, the first at 0) to ``levels``.

    >>> level = count_inside(np.array([0, 5]), np.array([10, 15]))
    >>> level.at(np.array([7])), level.area(0, 20)
    (array([2]), 20)
    """

    times: Ints
    levels: Ints

    def at(self, moments_ms: Ints) -> Ints:
        """The level at each moment."""
        return self.levels[np.searchsorted(self.times, moments_ms, side="right") - 1]

    @cached_property
    def _areas(self) -> Ints:
        return np.concatenate([[0], np.cumsum(self.levels[:-1] * np.diff(self.times))])

    def area_to(self, moments_ms: Ints) -> Ints:
        """Level times milliseconds from 0 to each moment, exactly."""
        position = np.searchsorted(self.times, moments_ms, side="right") - 1
        return self._areas[position] + self.levels[position] * (moments_ms - self.times[position])

    def areas(self, begins_ms: Ints, ends_ms: Ints) -> Ints:
        """Level times milliseconds from each beginning to its end."""
        return self.area_to(ends_ms) - self.area_to(begins_ms)

    def area(self, begin_ms: int, end_ms: int) -> int:
        """Level times milliseconds over [begin, end)."""
        return int(self.areas(np.array([begin_ms]), np.array([end_ms]))[0])

    def mean(self, begin_ms: int, end_ms: int) -> float:
        """Time average of the level over [begin, end)."""
        return self.area(begin_ms, end_ms) / (end_ms - begin_ms)

    def most(self, begin_ms: int, end_ms: int) -> int:
        """The highest level within [begin, end)."""
        first, last = np.searchsorted(self.times, [begin_ms, end_ms], side="left")
        return int(max(self.at(np.array([begin_ms]))[0], self.levels[first:last].max(initial=0)))


def count_inside(begin_ms: Ints, end_ms: Ints, weight: Ints | None = None) -> Level:
    """How many intervals [begin, end) hold each moment from 0 on, each counted ``weight`` times."""
    if weight is not None:
        begin_ms, end_ms = np.repeat(begin_ms, weight), np.repeat(end_ms, weight)
    begins, ends = np.sort(begin_ms), np.sort(end_ms)
    times = np.sort(np.concatenate([np.zeros(1, dtype=np.int64), begins, ends]))
    times = times[np.concatenate([[True], times[1:] != times[:-1]])]
    return Level(times, np.searchsorted(begins, times, side="right") - np.searchsorted(ends, times, side="right"))


def combined(one: Level, other: Level) -> tuple[Ints, Ints, Ints]:
    """Two step functions on the same times: times, levels of the one, levels of the other."""
    times = np.union1d(one.times, other.times)
    return times, one.at(times), other.at(times)
