"""The Plan: all that an engine needs for one run, as frozen arrays of whole numbers.

Engines see nothing else. Times are int64 milliseconds since the start, shares parts per million,
speeds per mille; -1 means "none" in every column. The tables are structured arrays, whose columns are
described where their types are declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.plan.steps import Kind
from sim.world.scenario import Scenario

NONE = -1
PPM = 1_000_000
PER_MILLE = 1_000
FINISH, PAUSE = 0, 1
FIRST_COME, PRIORITY, DUE_DATE = 0, 1, 2
SELECTED, FAILED = 0, 1
NOT_YET = 2**62
"""When an item arrives that the run itself may call: a lot that a reorder point orders."""

Table = NDArray[Any]
Ints = NDArray[np.int64]
OneOrMany = TypeVar("OneOrMany", int, Ints)


class StepRow(NamedTuple):
    """One row of the table of steps; a kind of step leaves NONE in what it does not use."""

    kind: int  # a Kind
    next: int  # the step that follows
    target: int  # branch taken; companion lost; patience ended
    exhausted: int  # branch: taken for the at_most-th time
    at_most: int  # branch: how often it may be taken, NONE = without limit
    visit_slot: int  # where an item's visits to this step are counted, NONE = it comes only once
    taken_slot: int  # where it is counted how often an item took this branch, NONE = no limit
    team: int  # work: whose queue
    crew: int  # work: how many people at once
    calendar: int  # wait: passes only while it is open, NONE = by the clock
    gate: int  # gate: which one
    rate: int  # branch: the first of its rates
    rate_by_class: int  # branch: 1 = one rate for each class, else 0
    mark: int  # meet: how far the companion must have come, NONE = until the release form of its truck has left
    outcome: int  # leave: an Outcome
    draw: int  # where the drawn times (work, wait) or numbers (branch) of first attempts begin
    draw_per_item: int  # 1 = each item has its own, 0 = the same for all and in every attempt
    draw_again: int  # where those of second attempts begin, of items that may come again
    draw_per_attempt: int  # distance from there to the third, and so on
    patience: int  # work, reserve: where the drawn patience begins, NONE = endless; what follows is as above
    patience_per_item: int
    patience_again: int
    patience_per_attempt: int
    ranks: int  # where it stands, by index, which place (from 1 on) an item has among those that may come again, NONE = nobody may
    brings: int  # 1 = items that set out here bring stock, else NONE
    follow: int  # branch: the record of a seller in which it counts, NONE = in none
    counts_as: int  # branch: SELECTED or FAILED there


STEP = np.dtype([(name, "i8") for name in StepRow._fields])
TEAM = np.dtype(
    [
        ("at_shift_end", "i8"),  # FINISH or PAUSE
        ("order", "i8"),  # FIRST_COME, PRIORITY or DUE_DATE
        ("speed", "i8"),  # per mille
    ]
)
STAFF = np.dtype(
    [
        ("at", "i8"),
        ("team", "i8"),
        ("heads", "i8"),  # on shift from now on
        ("may_start", "i8"),  # of them, how many may begin something new
        ("stay", "i8"),  # how many whose shift ends may stay in overtime while there is work
        ("speed", "i8"),  # per mille of what begins from now on, NONE = as before
    ]
)
GATE = np.dtype([("full", "i8"), ("longest_hold", "i8")])
DEPARTURE = np.dtype(
    [("at", "i8"), ("gate", "i8"), ("capacity", "i8"), ("form", "i8")]
)  # item number of its release form
RATE = np.dtype([("at", "i8"), ("rate", "i8"), ("ppm", "i8")])
FOLLOW = np.dtype(
    [
        ("rate", "i8"),  # the one that follows the record
        ("days", "i8"),  # how many whole days count
        ("usual", "i8"),  # share of failures (parts per million) at which the rate is its base
        ("floor", "i8"),
        ("cap", "i8"),
        ("at_least", "i8"),  # selected items without which the record says nothing
    ]
)
MIDNIGHT = np.dtype([("at", "i8"), ("follow", "i8")])
LINE = np.dtype([("item", "i4"), ("sku", "i4"), ("units", "i4")])
SKU = np.dtype(
    [
        ("on_hand", "i8"),  # units at the start
        ("reorder_at", "i8"),  # position at or below which a lot is ordered, NONE = never
        ("quantity", "i8"),  # units of a lot
        ("first_lot", "i8"),  # item number of its first lot; the next ones are ``lot_step`` further on
        ("lot_step", "i8"),
        ("lots", "i8"),  # how many there are
    ]
)
OPEN = np.dtype([("calendar", "i8"), ("begin", "i8"), ("end", "i8"), ("open_before", "i8")])


@dataclass(frozen=True)
class Items:
    """One entry for each item, sorted by (backlog first, arrival, flow, index).

    ``arrived`` ms; ``index`` addresses its draws within its flow; ``priority`` 0 goes first; ``due`` ms of its
    tightest promise; ``companion`` the item that runs beside it; ``first_step`` where its route begins;
    ``backlog`` whether it was there before the start.
    ``lines``, ``units`` and ``value`` (money) are for the measures.
    """

    arrived: Ints
    flow: Ints
    index: Ints
    goods_class: Ints
    priority: Ints
    due: Ints
    companion: Ints
    first_step: Ints
    backlog: NDArray[np.bool_]
    lines: Ints
    units: Ints
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.arrived)


@dataclass(frozen=True)
class Stock:
    """What is in stock at the start, and what each item takes out of it or brings: LINE rows from ``first_line[item]`` on.

    Without any SKU both tables of lines are empty.
    """

    skus: Table
    lines: Table
    first_line: Ints
    sku_keys: tuple[str, ...]

    def lines_of(self, item: int) -> range:
        """Rows of the lines of an item."""
        return range(int(self.first_line[item]), int(self.first_line[item + 1]))


COMPACT_ITEMS = {
    "flow": np.int16, "index": np.int32, "goods_class": np.int16, "priority": np.int32, "companion": np.int32,
    "first_step": np.int16, "backlog": np.bool_, "lines": np.int32, "units": np.int32, "value": np.float64,
}  # fmt: skip
"""Columns of Items that are not times are kept in fewer bytes: a year of a medium site has 25 million items."""
NO_STOCK = Stock(np.zeros(0, dtype=SKU), np.zeros(0, dtype=LINE), np.zeros(0, dtype=np.int64), ())


@dataclass(frozen=True)
class StepName:
    """What a step is called: its flow, stage and key, and words for a reader; ``hours`` says what a wait is."""

    flow: str
    stage: str
    key: str
    words: str
    hours: str


@dataclass(frozen=True)
class Plan:
    """One run, ready to go: Records = engine(Plan).

    ``draws`` holds every drawn time (ms) and number (0 to 999,999). A step finds that of a first attempt at
    ``draw + index * draw_per_item``. Later attempts have numbers for those items alone that may make any: at
    ``draw_again + (attempt - 1) * draw_per_attempt + rank - 1``, with the rank at ``draws[ranks + index]``.
    ``helpers`` lists for each team who may help it, the first first. ``slots`` is how many counters an
    item needs. With ``drain`` the run ends when the last item has left, else at ``end_ms``.
    """

    scenario: Scenario
    seed: int
    replication: int
    end_ms: int
    drain: bool
    items: Items
    steps: Table
    teams: Table
    staff: Table
    helpers: tuple[tuple[int, ...], ...]
    gates: Table
    departures: Table
    rates: Table
    calendars: Table
    draws: NDArray[np.uint32]
    slots: int
    step_names: tuple[StepName, ...]
    flow_keys: tuple[str, ...]
    team_keys: tuple[str, ...]
    class_keys: tuple[str, ...]
    gate_keys: tuple[str, ...]
    stock: Stock = NO_STOCK
    follows: Table = field(default_factory=lambda: np.zeros(0, dtype=FOLLOW))
    midnights: Table = field(default_factory=lambda: np.zeros(0, dtype=MIDNIGHT))

    def without_draws(self) -> Plan:
        """The same Plan for who only measures what came of it: the draws are the most of its memory."""
        return replace(self, draws=self.draws[:0].copy())

    @property
    def n_rates(self) -> int:
        """How many rates there are."""
        return int(self.rates["rate"].max()) + 1 if len(self.rates) else 0

    @cached_property
    def step_number(self) -> dict[tuple[str, str], int]:
        """(flow key, step key) -> row in ``steps``."""
        return {(name.flow, name.key): number for number, name in enumerate(self.step_names)}

    def steps_of(self, kind: Kind, **named: str) -> Ints:
        """Numbers of the steps of a kind whose names match, such as ``steps_of(Kind.WORK, stage="customs")``."""
        of_kind = np.flatnonzero(self.steps["kind"] == kind)
        names = [self.step_names[number] for number in of_kind.tolist()]
        chosen = [all(getattr(name, field) == value for field, value in named.items()) for name in names]
        return np.asarray(of_kind[np.array(chosen, dtype=bool)])


def at_speed(work_ms: OneOrMany, from_per_mille: int, to_per_mille: int) -> OneOrMany:
    """How long work takes at another speed: rounded up, in whole milliseconds. Both engines use this formula.

    >>> at_speed(1000, 1000, 790)
    1266
    """
    return -(-work_ms * from_per_mille // to_per_mille)


def followed(base_ppm: int, selected: int, failed: int, follow: Any) -> int:
    """The rate that a seller's record calls for: its base times the share of failures over the usual one.

    Within floor and cap; the base itself while too few were selected. Both engines use this formula, in whole
    numbers with floor division.

    >>> row = np.array([(0, 30, 150_000, 10_000, 200_000, 10)], dtype=FOLLOW)[0]
    >>> followed(30_000, 100, 30, row), followed(30_000, 100, 0, row), followed(30_000, 9, 9, row)
    (60000, 10000, 30000)
    """
    if selected < follow["at_least"]:
        return base_ppm
    rate = base_ppm * failed // selected * PPM // int(follow["usual"])
    return int(min(max(rate, follow["floor"]), follow["cap"]))


def opens_until(begins: Ints, ends: Ints, open_before: Ints, now_ms: int, wait_ms: int) -> int:
    """When ``wait_ms`` of open time have passed since ``now_ms``, or NONE if the calendar ends before.

    >>> opens_until(np.array([0, 100]), np.array([10, 110]), np.array([0, 10]), 5, 8)
    103
    """
    at = int(np.searchsorted(ends, now_ms, side="right"))
    if at == len(ends):
        return NONE
    wanted = int(open_before[at]) + max(now_ms - int(begins[at]), 0) + wait_ms
    last = int(np.searchsorted(open_before, wanted, side="left")) - 1
    end = int(begins[last]) + wanted - int(open_before[last])
    return end if end <= int(ends[last]) else NONE
