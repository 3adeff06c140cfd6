"""A seller's question: by when a buyer has an order, as a task for the worker processes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np

from sim.show.chart import Chart
from sim.show.order_days import OrderDays
from sim.show.order_hour import OrderHour
from sim.study.evaluate import evaluator
from sim.study.promise import Promised, promise
from sim.study.replicate import Progress, Settings
from sim.ui import estimate
from sim.ui.desk import AnyAnswer, AnyDesk
from sim.ui.jobs import Task
from sim.world.files import ScenarioFile


@dataclass(frozen=True)
class Order:
    """When an order is placed, when it should be there (midnight: by the end of that day), how sure, and what goods."""

    placed: datetime
    wanted: datetime
    chance: float
    goods_class: str | None = None


@dataclass(frozen=True)
class PromiseRequest:
    """A scenario, how to run it, and the order that is asked about."""

    file: ScenarioFile
    settings: Settings
    order: Order

    @cached_property
    def key(self) -> Hashable:
        """The content: equal for requests that have the same answer."""
        return "promise", self.file.digest, self.settings, self.order

    @property
    def task(self) -> Task:
        """The question as a task."""
        orders = estimate.orders(self.file.scenario) * self.settings.replications
        return Task(self.key, answered, (self.file, self.settings, self.order), orders=orders)


@dataclass(frozen=True)
class SellerAsk:
    """A seller's question with the words that belong to it; ``command`` repeats it."""

    title: str
    request: PromiseRequest
    days: float
    whole_days: float
    command: str
    has_changes: bool = False

    @property
    def base(self) -> PromiseRequest:
        """A seller changes nothing in the scenario: the question itself."""
        return self.request

    def charts(self, found: Promised) -> dict[str, Chart]:
        """The map of order hours, where anything in it is known."""
        p90_h, low_h, high_h = (
            table.to_numpy(dtype=float) for table in (found.table, found.table_low, found.table_high)
        )
        return {OrderHour.name: OrderHour(p90_h, low_h, high_h)} if np.isfinite(p90_h).any() else {}

    def part(self, found: Promised) -> Self:
        """A seller's answer comes all at once."""
        return self


def order_days(plans: dict[str, Promised]) -> OrderDays | None:
    """Day by day, for plans by their words, without those of whose days nothing is known; None where none is left."""
    known = {words: found.by_day for words, found in plans.items() if np.isfinite(found.by_day.mean(axis=1)).any()}
    return OrderDays(known) if known else None


SellerAnswer: TypeAlias = AnyAnswer[SellerAsk, Promised]
SellerDesk: TypeAlias = AnyDesk[SellerAsk, Promised]


def answered(file: ScenarioFile, settings: Settings, order: Order, progress: Progress) -> Promised:
    """Answer a seller's question (in a worker process, which does all replications itself)."""
    with evaluator(places=1, said=lambda done, of: progress(done / of)) as evaluate:
        return promise(
            file, evaluate, order.placed, order.wanted, order.chance, order.goods_class,
            settings.seed, settings.replications,
        )  # fmt: skip
