"""Who was on shift and who was busy: head-counts from the Plan, jobs from the Records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.analysis.grouped import Grouped, Rows, grouped, joined, rows_where
from sim.analysis.series import Level, combined, count_inside, passed, where_it_changes
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]
STRETCH = 2**18
"""So many visits are looked at together: what they need stays small beside the records."""


@dataclass(frozen=True)
class Jobs:
    """Stretches of work without a pause, team by team: those of paused jobs come from the spells.

    A stretch under way at the end of the run ends there.
    """

    plan: Plan
    records: Records

    @cached_property
    def _in_one_go(self) -> Rows:
        """Rows of the visits that were work and never paused; what is no work, or has not begun, has no team."""
        whole = self.records.visits.team >= 0
        whole[spell_visits(self.records)] = False
        return rows_where(whole)

    @cached_property
    def _all(self) -> Grouped:
        return self._by_team(self._in_one_go)

    @cached_property
    def _near_the_end(self) -> Grouped:
        """Of those the ones that may last beyond the hours of their team."""
        visits, rows = self.records.visits, self._in_one_go
        watched_ms = _next_watched_ms(self.plan, self.records.ended_ms)
        chosen: list[Rows] = []
        for part in _parts(rows):
            hour, ended = visits.started[part] // HOUR_MS, self._ended(visits.ended[part])
            place = np.multiply(visits.team[part], watched_ms.shape[1], dtype=np.int64) + hour
            chosen.append(part[watched_ms.ravel()[place] < ended])
        return self._by_team(joined(chosen))

    def _by_team(self, rows: Rows) -> Grouped:
        """Rows of visits by team."""
        by_team = grouped(self.records.visits.team[rows], len(self.plan.teams))
        return Grouped(rows[by_team.order], by_team.begins)

    @cached_property
    def _spells(self) -> Grouped:
        return grouped(self.records.spells.team, len(self.plan.teams))

    def begun(self, team: int) -> Ints:
        """When the stretches of a team began."""
        return np.concatenate([begin for begin, _, _ in self._stretches(team, self._all)])

    def of_team(self, team: int) -> Level:
        """How many people of a team are busy."""
        return self._level(team, self._all)

    def worked_to(self, team: int, moments_ms: Ints) -> Ints:
        """Person-milliseconds of work of a team from 0 to each of the moments, which rise."""
        worked = np.zeros(len(moments_ms), dtype=np.int64)
        for begin, end, crew in self._stretches(team, self._all):
            worked += passed(begin, crew, moments_ms) - passed(end, crew, moments_ms)
        return worked

    def in_overtime(self, team: int) -> Level:
        """How many people of a team are busy beyond its head-count.

        They are found among those who were at work when the head-count fell, or when people may stay: at any other
        moment nobody begins a job who is not on shift.
        """
        times, busy, there = combined(self._level(team, self._near_the_end), heads(self.plan, team))
        return where_it_changes(times, np.maximum(busy - there, 0))

    def _level(self, team: int, chosen: Grouped) -> Level:
        """How many people of a team are busy with the visits chosen, and with jobs that were paused."""
        begin, end, crew = map(np.concatenate, zip(*self._stretches(team, chosen), strict=True))
        return count_inside(begin, end, crew)

    def _stretches(self, team: int, chosen: Grouped) -> Iterator[tuple[Ints, Ints, Ints]]:
        """When the team's stretches begin and end, and how many people work in each; so many at a time."""
        visits, spells, crew = self.records.visits, self.records.spells, self.plan.steps["crew"]
        for part in _parts(chosen.of(team)):
            yield visits.started[part], self._ended(visits.ended[part]), crew[visits.step[part]]
        part = self._spells.of(team)
        yield spells.begin[part], self._ended(spells.end[part]), crew[spells.step[part]]

    def _ended(self, ended_ms: Ints) -> Ints:
        """What is under way at the end of the run ends there."""
        ended_ms[ended_ms == NEVER] = self.records.ended_ms
        return ended_ms


def _parts(rows: Rows) -> Iterator[Rows]:
    """Rows in their order, so many at a time."""
    for first in range(0, len(rows), STRETCH):
        yield rows[first : first + STRETCH]


