"""How stock stands over time: step functions of all SKUs together, and of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.series import Level
from sim.engine.records import Records
from sim.plan.plan import Plan
from sim.world.units import DAY_MS, HOUR_MS, since_midnight_ms

Ints = NDArray[np.int64]
Column = Literal["free", "reserved", "short", "on_order"]


@dataclass(frozen=True)
class StockOverTime:
    """The stock of one run."""

    plan: Plan
    records: Records

    def of_sku(self, number: int, column: Column) -> Level:
        """One column of one SKU; before its first change all is as at the start."""
        rows = slice(*np.searchsorted(self.records.stock.sku, [number, number + 1]))
        at, values = self.records.stock.at[rows], getattr(self.records.stock, column)[rows]
        if len(at) and at[0] == 0:
            return Level(at, values)
        return Level(np.concatenate([[0], at]), np.concatenate([[self._at_start(column)[number]], values]))

    def total(self, column: Column) -> Level:
        """One column, of all SKUs together."""
        order = np.argsort(self.records.stock.at, kind="stable")
        at = np.concatenate([[0], self.records.stock.at[order]])
        units = np.cumsum(np.concatenate([[self._at_start(column).sum()], self.changes(column)[order]]))
        last = np.concatenate([at[1:] != at[:-1], [True]])
        return Level(at[last], units[last])

    def changes(self, column: Column) -> Ints:
        """By row of stock, what has changed since the row before it of the same SKU, or since the start."""
        sku, values = self.records.stock.sku, getattr(self.records.stock, column)
        first = np.concatenate([[True], sku[1:] != sku[:-1]])[: len(sku)]
        before = np.concatenate([[0], values[:-1]])[: len(sku)]
        return np.asarray(values - np.where(first, self._at_start(column)[sku], before), dtype=np.int64)

    def skus_short(self) -> Level:
        """How many SKUs have orders that wait for them."""
        short = self.records.stock.short > 0
        sku = self.records.stock.sku
        same = np.concatenate([[False], sku[1:] == sku[:-1]])[: len(sku)]
        before = np.concatenate([[False], short[:-1]])[: len(sku)] & same
        change = short.astype(np.int64) - before
        order = np.argsort(self.records.stock.at, kind="stable")
        at = np.concatenate([[0], self.records.stock.at[order]])
        last = np.concatenate([at[1:] != at[:-1], [True]])
        return Level(at[last], np.cumsum(np.concatenate([[0], change[order]]))[last])

    @property
    def first_short_h(self) -> float:
        """Hours from the start to the first moment at which an order had to wait for stock; NaN if none had to."""
        at = self.records.stock.at[self.records.stock.short > 0]
        return float(at.min() / HOUR_MS) if len(at) else np.nan

    def short_h(self) -> NDArray[np.float64]:
        """By SKU, hours of the run in which orders waited for it."""
        begin, end, sku = self._short_stretches
        hours = np.bincount(sku, weights=(end - begin) / HOUR_MS, minlength=len(self.plan.stock.sku_keys))
        return hours.astype(np.float64)

    def short_on_days(self, begin_ms: int, end_ms: int) -> NDArray[np.bool_]:
        """By SKU (rows) and calendar day of [begin, end) (columns), whether orders waited for it at any moment."""
        midnight = since_midnight_ms(self.plan.scenario.clock.start)
        first_day, days = (begin_ms + midnight) // DAY_MS, (end_ms - 1 + midnight) // DAY_MS + 1
        begin, end, sku = self._short_stretches
        begin, end = np.maximum(begin, begin_ms), np.minimum(end, end_ms)
        there = begin < end
        first, last = ((at[there] + midnight) // DAY_MS - first_day for at in (begin, end - 1))
        marks = np.zeros((len(self.plan.stock.sku_keys), days - first_day + 1), dtype=np.int64)
        np.add.at(marks, (sku[there], first), 1)
        np.add.at(marks, (sku[there], last + 1), -1)
        return np.asarray(np.cumsum(marks, axis=1)[:, :-1] > 0)

    @cached_property
    def _short_stretches(self) -> tuple[Ints, Ints, Ints]:
        """Stretches in which a SKU is short: from when, to when, and the SKU."""
        stock = self.records.stock
        last = np.concatenate([stock.sku[1:] != stock.sku[:-1], [True]])[: len(stock)]
        end = np.where(last, self.records.ended_ms, np.concatenate([stock.at[1:], [0]])[: len(stock)])
        rows = np.flatnonzero(stock.short > 0)
        return stock.at[rows], end[rows], stock.sku[rows]

    def _at_start(self, column: Column) -> Ints:
        on_hand = self.plan.stock.skus["on_hand"]
        return on_hand if column == "free" else np.zeros_like(on_hand)
