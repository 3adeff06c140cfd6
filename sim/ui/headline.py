"""The few numbers that stand under the sentence, each with its interval and its distance from the base."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sim.analysis.intervals import Estimate
from sim.analysis.words import NOT_KNOWN, hours, interval, measured, with_interval
from sim.study.replicate import Result
from sim.ui import texts
from sim.ui.texts import NO_BREAK
from sim.world.scenario import first_stage_of
from sim.world.stages import Delivery
from sim.world.units import HOUR_MS

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True)
class Headline:
    """One number: what it is, its value, its interval, the change from the base, and which way is better.

    Texts, ready to be shown; an empty one is not shown. ``change`` begins with + or -.
    """

    label: str
    value: str
    interval: str
    change: str
    better: Better


def headlines(result: Result, base: Result | None = None) -> list[Headline]:
    """On time for each promise, P95 of delivery, orders a day, cost per order, and what is unfinished.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> result = replicate(load(shipped("teaching_line"), ["clock.length=2 d"]), Settings(replications=2))
    >>> [number.label for number in headlines(result)]
    ['95 of 100 done within', 'Done a day', 'Unfinished']
    """
    found = []
    for name, label, better in _names(result):
        estimate = result.measures.get(name)
        if estimate is not None and estimate.replications:
            before = base.measures.get(name) if base is not None else None
            value, interval = _parts(estimate)
            found.append(Headline(label, value, interval, _change(estimate, before), better))
    return found


def _names(result: Result) -> Iterator[tuple[str, str, Better]]:
    scenario = result.file.scenario
    for key, promise in scenario.promises.items():
        yield f"on_time.{key}", texts.promise(promise.to, promise.within / HOUR_MS), "more"
    delivers = any(first_stage_of(scenario, flow, Delivery) for flow in scenario.order_flows)
    yield "delivery_time.p95", texts.p95(delivers=delivers), "less"
    yield "throughput.delivered", texts.throughput(delivers=delivers), "more"
    yield "cost.per_order", texts.cost(scenario.costs.currency), "less"
    yield "unfinished", texts.UNFINISHED, "less"


def _parts(estimate: Estimate) -> tuple[str, str]:
    """Value and interval apart, the interval broken after "to" if at all; the label already says orders a day."""
    between = interval(estimate)
    value = with_interval(estimate).removesuffix(between).removesuffix(" orders a day")
    return value, between.strip(" ()").replace(" ", NO_BREAK).replace(f"{NO_BREAK}to{NO_BREAK}", f"{NO_BREAK}to ")


def _change(estimate: Estimate, before: Estimate | None) -> str:
    """The difference of the means; two runs with the same seed have the same orders and the same luck."""
    if before is None or not (math.isfinite(estimate.mean) and math.isfinite(before.mean)):
        return ""
    difference = estimate.mean - before.mean
    size = _size(abs(difference), estimate.unit)
    if size == NOT_KNOWN or not any(digit in "123456789" for digit in size):
        return "0"
    return f"{'+' if difference > 0 else '-'}{size}"  # Streamlit knows a fall by its hyphen


def _size(size: float, unit: str) -> str:
    if unit == "share":
        return texts.points(size)
    if unit == "h":
        return hours(size)
    return measured(size, unit).removesuffix(" orders a day")
