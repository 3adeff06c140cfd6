"""Who is on shift when: shifts, breaks, holidays and outages become a step function of time.

Intervals are [from, to). A shift that ends at or before the time of day it begins runs across
midnight and belongs to the day on which it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator

from sim.world.units import (
    DAY_MS,
    WEEKDAYS,
    Count,
    Date,
    Days,
    Model,
    Moment,
    PositiveDuration,
    TimeOfDay,
    Weekday,
    clock_text,
)

EVERY_DAY = tuple(range(7))
Interval = tuple[int, int]


class Break(Model):
    """A stretch within a shift in which its staff do not work."""

    at: TimeOfDay
    length: PositiveDuration = Field(alias="for")


class Hours(Model):
    """From when to when, on which weekdays, between which dates."""

    days: Days = EVERY_DAY
    begin: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    breaks: tuple[Break, ...] = ()
    first: Date | None = None
    last: Date | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Hours:
        if self.begin == self.end:
            raise ValueError("from and to are equal: a shift of no length; write 00:00 to 24:00 for a whole day")
        if self.begin == DAY_MS:
            raise ValueError("from 24:00 is 00:00 of the next day; write that")
        if self.first and self.last and self.last < self.first:
            raise ValueError("last must not come before first")
        for pause in self.breaks:
            if self._break_begin(pause) + pause.length > self.length_ms:
                raise ValueError(f"the break at {clock_text(pause.at)} does not lie within its shift")
        return self

    @property
    def length_ms(self) -> int:
        """From begin to end, across midnight where need be."""
        return self.end - self.begin + (DAY_MS if self.end <= self.begin else 0)

    def _break_begin(self, pause: Break) -> int:
        """Milliseconds from the start of the shift to the start of the break."""
        return (pause.at - self.begin) % DAY_MS

    def pieces(self) -> list[Interval]:
        """The worked stretches, in milliseconds from the midnight of the day on which the shift begins."""
        pieces, at = [], self.begin
        for begin, length in sorted((self._break_begin(pause), pause.length) for pause in self.breaks):
            pieces.append((at, self.begin + begin))
            at = max(at, self.begin + begin + length)
        pieces.append((at, self.begin + self.length_ms))
        return [(begin, end) for begin, end in pieces if end > begin]


class Shift(Hours):
    """Hours and the number of people who work them."""

    staff: Count


def _number_or_all(value: Any) -> str:
    return "<all>" if str(value).isalpha() else "<number>"


class Outage(Model):
    """A dated stretch in which ``staff`` people (default: all of them) are not there."""

    begin: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    staff: Annotated[
        Annotated[Count, Tag("<number>")] | Annotated[Literal["all"], Tag("<all>")], Discriminator(_number_or_all)
    ] = "all"

    @model_validator(mode="after")
    def _makes_sense(self) -> Outage:
        if self.end <= self.begin:
            raise ValueError("an outage must end after it begins")
        return self


class Week(Model):
    """Dated exceptions to a week: ``holidays`` off, ``make_up_days`` worked as the weekday they name."""

    holidays: tuple[Date, ...] = ()
    make_up_days: dict[Date, Weekday] = {}

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        both = sorted(set(self.holidays) & set(self.make_up_days))
        if both:
            raise ValueError(f"{both[0]} is both a holiday and a make-up day")
        return self

    def weekday(self, day: date) -> int | None:
        """The weekday after which ``day`` is worked, or None on a holiday."""
        if day in self.make_up_days:
            return WEEKDAYS.index(self.make_up_days[day])
        return None if day in self.holidays else day.weekday()

    def days_worked(self, hours: Hours, start: datetime, end_ms: int) -> Iterator[tuple[int, int]]:
        """Day number (0 = the day of ``start``) and its midnight in ms, for each day on which ``hours`` begin.

        The day before the start is among them, for shifts that run across midnight.
        """
        midnight = (datetime.combine(start.date(), datetime.min.time()) - start) // timedelta(milliseconds=1)
        for number in range(-1, (end_ms - midnight) // DAY_MS + 1):
            day = start.date() + timedelta(days=number)
            in_season = (hours.first is None or day >= hours.first) and (hours.last is None or day <= hours.last)
            if in_season and self.weekday(day) in hours.days:
                yield number, midnight + number * DAY_MS


class OpeningHours(Hours, Week):
    """A named calendar: a wait that follows it passes only while it is open."""

    def intervals(self, start: datetime, end_ms: int) -> list[Interval]:
        """The open stretches up to ``end_ms``, rising and not overlapping."""
        pieces = self.pieces()
        return [
            (max(0, midnight + begin), min(end_ms, midnight + end))
            for _, midnight in self.days_worked(self, start, end_ms)
            for begin, end in pieces
            if midnight + end > 0 and midnight + begin < end_ms
        ]


def step_function(changes: Iterable[tuple[int, int]], end_ms: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Add up (time, change) pairs to a step function on [0, ``end_ms``): times from 0 on, and levels.

    >>> step_function([(-5, 2), (10, -2), (10, 3)], 100)
    (array([ 0, 10]), array([2, 3]))
    """
    net: dict[int, int] = {0: 0}
    for at, change in changes:
        at = max(at, 0)
        if at < end_ms:
            net[at] = net.get(at, 0) + change
    times = np.array(sorted(net), dtype=np.int64)
    levels = np.cumsum([net[int(at)] for at in times]).astype(np.int64)
    changed = np.concatenate([[True], levels[1:] != levels[:-1]])
    return times[changed], levels[changed]


