"""The fast engine's own promises: tables that grow, runs that can be stopped, threads, and a cache that is never old."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sim.engine import fast, kernel, simpy_model
from sim.plan import plan as plan_module
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.steps import Kind
from tests.copied import asked
from tests.engine.test_engines_agree import first_difference
from tests.engine.worlds import world


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A world with everything on."""
    return compile_plan(world())


def test_the_kernel_uses_the_numbers_of_the_plan():
    """It repeats a few constants, because its cache would not notice a change of them elsewhere."""
    for kind in Kind:
        assert getattr(kernel, kind.name) == kind
    for name in ("NONE", "FIRST_COME", "PRIORITY", "DUE_DATE", "PER_MILLE"):
        assert getattr(kernel, name) == getattr(plan_module, name)


def test_the_kernel_takes_nothing_but_table_layouts_from_elsewhere():
    """Layouts are part of the compiled signature; anything else would be baked in unnoticed."""
    imported = [line for line in inspect.getsource(kernel).splitlines() if line.startswith("from sim")]
    assert imported == ["from sim.plan.plan import DEPARTURE, MIDNIGHT, OPEN, RATE, STAFF, STEP"]


def test_tables_that_are_too_small_grow(plan, monkeypatch):
    """With room for almost nothing the run goes on after each growth, to the same records."""
    monkeypatch.setattr(fast, "SPARE", 2)
    monkeypatch.setattr(fast, "_main_way", lambda plan: np.arange(len(plan.steps)) % 3)
    monkeypatch.setattr(fast, "ROOM_FOR_FURTHER", 0)
    assert first_difference(plan, simpy_model.run(plan), fast.run(plan)) is None


def test_progress_rises_to_one(plan, monkeypatch):
    """It is told in rising shares, and often."""
    monkeypatch.setattr(fast, "INSTANTS", 50)
    told: list[float] = []
    fast.run(plan, told.append)
    assert told == sorted(told)
    assert len(told) > 10
    assert told[-1] == 1.0


def test_a_run_can_be_stopped(plan, monkeypatch):
    """What the progress callback raises ends the run at once."""
    monkeypatch.setattr(fast, "INSTANTS", 50)

    def stop(share: float) -> None:
        raise KeyboardInterrupt(f"at {share}")

    with pytest.raises(KeyboardInterrupt, match="at 0"):
        fast.run(plan, stop)


def test_threads_do_not_disturb_each_other():
    """Four replications at once are the four one after another."""
    plans = [compile_plan(world(), replication=number) for number in range(4)]
    alone = [fast.run(plan) for plan in plans]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(fast.run, plans))
    assert all(
        first_difference(plan, one, other) is None for plan, one, other in zip(plans, alone, together, strict=True)
    )


ASK = """
import numpy, kernel_copy
visits, none, so_far = numpy.zeros(4, dtype=kernel_copy.VISIT), numpy.zeros(0, dtype=int), numpy.zeros(3, dtype=int)
columns = tuple(numpy.zeros(9, dtype=int) for _ in range(7))
ends = numpy.array([2, 4]), numpy.zeros(2, dtype=int)
kernel_copy.visits_by_item(7, *ends, visits, visits[:0], none, none, columns, so_far)
print(columns[0].tolist(), sum(kernel_copy.visits_by_item.stats.cache_hits.values()))
"""


@pytest.mark.slow
def test_an_edited_kernel_never_runs_old_code(tmp_path: Path):
    """Unchanged, the second process takes the compiled code from the cache; edited, the new text counts."""
    path = tmp_path / "kernel_copy.py"
    source = inspect.getsource(kernel)
    path.write_text(source, encoding="utf-8")
    assert asked(path, ASK) == "[7, 7, 8, 8, 0, 0, 0, 0, 0] 0"
    assert asked(path, ASK) == "[7, 7, 8, 8, 0, 0, 0, 0, 0] 1"
    path.write_text(source.replace("count = place + 1, count + 1", "count = place + 1, count + 2"), encoding="utf-8")
    assert asked(path, ASK) == "[7, 0, 7, 0, 8, 0, 8, 0, 0] 0"
