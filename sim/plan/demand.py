"""Who orders what, and when: the items of a flow, drawn at the address of the demand and not of its route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.plan.draws import stream, uniforms
from sim.world.arrivals import Arrivals, OrdersFile, Poisson
from sim.world.distributions import Time, pick
from sim.world.scenario import Clock, Flow

Ints = NDArray[np.int64]
_CHUNK = 4096


@dataclass(frozen=True)
class Demand:
    """The items of one flow in the order of their index: arrival (ms), class (position), lines, units, value (money)."""

    arrived: Ints
    goods_class: Ints
    lines: Ints
    units: Ints
    value: NDArray[np.float64]


@dataclass(frozen=True)
class Address:
    """Where the draws of a demand are: seed, replication and its name."""

    seed: int
    replication: int
    name: str

    def uniforms(self, purpose: str, count: int, attempt: int = 0) -> NDArray[np.float64]:
        return uniforms(self.seed, self.replication, f"{self.name}/{purpose}", count, attempt)

    def stream(self, purpose: str) -> np.random.Generator:
        return stream(self.seed, self.replication, f"{self.name}/{purpose}")


def demand_of(flow: Flow, clock: Clock, address: Address) -> Demand:
    """All items that arrive in [0, length), from the flow's arrivals, classes, lines and units."""
    if flow.arrivals.file is not None:
        return _from_file(flow, flow.arrivals.file, clock, address)
    arrived = _in_batches(flow.arrivals, _moments(flow.arrivals, clock, address), address)
    return drawn_items(flow, arrived, address)


def drawn_items(flow: Flow, arrived: Ints, address: Address) -> Demand:
    """Items with drawn class, lines, units and value that arrive at the moments given."""
    count = len(arrived)
    lines = flow.lines.ppf(address.uniforms("lines", count))
    return _valued(flow, arrived, _classes(flow, count, address), lines, _units(flow, lines, address), address)


def in_classes(flow: Flow, items: Demand, named: Sequence[str], address: Address) -> Demand:
    """The same items, with the class of each that is named ('' = the one drawn)."""
    position = {key: number for number, key in enumerate(flow.classes)}
    said = np.array([position[name] if name else -1 for name in named], dtype=np.int64)
    goods_class = np.where(said >= 0, said, items.goods_class)
    return _valued(flow, items.arrived, goods_class, items.lines, items.units, address)


def expected_items(flow: Flow, clock: Clock) -> float:
    """About how many items will arrive; says before any draw whether a run can fit in memory."""
    arrivals = flow.arrivals
    if arrivals.planned is not None:
        return len(arrivals.planned)
    if arrivals.reorder is not None:
        return 0.0  # as many as the orders call for
    if arrivals.file is not None:
        return len(arrivals.file.within(clock.start, clock.length)) * arrivals.file.scale
    if arrivals.poisson is not None:
        edges, rate = arrivals.poisson.rate(clock.start, clock.length)
        moments = float((rate * np.diff(edges)).sum())
    elif arrivals.gaps is not None:
        moments = clock.length / max(arrivals.gaps.mean_ms, 1.0)
    else:
        assert arrivals.times is not None
        moments = len(arrivals.times.moments_ms(clock.start, clock.length))
    return moments * arrivals.batch.mean


def _moments(arrivals: Arrivals, clock: Clock, address: Address) -> Ints:
    if arrivals.gaps is not None:
        return _renewal(arrivals.gaps, clock.length, address)
    if arrivals.poisson is not None:
        return _poisson(arrivals.poisson, clock, address)
    assert arrivals.times is not None
    return arrivals.times.moments_ms(clock.start, clock.length)


def _renewal(gaps: Time, length_ms: int, address: Address) -> Ints:
    """Gap after gap, each rounded up to whole milliseconds, until the time is full."""
    source, at, moments = address.stream("gaps"), 0, []
    while at < length_ms:
        drawn = np.ceil(np.round(gaps.ppf_ms(source.random(_CHUNK)), 6)).clip(1, length_ms).astype(np.int64)
        moments.append(at + np.cumsum(drawn))
        at = int(moments[-1][-1])
    joined = np.concatenate(moments)
    return joined[joined < length_ms]


