"""The Plan's items: goods in the order of their arrival, and the documents that run beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan.names import Names
from sim.plan.plan import COMPACT_ITEMS, NONE, NOT_YET, Items
from sim.plan.pool import Crowd
from sim.plan.programme import Programme
from sim.plan.routes import DOCUMENTS, order_data_of
from sim.plan.steps import Route
from sim.world.scenario import Scenario

Ints = NDArray[np.int64]
UNPROMISED_MS = 2**50
LAST_MS = 2**51
"""Lots by reorder are due after all else."""


def items_of(
    scenario: Scenario, crowds: dict[str, Crowd], routes: dict[str, Route], programme: Programme, names: Names
) -> Items:
    """All items in the order of (backlog first, arrival, flow, index), goods and their documents linked."""
    parts = []
    for key, crowd in crowds.items():
        entries = {stage: programme.at(key, step) for stage, step in routes[key].entry.items()}
        if key not in scenario.flows:
            parts.append(_form_items(key, crowd, programme, names))
            continue
        goods = _goods_items(scenario, key, crowd, programme.at(key, routes[key].steps[0].key), entries, names)
        parts.append(goods)
        if order_data_of(scenario, key) is not None:
            parts.append(_document_items(key + DOCUMENTS, goods, programme, names))
    parts.sort(key=lambda part: int(part.flow[0]) if len(part) else 0)
    # Within a part, items are in the order of their index; a stable sort keeps that, and the order of the flows.
    moment = np.concatenate([np.where(part.backlog, -1, part.arrived) for part in parts])
    order = np.argsort(moment, kind="stable")
    columns: dict[str, Any] = {}
    for name in Items.__dataclass_fields__:
        column = np.concatenate([parts_of.pop(name) for parts_of in map(vars, parts)])
        columns[name] = column.astype(COMPACT_ITEMS.get(name, np.int64), copy=False)[order]
    return _with_companions(Items(**columns), names)


def _form_items(key: str, crowd: Crowd, programme: Programme, names: Names) -> Items:
    """Release forms: of no class in particular, and due before all goods since whole trucks wait for them."""
    count = crowd.count
    none = np.zeros(count, dtype=np.int64)
    return Items(
        arrived=crowd.arriving.arrived,
        flow=np.full(count, names.flows.index(key), dtype=np.int16),
        index=np.arange(count, dtype=np.int64),
        goods_class=none,
        priority=none,
        due=crowd.arriving.arrived,
        companion=np.full(count, NONE, dtype=np.int64),
        first_step=np.full(count, next(n for n, (flow, _) in enumerate(programme.steps) if flow == key)),
        backlog=np.zeros(count, dtype=bool),
        lines=none.astype(np.int32),
        units=none.astype(np.int32),
        value=np.zeros(count),
    )


def _goods_items(
    scenario: Scenario, key: str, crowd: Crowd, begins: int, entries: dict[str, int], names: Names
) -> Items:
    flow, count = scenario.flows[key], crowd.count
    arriving = len(crowd.arriving.arrived)
    positions = np.array([names.classes.index(name) for name in flow.classes], dtype=np.int64)
    priorities = np.array([goods.priority for goods in flow.classes.values()], dtype=np.int64)
    goods_class, placed = crowd.joined("goods_class"), crowd.joined("arrived")
    first = np.full(count, begins, dtype=np.int64)
    first[arriving:] = [entries[stage] for stage in crowd.waiting_at]
    return Items(
        arrived=np.maximum(placed, 0),
        flow=np.full(count, names.flows.index(key), dtype=np.int16),
        index=np.arange(count, dtype=np.int64),
        goods_class=positions[goods_class],
        priority=priorities[goods_class],
        due=np.where(placed == NOT_YET, LAST_MS, placed + _tightest_ms(scenario, key)[goods_class]),
        companion=np.full(count, NONE, dtype=np.int64),
        first_step=first,
        backlog=np.arange(count) >= arriving,
        lines=crowd.joined("lines").astype(np.int32),
        units=crowd.joined("units").astype(np.int32),
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


def _document_items(key: str, goods: Items, programme: Programme, names: Names) -> Items:
    """One set of documents for each order that arrives; the backlog's were accepted before."""
    new = ~goods.backlog
    columns = {name: getattr(goods, name)[new] for name in Items.__dataclass_fields__}
    count = int(new.sum())
    columns["flow"] = np.full(count, names.flows.index(key), dtype=np.int16)
    columns["first_step"] = np.full(count, next(n for n, (flow, _) in enumerate(programme.steps) if flow == key))
    return Items(**columns)


def _with_companions(items: Items, names: Names) -> Items:
    """Goods and documents of the same index point at each other."""
    companion = items.companion.copy()
    for number, key in enumerate(names.flows):
        if not key.endswith(DOCUMENTS):
            continue
        documents = np.flatnonzero(items.flow == number)
        goods = np.flatnonzero((items.flow == names.flows.index(key.removesuffix(DOCUMENTS))) & ~items.backlog)
        documents = documents[np.argsort(items.index[documents], kind="stable")]
        goods = goods[np.argsort(items.index[goods], kind="stable")]
        companion[documents], companion[goods] = goods, documents
    return replace(items, companion=companion)
