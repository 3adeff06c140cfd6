"""Who was on shift and who was busy: head-counts from the Plan, jobs from the Records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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
    """Stretches of work without a pause: who worked (``team``), from ``begin`` to ``end`` (ms), ``crew`` people.

    A stretch under way at the end of the run ends there.
    """

    team: Ints
    begin: Ints
    end: Ints
    crew: Ints

    @cached_property
    def _by_team(self) -> Grouped:
        return grouped(self.team, int(self.team.max(initial=-1)) + 1)

    def begun(self, team: int) -> Ints:
        """When the stretches of a team began."""
        return self.begin[self._of(team)]

    def of_team(self, team: int) -> Level:
        """How many people of a team are busy."""
        own = self._of(team)
        return count_inside(self.begin[own], self.end[own], self.crew[own])

    def _of(self, team: int) -> Rows:
        by_team = self._by_team
        return by_team.of(team) if team + 1 < len(by_team.begins) else by_team.order[:0]


def heads(plan: Plan, team: int) -> Level:
    """How many people of a team are on shift."""
    rows = plan.staff[plan.staff["team"] == team]
    return Level(rows["at"].copy(), rows["heads"].copy())


def allowed(plan: Plan, team: int) -> Level:
    """How many people of a team may be at work: those on shift, and those who may stay in overtime."""
    rows = plan.staff[plan.staff["team"] == team]
    return Level(rows["at"].copy(), rows["heads"] + rows["stay"])


def nobody_there(plan: Plan, team: int) -> Level:
    """1 while nobody of a team is on shift, else 0."""
    there = heads(plan, team)
    return Level(there.times, (there.levels == 0).astype(np.int64))


def jobs_of(plan: Plan, records: Records) -> Jobs:
    """All stretches of work of a run; those of paused jobs come from the spells."""
    visits, spells = records.visits, records.spells
    whole = (plan.steps["team"] >= 0)[visits.step] & (visits.started != NEVER)
    whole[spell_visits(records)] = False
    end = np.concatenate([visits.ended[whole], spells.end])
    return Jobs(
        team=np.concatenate([visits.team[whole], spells.team]),
        begin=np.concatenate([visits.started[whole], spells.begin]),
        end=np.where(end == NEVER, records.ended_ms, end),
        crew=plan.steps["crew"].astype(np.int32)[np.concatenate([visits.step[whole], spells.step])],
    )


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
