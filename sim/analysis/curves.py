"""What the charts of one run show, as small tables: throughput, queues, delivery times, hours, people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.at_stages import counted_by_day, day_begins
from sim.analysis.grouped import grouped
from sim.analysis.hours import hours_by_stage
from sim.analysis.orders import times_h
from sim.analysis.people import Working
from sim.analysis.run import Measure, Run
from sim.analysis.selection_measures import followed_rates
from sim.analysis.stock_levels import StockOverTime
from sim.engine.records import NEVER
from sim.plan.plan import PPM
from sim.world.units import HOUR_MS, since_midnight_ms

PERCENTILES = np.arange(1, 100)
HOURS_OF_A_SKU = 6
HOURS_OF_A_WEEK = 168


@dataclass(frozen=True)
class Curves:
    """Tables of one run.

    ``throughput``: a row a day (date); columns placed, a stage each, dispatched, delivered (items).
    ``queues``: a row an hour (date and time); a column a stage: items that wait for its people.
    ``ages_h``: likewise for how long the one who waits longest has been waiting, in hours.
    ``delivery_h``, ``cycle_h``: hours at the percentiles 1 to 99 of the orders measured, inf = still under way.
    ``by_order_hour``: 90th percentile of delivery hours by weekday (0 = Monday, rows) and hour placed (columns).
    ``hours``: mean hours per order by stage (rows) and part (columns), of which ``rework``.
    ``heads``: a row an hour; a column a team: people on shift. ``busy`` likewise, overtime included.
    ``stock``: a row an hour; columns free (units) and short (SKUs with orders that wait). ``sku_units``: a row each
    six hours, a column a SKU: free units, less those that orders wait for. ``sku_short_h``: by SKU, the hours in which
    orders waited. All three are empty where no stock is kept.
    ``selection_rate``: a row an hour, a column ``stage.flow`` for each rate that follows a seller's record.
    """

    throughput: pd.DataFrame
    queues: pd.DataFrame
    ages_h: pd.DataFrame
    delivery_h: NDArray[np.float64]
    cycle_h: NDArray[np.float64]
    by_order_hour: pd.DataFrame
    hours: pd.DataFrame
    heads: pd.DataFrame
    busy: pd.DataFrame
    stock: pd.DataFrame
    sku_units: pd.DataFrame
    sku_short_h: pd.Series
    selection_rate: pd.DataFrame


def curves(run: Run) -> Curves:
    """The tables of a run, from its start to its end (those of orders: of the measured window)."""
    hourly = np.arange(0, run.records.ended_ms, HOUR_MS, dtype=np.int64)
    at = pd.Timestamp(run.plan.scenario.clock.start) + pd.to_timedelta(hourly, unit="ms")
    half_hour = np.minimum(hourly + HOUR_MS // 2, run.records.ended_ms - 1)
    rates = followed_rates(run.plan, run.records)
    stock, sku_units, sku_short_h = _stock(run, hourly, at)
    return Curves(
        throughput=_throughput(run),
        queues=pd.DataFrame({stage: queue.hourly for stage, queue in run.queues.items()}, index=at),
        ages_h=pd.DataFrame({stage: queue.ages_ms / HOUR_MS for stage, queue in run.queues.items()}, index=at),
        delivery_h=_percentiles(times_h(run.orders, "delivered")),
        cycle_h=_percentiles(times_h(run.orders, "dispatched")),
        by_order_hour=_by_order_hour(run),
        hours=hours_by_stage(run.plan, run.hours_by_step, len(run.ended_orders)),
        heads=pd.DataFrame({key: team.staffed.at(half_hour) for key, team in run.teams.items()}, index=at),
        busy=pd.DataFrame({key: _hourly_busy(team, hourly) for key, team in run.teams.items()}, index=at),
        stock=stock,
        sku_units=sku_units,
        sku_short_h=sku_short_h,
        selection_rate=pd.DataFrame({name: level.at(hourly) / PPM for name, level in rates.items()}, index=at),
    )


def _stock(run: Run, hourly: NDArray[np.int64], at: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    keys = run.plan.stock.sku_keys
    if not keys:
        return pd.DataFrame(index=at), pd.DataFrame(index=at), pd.Series(dtype=float)
    stock = StockOverTime(run.plan, run.records)
    few = slice(None, None, HOURS_OF_A_SKU)
    of_skus = {
        key: stock.of_sku(number, "free").at(hourly[few]) - stock.of_sku(number, "short").at(hourly[few])
        for number, key in enumerate(keys)
    }
    levels = {"free": stock.total("free").at(hourly), "short": stock.skus_short().at(hourly)}
    return pd.DataFrame(levels, index=at), pd.DataFrame(of_skus, index=at[few]), pd.Series(stock.short_h(), list(keys))


def order_hours(found: Curves) -> dict[str, Measure]:
    """``placed_at.07.p90``: hours within which 9 of 10 orders of an hour are delivered, mean of the weekdays that had any."""
    means = found.by_order_hour.mean(axis=0)
    return {f"placed_at.{hour:02}.p90": Measure(float(value), "h") for hour, value in means.dropna().items()}


def mean_frame(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The mean of tables of replications, cell by cell; a cell that some do not have counts as 0 there."""
    cells, rows, columns = stacked(frames)
    return pd.DataFrame(cells.mean(axis=0), rows, columns)


