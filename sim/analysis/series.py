"""Step functions of time: how many are there, and for how long, from the intervals in which each was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.tables import compiled

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """A whole number that changes at ``times`` (ms, rising, the first at 0) to ``levels``.

    >>> level = count_inside(np.array([0, 5]), np.array([10, 15]))
    >>> level.at(np.array([7])).tolist(), level.area(0, 20)
    ([2], 20)
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
    """How many intervals [begin, end) hold each moment from 0 on, each counted ``weight`` times (1 or more)."""
    some = begin_ms < end_ms  # who is served at once is nowhere to be counted
    weight = None if weight is None else weight[some]
    most = 1 if weight is None else int(weight.max(initial=1))
    changes = changes_of(begin_ms[some], end_ms[some], 1 if weight is None else weight, most)
    changes.sort()
    times: Ints = np.empty(len(changes) + 1, dtype=np.int64)
    levels: Any = np.empty(len(changes) + 1, dtype=np.int32)  # enough for how many there are
    found = compiled().level_of(changes, bits_below(most), most, times, levels)
    return Level(times[:found].copy(), levels[:found].copy())


def changes_of(begin_ms: Ints, end_ms: Ints, weight: Ints | int, most: int) -> Ints:
    """When intervals begin and end, in any order.

    Each change is one number: its moment above ``bits_below(most)``, and below what it adds, more ``most`` so that it is
    never negative. One sort does for both.
    """
    bits = bits_below(most)
    return np.concatenate([(begin_ms << bits) + (most + weight), (end_ms << bits) + (most - weight)])


def bits_below(most: int) -> int:
    """How many bits a change by up to ``most`` takes."""
    return most.bit_length() + 1


def oldest(begin_ms: Ints, end_ms: Ints, every_ms: int, count: int) -> Ints:
    """At 0, ``every_ms``, 2 ``every_ms``, ...: for how long the oldest of the intervals [begin, end) there has lasted; 0 without any.

    >>> oldest(np.array([2, 5, 6]), np.array([25, 7, 40]), 10, 5).tolist()
    [0, 8, 18, 24, 0]
    """
    first, last = -(-begin_ms // every_ms), (end_ms - 1) // every_ms
    held = np.flatnonzero(first <= last)  # most last no longer than from one moment to the next
    order = held[np.argsort(begin_ms[held], kind="stable")]
    # Of the intervals in the order of their beginnings, the first that reaches a moment is the oldest there, if it has begun.
    reach, moments = np.maximum.accumulate(last[order]), np.arange(count, dtype=np.int64)
    place = np.searchsorted(reach, moments)
    lasted = moments * every_ms - np.append(begin_ms[order], np.iinfo(np.int64).max)[place]
    return np.asarray(np.maximum(lasted, 0))
