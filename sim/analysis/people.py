"""Who was on shift and who was busy: head-counts from the Plan, jobs from the Records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.grouped import Grouped, grouped
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
    def _in_one_go(self) -> Grouped:
        """By team, the rows of the visits that were never paused."""
        visits = self.records.visits
        whole = (self.plan.steps["team"] >= 0)[visits.step] & (visits.started != NEVER)
        whole[spell_visits(self.records)] = False
        rows = np.flatnonzero(whole)
        by_team = grouped(visits.team[rows], len(self.plan.teams))
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
        return self._joined(team, self.records.visits.started, self.records.spells.begin)

    def of_team(self, team: int) -> Level:
        """How many people of a team are busy."""
        if team not in self._levels:
            visits, spells = self.records.visits, self.records.spells
            end = self._joined(team, visits.ended, spells.end)
            crew = self.plan.steps["crew"][self._joined(team, visits.step, spells.step)]
            end[end == NEVER] = self.records.ended_ms
            self._levels[team] = count_inside(self.begun(team), end, crew)
        return self._levels[team]

    def _joined(self, team: int, of_visits: Ints, of_spells: Ints) -> Ints:
        """A column of the team's stretches."""
        return np.concatenate([of_visits[self._in_one_go.of(team)], of_spells[self._spells.of(team)]])


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
    paused = np.zeros(int(visits.item.max()) + 1, dtype=bool)
    paused[spells.item] = True
    rows = np.flatnonzero(paused[visits.item])
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

    staffed: Level
    busy: Level
    overtime: Level

    def staffed_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours on shift within [begin, end)."""
        return self.staffed.area(begin_ms, end_ms) / HOUR_MS

    def busy_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work within [begin, end), overtime apart."""
        return self.busy.area(begin_ms, end_ms) / HOUR_MS

    def overtime_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work beyond the head-count within [begin, end)."""
        return self.overtime.area(begin_ms, end_ms) / HOUR_MS


def working(plan: Plan, jobs: Jobs, team: int) -> Working:
    """The working time of a team."""
    staffed = heads(plan, team)
    times, busy, there = combined(jobs.of_team(team), staffed)
    return Working(
        staffed,
        where_it_changes(times, np.minimum(busy, there)),
        where_it_changes(times, np.maximum(busy - there, 0)),
    )
