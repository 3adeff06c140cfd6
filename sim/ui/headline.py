"""The few numbers that stand under the sentence, each with its interval and its distance from the base."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sim.analysis.intervals import CONFIDENCE, Estimate
from sim.analysis.words import interval, with_interval
from sim.study.paired import Difference, amount, difference_in
from sim.study.replicate import Result
from sim.ui import texts
from sim.ui.texts import NO_BREAK, planner
from sim.world.scenario import first_stage_of
from sim.world.stages import Delivery
from sim.world.units import HOUR_MS

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True)
class Headline:
    """One number: what it is, its value, its interval, the change from the base, and which way is better.

    Texts, ready to be shown; an empty one is not shown. ``change`` begins with + or -, where it is sure, and
    ``change_interval`` belongs to it.
    """

    label: str
    value: str
    interval: str
    change: str
    better: Better
    change_interval: str = ""


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
            gap = difference_in(name, base.runs, result.runs) if base is not None else None
            value, interval = _parts(estimate)
            change, sure = _change(gap)
            found.append(Headline(label, value, interval, change, better if gap and gap.decided else "neither", sure))
    return found


def _names(result: Result) -> Iterator[tuple[str, str, Better]]:
    scenario = result.file.scenario
    for key, promise in scenario.promises.items():
        yield f"on_time.{key}", texts.promise(promise.to, promise.within / HOUR_MS), "more"
    delivers = _delivers(result)
    yield "delivery_time.p95", texts.p95(delivers=delivers), "less"
    yield "throughput.delivered", texts.throughput(delivers=delivers), "more"
    yield "cost.per_order", texts.cost(scenario.costs.currency), "less"
    yield "unfinished", texts.UNFINISHED, "less"


def value_of(estimate: Estimate) -> str:
    """A number as it stands on its card."""
    return _parts(estimate)[0]


def _parts(estimate: Estimate) -> tuple[str, str]:
    """Value and interval apart, the interval broken after "to" if at all; the label already says orders a day."""
    between = interval(estimate)
    if estimate.replications == 1:
        return with_interval(estimate).removesuffix(" orders a day"), texts.ONE_REPLICATION
    if not between and estimate.replications > 1 and math.isfinite(estimate.low):
        return with_interval(estimate).removesuffix(" orders a day"), planner.SURE
    value = with_interval(estimate).removesuffix(between).removesuffix(" orders a day")
    return value, between.strip(" ()").replace(" ", NO_BREAK).replace(f"{NO_BREAK}to{NO_BREAK}", f"{NO_BREAK}to ")


def _change(gap: Difference | None) -> tuple[str, str]:
    """The difference with its sign and its interval; both runs had the same orders and the same luck."""
    if gap is None or not math.isfinite(gap.difference):
        return "", ""
    if gap.same:
        return planner.SAME, ""
    if not gap.decided:
        return planner.CANNOT_TELL, ""
    size, between = amount(gap)
    sign = "+" if gap.difference > 0 else "-"  # Streamlit knows a fall by its hyphen
    return f"{sign}{size.removesuffix(' orders a day')}", between.strip(" ()")


def clauses(result: Result, base: Result, confidence: float = CONFIDENCE) -> list[tuple[str, Difference]]:
    """What differs from the base in what buyers get and what that costs, each in words; equal numbers are left out."""
    scenario = result.file.scenario
    found = []
    for name, label, _ in _names(result):
        gap = difference_in(name, base.runs, result.runs, confidence)
        if name.partition(".")[0] in planner.OPEN and gap is not None and math.isfinite(gap.low) and not gap.same:
            what = scenario.costs.currency if name.startswith("cost") else label[:1].lower() + label[1:]
            what += _promised_before(name, result, base)
            found.append((planner.difference(name, gap, what, delivers=_delivers(result)), gap))
    return found


def _promised_before(name: str, result: Result, base: Result) -> str:
    """What the base promised, where the plan promises something else: shares within two lengths of time are compared."""
    now, was = (one.file.scenario.promises.get(name.partition(".")[2]) for one in (result, base))
    differs = name.startswith("on_time") and now is not None and was is not None and now.within != was.within
    return planner.instead_of(was.within / HOUR_MS) if differs and was is not None else ""


def _delivers(result: Result) -> bool:
    scenario = result.file.scenario
    return any(first_stage_of(scenario, flow, Delivery) for flow in scenario.order_flows)
