"""Who was on shift and who was busy: head-counts from the Plan, jobs from the Records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.grouped import Grouped, Rows, grouped
from sim.analysis.series import Level, combined, count_inside, where_it_changes
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]


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
        return np.flatnonzero(whole)

    @cached_property
    def _all(self) -> Grouped:
        return self._by_team(self._in_one_go)

    @cached_property
    def _near_the_end(self) -> Grouped:
        """Of those the ones that may last beyond the hours of their team."""
        visits, rows = self.records.visits, self._in_one_go
        watched_ms = _next_watched_ms(self.plan, self.records.ended_ms)
        hour, ended = visits.started[rows] // HOUR_MS, visits.ended[rows]
        ended[ended == NEVER] = self.records.ended_ms
        place = np.multiply(visits.team[rows], watched_ms.shape[1], dtype=np.int64) + hour
        return self._by_team(rows[watched_ms.ravel()[place] < ended])

    def _by_team(self, rows: Rows) -> Grouped:
        """Rows of visits by team."""
        by_team = grouped(self.records.visits.team[rows], len(self.plan.teams))
        narrow: Any = by_team.order.dtype
        return Grouped(rows[by_team.order].astype(narrow), by_team.begins)

    @cached_property
    def _spells(self) -> Grouped:
        return grouped(self.records.spells.team, len(self.plan.teams))

    @cached_property
    def _levels(self) -> dict[int, Level]:
        return {}

    def begun(self, team: int) -> Ints:
        """When the stretches of a team began."""
        return self._joined(team, self._all, self.records.visits.started, self.records.spells.begin)

    def of_team(self, team: int) -> Level:
        """How many people of a team are busy."""
        if team not in self._levels:
            self._levels[team] = self._level(team, self._all)
        return self._levels[team]

    def in_overtime(self, team: int) -> Level:
        """How many people of a team are busy beyond its head-count.

        They are found among those who were at work when the head-count fell, or when people may stay: at any other
        moment nobody begins a job who is not on shift.
        """
        times, busy, there = combined(self._level(team, self._near_the_end), heads(self.plan, team))
        return where_it_changes(times, np.maximum(busy - there, 0))

    def _level(self, team: int, chosen: Grouped) -> Level:
        """How many people of a team are busy with the visits chosen, and with jobs that were paused."""
        visits, spells = self.records.visits, self.records.spells
        begin = self._joined(team, chosen, visits.started, spells.begin)
        end = self._joined(team, chosen, visits.ended, spells.end)
        crew = self.plan.steps["crew"][self._joined(team, chosen, visits.step, spells.step)]
        end[end == NEVER] = self.records.ended_ms
        return count_inside(begin, end, crew)

    def _joined(self, team: int, chosen: Grouped, of_visits: Ints, of_spells: Ints) -> Ints:
        """A column of the team's stretches."""
        return np.concatenate([of_visits[chosen.of(team)], of_spells[self._spells.of(team)]])


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
    def busy(self) -> Level:
        """How many of them are at work."""
        times, busy, there = combined(self.jobs.of_team(self.team), self.staffed)
        return where_it_changes(times, np.minimum(busy, there))

    @cached_property
    def overtime(self) -> Level:
        """How many are at work beyond them."""
        return self.jobs.in_overtime(self.team)

    def staffed_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours on shift within [begin, end)."""
        return self.staffed.area(begin_ms, end_ms) / HOUR_MS

    def busy_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work within [begin, end), overtime apart."""
        return self.busy.area(begin_ms, end_ms) / HOUR_MS

    def overtime_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work beyond the head-count within [begin, end)."""
        return self.overtime.area(begin_ms, end_ms) / HOUR_MS