def stacked(frames: Sequence[pd.DataFrame]) -> tuple[NDArray[np.float64], pd.Index, list[str]]:
    """Tables of replications one upon the other, and their rows and columns; a cell that some do not have is 0 there.

    >>> one, other = pd.DataFrame({"a": [1, 5]}), pd.DataFrame({"b": [2]})
    >>> stacked([one, other])[0].tolist()
    [[[1.0, 0.0], [5.0, 0.0]], [[0.0, 2.0], [0.0, 0.0]]]
    """
    columns = list(dict.fromkeys(column for frame in frames for column in frame.columns))
    rows = max((frame.index for frame in frames), key=len)
    if not all(frame.index.equals(rows[: len(frame)]) for frame in frames):
        index = list(dict.fromkeys(row for frame in frames for row in frame.index))
        rows = rows if len(rows) == len(index) else pd.Index(index)
    cells = np.zeros((len(frames), len(rows), len(columns)))
    for cell, frame in zip(cells, frames, strict=True):
        # Most are rows that only end sooner: to line those up by their labels takes longer than all the rest.
        begins_so = list(frame.columns) == columns and frame.index.equals(rows[: len(frame)])
        known = frame if begins_so else frame.reindex(index=rows, columns=columns)
        cell[: len(known)] = known.to_numpy(float)
    return np.nan_to_num(cells, nan=0.0, posinf=np.inf, neginf=-np.inf), rows, columns


def _throughput(run: Run) -> pd.DataFrame:
    """Items a day, by the date on which they were placed, left a stage, were dispatched and delivered."""
    plan, ended_ms = run.plan, run.records.ended_ms
    placed = plan.items.arrived[run.is_order & ~plan.items.backlog & (plan.items.arrived < ended_ms)]
    counted = {
        "placed": counted_by_day(placed, plan, ended_ms),
        **{stage: became.by_day for stage, became in run.at_stages.items()},
        **{name: counted_by_day(at, plan, ended_ms) for name, at in run.order_times.items()},
    }
    days = len(day_begins(plan, ended_ms))
    return pd.DataFrame(counted, index=pd.date_range(plan.scenario.clock.start.date(), periods=days, freq="D"))


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
    hour = (orders.placed[~lost] + since_midnight_ms(start)) // HOUR_MS
    hour_of_week = (hour + start.weekday() * 24) % HOURS_OF_A_WEEK
    groups = grouped(hour_of_week, HOURS_OF_A_WEEK)
    p90 = [_p90(hours[groups.of(number)]) for number in range(HOURS_OF_A_WEEK)]
    return pd.DataFrame(np.reshape(p90, (7, 24)), pd.RangeIndex(7, name="weekday"), pd.RangeIndex(24, name="hour"))


def _p90(hours: NDArray[np.float64]) -> float:
    """NumPy's ``inverted_cdf``, which takes a millisecond a call where there are 168 calls."""
    if not len(hours):
        return np.nan
    place = math.ceil(len(hours) * 0.9) - 1
    return float(np.partition(hours, place)[place])


def _hourly_busy(team: Working, hourly: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(team.worked_ms(hourly, hourly + HOUR_MS) / HOUR_MS)
