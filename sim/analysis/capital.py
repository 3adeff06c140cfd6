"""How much money lies in goods on their way to the buyers, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.run import Measure, Run
from sim.engine.records import NEVER
from sim.world.units import DAY_MS, HOUR_MS

YEAR_MS = 365 * DAY_MS


def tied_ms(run: Run) -> NDArray[np.int64]:
    """For how long the value of each order of the window is tied up.

    From when its goods came into stock (``stock_cover`` before the order was placed; direct mail has no stock) until
    the order leaves, however it leaves. An order still under way counts up to the end of the run.
    """
    plan, orders = run.plan, run.orders
    cover = np.array([flow.stock_cover for flow in plan.scenario.flows.values()], dtype=np.int64)
    number = {plan.flow_keys.index(key): position for position, key in enumerate(plan.scenario.flows)}
    of_flow = np.array([number.get(flow, 0) for flow in range(len(plan.flow_keys))])[plan.items.flow[orders.item]]
    until = np.where(orders.left == NEVER, run.records.ended_ms, orders.left)
    return np.asarray(cover[of_flow] + until - orders.placed)


def capital_measures(run: Run) -> Iterator[tuple[str, Measure]]:
    """Money tied up on average, and the mean time for which each unit of money is.

    By Little's law with orders weighted by their value: what the orders of the window bring in a day, times the days
    for which it is tied up.
    """
    value = run.orders.value
    if not value.sum() > 0:
        return
    begin, end = run.window_ms
    area = float((value * tied_ms(run)).sum())
    yield "capital.tied_up", Measure(area / (end - begin), "money")
    yield "capital.time", Measure(area / float(value.sum()) / HOUR_MS, "h")


def interest_paid(run: Run) -> float:
    """Interest on the value of the window's orders for as long as it is tied up (money)."""
    return run.plan.scenario.costs.interest * float((run.orders.value * tied_ms(run)).sum()) / YEAR_MS
