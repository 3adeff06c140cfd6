"""Who comes in each flow, and the numbers drawn for them: one long row of times and chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.plan.backlog import snapshot_rows
from sim.plan.demand import Address, Demand, demand_of, drawn_items, in_classes
from sim.plan.draws import parts_per_million, uniforms
from sim.plan.routes import DOCUMENTS
from sim.plan.steps import DrawnTime
from sim.world.backlog import since_ms
from sim.world.errors import ScenarioError
from sim.world.scenario import Scenario

Ints = NDArray[np.int64]
LONGEST_MS = 2**32 - 1


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
        return np.concatenate([getattr(self.arriving, column), getattr(self.waiting, column)])

    def uniforms(self, seed: int, replication: int, purpose: str, attempt: int) -> NDArray[np.float64]:
        new = uniforms(seed, replication, f"{self.address}/{purpose}", len(self.arriving.arrived), attempt)
        if not self.waiting_at:
            return new
        old = uniforms(seed, replication, f"{self.address}.backlog/{purpose}", len(self.waiting.arrived), attempt)
        return np.concatenate([new, old])


def crowds_of(scenario: Scenario, seed: int, replication: int) -> dict[str, Crowd]:
    """Who comes, flow by flow; a flow's documents are the same crowd as its goods."""
    crowds = {}
    for key, flow in scenario.flows.items():
        address = flow.demand or key
        arriving = demand_of(flow, scenario.clock, Address(seed, replication, address))
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
    if not any(crowd.count for crowd in crowds.values()):
        raise ScenarioError("flows: nothing arrives within the clock, and nothing is there at the start")
    return crowds


class Pool:
    """The drawn numbers of all steps, one after another; the same purpose is drawn once."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, crowds: dict[str, Crowd]) -> None:
        self.scenario, self.seed, self.replication, self.crowds = scenario, seed, replication, crowds
        self.parts: list[NDArray[np.uint32]] = []
        self.size = 0
        self.known: dict[tuple[str, str], tuple[int, int, int]] = {}

    def joined(self) -> NDArray[np.uint32]:
        return np.concatenate([*self.parts, np.zeros(1, dtype=np.uint32)])

    def numbers(self, flow: str, purpose: str, attempts: int) -> tuple[int, int, int]:
        """Where the numbers of a branch begin, their distance by item, and by attempt."""
        if (flow, purpose) not in self.known:
            crowd = self._crowd(flow)
            rows = [
                parts_per_million(crowd.uniforms(self.seed, self.replication, purpose, attempt))
                for attempt in range(attempts)
            ]
            self.known[flow, purpose] = self._add(rows)
        return self.known[flow, purpose]

    def times(self, flow: str, key: str, time: DrawnTime, attempts: int) -> tuple[int, int, int]:
        """Where the times of a step begin, their distance by item, and by attempt."""
        crowd = self._crowd(flow)
        alike = all(part.is_constant and per == "order" for _, part, per in time.parts) and not time.factors
        if alike:
            total = [part.mean_ms for _, part, _ in time.parts]
            combined = sum(total) if time.combine == "sum" else max(total)
            row = whole_ms(np.array([combined / time.shared_by]), key)
            self._append(row)
            return self.size - 1, 0, 0
        return self._add([self._drawn_ms(flow, crowd, key, time, attempt) for attempt in range(attempts)])

    def _crowd(self, flow: str) -> Crowd:
        return self.crowds[flow.removesuffix(DOCUMENTS)]

    def _drawn_ms(self, flow: str, crowd: Crowd, key: str, time: DrawnTime, attempt: int) -> NDArray[np.uint32]:
        total = np.zeros(crowd.count)
        for purpose, part, per in time.parts:
            if part.is_constant:
                drawn = np.full(crowd.count, part.mean_ms)
            else:
                drawn = part.ppf_ms(crowd.uniforms(self.seed, self.replication, purpose, attempt))
            drawn = drawn * self._multiple(flow, crowd, per)
            total = np.maximum(total, drawn) if time.combine == "longest" else total + drawn
        return whole_ms(total * self._factors(flow, crowd, time) / time.shared_by, key)

    def _multiple(self, flow: str, crowd: Crowd, per: str) -> NDArray[np.float64]:
        if per == "order":
            return np.ones(crowd.count)
        if per == "carton":
            return np.ceil(crowd.joined("units") / self.scenario.flows[flow.removesuffix(DOCUMENTS)].units_per_carton)
        return crowd.joined(f"{per}s").astype(np.float64)

    def _factors(self, flow: str, crowd: Crowd, time: DrawnTime) -> NDArray[np.float64]:
        factors = dict(time.factors)
        by_class = [factors.get(name, 1.0) for name in self.scenario.flows[flow.removesuffix(DOCUMENTS)].classes]
        return np.array(by_class)[crowd.joined("goods_class")]

    def _add(self, rows: list[NDArray[np.uint32]]) -> tuple[int, int, int]:
        begin = self.size
        for row in rows:
            self._append(row)
        return begin, 1, len(rows[0])

    def _append(self, row: NDArray[np.uint32]) -> None:
        self.parts.append(row)
        self.size += len(row)


def whole_ms(times: NDArray[np.float64], key: str) -> NDArray[np.uint32]:
    """Rounded up to whole milliseconds, once, and at least 1."""
    if times.max(initial=0.0) > LONGEST_MS:
        raise ScenarioError(
            f"stages.{key}: a drawn time of {times.max() / 86_400_000:,.0f} days; 49 days is the longest that fits"
        )
    # What floating point adds to a whole number must not become a millisecond of its own.
    return np.maximum(np.ceil(np.round(times, 6)), 1).astype(np.uint32)
