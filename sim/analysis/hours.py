"""Where the hours went: every visit's time split by what it was spent on, to the millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.grouped import Rows
from sim.analysis.people import spell_visits
from sim.analysis.series import Level
from sim.analysis.tables import compiled, fixed, stays
from sim.engine.records import NEVER, Records, Visits
from sim.plan.plan import NONE, Plan
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PARTS = ("working", "queueing", "nobody", "batch", "documents", "hold", "stock", "transit")
WORKING = PARTS.index("working")


@dataclass(frozen=True)
class VisitHours:
    """Milliseconds of each visit that ended, by part; they add up to ``ended - joined``.

    ``kinds``: by step, the position in PARTS of what it is for. A visit to a team's step is split further: it is idle
    before the first start and while paused; ``nobody`` is how much of that passed with nobody of the team on shift or at
    work in overtime, the rest is queueing. Visits under way count nothing. ``stays`` and ``split`` are the visits, and
    what says how much of them was idle, as the compiled passes read them.

    Rows asked for rise.
    """

    kinds: NDArray[np.int8]
    visits: Visits
    stays: Any
    split: Any

    def total(self, rows: Rows) -> Ints:
        """Milliseconds of the visits chosen."""
        ended = self.visits.ended[rows]
        total = ended - self.visits.joined[rows]
        total[ended == NEVER] = 0
        return total

    def idle_and_nobody(self, rows: Rows) -> tuple[Ints, Ints]:
        """For how many milliseconds the visits chosen were idle, and for how many of these with nobody there."""
        idle, nobody = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        compiled().idle_of(self.stays, self.split, fixed(rows), idle, nobody)
        return idle, nobody

    def part(self, name: str, rows: Rows) -> Ints:
        """Milliseconds of the visits chosen that went into a part."""
        idle, nobody = self.idle_and_nobody(rows)
        if name in ("nobody", "queueing"):
            return nobody if name == "nobody" else idle - nobody
        own = self.kinds == PARTS.index(name)
        return np.asarray((self.total(rows) - idle) * own[self.visits.step[rows]])


def visit_hours(plan: Plan, records: Records, away: Sequence[Level]) -> VisitHours:
    """What splits the time of visits; ``away`` says of each team when nobody is there."""
    kinds = np.array([PARTS.index(name.hours) for name in plan.step_names], dtype=np.int8)
    of_team = (kinds == WORKING) & (plan.steps["team"] >= 0)
    rows = [np.stack([level.times, level.levels, level.area_to(level.times)]) for level in away]
    some = [table if level.levels.any() else table[:, :0] for table, level in zip(rows, away, strict=True)]
    split = compiled().Split(
        fixed(np.where(of_team, plan.steps["team"], NONE)),
        fixed(np.cumsum([0, *(table.shape[1] for table in some)])),
        *(fixed(column) for column in np.concatenate([np.zeros((3, 0), dtype=np.int64), *some], axis=1)),
        fixed(_pauses(plan, records, away)),
    )
    return VisitHours(kinds, records.visits, stays(records.visits), split)


def _pauses(plan: Plan, records: Records, away: Sequence[Level]) -> Ints:
    """Of each visit that ended after a pause its row, for how long in all it was paused, and of that with nobody there.

    Pauses are the gaps between the spells.
    """
    spells = records.spells
    visit = spell_visits(records)
    order = np.lexsort((spells.spell, visit))
    visit, begin, end = visit[order], spells.begin[order], spells.end[order]
    gaps = np.flatnonzero((visit[1:] == visit[:-1]) & (records.visits.ended[visit[1:]] != NEVER))
    team, nobody = plan.steps["team"][records.visits.step[visit[gaps]]], np.zeros(len(gaps), dtype=np.int64)
    for number in np.unique(team):
        own = np.flatnonzero(team == number)
        nobody[own] = away[number].areas(end[gaps[own]], begin[gaps[own] + 1])
    paused, gap_of = np.unique(visit[gaps], return_inverse=True)
    found = np.zeros((len(paused), 3), dtype=np.int64)
    found[:, 0] = paused
    np.add.at(found[:, 1], gap_of, begin[gaps + 1] - end[gaps])
    np.add.at(found[:, 2], gap_of, nobody)
    return found


def hours_by_step(hours: VisitHours, of_item: Bools) -> pd.DataFrame:
    """Milliseconds by step (rows) and part (columns), summed over the items chosen.

    A column ``rework`` says how much of it went into attempts after the first, ``visits`` how many of them ended.
    """
    sums = np.zeros((5, len(hours.kinds)), dtype=np.int64)
    compiled().spent_by_step(hours.stays, hours.split, fixed(of_item, np.bool_), sums)
    total, idle, nobody, rework, visits = sums
    columns = {name: np.where(hours.kinds == number, total - idle, 0) for number, name in enumerate(PARTS)}
    columns |= {"queueing": idle - nobody, "nobody": nobody, "rework": rework, "visits": visits}
    return pd.DataFrame(columns, dtype=float)


def hours_by_stage(plan: Plan, by_step: pd.DataFrame, items: int) -> pd.DataFrame:
    """Mean hours per item by stage (rows, in the order of the scenario) and part (columns), from the sums by step."""
    stages = list(plan.scenario.stages)
    sums = by_step.groupby([name.stage for name in plan.step_names]).sum().reindex(stages).fillna(0)
    return sums[sums["visits"] > 0].drop(columns="visits") / max(items, 1) / HOUR_MS
