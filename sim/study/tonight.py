"""Tonight: from a snapshot of the floor to when it is clear, who misses a promise, and who should move where."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.checks import check
from sim.analysis.intervals import CONFIDENCE, Estimate, estimate
from sim.analysis.night import AT_ALL_HOURS, Night, night_of
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.engine.records import NEVER
from sim.plan.compile import compile_file
from sim.study.replicate import Settings
from sim.world.calendar import Shift
from sim.world.errors import ScenarioError, nearest
from sim.world.files import ScenarioFile, load
from sim.world.scenario import Scenario, tasks_of
from sim.world.tables import read_csv
from sim.world.teams import Team
from sim.world.units import HOUR_MS

Progress = Callable[[float], None]
DAYS_OF_ORDERS = 2
TIGHT_TEAMS, IDLE_SHIFTS = 2, 3


@dataclass(frozen=True)
class Move:
    """One person of ``source``, for the hours of one of its shifts ('' = at all hours), works for ``target`` instead."""

    source: str
    shift: str
    target: str


@dataclass(frozen=True)
class Moved:
    """What a move changes, with the same orders and the same luck: hours until clear, and orders late."""

    move: Move
    clear_h: Estimate
    late: Estimate


@dataclass(frozen=True)
class Tonight:
    """The answer for one snapshot.

    ``clear_h``: hours from the start until the last of its orders is dispatched (infinite: not in every replication).
    ``late``: how many of its orders miss the ``promise`` in hand, the one that most of them miss.
    ``orders``: a row each, the most endangered first: ``order``, ``flow``, ``stage``, ``goods_class``, ``placed``,
    and of the replications: ``dispatched`` and ``delivered`` (mean moment of those in which it was; NaT = never),
    ``lost`` (share), and for each promise ``late.<key>`` (share), ``late_low.<key>`` and ``late_high.<key>``.
    ``teams``: by team ``waited_h`` (these orders, all together) and ``idle_h`` (person-hours until clear).
    ``moves``: the moves that were tried, the best first.
    """

    file: ScenarioFile
    settings: Settings
    clear_h: Estimate
    promise: str | None
    late: Estimate | None
    orders: pd.DataFrame
    teams: pd.DataFrame
    moves: tuple[Moved, ...]


def snapshot_file(
    scenario: Path,
    backlog: Path,
    at: datetime | None = None,
    days: float = DAYS_OF_ORDERS,
    settings: Sequence[str] = (),
    stock: Path | None = None,
) -> ScenarioFile:
    """A scenario that starts from a snapshot and goes on until all of it has left.

    Parameters
    ----------
    scenario
        The scenario's file.
    backlog
        The snapshot, a CSV file (``sim.world.backlog.Backlog``).
    at
        When it was taken (default: the scenario's own start).
    days
        For how long new orders keep coming.
    settings
        ``path=value`` settings of the caller's own.
    stock
        What lies in stock, a CSV file with the columns ``sku`` and ``units``; a SKU that it does not name has none.

    Raises
    ------
    ScenarioError
        For a scenario or a snapshot with a mistake in it, by file and line.

    """
    before = load(scenario, settings).scenario
    start = at or before.clock.start
    on_hand = [] if stock is None else [f"stock.on_hand={json.dumps({'units': _units_of(stock, before)})}"]
    named = f"backlog={json.dumps({'orders': str(backlog.resolve())}, ensure_ascii=False)}"
    clock = f"clock={{start: {start.isoformat(sep=' ')}, length: {days:g} d, end: drain}}"
    try:
        return load(scenario, [*settings, *on_hand, clock, "start={}", named])
    except ScenarioError as error:
        # The place of the snapshot is the file itself, and not the setting by which it came in.
        prefixes = (f"--set {named}: backlog.orders: ", f"--set {named}: backlog: ")
        raise ScenarioError(*(_without(finding, prefixes) for finding in error.findings)) from None


def _units_of(path: Path, scenario: Scenario) -> dict[str, int]:
    """Units by SKU from a snapshot of the stock; what is wrong with it is named by file and line."""
    if scenario.stock is None:
        raise ScenarioError(f"{path}: the scenario has no stock: say stock, with its SKUs")
    try:
        table = read_csv(path)
        skus = table.column("sku", str.strip, "the key of a SKU")
        units = table.column("units", _whole_units, "a whole number of units")
    except ValueError as error:
        raise ScenarioError(str(error)) from None
    for number, (sku, line) in enumerate(zip(skus, table.lines, strict=True)):
        if sku not in scenario.stock.sku_keys:
            raise ScenarioError(f"{path}, line {line}: no SKU '{sku}'{nearest(sku, scenario.stock.sku_keys)}")
        if sku in skus[:number]:
            raise ScenarioError(
                f"{path}, line {line}: SKU '{sku}' stands on line {table.lines[skus.index(sku)]} already"
            )
    return dict(zip(skus, units, strict=True))


def _whole_units(text: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError(text)
    return int(text)


def _without(text: str, prefixes: Sequence[str]) -> str:
    return next((text.removeprefix(prefix) for prefix in prefixes if text.startswith(prefix)), text)


def tonight(file: ScenarioFile, settings: Settings | None = None, progress: Progress | None = None) -> Tonight:
    """Say when the floor is clear, which orders miss their promise, and who should move where.

    Parameters
    ----------
    file
        A scenario with a snapshot (:func:`snapshot_file`).
    settings
        Seed, replications, engine.
    progress
        Called now and then with the share that is done.

    Raises
    ------
    ScenarioError
        For a scenario that cannot be run, or has no snapshot.
    CheckError
        For a run that breaks a law.

    """
    if file.scenario.backlog is None:
        raise ScenarioError("backlog: there is no snapshot to start from")
    settings = settings or Settings()
    nights = list(_nights(file, settings))
    _say(progress, 0.3)
    promise = _promise_in_hand(file.scenario, nights)
    teams = _teams(file.scenario, nights)
    moves = list(_moves_to_try(file.scenario, nights, teams))
    moved = []
    for number, move in enumerate(moves, 1):
        others = _nights(replace(file, scenario=with_moved(file.scenario, move)), settings)
        moved.append(_difference(move, nights, list(others), promise))
        _say(progress, 0.3 + 0.7 * number / len(moves))
    return Tonight(
        file=file,
        settings=settings,
        clear_h=estimate([_clear_h(night) for night in nights], "h"),
        promise=promise,
        late=None if promise is None else estimate([_late(night, promise) for night in nights], "items"),
        orders=_orders(file.scenario, nights, promise),
        teams=teams,
        moves=tuple(sorted(moved, key=lambda one: (one.late.mean, one.clear_h.mean))),
    )


def with_moved(scenario: Scenario, move: Move) -> Scenario:
    """The scenario with one person working for another team, in the same hours."""
    source, target = scenario.teams[move.source], scenario.teams[move.target]
    if move.shift == AT_ALL_HOURS:
        hours = _all_day(1)
        fewer = source.model_copy(update={"staff": (source.staff or 0) - 1})
    else:
        hours = source.shifts[move.shift]
        left = hours.model_copy(update={"staff": hours.staff - 1})
        fewer = source.model_copy(update={"shifts": {**source.shifts, move.shift: left}})
    own = target.shifts or {"own": _all_day(target.staff or 0)}
    guest = {f"from_{move.source}_{move.shift}": hours.model_copy(update={"staff": 1})}
    more = target.model_copy(update={"staff": None, "shifts": {**own, **guest}, "overlap": "add"})
    return scenario.model_copy(update={"teams": {**scenario.teams, move.source: fewer, move.target: more}})


def _all_day(staff: int) -> Shift:
    return Shift.model_validate({"from": "00:00", "to": "24:00", "staff": staff})


def _nights(file: ScenarioFile, settings: Settings) -> Iterator[Night]:
    for number in range(settings.replications):
        plan = compile_file(file, settings.seed, number)
        run = Run(plan, run_engine(plan, settings.engine))
        check(run)
        yield night_of(run)


def _clear_h(night: Night) -> float:
    return math.inf if night.clear_ms == NEVER else night.clear_ms / HOUR_MS


def _late(night: Night, promise: str | None) -> float:
    if promise is None:
        return math.nan
    return float(sum(verdict is not None and bool(verdict) for verdict in night.orders[f"late.{promise}"]))


def _promise_in_hand(scenario: Scenario, nights: Sequence[Night]) -> str | None:
    """The promise of dispatch that most of these orders miss; of delivery, where none is of dispatch."""
    dispatch = [key for key, promise in scenario.promises.items() if promise.to == "dispatched"]
    keys = dispatch or list(scenario.promises)
    return max(keys, key=lambda key: sum(_late(night, key) for night in nights), default=None)


def _teams(scenario: Scenario, nights: Sequence[Night]) -> pd.DataFrame:
    idle = {
        key: float(np.mean([sum(h for (team, _), h in night.idle_h.items() if team == key) for night in nights]))
        for key in scenario.teams
    }
    waited = {key: float(np.mean([night.waited_h[key] for night in nights])) for key in scenario.teams}
    table = pd.DataFrame({"waited_h": waited, "idle_h": idle}).rename_axis("team")
    return table.sort_values("waited_h", ascending=False, kind="stable")


def _moves_to_try(scenario: Scenario, nights: Sequence[Night], teams: pd.DataFrame) -> Iterator[Move]:
    """From the shifts that are idle the longest to the teams that are waited for the longest.

    Only people on the payroll move: a team without a wage is a machine, or customs' own, unless no team has one.
    """
    paid = [key for key, team in scenario.teams.items() if team.wage > 0] or list(scenario.teams)
    targets = [str(key) for key in teams.index if key in paid and teams["waited_h"][key] > 0][:TIGHT_TEAMS]
    idle = {place: float(np.mean([night.idle_h[place] for night in nights])) for place in nights[0].idle_h}
    places = sorted((p for p in idle if p[0] in paid and idle[p] > 0), key=lambda place: -idle[place])
    for target in targets:
        sources = [(team, shift) for team, shift in places if team != target and _spares_one(scenario, team, shift)]
        yield from (Move(team, shift, target) for team, shift in sources[:IDLE_SHIFTS])


def _spares_one(scenario: Scenario, key: str, shift: str) -> bool:
    """Whether one may leave a shift: somebody is on it, and crews still find enough people."""
    team: Team = scenario.teams[key]
    there = team.shifts[shift].staff if shift else team.staff or 0
    crews = [task.crew for stage in scenario.stages.values() for _, task in tasks_of(stage) if task.team == key]
    return there - 1 >= max(crews, default=1) or (there == 1 and len(team.shifts) > 1)


def _difference(move: Move, nights: Sequence[Night], others: Sequence[Night], promise: str | None) -> Moved:
    """Means of the paired differences; a pair in which the floor is never clear says nothing of when."""
    pairs = list(zip(nights, others, strict=True))
    both = [_clear_h(b) - _clear_h(a) for a, b in pairs if NEVER not in (a.clear_ms, b.clear_ms)]
    late = [_late(b, promise) - _late(a, promise) for a, b in pairs]
    return Moved(move, estimate(both, "h"), estimate(late, "items"))


def _orders(scenario: Scenario, nights: Sequence[Night], promise: str | None) -> pd.DataFrame:
    first, start = nights[0].orders, scenario.clock.start
    table = first[["order", "flow", "stage", "goods_class"]].copy()
    table["placed"] = pd.Timestamp(start) + pd.to_timedelta(first["placed_ms"], unit="ms")
    for name in ("dispatched", "delivered"):
        at_ms = np.stack([night.orders[f"{name}_ms"].to_numpy(dtype=np.float64) for night in nights])
        reached = at_ms != NEVER
        mean = np.where(reached, at_ms, 0).sum(axis=0) / np.maximum(reached.sum(axis=0), 1)
        moment = pd.Timestamp(start) + pd.to_timedelta(pd.Series(mean.round()), unit="ms")
        table[name] = moment.where(reached.any(axis=0))
    table["lost"] = np.mean([night.orders["lost"] for night in nights], axis=0)
    for key in scenario.promises:
        table = table.assign(**_chances(key, [night.orders[f"late.{key}"] for night in nights]))
    order = [] if promise is None else [f"late.{promise}"]
    return table.sort_values([*order, "placed"], ascending=[False] * len(order) + [True], ignore_index=True)


def _chances(key: str, runs: Sequence[pd.Series]) -> dict[str, list[float]]:
    """Share of replications in which each order misses a promise, with Wilson's interval (1927)."""
    shares: dict[str, list[float]] = {f"late.{key}": [], f"late_low.{key}": [], f"late_high.{key}": []}
    for verdicts in zip(*runs, strict=True):
        known = [bool(verdict) for verdict in verdicts if verdict is not None]
        for column, value in zip(shares.values(), _chance(sum(known), len(known)), strict=True):
            column.append(value)
    return shares


@cache
def _chance(late: int, runs: int) -> tuple[float, float, float]:
    if not runs:
        return math.nan, math.nan, math.nan
    from scipy import stats  # takes half a second to load, and no other command needs it

    low, high = stats.binomtest(late, runs).proportion_ci(CONFIDENCE, "wilson")
    return late / runs, float(low), float(high)


def _say(progress: Progress | None, done: float) -> None:
    if progress is not None:
        progress(done)
