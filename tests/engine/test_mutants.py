"""Would the random plans notice? Kernels with one deliberate mistake each are caught by them."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from sim.engine import engines, fast, kernel
from sim.engine.records import Records
from sim.plan.plan import Plan
from tests.engine.test_engines_agree import first_difference
from tests.random_plans import plans

Pair = tuple[Plan, Records]

OWN = """    while w.n_stirred_teams > 0:
        team = number_at(the_stirred_teams(w), w.n_stirred_teams - 1)
        item = first(w, team)
        if item != NONE and can_take(w, team, item):
            return team, take_first(w, team)
        team_of(w, team).stirred = 0
        w.n_stirred_teams -= 1
"""
HELP = """    if the_len_helped(w) > 0:
        return next_to_help(w)
    return np.int64(NONE), np.int64(NONE)
"""
HELP_FIRST = """    helper, item = next_to_help(w) if the_len_helped(w) > 0 else (np.int64(NONE), np.int64(NONE))
    if item != NONE:
        return helper, item
"""
MUTATIONS = {
    "lines_of_one_moment_wait_by_creation_order": [
        (
            "while before > line and item_of(",
            "while before > 2**31 and item_of(",
        )
    ],
    "queue_ties_by_creation_order": [
        (
            "while before > item and item_of(w, before).joined == w.now:",
            "while before > 2**31 and item_of(w, before).joined == w.now:",
        )
    ],
    "head_count_changes_before_work_ends": [
        ("            w.phase = SETTLE\n", "            w.phase = -HEADS\n"),
        ("                w.phase = HEADS\n", "                w.phase = ROUND\n"),
        (
            "                w.phase = ROUND\n        if w.phase == ROUND",
            "                w.phase = SETTLE\n        if w.phase == ROUND",
        ),
        ("            w.phase = -HEADS\n", "            w.phase = HEADS\n"),
    ],
    "helper_before_own_staff": [
        (OWN, HELP_FIRST),
        (HELP, f"{OWN}    return np.int64(NONE), np.int64(NONE)\n"),
    ],
    "earliest_start_pauses_first": [
        (
            "if rival.started > job.started or (",
            "if rival.started < job.started or (",
        )
    ],
}


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Random plans with what the specification makes of them."""
    found: list[Pair] = []

    @settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(plans())
    def collect(plan: Plan) -> None:
        found.append((plan, engines.run(plan, "simpy")))

    collect()
    return found


def mutant(folder: Path, changes: list[tuple[str, str]]) -> ModuleType:
    """The kernel with some text replaced, each once."""
    source = inspect.getsource(kernel).replace("cache=True", "cache=False")
    for text, other in changes:
        assert source.count(text) == 1, f"the kernel no longer says once: {text}"
        source = source.replace(text, other)
    path = folder / "mutant.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("mutant", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mistake_in_the_kernel_is_caught(
    name: str, pairs: list[Pair], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some random plan tells the mutant from the specification."""
    monkeypatch.setattr(fast, "kernel", mutant(tmp_path, MUTATIONS[name]))
    assert any(first_difference(plan, spec, fast.run(plan)) is not None for plan, spec in pairs)
