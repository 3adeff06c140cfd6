"""Columns of Records are small whole numbers; what is computed from them must not overflow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.analysis.people import spell_visits
from sim.engine.engines import run as run_engine
from sim.engine.records import COMPACT, Records, Spells, Visits
from sim.plan.compile import compile_plan
from tests.engine.worlds import EVERYTHING, world


def test_engines_write_compact_columns() -> None:
    """The tests below are about columns that are really that small."""
    records = run_engine(compile_plan(world(EVERYTHING, "flows.orders.arrivals.poisson.per_day=20")), "simpy")
    assert {name: getattr(records.visits, name).dtype for name in ("item", "step", "attempt")} == {
        name: np.dtype(COMPACT[name]) for name in ("item", "step", "attempt")
    }


def test_a_spell_finds_its_visit_among_two_billion_addresses() -> None:
    """Item 100,000 at step 300 for the 200th time: item x step x attempt is 6 billion, more than 32 bits hold."""
    item = np.array([0, 99_999, 100_000, 100_000], dtype=np.int32)
    step = np.array([0, 300, 299, 300], dtype=np.int16)
    attempt = np.array([0, 199, 199, 199], dtype=np.int16)
    none, times = np.full(4, -1, dtype=np.int16), np.arange(4, dtype=np.int64)
    visits = Visits(item, step, attempt, none, times, times, times)
    rows = np.array([3, 3, 1])
    spells = Spells(item[rows], step[rows], attempt[rows], none[rows], none[rows], times[rows], times[rows])
    records = run_engine(compile_plan(world(EVERYTHING, "flows.orders.arrivals.poisson.per_day=20")), "simpy")
    assert spell_visits(replace(records, visits=visits, spells=spells)).tolist() == [3, 3, 1]


def test_records_without_spells_have_no_visits_of_spells() -> None:
    """Most runs pause nothing."""
    plan = compile_plan(world(EVERYTHING, "flows.orders.arrivals.poisson.per_day=20"))
    records = run_engine(plan, "simpy")
    nothing = Spells(*(np.zeros(0, dtype=np.int64) for _ in range(7)))
    without: Records = replace(records, spells=nothing)
    assert len(spell_visits(without)) == 0
