"""The fast engine: lays a Plan out in the kernel's arrays, lets it run, and hands back Records.

The kernel stops when a table is full, and every now and then; here tables grow and progress is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import kernel
from sim.engine.records import (
    COMPACT,
    NEVER,
    Leavings,
    Records,
    Spells,
    StockLevels,
    Visits,
    ended_ms,
    rates_until,
    sorted_by_sku,
    too_few_lots,
)
from sim.engine.spending import Spending
from sim.plan.pages import give_back, paged
from sim.plan.plan import COMPACT_ITEMS, NOT_YET, PAUSE, RATE, Items, Plan
from sim.plan.steps import Kind

Progress = Callable[[float], None]
INSTANTS = 200_000
"""Instants between two reports: some tens of milliseconds."""
SPARE = 1_024
ROOM_FOR_FURTHER = 0.25
"""Visits beside the main way for which there is room at first, for each item."""
STRETCH = 2**18
"""Items whose visits are put into columns before the rows are given back."""


def run(plan: Plan, progress: Progress | None = None, *, last_use: bool = False) -> Records:
    """Run a Plan on the fast engine.

    Parameters
    ----------
    plan
        What to run.
    progress
        Called with the share of simulated time that is done, several times a second; what it raises ends the run.
    last_use
        Nobody needs the Plan's draws after this run: the memory of those that have been used is given back on the way.

    >>> from sim.engine import simpy_model
    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=2 d"]).scenario)
    >>> bool((run(plan).visits.ended == simpy_model.run(plan).visits.ended).all())
    True

    """
    world, run = _world(plan), _counters(plan)
    spending = Spending(plan) if last_use else None
    tables = tuple(getattr(world, name) for name in kernel.PLANNED)
    while (code := kernel.go(tables, _addressed(run, world), INSTANTS)) != kernel.DONE:
        if code == kernel.MORE:
            if spending is not None:
                spending.go_on(world.left)
            if progress is not None:
                progress(float(run[0]["now"]) / plan.end_ms)
        elif code == kernel.TOO_FEW_LOTS:
            raise too_few_lots(plan, int(world.touched_skus[run[0]["n_touched_skus"] - 1]))
        else:
            world = _grown(world, code)
    while not kernel.write_open(_addressed(run, world)):
        world = _grown(_grown(world, kernel.VISITS_FULL), kernel.SPELLS_FULL)
    if progress is not None:
        progress(1.0)
    return _records(plan, world, run[0])


def _counters(plan: Plan) -> NDArray[Any]:
    """The kernel's counters before the first instant."""
    run = np.zeros(1, dtype=kernel.RUN)
    run["end"], run["slots"] = plan.end_ms, plan.slots
    run["scheduled"] = np.searchsorted(plan.items.arrived[~plan.items.backlog], NOT_YET) + plan.items.backlog.sum()
    planned = (plan.staff, plan.departures, plan.rates, plan.midnights)
    run["next_planned"] = min((int(table["at"][0]) for table in planned if len(table)), default=kernel.FOREVER)
    return run


def _addressed(run: NDArray[Any], world: kernel.World) -> NDArray[Any]:
    """The counters with the addresses and lengths of the tables as they are now."""
    for name, table in world._asdict().items():
        assert table.flags.c_contiguous
        run[name] = table.ctypes.data
    for name in kernel.LENGTHS:
        run[f"len_{name}"] = len(getattr(world, name))
    return run


