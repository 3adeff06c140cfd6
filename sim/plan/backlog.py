"""Orders that were there before the start: which items they are, and when they were placed.

An engine lets every item of the backlog join at 0; that an order was placed before is for its due moment and for the
measures.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.plan.plan import Plan
from sim.world.backlog import since_ms
from sim.world.scenario import Scenario

Ints = NDArray[np.int64]


def snapshot_rows(scenario: Scenario, flow: str) -> pd.DataFrame | None:
    """The rows of the snapshot that belong to a flow, in the order in which they queue, or None without a snapshot."""
    if scenario.backlog is None:
        return None
    return scenario.backlog.of_flow(flow, only=scenario.order_flows == (flow,))


def backlog_items(plan: Plan) -> pd.DataFrame:
    """The orders of the snapshot with the items that they are.

    Returns
    -------
    DataFrame
        One row for each: ``item`` (number), ``order``, ``flow``, ``stage``, ``goods_class`` (key) and ``placed_ms``
        (from the start: at most 0). Empty without a snapshot.

    """
    tables = []
    for flow in plan.scenario.flows:
        rows = snapshot_rows(plan.scenario, flow)
        if rows is None or rows.empty:
            continue
        own = np.flatnonzero((plan.items.flow == plan.flow_keys.index(flow)) & plan.items.backlog)
        # Those that ``start`` only counts come before the rows of the file.
        item = own[np.argsort(plan.items.index[own])][-len(rows) :]
        table = rows[["order", "stage"]].assign(
            item=item, flow=flow, placed_ms=since_ms(rows, plan.scenario.clock.start)
        )
        tables.append(table.assign(goods_class=[plan.class_keys[number] for number in plan.items.goods_class[item]]))
    columns = ["item", "order", "flow", "stage", "goods_class", "placed_ms"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
