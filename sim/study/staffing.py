"""The cheapest staffing that keeps a promise: found, confirmed, and run again on fresh luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.hours import hours_by_stage
from sim.analysis.intervals import Estimate, estimate
from sim.analysis.run import Measure, Run
from sim.analysis.words import share
from sim.plan.compile import compile_file
from sim.study.evaluate import Evaluator, Point
from sim.study.paired import paired
from sim.study.question import STAFF_COST, Everything, Measures
from sim.study.roster import Limits, Roster, Rosters, rosters
from sim.study.search import ASK, PATTERNS, Search, Tried, moved
from sim.study.sweep import bottleneck
from sim.study.target import Target
from sim.words import studies as say
from sim.world.files import ScenarioFile
from sim.world.scenario import tasks_of
from sim.world.units import DAY_MS

SCREEN_REPLICATIONS = 3
SCREEN_DAYS, SCREEN_WARM_UP_DAYS = 7, 3
SMALL_ORDERS = 150_000
"""Up to so many orders a run is quick enough to be searched whole."""
STEADY = 0.1
"""Weeks whose orders differ by less than this share are alike, so that one stands for all."""
FINALISTS, FINALISTS_IF_LONG = 6, 2
FRESH = 1_000_000
"""What is added to the seed for the luck on which the winner is run again."""
EQUAL_COST = 0.01
"""Plans whose costs differ by less than this share cannot be told from one another."""


@dataclass(frozen=True)
class Staffing:
    """The answer of a search.

    ``roster`` is staff by post, ``settings`` make the scenario have it; ``cost`` (money a day) and ``kept`` (estimate of
    each target's measure, by the target in words) are those on fresh luck, ``verdicts`` what they say, ``screened``
    the same on the luck of the search, which is too good by the luck of having been chosen. ``equals`` are plans that
    cannot be told from it; ``frontier`` has every roster that was run in full (``cost``, the targets' measures,
    ``on_frontier``: none is cheaper and better). Where no roster within the limits keeps the targets ``roster`` is None,
    and ``stopped_by`` names the stage that stops it, in ``why``.
    """

    file: ScenarioFile
    targets: tuple[Target, ...]
    roster: dict[str, int | str] | None
    settings: tuple[str, ...]
    present: dict[str, int | str]
    present_cost: float
    fixed: tuple[str, ...]
    cost: Estimate | None
    kept: dict[str, Estimate]
    verdicts: dict[str, str]
    screened: dict[str, Estimate]
    equals: pd.DataFrame
    frontier: pd.DataFrame
    evaluations: int
    rosters_tried: int
    stopped_by: str = ""
    why: str = ""


def staff(
    file: ScenarioFile,
    targets: Sequence[Target],
    evaluate: Evaluator,
    limits: Limits | None = None,
    starts: Mapping[str, Sequence[str]] | None = None,
    seed: int = 1,
    replications: int = 10,
) -> Staffing:
    """Search for the cheapest roster whose targets are kept, confirm it, and run the winner on fresh luck.

    It begins from offered load and the square-root rule, is screened on few replications (of one week, where weeks
    are alike and runs are long), confirmed on the whole scenario, and the winner is run again on luck that had no part
    in its being chosen. No team is left with more work than it can do, even where the targets do not notice.

    Parameters
    ----------
    file
        The scenario; teams without a wage stay as they are.
    targets
        What has to be kept.
    evaluate
        Who runs it.
    limits, starts
        See :func:`sim.study.roster.rosters`.
    seed, replications
        The luck of search and confirmation, and how many replications confirm.

    Raises
    ------
    TargetError
        For targets, limits or starts that name nothing.

    """
    among = rosters(file, limits, starts, seed)
    small = screening(file, seed)
    long = small is not file
    patterns = PATTERNS if long else 2 * PATTERNS
    screen = Search(_on(among, small), targets, evaluate, seed, SCREEN_REPLICATIONS, patterns)
    ceiling = screen.run([among.ceiling])
    _ = [target.values(ceiling[0].runs) for target in targets] if ceiling else None  # names an unknown measure at once
    found = screen.reach(among.first) if ceiling else None
    if found is None:
        return _infeasible(among, targets, evaluate, screen, seed)
    best = screen.descend(found)
    if not long:
        screen.run(_around(best.roster, among))  # what a little more or less would bring, for the frontier
    whole = Search(among, targets, evaluate, seed, max(replications, 2))
    confirmed = [
        one
        for one in whole.run(_finalists(screen, best, FINALISTS_IF_LONG if long else FINALISTS))
        if one.margin(targets) >= 0
    ]
    if not confirmed:
        again = whole.reach(best.roster)
        if again is None:
            return _infeasible(among, targets, evaluate, whole, seed)
        confirmed = [again]
    confirmed.sort(key=lambda one: (one.cost, one.roster))
    winner, fresh = _first_that_holds(among, confirmed, targets, evaluate, seed + FRESH, whole.replications)
    return _answer(among, targets, evaluate, (screen, whole), confirmed, winner, fresh, seed)


def screening(file: ScenarioFile, seed: int = 1) -> ScenarioFile:
    """The scenario on which a search is made: a week of it, where weeks are alike and the whole is long."""
    clock = file.scenario.clock
    begin, end = clock.window_ms
    if end - begin <= SCREEN_DAYS * DAY_MS or clock.end == "drain":
        return file
    plan = compile_file(file, seed)
    orders = np.isin(plan.items.flow, [plan.flow_keys.index(key) for key in file.scenario.order_flows])
    at = plan.items.arrived[orders & ~plan.items.backlog]
    if len(at) <= SMALL_ORDERS:
        return file
    weeks = np.bincount((at[(at >= begin) & (at < end)] - begin) // (SCREEN_DAYS * DAY_MS))
    weeks = weeks[: (end - begin) // (SCREEN_DAYS * DAY_MS)]
    if np.ptp(weeks) > STEADY * weeks.mean():
        return file
    warm_up = min(begin, SCREEN_WARM_UP_DAYS * DAY_MS)
    length = warm_up + SCREEN_DAYS * DAY_MS + clock.length - end
    return file.changed(f"clock.warm_up={warm_up} ms", f"clock.measure={SCREEN_DAYS} d", f"clock.length={length} ms")


def _around(roster: Roster, among: Rosters) -> list[Roster]:
    """One more and one fewer in each post, and the way to where the search began and half as far beyond."""
    posts = range(len(among.free))
    way = [
        tuple(a + round((b - a) * part / 4) for a, b in zip(roster, among.first, strict=True))
        for part in (1, 2, 3, 4, 6)
    ]
    return [moved(roster, {post: step}) for post in posts for step in (1, -1)] + way


def _on(among: Rosters, file: ScenarioFile) -> Rosters:
    """The same rosters of another scenario."""
    return Rosters(**{**vars(among), "file": file})


def _finalists(screen: Search, best: Tried, most: int) -> list[Roster]:
    """The best, and the rosters nearest to it in cost that the screening did not rule out."""
    full = [one for one in screen.tried.values() if one is not None and len(one.runs) == screen.replications]
    open_ = [
        one
        for one in full
        if all(target.verdict(target.estimate(one.runs)) != say.NOT_KEPT for target in screen.targets)
    ]
    near = sorted(open_, key=lambda one: (abs(one.cost - best.cost), one.roster))[:most]
    return list(dict.fromkeys([best.roster, *(one.roster for one in near)]))[:most]


def _first_that_holds(
    among: Rosters, confirmed: list[Tried], targets: Sequence[Target], evaluate: Evaluator, seed: int, replications: int
) -> tuple[Tried, Tried]:
    """The cheapest that fresh luck does not refute, and its runs on that luck (else the one that comes nearest)."""
    again = Search(among, targets, evaluate, seed, replications)
    seen = []
    for one in confirmed:
        fresh = again.run([one.roster])[0]
        seen.append((one, fresh))
        if fresh.margin(targets) >= 0:
            return one, fresh
    return max(seen, key=lambda pair: pair[1].margin(targets))


def _answer(
    among: Rosters, targets: Sequence[Target], evaluate: Evaluator, searches: tuple[Search, Search],
    confirmed: list[Tried], winner: Tried, fresh: Tried, seed: int,
) -> Staffing:  # fmt: skip
    screen, whole = searches
    present = whole.run([among.present]) if among.allowed(among.present) else []
    kept = {str(target): target.estimate(fresh.runs) for target in targets}
    equals = [one for one in confirmed if one is not winner and _equal_cost(one, winner)]
    return Staffing(
        file=among.file,
        targets=tuple(targets),
        roster=among.words(winner.roster),
        settings=among.settings(winner.roster),
        present=among.words(among.present),
        present_cost=present[0].cost if present else float("nan"),
        fixed=tuple(post.key for post in among.fixed),
        cost=estimate([run[STAFF_COST].value for run in fresh.runs], "money"),
        kept=kept,
        verdicts={str(target): target.verdict(kept[str(target)]) for target in targets},
        screened={str(target): target.estimate(winner.runs) for target in targets},
        equals=_table(among, equals, targets),
        frontier=_frontier(among, screen, targets),
        evaluations=evaluate.counts.run + evaluate.counts.kept,
        rosters_tried=sum(one is not None and bool(one.runs) for one in screen.tried.values()),
    )


def _equal_cost(one: Tried, winner: Tried) -> bool:
    costs, others = ([run[STAFF_COST].value for run in tried.runs] for tried in (winner, one))
    gap = paired(costs, others, "money")
    return not gap.decided or abs(gap.difference) <= EQUAL_COST * winner.cost


def _table(among: Rosters, those: Sequence[Tried], targets: Sequence[Target]) -> pd.DataFrame:
    """Rosters with their cost and what they keep."""
    rows: list[dict[str, Any]] = [
        {"cost": one.cost, **{target.measure: float(np.mean(target.values(one.runs))) for target in targets}, **among.words(one.roster)}
        for one in those
    ]  # fmt: skip
    columns = ["cost", *(target.measure for target in targets), *(post.key for post in among.free)]
    return pd.DataFrame(rows, columns=list(dict.fromkeys(columns)))


def _frontier(among: Rosters, screen: Search, targets: Sequence[Target]) -> pd.DataFrame:
    full = [one for one in screen.tried.values() if one is not None and len(one.runs) == screen.replications]
    full.sort(key=lambda one: (one.cost, -one.margin(targets)))
    table = _table(among, full, targets)
    margins = np.array([one.margin(targets) for one in full])
    best_so_far = np.maximum.accumulate(margins) if len(margins) else margins
    first = np.concatenate([[True], best_so_far[1:] > best_so_far[:-1]]) if len(margins) else np.zeros(0, dtype=bool)
    table.insert(1, "on_frontier", first)
    table.insert(2, "kept", margins >= 0)
    return table


@dataclass(frozen=True)
class HoursByStage:
    """In which stage orders spend their time."""

    key: str = "hours by stage"

    def __call__(self, run: Run) -> Measures:
        """Mean hours of the finished orders by stage."""
        hours = hours_by_stage(run.plan, run.hours_by_step, len(run.ended_orders)).drop(
            columns="rework", errors="ignore"
        )
        return {str(stage): Measure(float(value), "h") for stage, value in hours.sum(axis=1).items()}


def _infeasible(among: Rosters, targets: Sequence[Target], evaluate: Evaluator, search: Search, seed: int) -> Staffing:
    """The answer where the targets are missed with every post at its limit."""
    file = among.scenario(among.ceiling) or among.file
    point = [Point(file, seed, 0)]
    stage, why = _stopped_by(file, evaluate(point, Everything()), evaluate(point, HoursByStage()))
    nothing = _table(among, [], targets)
    runs = evaluate.replications(file, seed, range(search.replications), ASK)
    kept = {str(target): target.estimate(runs) for target in targets}
    return Staffing(
        among.file, tuple(targets), None, (), among.words(among.present), float("nan"),
        tuple(post.key for post in among.fixed), None, kept, dict.fromkeys(kept, say.NOT_KEPT), {}, nothing,
        _frontier(among, search, targets), evaluate.counts.run + evaluate.counts.kept,
        sum(one is not None and bool(one.runs) for one in search.tried.values()), stage, why,
    )  # fmt: skip


def _stopped_by(file: ScenarioFile, found: list[Measures], hours: list[Measures]) -> tuple[str, str]:
    """The stage of a team that has more work than it can do, or else the one in which orders spend most of their time."""
    scenario = file.scenario
    team, load = bottleneck(found)
    if load >= 1:
        stages = [
            key for key, stage in scenario.stages.items() if any(task.team == team for _, task in tasks_of(stage))
        ]
        return stages[0], say.must_do(scenario.label("teams", team), share(load))
    spent = {stage: one.value for stage, one in hours[0].items()}
    stage = max(spent, key=lambda key: spent[key])
    part = share(spent[stage] / sum(spent.values()))
    return stage, say.time_there(part, f"{spent[stage]:.1f}")
