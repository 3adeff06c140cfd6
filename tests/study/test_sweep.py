"""Points of a grid or a list, inputs at their low and high, and one more person."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.study.evaluate import evaluator
from sim.study.one_more import one_more
from sim.study.sensitivity import sensitivity, where_to_set
from sim.study.sweep import grid, parse_vary, points_in, sweep
from sim.study.target import TargetError, parse_target
from sim.world.errors import ScenarioError
from sim.world.files import from_text
from tests.study.worlds import DESK, desk


def test_a_grid_has_every_point_once_and_the_bottleneck_is_by_load() -> None:
    """Two staffs and two work times: four points, on the same orders; load follows work and staff."""
    vary = {"teams.clerks.shifts.day.staff": ["3", "6"], "stages.desk.work.exponential": ["6 min", "12 min"]}
    with evaluator(places=1) as evaluate:
        found = sweep(desk(), grid(vary), evaluate, replications=2)
    assert found.varied == tuple(vary)
    assert found.points[list(vary)].to_numpy().tolist() == [
        ["3", "6 min"],
        ["3", "12 min"],
        ["6", "6 min"],
        ["6", "12 min"],
    ]
    assert found.of("demand.per_day")["mean"].nunique() == 1
    loads = found.points["load"].tolist()
    assert loads[1] == pytest.approx(2 * loads[0], rel=0.01)
    assert loads[2] == pytest.approx(loads[0] * 6 / 9, rel=0.01)  # 3 and 3 people, or 6 and 3
    assert set(found.points["bottleneck"]) == {"clerks"}
    assert set(found.frame["replications"]) <= {0, 1, 2}


def test_a_wrong_path_or_value_is_named_before_anything_runs() -> None:
    """With the nearest that is right."""
    with evaluator(places=1) as evaluate:
        with pytest.raises(ScenarioError, match="did you mean 'clerks'"):
            sweep(desk(), grid({"teams.clerk.staff": ["3"]}), evaluate)
        with pytest.raises(ScenarioError, match="staff"):
            sweep(desk(), grid({"teams.clerks.shifts.day.staff": ["3", "many"]}), evaluate)
        assert evaluate.counts.run == 0


@pytest.mark.parametrize("text", ["teams.clerks.staff", "=3", "teams.clerks.staff=", "teams.clerks.staff=3,,4"])
def test_what_varies_is_said_as_path_and_values(text: str) -> None:
    """Else the rule is told."""
    with pytest.raises(ScenarioError, match="write it as path=value,value"):
        parse_vary(text)


def test_commas_within_brackets_belong_to_a_value() -> None:
    """Lists and maps are values too."""
    assert parse_vary("a.b=[1, 2],{c: 3, d: 4},5") == ("a.b", ["[1, 2]", "{c: 3, d: 4}", "5"])


def test_points_come_from_a_file_a_row_each(tmp_path: Path) -> None:
    """And a row that lacks a value is named with its line."""
    path = tmp_path / "points.csv"
    path.write_text("teams.clerks.wage,stages.desk.work\n30,10 min\n31,11 min\n")
    assert points_in(path)[1] == {"teams.clerks.wage": "31", "stages.desk.work": "11 min"}
    path.write_text("teams.clerks.wage,stages.desk.work\n30,10 min\n31\n")
    with pytest.raises(ScenarioError, match="line 3: has not one value for each"):
        points_in(path)
    with pytest.raises(ScenarioError, match="cannot be read"):
        points_in(tmp_path / "nowhere.csv")


SOURCES = """
sources:
  stages.desk.work: {trust: G, source: a guess, low: 10 min, high: 15 min}
  flows.orders.arrivals.poisson.per_day: {trust: B, source: a paper, low: "199", high: "201"}
  teams.clerks: {trust: G, source: made up, low: "1", high: "2"}
  promises: {trust: A, source: no range}
"""


def test_the_input_that_matters_most_comes_first_with_its_effect_on_the_decision() -> None:
    """Work from 10 to 15 min overloads 3 clerks (200 x 15 min = 50 h of 72 h, at 12 min 40 h): its span is widest."""
    file = from_text(DESK + SOURCES, Path(), "desk")
    target = parse_target("on_time.home >= 95 %", file.scenario)
    with evaluator(places=1) as evaluate:
        found = sensitivity(file, "delivery_time.p90", evaluate, (target,), replications=4)
    assert found.frame["source"].tolist() == ["stages.desk.work", "flows.orders.arrivals.poisson.per_day"]
    top = found.frame.iloc[0]
    assert top["path"] == "stages.desk.work.exponential"
    assert top["at_low"] < 0 < top["at_high"]
    assert top["low_from"] <= top["at_low"] <= top["low_to"]
    assert top["span"] == pytest.approx(top["at_high"] - top["at_low"])
    assert "on_time.home >= 95 %" in top["decision_low"] + top["decision_high"]
    assert list(found.skipped) == ["teams.clerks"]


def test_a_scenario_without_ranges_has_no_sensitivity() -> None:
    """And an unknown measure names the nearest."""
    with evaluator(places=1) as evaluate:
        with pytest.raises(TargetError, match="no source of the scenario states a low and a high"):
            sensitivity(desk(), "delivery_time.p90", evaluate)
        with pytest.raises(TargetError, match=r"did you mean 'delivery_time.p99'"):
            sensitivity(from_text(DESK + SOURCES, Path()), "delivery_time.p9", evaluate, replications=2)


def test_of_a_distribution_its_mean_is_set_and_of_a_text_itself() -> None:
    """Where several numbers stand, none is."""
    file = desk("stages.desk.work={lognormal: {mean: 5 min, cv: 1}}")
    assert where_to_set(file, ("stages", "desk", "work")) == ("stages", "desk", "work", "lognormal", "mean")
    assert where_to_set(file, ("teams", "clerks", "wage")) == ("teams", "clerks", "wage")
    assert where_to_set(file, ("teams", "clerks")) is None


def test_one_more_is_tried_in_each_shift_and_sorted_by_gain_per_money() -> None:
    """The day has 4 orders of 5: one more there keeps more promises than one more at night, for the same money."""
    shape = "flows.orders.arrivals.poisson.hours=[" + ", ".join(["4"] * 12 + ["1"] * 12) + "]"
    with evaluator(places=1) as evaluate:
        found = one_more(desk(shape), evaluate, replications=5)
    assert found.watched == ("on_time.home", "delivery_time.p90")
    frame = found.frame
    assert sorted(zip(frame["post"], frame["change"], strict=True)) == [
        ("clerks.day", -1), ("clerks.day", 1), ("clerks.night", -1), ("clerks.night", 1),
    ]  # fmt: skip
    assert (frame.loc[0, "post"], frame.loc[0, "change"]) == ("clerks.day", 1)
    assert frame.loc[0, "on_time.home_low"] > 0
    more = frame[frame["change"] == 1]["cost"]
    assert (more > 0).all()
    assert frame["gain_per_money"].is_monotonic_decreasing
    assert math.isfinite(frame["gain_per_money"].iloc[0])
