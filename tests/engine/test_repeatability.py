"""The same scenario, seed and replication give the same Records wherever and however often they are run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine.engines import ENGINES, run
from sim.plan.compile import compile_plan
from tests.engine.histories import assert_same, digest
from tests.engine.worlds import EVERYTHING, world

REPOSITORY = Path(__file__).parents[2]
ELSEWHERE = """
import sys
from sim.engine.engines import run
from sim.plan.compile import compile_plan
from tests.engine.histories import digest
from tests.engine.worlds import world
print(digest(run(compile_plan(world(), seed=7, replication=3), sys.argv[1])))
"""


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_another_process_writes_the_same_records(name):
    """Another interpreter, with another order of hashes, writes every byte the same."""
    here = digest(run(compile_plan(world(), seed=7, replication=3), name))
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, name], cwd=REPOSITORY, env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert there == here


def test_a_second_run_of_the_same_plan_writes_the_same_records(engine):
    """A run leaves nothing behind in its Plan."""
    plan = compile_plan(world())
    assert_same(engine(plan), engine(plan))


def test_the_world_with_everything_on_shows_everything():
    """The records that are compared have pauses, help, repeated attempts, and every outcome but two.

    Rejected and returned are what fails three times in a row: too rare among 800 orders to count on.
    """
    plan = compile_plan(world(EVERYTHING), seed=7, replication=3)
    records = run(plan)
    assert len(records.spells) > 0
    assert (records.visits.attempt > 1).any()
    helped = (records.visits.team != plan.steps["team"][records.visits.step]) & (records.visits.started >= 0)
    assert helped.any()
    assert set(records.items.outcome.tolist()) >= {-1, 0, 1, 2, 4, 5, 6, 8, 9, 10}


def test_another_seed_or_replication_gives_other_records():
    """Chance is in both."""
    found = {digest(run(compile_plan(world(), seed, replication))) for seed, replication in ((7, 3), (7, 4), (8, 3))}
    assert len(found) == 3
