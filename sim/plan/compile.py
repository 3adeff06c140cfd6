"""From a Scenario, a seed and a replication to a Plan: the only place where random numbers are drawn."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.plan.demand import Address, Demand, demand_of, drawn_items, expected_items
from sim.plan.draws import parts_per_million, uniforms
from sim.plan.plan import (
    DEPARTURE,
    DUE_DATE,
    FINISH,
    FIRST_COME,
    GATE,
    NONE,
    OPEN,
    PAUSE,
    PER_MILLE,
    PPM,
    PRIORITY,
    RATE,
    STAFF,
    STEP,
    TEAM,
    Items,
    Plan,
    StepName,
    StepRow,
    Table,
)
from sim.plan.programme import Programme, programme_of
from sim.plan.routes import DOCUMENTS, order_data_of, routes_of
from sim.plan.steps import Branch, Chance, DrawnTime, Gate, Kind, Leave, Meet, Route, Step, Wait, Work
from sim.world.arrivals import FixedTimes
from sim.world.calendar import lowest_within
from sim.world.errors import ScenarioError
from sim.world.scenario import Scenario
from sim.world.stages import Delivery, Trucks
from sim.world.teams import Absent, Team

Ints = NDArray[np.int64]
LONGEST_MS = 2**32 - 1
KINDS = {Work: Kind.WORK, Wait: Kind.WAIT, Gate: Kind.GATE, Branch: Kind.BRANCH, Meet: Kind.MEET, Leave: Kind.LEAVE}
END_RULES = {"finish": FINISH, "pause": PAUSE}
ORDERS = {"first_come": FIRST_COME, "priority": PRIORITY, "due_date": DUE_DATE}
FAR_MS = 2**62
UNPROMISED_MS = 2**50
BYTES_PER_VISIT = 56
SHARE_OF_MEMORY = 0.8


def compile_plan(scenario: Scenario, seed: int = 1, replication: int = 0) -> Plan:
    """Turn a scenario into the Plan of one replication.

    Parameters
    ----------
    scenario
        The checked world.
    seed, replication
        Where the random numbers are; the same pair gives the same Plan on every machine.

    Raises
    ------
    ScenarioError
        For a volume that would not fit in memory, a demand without orders, a loop without end,
        or a drawn time of 49 days or more.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line")).scenario)
    >>> [name.key for name in plan.step_names]
    ['counter.work', 'leave.delivered']

    """
    routes = routes_of(scenario)
    programme = programme_of(routes)
    _refuse_too_large(scenario, programme)
    crowds = _crowds(scenario, seed, replication)
    pool = _Pool(scenario, seed, replication, crowds)
    names = _Names.of(scenario, programme)
    rates = _Rates()
    steps = _step_table(programme, names, pool, rates)
    slots = int(max(steps["visit_slot"].max(initial=-1), steps["taken_slot"].max(initial=-1))) + 1
    end_ms = scenario.clock.end_ms
    return Plan(
        scenario=scenario,
        seed=seed,
        replication=replication,
        end_ms=end_ms,
        drain=scenario.clock.end == "drain",
        items=_items(scenario, crowds, routes, programme, names),
        steps=_frozen(steps),
        teams=_frozen(_team_table(scenario)),
        staff=_frozen(_staff_table(scenario, seed, replication, end_ms)),
        helpers=_helpers(scenario),
        gates=_frozen(_gate_table(scenario, names)),
        departures=_frozen(_departure_table(scenario, names, end_ms)),
        rates=_frozen(rates.table(end_ms)),
        calendars=_frozen(_calendar_table(scenario, end_ms)),
        draws=_frozen(pool.joined()),
        slots=slots,
        step_names=tuple(_step_name(flow, step) for flow, step in programme.steps),
        flow_keys=names.flows,
        team_keys=names.teams,
        class_keys=names.classes,
        gate_keys=names.gates,
    )


def _frozen(table: Table) -> Table:
    table.flags.writeable = False
    return table


def _step_name(flow: str, step: Step) -> StepName:
    hours = step.hours if isinstance(step, Wait) else {Gate: "batch", Meet: "documents"}.get(type(step), "working")
    return StepName(flow, step.stage, step.key, step.words, hours)


@dataclass(frozen=True)
class _Names:
    """The order in which flows, teams, classes, gates and calendars are numbered."""

    flows: tuple[str, ...]
    teams: tuple[str, ...]
    classes: tuple[str, ...]
    gates: tuple[str, ...]
    calendars: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario, programme: Programme) -> _Names:
        flows = tuple(dict.fromkeys(flow for flow, _ in programme.steps))
        classes = tuple(dict.fromkeys(name for flow in scenario.flows.values() for name in flow.classes))
        gates = tuple(dict.fromkeys(step.gate for _, step in programme.steps if isinstance(step, Gate)))
        return cls(flows, tuple(scenario.teams), classes, gates, tuple(scenario.calendars))


@dataclass(frozen=True)
class _Crowd:
    """All items of one flow: the ones that arrive, then the ones that were there before, each at its own address."""

    arriving: Demand
    waiting: Demand
    waiting_at: tuple[str, ...]
    address: str

    @property
    def count(self) -> int:
        return len(self.arriving.arrived) + len(self.waiting.arrived)

    def joined(self, column: str) -> NDArray[np.int64]:
        return np.concatenate([getattr(self.arriving, column), getattr(self.waiting, column)])

    def uniforms(self, seed: int, replication: int, purpose: str, attempt: int) -> NDArray[np.float64]:
        new = uniforms(seed, replication, f"{self.address}/{purpose}", len(self.arriving.arrived), attempt)
        if not self.waiting_at:
            return new
        old = uniforms(seed, replication, f"{self.address}.backlog/{purpose}", len(self.waiting.arrived), attempt)
        return np.concatenate([new, old])


def _crowds(scenario: Scenario, seed: int, replication: int) -> dict[str, _Crowd]:
    """Who comes, flow by flow; a flow's documents are the same crowd as its goods."""
    crowds = {}
    for key, flow in scenario.flows.items():
        address = flow.demand or key
        arriving = demand_of(flow, scenario.clock, Address(seed, replication, address))
        waiting_at = tuple(stage for stage, count in scenario.start.get(key, {}).items() for _ in range(count))
        before = Address(seed, replication, f"{address}.backlog")
        waiting = drawn_items(flow, np.zeros(len(waiting_at), dtype=np.int64), before)
        crowds[key] = _Crowd(arriving, waiting, waiting_at, address)
    if not any(crowd.count for crowd in crowds.values()):
        raise ScenarioError("flows: nothing arrives within the clock, and nothing is there at the start")
    return crowds


