"""What the formulas of ``sim.analysis.theory`` need to know of a stage: arrivals, work and servers of one line."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.analysis.run import Measure
from sim.analysis.theory import kingman_wait_h, mg1_wait_h, mmc_wait_h
from sim.words.measures import FORMULAS as FORMULA_WORDS
from sim.world.arrivals import Arrivals
from sim.world.distributions import Time
from sim.world.errors import ScenarioError
from sim.world.scenario import Scenario, tasks_of
from sim.world.units import DAY_MS, HOUR_MS

Means = Mapping[str, float]
"""What a run measured, by name."""
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Line:
    """One queue before some servers: arrivals an hour, hours of service, their coefficients of variation.

    ``servers`` is how many are there on average over the week, which for a team without shifts is how many there are.
    """

    stage: str
    arrivals_per_h: float
    arrivals_cv: float
    service_h: float
    service_cv: float
    servers: float

    @property
    def load(self) -> float:
        """Work that comes, over work that can be done."""
        return self.arrivals_per_h * self.service_h / self.servers

    def at_load(self, load: float) -> Line:
        """The same line with so many arrivals that this is its load."""
        return replace(self, arrivals_per_h=load * self.servers / self.service_h)


def line_of(scenario: Scenario, stage: str) -> Line:
    """The line that a stage is.

    Raises
    ------
    ScenarioError
        Where the stage has several tasks or flows, or arrivals whose rate changes with the hour: no formula fits it.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> line = line_of(load(shipped("teaching_line")).scenario, "counter")
    >>> line.arrivals_per_h, round(line.service_cv, 3), line.servers, round(line.load, 3)
    (30.0, 1.0, 3.0, 0.833)

    """
    tasks = [task for _, task in tasks_of(scenario.stages[stage])]
    flows = [flow for flow in scenario.flows.values() if stage in flow.route]
    time = getattr(scenario.stages[stage], "work", None)
    time = getattr(time, "per_order", time)
    if len(tasks) != 1 or len(flows) != 1 or not isinstance(time, Time):
        raise ScenarioError(f"stages.{stage}: no formula fits a stage with several tasks or several flows")
    per_h, arrivals_cv = _arrivals(stage, flows[0].arrivals)
    return Line(
        stage, per_h, arrivals_cv, time.mean_ms / HOUR_MS, variation(time), _mean_staff(scenario, tasks[0].team)
    )


def variation(time: Time) -> float:
    """The coefficient of variation of a distribution.

    >>> round(variation(Time.model_validate({"uniform": ["3 min", "9 min"]})), 4)
    0.2887
    """
    from scipy import integrate

    mean = time.mean_ms
    square, _ = integrate.quad(lambda u: float(time.ppf_ms(np.array([u]))[0]) ** 2, 0.0, 1.0, limit=200)
    return math.sqrt(max(square / mean**2 - 1, 0.0)) if not time.is_constant else 0.0


def _arrivals(stage: str, arrivals: Arrivals) -> tuple[float, float]:
    if isinstance(arrivals.gaps, Time):
        return HOUR_MS / arrivals.gaps.mean_ms, variation(arrivals.gaps)
    poisson = arrivals.poisson
    if poisson is None or len(set(poisson.hours)) > 1 or poisson.weekdays or poisson.peaks:
        raise ScenarioError(f"stages.{stage}: no formula fits arrivals whose rate changes with the hour or the day")
    return poisson.per_day / 24, 1.0


def _mean_staff(scenario: Scenario, key: str) -> float:
    """People on average over a week, day and night."""
    team = scenario.teams[key]
    if team.staff is not None:
        return float(team.staff)
    worked = sum(
        shift.staff * len(shift.days) * sum(end - begin for begin, end in shift.pieces())
        for shift in team.shifts.values()
    )
    return worked / (DAYS_A_WEEK * DAY_MS)


class Formula(NamedTuple):
    """A formula by its name in the trade, whether it is for a single server, and what it says."""

    title: str
    single: bool
    says: Callable[[Line, Means], Measure]


FORMULAS = {
    "utilisation": Formula(FORMULA_WORDS["utilisation"], False, lambda line, _: Measure(line.load, "share")),
    "erlang_c": Formula(
        FORMULA_WORDS["erlang_c"], False,
        lambda line, _: Measure(mmc_wait_h(line.arrivals_per_h, line.service_h, round(line.servers)), "h"),
    ),
    "pollaczek_khinchine": Formula(
        FORMULA_WORDS["pollaczek_khinchine"], True,
        lambda line, _: Measure(mg1_wait_h(line.arrivals_per_h, line.service_h, line.service_cv), "h"),
    ),
    "kingman": Formula(
        FORMULA_WORDS["kingman"], True,
        lambda line, _: Measure(kingman_wait_h(line.arrivals_per_h, line.arrivals_cv, line.service_h, line.service_cv), "h"),
    ),
    "little": Formula(
        FORMULA_WORDS["little"], False,
        lambda line, means: Measure(line.arrivals_per_h * means.get(f"wait.{line.stage}.mean", math.nan), "items"),
    ),
}  # fmt: skip
"""The formulas that a lesson can put beside an answer. That of Little takes the mean wait from the run."""


def predicted(formula: str, line: Line, means: Means) -> Measure:
    """What a formula says of a line.

    Raises ScenarioError for a formula of a single server where there are several.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> line = line_of(load(shipped("teaching_line")).scenario, "counter")
    >>> round(60 * predicted("erlang_c", line, {}).value, 2)
    7.02
    """
    if FORMULAS[formula].single and line.servers != 1:
        raise ScenarioError(
            f"stages.{line.stage}: the formula of {FORMULAS[formula].title} is for a single server, not for {line.servers:g}"
        )
    return FORMULAS[formula].says(line, means)
