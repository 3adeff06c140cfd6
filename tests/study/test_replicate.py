"""Replications: the same numbers however they are run, each with its own luck, and kept where asked."""

from __future__ import annotations

import json
import weakref
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.intervals import estimates
from sim.engine.records import Records
from sim.plan.compile import compile_file
from sim.plan.plan import Plan
from sim.study.replicate import Replication, Result, Settings, measured, replicate, replication
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile, from_text

TEXT = """
schema: 1
clock: {start: 2026-11-02, length: 2 d}
flows: {orders: {arrivals: {poisson: {per_day: 100}}, route: [desk]}}
stages: {desk: {team: clerks, work: {exponential: 20 min}}}
teams: {clerks: {staff: 2}}
promises: {home: {to: delivered, within: 1 h}}
"""


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    """Two clerks, two days."""
    return from_text(TEXT, Path())


@pytest.fixture(scope="module")
def three(file: ScenarioFile) -> Result:
    """Three replications in this process."""
    return replicate(file, Settings(replications=3))


def write_down(folder: Path, plan: Plan, records: Records) -> None:
    """Keep what tells one replication from another."""
    text = json.dumps({"seed": plan.seed, "orders": len(plan.items), "visits": len(records.visits)})
    (folder / f"{plan.replication}.json").write_text(text)


def curves_of(result: Result) -> list[list[list[float]]]:
    """Throughput tables as plain numbers."""
    return [curves.throughput.to_numpy().tolist() for curves in result.curves]


def test_two_processes_find_the_same_numbers_as_one_and_keep_every_replication(
    file: ScenarioFile, three: Result, tmp_path: Path
) -> None:
    """Whichever comes first: estimates, curves in the order of the replications, checks, load and sentence are equal."""
    done: list[float] = []
    settings = Settings(replications=3, workers=2, engine="simpy")  # whose start is quick in a new process
    result = replicate(file, settings, done.append, partial(write_down, tmp_path))
    assert repr(result.measures) == repr(three.measures)  # NaN equals itself as text only
    assert curves_of(result) == curves_of(three)
    assert (result.checks, result.sentence) == (three.checks, three.sentence)
    assert result.load.equals(three.load)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.json", "1.json", "2.json"]
    assert done == sorted(done)
    assert 0 <= done[-1] <= 1


def test_replications_found_in_any_order_make_the_same_result(
    file: ScenarioFile, three: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers hand them in as they come: here the last first."""

    def backwards(file: ScenarioFile, settings: Settings, *_: object) -> list[Replication]:
        return [replication(file, settings, number) for number in (2, 0, 1)]

    monkeypatch.setattr("sim.study.replicate._runs", backwards)
    result = replicate(file, Settings(replications=3))
    assert repr(result.measures) == repr(three.measures)
    assert curves_of(result) == curves_of(three)


def test_keep_is_called_once_for_each_replication(file: ScenarioFile, tmp_path: Path) -> None:
    """With the Plan and Records of each; no two replications have the same luck."""
    replicate(file, Settings(seed=5, replications=3), keep=partial(write_down, tmp_path))
    kept = [json.loads((tmp_path / f"{number}.json").read_text()) for number in range(3)]
    assert {one["seed"] for one in kept} == {5}
    assert len({one["orders"] for one in kept}) == 3
    assert all(one["visits"] == one["orders"] for one in kept)  # one visit each


def test_more_replications_do_not_change_the_first_ones(file: ScenarioFile, three: Result) -> None:
    """Replication 2 is the same whether three or six are run."""
    six = replicate(file, Settings(replications=6))
    assert curves_of(six)[:3] == curves_of(three)
    assert six.measures["wait.desk.mean"].replications == 6
    assert six.measures["wait.desk.mean"].mean != three.measures["wait.desk.mean"].mean


def test_the_estimates_are_those_of_the_single_replications(file: ScenarioFile, three: Result) -> None:
    """Run one by one, by their numbers, they make the same means and intervals; their numbers are their own."""
    runs = [replication(file, Settings(), number) for number in range(3)]
    assert [run.number for run in runs] == [0, 1, 2]
    assert repr(estimates([run.measures for run in runs])) == repr(three.measures)
    assert len({run.measures["wait.desk.mean"].value for run in runs}) == 3


def test_another_seed_is_another_luck_and_the_same_seed_the_same(file: ScenarioFile, three: Result) -> None:
    """The seed is a setting of the run, not of the world."""
    assert repr(replicate(file, Settings(replications=3)).measures) == repr(three.measures)
    assert repr(replicate(file, Settings(seed=2, replications=3)).measures) != repr(three.measures)


def test_both_engines_find_the_same_numbers(file: ScenarioFile, three: Result) -> None:
    """The engine is a setting that changes the speed only."""
    assert repr(replicate(file, Settings(replications=3, engine="simpy")).measures) == repr(three.measures)


def test_progress_rises_to_one(file: ScenarioFile) -> None:
    """Over all replications together."""
    done: list[float] = []
    replicate(file, Settings(replications=2, engine="simpy"), done.append)
    assert done == sorted(done)
    assert (done[0] < 0.1, done[-1]) == (True, 1.0)


def test_every_check_is_told(three: Result) -> None:
    """True for each law, since a broken one would have been an error."""
    assert set(three.checks.values()) == {True}
    assert "little" in three.checks


def test_a_scenario_that_cannot_be_run_is_an_error_before_anything_runs(tmp_path: Path) -> None:
    """Nothing arrives on a weekday that does not occur: nothing is kept."""
    text = TEXT.replace("{poisson: {per_day: 100}}", "{times: {at: [08:00], days: sun}}")
    with pytest.raises(ScenarioError, match="nothing arrives"):
        replicate(from_text(text, Path()), Settings(replications=2), keep=partial(write_down, tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", [None, 1])
def test_the_draws_are_let_go_before_a_run_is_measured(
    file: ScenarioFile, three: Result, workers: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are a fifth of what a large run holds, and nobody asks for them any more; the answer is the same."""
    drawn: list[weakref.ref[Any]] = []
    gone: list[bool] = []

    def watched(*arguments: Any) -> Plan:
        plan = compile_file(*arguments)
        drawn.append(weakref.ref(plan.draws))
        return plan

    def seen(*arguments: Any) -> Replication:
        gone.append(all(draws() is None for draws in drawn))
        return measured(*arguments)

    monkeypatch.setattr("sim.study.replicate.compile_file", watched)
    monkeypatch.setattr("sim.study.replicate.measured", seen)
    monkeypatch.setattr("sim.study.replicate.suitable_workers", lambda took_s, more: 1)
    result = replicate(file, Settings(replications=3, workers=workers))
    assert gone == [True, True, True]
    assert (repr(result.measures), result.sentence) == (repr(three.measures), three.sentence)
