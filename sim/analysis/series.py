"""Step functions of time: how many are there, and for how long, from the intervals in which each was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
FOUR_BYTES: Any = np.int32
"""Enough for how many there are; a busy team changes its level many million times a year."""


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
    begin_ms, end_ms = begin_ms[some], end_ms[some]
    weight = None if weight is None else weight[some]
    most = 1 if weight is None else int(weight.max(initial=1))
    bits, by = most.bit_length() + 1, 1 if weight is None else weight
    # Each change is one number, its moment above and what it adds (shifted to be positive) below: one sort does for both.
    changes = np.concatenate([(begin_ms << bits) + (most + by), (end_ms << bits) + (most - by)])
    changes.sort()
    times, levels = changes >> bits, np.cumsum((changes & (2**bits - 1)) - most, dtype=FOUR_BYTES)
    final = np.flatnonzero(np.append(times[1:] != times[:-1], np.ones(min(len(times), 1), dtype=bool)))
    times, levels = times[final], levels[final]
    if not len(times) or times[0] > 0:
        times, levels = np.insert(times, 0, 0), np.insert(levels, 0, 0)
    return where_it_changes(times, levels)


def passed(begin_ms: Ints, weight: Ints, moments_ms: Ints) -> Ints:
    """Milliseconds that have passed since all that began before each of the moments (rising), each counted ``weight`` times.

    Exact as long as what begins between two of the moments waits less than 2^53 ms in all until the second.

    >>> passed(np.array([2, 5, 30]), np.array([1, 2, 1]), np.array([4, 10, 20])).tolist()
    [2, 18, 48]
    """
    place = np.searchsorted(moments_ms, begin_ms)
    known = place < len(moments_ms)
    place, begin_ms, weight = place[known], begin_ms[known], weight[known]
    counts = (weight, weight * (moments_ms[place] - begin_ms))
    since, until_next = (np.bincount(place, count, len(moments_ms)).astype(np.int64) for count in counts)
    from_then_on = np.cumsum(since)[:-1] * np.diff(moments_ms)
    return np.asarray(np.cumsum(until_next) + np.concatenate([[0], np.cumsum(from_then_on)]))


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


def where_it_changes(times: Ints, levels: Ints) -> Level:
    """The level without the moments at which it stays what it was."""
    changed = np.flatnonzero(np.insert(levels[1:] != levels[:-1], 0, True))
    return Level(times[changed], levels[changed])


def combined(one: Level, other: Level) -> tuple[Ints, Ints, Ints]:
    """Two step functions on the same times: times, levels of the one, levels of the other. Quick if the other is short."""
    place = np.searchsorted(one.times, other.times, side="right")
    own = one.times[place - 1] != other.times
    times = np.insert(one.times, place[own], other.times[own])
    levels = np.insert(one.levels, place[own], one.levels[place[own] - 1])
    lasts = np.diff(np.searchsorted(times, other.times), append=len(times))
    return times, levels, np.repeat(other.levels, lasts)
