"""The numbers of one run, each under a dotted name with its unit: functions of Plan and Records alone.

A quantile counts the orders that are still under way as longer than all others, so none is dropped; where it
falls among them it is not known yet, which is infinity here. A mean is over those that finished.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.capital import capital_measures, interest_paid
from sim.analysis.hours import PARTS
from sim.analysis.inspection_measures import document_measures, inspection_measures
from sim.analysis.orders import kept, times_h
from sim.analysis.recovery import recovery_measures
from sim.analysis.run import Measure, Run
from sim.analysis.selection_measures import rate_measures, truck_measures
from sim.analysis.stage_measures import order_throughput, people_measures, stage_measures, stage_throughput
from sim.analysis.stock_measures import docked_at, stock_measures
from sim.engine.records import NEVER
from sim.plan.steps import Kind, Outcome
from sim.world.scenario import Scenario
from sim.world.stages import Customs
from sim.world.units import HOUR_MS

Named = Iterator[tuple[str, Measure]]
QUANTILES = (50, 90, 95, 99)


def measure(run: Run) -> dict[str, Measure]:
    """All measures of a run by name, such as ``delivery_time.p95`` or ``utilisation.packers``.

    >>> from sim.engine.engines import run as run_engine
    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=3 d"]).scenario)
    >>> measures = measure(Run(plan, run_engine(plan, "simpy")))
    >>> measures["utilisation.clerks"].unit
    'share'
    """
    groups = (
        _time_measures, _promise_measures, _end_measures, order_throughput, stage_throughput, stage_measures,
        people_measures, _dock_to_stock, stock_measures, inspection_measures, rate_measures, truck_measures, document_measures,
        recovery_measures, _hour_measures, capital_measures, _cost_measures,
    )  # fmt: skip
    return dict(named for group in groups for named in group(run))


def order_measures(run: Run) -> dict[str, Measure]:
    """The measures of orders and money alone, for who searches through many plans: a few of those of ``measure``."""
    groups = (_time_measures, _promise_measures, _end_measures, _cost_measures)
    return dict(named for group in groups for named in group(run))


def first_measures(run: Run) -> dict[str, Measure]:
    """What a planner reads first: the measures of orders and money, and how many orders come through a day."""
    return {**order_measures(run), **dict(order_throughput(run))}


def _time_measures(run: Run) -> Named:
    yield from _distribution("delivery_time", times_h(run.orders, "delivered"))
    yield from _distribution("order_cycle", times_h(run.orders, "dispatched"))


def _distribution(name: str, hours: NDArray[np.float64]) -> Named:
    """Mean of the finished, quantiles of all."""
    if not len(hours):
        return
    finished = hours[np.isfinite(hours)]
    yield f"{name}.mean", Measure(float(finished.mean()) if len(finished) else np.nan, "h")
    quantiles = np.quantile(hours, [quantile / 100 for quantile in QUANTILES], method="inverted_cdf")
    for quantile, value in zip(QUANTILES, quantiles, strict=True):
        yield f"{name}.p{quantile}", Measure(float(value), "h")


def _promise_measures(run: Run) -> Named:
    for key, promise in run.plan.scenario.promises.items():
        shares = kept(promise, run.orders, run.plan, run.records.ended_ms)
        yield f"on_time.{key}", Measure(shares.on_time, "share")
        yield f"late.{key}", Measure(shares.late, "share")
        yield f"unknown.{key}", Measure(shares.unknown, "share")


def _end_measures(run: Run) -> Named:
    """How orders ended, over those placed; in full over those that ended."""
    orders, plan = run.orders, run.plan
    if not len(orders):
        return
    ended = orders.left != NEVER
    # By what may happen, not by what did: a replication in which nothing was seized counts as a share of 0.
    ways_out = {
        plan.steps[step]["outcome"]
        for flow in plan.scenario.order_flows
        for step in plan.steps_of(Kind.LEAVE, flow=flow)
    }
    yield "unfinished", Measure(float((~ended).mean()), "share")
    for outcome in Outcome:
        if outcome in ways_out:
            yield f"outcome.{outcome.name.lower()}", Measure(float((orders.outcome == outcome).mean()), "share")
    in_full = float((orders.outcome[ended] == Outcome.DELIVERED).mean()) if ended.any() else np.nan
    yield "in_full", Measure(in_full, "share")


def _dock_to_stock(run: Run) -> Named:
    """From the first stage to stock, of the consignments that came to it in the window."""
    records, begin, end = run.records, *run.window_ms
    docked = docked_at(run)
    chosen = np.flatnonzero((docked >= begin) & (docked < end))
    left, outcome = records.items.left[chosen], records.items.outcome[chosen]
    lost = (left != NEVER) & (outcome != Outcome.STOCKED)
    hours = np.where(left == NEVER, np.inf, (left - docked[chosen]) / HOUR_MS)[~lost]
    yield from _distribution("dock_to_stock", hours)


def _hour_measures(run: Run) -> Named:
    """Mean hours of the orders that ended, by part; ``hours.rework`` is what of them went into later attempts."""
    ended = len(run.ended_orders)
    if ended:
        for part in (*PARTS, "rework"):
            yield f"hours.{part}", Measure(float(run.hours_by_step[part].sum()) / ended / HOUR_MS, "h")


def _cost_measures(run: Run) -> Named:
    """Money for each order placed: wages of the window, and what its own orders cost.

    Wages are paid for the staffed time, overtime at the overtime factor; a refund goes to every order that
    ended in any other way than delivered. Freight is for every order, whatever became of it.
    """
    scenario, orders = run.plan.scenario, run.orders
    begin, end = run.window_ms
    if not len(orders) or not _has_prices(scenario):
        return
    teams = [(scenario.teams[key], team) for key, team in run.teams.items()]
    customs = [key for key, stage in scenario.stages.items() if isinstance(stage, Customs)]
    opened = sum(int((run.came_to(key, "opening") & run.in_window).sum()) for key in customs)
    parts = {
        "wages": sum(team.wage * work.staffed_h(begin, end) for team, work in teams),
        "overtime": sum(team.wage * team.overtime_factor * work.overtime_h(begin, end) for team, work in teams),
        "opening": scenario.costs.opening * opened,
        "courier": scenario.costs.courier * int((orders.dispatched != NEVER).sum()),
        "penalty": sum(
            promise.penalty * kept(promise, orders, run.plan, run.records.ended_ms).late_orders
            for promise in scenario.promises.values()
        ),
        "refund": scenario.costs.refund * int(((orders.left != NEVER) & (orders.outcome != Outcome.DELIVERED)).sum()),
        "freight": scenario.costs.freight * len(orders),
        "interest": interest_paid(run),
    }
    for name, money in parts.items():
        yield f"cost.{name}", Measure(money / len(orders), "money")
    yield "cost.per_order", Measure(sum(parts.values()) / len(orders), "money")


def _has_prices(scenario: Scenario) -> bool:
    """Whether the scenario says what anything costs; one that does may still cost nothing in some replication."""
    costs = scenario.costs
    wages = (team.wage for team in scenario.teams.values())
    penalties = (promise.penalty for promise in scenario.promises.values())
    return any((costs.opening, costs.courier, costs.refund, costs.freight, costs.interest, *wages, *penalties))
