"""Where the hours went: every visit's time split by what it was spent on, to the millisecond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.people import nobody_there, spell_visits
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan

Ints = NDArray[np.int64]
PARTS = ("working", "queueing", "nobody", "batch", "documents", "hold", "transit")
PART_WORDS = {
    "working": "being worked on",
    "queueing": "queueing behind others",
    "nobody": "nobody on shift",
    "batch": "waiting for a departure",
    "documents": "waiting for documents",
    "hold": "held for correction",
    "transit": "on the way",
}


@dataclass(frozen=True)
class VisitHours:
    """Milliseconds of each visit by part, of those that ended; the parts add up to ``ended - joined``."""

    parts: dict[str, Ints]

    def total(self) -> Ints:
        """The parts of each visit added up."""
        return np.asarray(sum(self.parts.values()), dtype=np.int64)


def visit_hours(plan: Plan, records: Records) -> VisitHours:
    """Split the time of every ended visit; visits under way count nothing."""
    visits = records.visits
    ended = visits.ended != NEVER
    parts = {name: np.zeros(len(visits), dtype=np.int64) for name in PARTS}
    hours = np.array([name.hours for name in plan.step_names])[visits.step]
    for name in ("batch", "documents", "hold", "transit"):
        row = ended & (hours == name)
        parts[name][row] = (visits.ended - visits.joined)[row]
    _split_work(plan, records, ended & (hours == "working"), parts)
    return VisitHours(parts)


def _split_work(plan: Plan, records: Records, rows: NDArray[np.bool_], parts: dict[str, Ints]) -> None:
    """Waiting before the first start and between spells, by whether anybody of the team was there; the rest is work."""
    visits = records.visits
    served = np.where(visits.started == NEVER, visits.ended, visits.started)
    idle, nobody = _idle_between_spells(plan, records)
    for team in range(len(plan.teams)):
        own = np.flatnonzero(rows & (plan.steps["team"][visits.step] == team))
        absent = nobody_there(plan, team).area(visits.joined[own], served[own])
        parts["nobody"][own] = absent + nobody[own]
        parts["queueing"][own] = served[own] - visits.joined[own] - absent + idle[own] - nobody[own]
        parts["working"][own] = visits.ended[own] - served[own] - idle[own]


def _idle_between_spells(plan: Plan, records: Records) -> tuple[Ints, Ints]:
    """By visit, the time for which its job was paused, and how much of it nobody of its team was there."""
    visits, spells = records.visits, records.spells
    idle, nobody = np.zeros(len(visits), dtype=np.int64), np.zeros(len(visits), dtype=np.int64)
    visit = spell_visits(plan, records)
    order = np.lexsort((spells.spell, visit))
    visit, begin, end = visit[order], spells.begin[order], spells.end[order]
    follows = np.flatnonzero(visit[1:] == visit[:-1])
    np.add.at(idle, visit[follows], begin[follows + 1] - end[follows])
    for team in range(len(plan.teams)):
        own = follows[plan.steps["team"][visits.step[visit[follows]]] == team]
        np.add.at(nobody, visit[own], nobody_there(plan, team).area(end[own], begin[own + 1]))
    return idle, nobody


def hours_by_stage(plan: Plan, records: Records, hours: VisitHours, items: Ints) -> pd.DataFrame:
    """Mean hours per item by stage (rows, in the order of the route) and part (columns), over the items given.

    A column ``rework`` says how much of it went into attempts after the first.
    """
    visits = records.visits
    chosen = np.isin(visits.item, items) & (visits.ended != NEVER)
    stages = np.array([name.stage for name in plan.step_names])[visits.step]
    frame = pd.DataFrame({name: part[chosen] for name, part in hours.parts.items()})
    frame["rework"] = np.where(visits.attempt > 0, hours.total(), 0)[chosen]
    means = frame.groupby(stages[chosen]).sum() / max(len(items), 1) / 3_600_000
    in_order = [key for key in plan.scenario.stages if key in means.index]
    return means.loc[in_order]
