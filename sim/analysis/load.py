"""What each team is asked for against what it can give: the offered load of a Plan, found without running it.

A load is person-hours of work over person-hours of staff. Work counts on the day on which it is offered; whole
crews, attempts and the team's own speed are in it. Who helps whom is not: a team is held against its own staff.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.free_walk import free_walk
from sim.plan.compile import compile_plan
from sim.plan.plan import PPM, RATE, Plan
from sim.plan.steps import Kind
from sim.world.scenario import Scenario
from sim.world.stages import Customs
from sim.world.units import DAY_MS, HOUR_MS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SELECTED_STEPS = ("xray", "image", "opening", "amendment")


@dataclass(frozen=True)
class Work:
    """What a Plan asks of its people, found in one walk: by step and day, and by step within the measured window.

    ``edges_ms`` are where the days begin, and the end; ``by_day`` is person-ms (steps x days), ``window_ms`` person-ms
    and ``visits`` how many, by step.
    """

    edges_ms: Ints
    by_day: Floats
    window_ms: Floats
    visits: Ints


def work_of(plan: Plan) -> Work:
    """What does a Plan ask of its people? For who needs more than one of the tables below.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=2 d"]).scenario)
    >>> work_of(plan).by_day.shape
    (2, 2)

    """
    edges = _day_edges_ms(plan.scenario.clock.start, plan.end_ms)
    begin, end = plan.scenario.clock.window_ms
    by_day = np.zeros((len(plan.steps), len(edges) - 1))
    visits, window_ms = np.zeros(len(plan.steps), dtype=np.int64), np.zeros(len(plan.steps))
    for offers in free_walk(plan):
        day = np.searchsorted(edges, offers.offered_ms, side="right") - 1
        by_day[offers.step] += np.bincount(day, weights=offers.person_ms, minlength=len(edges) - 1)
        inside = (offers.offered_ms >= begin) & (offers.offered_ms < end)
        visits[offers.step] += inside.sum()
        window_ms[offers.step] += offers.person_ms[inside].sum()
    return Work(edges, by_day, window_ms, visits)


def offered_load(plan: Plan, work: Work | None = None) -> pd.DataFrame:
    """How loaded is each team on each day? Says it before anything runs.

    Parameters
    ----------
    plan
        What would be run.
    work
        What it asks for, where that is known.

    Returns
    -------
    DataFrame
        One row for each team and day: ``team`` (key), ``day`` (date), ``offered_h`` and ``staffed_h``
        (person-hours) and ``load``, their ratio. Where work is offered and nobody is there, the load is infinite.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=2 d"]).scenario)
    >>> offered_load(plan)[["team", "day", "staffed_h"]].values.tolist()
    [['clerks', datetime.date(2026, 11, 2), 72.0], ['clerks', datetime.date(2026, 11, 3), 72.0]]

    """
    clock, work = plan.scenario.clock, work or work_of(plan)
    edges = work.edges_ms
    offered = np.zeros((len(plan.teams), len(edges) - 1))
    for step in plan.steps_of(Kind.WORK):
        offered[plan.steps[step]["team"]] += work.by_day[step]
    # A drain has staff long after the last order: such days say nothing once no work comes.
    days = max(int(np.searchsorted(edges, clock.length)), 1 + int(np.flatnonzero(offered.any(axis=0)).max(initial=0)))
    dates = [clock.start.date() + timedelta(days=day) for day in range(days)]
    tables = [
        _day_table(key, dates, offered[team, :days], _staffed_ms(plan, team, edges[: days + 1]))
        for team, key in enumerate(plan.team_keys)
    ]
    nothing = np.zeros(0)
    return pd.concat(tables, ignore_index=True) if tables else _day_table("", [], nothing, nothing)


def team_load(load: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """How loaded is each team over the measured days? The tightest team comes first.

    Parameters
    ----------
    load
        The table of :func:`offered_load`.
    scenario
        Its scenario; the days measured are those of its clock.

    Returns
    -------
    DataFrame
        Indexed by team: ``offered_h``, ``staffed_h`` and ``load`` over all ``days`` measured, and the
        ``worst_load`` and ``worst_day`` among the days on which the team is there.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> scenario = load(shipped("teaching_line")).scenario
    >>> team_load(offered_load(compile_plan(scenario)), scenario)[["staffed_h", "days"]].values.tolist()
    [[648.0, 9.0]]

    """
    first, last = (scenario.clock.start + timedelta(milliseconds=at) for at in _window_ms(scenario))
    measured = load[load["day"].between(first.date(), last.date())]
    totals = measured.groupby("team", sort=False)[["offered_h", "staffed_h"]].sum()
    totals["load"] = _ratio(totals["offered_h"].to_numpy(), totals["staffed_h"].to_numpy())
    totals["days"] = measured["day"].nunique()
    there = measured[measured["staffed_h"] > 0].sort_values("load", ascending=False, kind="stable")
    worst = there.drop_duplicates("team").set_index("team")
    totals["worst_load"], totals["worst_day"] = worst["load"], worst["day"]
    return totals.sort_values("load", ascending=False, kind="stable")


def step_load(plan: Plan, work: Work | None = None) -> pd.DataFrame:
    """Which steps bring each team its work? Counts what is offered in the measured window.

    Parameters
    ----------
    plan
        What would be run.
    work
        What it asks for, where that is known.

    Returns
    -------
    DataFrame
        One row for each work step: its ``team``, ``flow``, ``stage``, ``step`` (key) and ``words``, the number of
        ``visits``, the ``offered_h`` (person-hours) and their ``share`` of all that the team is offered.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> step_load(compile_plan(load(shipped("teaching_line")).scenario))[["team", "step", "share"]].values.tolist()
    [['clerks', 'counter.work', 1.0]]

    """
    work = work or work_of(plan)
    numbers = plan.steps_of(Kind.WORK)
    names = [plan.step_names[number] for number in numbers]
    table = pd.DataFrame(
        {
            "team": [plan.team_keys[plan.steps[number]["team"]] for number in numbers],
            "flow": [name.flow for name in names],
            "stage": [name.stage for name in names],
            "step": [name.key for name in names],
            "words": [name.words for name in names],
            "visits": work.visits[numbers],
            "offered_h": work.window_ms[numbers] / HOUR_MS,
        }
    )
    of_team = table.groupby("team")["offered_h"].transform("sum")
    table["share"] = (table["offered_h"] / of_team).where(of_team > 0, 0.0)
    return table


@dataclass(frozen=True)
class Full:
    """How far a team is from being full: at ``demand`` times the demand, all else the same.

    Where a customs stage's selection brings it work, ``stage`` names it, ``selection_rate_now`` is the share that is
    selected, and ``selection_rate`` the one at which the team is full; None where no rate does that, or where the
    team is full already without any selection.
    """

    team: str
    load: float
    demand: float
    stage: str | None = None
    selection_rate_now: float | None = None
    selection_rate: float | None = None


def full_by_demand(team: str, load: float) -> Full:
    """When a team of a load is full, by its demand alone.

    >>> full_by_demand("clerks", 0.8).demand
    1.25
    """
    return Full(team, load, 1 / load if load > 0 else math.inf)


def full_at(scenario: Scenario, team: str, seed: int = 1, replication: int = 0) -> Full:
    """At which selection rate, or how many times the demand, would a team be full? Found without running anything.

    Parameters
    ----------
    scenario
        The world.
    team
        Key of the team.
    seed, replication
        Where the random numbers are.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> full = full_at(load(shipped("teaching_line")).scenario, "clerks")
    >>> round(full.load * full.demand, 6), full.stage
    (1.0, None)

    """
    return full_of(compile_plan(scenario, seed, replication), team)


def full_of(plan: Plan, team: str, work: Work | None = None) -> Full:
    """The answer of :func:`full_at` for a Plan that is there already, and where it is known, what that asks for.

    Load is a straight line in the selection rate. It is drawn through the Plan as it is and a second one in which
    everything is selected; each order has the same luck in both. Dated changes of the rate are left out of both,
    since a line has one rate at each end.
    """
    work = work or work_of(plan)
    now = _load_of(plan, team, work)
    by_demand = full_by_demand(team, now)
    key = _selecting_stage(plan, team, work)
    if key is None:
        return by_demand
    stage = plan.scenario.stages[key]
    assert isinstance(stage, Customs)
    rate = stage.selected_share
    other_rate = 1.0 if rate < 1 else 0.0
    here = _load_at(plan, team, key, rate) if stage.rate_changes else now
    slope = (_load_at(plan, team, key, other_rate) - here) / (other_rate - rate)
    full = rate + (1 - here) / slope if slope > 0 else math.inf
    return Full(team, now, by_demand.demand, key, rate, full if 0 < full <= 1 else None)


def _day_edges_ms(start: datetime, end_ms: int) -> Ints:
    """0, every midnight of the site after it, and the end."""
    midnight = datetime.combine(start.date() + timedelta(days=1), time())
    first = (midnight - start) // timedelta(milliseconds=1)
    return np.concatenate([[0], np.arange(first, end_ms, DAY_MS), [end_ms]]).astype(np.int64)


def _window_ms(scenario: Scenario) -> tuple[int, int]:
    """The first and the last millisecond of the measured window."""
    begin, end = scenario.clock.window_ms
    return begin, end - 1


def _staffed_ms(plan: Plan, team: int, edges: Ints) -> Floats:
    """Person-milliseconds that a team is there between each edge and the next."""
    rows = plan.staff[plan.staff["team"] == team]
    knots = np.append(rows["at"], plan.end_ms)
    so_far = np.concatenate([[0], np.cumsum(rows["heads"] * np.diff(knots))])
    return np.diff(np.interp(edges, knots, so_far))


def _ratio(offered: Floats, staffed: Floats) -> Floats:
    """Offered over staffed; nothing offered is no load, whoever is there."""
    ratio = np.where(offered > 0, np.inf, 0.0)
    return np.divide(offered, staffed, out=ratio, where=staffed > 0)


def _day_table(key: str, dates: list[date], offered_ms: Floats, staffed_ms: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "team": key,
            "day": dates,
            "offered_h": offered_ms / HOUR_MS,
            "staffed_h": staffed_ms / HOUR_MS,
            "load": _ratio(offered_ms, staffed_ms),
        }
    )


def _load_of(plan: Plan, team: str, work: Work) -> float:
    return float(team_load(offered_load(plan, work), plan.scenario)["load"][team])


def _load_at(plan: Plan, team: str, key: str, rate: float) -> float:
    """A team's load at a selection rate of a customs stage."""
    other = _selecting(plan, key, rate)
    return _load_of(other, team, work_of(other))


def _selecting_stage(plan: Plan, team: str, work: Work) -> str | None:
    """The customs stage whose selected parcels bring a team the most work, or None."""
    selected = [
        f"{key}.{part}"
        for key, stage in plan.scenario.stages.items()
        if isinstance(stage, Customs)
        for part in SELECTED_STEPS
    ]
    steps = step_load(plan, work)
    own = steps[(steps["team"] == team) & steps["step"].isin(selected)]
    return None if own.empty else str(own.groupby("stage")["offered_h"].sum().idxmax())


def _selecting(plan: Plan, key: str, rate: float) -> Plan:
    """The same Plan with one selection rate at a customs stage from beginning to end; no draw depends on the rate."""
    selects = [
        number for number in plan.steps_of(Kind.BRANCH, stage=key) if plan.step_names[number].key == f"{key}.select"
    ]
    own = np.unique(plan.steps[selects]["rate"])
    others = plan.rates[~np.isin(plan.rates["rate"], own)]
    constant = np.array([(0, number, round(rate * PPM)) for number in own], dtype=RATE)
    return replace(plan, rates=np.sort(np.concatenate([constant, others])))