def _refuse_too_large(scenario: Scenario, programme: Programme) -> None:
    """Estimate the memory of draws and records before anything is drawn."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for key, flow in scenario.flows.items():
        items = expected_items(flow, scenario.clock) + sum(scenario.start.get(key, {}).values())
        own = [
            visits
            for (owner, _), visits in zip(programme.steps, programme.visits, strict=True)
            if owner in (key, key + DOCUMENTS)
        ]
        needed = items * (4 * sum(own) + BYTES_PER_VISIT * len(own))
        if needed > SHARE_OF_MEMORY * machine:
            raise ScenarioError(
                f"flows.{key}: about {items:,.0f} items would need about {needed / 1e9:,.0f} GB of memory;"
                f" this machine has {machine / 1e9:,.0f} GB. Shorten clock.length or lower the arrivals"
            )


class _Pool:
    """The drawn numbers of all steps, one after another; the same purpose is drawn once."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, crowds: dict[str, _Crowd]) -> None:
        self.scenario, self.seed, self.replication, self.crowds = scenario, seed, replication, crowds
        self.parts: list[NDArray[np.uint32]] = []
        self.size = 0
        self.known: dict[tuple[str, str], tuple[int, int, int]] = {}

    def joined(self) -> NDArray[np.uint32]:
        return np.concatenate([*self.parts, np.zeros(1, dtype=np.uint32)])

    def numbers(self, flow: str, purpose: str, attempts: int) -> tuple[int, int, int]:
        """Where the numbers of a branch begin, their distance by item, and by attempt."""
        if (flow, purpose) not in self.known:
            crowd = self._crowd(flow)
            rows = [
                parts_per_million(crowd.uniforms(self.seed, self.replication, purpose, attempt))
                for attempt in range(attempts)
            ]
            self.known[flow, purpose] = self._add(rows)
        return self.known[flow, purpose]

    def times(self, flow: str, key: str, time: DrawnTime, attempts: int) -> tuple[int, int, int]:
        """Where the times of a step begin, their distance by item, and by attempt."""
        crowd = self._crowd(flow)
        alike = all(part.is_constant and per == "order" for _, part, per in time.parts) and not time.factors
        if alike:
            total = [part.mean_ms for _, part, _ in time.parts]
            combined = sum(total) if time.combine == "sum" else max(total)
            row = _whole_ms(np.array([combined / time.shared_by]), key)
            self._append(row)
            return self.size - 1, 0, 0
        return self._add([self._drawn_ms(flow, crowd, key, time, attempt) for attempt in range(attempts)])

    def _crowd(self, flow: str) -> _Crowd:
        return self.crowds[flow.removesuffix(DOCUMENTS)]

    def _drawn_ms(self, flow: str, crowd: _Crowd, key: str, time: DrawnTime, attempt: int) -> NDArray[np.uint32]:
        total = np.zeros(crowd.count)
        for purpose, part, per in time.parts:
            if part.is_constant:
                drawn = np.full(crowd.count, part.mean_ms)
            else:
                drawn = part.ppf_ms(crowd.uniforms(self.seed, self.replication, purpose, attempt))
            drawn = drawn * self._multiple(flow, crowd, per)
            total = np.maximum(total, drawn) if time.combine == "longest" else total + drawn
        return _whole_ms(total * self._factors(flow, crowd, time) / time.shared_by, key)

    def _multiple(self, flow: str, crowd: _Crowd, per: str) -> NDArray[np.float64]:
        if per == "order":
            return np.ones(crowd.count)
        if per == "carton":
            return np.ceil(crowd.joined("units") / self.scenario.flows[flow.removesuffix(DOCUMENTS)].units_per_carton)
        return crowd.joined(f"{per}s").astype(np.float64)

    def _factors(self, flow: str, crowd: _Crowd, time: DrawnTime) -> NDArray[np.float64]:
        factors = dict(time.factors)
        by_class = [factors.get(name, 1.0) for name in self.scenario.flows[flow.removesuffix(DOCUMENTS)].classes]
        return np.array(by_class)[crowd.joined("goods_class")]

    def _add(self, rows: list[NDArray[np.uint32]]) -> tuple[int, int, int]:
        begin = self.size
        for row in rows:
            self._append(row)
        return begin, 1, len(rows[0])

    def _append(self, row: NDArray[np.uint32]) -> None:
        self.parts.append(row)
        self.size += len(row)


