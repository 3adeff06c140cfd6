"""What a plan has to keep, as a planner writes it: ``on_time.dispatch_24h >= 95 %``, ``delivery_time.p90 <= 70 h``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.intervals import Estimate, estimate
from sim.analysis.words import measured
from sim.study.question import Measures
from sim.words.studies import KEPT, NOT_KEPT, TOO_CLOSE
from sim.world.errors import nearest
from sim.world.scenario import Scenario
from sim.world.units import HOUR_MS, parse_duration_ms, parse_share

_TARGET = re.compile(r"\s*([\w.]+)\s*(>=|<=|>|<|≥|≤)\s*(\S.*?)\s*")
EXAMPLE = "write it as 'on_time.dispatch_24h >= 95 %' or 'delivery_time.p90 <= 70 h'"
PROMISED = {"on_time_delivery": "delivered", "on_time_dispatch": "dispatched"}
"""Short names: the shortest promise of that kind."""


class TargetError(ValueError):
    """A target, or the name of a measure, that cannot be understood; the message names the nearest one."""


@dataclass(frozen=True)
class Target:
    """A measure that must not fall below, or not rise above, a value."""

    measure: str
    at_least: bool
    value: float
    unit: str

    def shortfall(self, value: float) -> float:
        """By how much a value misses the target; zero or less where it does not."""
        if math.isnan(value):
            return math.inf
        return self.value - value if self.at_least else value - self.value

    def met(self, values: Sequence[float]) -> bool:
        """Whether the mean of replications meets the target."""
        return self.shortfall(float(np.mean(values))) <= 0

    def verdict(self, found: Estimate) -> str:
        """``kept``, ``not kept``, or, where the interval holds the target, ``too close to tell``."""
        if self.shortfall(found.mean) > 0 and not math.isfinite(found.mean):
            return NOT_KEPT
        worst, best = (found.low, found.high) if self.at_least else (found.high, found.low)
        if self.shortfall(worst) <= 0:
            return KEPT
        return NOT_KEPT if self.shortfall(best) > 0 else TOO_CLOSE

    def values(self, runs: Iterable[Measures]) -> list[float]:
        """Its measure in each replication. Raises TargetError where there is no such measure."""
        values = []
        for run in runs:
            if self.measure not in run:
                raise TargetError(f"no measure '{self.measure}'{nearest(self.measure, run)}")
            values.append(run[self.measure].value)
        return values

    def estimate(self, runs: Iterable[Measures]) -> Estimate:
        """Its measure across replications."""
        return estimate(self.values(runs), self.unit)

    def __str__(self) -> str:
        return f"{self.measure} {'>=' if self.at_least else '<='} {measured(self.value, self.unit)}"


def parse_target(text: str, scenario: Scenario) -> Target:
    """Read one target.

    Raises TargetError with the rule, and the nearest promise where one is misspelt.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> scenario = load(shipped("small_site_fortnight")).scenario
    >>> str(parse_target("on_time_delivery >= 95%", scenario)), str(parse_target("delivery_time.p90 <= 3 d", scenario))
    ('on_time.delivery_96h >= 95 %', 'delivery_time.p90 <= 3 d')
    """
    match = _TARGET.fullmatch(text)
    if match is None:
        raise TargetError(f"target '{text}': {EXAMPLE}")
    name, sign, value = match.groups()
    measure = full_name(name, scenario)
    unit = unit_of(measure)
    try:
        return Target(measure, sign in (">=", ">", "≥"), parse_value(value, unit), unit)
    except ValueError as error:
        raise TargetError(f"target '{text}': {error}") from None


def full_name(name: str, scenario: Scenario) -> str:
    """The measure that a short name stands for; a promise that is not there is an error."""
    group, _, key = name.partition(".")
    if name in PROMISED:
        kept = {key: one.within for key, one in scenario.promises.items() if one.to == PROMISED[name]}
        if not kept:
            raise TargetError(f"'{name}': the scenario promises no time to be {PROMISED[name]} within")
        return f"on_time.{min(kept, key=lambda one: kept[one])}"
    if group in ("on_time", "late", "unknown") and key not in scenario.promises:
        raise TargetError(f"no promise '{key}'{nearest(key, scenario.promises)}")
    return name


def unit_of(measure: str) -> str:
    """The unit in which targets of a measure are written."""
    group, last = measure.split(".")[0], measure.split(".")[-1]
    if group in ("delivery_time", "order_cycle", "dock_to_stock", "wait", "work", "clearance", "hours", "oldest"):
        return "h"
    if group in ("cost", "staff_cost_per_day"):
        return "money"
    if group in ("queue", "demand", "throughput", "overtime"):
        return "number" if last != "per_day" else "orders/day"
    return "share"


def parse_value(text: str, unit: str) -> float:
    """A value in the words of its unit: ``70 h``, ``95 %``, ``3.5``. Raises ValueError."""
    if unit == "h":
        return parse_duration_ms(text) / HOUR_MS
    if unit == "share":
        return parse_share(text)
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a number") from None


def known_measure(name: str, measures: Iterable[str], scenario: Scenario) -> str:
    """A measure by its name. Raises TargetError with the nearest one where there is none."""
    name, measures = full_name(name, scenario), list(measures)
    if name not in measures:
        raise TargetError(f"no measure '{name}'{nearest(name, measures)}")
    return name
