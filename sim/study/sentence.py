"""The first line of every result: does the plan hold, by when do buyers have their parcel, and who is tightest."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from sim.analysis.intervals import Estimate
from sim.analysis.load import Full, full_of
from sim.analysis.words import hours, interval, number, share, with_interval
from sim.plan.plan import Plan
from sim.words import all_of
from sim.words import sentence as say
from sim.world.scenario import Scenario, first_stage_of
from sim.world.stages import Delivery
from sim.world.units import HOUR_MS

Estimates = dict[str, Estimate]
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
    text = all_of(part for part in parts if part) or say.NOTHING_YET
    return f"{text[:1].upper()}{text[1:]}."


def _promise(scenario: Scenario, measures: Estimates) -> str:
    """The promise that is hardest to keep, if there is any."""
    kept = {key: measures[f"on_time.{key}"] for key in scenario.promises if f"on_time.{key}" in measures}
    kept = {key: estimate for key, estimate in kept.items() if not math.isnan(estimate.mean)}
    if not kept:
        return ""
    key = min(kept, key=lambda name: kept[name].mean)
    promise = scenario.promises[key]
    estimate = kept[key]
    classes = [name.replace("_", " ") for name in promise.classes or ()]
    between = interval(estimate)
    kept_for = with_interval(estimate).removesuffix(between)  # to no digit more than the interval has
    return say.keeps(promise.within / HOUR_MS, promise.to, kept_for, classes, between)


def _delivery(scenario: Scenario, measures: Estimates) -> str:
    estimate = measures.get("delivery_time.p95")
    if estimate is None or not math.isfinite(estimate.mean):
        return ""
    flows = scenario.order_flows
    if any(first_stage_of(scenario, flow, Delivery) for flow in flows):
        return say.buyers_within(hours(estimate.mean, long=True))
    who = [scenario.label("flows", flow) for flow in flows]
    return say.through_within(who, hours(estimate.mean, long=True))


def _tightest(plan: Plan, team: pd.Series, known: Callable[[str], Full] | None) -> str:
    if team["load"] <= 0:
        return ""
    who = plan.scenario.label("teams", str(team.name))
    text = say.tightest(who, share(team["load"]))
    full = known(str(team.name)) if known is not None else full_of(plan, str(team.name))
    if full.selection_rate is not None and full.selection_rate_now is not None:
        return say.full_at_rate(text, share(full.selection_rate_now), share(full.selection_rate))
    return say.full_at_demand(text, number(full.demand))


def _does_not_hold(scenario: Scenario, team: pd.Series) -> str:
    who = scenario.label("teams", str(team.name))
    growth = (team["offered_h"] - team["staffed_h"]) / team["days"]
    if math.isinf(team["load"]):
        return say.nobody_comes(who, number(growth))
    return say.too_much(who, f"{100 * team['load']:,.0f}", number(growth))


def _limits(scenario: Scenario, measures: Estimates) -> str:
    """What one must know before trusting the rest."""
    says = []
    shares = [measures[f"unknown.{key}"].mean for key in scenario.promises if f"unknown.{key}" in measures]
    unknown = max((value for value in shares if not math.isnan(value)), default=0.0)
    if unknown > ENOUGH_UNKNOWN:
        says.append(say.promise_not_known(share(unknown)))
    delivery = measures.get("delivery_time.p95")
    if delivery is not None and math.isinf(delivery.mean):
        says.append(say.MANY_UNDER_WAY)
    if all(estimate.replications <= 1 for estimate in measures.values()):
        says.append(say.NO_SPREAD)
    return "".join(f" {text}" for text in says)
