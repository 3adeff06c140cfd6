"""Teams: people (or machines) who serve one or more stages, by shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.world.calendar import Outage, Shift, Week, overlapping, step_function
from sim.world.units import Count, Duration, Key, Model, Money, PositiveCount, Share

Absent = Callable[[str, int, int], int]
"""(shift key, day number, staff planned) -> staff who did not come."""


class Learning(Model):
    """New people become faster: from the team's ``speed`` to this one, by the same step on each of so many days worked."""

    speed: Annotated[float, Field(ge=0.01, le=100, allow_inf_nan=False)] = 1.0
    days: PositiveCount


class Team(Week):
    """Staff by shift, how they are paid, how fast they are, and what they do at the end of a shift.

    ``staff: 3`` alone means three at all hours. ``finish`` ends the job in hand in overtime, ``pause``
    stops it until someone is back. In the ``last_start`` before the head-count falls nothing new begins; with
    ``overtime`` people stay so long after their shift while there is work for them, and go home when there is none.
    ``helps`` names the teams for which this one works when it has nothing of its own to do.
    """

    label: str = ""
    staff: Count | None = None
    shifts: dict[Key, Shift] = {}
    overlap: Literal["refuse", "add"] = "refuse"
    outages: tuple[Outage, ...] = ()
    absence: Share = 0.0
    wage: Money = 0.0
    overtime_factor: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 1.5
    speed: Annotated[float, Field(ge=0.01, le=100, allow_inf_nan=False)] = 1.0
    at_shift_end: Literal["finish", "pause"] = "finish"
    learning: Learning | None = None
    last_start: Duration = 0
    overtime: Duration = 0
    order: Literal["first_come", "priority", "due_date"] = "first_come"
    helps: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _staffed_one_way(self) -> Team:
        if (self.staff is None) == (not self.shifts):
            raise ValueError("a team says either staff (at all hours) or shifts")
        if self.overlap == "refuse":
            both = overlapping(list(self.shifts.items()))
            if both:
                raise ValueError(f"shifts {both[0]} and {both[1]} overlap; if both are there at once, say overlap: add")
        if self.overtime and not self.shifts:
            raise ValueError("overtime comes after a shift: this team says staff (at all hours)")
        if self.overtime and self.last_start:
            raise ValueError("overtime and last_start exclude each other: who may begin late, or may not")
        if self.learning is not None and not self.shifts:
            raise ValueError("learning goes by days worked: this team says staff (at all hours), not shifts")
        return self

    def head_counts(self, start: datetime, end_ms: int, absent: Absent) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Times (ms, from 0 on) and how many people are there from then, on [0, ``end_ms``)."""
        changes: list[tuple[int, int]] = [(0, self.staff or 0)]
        for key, shift in self.shifts.items():
            pieces = shift.pieces()
            for number, midnight in self.days_worked(shift, start, end_ms):
                there = shift.staff - absent(key, number, shift.staff)
                for begin, end in pieces:
                    changes += [(midnight + begin, there), (midnight + end, -there)]
        times, levels = step_function(_clipped(changes), end_ms)
        for outage in self.outages:
            times, levels = _without(outage, start, times, levels, end_ms)
        return times, levels

    def may_stay(self, start: datetime, end_ms: int, absent: Absent) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Times (ms, from 0 on) and how many people whose shift has ended may stay from then, on [0, ``end_ms``)."""
        changes: list[tuple[int, int]] = []
        for key, shift in self.shifts.items() if self.overtime else ():
            last = max(end for _, end in shift.pieces())
            for number, midnight in self.days_worked(shift, start, end_ms):
                there = shift.staff - absent(key, number, shift.staff)
                changes += [(midnight + last, there), (midnight + last + self.overtime, -there)]
        return step_function(_clipped([(0, 0), *changes]), end_ms)

    def speeds(self, start: datetime, end_ms: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Times (ms, from 0 on) and how fast the team is from then: another speed at the midnight of each day worked."""
        if self.learning is None:
            return np.zeros(1, dtype=np.int64), np.array([self.speed])
        worked = {number: at for shift in self.shifts.values() for number, at in self.days_worked(shift, start, end_ms)}
        days = [at for number, at in sorted(worked.items()) if number >= 0 and at < end_ms]
        learnt = np.minimum(np.arange(len(days)) / self.learning.days, 1.0)
        times = np.maximum(np.array([0, *days], dtype=np.int64), 0)
        speeds = np.concatenate([[self.speed], self.speed + (self.learning.speed - self.speed) * learnt])
        last = np.concatenate([times[1:] != times[:-1], [True]])
        return times[last], speeds[last]


def _clipped(changes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Changes before time 0 count as made at 0."""
    return [(max(at, 0), change) for at, change in changes]


def _without(
    outage: Outage, start: datetime, times: NDArray[np.int64], levels: NDArray[np.int64], end_ms: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    begin, end = (
        min(max((moment - start) // timedelta(milliseconds=1), 0), end_ms) for moment in (outage.begin, outage.end)
    )
    edges = np.unique(np.concatenate([times, [begin, end]]))
    edges = edges[edges < end_ms]
    there = levels[np.searchsorted(times, edges, side="right") - 1]
    away = there if outage.staff == "all" else np.minimum(there, outage.staff)
    there = np.where((edges >= begin) & (edges < end), there - away, there)
    changed = np.concatenate([[True], there[1:] != there[:-1]])
    return edges[changed], there[changed]
