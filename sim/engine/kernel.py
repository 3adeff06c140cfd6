"""The fast engine's loop: the meaning of ``simpy_model.py`` over arrays, compiled by Numba.

Read ``simpy_model.py`` first: the functions here have the names of its methods and do the same, each for
one item or team. What is different is only where things are kept:

- An item's state is a row of ``items``; queues, gates and jobs in hand are chains through its ``ahead`` and
  ``behind`` columns, so nothing is allocated while time passes. Teams that serve by priority or due date keep a
  binary heap instead of a chain.
- Coming events are in a binary heap for the current span and in chains by span beyond it, so that the heap
  stays small. An event that no longer holds (a pause, a patience that ended well) stays where it is; whether
  it still holds shows in the item's ``due`` or in ``patience_ends`` when it fires.
- All functions get one argument for all of this, ``w``, a row of addresses and counters. Rows of the tables are
  reached through their address: no arrays are passed on, whose reference counting would cost four times the
  time of the whole loop, and compiling them two minutes.

The kernel raises nothing. It stops between two steps, before anything has changed, and says why in a code
(DONE, MORE, ..._FULL); called again, it goes on where it stopped.

All compiled code stands in this one file and uses no constant of another, because Numba's cache looks at the
date of this file only.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import from_dtype, njit, types
from numba.extending import intrinsic

from sim.plan.plan import DEPARTURE, MIDNIGHT, OPEN, RATE, STAFF, STEP

# What compiled functions return: Numba finds the types, mypy need not.
Whole: TypeAlias = Any
Truth: TypeAlias = Any
Pair: TypeAlias = Any
NONE = NEVER = -1
WORK, WAIT, GATE, BRANCH, MEET, LEAVE, RESERVE, PUT, TAKE = 0, 1, 2, 3, 4, 5, 6, 7, 8
FAILED = 1
FIRST_COME, PRIORITY, DUE_DATE = 0, 1, 2
PER_MILLE = 1_000
PPM = 1_000_000
FOREVER = 2**62
SPAN_MS = 2**20  # a little over a quarter of an hour

# Where an item is.
OUTSIDE, QUEUED, BUSY, WAITING, AT_GATE, AT_MEETING, RELEASED, GONE, AT_STORE = 0, 1, 2, 3, 4, 5, 6, 7, 8
STIRRED = 9  # at a meeting that is to be looked at
# What an item has to do with stock.
NOTHING, BRINGS, HOLDS = 0, 1, 2
# What becomes of all units of an item, as changes of what is free, reserved and on order.
SETS_OUT, PUT_AWAY, TAKEN, GIVEN_BACK, DOES_NOT_COME = (
    tuple(map(np.int64, change)) for change in ((0, 0, 1), (1, 0, -1), (0, -1, 0), (1, -1, 0), (0, 0, -1))
)
# What an event is.
DUE, PATIENCE, WAKE = 0, 1, 2
KINDS_OF_EVENT = 4
# What the loop does next.
NEXT, SETTLE, HEADS, ROUND, MOVE, TEAMS, STOCK = 0, 1, 2, 3, 4, 5, 6
# Why the kernel stopped.
DONE, MORE, VISITS_FULL, SPELLS_FULL, EVENTS_FULL, STOCK_FULL, TOO_FEW_LOTS = 0, 1, 2, 3, 4, 5, 6

ITEM = np.dtype(
    [
        ("due", "i8"),  # when its work or wait ends, NEVER while it does neither
        ("joined", "i8"),
        ("started", "i8"),  # first start of its job
        ("remaining", "i8"),  # work left at ``speed``, of a job in hand when its present spell began
        ("ahead", "i4"),  # neighbours in the chain it is in; ``ahead`` is its place in a heap
        ("behind", "i4"),
        ("speed", "i4"),
        ("row", "i4"),  # where its next visit is written, as long as there is
        ("room", "i2"),  # left
        ("step", "i2"),
        ("attempt", "i2"),
        ("server", "i2"),
        ("first_team", "i2"),
        ("spells", "i2"),
        ("reached", "i2"),
        ("where", "i1"),
        ("stock", "i1"),  # NOTHING, BRINGS or HOLDS
    ],
    align=True,
)
TEAM = np.dtype(
    [
        ("heads", "i8"),  # planned, and those who stayed in overtime
        ("may_start", "i8"),
        ("planned", "i8"),
        ("overtime", "i8"),
        ("busy", "i8"),
        ("speed", "i8"),
        ("pauses", "i8"),
        ("order", "i8"),
        ("stirred", "i8"),
        ("first", "i8"),  # the chain of those who wait
        ("last", "i8"),
        ("first_paused", "i8"),
        ("last_paused", "i8"),
        ("in_hand", "i8"),
        ("heap", "i8"),  # where its heap begins, for those who serve by rank
        ("waiting", "i8"),  # how many are in the heap
        ("helper", "i8"),  # the first of its helpers, and where the next team's begin
        ("last_helper", "i8"),
    ]
)
GATE_STATE = np.dtype(
    [
        ("full", "i8"),
        ("longest_hold", "i8"),
        ("capacity", "i8"),
        ("form", "i8"),  # release form of the truck that is there
        ("first", "i8"),
        ("last", "i8"),
        ("waiting", "i8"),
    ]
)
LINE_STATE = np.dtype(
    [
        ("item", "i4"),
        ("sku", "i4"),
        ("units", "i4"),
        ("ahead", "i4"),  # neighbours in the queue of its SKU
        ("behind", "i4"),
        ("granted", "i4"),
    ]
)
SKU_STATE = np.dtype(
    [
        ("free", "i8"),
        ("reserved", "i8"),
        ("short", "i8"),
        ("on_order", "i8"),
        ("reorder_at", "i8"),
        ("quantity", "i8"),
        ("next_lot", "i8"),
        ("lot_step", "i8"),
        ("lots", "i8"),
        ("first", "i8"),  # the chain of lines that wait
        ("last", "i8"),
        ("stirred", "i8"),
        ("touched", "i8"),
    ]
)
FOLLOW_STATE = np.dtype(
    [
        ("rate", "i8"),
        ("days", "i8"),
        ("usual", "i8"),
        ("floor", "i8"),
        ("cap", "i8"),
        ("at_least", "i8"),
        ("base", "i8"),
        ("selected", "i8"),  # today
        ("failed", "i8"),
        ("all_selected", "i8"),  # on the days that count
        ("all_failed", "i8"),
        ("first_day", "i8"),  # where its days begin, and which of them is the oldest
        ("oldest", "i8"),
    ]
)
DAY = np.dtype([("selected", "i8"), ("failed", "i8")])
EVENT = np.dtype([("at", "i8"), ("what", "i8")])
FAR_EVENT = np.dtype([("at", "i8"), ("what", "i8"), ("next", "i8")])
VISIT = np.dtype(
    [
        ("joined", "i8"),
        ("started", "i8"),
        ("ended", "i8"),
        ("step", "i2"),
        ("attempt", "i2"),
        ("team", "i2"),
    ],
    align=True,
)
STOCK_ROW = np.dtype(
    [
        ("at", "i8"),
        ("sku", "i8"),
        ("free", "i8"),
        ("reserved", "i8"),
        ("short", "i8"),
        ("on_order", "i8"),
    ]
)
SPELL = np.dtype(
    [
        ("begin", "i8"),
        ("end", "i8"),
        ("item", "i4"),
        ("step", "i2"),
        ("attempt", "i2"),
        ("team", "i2"),
        ("spell", "i2"),
    ],
    align=True,
)
SIZE_OF_ITEM = ITEM.itemsize  # a line of the processor's caches


class World(NamedTuple):
    """All arrays of a run: the Plan's tables, the state, and what is written."""

    steps: Any
    arrived: Any
    index: Any
    goods_class: Any
    priority: Any
    due_date: Any
    companion: Any
    first_step: Any
    staff: Any
    helpers: Any
    helped: Any
    departures: Any
    rate_changes: Any
    opens: Any
    calendar_rows: Any
    draws: Any
    items: Any
    left: Any
    outcome: Any
    patience_ends: Any  # for plans in which anybody has a patience
    lines_left: Any  # not granted yet
    teams: Any
    gates: Any
    rates: Any
    counts: Any
    heaps: Any
    events: Any
    far: Any
    by_span: Any
    stirred_teams: Any
    stirred_items: Any
    released: Any
    visits: Any  # item by item, with room for the main way
    further: Any  # visits for which an item had no room there, in the order of time
    further_item: Any
    spells: Any
    lines: Any
    first_line: Any
    skus: Any
    stirred_skus: Any
    touched_skus: Any
    stock_rows: Any
    called: Any  # when lots were ordered
    form_of: Any  # an item's release form; and, for a form, the first of those who wait for it
    waits_for: Any
    follows: Any
    follow_of: Any  # by rate
    days: Any
    midnights: Any
    rate_rows: Any


