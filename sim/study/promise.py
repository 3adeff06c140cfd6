"""What to promise a buyer: by when with which chance, and by when to order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import Estimate, estimate
from sim.analysis.run import Measure, Run
from sim.engine.records import NEVER
from sim.study.evaluate import Evaluator
from sim.study.question import Measures
from sim.study.target import TargetError
from sim.words import studies as say
from sim.words.delays import PLACED_ON
from sim.world.errors import nearest
from sim.world.files import ScenarioFile
from sim.world.scenario import Scenario
from sim.world.units import DAY_MS, HOUR_MS

CHANCES = (0.5, 0.8, 0.9, 0.95)
TABLE_CHANCE = 0.9
HOURS_A_WEEK = 7 * 24


@dataclass(frozen=True)
class DeliveryByOrderHour:
    """How long orders take that are placed like one: at its date and hour if ``same_day``, else at its hour of the week.

    ``hour`` counts hours from the midnight of the scenario's first day; ``chance`` is that of the weekly table by which
    latest order times are found; ``wanted_h`` hours after ``hour`` it should be there. An order that is lost, or under
    way at the end, takes for ever, so that none is left out.
    """

    hour: int | None
    same_day: bool
    goods_class: str | None
    chance: float
    within_h: float | None

    @property
    def key(self) -> str:
        """All its parameters."""
        return f"delivery by order hour and day {self.hour} {self.same_day} {self.goods_class} {self.chance} {self.within_h}"

    def __call__(self, run: Run) -> Measures:
        """``orders``, quantiles as ``p50``, ..., the chance of the time wanted, the tables by hour, and that by day."""
        hours, placed = self._times(run)
        own = (
            hours[placed == self.hour]
            if self.same_day
            else hours[placed % HOURS_A_WEEK == (self.hour or 0) % HOURS_A_WEEK]
        )
        found = {"orders": Measure(float(len(own)), "orders")}
        if self.hour is not None:
            for chance in sorted({*CHANCES, self.chance}):
                found[f"p{100 * chance:g}"] = Measure(_quantile(own, chance), "h")
            if self.within_h is not None:
                kept = float((own <= self.within_h).mean()) if len(own) else np.nan
                found["kept"] = Measure(kept, "share")
        for name, chance in (("table", TABLE_CHANCE), ("latest", self.chance)):
            for hour in range(HOURS_A_WEEK):
                slot = hours[placed % HOURS_A_WEEK == hour]
                found[f"{name}.{hour}"] = Measure(_quantile(slot, chance), "h")
        for day in measured_days(run.plan.scenario):
            slot = hours[placed // 24 == day]
            found[f"orders.{day}"] = Measure(float(len(slot)), "orders")
            found[f"day.{day}"] = Measure(_quantile(slot, TABLE_CHANCE), "h")
        return found

    def _times(self, run: Run) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        orders, start = run.orders, run.plan.scenario.clock.start
        chosen = np.ones(len(orders), dtype=bool)
        if self.goods_class is not None:
            chosen = orders.goods_class == run.plan.class_keys.index(self.goods_class)
        taken = np.where(orders.delivered == NEVER, np.inf, (orders.delivered - orders.placed) / HOUR_MS)
        hour = (orders.placed + _since_midnight_ms(start)) // HOUR_MS
        return taken[chosen], hour[chosen]


@dataclass(frozen=True, eq=False)
class Promised:
    """Dates to promise.

    ``dates`` has a row for each chance: ``chance``, ``date`` and its interval ``low``, ``high`` (date and time),
    ``hours`` from placing. ``kept`` is the chance to have it by the date wanted; ``latest`` the last hour in which an
    order may be placed to have it by then with the chance asked for (None: never, within four weeks before).
    ``table`` has hours at 90 %, by weekday (rows, 0 = Monday) and hour placed (columns), ``table_low`` and
    ``table_high`` its interval. ``by_day`` has hours at 90 % by the day placed (rows) in each replication (columns), and
    ``a_day`` how many orders a day had. ``orders`` is how many like it a replication had; ``like`` says which they are.
    """

    file: ScenarioFile
    placed: datetime | None
    wanted: datetime | None
    chance: float
    goods_class: str | None
    like: str
    orders: float
    dates: pd.DataFrame
    kept: Estimate | None
    latest: datetime | None
    table: pd.DataFrame
    table_low: pd.DataFrame
    table_high: pd.DataFrame
    by_day: pd.DataFrame
    a_day: pd.Series
    replications: int


def promise(
    file: ScenarioFile,
    evaluate: Evaluator,
    placed: datetime | None = None,
    wanted: datetime | None = None,
    chance: float = 0.95,
    goods_class: str | None = None,
    seed: int = 1,
    replications: int = 10,
) -> Promised:
    """Say by when a buyer will have an order, with which chance.

    Orders like the one asked for are those placed in the same hour: of the same day where the run measures that
    day, else of the same weekday. Quantiles are taken in each replication, means and intervals across replications.

    Parameters
    ----------
    file
        The scenario.
    evaluate
        Who runs it.
    placed
        When the order is placed.
    wanted
        When it should be there; midnight means the end of that day.
    chance
        How sure the promise has to be.
    goods_class
        Only orders of this class.
    seed, replications
        The luck.

    Raises
    ------
    TargetError
        For a class that is not there, naming the nearest; or a chance that is none.

    """
    if not 0 < chance < 1:
        raise TargetError(f"a chance must lie between 0 % and 100 %, not {100 * chance:g} %")
    classes = [name for flow in file.scenario.order_flows for name in file.scenario.flows[flow].classes]
    if goods_class is not None and goods_class not in classes:
        raise TargetError(f"no class '{goods_class}'{nearest(goods_class, classes)}")
    wanted = _end_of_day(wanted)
    start = file.scenario.clock.start
    midnight = datetime.combine(start.date(), time())
    hour = None if placed is None else (placed - midnight) // timedelta(hours=1)
    same_day = hour is not None and _measured(file, hour)
    within_h = (wanted - placed) / timedelta(hours=1) if wanted and placed else None
    question = DeliveryByOrderHour(hour, same_day, goods_class, chance, within_h)
    runs = evaluate.replications(file, seed, range(replications), question)
    day = (
        f"{placed:%A} {placed.day} {placed:%B %Y}"
        if placed and same_day
        else say.each_weekday(f"{placed:%A}")
        if placed
        else ""
    )
    kept = estimate([run["kept"].value for run in runs], "share") if within_h is not None else None
    low, mean, high = _table(runs, start, midnight)
    by_day, a_day = _days(runs, file, midnight)
    return Promised(
        file, placed, wanted, chance, goods_class, say.placed_between(day, placed.hour) if placed else "",
        float(np.mean([run["orders"].value for run in runs])), _dates(runs, placed, chance), kept,
        _latest(runs, midnight, wanted) if wanted else None, mean, low, high, by_day, a_day, replications,
    )  # fmt: skip


def _end_of_day(wanted: datetime | None) -> datetime | None:
    if wanted is not None and wanted.time() == time():
        return wanted + timedelta(days=1)
    return wanted


def _measured(file: ScenarioFile, hour: int) -> bool:
    """Whether all of an hour lies in the stretch whose orders are measured."""
    begin, end = file.scenario.clock.window_ms
    at = hour * HOUR_MS - _since_midnight_ms(file.scenario.clock.start)
    return begin <= at and at + HOUR_MS <= end


def _dates(runs: Sequence[Measures], placed: datetime | None, chance: float) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for one in sorted({*CHANCES, chance}) if placed is not None else ():
        hours = estimate([run[f"p{100 * one:g}"].value for run in runs], "h")
        ends = {"date": hours.mean, "low": hours.low, "high": hours.high}
        rows.append(
            {"chance": one, **{name: _after(placed, value) for name, value in ends.items()}, "hours": hours.mean}
        )
    return pd.DataFrame(rows, columns=["chance", "date", "low", "high", "hours"])


def _after(placed: datetime | None, hours: float) -> Any:
    """A moment, rounded up to the minute; not a time where it is not known."""
    if placed is None or not np.isfinite(hours):
        return pd.NaT
    return pd.Timestamp(placed) + pd.Timedelta(minutes=int(np.ceil(hours * 60)))


def _latest(runs: Sequence[Measures], midnight: datetime, wanted: datetime) -> datetime | None:
    """The end of the last hour of which orders are there in time: all of that hour, with the chance asked for."""
    last = (wanted - midnight) // timedelta(hours=1) - 1
    for hour in range(last, last - 4 * HOURS_A_WEEK, -1):
        takes = float(np.mean([run[f"latest.{hour % HOURS_A_WEEK}"].value for run in runs]))
        ends = midnight + timedelta(hours=hour + 1)
        if np.isfinite(takes) and ends + timedelta(hours=takes) <= wanted:
            return ends - timedelta(minutes=1)
    return None


def _table(
    runs: Sequence[Measures], start: datetime, midnight: datetime
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Low, mean and high of the hours at 90 %, by weekday and hour placed."""
    found = [estimate([run[f"table.{hour}"].value for run in runs], "h") for hour in range(HOURS_A_WEEK)]
    first = midnight.weekday() * 24
    tables = []
    for values in ([one.low for one in found], [one.mean for one in found], [one.high for one in found]):
        by_weekday = np.roll(np.array(values), first).reshape(7, 24)
        tables.append(pd.DataFrame(by_weekday, index=range(7), columns=range(24)))
    return tables[0], tables[1], tables[2]


