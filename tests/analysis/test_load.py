"""Offered load by team, day and step, and when a team would be full."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.load import full_at, offered_load, step_load, team_load
from sim.engine.simpy_model import run
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.world.files import from_text
from sim.world.scenario import Scenario
from sim.world.shipped import shipped

TWO_DAYS = """
schema: 1
clock: {start: 2026-11-02 12:00, length: 48 h}
flows:
  orders: {arrivals: {times: {at: ["09:00", "13:00", "20:00"]}}, route: [packing, loading]}
stages:
  packing: {kind: service, team: packers, crew: 2, work: 30 min}
  loading: {team: loaders, work: 40 min}
teams:
  packers: {shifts: {late: {from: "18:00", to: "02:00", staff: 3, breaks: [{at: "22:00", for: 60 min}]}}}
  loaders: {speed: 0.5, shifts: {once: {from: "08:00", to: "09:00", staff: 1, last: 2026-11-03}}}
"""

CUSTOMS = """
schema: 1
clock: {start: 2026-11-02, length: 10 d}
flows:
  orders: {arrivals: {poisson: {per_day: 1000}}, route: [desk, customs]}
stages:
  desk: {team: officers, work: 1 min}
  customs: {selection_rate: 4 %, opening: {team: openers, work: 10 min}}
teams:
  officers: {staff: 1}
  openers: {shifts: {day: {from: "08:00", to: "18:00", staff: 1}}}
