"""Where the hours went: every visit's time split by what it was spent on, to the millisecond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.people import jobs_of, nobody_there, spell_visits
from sim.analysis.series import Level
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PARTS = ("working", "queueing", "nobody", "batch", "documents", "hold", "stock", "transit")
PART_WORDS = {
    "working": "being worked on",
    "queueing": "queueing behind others",
    "nobody": "nobody on shift",
    "batch": "waiting for a departure",
    "documents": "waiting for documents",
    "hold": "held for correction",
    "stock": "waiting for stock",
    "transit": "on the way",
}
OF_WORK = ("working", "queueing", "nobody")


@dataclass(frozen=True)
class VisitHours:
    """Milliseconds of each visit that ended, by part; they add up to ``ended - joined``.

    ``kind``: position in PARTS of what the visit's step is for. A visit to a team's step (kind "working") is split
    further: ``idle`` is its time before the first start and while paused, ``nobody`` how much of that passed with
    nobody of the team on shift or at work in overtime. Visits under way count nothing.
    """

    kind: NDArray[np.int8]
    total: Ints
    idle: Ints
    nobody: Ints

    def part(self, name: str) -> Ints:
        """Milliseconds of each visit that went into a part."""
        if name == "nobody":
            return self.nobody
        if name == "queueing":
            return self.idle - self.nobody
        own = self.kind == PARTS.index(name)
        return np.where(own, self.total - self.idle, 0)


def visit_hours(plan: Plan, records: Records) -> VisitHours:
    """Split the time of every ended visit."""
    visits = records.visits
    ended = visits.ended != NEVER
    of_step = np.array([PARTS.index(name.hours) for name in plan.step_names], dtype=np.int8)
    kind = of_step[visits.step]
    total = np.where(ended, visits.ended - visits.joined, 0)
    served = np.where(visits.started == NEVER, visits.ended, visits.started)
    idle = np.where(ended & (kind == PARTS.index("working")), served - visits.joined, 0)
    nobody = np.zeros(len(visits), dtype=np.int64)
    team_of_visit = plan.steps["team"].astype(np.int16)[visits.step]
    jobs = jobs_of(plan, records)
    absences = [nobody_there(plan, team, jobs) for team in range(len(plan.teams))]
    for team, absent in enumerate(absences):
        if absent.levels.any():
            own = np.flatnonzero((team_of_visit == team) & (idle > 0))
            nobody[own] = absent.areas(visits.joined[own], served[own])
    _add_pauses(plan, records, absences, ended, idle, nobody)
    return VisitHours(kind, total, idle, nobody)


def _add_pauses(plan: Plan, records: Records, absences: list[Level], ended: Bools, idle: Ints, nobody: Ints) -> None:
    """The gaps between the spells of a job are idle time, too."""
    spells = records.spells
    visit = spell_visits(records)
    order = np.lexsort((spells.spell, visit))
    visit, begin, end = visit[order], spells.begin[order], spells.end[order]
    gaps = np.flatnonzero((visit[1:] == visit[:-1]) & ended[visit[1:]])
    np.add.at(idle, visit[gaps], begin[gaps + 1] - end[gaps])
    team = plan.steps["team"][records.visits.step[visit[gaps]]]
    for number in np.unique(team):
        own = gaps[team == number]
        np.add.at(nobody, visit[own], absences[number].areas(end[own], begin[own + 1]))


def hours_by_stage(plan: Plan, records: Records, hours: VisitHours, of_item: Bools) -> pd.DataFrame:
    """Mean hours per item by stage (rows, in the order of the scenario) and part (columns), over the items chosen.

    A column ``rework`` says how much of it went into attempts after the first.
    """
    visits = records.visits
    stages = list(plan.scenario.stages)
    stage_of_step = np.array([stages.index(name.stage) for name in plan.step_names])
    rows = np.flatnonzero(of_item[visits.item] & (visits.ended != NEVER))
    stage = stage_of_step[visits.step[rows]]

    def summed(values: Ints) -> NDArray[np.float64]:
        return np.asarray(np.bincount(stage, weights=values[rows], minlength=len(stages)), dtype=np.float64)

    columns = {name: summed(hours.part(name)) for name in PARTS}
    columns["rework"] = summed(np.where(visits.attempt > 0, hours.total, 0))
    table = pd.DataFrame(columns, index=stages) / max(int(of_item.sum()), 1) / HOUR_MS
    return table[np.bincount(stage, minlength=len(stages)) > 0]
