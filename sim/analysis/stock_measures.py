"""Stock in numbers: how many orders found all they wanted, how long others waited, which SKUs ran short, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.run import Measure, Run
from sim.analysis.stock_levels import StockOverTime
from sim.engine.records import NEVER
from sim.plan.routes import lead_time_key
from sim.plan.steps import Kind
from sim.plan.stocking import units_per_ms
from sim.world.units import DAY_MS, HOUR_MS

Ints = NDArray[np.int64]
Named = Iterator[tuple[str, Measure]]


def docked_at(run: Run) -> Ints:
    """For each item, when a consignment came to its first stage (ms); NEVER if it has not, and for all else.

    What was there before the start has no such moment.
    """
    plan, records, visits = run.plan, run.records, run.records.visits
    docked = np.full(len(plan.items), NEVER, dtype=np.int64)
    for key, flow in plan.scenario.flows.items():
        if flow.goods != "consignment":
            continue
        own = (plan.items.flow == plan.flow_keys.index(key)) & ~plan.items.backlog
        if flow.lead_time is None:
            docked[own] = np.where(records.items.arrived < records.ended_ms, records.items.arrived, NEVER)[own]
        else:
            on_the_way = run.by_step.of(plan.step_number[key, lead_time_key(flow.route[0])])
            docked[visits.item[on_the_way]] = visits.ended[on_the_way]
    return docked


def stock_measures(run: Run) -> Named:
    """Fill rate, waits and losses of the orders of the window; short SKUs, cover and units over the window."""
    if run.plan.scenario.stock is not None:
        yield from _order_measures(run)
        yield from _sku_measures(run, StockOverTime(run.plan, run.records))


def _order_measures(run: Run) -> Named:
    """Of the orders placed in the window that take from stock; who still waits counts as longest, who was lost not."""
    visits = run.records.visits
    rows = run.visits_to(run.plan.steps["kind"] == Kind.RESERVE)
    rows = rows[run.in_window[visits.item[rows]]]
    if not len(rows):
        return
    joined, started, ended = visits.joined[rows], visits.started[rows], visits.ended[rows]
    at_once, lost = started == joined, (started == NEVER) & (ended != NEVER)
    yield "fill_rate", Measure(float(at_once.mean()), "share")
    yield "stock_wait.share", Measure(float((~at_once).mean()), "share")
    yield "lost_for_stock", Measure(float(lost.mean()), "share")
    waiting = ~at_once & ~lost
    if waiting.any():
        hours = np.where(started == NEVER, np.inf, (started - joined) / HOUR_MS)[waiting]
        finished = hours[np.isfinite(hours)]
        yield "stock_wait.mean", Measure(float(finished.mean()) if len(finished) else np.nan, "h")
        yield "stock_wait.p95", Measure(float(np.quantile(hours, 0.95, method="inverted_cdf")), "h")


def _sku_measures(run: Run, stock: StockOverTime) -> Named:
    """``stock_out.any`` is 1 if any SKU is short within the window: its mean over replications is a probability."""
    begin, end = run.window_ms
    short_on = stock.short_on_days(begin, end)
    yield "stock_out.any", Measure(float(short_on.any()), "share")
    yield "stock_out.skus", Measure(float(short_on.any(axis=1).sum()), "SKUs")
    yield "stock_out.sku_days", Measure(float(short_on.mean()), "share")
    yield "stock_out.first", Measure(stock.first_short_h, "h")
    free = stock.total("free")
    yield "stock.units", Measure(free.mean(begin, end) + stock.total("reserved").mean(begin, end), "units")
    per_day = float(units_per_ms(run.plan.scenario).sum()) * DAY_MS
    if per_day > 0:
        yield "stock.cover", Measure(free.mean(begin, end) / per_day, "days")