def _poisson(poisson: Poisson, clock: Clock, address: Address) -> Ints:
    """Nonstationary Poisson by inversion of the cumulative rate (Cinlar 1975; Law, section 8.6.2)."""
    edges, rate = poisson.rate(clock.start, clock.length)
    cumulative = np.concatenate([[0.0], np.cumsum(rate * np.diff(edges))])
    source, at, steps = address.stream("gaps"), 0.0, []
    while at <= cumulative[-1]:
        steps.append(at + np.cumsum(-np.log1p(-source.random(_CHUNK))))
        at = float(steps[-1][-1])
    expected = np.concatenate(steps)
    expected = expected[expected < cumulative[-1]]
    moments = np.interp(expected, cumulative, edges).astype(np.int64)
    return np.asarray(np.minimum(moments, clock.length - 1))


def _in_batches(arrivals: Arrivals, moments: Ints, address: Address) -> Ints:
    sizes = arrivals.batch.ppf(address.uniforms("batch", len(moments)))
    return np.repeat(moments, sizes)


def _classes(flow: Flow, count: int, address: Address) -> Ints:
    """Positions in ``flow.classes``; drawn in the order of their keys, so that their order in the file moves nothing."""
    position = {key: number for number, key in enumerate(flow.classes)}
    keys = sorted(position)
    shares = tuple(flow.classes[key].share for key in keys)
    return pick(address.uniforms("class", count), shares, np.array([position[key] for key in keys], dtype=np.int64))


def _units(flow: Flow, lines: Ints, address: Address) -> Ints:
    """Units of each line, added up; the same for every line where nothing is drawn."""
    if flow.units_per_line.shares is None:
        return lines * int(flow.units_per_line.mean)
    units = np.zeros_like(lines)
    for line in range(int(lines.max(initial=0))):
        units += np.where(lines > line, drawn_units(flow, len(lines), address, line), 0)
    return units


def drawn_units(flow: Flow, count: int, address: Address, line: int) -> Ints:
    """Units of one line of every item."""
    return flow.units_per_line.ppf(address.uniforms("units", count, line))


def _valued(flow: Flow, arrived: Ints, goods_class: Ints, lines: Ints, units: Ints, address: Address) -> Demand:
    u = address.uniforms("value", len(arrived))
    value = flow.value.ppf(u)
    for position, goods in enumerate(flow.classes.values()):
        if goods.value is not None:
            value = np.where(goods_class == position, goods.value.ppf(u), value)
    return Demand(arrived, goods_class, lines, units, value)


def _from_file(flow: Flow, file: OrdersFile, clock: Clock, address: Address) -> Demand:
    orders = file.within(clock.start, clock.length)
    row, arrived = _scaled(orders["at_ms"].to_numpy(dtype=np.int64), file.scale, clock.length, address)
    chosen = orders.iloc[row]
    drawn = drawn_items(flow, arrived, address)
    lines = _said_or_drawn(chosen["lines"], drawn.lines)
    units = _said_or_drawn(chosen["units"], _units(flow, lines, address))
    said = replace(drawn, lines=lines, units=units)
    return in_classes(flow, said, list(chosen["class"]), address)


def _said_or_drawn(said: pd.Series[int], drawn: Ints) -> Ints:
    return np.where(said > 0, said, drawn).astype(np.int64)


def _scaled(at: Ints, scale: float, length_ms: int, address: Address) -> tuple[Ints, Ints]:
    """Rows of the file and their moments: whole copies, and by chance one more; copies come before the next order."""
    whole = int(scale)
    copies = whole + (address.uniforms("scale", len(at)) < scale - whole)
    row: Ints = np.repeat(np.arange(len(at), dtype=np.int64), copies)
    first = np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else np.zeros(0, dtype=bool)
    gap = np.diff(np.append(at, length_ms))[row]
    later = (address.uniforms("copy", len(row)) * gap).astype(np.int64)
    moments = at[row] + np.where(first, 0, later)
    order = np.argsort(moments, kind="stable")
    return row[order], moments[order]