def _world(plan: Plan) -> kernel.World:
    """The arrays of a run before its first instant."""
    count = len(plan.items)
    items = plan.items
    teams, helpers = _teams(plan)
    heaps = int((plan.teams["order"] != kernel.FIRST_COME).sum()) * count
    state, visits = _items(plan)
    events, far = _events(2 * SPARE), _far_events(2 * SPARE)
    n_calendars = int(plan.steps["calendar"].max()) + 1
    with_form = count if (plan.departures["form"] != kernel.NONE).any() else 0
    with_patience = count if (plan.steps["patience"] != kernel.NONE).any() else 0
    return kernel.World(
        steps=plan.steps.copy(),
        arrived=items.arrived,
        index=_compact(items, "index"),
        goods_class=_compact(items, "goods_class"),
        priority=_compact(items, "priority"),
        due_date=items.due,
        companion=_compact(items, "companion"),
        first_step=_compact(items, "first_step"),
        staff=plan.staff.copy(),
        helpers=helpers,
        helped=np.array([number for number, able in enumerate(plan.helpers) if able], dtype=np.int64),
        departures=plan.departures.copy(),
        rate_changes=plan.rates.copy(),
        opens=plan.calendars.copy(),
        calendar_rows=np.searchsorted(plan.calendars["calendar"], np.arange(n_calendars + 1)),
        draws=plan.draws.view(),
        items=state,
        left=np.full(count, NEVER, dtype=np.int64),
        outcome=np.full(count, kernel.NONE, dtype=np.int8),
        patience_ends=np.empty(with_patience, dtype=np.int64),
        lines_left=np.zeros(count if len(plan.stock.skus) else 0, dtype=np.int32),
        teams=teams,
        gates=_gates(plan),
        rates=np.zeros(plan.n_rates, dtype=np.int64),
        counts=paged(plan.slots * count, np.uint16),
        heaps=np.empty(heaps, dtype=np.int32),
        events=events,
        far=far,
        by_span=np.full(plan.end_ms // kernel.SPAN_MS + 2, kernel.NONE, dtype=np.int64),
        stirred_teams=np.zeros(len(plan.teams), dtype=np.int64),
        stirred_items=np.empty(count, dtype=np.int64),
        released=np.empty(count, dtype=np.int64),
        visits=paged(visits, kernel.VISIT),
        further=np.empty(int(count * ROOM_FOR_FURTHER) + SPARE, dtype=kernel.VISIT),
        further_item=np.empty(int(count * ROOM_FOR_FURTHER) + SPARE, dtype=np.int32),
        spells=np.empty(SPARE, dtype=kernel.SPELL),
        lines=_lines(plan),
        first_line=plan.stock.first_line,
        skus=_skus(plan),
        stirred_skus=np.zeros(len(plan.stock.skus), dtype=np.int64),
        touched_skus=np.zeros(len(plan.stock.skus), dtype=np.int64),
        stock_rows=np.empty(2 * len(plan.stock.lines), dtype=kernel.STOCK_ROW),
        called=np.full(int((items.arrived == NOT_YET).sum()), NOT_YET, dtype=np.int64),
        form_of=np.full(with_form, kernel.NONE, dtype=np.int32),
        waits_for=np.full(with_form, kernel.NONE, dtype=np.int32),
        follows=_follows(plan),
        follow_of=_follow_of(plan),
        days=np.zeros(int(plan.follows["days"].sum()), dtype=kernel.DAY),
        midnights=plan.midnights.copy(),
        rate_rows=np.empty(len(plan.rates) + len(plan.midnights), dtype=RATE),
    )


def _compact(items: Items, column: str) -> NDArray[Any]:
    """A column in the width in which the kernel reads it; those of a compiled Plan have it."""
    table: NDArray[Any] = getattr(items, column)
    return table.astype(COMPACT_ITEMS[column], copy=False)


def _items(plan: Plan) -> tuple[NDArray[Any], int]:
    """The items' rows, each with room for the visits of its main way, and how many visits these are in all."""
    room = _main_way(plan)[plan.items.first_step]
    items = paged(len(room), kernel.ITEM)
    items["due"] = NEVER
    ends = np.cumsum(room)
    items["row"], items["room"] = ends - room, room
    return items, int(room.sum())


def _main_way(plan: Plan) -> NDArray[np.int64]:
    """By step, how many visits an item makes that goes from it to the next, and so on."""
    writes = np.isin(plan.steps["kind"], (Kind.WORK, Kind.WAIT, Kind.GATE, Kind.MEET, Kind.RESERVE))
    visits = np.zeros(len(writes), dtype=np.int64)
    for first in np.unique(plan.items.first_step).tolist():
        way: list[int] = []
        step = first
        while step != kernel.NONE and step not in way:
            way.append(step)
            step = int(plan.steps["next"][step])
        visits[first] = writes[way].sum()
    return visits


def _teams(plan: Plan) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The teams' rows, and all their helpers one after another."""
    teams = np.zeros(len(plan.teams), dtype=kernel.TEAM)
    for name in ("first", "last", "first_paused", "last_paused", "in_hand"):
        teams[name] = kernel.NONE
    teams["speed"], teams["order"] = plan.teams["speed"], plan.teams["order"]
    teams["pauses"] = plan.teams["at_shift_end"] == PAUSE
    ranked = plan.teams["order"] != kernel.FIRST_COME
    teams["heap"] = np.where(ranked, np.cumsum(ranked) - 1, 0) * len(plan.items)
    ends = np.cumsum([len(able) for able in plan.helpers])
    teams["last_helper"] = ends
    teams["helper"] = ends - [len(able) for able in plan.helpers]
    return teams, np.array([helper for able in plan.helpers for helper in able], dtype=np.int64)


def _lines(plan: Plan) -> NDArray[Any]:
    lines = np.zeros(len(plan.stock.lines), dtype=kernel.LINE_STATE)
    for name in ("item", "sku", "units"):
        lines[name] = plan.stock.lines[name]
    return lines


def _skus(plan: Plan) -> NDArray[Any]:
    given = plan.stock.skus
    skus = np.zeros(len(given), dtype=kernel.SKU_STATE)
    skus["free"], skus["next_lot"] = given["on_hand"], given["first_lot"]
    for name in ("reorder_at", "quantity", "lot_step", "lots"):
        skus[name] = given[name]
    skus["first"] = skus["last"] = kernel.NONE
    return skus


def _follows(plan: Plan) -> NDArray[Any]:
    follows = np.zeros(len(plan.follows), dtype=kernel.FOLLOW_STATE)
    for name in ("rate", "days", "usual", "floor", "cap", "at_least"):
        follows[name] = plan.follows[name]
    follows["first_day"] = np.cumsum(plan.follows["days"]) - plan.follows["days"]
    return follows


def _follow_of(plan: Plan) -> NDArray[np.int64]:
    """By rate, the record that it follows."""
    follow_of = np.full(plan.n_rates, kernel.NONE, dtype=np.int64)
    follow_of[plan.follows["rate"]] = np.arange(len(plan.follows))
    return follow_of


def _gates(plan: Plan) -> NDArray[Any]:
    gates = np.zeros(len(plan.gates), dtype=kernel.GATE_STATE)
    gates["full"], gates["longest_hold"] = plan.gates["full"], plan.gates["longest_hold"]
    gates["first"] = gates["last"] = gates["form"] = kernel.NONE
    return gates


def _events(count: int) -> NDArray[Any]:
    return np.empty(count, dtype=kernel.EVENT)


def _far_events(count: int) -> NDArray[Any]:
    far = np.empty(count, dtype=kernel.FAR_EVENT)
    far["next"] = np.arange(1, count + 1)
    return far


def _grown(world: kernel.World, code: int) -> kernel.World:
    """The same world with twice the room in the table that is full."""
    if code == kernel.VISITS_FULL:
        return world._replace(further=_doubled(world.further), further_item=_doubled(world.further_item))
    if code == kernel.SPELLS_FULL:
        return world._replace(spells=_doubled(world.spells))
    if code == kernel.STOCK_FULL:
        return world._replace(stock_rows=_doubled(world.stock_rows))
    before = len(world.far)
    far = _doubled(world.far)
    far["next"][before:] = np.arange(before + 1, 2 * before + 1)
    # The last free place pointed just beyond the end, which is where the new ones begin.
    return world._replace(events=_doubled(world.events), far=far)


def _doubled(table: NDArray[Any]) -> NDArray[Any]:
    doubled = np.empty(2 * max(len(table), 1), dtype=table.dtype)
    doubled[: len(table)] = table
    return doubled


def _records(plan: Plan, world: kernel.World, run: Any) -> Records:
    """The tables in the order of the items."""
    # The Records may need as much memory as the state of the run, which is not needed any more.
    places = world.items["row"].copy(), world.items["room"].copy()
    give_back(world.items)
    give_back(world.counts)
    arrived = plan.items.arrived
    if len(world.called):
        arrived = np.concatenate([arrived[: int(run["scheduled"])], world.called])
    ended = ended_ms(arrived, world.left, plan.end_ms, drain=plan.drain)
    stock, rates = world.stock_rows[: run["n_stock_rows"]], world.rate_rows[: run["n_rate_rows"]]
    return Records(
        _visits(world, int(run["n_further"]), *places),
        _spells(world.spells[: int(run["n_spells"])]),
        Leavings(arrived, world.left, world.outcome),
        StockLevels(*sorted_by_sku(stock.view(np.int64))),
        rates_until(ended, rates.view(np.int64)),
        ended,
    )


def _visits(world: kernel.World, n_further: int, used: NDArray[Any], unused: NDArray[Any]) -> Visits:
    """The visits in the order of the items; by item, up to which row its own place is used and how many are not."""
    further = world.further_item[:n_further]
    count = len(world.visits) - int(unused.sum(dtype=np.int64)) + n_further
    columns = tuple(np.empty(count, dtype=COMPACT.get(field.name, np.int64)) for field in fields(Visits))
    order = np.argsort(further, kind="stable")
    at = np.zeros(len(kernel.PUT_SO_FAR), dtype=np.int64)
    for begin in range(0, len(used), STRETCH):
        ends = used[begin : begin + STRETCH], unused[begin : begin + STRETCH]
        first = int(at[0])
        kernel.visits_by_item(begin, *ends, world.visits, world.further, further, order, columns, at)
        give_back(world.visits, first, int(at[0]))
    return Visits(*columns)


def _spells(rows: NDArray[Any]) -> Spells:
    """The spells in the order of the items."""
    order = np.argsort(rows["item"], kind="stable")
    columns = {field.name: rows[field.name][order] for field in fields(Spells)}
    return Spells(*(column.astype(COMPACT.get(name, np.int64), copy=False) for name, column in columns.items()))