PLANNED = ("steps", "staff", "departures", "rate_changes", "opens", "midnights")
"""The tables of World whose layout is the Plan's; those of all others are said in this file."""
COUNTERS = (
    "now",
    "end",
    "phase",
    "span",  # events before the end of this span are in the heap
    "next_planned",  # when the next change comes that the Plan has a date for
    "next_arrival",  # the next row of each table
    "next_staff",
    "next_departure",
    "next_rate",
    "next_midnight",
    "scheduled",  # items whose arrival is known; the others are lots
    "near",  # how many events are in the heap
    "pending",  # how many there are in all
    "free",  # first free place for a far event
    "n_further",  # rows written
    "n_spells",
    "n_stirred_teams",
    "n_stirred_items",
    "n_stirred_skus",
    "n_touched_skus",
    "n_released",
    "n_moved",
    "n_stock_rows",
    "n_rate_rows",
    "n_overtime",  # people who stayed
    "slots",  # counters of an item
    "instants",
)
LENGTHS = (
    "items", "gates", "teams", "staff", "departures", "rate_changes", "by_span", "helped", "events", "further",
    "spells", "stock_rows", "form_of", "midnights",
)  # fmt: skip
RUN = np.dtype(
    [(name, "i8") for name in (*COUNTERS, *World._fields, *(f"len_{name}" for name in LENGTHS))],
)
"""Counters, the address of each array of World, and the lengths of some: the one argument ``w`` of all functions."""


def _rows(dtype: Any) -> Any:
    """Make a function that reaches a row of a table by its address: (address of the table, number) -> row."""
    row = from_dtype(np.dtype(dtype))
    size = np.dtype(dtype).itemsize

    @intrinsic
    def row_at(typingctx: Any, address: Any, number: Any) -> Any:
        del typingctx, address, number

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            offset = builder.mul(args[1], context.get_constant(types.int64, size))
            return builder.inttoptr(builder.add(args[0], offset), context.get_value_type(signature.return_type))

        return row(types.int64, types.int64), codegen

    return row_at


def _column(dtype: Any) -> Any:
    """A table of one column."""
    return np.dtype([("value", dtype)])


def _fixed(name: str) -> Any:
    """Make a function that reads what does not change while the kernel runs: an address, a length, the end.

    Saying so (``invariant.load``) lets the compiler keep it in a register: it cannot know by itself that no
    row of another table lies where the addresses are, and would read them anew after each number written.
    """
    fields: Any = RUN.fields
    offset = fields[name][1]

    @intrinsic
    def fixed(typingctx: Any, w: Any) -> Any:
        del typingctx

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            del context, signature
            whole = ir.IntType(64)
            place = builder.gep(builder.bitcast(args[0], ir.IntType(8).as_pointer()), [whole(offset)])
            number = builder.load(builder.bitcast(place, whole.as_pointer()))
            number.set_metadata("invariant.load", builder.module.add_metadata([]))
            return number

        return types.int64(w), codegen

    return fixed


# Python calls most functions only through others, and C none; making what they would need for that takes a fifth of compiling them.
CALLED_FROM_PYTHON: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
CALLED_FROM_COMPILED: dict[str, Any] = {**CALLED_FROM_PYTHON, "no_cpython_wrapper": True}


def entry(function: Any) -> Any:
    """Compile a function that Python calls, and keep what was compiled."""
    return njit(function, cache=True, **CALLED_FROM_PYTHON)


def apart(function: Any) -> Any:
    """Compile a function for itself: what few plans need is not worth its room in the loop."""
    return njit(function, **CALLED_FROM_COMPILED)


def _fetching() -> Any:
    """Make a function that asks for the memory at an address, which will be needed soon; nothing waits for it."""

    @intrinsic
    def fetch(typingctx: Any, address: Any) -> Any:
        del typingctx

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            del signature
            pointer, whole = ir.IntType(8).as_pointer(), ir.IntType(32)
            asked = ir.FunctionType(ir.VoidType(), [pointer, whole, whole, whole])
            prefetch = builder.module.declare_intrinsic("llvm.prefetch", (pointer,), asked)
            builder.call(prefetch, [builder.inttoptr(args[0], pointer), whole(1), whole(3), whole(1)])
            return context.get_dummy_value()

        return types.void(address), codegen

    return fetch


def inlined(function: Any) -> Any:
    """Compile a function into whoever calls it."""
    return njit(function, forceinline=True, **CALLED_FROM_COMPILED)


_run_at, _step_at, _item_at, _team_at, _gate_at = _rows(RUN), _rows(STEP), _rows(ITEM), _rows(TEAM), _rows(GATE_STATE)
_event_at, _far_at, _visit_at, _spell_at = _rows(EVENT), _rows(FAR_EVENT), _rows(VISIT), _rows(SPELL)
_staff_at, _departure_at, _rate_at, _open_at = _rows(STAFF), _rows(DEPARTURE), _rows(RATE), _rows(OPEN)
_midnight_at, _stock_row_at = _rows(MIDNIGHT), _rows(STOCK_ROW)
_line_at, _sku_at, _follow_at, _day_at = _rows(LINE_STATE), _rows(SKU_STATE), _rows(FOLLOW_STATE), _rows(DAY)
_i8_at, _i4_at = _rows(_column("i8")), _rows(_column("i4"))
_i2_at, _i1_at = _rows(_column("i2")), _rows(_column("i1"))
_u4_at, _u2_at = _rows(_column("u4")), _rows(_column("u2"))
fetch = _fetching()
the_steps = _fixed("steps")
the_arrived = _fixed("arrived")
the_index = _fixed("index")
the_goods_class = _fixed("goods_class")
the_priority = _fixed("priority")
the_due_date = _fixed("due_date")
the_companion = _fixed("companion")
the_first_step = _fixed("first_step")
the_staff = _fixed("staff")
the_helpers = _fixed("helpers")
the_helped = _fixed("helped")
the_departures = _fixed("departures")
the_rate_changes = _fixed("rate_changes")
the_opens = _fixed("opens")
the_calendar_rows = _fixed("calendar_rows")
the_draws = _fixed("draws")
the_items = _fixed("items")
the_left = _fixed("left")
the_outcome = _fixed("outcome")
the_patience_ends = _fixed("patience_ends")
the_lines_left = _fixed("lines_left")
the_teams = _fixed("teams")
the_gates = _fixed("gates")
the_rates = _fixed("rates")
the_counts = _fixed("counts")
the_heaps = _fixed("heaps")
the_events = _fixed("events")
the_far = _fixed("far")
the_by_span = _fixed("by_span")
the_stirred_teams = _fixed("stirred_teams")
the_stirred_items = _fixed("stirred_items")
the_released = _fixed("released")
the_visits = _fixed("visits")
the_further = _fixed("further")
the_further_item = _fixed("further_item")
the_spells = _fixed("spells")
the_lines = _fixed("lines")
the_first_line = _fixed("first_line")
the_skus = _fixed("skus")
the_stirred_skus = _fixed("stirred_skus")
the_touched_skus = _fixed("touched_skus")
the_stock_rows = _fixed("stock_rows")
the_called = _fixed("called")
the_form_of = _fixed("form_of")
the_waits_for = _fixed("waits_for")
the_follows = _fixed("follows")
the_follow_of = _fixed("follow_of")
the_days = _fixed("days")
the_midnights = _fixed("midnights")
the_rate_rows = _fixed("rate_rows")
the_len_teams = _fixed("len_teams")
the_len_stock_rows = _fixed("len_stock_rows")
the_len_form_of = _fixed("len_form_of")
the_len_midnights = _fixed("len_midnights")
the_scheduled = _fixed("scheduled")
the_len_items = _fixed("len_items")
the_len_gates = _fixed("len_gates")
the_len_staff = _fixed("len_staff")
the_len_departures = _fixed("len_departures")
the_len_rate_changes = _fixed("len_rate_changes")
the_len_by_span = _fixed("len_by_span")
the_len_helped = _fixed("len_helped")
the_len_events = _fixed("len_events")
the_len_further = _fixed("len_further")
the_len_spells = _fixed("len_spells")
the_end = _fixed("end")
the_slots = _fixed("slots")


