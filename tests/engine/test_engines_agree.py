"""Both engines return the same Records, row by row and column by column, for whatever a plan may hold."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.engine import engines
from sim.engine.records import NEVER, Records
from sim.plan.plan import NONE, Plan
from sim.plan.steps import Kind
from tests.conftest import SAID
from tests.random_plans import plans

EXAMPLES = int(os.environ.get("RANDOM_PLANS", "2000"))
SEEN = Counter[str]()
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def first_difference(plan: Plan, one: Records, other: Records) -> str | None:
    """Where two Records differ first, with the history of that item in both; None where they are equal."""
    for table in ("visits", "spells"):
        rows, others = _rows(getattr(one, table)), _rows(getattr(other, table))
        if rows != others:
            item = next((a or b)[0] for a, b in _side_by_side(rows, others) if a != b)
            return (
                f"{table} of item {item} differ:\n{_history(plan, one, item)}\nagainst\n{_history(plan, other, item)}"
            )
    for table in ("stock", "rates"):
        rows, others = _rows(getattr(one, table)), _rows(getattr(other, table))
        if rows != others:
            pair = next((a, b) for a, b in _side_by_side(rows, others) if a != b)
            return f"{table}: {pair[0]} against {pair[1]}"
    for column in ("arrived", "left", "outcome"):
        unequal = np.flatnonzero(getattr(one.items, column) != getattr(other.items, column))
        if len(unequal):
            item = int(unequal[0])
            return f"item {item}: {column} {getattr(one.items, column)[item]} != {getattr(other.items, column)[item]}"
    return None if one.ended_ms == other.ended_ms else f"the run ended at {one.ended_ms} != {other.ended_ms}"


def _rows(table: Any) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(table, field.name).tolist() for field in fields(table)), strict=True))


def _side_by_side(rows: list[Any], others: list[Any]) -> Any:
    length = max(len(rows), len(others))
    return zip(rows + [None] * (length - len(rows)), others + [None] * (length - len(others)), strict=True)


def _history(plan: Plan, records: Records, item: int) -> str:
    lines = [
        f"  {plan.step_names[row[1]].key} attempt {row[2]}: joined {row[4]}, started {row[5]} by team {row[3]}, ended {row[6]}"
        for row in _rows(records.visits)
        if row[0] == item
    ]
    return "\n".join([*lines, f"  left {records.items.left[item]}"])


def agree(plan: Plan) -> None:
    """Run both engines; fail with the first difference."""
    spec, fast = engines.run(plan, "simpy"), engines.run(plan, "fast")
    difference = first_difference(plan, spec, fast)
    assert difference is None, difference
    _count(plan, spec)


def _count(plan: Plan, records: Records) -> None:
    """What the plans have shown so far: how many things happened, and how many of them at the same moment as another."""
    visits = records.visits
    moments = np.concatenate([column[column != NEVER] for column in (visits.joined, visits.started, visits.ended)])
    _, together = np.unique(moments, return_counts=True)
    SEEN.update(
        plans=1,
        events=len(moments),
        simultaneous=int(together[together > 1].sum()),
        pauses=len(records.spells),
        gave_up=int(((visits.started == NEVER) & (visits.ended != NEVER) & (visits.team == NEVER)).sum()),
        changes_of_stock=len(records.stock),
        short_of_stock=int((records.stock.short > 0).sum()),
        lots_ordered=int((plan.items.arrived != records.items.arrived).sum()),
        rates_that_followed=len(records.rates) - int((plan.rates["at"] < records.ended_ms).sum()),
        waits_for_release_forms=int(
            ((plan.steps["mark"] == NONE)[visits.step] & (plan.steps["kind"] == Kind.MEET)[visits.step]
             & (visits.ended > visits.joined)).sum()
        ),
    )  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=RELAXED, derandomize=True)
@given(plans())
def _agree_on_random_plans(plan: Plan) -> None:
    agree(plan)


@pytest.mark.slow
def test_engines_agree_on_random_plans(record_property: Callable[[str, object], None]) -> None:
    """Ties, closures, rework, shortages, pauses, helpers, crews, gates, companions, patience, backlog, both ends.

    And the plans show what they are for: more than half of all events share their moment with another.
    """
    _agree_on_random_plans()
    record_property(SAID, "random " + ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in SEEN.items()))
    assert SEEN["simultaneous"] > SEEN["events"] / 2
    assert SEEN["pauses"] > SEEN["plans"] / 4
    for rare in ("gave_up", "short_of_stock", "lots_ordered", "rates_that_followed", "waits_for_release_forms"):
        assert SEEN[rare] > SEEN["plans"] / 20, rare
