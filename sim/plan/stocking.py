"""What each order takes out of stock and each consignment brings: lines of (SKU, units), and how many lots may be called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.plan.demand import Address, Demand, demand_of, drawn_units, expected_items
from sim.plan.plan import LINE, NONE, NOT_YET, SKU, Items
from sim.plan.plan import Stock as PlanStock
from sim.world.distributions import pick
from sim.world.errors import ScenarioError
from sim.world.scenario import Clock, Flow, Scenario
from sim.world.stock import Stock

Ints = NDArray[np.int64]
SPARE_LOTS = 10
LOTS_PER_NEED = 2
"""Lots of a SKU in the Plan for each that its demand alone calls for: room for those that are lost on the way."""


@dataclass(frozen=True)
class Lines:
    """Lines of the items of a flow, in the order of their index: how many each has, and SKU and units of each line."""

    count: Ints
    sku: Ints
    units: Ints


def units_per_ms(scenario: Scenario) -> NDArray[np.float64]:
    """Expected units of each SKU that are ordered in a millisecond, on average over the clock."""
    assert scenario.stock is not None
    flows = [flow for flow in scenario.flows.values() if flow.from_stock is not None]
    units = sum(expected_items(flow, scenario.clock) * flow.lines.mean * flow.units_per_line.mean for flow in flows)
    return np.asarray(scenario.stock.shares * units / scenario.clock.length)


def drawn_lines(stock: Stock, flow: Flow, items: Demand, address: Address) -> Lines:
    """SKU and units of each line, drawn at the address of the demand; units that a file says are shared out evenly.

    SKUs are drawn in the order of their keys, so that their order in the file moves nothing.
    """
    keys = sorted(range(len(stock.keys)), key=lambda number: stock.keys[number])
    shares, values = tuple(stock.shares[keys]), np.array(keys, dtype=np.int64)
    most = int(items.lines.max(initial=0))
    skus, units = np.zeros((len(items.lines), most), dtype=np.int64), np.zeros((len(items.lines), most), dtype=np.int64)
    for line in range(most):
        skus[:, line] = pick(address.uniforms("sku", len(items.lines), line), shares, values)
        units[:, line] = drawn_units(flow, len(items.lines), address, line)
    is_there = np.arange(most) < items.lines[:, None]
    said = np.where(is_there, units, 0).sum(axis=1) != items.units
    even = items.units[:, None] // items.lines[:, None] + (np.arange(most) < (items.units % items.lines)[:, None])
    units = np.where(said[:, None], np.maximum(even, 1), units)
    return Lines(items.lines, skus[is_there], units[is_there])


def planned(stock: Stock, flow: Flow, clock: Clock, rates: NDArray[np.float64]) -> tuple[Demand, Lines]:
    """The consignments that are planned to leave within the clock, in the order of leaving."""
    assert flow.arrivals.planned is not None
    wanted = sorted(flow.arrivals.planned, key=lambda one: one.leaves)
    at = [int((one.leaves - clock.start).total_seconds() * 1000) for one in wanted]
    rows = [
        (ms, one.brings.of_each(stock.keys, rates))
        for ms, one in zip(at, wanted, strict=True)
        if 0 <= ms < clock.length
    ]
    brought = [np.flatnonzero(units) for _, units in rows]
    lines = Lines(
        np.array([len(skus) for skus in brought], dtype=np.int64),
        np.concatenate([np.zeros(0, dtype=np.int64), *brought]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(units[units > 0] for _, units in rows)]),
    )
    return _plain_items([ms for ms, _ in rows], lines.count, [int(units.sum()) for _, units in rows]), lines


def lots(stock: Stock, flow: Flow, rates: NDArray[np.float64], demand: Ints) -> tuple[Demand, Lines]:
    """The lots that reorder points may call, the k-th of every SKU after the k-1st of all: their index is their own count."""
    assert flow.arrivals.reorder is not None
    quantity = np.maximum(flow.arrivals.reorder.quantity.of_each(stock.keys, rates), 1)
    each = LOTS_PER_NEED * int(np.ceil(demand / quantity).max(initial=0)) + SPARE_LOTS
    count = each * len(quantity)
    sku = np.tile(np.arange(len(quantity), dtype=np.int64), each)
    units = np.tile(quantity, each)
    return _plain_items([NOT_YET] * count, np.ones(count, dtype=np.int64), units), Lines(
        np.ones(count, np.int64), sku, units
    )


def _plain_items(arrived: list[int], lines: Ints, units: list[int] | Ints) -> Demand:
    """Consignments of the first class, whose worth nobody asks."""
    count = len(arrived)
    return Demand(
        np.array(arrived, dtype=np.int64), np.zeros(count, dtype=np.int64), lines, np.array(units, dtype=np.int64),
        np.zeros(count),
    )  # fmt: skip


class Stocking:
    """The lines of all flows that have to do with stock, drawn flow by flow: orders first, since they say what lots need."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        self.scenario, self.seed, self.replication = scenario, seed, replication
        self.lines: dict[str, Lines] = {}
        self.rates = units_per_ms(scenario) if scenario.stock is not None else np.zeros(0)

    def items_of(self, key: str, address: Address) -> Demand:
        """Who comes in a flow; where stock is kept, what each takes or brings is drawn with them."""
        stock, flow = self.scenario.stock, self.scenario.flows[key]
        if flow.arrivals.calls_for_lots:
            if stock is None:
                raise ScenarioError(f"flows.{key}.arrivals: planned and reorder bring stock: say stock, with its SKUs")
            if flow.arrivals.planned is not None:
                items, self.lines[key] = planned(stock, flow, self.scenario.clock, self.rates)
            else:
                items, self.lines[key] = lots(stock, flow, self.rates, self._demand(stock))
            return items
        items = demand_of(flow, self.scenario.clock, address)
        if stock is not None and key in self.scenario.stock_flows:
            self.lines[key] = drawn_lines(stock, flow, items, address)
        return items

    def _demand(self, stock: Stock) -> Ints:
        """Units of each SKU that all orders take together."""
        taking = [self.lines[key] for key, flow in self.scenario.flows.items() if flow.from_stock is not None]
        sums = [np.bincount(lines.sku, lines.units, minlength=len(stock.keys)) for lines in taking]
        return np.asarray(np.sum(sums, axis=0, initial=0), dtype=np.int64)

    def table(self, items: Items, flows: tuple[str, ...]) -> PlanStock:
        """Stock at the start and the lines of all items, in the order of the items."""
        stock = self.scenario.stock
        assert stock is not None
        count = np.zeros(len(items), dtype=np.int64)
        for key, lines in self.lines.items():
            own = (items.flow == flows.index(key)) & ~items.backlog
            count[own] = lines.count[items.index[own]]
        first_line = np.concatenate([[0], np.cumsum(count)])
        table = np.zeros(int(first_line[-1]), dtype=LINE)
        table["item"] = np.repeat(np.arange(len(items)), count)
        for key, lines in self.lines.items():
            own = np.flatnonzero((items.flow == flows.index(key)) & ~items.backlog)
            begin = np.cumsum(lines.count) - lines.count
            source = _ranges(begin[items.index[own]], lines.count[items.index[own]])
            target = _ranges(first_line[own], count[own])
            table["sku"][target], table["units"][target] = lines.sku[source], lines.units[source]
        return PlanStock(self._skus(stock, items, flows), table, first_line, stock.keys)

    def _skus(self, stock: Stock, items: Items, flows: tuple[str, ...]) -> NDArray[np.void]:
        skus = np.zeros(len(stock.keys), dtype=SKU)
        skus["on_hand"] = stock.on_hand.of_each(stock.keys, self.rates)
        skus["reorder_at"], skus["first_lot"], skus["lot_step"] = NONE, NONE, len(skus)
        for key, flow in self.scenario.flows.items():
            if flow.arrivals.reorder is not None:
                own = np.flatnonzero(items.flow == flows.index(key))
                skus["reorder_at"] = flow.arrivals.reorder.point.of_each(stock.keys, self.rates)
                skus["quantity"] = self.lines[key].units[: len(skus)]
                skus["first_lot"] = own[0] + np.arange(len(skus))
                skus["lots"] = len(own) // len(skus)
        return skus


def _ranges(begin: Ints, length: Ints) -> Ints:
    """begin[0], begin[0] + 1, ... (so many), then those of begin[1], and so on."""
    offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    return np.asarray(np.repeat(begin, length) + offset, dtype=np.int64)
