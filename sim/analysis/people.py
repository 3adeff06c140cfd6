"""Who was on shift and who was busy: head-counts from the Plan, jobs from the Records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.series import Level, count_inside
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Jobs:
    """Stretches of work without a pause: who worked (``team``), on what, from ``begin`` to ``end`` (ms), ``crew`` people.

    A stretch under way at the end of the run ends there. ``visit`` is the row among the visits.
    """

    visit: Ints
    team: Ints
    begin: Ints
    end: Ints
    crew: Ints


def heads(plan: Plan, team: int) -> Level:
    """How many people of a team are on shift."""
    rows = plan.staff[plan.staff["team"] == team]
    return Level(rows["at"].copy(), rows["heads"].copy())


def nobody_there(plan: Plan, team: int) -> Level:
    """1 while nobody of a team is on shift, else 0."""
    there = heads(plan, team)
    return Level(there.times, (there.levels == 0).astype(np.int64))


def jobs_of(plan: Plan, records: Records) -> Jobs:
    """All stretches of work of a run; those of paused jobs come from the spells."""
    visits, spells = records.visits, records.spells
    is_work = plan.steps["team"][visits.step] >= 0
    begun = np.flatnonzero(is_work & (visits.started != NEVER))
    visit_of_spell = spell_visits(plan, records)
    whole = begun[~np.isin(begun, visit_of_spell)]
    visit = np.concatenate([whole, visit_of_spell])
    end = np.concatenate([visits.ended[whole], spells.end])
    return Jobs(
        visit=visit,
        team=np.concatenate([visits.team[whole], spells.team]),
        begin=np.concatenate([visits.started[whole], spells.begin]),
        end=np.where(end == NEVER, records.ended_ms, end),
        crew=plan.steps["crew"][visits.step[visit]],
    )


def spell_visits(plan: Plan, records: Records) -> Ints:
    """For each spell the row of its visit."""
    visits, spells = records.visits, records.spells
    if not len(spells):
        return np.zeros(0, dtype=np.int64)
    most = int(max(visits.attempt.max(), spells.attempt.max())) + 1

    def address(table: object) -> Ints:
        item, step, attempt = (np.asarray(getattr(table, name)) for name in ("item", "step", "attempt"))
        return np.asarray((item * len(plan.steps) + step) * most + attempt, dtype=np.int64)

    order = np.argsort(address(visits), kind="stable")
    return order[np.searchsorted(address(visits)[order], address(spells))]


@dataclass(frozen=True)
class Working:
    """One team over one run: people on shift, people busy, and those of them beyond the head-count."""

    staffed: Level
    busy: Level
    overtime: Level

    def staffed_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours on shift within [begin, end)."""
        return _hours(self.staffed, begin_ms, end_ms)

    def busy_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work within [begin, end), overtime apart."""
        return _hours(self.busy, begin_ms, end_ms) - self.overtime_h(begin_ms, end_ms)

    def overtime_h(self, begin_ms: int, end_ms: int) -> float:
        """Person-hours of work beyond the head-count within [begin, end)."""
        return _hours(self.overtime, begin_ms, end_ms)


def working(plan: Plan, jobs: Jobs, team: int) -> Working:
    """The working time of a team."""
    own = jobs.team == team
    staffed, busy = heads(plan, team), count_inside(jobs.begin[own], jobs.end[own], jobs.crew[own])
    times = np.union1d(staffed.times, busy.times)
    beyond = Level(times, np.maximum(busy.at(times) - staffed.at(times), 0))
    return Working(staffed, busy, beyond)


def _hours(level: Level, begin_ms: int, end_ms: int) -> float:
    return float(level.area(np.array([begin_ms]), np.array([end_ms]))[0]) / 3_600_000
