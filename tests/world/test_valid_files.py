"""Whole scenario files: each valid one loads, resolves, compiles and runs; and what a variant makes of its base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.engine.records import Records
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.steps import Kind, Outcome
from sim.world.distributions import Time
from sim.world.files import from_text, load
from sim.world.references import left_out
from sim.world.scenario import Scenario, parts_of
from sim.world.shipped import shipped
from sim.world.stages import KINDS

FOLDER = Path(__file__).parents[1] / "scenarios" / "valid"
FILES = sorted(FOLDER.glob("*.yaml"))
OUTGOING = {
    "every_arrival": {Outcome.DELIVERED, Outcome.STOCKED},
    "every_stage": {Outcome.DELIVERED, Outcome.STOCKED, Outcome.ACCEPTED, Outcome.REJECTED, Outcome.CANCELLED},
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_valid_file_runs(path: Path, engine: Callable[[Plan], Records]) -> None:
    """It loads, compiles, and most of its items leave in a short run, by the ways out that it has."""
    plan = compile_plan(load(path).scenario)
    records = engine(plan)
    outcomes = set(records.items.outcome.tolist()) - {Outcome.NONE}
    assert outcomes >= OUTGOING.get(path.stem, {Outcome.DELIVERED})
    assert (records.items.left >= 0).mean() > 0.6
    assert set(records.visits.step.tolist()) <= set(range(len(plan.steps)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_resolved_text_loads_to_the_same_scenario(path: Path) -> None:
    """Nothing of base, differences and files is lost in writing it down and reading it again."""
    file = load(path)
    again = from_text(file.text(), path.parent, path.stem)
    assert again.scenario == file.scenario
    assert again.raw == file.raw
    assert again.digest == file.digest
    assert again.base is None


def test_the_valid_files_say_everything() -> None:
    """Between them they have every kind of stage, every family of times, every kind of step, and every part of a scenario."""
    scenarios = [load(path).scenario for path in FILES]
    assert {stage.kind for scenario in scenarios for stage in scenario.stages.values()} == set(KINDS)
    parts = [part for scenario in scenarios for part in parts_of(scenario)]
    families = {name for part in parts if isinstance(part, Time) for name in part.model_fields_set}
    assert families == set(Time.model_fields)
    kinds = {int(kind) for scenario in scenarios for kind in compile_plan(scenario).steps["kind"]}
    assert kinds == set(Kind)
    unsaid = {
        f"{type(part).__name__}.{name}"
        for part in parts
        for name, field in type(part).model_fields.items()
        if not any(name in other.model_fields_set for other in parts if type(other) is type(part))
    }
    assert unsaid == set()


def variant(text: str, folder: Path = FOLDER) -> Scenario:
    """The scenario of a text beside the valid files."""
    return from_text(text, folder, "own").scenario


def test_a_variant_keeps_what_it_does_not_say() -> None:
    """Its base's clock, route and third counter are still there."""
    base, own = load(FOLDER / "smallest.yaml").scenario, load(FOLDER / "variant.yaml").scenario
    assert own.clock == base.clock
    assert own.flows["visitors"].route == base.flows["visitors"].route
    assert own.flows["visitors"].label == "Callers"
    assert set(own.stages) == {"counter", "door"}


def test_another_family_replaces_that_of_the_base() -> None:
    """Times, ways to arrive, and the two ways to staff a team; a time cannot be of two families."""
    own = load(FOLDER / "variant.yaml").scenario
    assert own.flows["visitors"].arrivals.gaps == Time.model_validate({"uniform": ["1 min", "3 min"]})
    assert own.stages["counter"].work.per_order == Time.model_validate({"erlang": {"mean": "5 min", "k": 4}})
    assert own.teams["clerks"].staff is None
    ways = variant("extends: smallest.yaml\nflows: {visitors: {arrivals: {poisson: {per_day: 9}}}}\n")
    assert ways.flows["visitors"].arrivals.gaps is None


def test_parts_of_work_replace_a_plain_time_and_the_other_way_round() -> None:
    """``work: {exponential: 5 min}`` and ``work: {per_line: 10 s}`` are two ways to say it; parts add to parts."""
    parts = load(FOLDER / "variant_of_a_variant.yaml").scenario.stages["counter"].work
    assert parts.model_fields_set == {"per_order", "per_line"}
    text = "extends: variant_of_a_variant.yaml\nstages: {counter: {work: %s}}\n"
    assert variant(text % "{per_unit: 1 s}").stages["counter"].work.model_fields_set == {
        "per_order",
        "per_line",
        "per_unit",
    }
    assert variant(text % "{exponential: 1 min}").stages["counter"].work.model_fields_set == {"per_order"}


def test_a_variant_may_scale_the_orders_of_its_base() -> None:
    """Also where the base says no more than the name of the file."""
    file = (
        variant("extends: every_arrival.yaml\nflows: {real: {arrivals: {file: {scale: 2}}}}\n")
        .flows["real"]
        .arrivals.file
    )
    assert file is not None
    assert (file.path, file.scale) == ("data/orders.csv", 2)


def test_lists_are_replaced_as_a_whole() -> None:
    """A route of two stages takes the place of the route of one; and plain staff of the shifts."""
    own = load(FOLDER / "variant_of_a_variant.yaml").scenario
    assert own.flows["visitors"].route == ("door", "counter")
    assert own.teams["clerks"].shifts == {}
    assert own.teams["clerks"].staff == 4