def _days(runs: Sequence[Measures], file: ScenarioFile, midnight: datetime) -> tuple[pd.DataFrame, pd.Series]:
    """The hours at 90 % by day and replication, and the orders of a day."""
    days = measured_days(file.scenario)
    dates = pd.DatetimeIndex([midnight + timedelta(days=day) for day in days], name=PLACED_ON)
    hours = np.array([[run[f"day.{day}"].value for run in runs] for day in days]).reshape(len(days), len(runs))
    orders = [float(np.mean([run[f"orders.{day}"].value for run in runs])) for day in days]
    return pd.DataFrame(hours, index=dates), pd.Series(orders, index=dates, name="orders")


def measured_days(scenario: Scenario) -> range:
    """The days all of which is measured, counted from the first of the scenario.

    >>> from sim.world.shipped import shipped
    >>> from sim.world.files import load
    >>> measured_days(load(shipped("six_stages")).scenario)
    range(5, 15)
    """
    before_ms = _since_midnight_ms(scenario.clock.start)
    begin, end = (at + before_ms for at in scenario.clock.window_ms)
    return range(-(-begin // DAY_MS), end // DAY_MS)


def _quantile(hours: NDArray[np.float64], chance: float) -> float:
    return float(np.quantile(hours, chance, method="inverted_cdf")) if len(hours) else np.nan


def _since_midnight_ms(start: datetime) -> int:
    return (start - datetime.combine(start.date(), time())) // timedelta(milliseconds=1)


def day_of(wanted: datetime) -> date:
    """The day by whose end an order is wanted, or on which.

    >>> day_of(datetime(2026, 11, 14)), day_of(datetime(2026, 11, 13, 18))
    (datetime.date(2026, 11, 13), datetime.date(2026, 11, 13))
    """
    return (wanted - timedelta(milliseconds=1)).date()
