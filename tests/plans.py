"""Plans from a few plain values, so that a test reads like a story. All times are small whole numbers (milliseconds).

    plan = a_plan(
        work("pack", "packers", [5, 3]),
        teams={"packers": 1},
        items=[0, 2],
    )

is one packer, and two parcels that arrive at 0 and 2 and take 5 and 3. A drawn time (or a branch's number) is one
value for all, a list by the item's index in its flow, or a list of such lists, one for each attempt. A flow that
does not end with its own ``leave`` ends with leaving as delivered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from sim.plan.plan import (
    COMPACT_ITEMS,
    DEPARTURE,
    DUE_DATE,
    FINISH,
    FIRST_COME,
    FOLLOW,
    GATE,
    LINE,
    MIDNIGHT,
    NO_STOCK,
    NONE,
    NOT_YET,
    OPEN,
    PAUSE,
    PER_MILLE,
    PPM,
    PRIORITY,
    RATE,
    SKU,
    STAFF,
    STEP,
    TEAM,
    Items,
    Plan,
    StepName,
    StepRow,
    Stock,
)
from sim.plan.steps import Kind, Outcome
from sim.world.scenario import Scenario

Draws = int | Sequence[int] | Sequence[Sequence[int]]
Rate = int | Sequence[tuple[int, int]]
Heads = int | Sequence[tuple[int, ...]]

YES, NO = 0, PPM - 1  # numbers that take a branch at any rate above zero, and at none below one
HALF = PPM // 2
HOURS = {Kind.WAIT: "transit", Kind.GATE: "batch", Kind.MEET: "documents", Kind.RESERVE: "stock"}


@dataclass(frozen=True)
class StepOf:
    """A step before it has a number: what it names (steps, a team, a gate, a calendar), and what it draws."""

    name: str
    kind: Kind
    steps: Mapping[str, str | None] = field(default_factory=dict)
    team: str | None = None
    gate: str | None = None
    calendar: str | None = None
    draws: Draws | None = None
    patience: Draws | None = None
    rates: tuple[Rate, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TeamOf:
    """Head-counts as (at, heads), and further (how many may start something new, may stay in overtime, speed)."""

    heads: Heads
    at_shift_end: str = "finish"
    order: str = "first_come"
    speed: int = PER_MILLE
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateOf:
    """Departures as (at, capacity), or (at, capacity, position of the truck's release form among the items)."""

    departures: Sequence[tuple[int, ...]] = ()
    full: int = NONE
    longest_hold: int = NONE


@dataclass(frozen=True)
class ItemOf:
    """An item; ``companion`` is the position of another in the list, ``first`` the name of its first step.

    ``lines`` are the SKUs and units that it takes out of stock, or brings.
    """

    at: int
    flow: str | None = None
    goods_class: int = 0
    priority: int = 0
    due: int = 0
    companion: int = NONE
    first: str | None = None
    backlog: bool = False
    lines: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class SkuOf:
    """Units at the start; with ``reorder_at``, the items that arrive NOT_YET and bring it are its lots of ``quantity``."""

    on_hand: int
    reorder_at: int = NONE
    quantity: int = 0


@dataclass(frozen=True)
class FollowOf:
    """The rate of a branch follows a seller's record, looked at at ``midnights``."""

    branch: str
    midnights: Sequence[int]
    days: int = 2
    usual: int = HALF
    floor: int = 0
    cap: int = PPM
    at_least: int = 1


def work(
    name: str, team: str, times: Draws, *, crew: int = 1, patience: Draws | None = None,
    lost: str | None = None, then: str | None = None, **columns: int,
) -> StepOf:  # fmt: skip
    """Queue for a team and be served; out of patience, go to ``lost``."""
    named = {"next": then, "target": lost}
    return StepOf(name, Kind.WORK, named, team=team, draws=times, patience=patience, columns={"crew": crew, **columns})


def wait(name: str, times: Draws, *, calendar: str | None = None, then: str | None = None, **columns: int) -> StepOf:
    """Let time pass, always or only while a calendar is open."""
    return StepOf(name, Kind.WAIT, {"next": then}, calendar=calendar, draws=times, columns=columns)


def gate(name: str, at: str | None = None, *, then: str | None = None, **columns: int) -> StepOf:
    """Be held at the gate of that name, or at another."""
    return StepOf(name, Kind.GATE, {"next": then}, gate=at or name, columns=columns)


def branch(
    name: str, to: str, numbers: Draws, *, rate: Rate = HALF, by_class: Sequence[Rate] = (), at_most: int = NONE,
    exhausted: str | None = None, then: str | None = None, **columns: int,
) -> StepOf:  # fmt: skip
    """Go ``to`` another step where the number is below the rate: one for all, as (at, rate) changes, or by class."""
    named = {"next": then, "target": to, "exhausted": exhausted}
    own = {"rate_by_class": int(bool(by_class)), "at_most": at_most}
    rates = tuple(by_class) or (rate,)
    return StepOf(name, Kind.BRANCH, named, draws=numbers, rates=rates, columns={**own, **columns})


def meet(name: str, mark: int = 1, *, lost: str | None = None, then: str | None = None, **columns: int) -> StepOf:
    """Wait for the companion; go to ``lost`` if it left before it came as far."""
    return StepOf(name, Kind.MEET, {"next": then, "target": lost}, columns={"mark": mark, **columns})


def reserve(
    name: str, *, patience: Draws | None = None, lost: str | None = None, then: str | None = None, **columns: int
) -> StepOf:
    """Wait until all lines are granted; out of patience, go to ``lost``."""
    return StepOf(name, Kind.RESERVE, {"next": then, "target": lost}, patience=patience, columns=columns)


def put(name: str, **columns: int) -> StepOf:
    """What the item brings is in stock."""
    return StepOf(name, Kind.PUT, columns=columns)


def take(name: str, **columns: int) -> StepOf:
    """What was reserved leaves the stock."""
    return StepOf(name, Kind.TAKE, columns=columns)


def leave(name: str, outcome: Outcome = Outcome.DELIVERED, **columns: int) -> StepOf:
    """The way out."""
    return StepOf(name, Kind.LEAVE, columns={"outcome": outcome, **columns})


def team(heads: Heads, **rules: Any) -> TeamOf:
    """So many people at all times, or from each moment on; rules as in ``TeamOf``."""
    return TeamOf(heads, **rules)


def truck(departures: Sequence[tuple[int, ...]] = (), *, full: int = NONE, longest_hold: int = NONE) -> GateOf:
    """A gate's rule: departures (at, capacity), a full batch, a longest hold."""
    return GateOf(departures, full, longest_hold)


def item(at: int, flow: str | None = None, **columns: Any) -> ItemOf:
    """One item that arrives at a moment; columns as in ``ItemOf``."""
    return ItemOf(at, flow, **columns)


def a_plan(
    *steps: StepOf,
    items: Sequence[ItemOf | int],
    flows: Mapping[str, Sequence[StepOf]] | None = None,
    teams: Mapping[str, TeamOf | Heads] | None = None,
    gates: Mapping[str, GateOf] | None = None,
    calendars: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    skus: Mapping[str, SkuOf | int] | None = None,
    follows: Sequence[FollowOf] = (),
    end: int = 1000,
    drain: bool = False,
) -> Plan:
    """Make the Plan of one flow (``steps``) or of several (``flows``).

    Items are given in the order of the Plan: backlog first, then by arrival, flow and index. Raises ValueError
    where they are not, and where a row of draws is too short.
    """
    flows = {key: _with_way_out(own) for key, own in (flows or {"goods": steps}).items()}
    wanted = [one if isinstance(one, ItemOf) else ItemOf(one) for one in items]
    staffed = {key: one if isinstance(one, TeamOf) else TeamOf(one) for key, one in (teams or {}).items()}
    gates, calendars = dict(gates or {}), dict(calendars or {})
    names = [(key, step.name) for key, own in flows.items() for step in own]
    plan_items = _items(wanted, list(flows), names)
    table = _StepTable(names, list(staffed), list(gates), list(calendars), list(flows), plan_items)
    for key, own in flows.items():
        for step in own:
            table.add(key, step)
        if any(step.kind == Kind.PUT for step in own):
            table.rows["brings"][[flow == key for flow, _ in names]] = 1
    known = {key: one if isinstance(one, SkuOf) else SkuOf(one) for key, one in (skus or {}).items()}
    return Plan(
        scenario=_scenario(end),
        seed=1,
        replication=0,
        end_ms=end,
        drain=drain,
        items=plan_items,
        steps=table.rows,
        teams=_team_table(staffed),
        staff=_staff_table(staffed, end),
        helpers=tuple(tuple(list(staffed).index(name) for name in one.helpers) for one in staffed.values()),
        gates=np.array([(one.full, one.longest_hold) for one in gates.values()], dtype=GATE),
        departures=_departure_table(gates, end),
        rates=np.array(sorted(row for row in table.rates if row[0] < end), dtype=RATE),
        calendars=_calendar_table(calendars),
        draws=np.array([*table.draws, 0], dtype=np.uint32),
        slots=table.slots,
        step_names=tuple(_step_name(key, step) for key, own in flows.items() for step in own),
        flow_keys=tuple(flows),
        team_keys=tuple(staffed),
        class_keys=tuple(f"class {number}" for number in range(int(plan_items.goods_class.max(initial=0)) + 1)),
        gate_keys=tuple(gates),
        stock=_stock(known, wanted) if known else NO_STOCK,
        follows=_follow_table(follows, table),
        midnights=np.array(
            sorted((at, number) for number, one in enumerate(follows) for at in one.midnights if at < end),
            dtype=MIDNIGHT,
        ),
    )


def _stock(skus: Mapping[str, SkuOf], items: Sequence[ItemOf]) -> Stock:
    keys = list(skus)
    lines = [(number, keys.index(key), units) for number, one in enumerate(items) for key, units in one.lines]
    rows = []
    for key, one in skus.items():
        lots = [number for number, item in enumerate(items) if item.at == NOT_YET and item.lines[0][0] == key]
        step = lots[1] - lots[0] if len(lots) > 1 else 1
        if lots != list(range(lots[0], lots[-1] + 1, step) if lots else ()):
            raise ValueError(f"the lots of '{key}' must be equally far from each other")
        rows.append((one.on_hand, one.reorder_at, one.quantity, lots[0] if lots else NONE, step, len(lots)))
    first = np.searchsorted([line[0] for line in lines], np.arange(len(items) + 1))
    return Stock(np.array(rows, dtype=SKU), np.array(lines, dtype=LINE), first.astype(np.int64), tuple(keys))


def _follow_table(follows: Sequence[FollowOf], table: _StepTable) -> Any:
    step_keys = [step for _, step in table.names]
    rates = [int(table.rows["rate"][step_keys.index(one.branch)]) for one in follows]
    rows = [
        (rate, one.days, one.usual, one.floor, one.cap, one.at_least) for rate, one in zip(rates, follows, strict=True)
    ]
    return np.array(rows, dtype=FOLLOW)


@cache
def _scenario(end: int) -> Scenario:
    """A scenario of which only the clock is true; an engine does not look at it."""
    return Scenario.model_validate(
        {
            "schema": 1,
            "clock": {"start": "2026-11-02", "length": f"{end} ms"},
            "flows": {"goods": {"arrivals": {"gaps": "1 h"}, "route": ["desk"]}},
            "stages": {"desk": {"team": "clerks", "work": "1 min"}},
            "teams": {"clerks": {"staff": 1}},
        }
    )


def _with_way_out(steps: Sequence[StepOf]) -> Sequence[StepOf]:
    last = steps[-1]
    ends_itself = last.kind == Kind.LEAVE or last.steps.get("next") is not None
    return steps if ends_itself else [*steps, leave("out")]


def _items(wanted: Sequence[ItemOf], flows: list[str], names: list[tuple[str, str]]) -> Items:
    own_flows = [one.flow or flows[0] for one in wanted]
    index = [own_flows[:number].count(flow) for number, flow in enumerate(own_flows)]
    firsts = [
        one.first or next(step for key, step in names if key == flow)
        for one, flow in zip(wanted, own_flows, strict=True)
    ]
    order = [(not one.backlog, one.at, flows.index(flow)) for one, flow in zip(wanted, own_flows, strict=True)]
    if order != sorted(order):
        raise ValueError("items must be given backlog first, then by arrival and flow")
    companion = np.full(len(wanted), NONE, dtype=np.int64)
    for number, one in enumerate(wanted):
        if one.companion != NONE:
            companion[number], companion[one.companion] = one.companion, number
    columns: dict[str, Any] = {
        "arrived": _ints(one.at for one in wanted),
        "flow": _ints(flows.index(flow) for flow in own_flows),
        "index": _ints(index),
        "goods_class": _ints(one.goods_class for one in wanted),
        "priority": _ints(one.priority for one in wanted),
        "due": _ints(one.due for one in wanted),
        "companion": companion,
        "first_step": _ints(names.index(where) for where in zip(own_flows, firsts, strict=True)),
        "backlog": np.array([one.backlog for one in wanted], dtype=bool),
        "lines": np.ones(len(wanted), dtype=np.int32),
        "units": np.ones(len(wanted), dtype=np.int32),
        "value": np.zeros(len(wanted)),
    }
    return Items(**{name: column.astype(COMPACT_ITEMS.get(name, np.int64)) for name, column in columns.items()})


def _ints(values: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(list(values), dtype=np.int64)


class _StepTable:
    """Fills the table of steps row by row, and with it the draws, rates and counters."""

    def __init__(
        self, names: list[tuple[str, str]], teams: list[str], gates: list[str], calendars: list[str],
        flows: list[str], items: Items,
    ) -> None:  # fmt: skip
        self.names, self.teams, self.gates, self.calendars = names, teams, gates, calendars
        self.counts = {key: int((items.flow == number).sum()) for number, key in enumerate(flows)}
        self.rows = np.full((len(names), len(StepRow._fields)), NONE, dtype=np.int64).view(STEP)[:, 0]
        self.done = self.slots = self.n_rates = 0
        self.draws = list(range(1, len(items) + 1))  # everybody may come again, and has a place of its own
        self.rates: list[tuple[int, int, int]] = []

    def add(self, flow: str, step: StepOf) -> None:
        """The next row."""
        row, number = self.rows[self.done], self.done
        self.done += 1
        row["kind"] = step.kind
        if step.kind != Kind.LEAVE:
            row["next"] = number + 1
        if step.kind not in (Kind.LEAVE, Kind.PUT, Kind.TAKE):
            row["visit_slot"] = self._slot()
        for column, name in step.steps.items():
            if name is not None:
                row[column] = self.names.index((flow, name))
        for column, name, known in (
            ("team", step.team, self.teams), ("gate", step.gate, self.gates), ("calendar", step.calendar, self.calendars),
        ):  # fmt: skip
            if name is not None:
                row[column] = known.index(name)
        self._draw(row, flow, step.draws, "draw")
        self._draw(row, flow, step.patience, "patience")
        if step.rates:
            row["rate"] = self.n_rates
        for rate in step.rates:
            self._rate(rate)
        if step.columns.get("at_most", NONE) != NONE:
            row["taken_slot"] = self._slot()
        for column, value in step.columns.items():
            row[column] = value

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _rate(self, rate: Rate) -> None:
        changes = [(0, rate)] if isinstance(rate, int) else rate
        self.rates += [(at, self.n_rates, ppm) for at, ppm in changes]
        self.n_rates += 1

    def _draw(self, row: Any, flow: str, drawn: Draws | None, column: str) -> None:
        if drawn is None:
            return
        row[column] = len(self.draws)
        rows = [[drawn]] if isinstance(drawn, int) else drawn if not isinstance(drawn[0], int) else [drawn]
        row[f"{column}_per_item"] = int(not isinstance(drawn, int))
        row[f"{column}_per_attempt"] = further = len(rows[0]) if len(rows) > 1 else 0
        row[f"{column}_again"], row["ranks"] = row[column] + further, 0
        for values in rows:
            if len(values) != len(rows[0]) or (len(values) < self.counts[flow] and not isinstance(drawn, int)):
                raise ValueError(f"{len(values)} draws for the {self.counts[flow]} items of flow '{flow}'")
            self.draws += values


def _team_table(teams: Mapping[str, TeamOf]) -> Any:
    ends = {"finish": FINISH, "pause": PAUSE}
    orders = {"first_come": FIRST_COME, "priority": PRIORITY, "due_date": DUE_DATE}
    return np.array([(ends[one.at_shift_end], orders[one.order], one.speed) for one in teams.values()], dtype=TEAM)


def _staff_table(teams: Mapping[str, TeamOf], end: int) -> Any:
    """Sorted by time; who does not say how many may start something new means all."""
    rows = []
    for number, one in enumerate(teams.values()):
        changes = [(0, one.heads)] if isinstance(one.heads, int) else one.heads
        for at, heads, *more in changes:
            may_start, stay, speed = [*more, *(heads, 0, NONE)[len(more) :]]
            rows += [(at, number, heads, may_start, stay, speed)] if at < end else []
    return np.array(sorted(rows), dtype=STAFF)


def _departure_table(gates: Mapping[str, GateOf], end: int) -> Any:
    rows = [
        (at, number, room, form[0] if form else NONE)
        for number, one in enumerate(gates.values())
        for at, room, *form in one.departures
        if at < end
    ]
    return np.array(sorted(rows), dtype=DEPARTURE)


def _calendar_table(calendars: Mapping[str, Sequence[tuple[int, int]]]) -> Any:
    rows = []
    for number, opening in enumerate(calendars.values()):
        open_before = 0
        for begin, end in opening:
            rows.append((number, begin, end, open_before))
            open_before += end - begin
    return np.array(rows, dtype=OPEN)


def _step_name(flow: str, step: StepOf) -> StepName:
    return StepName(flow, step.name, step.name, step.name, HOURS.get(step.kind, "working"))