def test_the_order_of_the_base_is_kept() -> None:
    """Items of the same moment are numbered by the order of the flows: a difference must not change it."""
    own = variant(
        "extends: every_arrival.yaml\nflows: {level: {label: Even}, new: {arrivals: {gaps: 1 h}, route: [desk]}}\n"
    )
    base = load(FOLDER / "every_arrival.yaml").scenario
    assert list(own.flows) == [*base.flows, "new"]


def test_a_base_in_another_folder_finds_its_files(tmp_path: Path) -> None:
    """CSV files are looked for beside the scenario that names them; the resolved text finds them as well."""
    base = FOLDER / "every_arrival.yaml"
    (tmp_path / "own.yaml").write_text(f"extends: {base}\nclock: {{length: 2 d}}\n", encoding="utf-8")
    file = load(tmp_path / "own.yaml")
    assert len(file.scenario.flows["real"].arrivals.file.orders) == 5
    assert from_text(file.text(), tmp_path).scenario == file.scenario
    (tmp_path / "times.yaml").write_text(f"extends: {FOLDER / 'every_distribution.yaml'}\n", encoding="utf-8")
    assert load(tmp_path / "times.yaml").scenario.stages["column"].work.per_order.mean_ms == 395_000


def test_a_base_is_remembered() -> None:
    """What the base says is kept beside the whole, so that the difference can be shown."""
    assert load(FOLDER / "variant.yaml").base == load(FOLDER / "smallest.yaml").raw
    assert load(FOLDER / "smallest.yaml").base is None


def test_a_mistake_in_a_base_is_placed_in_the_base(tmp_path: Path) -> None:
    """And one in the difference in the difference."""
    (tmp_path / "own.yaml").write_text(
        f"extends: {FOLDER / 'smallest.yaml'}\nteams: {{clerks: {{wage: 3}}}}\n", encoding="utf-8"
    )
    written = load(tmp_path / "own.yaml").written
    assert written.place(("teams", "clerks", "wage")) == f"{tmp_path / 'own.yaml'}, line 2"
    assert written.place(("teams", "clerks", "staff")) == f"{FOLDER / 'smallest.yaml'}, line 9"
    assert written.place(("teams", "clerks", "speed")) == f"{tmp_path / 'own.yaml'}, line 2"
    assert written.place(("promises",)) == str(tmp_path / "own.yaml")


def test_the_digest_is_of_what_is_said(tmp_path: Path) -> None:
    """Comments, layout and the order of keys do not count; a value does, and so does what stands in a CSV file."""
    text = "schema: 1\nclock: {start: 2026-11-11, length: 1 d}\nteams: {a: {staff: 1}}\nstages: {a: {team: a, work: 1 h}}\n"
    flow = "flows: {a: {arrivals: {file: orders.csv}, route: [a]}}\n"
    (tmp_path / "orders.csv").write_text("time\n2026-11-11\n", encoding="utf-8")
    digest = from_text(text + flow, tmp_path).digest
    assert from_text("# why\n" + flow + text.replace("1 h", "'1 h'"), tmp_path).digest == digest
    assert from_text(text.replace("1 h", "2 h") + flow, tmp_path).digest != digest
    (tmp_path / "orders.csv").write_text("time\n2026-11-11 00:01\n", encoding="utf-8")
    assert from_text(text + flow, tmp_path).digest != digest


def test_the_digest_is_of_observed_times_too(tmp_path: Path) -> None:
    """An empirical column is read from a file, whose content counts."""
    times = tmp_path / "data" / "observed_times.csv"
    times.parent.mkdir()
    text = (FOLDER / "every_distribution.yaml").read_text(encoding="utf-8")
    times.write_text("minutes\n3\n", encoding="utf-8")
    digest = from_text(text, tmp_path).digest
    times.write_text("minutes\n4\n", encoding="utf-8")
    assert from_text(text, tmp_path).digest != digest


def test_plans_of_a_scenario_and_of_its_resolved_text_are_the_same() -> None:
    """The manifest of a run holds the resolved text: it repeats the run."""
    file = load(FOLDER / "every_stage.yaml")
    again = from_text(file.text(), FOLDER)
    plan, repeated = compile_plan(file.scenario), compile_plan(again.scenario)
    np.testing.assert_array_equal(plan.draws, repeated.draws)
    np.testing.assert_array_equal(plan.steps, repeated.steps)
    np.testing.assert_array_equal(plan.staff, repeated.staff)


def test_what_begins_after_the_end_is_left_out_with_a_word() -> None:
    """Outage and disruption of a clock that was cut short: no mistake, but `check` names them."""
    file = load(shipped("single_window_down"), ["clock={start: 2026-11-01, length: 2 d}"])
    assert [path for path, _ in left_out(file.scenario)] == [("disruptions", "single_window_down")]
    outage = "teams.clerks.outages=[{from: 2030-01-01, to: 2030-01-02}]"
    [(path, rule)] = left_out(load(shipped("teaching_line"), [outage]).scenario)
    assert path == ("teams", "clerks", "outages", "0")
    assert "begins after the run has ended" in rule