def _whole_ms(times: NDArray[np.float64], key: str) -> NDArray[np.uint32]:
    """Rounded up to whole milliseconds, once, and at least 1."""
    if times.max(initial=0.0) > LONGEST_MS:
        raise ScenarioError(
            f"stages.{key}: a drawn time of {times.max() / 86_400_000:,.0f} days; 49 days is the longest that fits"
        )
    # What floating point adds to a whole number must not become a millisecond of its own.
    return np.maximum(np.ceil(np.round(times, 6)), 1).astype(np.uint32)


class _Rates:
    """The shares of all branches as rates in parts per million, numbered as they come."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int]] = []
        self.count = 0

    def add(self, chance: Chance, classes: Iterable[str]) -> tuple[int, int]:
        """The number of the first rate, and 1 if there is one for each class."""
        first = self.count
        shares = dict(chance.by_class)
        lists = [((0, shares.get(name, 0.0)),) for name in classes] if shares else [chance.all_classes]
        for changes in lists:
            self.rows += [(at, self.count, round(share * PPM)) for at, share in changes]
            self.count += 1
        return first, int(bool(shares))

    def table(self, end_ms: int) -> Table:
        """Changes of rates sorted by time; cut before the end of the run."""
        return np.array(sorted(row for row in self.rows if row[0] < end_ms), dtype=RATE)


def _step_table(programme: Programme, names: _Names, pool: _Pool, rates: _Rates) -> Table:
    """One row for each step."""
    steps = np.full((len(programme.steps), len(StepRow._fields)), NONE, dtype=np.int64).view(STEP)[:, 0]
    slot = 0
    for number, (flow, step) in enumerate(programme.steps):
        row, visits = steps[number], programme.visits[number]
        row["kind"], row["next"] = KINDS[type(step)], programme.follows[number]
        if visits > 1 and isinstance(step, (Work, Wait, Gate, Branch, Meet)):
            row["visit_slot"], slot = slot, slot + 1
        match step:
            case Work():
                _fill_work(row, flow, step, programme, names, pool, visits)
            case Wait():
                row["calendar"] = NONE if step.calendar is None else names.calendars.index(step.calendar)
                _fill_draw(row, pool.times(flow, step.key, step.time, visits))
            case Gate():
                row["gate"] = names.gates.index(step.gate)
            case Branch():
                row["target"], row["exhausted"] = programme.at(flow, step.to), programme.at(flow, step.exhausted)
                row["rate"], row["rate_by_class"] = rates.add(step.chance, names.classes)
                _fill_draw(row, pool.numbers(flow, step.chance.purpose, visits))
                if step.at_most is not None:
                    row["at_most"], row["taken_slot"], slot = step.at_most, slot, slot + 1
            case Meet():
                row["mark"], row["target"] = step.mark, programme.at(flow, step.lost)
            case Leave():
                row["outcome"] = step.outcome
    return steps


def _fill_work(
    row: Table, flow: str, step: Work, programme: Programme, names: _Names, pool: _Pool, visits: int
) -> None:
    row["team"], row["crew"] = names.teams.index(step.team), step.crew
    _fill_draw(row, pool.times(flow, step.key, step.time, visits))
    if step.patience is not None:
        row["target"] = programme.at(flow, step.lost)
        key = f"{step.key}.patience"
        where = pool.times(flow, key, DrawnTime(((key, step.patience, "order"),)), visits)
        row["patience"], row["patience_per_item"], row["patience_per_attempt"] = where


def _fill_draw(row: Table, where: tuple[int, int, int]) -> None:
    row["draw"], row["draw_per_item"], row["draw_per_attempt"] = where


def _team_table(scenario: Scenario) -> Table:
    rows = [
        (END_RULES[team.at_shift_end], ORDERS[team.order], max(1, round(team.speed * PER_MILLE)))
        for team in scenario.teams.values()
    ]
    return np.array(rows, dtype=TEAM)


def _staff_table(scenario: Scenario, seed: int, replication: int, end_ms: int) -> Table:
    """Head-counts and how many may begin something new, team by team, merged and sorted by time."""
    rows: list[tuple[int, int, int, int]] = []
    for number, (key, team) in enumerate(scenario.teams.items()):
        times, heads = team.head_counts(scenario.clock.start, end_ms, _absent(team, key, seed, replication))
        starts_at, starts = lowest_within(times, heads, team.last_start)
        edges = np.union1d(times, starts_at)
        edges = edges[edges < end_ms]
        there = heads[np.searchsorted(times, edges, side="right") - 1]
        may_start = starts[np.searchsorted(starts_at, edges, side="right") - 1]
        rows += [(int(at), number, int(h), int(m)) for at, h, m in zip(edges, there, may_start, strict=True)]
    return np.array(sorted(rows), dtype=STAFF)


def _absent(team: Team, key: str, seed: int, replication: int) -> Absent:
    """How many of a shift stay away on a day: binomial, at the address of team, shift and day."""

    def absent(shift: str, day: int, staff: int) -> int:
        if team.absence == 0:
            return 0
        # Days count from the day before the start, whose night shift may run into the first morning.
        u = uniforms(seed, replication, f"{key}.absence.{shift}", day + 2)[-1]
        return int(stats.binom.ppf(u, staff, team.absence)) if staff else 0

    return absent


def _helpers(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """For each team the numbers of those that may help it, in the order of the file."""
    keys = list(scenario.teams)
    return tuple(
        tuple(number for number, (_, helper) in enumerate(scenario.teams.items()) if key in helper.helps)
        for key in keys
    )


def _trucks(scenario: Scenario, names: _Names) -> list[Trucks]:
    stages = [scenario.stages[gate.rpartition(".")[0]] for gate in names.gates]
    return [stage.trucks for stage in stages if isinstance(stage, Delivery) and stage.trucks is not None]


def _gate_table(scenario: Scenario, names: _Names) -> Table:
    rows = [(trucks.full or NONE, trucks.longest_hold or NONE) for trucks in _trucks(scenario, names)]
    return np.array(rows, dtype=GATE)


def _departure_table(scenario: Scenario, names: _Names, end_ms: int) -> Table:
    """Each departure of each gate up to the end; a truck without a capacity takes all."""
    start = scenario.clock.start
    rows = [
        (at, number, trucks.capacity or FAR_MS)
        for number, trucks in enumerate(_trucks(scenario, names))
        for at in _departures_ms(trucks, scenario, end_ms)
        if (start + timedelta(milliseconds=at)).date() not in trucks.cancelled
    ]
    return np.array(sorted(rows), dtype=DEPARTURE)


def _departures_ms(trucks: Trucks, scenario: Scenario, end_ms: int) -> list[int]:
    if not trucks.departures:
        return []
    times = FixedTimes(at=trucks.departures, days=trucks.days)
    return [int(at) for at in times.moments_ms(scenario.clock.start, end_ms)]


def _calendar_table(scenario: Scenario, end_ms: int) -> Table:
    rows = []
    for number, calendar in enumerate(scenario.calendars.values()):
        open_ms = 0
        for begin, end in calendar.intervals(scenario.clock.start, end_ms):
            rows.append((number, begin, end, open_ms))
            open_ms += end - begin
    return np.array(rows, dtype=OPEN)


def _items(
    scenario: Scenario, crowds: dict[str, _Crowd], routes: dict[str, Route], programme: Programme, names: _Names
) -> Items:
    """All items in the order of (backlog first, arrival, flow, index), goods and their documents linked."""
    parts = []
    for key, crowd in crowds.items():
        entries = {stage: programme.at(key, step) for stage, step in routes[key].entry.items()}
        goods = _goods_items(scenario, key, crowd, entries, names)
        parts.append(goods)
        if order_data_of(scenario, key) is not None:
            parts.append(_document_items(key + DOCUMENTS, goods, programme, names))
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Items.__dataclass_fields__}
    order = np.lexsort((joined["index"], joined["flow"], joined["arrived"], ~joined["backlog"]))
    items = Items(**{name: column[order] for name, column in joined.items()})
    return _with_companions(items, names)


def _goods_items(scenario: Scenario, key: str, crowd: _Crowd, entries: dict[str, int], names: _Names) -> Items:
    flow, count = scenario.flows[key], crowd.count
    arriving = len(crowd.arriving.arrived)
    positions = np.array([names.classes.index(name) for name in flow.classes], dtype=np.int64)
    priorities = np.array([goods.priority for goods in flow.classes.values()], dtype=np.int64)
    goods_class, arrived = crowd.joined("goods_class"), crowd.joined("arrived")
    first = np.full(count, entries[flow.route[0]], dtype=np.int64)
    first[arriving:] = [entries[stage] for stage in crowd.waiting_at]
    return Items(
        arrived=arrived,
        flow=np.full(count, names.flows.index(key), dtype=np.int64),
        index=np.arange(count, dtype=np.int64),
        goods_class=positions[goods_class],
        priority=priorities[goods_class],
        due=arrived + _tightest_ms(scenario, key)[goods_class],
        companion=np.full(count, NONE, dtype=np.int64),
        first_step=first,
        backlog=np.arange(count) >= arriving,
        lines=crowd.joined("lines"),
        units=crowd.joined("units"),
        value=np.concatenate([crowd.arriving.value, crowd.waiting.value]),
    )


def _tightest_ms(scenario: Scenario, flow: str) -> Ints:
    """By class, the shortest time promised to it; what nothing was promised to is due after all that something was."""
    classes = scenario.flows[flow].classes
    return np.array(
        [
            min(
                (p.within for p in scenario.promises.values() if p.classes is None or name in p.classes),
                default=UNPROMISED_MS,
            )
            for name in classes
        ],
        dtype=np.int64,
    )


def _document_items(key: str, goods: Items, programme: Programme, names: _Names) -> Items:
    """One set of documents for each order that arrives; the backlog's were accepted before."""
    new = ~goods.backlog
    columns = {name: getattr(goods, name)[new] for name in Items.__dataclass_fields__}
    count = int(new.sum())
    columns["flow"] = np.full(count, names.flows.index(key), dtype=np.int64)
    columns["first_step"] = np.full(count, next(n for n, (flow, _) in enumerate(programme.steps) if flow == key))
    return Items(**columns)


def _with_companions(items: Items, names: _Names) -> Items:
    """Goods and documents of the same index point at each other."""
    companion = items.companion.copy()
    for number, key in enumerate(names.flows):
        if not key.endswith(DOCUMENTS):
            continue
        documents = np.flatnonzero(items.flow == number)
        goods = np.flatnonzero((items.flow == names.flows.index(key.removesuffix(DOCUMENTS))) & ~items.backlog)
        documents = documents[np.argsort(items.index[documents])]
        goods = goods[np.argsort(items.index[goods])]
        companion[documents], companion[goods] = goods, documents
    return replace(items, companion=companion)
