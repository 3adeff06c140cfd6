"""What a study wants to know of a run: a function from Run to named numbers, small enough to send and to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sim.analysis.load import offered_load, team_load
from sim.analysis.measures import measure, order_measures
from sim.analysis.run import Measure, Run

Measures = dict[str, Measure]
STAFF_COST = "staff_cost_per_day"


class Question(Protocol):
    """A question is frozen, can be sent to another process, and has a name under which answers are kept."""

    @property
    def key(self) -> str:
        """Name and parameters; equal for equal questions."""

    def __call__(self, run: Run) -> Measures:
        """The answer from one run."""


@dataclass(frozen=True)
class Everything:
    """All measures of a run, and ``load.<team>``: what each team is offered over what it can do."""

    key: str = "everything"

    def __call__(self, run: Run) -> Measures:
        """All measures by name."""
        load = team_load(offered_load(run.plan), run.plan.scenario)["load"]
        loads = {f"load.{team}": Measure(float(value), "share") for team, value in load.items()}
        found = measure(run)
        return {**found, **loads, **_staff_cost(found, run)}


@dataclass(frozen=True)
class OrdersAndMoney:
    """Delivery times, promises and costs: all that a search for the cheapest staffing needs."""

    key: str = "orders and money"

    def __call__(self, run: Run) -> Measures:
        """Some of the measures by name."""
        found = order_measures(run)
        return {**found, **_staff_cost(found, run)}


def _staff_cost(found: Measures, run: Run) -> Measures:
    """Wages and overtime pay a day."""
    if "cost.wages" not in found:
        return {}
    per_order = found["cost.wages"].value + found["cost.overtime"].value
    return {STAFF_COST: Measure(per_order * len(run.orders) / run.days, "money/day")}
