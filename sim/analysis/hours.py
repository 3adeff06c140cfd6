"""Where the hours went: every visit's time split by what it was spent on, to the millisecond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.grouped import Groups, Rows
from sim.analysis.people import Jobs, nobody_there, spell_visits
from sim.analysis.series import Level
from sim.engine.records import NEVER, Records, Visits
from sim.plan.plan import Plan
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PARTS = ("working", "queueing", "nobody", "batch", "documents", "hold", "stock", "transit")
ALL = slice(None)
STRETCH = 2**16
OF_WORK = ("working", "queueing", "nobody")


@dataclass(frozen=True)
class VisitHours:
    """Milliseconds of each visit that ended, by part; they add up to ``ended - joined``.

    ``kinds``: by step, the position in PARTS of what it is for. A visit to a team's step (kind "working") is split
    further: ``idle`` is its time before the first start and while paused, ``nobody`` how much of that passed with
    nobody of the team on shift or at work in overtime. Visits under way count nothing. Both take four bytes where
    no wait can be longer than they hold (49 days).
    """

    kinds: NDArray[np.int8]
    visits: Visits
    idle: Ints | NDArray[np.uint32]
    nobody: Ints | NDArray[np.uint32]

    def total(self, rows: Rows | slice = ALL) -> Ints:
        """Milliseconds of the visits chosen."""
        ended = self.visits.ended[rows]
        total = ended - self.visits.joined[rows]
        total[ended == NEVER] = 0
        return total

    def part(self, name: str, rows: Rows | slice = ALL) -> Ints:
        """Milliseconds of the visits chosen that went into a part."""
        if name == "nobody":
            return self.nobody[rows].astype(np.int64)
        if name == "queueing":
            return (self.idle[rows] - self.nobody[rows]).astype(np.int64)
        own = self.kinds == PARTS.index(name)
        return np.asarray((self.total(rows) - self.idle[rows]) * own[self.visits.step[rows]])


def visit_hours(plan: Plan, records: Records, by_step: Groups, jobs: Jobs) -> VisitHours:
    """Split the time of every ended visit; ``by_step`` finds the visits to a step, ``jobs`` says who worked when."""
    visits = records.visits
    ended = visits.ended != NEVER
    kinds = np.array([PARTS.index(name.hours) for name in plan.step_names], dtype=np.int8)
    idle, nobody = np.zeros((2, len(visits)), dtype=np.uint32 if records.ended_ms < 2**32 else np.int64)
    absences = [nobody_there(plan, team, jobs) for team in range(len(plan.teams))]
    for step in np.flatnonzero((kinds == PARTS.index("working")) & (plan.steps["team"] >= 0)):
        rows = by_step.of(int(step))
        rows = rows[ended[rows]]
        joined, served = visits.joined[rows], visits.started[rows]
        never = np.flatnonzero(served == NEVER)
        served[never] = visits.ended[rows[never]]
        waited = np.flatnonzero(served != joined)
        rows, joined, served = rows[waited], joined[waited], served[waited]
        idle[rows] = served - joined
        absent = absences[plan.steps["team"][step]]
        if absent.levels.any():
            nobody[rows] = absent.areas(joined, served)
    _add_pauses(plan, records, absences, ended, idle, nobody)
    return VisitHours(kinds, visits, idle, nobody)


def _add_pauses(plan: Plan, records: Records, absences: list[Level], ended: Bools, idle: Ints, nobody: Ints) -> None:
    """The gaps between the spells of a job are idle time, too."""
    spells = records.spells
    visit = spell_visits(records)
    order = np.lexsort((spells.spell, visit))
    visit, begin, end = visit[order], spells.begin[order], spells.end[order]
    gaps = np.flatnonzero((visit[1:] == visit[:-1]) & ended[visit[1:]])
    np.add.at(idle, visit[gaps], (begin[gaps + 1] - end[gaps]).astype(idle.dtype))
    team = plan.steps["team"][records.visits.step[visit[gaps]]]
    for number in np.unique(team):
        own = gaps[team == number]
        np.add.at(nobody, visit[own], absences[number].areas(end[own], begin[own + 1]).astype(nobody.dtype))


def hours_by_step(hours: VisitHours, of_item: Bools) -> pd.DataFrame:
    """Milliseconds by step (rows) and part (columns), summed over the items chosen.

    A column ``rework`` says how much of it went into attempts after the first, ``visits`` how many of them ended.
    """
    sums = np.zeros((5, len(hours.kinds)))
    for first in range(0, len(hours.visits), STRETCH):
        sums += _stretch_by_step(hours, of_item, slice(first, first + STRETCH))
    total, idle, nobody, rework, visits = sums
    columns = {name: np.where(hours.kinds == number, total - idle, 0.0) for number, name in enumerate(PARTS)}
    columns |= {"queueing": idle - nobody, "nobody": nobody, "rework": rework, "visits": visits}
    return pd.DataFrame(columns)


def _stretch_by_step(hours: VisitHours, of_item: Bools, rows: slice) -> NDArray[np.float64]:
    """The sums of one stretch of visits; whole numbers below 2**53, so that adding them as floats is exact."""
    visits, steps = hours.visits, len(hours.kinds)
    chosen = of_item[visits.item[rows]] & (visits.ended[rows] != NEVER)
    step = np.where(chosen, visits.step[rows], steps)  # the others are counted as of one step more
    total, again = hours.total(rows), np.flatnonzero(visits.attempt[rows])
    values = total, hours.idle[rows], hours.nobody[rows]
    sums = [np.bincount(step, value, steps + 1) for value in values]
    sums += [np.bincount(step[again], total[again], steps + 1), np.bincount(step, minlength=steps + 1)]
    return np.array(sums, dtype=np.float64)[:, :steps]


def hours_by_stage(plan: Plan, by_step: pd.DataFrame, items: int) -> pd.DataFrame:
    """Mean hours per item by stage (rows, in the order of the scenario) and part (columns), from the sums by step."""
    stages = list(plan.scenario.stages)
    sums = by_step.groupby([name.stage for name in plan.step_names]).sum().reindex(stages).fillna(0)
    return sums[sums["visits"] > 0].drop(columns="visits") / max(items, 1) / HOUR_MS
