"""The order in which things are handled, numbered or named within a moment must not matter: nothing changes."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from heapq import heappush

import numpy as np
import pytest
import simpy
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from simpy.events import Initialize

from sim.engine import engines
from sim.engine.records import Records
from sim.engine.simpy_model import DUE, Floor, run
from sim.plan.plan import NONE, Plan, StepName, Stock
from sim.plan.steps import Kind
from tests.engine.histories import assert_same, history, stock_history
from tests.random_plans import CLASSES, plans

many = settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 2**32)


def everybody_helps(plan: Plan) -> Plan:
    """The same Plan, but all teams that do not work in crews help each other."""
    crews = set(plan.steps["team"][plan.steps["crew"] > 1].tolist())
    alone = [team for team in range(len(plan.teams)) if team not in crews]
    helpers = (tuple(other for other in alone if other != team and team in alone) for team in range(len(plan.teams)))
    return dataclasses.replace(plan, helpers=tuple(helpers))


any_plans = plans() | plans().map(everybody_helps)


class ShuffledEnvironment(simpy.Environment):
    """Handles what is due at the same moment in random order; nothing comes before what caused it."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._luck = random.Random(seed)

    def schedule(self, event, priority=DUE, delay=0):
        # A process begins at once in SimPy, before all else that is due; here an arrival is due like the rest.
        priority = DUE if isinstance(event, Initialize) else priority
        place = (self._luck.random() if priority == DUE else 0.0, next(self._eid))
        heappush(self._queue, (self._now + delay, priority, place, event))


@pytest.mark.slow
@many
@given(any_plans, seeds)
def test_the_order_of_settling_changes_nothing(plan, seed):
    """Ends of work, waits and patience, arrivals and departures of one moment, in any order."""
    usual = run(plan)
    for shuffle in range(seed, seed + 3):
        assert_same(Floor(plan, ShuffledEnvironment(shuffle)).run(), usual)


@many
@given(any_plans, seeds)
def test_numbers_of_teams_gates_steps_rates_and_calendars_change_nothing(plan, seed):
    """The same line with everything but the items numbered otherwise has the same history by name."""
    usual = run(plan)
    for shuffle in range(seed, seed + 3):
        other = renumbered(plan, np.random.default_rng(shuffle))
        for name in engines.ENGINES:
            records = engines.run(other, name)
            assert history(other, records) == history(plan, usual)
            assert sorted(stock_history(other, records)) == sorted(stock_history(plan, usual))
            assert records.ended_ms == usual.ended_ms


@settings(many, max_examples=40)
@given(any_plans)
def test_names_and_an_unused_flow_change_nothing(plan):
    """Other keys for flows, teams, gates and classes, and a flow of which no item comes."""
    renamed = dataclasses.replace(
        plan,
        steps=np.append(plan.steps, plan.steps),
        step_names=(
            *plan.step_names,
            *(StepName("unused", *dataclasses.astuple(name)[1:]) for name in plan.step_names),
        ),
        flow_keys=(*(f"another {key}" for key in plan.flow_keys), "unused"),
        team_keys=tuple(f"another {key}" for key in plan.team_keys),
        gate_keys=tuple(f"another {key}" for key in plan.gate_keys),
        class_keys=tuple(f"another {key}" for key in plan.class_keys),
    )
    for name in engines.ENGINES:
        assert_same(engines.run(renamed, name), run(plan))


@pytest.mark.parametrize(
    "happens",
    [
        lambda plan, records: bool((records.spells.team != _queue_team(plan, records)).any()),
        lambda plan, records: bool((records.visits.attempt > 0).any()),
        lambda plan, records: _ties(plan, records, Kind.WORK) > 2,
        lambda plan, records: _ties(plan, records, Kind.GATE) > 2,
        lambda plan, records: _ties(plan, records, Kind.MEET) > 0,
    ],
    ids=["help after a pause", "second visits", "ties at work", "ties at gates", "ties at meetings"],
)
def test_the_random_plans_are_worth_the_trouble(happens: Callable[[Plan, Records], bool]):
    """What is rare in a plan, and where an order could matter, comes about in them."""
    find(
        plans(),
        lambda plan: happens(plan, run(plan)),
        settings=settings(many, max_examples=1000, phases=[Phase.generate]),
    )