def lowest_within(
    times: NDArray[np.int64], levels: NDArray[np.int64], ahead_ms: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The lowest level of a step function from each moment to ``ahead_ms`` later, as a step function.

    It answers how many staff may begin something new when nothing new may begin in the last
    ``ahead_ms`` before the head-count falls.

    >>> lowest_within(np.array([0, 100]), np.array([3, 1]), 20)
    (array([ 0, 80]), array([3, 1]))
    """
    if ahead_ms == 0:
        return times, levels
    edges = np.unique(np.concatenate([times, np.maximum(times - ahead_ms, 0)]))
    first = np.searchsorted(times, edges, side="right") - 1
    last = np.searchsorted(times, edges + ahead_ms, side="right") - 1
    lowest = np.array([levels[i : j + 1].min() for i, j in zip(first, last, strict=True)], dtype=np.int64)
    changed = np.concatenate([[True], lowest[1:] != lowest[:-1]])
    return edges[changed], lowest[changed]


def overlapping(shifts: Sequence[tuple[str, Hours]]) -> tuple[str, str] | None:
    """Two of the shifts that are at work at the same time in some week, or None.

    >>> early = Hours.model_validate({"from": "07:00", "to": "15:00"})
    >>> late = Hours.model_validate({"from": "14:00", "to": "22:00"})
    >>> overlapping([("early", early), ("late", late)])
    ('early', 'late')
    """
    for position, (key, hours) in enumerate(shifts):
        for other_key, other in shifts[position + 1 :]:
            if _in_same_season(hours, other) and _share_a_moment(hours, other):
                return key, other_key
    return None


def _in_same_season(one: Hours, other: Hours) -> bool:
    first = max(one.first or date.min, other.first or date.min)
    return first <= min(one.last or date.max, other.last or date.max)


def _share_a_moment(one: Hours, other: Hours) -> bool:
    week = 7 * DAY_MS
    return any(
        (day * DAY_MS + begin - other_day * DAY_MS - other_begin) % week < other_end - other_begin
        or (other_day * DAY_MS + other_begin - day * DAY_MS - begin) % week < end - begin
        for day in one.days
        for begin, end in one.pieces()
        for other_day in other.days
        for other_begin, other_end in other.pieces()
    )
