"""Who was on shift and who was busy: head-counts from the Plan, jobs from the Records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.series import Level, bits_below, changes_of
from sim.analysis.tables import compiled, fixed, stays
from sim.engine.records import NEVER, Records
from sim.plan.plan import PAUSE, Plan
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
    def _paused(self) -> Ints:
        """Rows of the visits that were paused."""
        return fixed(np.unique(spell_visits(self.records)))

    @cached_property
    def _crew(self) -> Ints:
        return fixed(self.plan.steps["crew"])

    @cached_property
    def most(self) -> int:
        """How many people work together at most."""
        return int(self._crew.max(initial=1))

    @cached_property
    def _stays(self) -> Any:
        return stays(self.records.visits)

    def changes(self, team: int) -> Ints:
        """When people of a team begin and end to work, in the order of time, as ``sim.analysis.series.changes_of`` writes it."""
        of_visits = np.empty(2 * int((self.records.visits.team == team).sum()), dtype=np.int64)
        so_much = self.records.ended_ms, bits_below(self.most), self.most
        found = compiled().changes_of_team(self._stays, team, self._paused, self._crew, *so_much, of_visits)
        return self._with_spells(team, of_visits[:found])

    def late_changes(self, team: int) -> Ints:
        """The same of those alone who may have worked beyond the head-count.

        They are among those who were at work when the head-count fell, or when people may stay: at any other moment nobody
        begins a job who is not on shift.
        """
        visits = self.records.visits
        rows = self._late[visits.team[self._late] == team]
        ended = self._or_end(visits.ended[rows])
        return self._with_spells(
            team, changes_of(visits.started[rows], ended, self._crew[visits.step[rows]], self.most)
        )

    @cached_property
    def _late(self) -> Ints:
        asked = (
            self._stays,
            self._paused,
            fixed(_next_watched_ms(self.plan, self.records.ended_ms)),
            self.records.ended_ms,
        )
        rows = np.empty(compiled().late_visits(*asked, np.empty(0, dtype=np.int64)), dtype=np.int64)
        compiled().late_visits(*asked, rows)
        return rows

    def _with_spells(self, team: int, changes: Ints) -> Ints:
        spells = self.records.spells
        own = np.flatnonzero(spells.team == team)
        ended = self._or_end(spells.end[own])
        of_spells = changes_of(spells.begin[own], ended, self._crew[spells.step[own]], self.most)
        changes = np.concatenate([changes, of_spells]) if len(own) else changes
        changes.sort()
        return changes

    def _or_end(self, ended_ms: Ints) -> Ints:
        """What is under way at the end of the run ends there."""
        return np.where(ended_ms == NEVER, self.records.ended_ms, ended_ms)


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
class Done:
    """What a team did: ``worked_ms``, its person-milliseconds of work from 0 to each of ``moments_ms``.

    ``overtime``: how many are busy beyond the head-count. ``away``: 1 while nobody is on shift or at work in overtime,
    else 0. Who may stay after the shift goes home when there is no work: from then on nobody is there. Who only finishes
    a job after the shift, and may not stay, begins nothing more and does not count. ``lawful``: whether nothing began while
    as many were busy as may be at work; under ``pause``, whether there never were more.
    """

    moments_ms: Ints
    worked_ms: Ints
    overtime: Level
    away: Level
    lawful: bool


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
        return self._done_by(self.jobs.late_changes(self.team)).overtime

    @cached_property
    def done(self) -> Done:
        """What they did; their work up to every moment that is asked for most: full hours, shifts and the window."""
        end = self.jobs.records.ended_ms + HOUR_MS
        known = self.plan.scenario.clock.window_ms, self.staffed.times, np.arange(0, end, HOUR_MS)
        return self._done_by(self.jobs.changes(self.team), np.unique(np.concatenate(known)))

    def _done_by(self, changes: Ints, moments_ms: Ints | None = None) -> Done:
        """What is done in the work of which these are the changes; up to which moments."""
        passes, there, most = compiled(), self.staffed, self.jobs.most
        moments = np.zeros(0, dtype=np.int64) if moments_ms is None else moments_ms
        people = passes.People(*map(fixed, (there.times, there.levels, allowed(self.plan, self.team).levels)))
        room = len(changes) + len(there.times) + 1
        found = passes.Worked(fixed(moments), *(np.empty(size, np.int64) for size in (len(moments), *4 * [room])))
        pauses = bool(self.plan.teams[self.team]["at_shift_end"] == PAUSE)
        lawful, overs, aways = passes.work_of_team(changes, bits_below(most), most, people, pauses, found)
        overtime = Level(found.over_at[:overs].copy(), found.over[:overs].copy())
        away = Level(found.away_at[:aways].copy(), found.away[:aways].copy())
        return Done(moments, found.worked, overtime, away, bool(lawful))

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

    def _worked_to(self, moments_ms: Ints) -> Ints:
        done = self.done
        if not np.isin(moments_ms, done.moments_ms).all():
            done = self._done_by(self.jobs.changes(self.team), np.unique(moments_ms))
        return done.worked_ms[np.searchsorted(done.moments_ms, moments_ms)]
