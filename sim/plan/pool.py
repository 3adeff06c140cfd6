"""Who comes in each flow, and the numbers drawn for them: one long row of times and chances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.plan.backlog import snapshot_rows
from sim.plan.demand import Address, Demand, drawn_items, in_classes
from sim.plan.draws import parts_per_million, stream
from sim.plan.pages import paged
from sim.plan.plan import NONE, NOT_YET
from sim.plan.routes import DOCUMENTS
from sim.plan.steps import DrawnTime
from sim.plan.stocking import Stocking
from sim.world.backlog import since_ms
from sim.world.errors import ScenarioError
from sim.world.scenario import Scenario

Ints = NDArray[np.int64]
Part: TypeAlias = slice | Ints
"""Some items, by index."""
Drawing: TypeAlias = Callable[[Part, list[NDArray[np.float64]]], NDArray[np.uint32]]
"""From some items and their uniform numbers to what is kept."""
LONGEST_MS = 2**32 - 1
STRETCH = 2**15


@dataclass(frozen=True)
class Crowd:
    """All items of one flow: the ones that arrive, then the ones that were there before, each at its own address."""

    arriving: Demand
    waiting: Demand
    waiting_at: tuple[str, ...]
    address: str

    @property
    def count(self) -> int:
        return len(self.arriving.arrived) + len(self.waiting.arrived)

    def joined(self, column: str) -> NDArray[np.int64]:
        new: NDArray[np.int64] = getattr(self.arriving, column)
        return np.concatenate([new, getattr(self.waiting, column)]) if self.waiting_at else new

    def addresses(self) -> Iterator[tuple[str, range]]:
        """Where their draws are, and whose they are: those who arrive and those who were there have streams of their own."""
        yield self.address, range(len(self.arriving.arrived))
        yield f"{self.address}.backlog", range(len(self.arriving.arrived), self.count)


def crowds_of(scenario: Scenario, seed: int, replication: int, stocking: Stocking) -> dict[str, Crowd]:
    """Who comes, flow by flow; a flow's documents are the same crowd as its goods. Lots come last: orders call them."""
    crowds = {}
    flows = sorted(scenario.flows.items(), key=lambda one: one[1].arrivals.reorder is not None)
    for key, flow in flows:
        address = flow.demand or key
        arriving = stocking.items_of(key, Address(seed, replication, address))
        waiting_at = tuple(stage for stage, count in scenario.start.get(key, {}).items() for _ in range(count))
        before = Address(seed, replication, f"{address}.backlog")
        rows = snapshot_rows(scenario, key)
        counted, placed_ms = len(waiting_at), np.zeros(len(waiting_at), dtype=np.int64)
        if rows is not None:
            waiting_at += tuple(rows["stage"])
            placed_ms = np.concatenate([placed_ms, since_ms(rows, scenario.clock.start)])
        waiting = drawn_items(flow, placed_ms, before)
        if rows is not None:
            waiting = in_classes(flow, waiting, ["" for _ in range(counted)] + list(rows["class"]), before)
        crowds[key] = Crowd(arriving, waiting, waiting_at, address)
    if not any((crowd.joined("arrived") < NOT_YET).any() for crowd in crowds.values()):
        raise ScenarioError("flows: nothing arrives within the clock, and nothing is there at the start")
    return {key: crowds[key] for key in scenario.flows}


def crowd_of_forms(key: str, departures_ms: NDArray[np.int64]) -> Crowd:
    """The release forms of the trucks of a stage: one arrives with each departure."""
    count = len(departures_ms)
    one, none = np.ones(count, dtype=np.int64), np.zeros(0, dtype=np.int64)
    forms = Demand(departures_ms, 0 * one, one, one, np.zeros(count))
    return Crowd(forms, Demand(none, none, none, none, np.zeros(0)), (), key)


class Where(NamedTuple):
    """Where the numbers of a step are, as the columns of StepRow say it."""

    first: int
    per_item: int
    again: int
    per_attempt: int