@inlined
def step_of(w: Any, step: int) -> Any:
    """A row of the Plan's steps."""
    return _step_at(the_steps(w), step)


@inlined
def item_of(w: Any, item: int) -> Any:
    """The state of an item."""
    return _item_at(the_items(w), item)


@inlined
def where_it_is(w: Any, state: Any) -> Any:
    """The row of the step at which an item with this state is."""
    return _step_at(the_steps(w), np.int64(state.step))


@inlined
def team_of(w: Any, team: int) -> Any:
    """The state of a team."""
    return _team_at(the_teams(w), team)


@inlined
def gate_of(w: Any, gate: int) -> Any:
    """The state of a gate."""
    return _gate_at(the_gates(w), gate)


@inlined
def event_of(w: Any, place: int) -> Any:
    """A place in the heap of events."""
    return _event_at(the_events(w), place)


@inlined
def far_of(w: Any, place: int) -> Any:
    """A place for a far event."""
    return _far_at(the_far(w), place)


@inlined
def number_at(column: int, row: int) -> Whole:
    """A whole number of a table of one column."""
    return _i8_at(column, row).value


@inlined
def small_at(column: int, row: int) -> Whole:
    """The same of a column of four bytes."""
    return np.int64(_i4_at(column, row).value)


@inlined
def tiny_at(column: int, row: int) -> Whole:
    """The same of a column of two bytes."""
    return np.int64(_i2_at(column, row).value)


@inlined
def put_number(column: int, row: int, value: int) -> None:
    """Set a number in a table of one column."""
    _i8_at(column, row).value = value


# Coming events -------------------------------------------------------------------------------------------


@inlined
def push(w: Any, at: int, what: int) -> None:
    """A coming event: into the heap if it comes within the span, else into the chain of its span."""
    if at >= the_end(w):
        return
    w.pending += 1
    span = at // SPAN_MS
    if span <= w.span:
        push_near(w, at, what)
    else:
        place, chain = w.free, _i8_at(the_by_span(w), span)
        event = far_of(w, place)
        w.free = event.next
        event.at = at
        event.what = what
        event.next = chain.value
        chain.value = place


@inlined
def push_near(w: Any, at: int, what: int) -> None:
    """A coming event into the heap."""
    place = w.near
    w.near += 1
    event = event_of(w, place)
    while place > 0:
        place = (place - 1) >> 1
        above = event_of(w, place)
        if above.at <= at:
            break
        event.at = above.at
        event.what = above.what
        event = above
    event.at = at
    event.what = what


@inlined
def pop(w: Any) -> Whole:
    """Take the earliest event off the heap and return what it is."""
    w.near -= 1
    w.pending -= 1
    event, count = event_of(w, 0), w.near
    moved = event_of(w, count)
    what, at, place = event.what, moved.at, 1
    while place < count:
        below = event_of(w, place)
        if place + 1 < count and event_of(w, place + 1).at < below.at:
            place += 1
            below = event_of(w, place)
        if below.at >= at:
            break
        event.at = below.at
        event.what = below.what
        event, place = below, 2 * place + 1
    event.at = at
    event.what = moved.what
    return what


@inlined
def load_span(w: Any) -> None:
    """Move on to the next span: its events go into the heap, and their items are fetched: they have long left the caches."""
    w.span += 1
    place = number_at(the_by_span(w), w.span)
    while place != NONE:
        event = far_of(w, place)
        fetch(the_items(w) + (event.what >> 2) * SIZE_OF_ITEM)  # by KINDS_OF_EVENT
        push_near(w, event.at, event.what)
        after = event.next
        event.next = w.free
        w.free = place
        place = after


@inlined
def next_moment(w: Any) -> Whole:
    """When something happens next, of all that is known; FOREVER if nothing does."""
    at = w.next_planned
    if w.next_arrival < the_scheduled(w):
        at = min(at, number_at(the_arrived(w), w.next_arrival))
    while True:
        soonest = min(at, event_of(w, 0).at) if w.near > 0 else at
        if soonest < (w.span + 1) * SPAN_MS or w.span + 1 >= the_len_by_span(w):
            return soonest
        load_span(w)


@apart
def look_ahead(w: Any) -> None:
    """Note when the next change comes that the Plan has a date for: of staff, of rates, a truck, a midnight."""
    at = np.int64(FOREVER)
    if w.next_staff < the_len_staff(w):
        at = min(at, _staff_at(the_staff(w), w.next_staff).at)
    if w.next_departure < the_len_departures(w):
        at = min(at, _departure_at(the_departures(w), w.next_departure).at)
    if w.next_rate < the_len_rate_changes(w):
        at = min(at, _rate_at(the_rate_changes(w), w.next_rate).at)
    if w.next_midnight < the_len_midnights(w):
        at = min(at, _midnight_at(the_midnights(w), w.next_midnight).at)
    w.next_planned = at


# Queues ---------------------------------------------------------------------------------------------------


@inlined
def rank(w: Any, order: int, item: int) -> Whole:
    """What comes before the time of joining in a queue of this order."""
    if order == PRIORITY:
        return small_at(the_priority(w), item)
    if order == DUE_DATE:
        return number_at(the_due_date(w), item)
    return np.int64(0)


@inlined
def goes_before(w: Any, order: int, item: int, other: int) -> Truth:
    """Whether an item stands before another in the heap of a team that serves in this order."""
    one, two = rank(w, order, item), rank(w, order, other)
    if one == two:
        one, two = item_of(w, item).joined, item_of(w, other).joined
    return one < two or (one == two and item < other)


@inlined
def in_heap(w: Any, place: int) -> Whole:
    """The item at a place in the heaps."""
    return small_at(the_heaps(w), place)


@inlined
def place_in_heap(w: Any, heap: int, place: int, item: int) -> None:
    """An item takes a place in the heap that begins there."""
    _i4_at(the_heaps(w), heap + place).value = item
    item_of(w, item).ahead = place


@inlined
def rise(w: Any, team: int, place: int, item: int) -> None:
    """Let an item rise in a team's heap from an empty place."""
    crew = team_of(w, team)
    while place > 0:
        above = (place - 1) >> 1
        other = in_heap(w, crew.heap + above)
        if not goes_before(w, crew.order, item, other):
            break
        place_in_heap(w, crew.heap, place, other)
        place = above
    place_in_heap(w, crew.heap, place, item)


