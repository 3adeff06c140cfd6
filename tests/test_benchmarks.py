"""The benchmark's contestants do the work they are said to do. Nothing is timed here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sim.engine import engines
from sim.plan.plan import Plan

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"
PARCELS = 300


@pytest.fixture
def contestants(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The modules in benchmarks/ are scripts, found beside each other."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import contestants

    return contestants


@pytest.fixture
def plain(contestants: ModuleType) -> Plan:
    """A few hundred parcels of the plain line."""
    plan: Plan = contestants.plan_of("plain_line", PARCELS)
    return plan


def test_the_textbook_line_does_the_same_work(plain: Plan) -> None:
    """Every parcel comes once to each of six desks and is served as long as the Plan says; so in our engine."""
    import textbook

    theirs = np.array(sorted(textbook.plain_line(plain)))
    ours = engines.run(plain, "simpy").visits
    assert len(theirs) == len(ours) == 6 * len(plain.items)
    assert (theirs[:, 4] - theirs[:, 3] == ours.ended - ours.started).all()
    # Queues differ only where two things fall into the same millisecond.
    assert (theirs[:, 3] == ours.started).mean() > 0.99


def test_the_textbook_model_of_everything_brings_parcels_home(contestants: ModuleType) -> None:
    """Its last visit is the courier's, for nearly all parcels, and nobody is picked before someone is there."""
    import textbook

    plan = contestants.plan_of("everything", PARCELS)
    visits = textbook.everything(plan)
    last_mile = [number for number, name in enumerate(plan.step_names) if name.key == "delivery.last_mile"]
    home = {visit[0] for visit in visits if visit[1] in last_mile}
    assert len(home) > 0.95 * (plan.items.flow == 0).sum()
    pick = [number for number, name in enumerate(plan.step_names) if name.key == "picking.pick"]
    assert min(visit[3] for visit in visits if visit[1] in pick) >= 6 * 3_600_000


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_the_c_program_finds_the_same_starts_and_ends(plain: Plan, contestants: ModuleType, tmp_path: Path) -> None:
    """The sum over all starts and ends, which it prints last, is the fast engine's."""
    program, draws = tmp_path / "plain_line", tmp_path / "draws"
    subprocess.run(["gcc", "-O1", "-Wall", "-Werror", "-o", program, FOLDER / "plain_line.c"], check=True)
    contestants.write_draws(plain, draws)
    said = subprocess.run([program, draws], check=True, capture_output=True, text=True).stdout.split()
    visits = engines.run(plain, "fast").visits
    assert int(said[1]) == len(visits)
    assert int(said[3]) == int(visits.started.sum() + visits.ended.sum())


def test_a_target_says_whether_it_was_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least and at most include the figure itself; what could not be measured is neither met nor missed."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from bench import Target

    assert Target("speed", 60.0, at_least=60).met is True
    assert Target("speed", 59.9, at_least=60).met is False
    assert Target("memory", 2.1, at_most=2).met is False
    assert Target("speed", None, at_least=60).met is None


def test_the_script_says_what_it_can_do() -> None:
    """It starts without any of the contestants' libraries and names its settings."""
    said = subprocess.run([sys.executable, FOLDER / "bench.py", "--help"], check=True, capture_output=True, text=True)
    assert "--quick" in said.stdout
    assert "--runs" in said.stdout
