"""Where the hours went: every visit's time split by what it was spent on, to the millisecond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
WORKING = PARTS.index("working")
ALL = slice(None)
STRETCH = 2**16


@dataclass(frozen=True)
class VisitHours:
    """Milliseconds of each visit that ended, by part; they add up to ``ended - joined``.

    ``kinds``: by step, the position in PARTS of what it is for. A visit to a team's step (``of_team``, by step) is split
    further: it is idle before the first start and while paused, and ``nobody`` is how much of that passed with
    nobody of the team on shift or at work in overtime. Visits under way count nothing. ``nobody`` takes four bytes where
    no wait can be longer than they hold (49 days). ``paused`` are the rows that were paused, rising, and for how long.

    Rows asked for are a stretch, or rise.
    """

    kinds: NDArray[np.int8]
    of_team: Bools
    visits: Visits
    nobody: Ints | NDArray[np.uint32]
    paused: tuple[Ints, Ints]

    def total(self, rows: Rows | slice = ALL) -> Ints:
        """Milliseconds of the visits chosen."""
        ended = self.visits.ended[rows]
        total = ended - self.visits.joined[rows]
        total[ended == NEVER] = 0
        return total

    def total_and_idle(self, rows: Rows | slice = ALL) -> tuple[Ints, Ints]:
        """Milliseconds of the visits chosen, and how many of them were idle."""
        joined, started, ended = (
            column[rows] for column in (self.visits.joined, self.visits.started, self.visits.ended)
        )
        total, idle = ended - joined, started - joined
        under_way, never_begun = np.flatnonzero(ended == NEVER), np.flatnonzero(started == NEVER)
        total[under_way] = 0
        idle[never_begun] = total[never_begun]
        idle[under_way] = 0
        idle *= self.of_team[self.visits.step[rows]]
        places, ms = self._paused_among(rows, len(total))
        idle[places] += ms
        return total, idle

    def _paused_among(self, rows: Rows | slice, count: int) -> tuple[Ints, Ints]:
        """Where among the rows chosen those are that were paused, and for how long."""
        paused, ms = self.paused
        if isinstance(rows, slice):
            begin, _, _ = rows.indices(len(self.visits))
            chosen = slice(*np.searchsorted(paused, (begin, begin + count)))
            return paused[chosen] - begin, ms[chosen]
        places = np.searchsorted(rows, paused)
        found = np.flatnonzero(places < count)
        found = found[rows[places[found]] == paused[found]]
        return places[found], ms[found]

    def part(self, name: str, rows: Rows | slice = ALL) -> Ints:
        """Milliseconds of the visits chosen that went into a part."""
        if name == "nobody":
            return self.nobody[rows].astype(np.int64)
        total, idle = self.total_and_idle(rows)
        if name == "queueing":
            return np.asarray(idle - self.nobody[rows], dtype=np.int64)
        own = self.kinds == PARTS.index(name)
        return np.asarray((total - idle) * own[self.visits.step[rows]])


def visit_hours(plan: Plan, records: Records, by_step: Groups, jobs: Jobs) -> VisitHours:
    """Split the time of every ended visit; ``by_step`` finds the visits to a step, ``jobs`` says who worked when."""
    visits = records.visits
    kinds = np.array([PARTS.index(name.hours) for name in plan.step_names], dtype=np.int8)
    of_team = (kinds == WORKING) & (plan.steps["team"] >= 0)
    nobody: Any = np.zeros(len(visits), dtype=np.uint32 if records.ended_ms < 2**32 else np.int64)
    absences = [nobody_there(plan, team, jobs) for team in range(len(plan.teams))]
    for step in np.flatnonzero(of_team):
        absent = absences[plan.steps["team"][step]]
        if absent.levels.any():
            rows, joined, served = _waiting(visits, by_step.of(int(step)))
            nobody[rows] = absent.areas(joined, served)
    return VisitHours(kinds, of_team, visits, nobody, _pauses(plan, records, absences, nobody))


def _waiting(visits: Visits, rows: Rows) -> tuple[Rows, Ints, Ints]:
    """Which of these visits ended after a wait before the first start, from when to when."""
    joined, served, ended = visits.joined[rows], visits.started[rows], visits.ended[rows]
    never = np.flatnonzero(served == NEVER)
    served[never] = ended[never]
    waited = np.flatnonzero((served != joined) & (ended != NEVER))
    return rows[waited], joined[waited], served[waited]


def _pauses(plan: Plan, records: Records, absences: list[Level], nobody: Ints) -> tuple[Ints, Ints]:
    """The rows of visits that ended after a pause, and for how long in all they were paused: the gaps between the spells.

    What of that passed with nobody there is added to ``nobody``.
    """
    spells = records.spells
    visit = spell_visits(records)
    order = np.lexsort((spells.spell, visit))
    visit, begin, end = visit[order], spells.begin[order], spells.end[order]
    gaps = np.flatnonzero((visit[1:] == visit[:-1]) & (records.visits.ended[visit[1:]] != NEVER))
    team = plan.steps["team"][records.visits.step[visit[gaps]]]
    for number in np.unique(team):
        own = gaps[team == number]
        np.add.at(nobody, visit[own], absences[number].areas(end[own], begin[own + 1]).astype(nobody.dtype))
    paused, gap_of = np.unique(visit[gaps], return_inverse=True)
    ms = np.zeros(len(paused), dtype=np.int64)
    np.add.at(ms, gap_of, begin[gaps + 1] - end[gaps])
    return paused, ms


def hours_by_step(hours: VisitHours, of_item: Bools) -> pd.DataFrame:
    """Milliseconds by step (rows) and part (columns), summed over the items chosen.

    A column ``rework`` says how much of it went into attempts after the first, ``visits`` how many of them ended.
    """
    sums = np.zeros((5, len(hours.kinds)))
    for rows in stretches(hours.visits):
        sums += _stretch_by_step(hours, of_item, rows)
    total, idle, nobody, rework, visits = sums
    columns = {name: np.where(hours.kinds == number, total - idle, 0.0) for number, name in enumerate(PARTS)}
    columns |= {"queueing": idle - nobody, "nobody": nobody, "rework": rework, "visits": visits}
    return pd.DataFrame(columns)


def stretches(visits: Visits) -> Iterator[slice]:
    """All visits, so many at a time that what is made of them fits the processor's caches."""
    for first in range(0, len(visits), STRETCH):
        yield slice(first, first + STRETCH)


