"""What became of each order: when it was placed, dispatched and delivered, and whether its promises were kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.grouped import Grouped, among
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.plan.steps import Kind, Outcome
from sim.world.scenario import Promise, first_stage_of
from sim.world.stages import Delivery

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Orders:
    """The orders placed in the measured window, one entry each; times in ms, NEVER where it has not happened.

    ``dispatched``: the truck leaves. ``delivered``: the successful attempt. ``outcome``: an Outcome.
    """

    item: Ints
    placed: Ints
    dispatched: Ints
    delivered: Ints
    left: Ints
    outcome: NDArray[np.int8]
    goods_class: Ints
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.item)

    def reached(self, to: Literal["dispatched", "delivered"]) -> Ints:
        """When each order was dispatched or delivered."""
        return self.dispatched if to == "dispatched" else self.delivered


def orders_of(plan: Plan, records: Records, dispatched: Ints) -> Orders:
    """The orders that were placed in the measured window; ``dispatched`` says of each item when it was."""
    begin_ms, end_ms = plan.scenario.clock.window_ms
    items = plan.items
    flows = [plan.flow_keys.index(key) for key in plan.scenario.order_flows]
    chosen = among(items.flow, flows) & ~items.backlog & (items.arrived >= begin_ms) & (items.arrived < end_ms)
    item = np.flatnonzero(chosen)
    outcome, left = records.items.outcome[item], records.items.left[item]
    delivered = np.where(outcome == Outcome.DELIVERED, left, NEVER)
    return Orders(
        item=item,
        placed=items.arrived[item],
        dispatched=dispatched[item],
        delivered=delivered,
        left=left,
        outcome=outcome,
        goods_class=items.goods_class[item],
        value=items.value[item],
    )


def dispatched_at(plan: Plan, records: Records, by_step: Grouped) -> Ints:
    """For each item when its truck left; without trucks, when it was loaded; without delivery, when it was done."""
    visits, at = records.visits, np.full(len(plan.items), NEVER, dtype=np.int64)
    for key in plan.scenario.order_flows:
        step = _dispatch_step(plan, key)
        if step is None:
            own = (plan.items.flow == plan.flow_keys.index(key)) & (records.items.outcome == Outcome.DELIVERED)
            at[own] = records.items.left[own]
            continue
        rows = by_step.of(step)
        rows = rows[visits.ended[rows] != NEVER]
        at[visits.item[rows]] = visits.ended[rows]
    return at


def _dispatch_step(plan: Plan, flow: str) -> int | None:
    stage = first_stage_of(plan.scenario, flow, Delivery)
    if stage is None:
        return None
    gates = plan.steps_of(Kind.GATE, flow=flow, stage=stage)
    loading = plan.step_number.get((flow, f"{stage}.loading"))
    return int(gates[0]) if len(gates) else loading


@dataclass(frozen=True)
class Kept:
    """Of the orders a promise covers: the shares on time, late, and not yet known; they make a whole."""

    on_time: float
    late: float
    unknown: float
    late_orders: int


def kept(promise: Promise, orders: Orders, plan: Plan, ended_ms: int) -> Kept:
    """How a promise was kept.

    Late is who was not there when the promised moment passed, for whatever reason: an order that was lost on
    the way is late too. Unknown is who is still under way with the promised moment beyond the end of the run.
    """
    covered = covers(promise, orders, plan)
    total = int(covered.sum())
    if not total:
        return Kept(np.nan, np.nan, np.nan, 0)
    due = orders.placed[covered] + promise.within
    reached = orders.reached(promise.to)[covered]
    lost = (orders.left[covered] != NEVER) & (reached == NEVER)
    on_time = (reached != NEVER) & (reached <= due)
    unknown = (reached == NEVER) & ~lost & (due >= ended_ms)
    late = int(total - on_time.sum() - unknown.sum())
    return Kept(float(on_time.mean()), late / total, float(unknown.mean()), late)


def covers(promise: Promise, orders: Orders, plan: Plan) -> NDArray[np.bool_]:
    """Which orders a promise was made to."""
    if promise.classes is None:
        return np.ones(len(orders), dtype=bool)
    return among(orders.goods_class, [plan.class_keys.index(name) for name in promise.classes])


def times_h(orders: Orders, to: Literal["dispatched", "delivered"]) -> NDArray[np.float64]:
    """Hours from paying to dispatch or delivery: infinite while under way; orders that were lost are left out."""
    reached = orders.reached(to)
    lost = (orders.left != NEVER) & (reached == NEVER)
    hours = np.where(reached == NEVER, np.inf, (reached - orders.placed) / 3_600_000)
    return np.asarray(hours[~lost])