"""


def scenario_of(text: str) -> Scenario:
    """The scenario of a text."""
    return from_text(text, Path()).scenario


def plan_of(text: str) -> Plan:
    """The Plan of a text."""
    return compile_plan(scenario_of(text))


def test_a_table_worked_out_by_hand() -> None:
    """Six visits of half an hour with two people, and of 40 minutes at half speed, over two noons.

    Orders come at 13:00 and 20:00 on Monday, 9:00, 13:00 and 20:00 on Tuesday and 9:00 on Wednesday. Packers are
    there 18 to 2 with a break 22 to 23: Monday 18-22 and 23-24 = 5 h, Tuesday 0-2 and again 5 h = 7 h, Wednesday
    0-2, each with three people. The loader is there for Tuesday's hour only: Monday's has passed by noon.
    """
    table = offered_load(plan_of(TWO_DAYS))
    rows = [(row.team, row.day.day, round(row.offered_h, 9), round(row.staffed_h, 9)) for row in table.itertuples()]
    assert rows == [
        ("packers", 2, 2.0, 15.0),
        ("packers", 3, 3.0, 21.0),
        ("packers", 4, 1.0, 6.0),
        ("loaders", 2, round(8 / 3, 9), 0.0),
        ("loaders", 3, 4.0, 1.0),
        ("loaders", 4, round(4 / 3, 9), 0.0),
    ]
    assert table["load"].tolist() == pytest.approx([2 / 15, 1 / 7, 1 / 6, math.inf, 4.0, math.inf])


def test_the_tightest_team_comes_first_with_its_worst_day() -> None:
    """Eight hours of loading for one staffed hour; its worst day is the one on which somebody is there."""
    scenario = scenario_of(TWO_DAYS)
    teams = team_load(offered_load(compile_plan(scenario)), scenario)
    assert teams.index.tolist() == ["loaders", "packers"]
    assert teams["load"].tolist() == pytest.approx([8.0, 6 / 42])
    assert teams["worst_day"].tolist() == [date(2026, 11, 3), date(2026, 11, 4)]
    assert teams["worst_load"].tolist() == pytest.approx([4.0, 1 / 6])
    assert teams["days"].tolist() == [3, 3]


def test_only_measured_days_count_for_a_team() -> None:
    """With the first 36 hours as warm-up only Wednesday is left."""
    scenario = scenario_of(TWO_DAYS.replace("48 h}", "48 h, warm_up: 36 h}"))
    teams = team_load(offered_load(compile_plan(scenario)), scenario)
    assert teams.loc["packers", ["offered_h", "staffed_h", "days"]].tolist() == pytest.approx([1.0, 6.0, 1])
    assert teams.loc["loaders", "load"] == math.inf
    assert teams["worst_day"].isna().tolist() == [True, False]


def test_a_team_with_nothing_to_do_has_no_load() -> None:
    """Nothing is offered and nobody is there: the load is 0, not a division by zero."""
    text = TWO_DAYS.replace(
        "teams:\n", 'teams:\n  idle: {shifts: {no: {days: sun, from: "08:00", to: "09:00", staff: 1}}}\n'
    )
    table = offered_load(plan_of(text))
    assert table.loc[table["team"] == "idle", "load"].tolist() == [0.0, 0.0, 0.0]


def test_a_drain_shows_no_days_after_the_last_offer() -> None:
    """The staff of a drain of 60 days are not held against work that has long been done."""
    table = offered_load(plan_of(TWO_DAYS.replace("48 h}", "48 h, end: drain}")))
    assert table["day"].max() == date(2026, 11, 4)
    late = TWO_DAYS.replace("48 h}", "48 h, end: drain}").replace("work: 30 min", "work: 30 h")
    assert offered_load(plan_of(late))["day"].max() == date(2026, 11, 5)


def test_load_equals_the_busy_time_of_a_run_with_ample_staff() -> None:
    """1,000 orders a day, 30 people: what a drained run records for each team is what was offered."""
    text = CUSTOMS.replace("staff: 1}", "staff: 30}").replace("length: 10 d", "length: 3 d, end: drain")
    plan = plan_of(text)
    visits = run(plan).visits
    busy_ms = np.bincount(visits.team, weights=visits.ended - visits.started, minlength=len(plan.teams))
    offered_h = offered_load(plan).groupby("team", sort=False)["offered_h"].sum()
    assert offered_h.tolist() == pytest.approx((busy_ms / 3_600_000).tolist(), rel=1e-12)
    assert (busy_ms > 0).all()


def test_steps_say_what_a_team_is_busy_with() -> None:
    """The small site's officers read declarations and open parcels; the shares of a team's steps make a whole."""
    scenario = from_text(shipped("small_site_fortnight").read_text(encoding="utf-8"), Path()).scenario
    plan = compile_plan(scenario)
    steps = step_load(plan)
    assert steps.groupby("team")["share"].sum().tolist() == pytest.approx([1.0] * 7)
    officers = steps[steps["team"] == "officers"].set_index("step")
    assert officers.loc["inspection.documents", "offered_h"] == officers.loc["inspection.documents", "visits"] / 2
    teams = team_load(offered_load(plan), scenario)
    by_team = steps.groupby("team")["offered_h"].sum()
    assert by_team.to_dict() == pytest.approx(teams["offered_h"].to_dict(), rel=1e-12)


def test_at_the_rate_named_the_team_is_full() -> None:
    """Openers need 40 x 10 min of 10 h at 4 %: two thirds. They are full at about 6 %, and the rate named makes it so."""
    full = full_at(scenario_of(CUSTOMS), "openers")
    assert (full.stage, full.selection_rate_now) == ("customs", 0.04)
    assert full.load == pytest.approx(40 * 10 / 600, rel=0.1)
    assert full.demand == 1 / full.load
    assert full.selection_rate == pytest.approx(0.06, rel=0.1)
    again = scenario_of(CUSTOMS.replace("4 %", f"{full.selection_rate:.6f}"))
    there = team_load(offered_load(compile_plan(again)), again)["load"]["openers"]
    assert there == pytest.approx(1, abs=0.05)


def test_a_team_that_selection_does_not_touch_is_full_at_so_many_times_the_demand() -> None:
    """1,000 minutes of work for 1,440 minutes of one officer: 1.44 times the demand fills the day."""
    full = full_at(scenario_of(CUSTOMS), "officers")
    assert full.demand == pytest.approx(1.44, rel=0.05)
    assert (full.stage, full.selection_rate_now, full.selection_rate) == (None, None, None)


def test_where_everything_is_selected_the_line_is_drawn_from_nothing_selected() -> None:
    """At 100 % openers get 10,000 minutes for 600; again they are full at 6 %."""
    full = full_at(scenario_of(CUSTOMS.replace("4 %", "100 %")), "openers")
    assert full.load == pytest.approx(1000 * 10 / 600, rel=0.05)
    assert full.selection_rate == pytest.approx(0.06, rel=0.05)


def test_dated_changes_of_the_rate_do_not_bend_the_line() -> None:
    """Half the time at 100 %: the load says so, the full rate is that of a constant selection."""
    changing = CUSTOMS.replace("4 %,", "4 %, rate_changes: [{from: 2026-11-07, rate: 100 %}],")
    full = full_at(scenario_of(changing), "openers")
    assert full.load == pytest.approx((0.04 + 1) / 2 * 1000 * 10 / 600, rel=0.1)
    assert full.selection_rate == pytest.approx(0.06, rel=0.1)


@pytest.mark.parametrize("staff", [30, 1])
def test_no_rate_is_named_where_none_fills_the_team(staff: int) -> None:
    """Thirty openers are not full at 100 %; one who must also do the desk is full at 0 % already."""
    text = CUSTOMS.replace("staff: 1}}}", f"staff: {staff}}}}}}}")
    if staff == 1:
        text = text.replace("desk: {team: officers", "desk: {team: openers").replace("  officers: {staff: 1}\n", "")
    full = full_at(scenario_of(text), "openers")
    assert full.stage == "customs"
    assert full.selection_rate is None
    assert (full.demand > 1) == (staff == 30)


def test_the_line_through_another_rate_is_that_of_the_scenario_with_this_rate() -> None:
    """The second Plan is made by changing rates in the first; compiled from the scenario it has the same load."""
    low, high = (scenario_of(CUSTOMS.replace("4 %", rate)) for rate in ("4 %", "100 %"))
    now, selected = (team_load(offered_load(compile_plan(world)), world)["load"]["openers"] for world in (low, high))
    slope = (selected - now) / 0.96
    assert full_at(low, "openers").selection_rate == pytest.approx(0.04 + (1 - now) / slope, rel=1e-12)