def _stretch_by_step(hours: VisitHours, of_item: Bools, rows: slice) -> NDArray[np.float64]:
    """The sums of one stretch of visits; whole numbers below 2**53, so that adding them as floats is exact."""
    visits, steps = hours.visits, len(hours.kinds)
    chosen = of_item[visits.item[rows]] & (visits.ended[rows] != NEVER)
    step = np.where(chosen, visits.step[rows], steps)  # the others are counted as of one step more
    (total, idle), again = hours.total_and_idle(rows), np.flatnonzero(visits.attempt[rows])
    values = total, idle, hours.nobody[rows]
    sums = [np.bincount(step, value, steps + 1) for value in values]
    sums += [np.bincount(step[again], total[again], steps + 1), np.bincount(step, minlength=steps + 1)]
    return np.array(sums, dtype=np.float64)[:, :steps]


def hours_by_stage(plan: Plan, by_step: pd.DataFrame, items: int) -> pd.DataFrame:
    """Mean hours per item by stage (rows, in the order of the scenario) and part (columns), from the sums by step."""
    stages = list(plan.scenario.stages)
    sums = by_step.groupby([name.stage for name in plan.step_names]).sum().reindex(stages).fillna(0)
    return sums[sums["visits"] > 0].drop(columns="visits") / max(items, 1) / HOUR_MS
