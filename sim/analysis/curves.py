"""What the charts of one run show, as small tables: throughput, queues, delivery times, hours, people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.hours import hours_by_stage
from sim.analysis.orders import times_h
from sim.analysis.people import Working
from sim.analysis.run import Run
from sim.engine.records import NEVER
from sim.world.units import DAY_MS, HOUR_MS

PERCENTILES = np.arange(1, 100)


@dataclass(frozen=True)
class Curves:
    """Tables of one run.

    ``throughput``: a row a day (date); columns placed, a stage each, dispatched, delivered (items).
    ``queues``: a row an hour (date and time); a column a stage: items that wait for its people.
    ``delivery_h``, ``cycle_h``: hours at the percentiles 1 to 99 of the orders measured, inf = still under way.
    ``by_order_hour``: 90th percentile of delivery hours by weekday (0 = Monday, rows) and hour placed (columns).
    ``hours``: mean hours per order by stage (rows) and part (columns), of which ``rework``.
    ``heads``: a row an hour; a column a team: people on shift. ``busy`` likewise, overtime included.
    """

    throughput: pd.DataFrame
    queues: pd.DataFrame
    delivery_h: NDArray[np.float64]
    cycle_h: NDArray[np.float64]
    by_order_hour: pd.DataFrame
    hours: pd.DataFrame
    heads: pd.DataFrame
    busy: pd.DataFrame


def curves(run: Run) -> Curves:
    """The tables of a run, from its start to its end (those of orders: of the measured window)."""
    hourly = np.arange(0, run.records.ended_ms, HOUR_MS, dtype=np.int64)
    at = pd.Timestamp(run.plan.scenario.clock.start) + pd.to_timedelta(hourly, unit="ms")
    half_hour = np.minimum(hourly + HOUR_MS // 2, run.records.ended_ms - 1)
    return Curves(
        throughput=_throughput(run),
        queues=pd.DataFrame({stage: level.at(hourly) for stage, level in run.queues.items()}, index=at),
        delivery_h=_percentiles(times_h(run.orders, "delivered")),
        cycle_h=_percentiles(times_h(run.orders, "dispatched")),
        by_order_hour=_by_order_hour(run),
        hours=hours_by_stage(run.plan, run.hours_by_step, len(run.ended_orders)),
        heads=pd.DataFrame({key: team.staffed.at(half_hour) for key, team in run.teams.items()}, index=at),
        busy=pd.DataFrame({key: _hourly_busy(team, hourly) for key, team in run.teams.items()}, index=at),
    )


def mean_frame(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The mean of tables of replications, cell by cell; a cell that some do not have counts as 0 there."""
    index = list(dict.fromkeys(row for frame in frames for row in frame.index))
    columns = list(dict.fromkeys(column for frame in frames for column in frame.columns))
    rows = max((frame.index for frame in frames), key=len)
    rows = rows if len(rows) == len(index) else pd.Index(index)
    filled = [frame.reindex(index=rows, columns=columns).fillna(0.0) for frame in frames]
    return pd.DataFrame(np.mean([frame.to_numpy() for frame in filled], axis=0), rows, columns)


def _throughput(run: Run) -> pd.DataFrame:
    """Items a day, by the date on which they were placed, left a stage, were dispatched and delivered."""
    plan, records = run.plan, run.records
    flows = [plan.flow_keys.index(key) for key in plan.scenario.order_flows]
    is_order = np.isin(plan.items.flow, flows)
    came = is_order & ~plan.items.backlog & (plan.items.arrived < records.ended_ms)
    left, last = run.leaving_times, ("dispatched", "delivered")
    by_stage = {name: at for name, at in left.items() if name not in last}
    moments = {"placed": plan.items.arrived[came], **by_stage, **{name: left[name] for name in last}}
    start = plan.scenario.clock.start
    since_midnight = _since_midnight_ms(start)
    days = -(-(records.ended_ms + since_midnight) // DAY_MS)
    counted = {
        name: np.bincount((at + since_midnight) // DAY_MS, minlength=days)[:days] for name, at in moments.items()
    }
    return pd.DataFrame(counted, index=pd.date_range(start.date(), periods=days, freq="D"))


def _since_midnight_ms(moment: datetime) -> int:
    return (moment - datetime.combine(moment.date(), time())) // timedelta(milliseconds=1)


def _percentiles(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(hours):
        return np.full(len(PERCENTILES), np.nan)
    return np.asarray(np.quantile(hours, PERCENTILES / 100, method="inverted_cdf"))


def _by_order_hour(run: Run) -> pd.DataFrame:
    """P90 of delivery hours by when the order was placed; NaN where no order was, inf where most are under way."""
    orders = run.orders
    lost = (orders.left != NEVER) & (orders.delivered == NEVER)
    hours = np.where(orders.delivered == NEVER, np.inf, (orders.delivered - orders.placed) / HOUR_MS)[~lost]
    start = run.plan.scenario.clock.start
    hour = (orders.placed[~lost] + _since_midnight_ms(start)) // HOUR_MS
    frame = pd.DataFrame({"weekday": (hour // 24 + start.weekday()) % 7, "hour": hour % 24, "hours": hours})
    table = frame.groupby(["weekday", "hour"])["hours"].agg(_p90).unstack()
    return table.reindex(index=range(7), columns=range(24))


def _p90(hours: pd.Series) -> float:
    return float(np.quantile(hours, 0.9, method="inverted_cdf"))


def _hourly_busy(team: Working, hourly: NDArray[np.int64]) -> NDArray[np.float64]:
    busy_ms = team.busy.areas(hourly, hourly + HOUR_MS) + team.overtime.areas(hourly, hourly + HOUR_MS)
    return np.asarray(busy_ms / HOUR_MS)
