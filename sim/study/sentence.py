"""The first line of every result: does the plan hold, by when do buyers have their parcel, and who is tightest."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from sim.analysis.intervals import Estimate
from sim.analysis.load import Full, full_of
from sim.analysis.words import hours, interval, number, share
from sim.plan.plan import Plan
from sim.world.scenario import Scenario, first_stage_of
from sim.world.stages import Delivery

Estimates = dict[str, Estimate]
DONE = {"dispatched": "dispatch", "delivered": "delivery"}
ENOUGH_UNKNOWN = 0.005


def sentence(plan: Plan, measures: Estimates, teams: pd.DataFrame, full: Callable[[str], Full] | None = None) -> str:
    """What a planner wants to hear first.

    Parameters
    ----------
    plan
        The first replication's Plan; it also tells at which selection rate the tightest team is full.
    measures
        The estimates of all replications by name.
    teams
        The load of each team over the measured days (``sim.analysis.load.team_load``).
    full
        When a team of the plan is full, where that is known already.

    """
    scenario = plan.scenario
    if teams.empty:
        return _joined([_promise(scenario, measures), _delivery(scenario, measures)]) + _limits(scenario, measures)
    tightest = teams.iloc[0]
    if tightest["load"] >= 1:
        return _does_not_hold(scenario, tightest) + _limits(scenario, measures)
    parts = [_promise(scenario, measures), _delivery(scenario, measures), _tightest(plan, tightest, full)]
    return _joined(parts) + _limits(scenario, measures)


def _joined(parts: list[str]) -> str:
    text = "; ".join(part for part in parts if part) or "no order has come through yet"
    return f"{text[:1].upper()}{text[1:]}."


def _promise(scenario: Scenario, measures: Estimates) -> str:
    """The promise that is hardest to keep, if there is any."""
    kept = {key: measures[f"on_time.{key}"] for key in scenario.promises if f"on_time.{key}" in measures}
    kept = {key: estimate for key, estimate in kept.items() if not math.isnan(estimate.mean)}
    if not kept:
        return ""
    key = min(kept, key=lambda name: kept[name].mean)
    promise = scenario.promises[key]
    within = f"{promise.within / 3_600_000:g} h"
    estimate = kept[key]
    whose = "" if promise.classes is None else f"{' and '.join(name.replace('_', ' ') for name in promise.classes)} "
    said = share(estimate.mean).replace("> ", "more than ").replace("< ", "less than ")
    return f"this plan keeps the {within} {DONE[promise.to]} promise for {said} of {whose}orders{interval(estimate)}"


def _delivery(scenario: Scenario, measures: Estimates) -> str:
    estimate = measures.get("delivery_time.p95")
    if estimate is None or not math.isfinite(estimate.mean):
        return ""
    flows = scenario.order_flows
    if any(first_stage_of(scenario, flow, Delivery) for flow in flows):
        return f"95 of 100 buyers have their parcel within {hours(estimate.mean, long=True)}"
    who = " and ".join(scenario.label("flows", flow) for flow in flows)
    return f"95 of 100 {who} are through within {hours(estimate.mean, long=True)}"


def _tightest(plan: Plan, team: pd.Series, known: Callable[[str], Full] | None) -> str:
    if team["load"] <= 0:
        return ""
    who = plan.scenario.label("teams", str(team.name))
    text = f"the tightest team is {who}, {share(team['load'])} loaded"
    full = known(str(team.name)) if known is not None else full_of(plan, str(team.name))
    if full.selection_rate is not None and full.selection_rate_now is not None:
        return f"{text} at {share(full.selection_rate_now)} selection, full at {share(full.selection_rate)}"
    return f"{text}, full at {number(full.demand)} times the demand"


def _does_not_hold(scenario: Scenario, team: pd.Series) -> str:
    who = scenario.label("teams", str(team.name))
    growth = (team["offered_h"] - team["staffed_h"]) / team["days"]
    grows = f"the queue grows by {number(growth)} hours of work a day."
    if math.isinf(team["load"]):
        return f"This plan does not hold: work comes for {who} and nobody is ever on shift, and {grows}"
    return f"This plan does not hold: {who} must do {100 * team['load']:,.0f} % of what the staff can do, and {grows}"


def _limits(scenario: Scenario, measures: Estimates) -> str:
    """What one must know before trusting the rest."""
    says = []
    shares = [measures[f"unknown.{key}"].mean for key in scenario.promises if f"unknown.{key}" in measures]
    unknown = max((value for value in shares if not math.isnan(value)), default=0.0)
    if unknown > ENOUGH_UNKNOWN:
        says.append(f"For {share(unknown)} of orders it is not known yet: the run ends before their promised moment.")
    delivery = measures.get("delivery_time.p95")
    if delivery is not None and math.isinf(delivery.mean):
        says.append("More than 5 of 100 orders are still under way at the end of the run.")
    if all(estimate.replications <= 1 for estimate in measures.values()):
        says.append("One replication says nothing of the spread: run more for an interval.")
    return "".join(f" {text}" for text in says)
