"""What an engine writes: raw facts, column by column, in whole milliseconds; NEVER where a thing has not happened.

Everything else - waits, utilisation, queues, costs - is a function of these tables and the Plan.
Rows are sorted by (item, order in its life).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.plan.plan import NOT_YET, Plan
from sim.world.errors import ScenarioError

Ints = NDArray[np.int64]
NEVER = -1


@dataclass(frozen=True)
class Visits:
    """One row for each visit of an item to a work, wait, gate or meet step.

    ``attempt`` counts an item's visits to the step from 0. Work: ``joined`` the queue, ``started`` for the first
    time, ``ended``; ``team`` is the one that started it. Who gave up has no start. Waits start when they are
    joined; gates and meetings start and end with the release.
    """

    item: Ints
    step: Ints
    attempt: Ints
    team: Ints
    joined: Ints
    started: Ints
    ended: Ints

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True)
class Spells:
    """The stretches of work of the jobs that were paused at least once: number ``spell``, from ``begin`` to ``end``."""

    item: Ints
    step: Ints
    attempt: Ints
    team: Ints
    spell: Ints
    begin: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True)
class Leavings:
    """For each item of the Plan, when it arrived, when it left (NEVER: it is still inside) and its Outcome (NONE).

    A lot that no reorder point has ordered has NOT_YET arrived.
    """

    arrived: Ints
    left: Ints
    outcome: NDArray[np.int8]


@dataclass(frozen=True)
class StockLevels:
    """How a SKU stands after each instant at which its stock changed; sorted by (sku, time).

    Units: ``free`` to be sold, ``reserved`` for orders and still there, ``short`` in lines that wait, ``on_order``
    in consignments that have set out and are not put away.
    """

    at: Ints
    sku: Ints
    free: Ints
    reserved: Ints
    short: Ints
    on_order: Ints

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Rates:
    """The rates in force: from ``at`` on, number ``rate`` is ``ppm`` parts per million."""

    at: Ints
    rate: Ints
    ppm: Ints

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Records:
    """All that happened in one run, which covered [0, ``ended_ms``)."""

    visits: Visits
    spells: Spells
    items: Leavings
    stock: StockLevels
    rates: Rates
    ended_ms: int


def ended_ms(arrived: Ints, left: Ints, end_ms: int, *, drain: bool) -> int:
    """When the run ended: a drain with the instant in which the last item left, all else at the horizon."""
    left = left[arrived < NOT_YET]
    if drain and len(left) and left.min() != NEVER:
        return min(int(left.max()) + 1, end_ms)
    return end_ms


def too_few_lots(plan: Plan, sku: int) -> ScenarioError:
    """What to say when a reorder point calls for more lots than the Plan holds in store."""
    lots = int(plan.stock.skus["lots"][sku])
    return ScenarioError(
        f"stock: '{plan.stock.sku_keys[sku]}' was reordered {lots} times and needs more: its lots are lost faster"
        " than they can be ordered again. Raise the quantity of a reorder, or lower the share that is lost"
    )


COMPACT = {"item": np.int32, "step": np.int16, "attempt": np.int16, "team": np.int16, "spell": np.int16}
"""Columns that are not times are kept in fewer bytes: a month of a medium site has fifteen million visits."""


def rates_until(ended_ms: int, table: Ints) -> Rates:
    """The rates in force, from rows of (at, rate, ppm) in the order of time, up to the end of the run."""
    rows = table.reshape(-1, len(fields(Rates)))
    return Rates(*np.ascontiguousarray(rows[rows[:, 0] < ended_ms].T))


def sorted_by_sku(table: Ints) -> Ints:
    """Columns of rows of stock that were written in the order of time, now SKU by SKU."""
    rows = table.reshape(-1, len(fields(StockLevels)))
    return np.ascontiguousarray(rows[np.argsort(rows[:, 1], kind="stable")].T)


def sorted_by_item(table: Ints, kind: type[Visits] | type[Spells]) -> tuple[Ints, ...]:
    """Columns of a table of rows that were written in the order of time, now item by item."""
    names = [field.name for field in fields(kind)]
    rows = table.reshape(-1, len(names))
    order = np.argsort(rows[:, 0], kind="stable")
    return tuple(rows[:, column][order].astype(COMPACT.get(name, np.int64)) for column, name in enumerate(names))