class Pool:
    """The drawn numbers of all steps, one after another, with ``room`` for so many; the same purpose is drawn once."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, crowds: dict[str, Crowd], room: int) -> None:
        self.scenario, self.seed, self.replication, self.crowds = scenario, seed, replication, crowds
        self.row = paged(room + 1, np.uint32, zero=False)
        self.size = 0
        self.first_numbers: dict[tuple[str, str], int] = {}
        self.known: dict[tuple[str, str], Where] = {}
        self.ranks: dict[str, int] = {}
        self.again: dict[str, Ints] = {}

    def joined(self) -> NDArray[np.uint32]:
        """All numbers, and a 0 so that there is always one."""
        self.row[self.size] = 0
        return self.row[: self.size + 1]

    def may_come_again(self, flow: str, branches: Iterable[tuple[str, int]]) -> None:
        """Draw later attempts of a flow for those alone whose first number for one of the branches is below its rate (ppm)."""
        crowd = self._crowd(flow)
        some = np.zeros(crowd.count, dtype=bool)
        for purpose, highest in branches:
            begin = self._first_numbers(flow, purpose)
            some |= self.row[begin : begin + crowd.count] < highest
        ranks = self.row[self.size : self.size + crowd.count]
        np.cumsum(some, dtype=np.uint32, out=ranks)
        ranks[~some] = 0
        self.ranks[flow], self.again[flow] = self.size, np.flatnonzero(some)
        self.size += crowd.count

    def numbers(self, flow: str, purpose: str, attempts: int) -> Where:
        """Where the numbers of a branch are."""
        if (flow, purpose) not in self.known:
            first = self._first_numbers(flow, purpose)
            again = self._again(flow, (purpose,), attempts, _numbers)
            self.known[flow, purpose] = Where(first, 1, again, len(self.again.get(flow, ())))
        return self.known[flow, purpose]

    def _first_numbers(self, flow: str, purpose: str) -> int:
        if (flow, purpose) not in self.first_numbers:
            self.first_numbers[flow, purpose] = self._first(flow, (purpose,), _numbers)
        return self.first_numbers[flow, purpose]

    def times(self, flow: str, key: str, time: DrawnTime, attempts: int) -> Where:
        """Where the times of a step are."""
        crowd = self._crowd(flow)
        alike = all(part.is_constant and per == "order" for _, part, per in time.parts) and not time.factors
        if alike:
            total = [part.mean_ms for _, part, _ in time.parts]
            combined = sum(total) if time.combine == "sum" else max(total)
            self.row[self.size] = whole_ms(np.array([combined / time.shared_by]), key)[0]
            self.size += 1
            return Where(self.size - 1, 0, NONE, 0)
        multiples = [self._multiple(flow, crowd, per) for _, _, per in time.parts]
        factors = self._factors(flow, crowd, time)

        def times_ms(part: Part, drawn: list[NDArray[np.float64]]) -> NDArray[np.uint32]:
            own_factors = factors[part]
            total = np.zeros(len(own_factors))
            numbers = iter(drawn)
            for (_, family, _), multiple in zip(time.parts, multiples, strict=True):
                own = family.mean_ms if family.is_constant else family.ppf_ms(next(numbers))
                own = own * multiple[part]
                total = np.maximum(total, own) if time.combine == "longest" else total + own
            return whole_ms(total * own_factors / time.shared_by, key)

        drawn = tuple(purpose for purpose, family, _ in time.parts if not family.is_constant)
        first = self._first(flow, drawn, times_ms)
        return Where(first, 1, self._again(flow, drawn, attempts, times_ms), len(self.again.get(flow, ())))

    def _first(self, flow: str, purposes: tuple[str, ...], of: Drawing) -> int:
        """Draw the numbers of first attempts, a stretch at a time: what fits the processor's cache is worked on twice as fast."""
        begin, crowd = self.size, self._crowd(flow)
        for part, drawn in self._drawn(crowd, purposes, 0):
            self.row[begin + part.start : begin + part.stop] = of(part, drawn)
        self.size += crowd.count
        return begin

    def _again(self, flow: str, purposes: tuple[str, ...], attempts: int, of: Drawing) -> int:
        """Draw a row for each later attempt, of those who may make it; every item keeps the number at its own address."""
        begin, members = self.size, self.again.get(flow, np.zeros(0, dtype=np.int64))
        for attempt in range(1, attempts if len(members) else 0):
            for part, drawn in self._drawn(self._crowd(flow), purposes, attempt):
                low, high = np.searchsorted(members, (part.start, part.stop))
                own = members[low:high]
                self.row[self.size + low : self.size + high] = of(own, [one[own - part.start] for one in drawn])
            self.size += len(members)
        return begin

    def _drawn(
        self, crowd: Crowd, purposes: tuple[str, ...], attempt: int
    ) -> Iterator[tuple[slice, list[NDArray[np.float64]]]]:
        """The uniform numbers of a crowd for some purposes, a stretch of items at a time."""
        for address, members in crowd.addresses():
            streams = [stream(self.seed, self.replication, f"{address}/{one}", attempt) for one in purposes]
            for first in members[::STRETCH]:
                part = slice(first, min(first + STRETCH, members.stop))
                yield part, [one.random(part.stop - part.start) for one in streams]

    def _crowd(self, flow: str) -> Crowd:
        return self.crowds[flow.removesuffix(DOCUMENTS)]

    def _multiple(self, flow: str, crowd: Crowd, per: str) -> NDArray[np.float64]:
        if per == "order":
            return np.broadcast_to(1.0, crowd.count)
        if per == "carton":
            return np.ceil(crowd.joined("units") / self.scenario.flows[flow.removesuffix(DOCUMENTS)].units_per_carton)
        return crowd.joined(f"{per}s").astype(np.float64)

    def _factors(self, flow: str, crowd: Crowd, time: DrawnTime) -> NDArray[np.float64]:
        if not time.factors:
            return np.broadcast_to(1.0, crowd.count)
        factors = dict(time.factors)
        by_class = [factors.get(name, 1.0) for name in self.scenario.flows[flow.removesuffix(DOCUMENTS)].classes]
        return np.array(by_class)[crowd.joined("goods_class")]


def _numbers(part: Part, drawn: list[NDArray[np.float64]]) -> NDArray[np.uint32]:
    del part
    return parts_per_million(drawn[0])


def whole_ms(times: NDArray[np.float64], key: str) -> NDArray[np.uint32]:
    """Rounded up to whole milliseconds, once, and at least 1."""
    if times.max(initial=0.0) > LONGEST_MS:
        raise ScenarioError(
            f"stages.{key}: a drawn time of {times.max() / 86_400_000:,.0f} days; 49 days is the longest that fits"
        )
    # What floating point adds to a whole number must not become a millisecond of its own.
    whole = np.round(times, 6)
    np.ceil(whole, out=whole)
    return np.maximum(whole, 1, out=whole).astype(np.uint32)
