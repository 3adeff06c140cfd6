"""When the items of a flow arrive: drawn gaps, a rate that changes with the hour, fixed times, or real orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from sim.world.distributions import Number, Time
from sim.world.stock import Amount, Reorder
from sim.world.tables import CsvTable, read_csv
from sim.world.units import (
    DAY_MS,
    HOUR_MS,
    LARGEST_COUNT,
    WEEKDAYS,
    Days,
    Model,
    Moment,
    Positive,
    TimeOfDay,
    Weekday,
    Weight,
    parse_moment,
)

Times = NDArray[np.int64]
ONE = Number(constant=1)


class Peak(Model):
    """A dated stretch in which demand differs: ``factor`` times the usual rate, or ``orders`` in all."""

    begin: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    factor: Weight | None = None
    orders: Weight | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Peak:
        if self.end <= self.begin:
            raise ValueError("a peak must end after it begins")
        if (self.factor is None) == (self.orders is None):
            raise ValueError("a peak says either factor or orders")
        return self


class Poisson(Model):
    """Independent buyers: a daily mean, shaped by hour and weekday, with dated peaks.

    ``hours`` are 24 relative weights of which only the proportions count; ``weekdays`` are factors on
    the daily mean. Later peaks override earlier ones where they overlap.
    """

    per_day: Positive
    hours: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)] = (1.0,) * 24
    weekdays: dict[Weekday, Weight] = {}
    peaks: tuple[Peak, ...] = ()

    @field_validator("hours")
    @classmethod
    def _some_hour_has_orders(cls, hours: tuple[float, ...]) -> tuple[float, ...]:
        if sum(hours) <= 0:
            raise ValueError("at least one of the 24 hours must have a weight above zero")
        return hours

    def rate(self, start: datetime, length_ms: int) -> tuple[Times, NDArray[np.float64]]:
        """Edges (k+1 milliseconds from ``start``) and the arrivals per millisecond between them (k)."""
        hours = np.arange(-(-length_ms // HOUR_MS) + 25, dtype=np.int64) * HOUR_MS
        hours -= _since_midnight_ms(start) % HOUR_MS
        marks = [_offset_ms(start, moment) for peak in self.peaks for moment in (peak.begin, peak.end)]
        edges = np.unique(np.clip(np.concatenate([hours, np.array(marks, dtype=np.int64)]), 0, length_ms))
        usual = self._usual_rate(start, edges[:-1])
        rate = usual.copy()
        for peak in self.peaks:
            begin, end = _offset_ms(start, peak.begin), _offset_ms(start, peak.end)
            inside = (edges[:-1] >= begin) & (edges[:-1] < end)
            rate[inside] = (
                usual[inside] * peak.factor if peak.factor is not None else (peak.orders or 0) / (end - begin)
            )
        return edges, rate

    def _usual_rate(self, start: datetime, at: Times) -> NDArray[np.float64]:
        clock = at + _since_midnight_ms(start)
        weights = np.array(self.hours) / sum(self.hours) / HOUR_MS
        factors = np.array([self.weekdays.get(day, 1.0) for day in WEEKDAYS])
        weekday = (clock // DAY_MS + start.weekday()) % 7
        return np.asarray(self.per_day * weights[clock % DAY_MS // HOUR_MS] * factors[weekday])


class FixedTimes(Model):
    """The same times of day on chosen weekdays: trucks, flights, containers."""

    at: tuple[TimeOfDay, ...] = Field(min_length=1)
    days: Days = tuple(range(7))

    def moments_ms(self, start: datetime, length_ms: int) -> Times:
        """All the moments within ``[0, length_ms)``, rising."""
        midnight = -_since_midnight_ms(start)
        days = range(-(-(length_ms - midnight) // DAY_MS))
        moments = [
            midnight + day * DAY_MS + at
            for day in days
            if (start.weekday() + day) % 7 in self.days
            for at in sorted(set(self.at))
        ]
        return np.array([moment for moment in moments if 0 <= moment < length_ms], dtype=np.int64)


class OrdersFile(Model):
    """Real orders from a CSV file: a column of times, and where there are any, of lines, units and classes.

    ``scale: 1.5`` replays every order and half of them, chosen by chance, once more, somewhere before
    the next order; ``scale: 0.5`` replays half of them.
    """

    path: str
    scale: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] = 1.0
    time: str = "time"
    lines: str = "lines"
    units: str = "units"
    goods_class: str = Field("class", alias="class")
    _table: pd.DataFrame = PrivateAttr()

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> OrdersFile:
        folder = (info.context or {}).get("folder", Path())
        self._table = _orders_in(self, read_csv(folder / self.path))
        return self

    def __eq__(self, other: object) -> bool:
        """Equal are those that say the same and found the same orders."""
        return isinstance(other, OrdersFile) and dict(self) == dict(other) and self._table.equals(other._table)

    @property
    def orders(self) -> pd.DataFrame:
        """Columns time (datetime), lines, units (whole numbers, 0 = not said), class (text, '' = not said)."""
        return self._table

    def within(self, start: datetime, length_ms: int) -> pd.DataFrame:
        """The orders of the run from ``start``, with the moment of each as ``at_ms`` in [0, ``length_ms``)."""
        at_ms = (self._table["time"] - start) // timedelta(milliseconds=1)
        return self._table.assign(at_ms=at_ms)[(at_ms >= 0) & (at_ms < length_ms)]


def _orders_in(wanted: OrdersFile, table: CsvTable) -> pd.DataFrame:
    columns: dict[str, Any] = {
        "time": np.array(table.column(wanted.time, parse_moment, "a date and time without a zone"), "M8[us]")
    }
    for name, column in (("lines", wanted.lines), ("units", wanted.units)):
        said = table.column(column, _whole_number, "a whole number of 1 or more") if column in table.header else 0
        columns[name] = np.broadcast_to(np.array(said, dtype=np.int64), len(table.rows))
    has_classes = wanted.goods_class in table.header
    columns["class"] = table.column(wanted.goods_class, str.strip, "a class") if has_classes else ""
    if not table.rows:
        raise ValueError(f"{table.path} has no orders")
    return pd.DataFrame(columns).sort_values("time", kind="stable", ignore_index=True)


def _whole_number(text: str) -> int:
    number = float(text)
    if number % 1 != 0 or not 1 <= number <= LARGEST_COUNT:
        raise ValueError(text)
    return int(number)


class PlannedConsignment(Model):
    """A consignment that leaves abroad at a moment, with so much of every SKU."""

    leaves: Moment
    brings: Amount


class Arrivals(Model):
    """One way to arrive, and how many come at once (``batch``).

    ``gaps``, ``poisson``, ``times`` and ``file`` are for all; ``planned`` consignments and lots by ``reorder``
    bring stock.
    """

    gaps: Time | None = None
    poisson: Poisson | None = None
    times: FixedTimes | None = None
    file: OrdersFile | None = None
    planned: tuple[PlannedConsignment, ...] | None = None
    reorder: Reorder | None = None
    batch: Number = ONE

    @model_validator(mode="before")
    @classmethod
    def _plain_file(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("file"), str):
            return {**value, "file": {"path": value["file"]}}
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Arrivals:
        allowed = [name for name in type(self).model_fields if name != "batch"]
        ways = [name for name in allowed if getattr(self, name) is not None]
        if len(ways) != 1:
            raise ValueError(f"say exactly one of {', '.join(allowed)}; this says {', '.join(ways) or 'none'}")
        if self.file is not None and "batch" in self.model_fields_set:
            raise ValueError("a file says each order by itself: leave out batch")
        if self.calls_for_lots and "batch" in self.model_fields_set:
            raise ValueError("planned and reorder say each consignment by itself: leave out batch")
        return self

    @property
    def calls_for_lots(self) -> bool:
        """Whether these are consignments whose units are said one by one."""
        return self.planned is not None or self.reorder is not None


def _since_midnight_ms(moment: datetime) -> int:
    return _offset_ms(moment.replace(hour=0, minute=0, second=0, microsecond=0), moment)


def _offset_ms(start: datetime, moment: datetime) -> int:
    return (moment - start) // timedelta(milliseconds=1)
