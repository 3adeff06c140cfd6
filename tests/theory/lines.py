"""Long runs of a line, replicated, and what they come to when held against the luck of their draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from sim.engine.engines import run
from sim.engine.records import Records
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.steps import Kind
from sim.world.files import from_text

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Found:
    """A mean and its standard error."""

    mean: float
    error: float

    def agrees_with(self, truth: float) -> bool:
        """Within 4 standard errors and within 3 %; and the runs were long enough to say so."""
        assert self.error < 0.0125 * abs(truth), f"the standard error {self.error:.4g} is too large to tell"
        return abs(self.mean - truth) < min(4 * self.error, 0.03 * abs(truth))


def replications(text: str, count: int) -> Iterator[tuple[Plan, Records]]:
    """Independent runs of a scenario."""
    scenario = from_text(text, Path()).scenario
    for replication in range(count):
        plan = compile_plan(scenario, seed=1, replication=replication)
        yield plan, run(plan)


def chosen(plan: Plan, records: Records, step: str = "desk.work", goods_class: int | None = None) -> np.ndarray:
    """Rows of the visits to a step by orders placed in the scenario's window, of one class or all."""
    begin, end = plan.scenario.clock.window_ms
    number = plan.step_number["orders", step]
    item = records.visits.item
    placed = plan.items.arrived[item]
    own = (records.visits.step == number) & (placed >= begin) & (placed < end)
    return np.flatnonzero(own if goods_class is None else own & (plan.items.goods_class[item] == goods_class))


def wait_min(plan: Plan, records: Records, rows: np.ndarray) -> float:
    """Mean wait of visits in minutes."""
    visits = records.visits
    return float((visits.started[rows] - visits.joined[rows]).mean()) / MINUTE_MS


def offered_min(plan: Plan) -> float:
    """Minutes of work that the orders placed in the window bring with them, at all steps, at their first attempt."""
    begin, end = plan.scenario.clock.window_ms
    index = plan.items.index[(plan.items.arrived >= begin) & (plan.items.arrived < end)]
    works = plan.steps[plan.steps["kind"] == Kind.WORK]
    return float(sum(plan.draws[row["draw"] + index * row["draw_per_item"]].sum() for row in works)) / MINUTE_MS


def held_against(luck: list[float], values: list[float], expected: float) -> Found:
    """The mean of values at the expected luck: a regression on a control variate whose mean is known.

    A replication that happened to get 1 % more work than expected waits longer; what is left is less noisy than
    the plain mean, and as unbiased (Law, Simulation Modeling and Analysis, 5th edition, section 11.4).
    """
    line = stats.linregress(np.array(luck) / expected - 1, values)
    return Found(float(line.intercept), float(line.intercept_stderr))


def measured(
    text: str, count: int, expected_min: float, *measures: Callable[[Plan, Records], float]
) -> tuple[Found, ...]:
    """Each measure over so many replications, held against the work that was expected in each."""
    luck, values = [], []
    for plan, records in replications(text, count):
        luck.append(offered_min(plan))
        values.append([measure(plan, records) for measure in measures])
    return tuple(held_against(luck, list(column), expected_min) for column in zip(*values, strict=True))
