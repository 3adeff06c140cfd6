"""The whole way of a few parcels through one run: which ones are worth following, and every stop they made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.run import Run
from sim.engine.records import NEVER
from sim.plan.plan import Plan
from sim.plan.steps import Outcome

Ints = NDArray[np.int64]
Why = Literal["quantile", "step", "lost", "inside", "paused", "consignment"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
RARE = 0.2
MOST_STEPS, MOST_LOST = 8, 3


class Address(NamedTuple):
    """Which item, in every scenario of the same demand: its flow and its number within it."""

    flow: str
    number: int


class Chosen(NamedTuple):
    """An item to be followed, and why: so quick as ``share`` of all, by a rare ``step``, or by its end."""

    address: Address
    why: Why
    share: float = 0.0
    step: str = ""


@dataclass(frozen=True)
class Leg:
    """One stop: which step of which station, who served, and when; times in ms, NEVER where it has not happened."""

    station: int
    step: int
    attempt: int
    team: int
    joined: int
    started: int
    ended: int


@dataclass(frozen=True)
class Journey:
    """An item's way; ``placed`` ms is negative where it was placed before the start, ``left`` NEVER while inside."""

    chosen: Chosen
    goods_class: str
    placed: int
    left: int
    outcome: Outcome
    legs: tuple[Leg, ...]


def chosen(run: Run) -> tuple[Chosen, ...]:
    """Some twenty items worth following: quick, usual and late ones, one for each rare thing, and lost ones.

    Only orders placed in the measured window are chosen, and one consignment.
    """
    found: dict[int, Chosen] = {}
    for item, why, share, step in (*_by_time(run), *_by_step(run), *_by_end(run), *_consignment(run)):
        found.setdefault(item, Chosen(_address(run.plan, item), why, share, step))
    return tuple(found.values())


_Pick = tuple[int, Why, float, str]


def _by_time(run: Run) -> Iterator[_Pick]:
    orders = run.orders
    done = np.flatnonzero(orders.delivered != NEVER)
    if not len(done):
        return
    by_time = done[np.argsort(orders.delivered[done] - orders.placed[done], kind="stable")]
    for share in QUANTILES:
        yield int(orders.item[by_time[max(0, int(np.ceil(share * len(by_time))) - 1)]]), "quantile", share, ""


def _by_step(run: Run) -> Iterator[_Pick]:
    """Of each step to which few orders come, the one in the middle."""
    measured = np.zeros(len(run.plan.items), dtype=bool)
    measured[run.orders.item] = True
    visits, steps = run.records.visits, 0
    for step, name in enumerate(run.plan.step_names):
        if not run.carries_goods[step] or steps == MOST_STEPS:
            continue
        item = visits.item[run.by_step.of(step)]
        item = item[measured[item] & (np.diff(item, prepend=-1) != 0)]  # once each: rows rise by item
        if 0 < len(item) < RARE * len(run.orders):
            steps += 1
            yield int(item[len(item) // 2]), "step", 0.0, name.words
    paused = run.records.spells.item[measured[run.records.spells.item]]
    if len(paused):
        yield int(paused[len(paused) // 2]), "paused", 0.0, ""


def _by_end(run: Run) -> Iterator[_Pick]:
    """One for each way in which orders were lost, and the oldest that is still inside."""
    orders = run.orders
    lost = orders.outcome[~np.isin(orders.outcome, (Outcome.NONE, Outcome.DELIVERED))]
    for outcome in np.flatnonzero(np.bincount(lost, minlength=len(Outcome)))[:MOST_LOST]:
        yield int(orders.item[orders.outcome == outcome][0]), "lost", 0.0, ""
    inside = orders.item[orders.left == NEVER]
    if len(inside):
        yield int(inside[0]), "inside", 0.0, ""


def _consignment(run: Run) -> Iterator[_Pick]:
    plan = run.plan
    flows = [n for n, key in enumerate(plan.flow_keys) if _goods(plan, key) == "consignment"]
    items = np.flatnonzero(run.in_window & np.isin(plan.items.flow, flows))
    if len(items):
        yield int(items[0]), "consignment", 0.0, ""


def _goods(plan: Plan, flow: str) -> str:
    return plan.scenario.flows[flow].goods if flow in plan.scenario.flows else ""


def _address(plan: Plan, item: int) -> Address:
    return Address(plan.flow_keys[plan.items.flow[item]], int(plan.items.index[item]))


def journeys(run: Run, follow: Sequence[Chosen], station_of_step: Ints) -> tuple[Journey, ...]:
    """The journeys of chosen items, as far as this run has such items and they came to a station."""
    found = (_journey(run, one, station_of_step) for one in follow)
    return tuple(journey for journey in found if journey is not None and journey.legs)


def _journey(run: Run, one: Chosen, station_of_step: Ints) -> Journey | None:
    plan, visits, left = run.plan, run.records.visits, run.records.items
    if one.address.flow not in plan.flow_keys:
        return None
    flow = plan.flow_keys.index(one.address.flow)
    items = np.flatnonzero((plan.items.flow == flow) & (plan.items.index == one.address.number))
    if not len(items):
        return None
    item = int(items[0])
    rows = range(*np.searchsorted(visits.item, np.array([item, item + 1], dtype=visits.item.dtype)).tolist())
    return Journey(
        chosen=one,
        goods_class=plan.class_keys[plan.items.goods_class[item]] if plan.items.goods_class[item] >= 0 else "",
        placed=int(left.arrived[item]),
        left=int(left.left[item]),
        outcome=Outcome(int(left.outcome[item])),
        legs=tuple(
            Leg(
                int(station_of_step[visits.step[row]]),
                *(int(column[row]) for column in (
                    visits.step, visits.attempt, visits.team, visits.joined, visits.started, visits.ended,
                )),
            )
            for row in rows
        ),
    )  # fmt: skip