def _queue_team(plan: Plan, records: Records) -> np.ndarray:
    return plan.steps["team"][records.spells.step]


def _ties(plan: Plan, records: Records, kind: Kind) -> int:
    """How many joined the same kind of step at a moment at which another did."""
    joined = records.visits.joined[plan.steps["kind"][records.visits.step] == kind]
    return len(joined) - len(np.unique(joined))


def renumbered(plan: Plan, luck: np.random.Generator) -> Plan:
    """The same Plan, with another number for each team, gate, step, rate, calendar and counter."""
    teams, gates = luck.permutation(len(plan.teams)), luck.permutation(len(plan.gates))
    steps, slots = luck.permutation(len(plan.steps)), luck.permutation(plan.slots)
    calendars = luck.permutation(1 + max(plan.steps["calendar"].max(), plan.calendars["calendar"].max(initial=NONE)))
    rates = _other_rate_numbers(plan, luck)
    skus, follows = luck.permutation(len(plan.stock.skus)), luck.permutation(len(plan.follows))
    lines = plan.stock.lines.copy()
    lines["sku"] = skus[lines["sku"]]
    followed = _moved(plan.follows, follows)
    followed["rate"] = rates[followed["rate"]]
    table = plan.steps.copy()
    for column, new in (
        ("team", teams), ("gate", gates), ("calendar", calendars), ("rate", rates), ("visit_slot", slots),
        ("taken_slot", slots), ("next", steps), ("target", steps), ("exhausted", steps),
        ("follow", follows),
    ):  # fmt: skip
        used = table[column] != NONE
        table[column][used] = new[table[column][used]]
    openings = plan.calendars.copy()
    openings["calendar"] = calendars[openings["calendar"]]
    return dataclasses.replace(
        plan,
        items=dataclasses.replace(plan.items, first_step=steps[plan.items.first_step]),
        steps=_moved(table, steps),
        step_names=tuple(_moved(np.array(plan.step_names, dtype=object), steps)),
        teams=_moved(plan.teams, teams),
        team_keys=tuple(_moved(np.array(plan.team_keys), teams)),
        helpers=tuple(tuple(int(teams[one]) for one in plan.helpers[old]) for old in np.argsort(teams)),
        staff=_changes(plan.staff, "team", teams, luck),
        gates=_moved(plan.gates, gates),
        gate_keys=tuple(_moved(np.array(plan.gate_keys), gates)),
        departures=_changes(plan.departures, "gate", gates, luck),
        rates=_changes(plan.rates, "rate", rates, luck),
        calendars=openings,
        stock=Stock(
            _moved(plan.stock.skus, skus),
            lines,
            plan.stock.first_line,
            tuple(_moved(np.array(plan.stock.sku_keys, dtype=object), skus)),
        ),
        follows=followed,
        midnights=_changes(plan.midnights, "follow", follows, luck),
    )


def _other_rate_numbers(plan: Plan, luck: np.random.Generator) -> np.ndarray:
    """New numbers for all rates; the rates of one branch, one for each class, stay together."""
    branches = plan.steps[plan.steps["rate"] != NONE]
    groups = [range(row["rate"], row["rate"] + (CLASSES if row["rate_by_class"] else 1)) for row in branches]
    order = [old for group in luck.permutation(len(groups)) for old in groups[group]]
    return np.argsort(order)


def _moved(column: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Each entry at its new number."""
    moved = np.empty_like(column)
    moved[new] = column
    return moved


def _changes(table: np.ndarray, column: str, new: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """Changes over time with new numbers; those of the same moment in any order."""
    changed = table.copy()
    changed[column] = new[changed[column]]
    return changed[np.lexsort((luck.random(len(changed)), changed["at"]))]