@apart
def take_from_heap(w: Any, team: int, item: int) -> None:
    """Take any item out of a team's heap; the last one fills its place."""
    crew = team_of(w, team)
    crew.waiting -= 1
    count, place = crew.waiting, np.int64(item_of(w, item).ahead)
    if place == count:
        return
    filler = in_heap(w, crew.heap + count)
    while 2 * place + 1 < count:
        below = 2 * place + 1
        other = in_heap(w, crew.heap + below)
        if below + 1 < count:
            rival = in_heap(w, crew.heap + below + 1)
            if goes_before(w, crew.order, rival, other):
                below, other = below + 1, rival
        if not goes_before(w, crew.order, other, filler):
            break
        place_in_heap(w, crew.heap, place, other)
        place = below
    rise(w, team, place, filler)


@inlined
def first(w: Any, team: int) -> Whole:
    """The head of a team's queue, or NONE: who was paused goes first."""
    crew = team_of(w, team)
    if crew.first_paused != NONE:
        return crew.first_paused
    if crew.order == FIRST_COME:
        return crew.first
    return in_heap(w, crew.heap) if crew.waiting > 0 else np.int64(NONE)


@inlined
def take_first(w: Any, team: int) -> Whole:
    """Take the head off a team's queue."""
    crew = team_of(w, team)
    item = crew.first_paused
    if item != NONE:
        after = np.int64(item_of(w, item).behind)
        crew.first_paused = after
        if after == NONE:
            crew.last_paused = NONE
        else:
            item_of(w, after).ahead = NONE
    elif crew.order == FIRST_COME:
        item = crew.first
        leave_chain(w, team, item)
    else:
        item = in_heap(w, crew.heap)
        take_from_heap(w, team, item)
    return item


@inlined
def leave_chain(w: Any, team: int, item: int) -> None:
    """An item steps out of a team's chain."""
    crew, state = team_of(w, team), item_of(w, item)
    before, after = np.int64(state.ahead), np.int64(state.behind)
    if before == NONE:
        crew.first = after
    else:
        item_of(w, before).behind = after
    if after == NONE:
        crew.last = before
    else:
        item_of(w, after).ahead = before


@inlined
def stand_between(w: Any, item: int, before: int, after: int) -> None:
    """An item stands in a chain behind one and ahead of another, each of which may be NONE."""
    state = item_of(w, item)
    state.ahead = before
    state.behind = after
    if before != NONE:
        item_of(w, before).behind = item
    if after != NONE:
        item_of(w, after).ahead = item


@inlined
def who_joined_before(w: Any, last: int, item: int) -> Pair:
    """Between whom an item that joins now belongs: behind all who joined before and the smaller numbers of this instant."""
    before, after = np.int64(last), np.int64(NONE)
    while before > item and item_of(w, before).joined == w.now:
        after, before = before, np.int64(item_of(w, before).ahead)
    return before, after


@inlined
def join(w: Any, team: int, item: int) -> None:
    """An item joins a team's queue now."""
    crew = team_of(w, team)
    if crew.order == FIRST_COME:
        before, after = who_joined_before(w, crew.last, item)
        stand_between(w, item, before, after)
        if before == NONE:
            crew.first = item
        if after == NONE:
            crew.last = item
    else:
        crew.waiting += 1
        rise(w, team, crew.waiting - 1, item)
    look_at(w, team)


@apart
def join_paused(w: Any, team: int, item: int) -> None:
    """A paused job, at its place among the paused: by first start, then item number."""
    crew, started = team_of(w, team), item_of(w, item).started
    before, after = crew.last_paused, np.int64(NONE)
    while before != NONE:
        other = item_of(w, before)
        if other.started < started or (other.started == started and before < item):
            break
        after, before = before, np.int64(other.ahead)
    stand_between(w, item, before, after)
    if before == NONE:
        crew.first_paused = item
    if after == NONE:
        crew.last_paused = item
    look_at(w, team)


@inlined
def look_at(w: Any, team: int) -> None:
    """Something changed at a team: it looks for work when all has settled."""
    crew = team_of(w, team)
    if crew.stirred == 0:
        crew.stirred = 1
        put_number(the_stirred_teams(w), w.n_stirred_teams, team)
        w.n_stirred_teams += 1


# Teams ----------------------------------------------------------------------------------------------------


@inlined
def can_take(w: Any, team: int, item: int) -> Truth:
    """Whether enough staff are free; a paused job is not new, so ``last_start`` does not hold it."""
    crew, job = team_of(w, team), item_of(w, item)
    limit = crew.may_start if job.started == NEVER else crew.heads
    return crew.busy + where_it_is(w, job).crew <= limit


