"""Step functions of time: how many are there, and for how long, from the intervals in which each was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """A whole number that changes at ``times`` (ms, rising, the first at 0) to ``levels``.

    >>> level = count_inside(np.array([0, 5]), np.array([10, 15]))
    >>> level.at(np.array([7])), level.area(np.array([0]), np.array([20]))
    (array([2]), array([20]))
    """

    times: Ints
    levels: Ints

    def at(self, moments_ms: Ints) -> Ints:
        """The level at each moment."""
        return self.levels[np.searchsorted(self.times, moments_ms, side="right") - 1]

    def before(self, moments_ms: Ints) -> Ints:
        """The level just before each moment."""
        return self.levels[np.maximum(np.searchsorted(self.times, moments_ms, side="left") - 1, 0)]

    def area_to(self, moments_ms: Ints) -> Ints:
        """Level times milliseconds from 0 to each moment, exactly."""
        areas = np.concatenate([[0], np.cumsum(self.levels[:-1] * np.diff(self.times))])
        position = np.searchsorted(self.times, moments_ms, side="right") - 1
        return areas[position] + self.levels[position] * (moments_ms - self.times[position])

    def area(self, begin_ms: Ints, end_ms: Ints) -> Ints:
        """Level times milliseconds between two moments."""
        return self.area_to(end_ms) - self.area_to(begin_ms)

    def mean(self, begin_ms: int, end_ms: int) -> float:
        """Time average of the level over [begin, end)."""
        return float(self.area(np.array([begin_ms]), np.array([end_ms]))[0]) / (end_ms - begin_ms)

    def most(self, begin_ms: int, end_ms: int) -> int:
        """The highest level within [begin, end)."""
        inside = (self.times > begin_ms) & (self.times < end_ms)
        return int(max(self.at(np.array([begin_ms]))[0], self.levels[inside].max(initial=0)))


def count_inside(begin_ms: Ints, end_ms: Ints, weight: Ints | None = None) -> Level:
    """How many intervals [begin, end) hold each moment, each counted ``weight`` times."""
    weight = np.ones(len(begin_ms), dtype=np.int64) if weight is None else weight
    at = np.concatenate([[0], begin_ms, end_ms])
    change = np.concatenate([[0], weight, -weight])
    times, position = np.unique(at, return_inverse=True)
    net = np.zeros(len(times), dtype=np.int64)
    np.add.at(net, position, change)
    return Level(times, np.cumsum(net))