def _next_watched_ms(plan: Plan, ended_ms: int) -> Ints:
    """By team and hour, when the next hour begins in which its head-count falls or people may stay: that hour or a later one."""
    hours, never = ended_ms // HOUR_MS + 1, np.iinfo(np.int64).max
    found = np.empty((len(plan.teams), hours), dtype=np.int64)
    for team in range(len(plan.teams)):
        there, may_be_there = heads(plan, team), allowed(plan, team)
        falls = there.times[1:][there.levels[1:] < there.levels[:-1]] // HOUR_MS
        stay = np.flatnonzero(may_be_there.levels > there.levels)
        until = np.append(there.times[1:], ended_ms)[stay] // HOUR_MS
        held = [np.arange(begin, end + 1) for begin, end in zip(there.times[stay] // HOUR_MS, until, strict=True)]
        watched = np.unique(np.concatenate([falls, *held]))
        found[team] = np.append(watched * HOUR_MS, never)[np.searchsorted(watched, np.arange(hours))]
    return found


def heads(plan: Plan, team: int) -> Level:
    """How many people of a team are on shift."""
    rows = plan.staff[plan.staff["team"] == team]
    return Level(rows["at"].copy(), rows["heads"].copy())


def allowed(plan: Plan, team: int) -> Level:
    """How many people of a team may be at work: those on shift, and those who may stay in overtime."""
    rows = plan.staff[plan.staff["team"] == team]
    return Level(rows["at"].copy(), rows["heads"] + rows["stay"])


def nobody_there(plan: Plan, team: int, jobs: Jobs) -> Level:
    """1 while nobody of a team is on shift or at work in overtime, else 0.

    Who may stay after the shift goes home when there is no work: from then on nobody is there. Who only finishes a
    job after the shift, and may not stay, begins nothing more and does not count.
    """
    there, may_be_there = heads(plan, team), allowed(plan, team)
    shut, stay = there.levels == 0, may_be_there.levels > there.levels
    if not (shut & stay).any():
        return Level(there.times, shut.astype(np.int64))
    times, busy, in_overtime = combined(jobs.of_team(team), Level(there.times, (shut & stay).astype(np.int64)))
    absent = (there.at(times) == 0) & ((in_overtime == 0) | (busy == 0))
    return Level(times, absent.astype(np.int64))


def spell_visits(records: Records) -> Ints:
    """For each spell the row of its visit."""
    visits, spells = records.visits, records.spells
    if not len(spells):
        return np.zeros(0, dtype=np.int64)
    paused = np.unique(spells.item)
    begins, ends = (np.searchsorted(visits.item, paused, side=side) for side in ("left", "right"))
    rows = np.arange(int((ends - begins).sum())) + np.repeat(ends - np.cumsum(ends - begins), ends - begins)
    most = int(max(visits.attempt.max(), spells.attempt.max())) + 1
    steps = int(max(visits.step.max(), spells.step.max())) + 1

    def address(item: Ints, step: Ints, attempt: Ints) -> Ints:
        return (item.astype(np.int64) * steps + step) * most + attempt

    known = address(visits.item[rows], visits.step[rows], visits.attempt[rows])
    order = np.argsort(known, kind="stable")
    wanted = address(spells.item, spells.step, spells.attempt)
    return rows[order[np.searchsorted(known[order], wanted)]]


@dataclass(frozen=True)
class Working:
    """One team over one run: people on shift, busy of them, and busy beyond the head-count."""

    plan: Plan
    jobs: Jobs
    team: int

    @cached_property
    def staffed(self) -> Level:
        """How many are on shift."""
        return heads(self.plan, self.team)

    @cached_property
    def overtime(self) -> Level:
        """How many are at work beyond them."""
        return self.jobs.in_overtime(self.team)

    def staffed_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours on shift within [begin, end)."""
        return self.staffed.area(begin_ms, end_ms) / HOUR_MS

    def busy_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work within [begin, end), overtime apart."""
        return int(self.busy_ms(np.array([begin_ms]), np.array([end_ms]))[0]) / HOUR_MS

    def overtime_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work beyond the head-count within [begin, end)."""
        return self.overtime.area(begin_ms, end_ms) / HOUR_MS

    def staffed_ms(self, begins_ms: Ints, ends_ms: Ints) -> Ints:
        """Person-milliseconds on shift from each beginning to its end."""
        return self.staffed.areas(begins_ms, ends_ms)

    def worked_ms(self, begins_ms: Ints, ends_ms: Ints) -> Ints:
        """Person-milliseconds of work, on shift and beyond."""
        return self._worked_to(ends_ms) - self._worked_to(begins_ms)

    def busy_ms(self, begins_ms: Ints, ends_ms: Ints) -> Ints:
        """Person-milliseconds of work of those on shift, overtime apart."""
        return self.worked_ms(begins_ms, ends_ms) - self.overtime.areas(begins_ms, ends_ms)

    @cached_property
    def _known(self) -> tuple[Ints, Ints]:
        """The moments most asked for, and how much work was done up to each."""
        moments = self._with_hours(np.append(self.plan.scenario.clock.window_ms, self.staffed.times))
        return moments, self.jobs.worked_to(self.team, moments)

    def _with_hours(self, moments_ms: Ints) -> Ints:
        """Those moments, and every full hour up to the one after the end: so close to each other, sums are exact."""
        hours = np.arange(0, self.jobs.records.ended_ms + HOUR_MS, HOUR_MS)
        return np.union1d(moments_ms, hours)

    def _worked_to(self, moments_ms: Ints) -> Ints:
        moments, worked = self._known
        if not np.isin(moments_ms, moments).all():
            moments = self._with_hours(moments_ms)
            worked = self.jobs.worked_to(self.team, moments)
        return worked[np.searchsorted(moments, moments_ms)]