@inlined
def start(w: Any, team: int, item: int) -> None:
    """Begin or resume a job with a team's staff, at its speed."""
    crew, job, now = team_of(w, team), item_of(w, item), w.now
    if job.speed != crew.speed:
        job.remaining = -(-job.remaining * job.speed // crew.speed)
        job.speed = crew.speed
    job.server = team
    job.due = now + job.remaining
    if job.started == NEVER:
        job.started = now
        job.first_team = team
    job.where = BUSY
    crew.busy += where_it_is(w, job).crew
    if crew.pauses:
        stand_between(w, item, np.int64(NONE), crew.in_hand)
        crew.in_hand = item
    push(w, job.due, item * KINDS_OF_EVENT + DUE)


@inlined
def put_down(w: Any, team: int, item: int) -> None:
    """A job is no longer in hand; its staff are free."""
    crew, job = team_of(w, team), item_of(w, item)
    crew.busy -= where_it_is(w, job).crew
    if crew.pauses:
        before, after = np.int64(job.ahead), np.int64(job.behind)
        if before == NONE:
            crew.in_hand = after
        else:
            item_of(w, before).behind = after
        if after != NONE:
            item_of(w, after).ahead = before


@inlined
def release(w: Any, item: int) -> None:
    """A job is done; its staff are free."""
    job = item_of(w, item)
    team = np.int64(job.server)
    put_down(w, team, item)
    if job.spells > 0:
        write_spell(w, item, w.now)
    look_at(w, team)


@apart
def pause_one(w: Any, team: int) -> None:
    """Stop the job that was started last (ties: the larger item); it goes to the head of its own queue."""
    item = team_of(w, team).in_hand
    job = item_of(w, item)
    other = np.int64(job.behind)
    while other != NONE:
        rival = item_of(w, other)
        if rival.started > job.started or (rival.started == job.started and other > item):
            item, job = other, rival
        other = np.int64(rival.behind)
    put_down(w, team, item)
    write_spell(w, item, w.now)
    job.spells += 1
    job.remaining = job.due - w.now
    job.due = NEVER
    job.where = QUEUED
    join_paused(w, where_it_is(w, job).team, item)


@apart
def change_heads(w: Any, row: int) -> None:
    """Another head-count; of those whose shift ends some may stay; under ``pause``, jobs stop until the rest fits."""
    change = _staff_at(the_staff(w), row)
    crew = team_of(w, change.team)
    stay = min(change.stay, crew.overtime + max(0, crew.planned - change.heads))
    w.n_overtime += stay - crew.overtime
    crew.overtime = stay
    crew.planned = change.heads
    crew.heads = change.heads + stay
    crew.may_start = change.may_start + stay
    if change.speed != NONE:
        crew.speed = change.speed
    while crew.pauses and crew.busy > crew.heads:
        pause_one(w, change.team)
    look_at(w, change.team)


@apart
def all_go_home(w: Any) -> None:
    """Who stayed in overtime and found nothing to do leaves."""
    for number in range(the_len_teams(w)):
        team = team_of(w, number)
        leaving = min(team.overtime, max(0, team.heads - team.busy))
        team.overtime -= leaving
        team.heads -= leaving
        team.may_start -= leaving
        w.n_overtime -= leaving


@inlined
def able_helper(w: Any, team: int, item: int) -> Whole:
    """The first helping team that could take the head of a queue, or NONE."""
    crew = team_of(w, team)
    for place in range(crew.helper, crew.last_helper):
        helper = number_at(the_helpers(w), place)
        if can_take(w, helper, item):
            return helper
    return np.int64(NONE)


@inlined
def head_goes_before(w: Any, team: int, item: int, other: int, rival: int) -> Truth:
    """Whether the head of one team's queue stands before the head of another's."""
    one, two = item_of(w, item).started, item_of(w, rival).started
    if (one == NEVER) != (two == NEVER):
        return two == NEVER
    if one == NEVER:
        one, two = rank(w, team_of(w, team).order, item), rank(w, team_of(w, other).order, rival)
        if one == two:
            one, two = item_of(w, item).joined, item_of(w, rival).joined
    return one < two or (one == two and item < rival)


@inlined
def next_to_start(w: Any) -> Pair:
    """Who starts next, as (team, item), or (NONE, NONE): first each team's own queue, then help for the smallest head."""
    while w.n_stirred_teams > 0:
        team = number_at(the_stirred_teams(w), w.n_stirred_teams - 1)
        item = first(w, team)
        if item != NONE and can_take(w, team, item):
            return team, take_first(w, team)
        team_of(w, team).stirred = 0
        w.n_stirred_teams -= 1
    if the_len_helped(w) > 0:
        return next_to_help(w)
    return np.int64(NONE), np.int64(NONE)


@apart
def next_to_help(w: Any) -> Pair:
    """The smallest head of all queues that a helping team could take, as (helping team, item), or (NONE, NONE)."""
    best, head, helper = np.int64(NONE), np.int64(NONE), np.int64(NONE)
    for place in range(the_len_helped(w)):
        team = number_at(the_helped(w), place)
        item = first(w, team)
        if item != NONE:
            able = able_helper(w, team, item)
            if able != NONE and (best == NONE or head_goes_before(w, team, item, best, head)):
                best, head, helper = team, item, able
    if best == NONE:
        return np.int64(NONE), np.int64(NONE)
    return helper, take_first(w, best)


# Gates and meetings ---------------------------------------------------------------------------------------


@inlined
def gates_decide(w: Any) -> None:
    """Each gate decides who may go in this round, of those who wait at its start."""
    for number in range(the_len_gates(w)):
        if gate_of(w, number).waiting > 0:
            gate_decides(w, number)


@apart
def gate_decides(w: Any, number: int) -> None:
    """Let go who fits the truck that is there, then full batches, then all if the oldest has been held long enough."""
    gate = gate_of(w, number)
    count = min(gate.capacity, gate.waiting)
    gate.capacity -= count
    if gate.form != NONE:
        share_form(w, gate.form, gate.first, count)
    if gate.full != NONE:
        count += (gate.waiting - count) // gate.full * gate.full
    item = gate.first
    for _ in range(count):
        item = let_go(w, item)
    if gate.longest_hold != NONE and item != NONE and w.now - item_of(w, item).joined >= gate.longest_hold:
        count = gate.waiting
        while item != NONE:
            item = let_go(w, item)
    gate.waiting -= count
    gate.first = item
    if item == NONE:
        gate.last = NONE
    else:
        item_of(w, item).ahead = NONE


@inlined
def share_form(w: Any, form: int, item: int, count: int) -> None:
    """Who leaves with a truck shares its release form."""
    one = np.int64(item)
    for _ in range(count):
        _i4_at(the_form_of(w), one).value = form
        one = np.int64(item_of(w, one).behind)


@inlined
def let_go(w: Any, item: int) -> Whole:
    """Release an item; return the one behind it."""
    put_number(the_released(w), w.n_released, item)
    w.n_released += 1
    return np.int64(item_of(w, item).behind)


@inlined
def meetings_decide(w: Any) -> None:
    """Each meeting that was stirred looks who may go in this round."""
    for place in range(w.n_stirred_items):
        meeting_decides(w, number_at(the_stirred_items(w), place))
    w.n_stirred_items = 0


@inlined
def meeting_decides(w: Any, item: int) -> None:
    """Release whose companion has come as far or has left; the number is negative where it was lost on the way."""
    state = item_of(w, item)
    state.where = AT_MEETING
    mark = where_it_is(w, state).mark
    if mark == NONE:
        other = small_at(the_form_of(w), item) if the_len_form_of(w) > 0 else np.int64(NONE)
        together = other == NONE or item_of(w, other).where == GONE
    else:
        other = small_at(the_companion(w), item)
        together = other == NONE or item_of(w, other).reached >= mark
    if together or item_of(w, other).where == GONE:
        put_number(the_released(w), w.n_released, item if together else -1 - item)
        w.n_released += 1
        state.where = RELEASED


@inlined
def stir(w: Any, item: int) -> None:
    """An item at a meeting may go on: look at it in the next round."""
    if item != NONE and item_of(w, item).where == AT_MEETING:
        item_of(w, item).where = STIRRED
        put_number(the_stirred_items(w), w.n_stirred_items, item)
        w.n_stirred_items += 1


# Stock ----------------------------------------------------------------------------------------------------


@apart
def touch(w: Any, sku: int) -> None:
    """Something changed in a store: it looks at its queue when all has settled, and at its reorder point at last."""
    store = _sku_at(the_skus(w), sku)
    if store.stirred == 0:
        store.stirred = 1
        put_number(the_stirred_skus(w), w.n_stirred_skus, sku)
        w.n_stirred_skus += 1
    if store.touched == 0:
        store.touched = 1
        put_number(the_touched_skus(w), w.n_touched_skus, sku)
        w.n_touched_skus += 1


@apart
def ask(w: Any, line: int) -> None:
    """A line joins the queue of its SKU, in the order of (time of joining, item, line)."""
    own = _line_at(the_lines(w), line)
    store = _sku_at(the_skus(w), own.sku)
    before, after = store.last, np.int64(NONE)
    while before > line and item_of(w, np.int64(_line_at(the_lines(w), before).item)).joined == w.now:
        after, before = before, np.int64(_line_at(the_lines(w), before).ahead)
    own.granted = 0
    own.ahead = before
    own.behind = after
    if before == NONE:
        store.first = line
    else:
        _line_at(the_lines(w), before).behind = line
    if after == NONE:
        store.last = line
    else:
        _line_at(the_lines(w), after).ahead = line
    store.short += own.units
    touch(w, own.sku)


@apart
def leave_queue(w: Any, line: int) -> None:
    """A line steps out of the queue of its SKU: granted, or given up."""
    own = _line_at(the_lines(w), line)
    store = _sku_at(the_skus(w), own.sku)
    if own.ahead == NONE:
        store.first = own.behind
    else:
        _line_at(the_lines(w), own.ahead).behind = own.behind
    if own.behind == NONE:
        store.last = own.ahead
    else:
        _line_at(the_lines(w), own.behind).ahead = own.ahead
    store.short -= own.units


@apart
def stores_decide(w: Any) -> None:
    """Grant lines from the head of each queue while there is enough; release who now has all its lines."""
    for place in range(w.n_stirred_skus):
        store = _sku_at(the_skus(w), number_at(the_stirred_skus(w), place))
        store.stirred = 0
        while store.first != NONE and _line_at(the_lines(w), store.first).units <= store.free:
            line = store.first
            own = _line_at(the_lines(w), line)
            leave_queue(w, line)
            own.granted = 1
            store.free -= own.units
            store.reserved += own.units
            state, lines = item_of(w, np.int64(own.item)), _i4_at(the_lines_left(w), np.int64(own.item))
            lines.value -= 1
            if lines.value == 0:
                state.stock = HOLDS
                state.where = RELEASED
                put_number(the_released(w), w.n_released, own.item)
                w.n_released += 1
    w.n_stirred_skus = 0


@apart
def reserve(w: Any, item: int, step: int) -> None:
    """Wait until every line is granted, with a patience where there is one."""
    enter(w, item, step)
    state = item_of(w, item)
    begin, end = number_at(the_first_line(w), item), number_at(the_first_line(w), item + 1)
    state.where = AT_STORE
    state.due = NEVER
    _i4_at(the_lines_left(w), item).value = end - begin
    for line in range(begin, end):
        ask(w, line)
    be_patient(w, item, step)


@apart
def give_up_lines(w: Any, item: int) -> None:
    """What was granted is free again, what was not is no longer waited for."""
    for line in range(number_at(the_first_line(w), item), number_at(the_first_line(w), item + 1)):
        own = _line_at(the_lines(w), line)
        if own.granted:
            _sku_at(the_skus(w), own.sku).free += own.units
            _sku_at(the_skus(w), own.sku).reserved -= own.units
        else:
            leave_queue(w, line)
        touch(w, own.sku)


@apart
def move_lines(w: Any, item: int, change: tuple[int, int, int]) -> None:
    """All units of an item change hands: each state of stock by so many times what its lines say."""
    free, reserved, on_order = change
    for line in range(number_at(the_first_line(w), item), number_at(the_first_line(w), item + 1)):
        own = _line_at(the_lines(w), line)
        store = _sku_at(the_skus(w), own.sku)
        store.free += free * own.units
        store.reserved += reserved * own.units
        store.on_order += on_order * own.units
        touch(w, own.sku)


@apart
def bring(w: Any, item: int) -> None:
    """From its arrival on, what an item brings is on order."""
    item_of(w, item).stock = BRINGS
    move_lines(w, item, SETS_OUT)


@apart
def put(w: Any, item: int) -> None:
    """What the item brings is in stock."""
    if item_of(w, item).stock == BRINGS:
        item_of(w, item).stock = NOTHING
        move_lines(w, item, PUT_AWAY)


@apart
def take(w: Any, item: int) -> None:
    """What was reserved for the item leaves the stock."""
    if item_of(w, item).stock == HOLDS:
        item_of(w, item).stock = NOTHING
        move_lines(w, item, TAKEN)


@apart
def give_back(w: Any, item: int) -> None:
    """An item leaves: what it held is free again, what it was to bring does not come."""
    if item_of(w, item).stock == HOLDS:
        move_lines(w, item, GIVEN_BACK)
    else:
        move_lines(w, item, DOES_NOT_COME)
    item_of(w, item).stock = NOTHING


@apart
def wants_a_lot(w: Any, sku: int) -> Truth:
    """Whether what is free and on order, less what is short, has fallen to the reorder point."""
    store = _sku_at(the_skus(w), sku)
    return store.reorder_at != NONE and store.free + store.on_order - store.short <= store.reorder_at


@apart
def order_lot(w: Any, sku: int) -> Whole:
    """The next lot of a SKU sets out."""
    store = _sku_at(the_skus(w), sku)
    lot = store.next_lot
    store.next_lot += store.lot_step
    store.lots -= 1
    store.on_order += store.quantity
    item_of(w, lot).stock = BRINGS
    put_number(the_called(w), lot - the_scheduled(w), w.now)
    return lot


@apart
def write_stock(w: Any, sku: int) -> None:
    """A row on how a SKU stands."""
    store, row = _sku_at(the_skus(w), sku), _stock_row_at(the_stock_rows(w), w.n_stock_rows)
    row.at = w.now
    row.sku = sku
    row.free = store.free
    row.reserved = store.reserved
    row.short = store.short
    row.on_order = store.on_order
    w.n_stock_rows += 1
    store.touched = 0
    w.n_touched_skus -= 1


# The steps of an item -------------------------------------------------------------------------------------


@inlined
def count(w: Any, item: int, slot: int) -> Whole:
    """How often this was counted before for the item; and count it."""
    if slot == NONE:
        return 0
    counter = _u2_at(the_counts(w), item * the_slots(w) + slot)
    counter.value += 1
    return np.int64(counter.value) - 1


@inlined
def drawn(w: Any, item: int, step: int, attempt: int) -> Whole:
    """The item's drawn time or number for this attempt."""
    s = step_of(w, step)
    place = s.draw + small_at(the_index(w), item) * s.draw_per_item
    if attempt > 0 and s.draw_per_item != 0:
        place = s.draw_again + (attempt - 1) * s.draw_per_attempt + place_again(w, item, step)
    return np.int64(_u4_at(the_draws(w), place).value)


@apart
def place_again(w: Any, item: int, step: int) -> Whole:
    """Which place, from 0 on, an item has among those of its flow that may come to a step again."""
    place = step_of(w, step).ranks + small_at(the_index(w), item)
    return np.int64(_u4_at(the_draws(w), place).value) - 1


@inlined
def enter(w: Any, item: int, step: int) -> None:
    """Note where an item is and since when."""
    state = item_of(w, item)
    state.step = step
    state.attempt = count(w, item, step_of(w, step).visit_slot)
    state.joined = w.now
    state.started = NEVER
    state.first_team = NONE


@inlined
def work(w: Any, item: int, step: int) -> None:
    """Join a team's queue, with a patience where there is one."""
    enter(w, item, step)
    state, s = item_of(w, item), step_of(w, step)
    state.remaining = drawn(w, item, step, np.int64(state.attempt))
    state.speed = PER_MILLE
    state.spells = 0
    state.due = NEVER
    state.where = QUEUED
    join(w, s.team, item)
    if s.patience != NONE:
        be_patient(w, item, step)


@apart
def be_patient(w: Any, item: int, step: int) -> None:
    """The item's buyer waits so long and no longer, where the step has a patience."""
    state, s = item_of(w, item), step_of(w, step)
    if s.patience == NONE:
        return
    place = s.patience + small_at(the_index(w), item) * s.patience_per_item
    if state.attempt > 0 and s.patience_per_item != 0:
        place = s.patience_again + (state.attempt - 1) * s.patience_per_attempt + place_again(w, item, step)
    ends = w.now + np.int64(_u4_at(the_draws(w), place).value)
    put_number(the_patience_ends(w), item, ends)
    push(w, ends, item * KINDS_OF_EVENT + PATIENCE)


@inlined
def wait(w: Any, item: int, step: int) -> None:
    """Let time pass, by the clock or only while a calendar is open."""
    enter(w, item, step)
    state, s = item_of(w, item), step_of(w, step)
    now = w.now
    state.started = now
    state.where = WAITING
    until = now + drawn(w, item, step, np.int64(state.attempt))
    if s.calendar != NONE:
        until = opens_until(w, s.calendar, now, until - now)
    state.due = until
    if until != NEVER:
        push(w, until, item * KINDS_OF_EVENT + DUE)


@inlined
def opens_until(w: Any, calendar: int, now: int, wait_ms: int) -> Whole:
    """When ``wait_ms`` of open time have passed, or NEVER if the calendar ends before."""
    row, end = number_at(the_calendar_rows(w), calendar), number_at(the_calendar_rows(w), calendar + 1)
    while row < end and _open_at(the_opens(w), row).end <= now:
        row += 1
    if row == end:
        return np.int64(NEVER)
    wanted = _open_at(the_opens(w), row).open_before + max(now - _open_at(the_opens(w), row).begin, 0) + wait_ms
    while row + 1 < end and _open_at(the_opens(w), row + 1).open_before < wanted:
        row += 1
    until = _open_at(the_opens(w), row).begin + wanted - _open_at(the_opens(w), row).open_before
    return until if until <= _open_at(the_opens(w), row).end else np.int64(NEVER)


@inlined
def gate(w: Any, item: int, step: int) -> None:
    """Be held at a gate, behind all who came before and, of those who come now, behind the smaller numbers."""
    enter(w, item, step)
    held = gate_of(w, step_of(w, step).gate)
    item_of(w, item).where = AT_GATE
    before, after = who_joined_before(w, held.last, item)
    stand_between(w, item, before, after)
    if before == NONE:
        held.first = item
    if after == NONE:
        held.last = item
    held.waiting += 1
    if held.longest_hold != NONE:
        push(w, w.now + held.longest_hold, np.int64(WAKE))


@inlined
def meet(w: Any, item: int, step: int) -> None:
    """Wait until the companion has come as far, or, without a mark, until the truck's release form has left."""
    enter(w, item, step)
    state = item_of(w, item)
    state.where = AT_MEETING
    if step_of(w, step).mark == NONE:
        wait_for_form(w, item)
        stir(w, item)
    else:
        state.reached = max(state.reached, step_of(w, step).mark)
        stir(w, item)
        stir(w, small_at(the_companion(w), item))


@apart
def wait_for_form(w: Any, item: int) -> None:
    """Join those who wait for the release form of their truck."""
    if the_len_form_of(w) > 0 and _i4_at(the_form_of(w), item).value != NONE:
        first = _i4_at(the_waits_for(w), np.int64(_i4_at(the_form_of(w), item).value))
        item_of(w, item).behind = first.value
        first.value = item


@apart
def form_leaves(w: Any, form: int) -> None:
    """Those who wait for a release form need wait no longer."""
    item = np.int64(_i4_at(the_waits_for(w), form).value)
    while item != NONE:
        stir(w, item)
        item = np.int64(item_of(w, item).behind)


@inlined
def branch(w: Any, item: int, step: int) -> Whole:
    """Where the item's number and the rate in force send it."""
    s = step_of(w, step)
    number = drawn(w, item, step, count(w, item, s.visit_slot))
    rate = number_at(the_rates(w), s.rate + (tiny_at(the_goods_class(w), item) if s.rate_by_class else 0))
    if number >= rate:
        return s.next
    if s.follow != NONE:
        count_in_record(w, s.follow, s.counts_as)
    taken = count(w, item, s.taken_slot) + 1
    return s.exhausted if s.at_most != NONE and taken >= s.at_most else s.target


@apart
def count_in_record(w: Any, follow: int, counts_as: int) -> None:
    """One more was selected, or failed."""
    record = _follow_at(the_follows(w), follow)
    if counts_as == FAILED:
        record.failed += 1
    else:
        record.selected += 1


@inlined
def leave(w: Any, item: int, step: int) -> None:
    """Leave with an outcome; a companion that waits need wait no longer."""
    state = item_of(w, item)
    put_number(the_left(w), item, w.now)
    _i1_at(the_outcome(w), item).value = step_of(w, step).outcome
    state.where = GONE
    if state.stock != NOTHING:
        give_back(w, item)
    stir(w, small_at(the_companion(w), item))
    if the_len_form_of(w) > 0:
        form_leaves(w, item)


@inlined
def go_on(w: Any, item: int, step: int) -> None:
    """Take an item on from step to step until it must wait or leaves."""
    kind = step_of(w, step).kind
    while kind == BRANCH or kind >= PUT:
        if kind == BRANCH:
            step = branch(w, item, step)
        else:
            if kind == PUT:
                put(w, item)
            else:
                take(w, item)
            step = step_of(w, step).next
        kind = step_of(w, step).kind
    if kind == WORK:
        work(w, item, step)
    elif kind == WAIT:
        wait(w, item, step)
    elif kind == GATE:
        gate(w, item, step)
    elif kind == MEET:
        meet(w, item, step)
    elif kind == RESERVE:
        reserve(w, item, step)
    else:
        leave(w, item, step)


# What is written down -------------------------------------------------------------------------------------


@inlined
def write_visit(w: Any, item: int, ended: int) -> None:
    """A row among the visits: in the item's own place, or behind what others had no room for."""
    state = item_of(w, item)
    if state.room > 0:
        row = _visit_at(the_visits(w), state.row)
        state.row += 1
        state.room -= 1
    else:
        row = _visit_at(the_further(w), w.n_further)
        _i4_at(the_further_item(w), w.n_further).value = item
        w.n_further += 1
    row.joined = state.joined
    row.started = state.started
    row.ended = ended
    row.step = state.step
    row.attempt = state.attempt
    row.team = state.first_team


@inlined
def write_spell(w: Any, item: int, ended: int) -> None:
    """A row among the spells."""
    state = item_of(w, item)
    row = _spell_at(the_spells(w), w.n_spells)
    row.item = item
    row.step = state.step
    row.attempt = state.attempt
    row.team = state.server
    row.spell = state.spells
    row.begin = state.due - state.remaining
    row.end = ended
    w.n_spells += 1


# An instant -----------------------------------------------------------------------------------------------


@inlined
def happen(w: Any) -> Pair:
    """The next thing due at this instant, as (item, where it goes on); NONE for an event that no longer holds.

    Arrivals come after the events of the instant; among them the order makes no difference.
    """
    if w.near > 0 and event_of(w, 0).at == w.now:
        what = pop(w)
        item, kind = what >> 2, what & 3  # by KINDS_OF_EVENT
        if kind == DUE and item_of(w, item).due == w.now:
            return end_visit(w, item)
        if kind == PATIENCE and runs_out(w, item):
            return give_up(w, item)
        return np.int64(NONE), np.int64(NONE)
    item = w.next_arrival
    w.next_arrival += 1
    step = tiny_at(the_first_step(w), item)
    if step_of(w, step).brings != NONE:
        bring(w, item)
    return item, step


@apart
def runs_out(w: Any, item: int) -> Truth:
    """Whether it is the patience for the step where the item waits that ends now, and not one for a step before."""
    state = item_of(w, item)
    if (state.where != QUEUED and state.where != AT_STORE) or where_it_is(w, state).patience == NONE:
        return False
    return number_at(the_patience_ends(w), item) == w.now


@inlined
def end_visit(w: Any, item: int) -> Pair:
    """Work or a wait has ended."""
    state = item_of(w, item)
    if state.where == BUSY:
        release(w, item)
    state.due = NEVER
    write_visit(w, item, w.now)
    return np.int64(item), where_it_is(w, state).next


@inlined
def give_up(w: Any, item: int) -> Pair:
    """Patience ends; it counts only while nobody has begun the job."""
    state = item_of(w, item)
    if state.started != NEVER:
        return np.int64(NONE), np.int64(NONE)
    if state.where == AT_STORE:
        give_up_lines(w, item)
    else:
        team = where_it_is(w, state).team
        if team_of(w, team).order == FIRST_COME:
            leave_chain(w, team, item)
        else:
            take_from_heap(w, team, item)
        look_at(w, team)
    write_visit(w, item, w.now)
    return np.int64(item), where_it_is(w, state).target


@inlined
def next_released(w: Any) -> Pair:
    """The next of those released in this round, as (item, where it goes on)."""
    number = number_at(the_released(w), w.n_moved)
    w.n_moved += 1
    item = number if number >= 0 else -1 - number
    state = item_of(w, item)
    state.started = w.now
    write_visit(w, item, w.now)
    s = where_it_is(w, state)
    return np.int64(item), s.target if number < 0 and s.target != NONE else s.next


@apart
def change_rates(w: Any) -> None:
    """The rates that change at this instant."""
    while w.next_rate < the_len_rate_changes(w) and _rate_at(the_rate_changes(w), w.next_rate).at == w.now:
        change = _rate_at(the_rate_changes(w), w.next_rate)
        ppm, follow = change.ppm, number_at(the_follow_of(w), change.rate)
        if follow != NONE:
            _follow_at(the_follows(w), follow).base = ppm
            ppm = followed(w, follow)
        set_rate(w, change.rate, ppm)
        w.next_rate += 1
    while w.next_midnight < the_len_midnights(w) and _midnight_at(the_midnights(w), w.next_midnight).at == w.now:
        midnight(w, _midnight_at(the_midnights(w), w.next_midnight).follow)
        w.next_midnight += 1


@apart
def set_rate(w: Any, rate: int, ppm: int) -> None:
    """Another rate is in force."""
    put_number(the_rates(w), rate, ppm)
    row = _rate_at(the_rate_rows(w), w.n_rate_rows)
    row.at = w.now
    row.rate = rate
    row.ppm = ppm
    w.n_rate_rows += 1


@apart
def followed(w: Any, follow: int) -> Whole:
    """The rate that a seller's record calls for: its base times the share of failures over the usual one."""
    record = _follow_at(the_follows(w), follow)
    if record.all_selected < record.at_least:
        return record.base
    rate = record.base * record.all_failed // record.all_selected * PPM // record.usual
    return min(max(rate, record.floor), record.cap)


@apart
def midnight(w: Any, follow: int) -> None:
    """A day is over: it counts from now on, and the oldest no longer does; the rate follows."""
    record = _follow_at(the_follows(w), follow)
    day = _day_at(the_days(w), record.first_day + record.oldest)
    record.all_selected += record.selected - day.selected
    record.all_failed += record.failed - day.failed
    day.selected = record.selected
    day.failed = record.failed
    record.oldest = (record.oldest + 1) % record.days
    record.selected = 0
    record.failed = 0
    rate = followed(w, follow)
    if rate != number_at(the_rates(w), record.rate):
        set_rate(w, record.rate, rate)


@inlined
def trucks_come(w: Any) -> None:
    """The trucks of this instant come with their room."""
    while w.next_departure < the_len_departures(w) and _departure_at(the_departures(w), w.next_departure).at == w.now:
        truck = _departure_at(the_departures(w), w.next_departure)
        gate_of(w, truck.gate).capacity += truck.capacity
        gate_of(w, truck.gate).form = truck.form
        w.next_departure += 1


@inlined
def staff_change(w: Any) -> Truth:
    """Whether one more head-count changes at this instant."""
    if w.now != w.next_planned or w.next_staff >= the_len_staff(w):
        return False
    return _staff_at(the_staff(w), w.next_staff).at == w.now


@inlined
def something_due(w: Any) -> Truth:
    """Whether something more happens at this instant before head-counts change."""
    if w.near > 0 and event_of(w, 0).at == w.now:
        return True
    return w.next_arrival < the_scheduled(w) and number_at(the_arrived(w), w.next_arrival) == w.now


@entry
def go(tables: Any, run: Any, instants: int) -> Whole:  # noqa: C901
    """Go on until the end, for at most so many instants, or until a table is full; say which.

    Each turn of the loop makes one step: what it may need of each table is there before anything changes.
    ``run`` holds the addresses of all tables; those whose layout is the Plan's are passed for it (another layout,
    another compilation).
    """
    w = _run_at(run.ctypes.data, 0)
    budget = w.instants + instants
    while True:
        # An item that goes on, or a job that starts, writes a visit and a spell and schedules at most two events.
        if w.n_further >= the_len_further(w):
            return VISITS_FULL
        if w.n_spells >= the_len_spells(w):
            return SPELLS_FULL
        if w.pending + 2 > the_len_events(w):
            return EVENTS_FULL
        item, step = np.int64(NONE), np.int64(NONE)

        # A phase that is over hands on within the same turn.
        if w.phase == NEXT:
            if w.instants >= budget:
                return MORE
            at = next_moment(w)
            if at >= the_end(w):
                return DONE
            w.now = at
            w.instants += 1
            if at == w.next_planned:
                change_rates(w)
                trucks_come(w)
            w.phase = SETTLE
        if w.phase == SETTLE:
            if something_due(w):
                item, step = happen(w)
            else:
                w.phase = HEADS
        if w.phase == HEADS:
            if staff_change(w):
                if w.n_spells + team_of(w, _staff_at(the_staff(w), w.next_staff).team).busy > the_len_spells(w):
                    return SPELLS_FULL
                change_heads(w, w.next_staff)
                w.next_staff += 1
            else:
                if w.now == w.next_planned:
                    look_ahead(w)
                w.phase = ROUND
        if w.phase == ROUND:
            w.n_released = 0
            w.n_moved = 0
            gates_decide(w)
            meetings_decide(w)
            if w.n_stirred_skus > 0:
                stores_decide(w)
            w.phase = MOVE if w.n_released > 0 else TEAMS
        if w.phase == MOVE:
            if w.n_moved < w.n_released:
                item, step = next_released(w)
            else:
                w.phase = ROUND
        elif w.phase == TEAMS:
            team, job = next_to_start(w)
            while job != NONE and w.pending + 1 < the_len_events(w):
                start(w, team, job)
                team, job = next_to_start(w)
            if job != NONE:
                start(w, team, job)
            else:
                for number in range(the_len_gates(w)):
                    gate_of(w, number).capacity = 0
                if w.n_overtime > 0:
                    all_go_home(w)
                w.phase = STOCK if w.n_touched_skus > 0 else NEXT
        elif w.phase == STOCK:
            sku = number_at(the_touched_skus(w), w.n_touched_skus - 1)
            if wants_a_lot(w, sku):
                if _sku_at(the_skus(w), sku).lots == 0:
                    return TOO_FEW_LOTS
                item = order_lot(w, sku)
                step = tiny_at(the_first_step(w), item)
            elif w.n_stock_rows >= the_len_stock_rows(w):
                return STOCK_FULL
            else:
                write_stock(w, sku)
                w.phase = STOCK if w.n_touched_skus > 0 else NEXT

        if item != NONE:
            go_on(w, item, step)


@entry
def write_open(run: Any) -> Truth:
    """After the end: the visits and spells under way. False if the tables are too small for them."""
    w = _run_at(run.ctypes.data, 0)
    for item in range(the_len_items(w)):
        state = item_of(w, item)
        if state.where == OUTSIDE or state.where == GONE:
            continue
        if w.n_further >= the_len_further(w) or w.n_spells >= the_len_spells(w):
            return False
        if state.where == BUSY and state.spells > 0:
            write_spell(w, item, np.int64(NEVER))
        write_visit(w, item, np.int64(NEVER))
        state.where = OUTSIDE
    return True


PUT_SO_FAR = ("rows", "further", "columns")
"""How many are put: rows of the table, of the further ones, and rows of the columns."""


@entry
def visits_by_item(
    item: int, used: Any, unused: Any, rows: Any, further: Any, further_item: Any, order: Any, columns: Any, so_far: Any
) -> None:
    """Put visits of a stretch of items into columns: those in the item's own place, then its further ones in their ``order``.

    ``item`` is the first; ``used`` says up to which row an item's place is used and ``unused`` how many rows are not.
    ``so_far`` holds PUT_SO_FAR, from one stretch to the next.
    """
    place, taken, count = so_far[0], so_far[1], so_far[2]
    for number in range(len(used)):
        while place < used[number]:
            _put_visit(rows[place], item, count, columns)
            place, count = place + 1, count + 1
        while taken < len(order) and further_item[order[taken]] == item:
            _put_visit(further[order[taken]], item, count, columns)
            taken, count = taken + 1, count + 1
        place += unused[number]
        item += 1
    so_far[0], so_far[1], so_far[2] = place, taken, count


@inlined
def _put_visit(row: Any, item: int, to: int, columns: Any) -> None:
    """Put one visit into a row of the columns."""
    items, steps, attempts, teams, joined, started, ended = columns
    items[to], steps[to], attempts[to], teams[to] = item, row.step, row.attempt, row.team
    joined[to], started[to], ended[to] = row.joined, row.started, row.ended
