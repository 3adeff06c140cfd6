"""Who was there, who was busy, and what was overtime: small shifts worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.people import spell_visits
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.engine.records import NEVER
from sim.plan.compile import compile_file
from sim.plan.plan import Plan
from sim.world.files import load
from sim.world.shipped import shipped
from sim.world.units import HOUR_MS
from tests.analysis.lines import numbers, ran, run_of
from tests.plans import a_plan, team, work


def areas(plan: Plan, number: int = 0, end: int = 100) -> tuple[int, int, int]:
    """Person-milliseconds of a team: there, busy, and beyond the head-count."""
    team = list(ran(plan).teams.values())[number]
    return (
        team.staffed.area(0, end),
        int(team.busy_ms(np.array([0]), np.array([end]))[0]),
        team.overtime.area(0, end),
    )


def test_finishing_a_job_after_the_shift_is_overtime() -> None:
    """There from 0 to 4, at work from 0 to 6: 4 busy, 2 beyond."""
    teams = {"packers": team([(0, 1), (4, 0)])}
    assert areas(a_plan(work("pack", "packers", 6), teams=teams, items=[0])) == (4, 4, 2)


def test_overtime_of_some_while_others_stay() -> None:
    """Two at work from 0 to 6, of whom one should have gone at 4: for 2 ms one of two is beyond."""
    teams = {"packers": team([(0, 2), (4, 1), (8, 0)])}
    assert areas(a_plan(work("pack", "packers", 6), teams=teams, items=[0, 0])) == (12, 10, 2)


def test_a_paused_job_is_nobodys_work() -> None:
    """From 0 to 4 and from 9 to 11."""
    teams = {"packers": team([(0, 1), (4, 0), (9, 1), (20, 0)], at_shift_end="pause")}
    assert areas(a_plan(work("pack", "packers", 6), teams=teams, items=[0])) == (15, 6, 0)


def test_a_crew_counts_each_of_its_people() -> None:
    """Three for 5 of four who are there for 10."""
    teams = {"packers": team([(0, 4), (10, 0)])}
    assert areas(a_plan(work("pack", "packers", 5, crew=3), teams=teams, items=[0])) == (40, 15, 0)


def test_help_is_the_work_of_who_helps() -> None:
    """The packer takes the first; the picker, who helps, the second, and works it in the picker's time."""
    teams = {"packers": team([(0, 1), (9, 0)], helpers=("pickers",)), "pickers": team([(0, 1), (9, 0)])}
    plan = a_plan(work("pack", "packers", [5, 3]), teams=teams, items=[0, 0])
    assert (areas(plan, 0), areas(plan, 1)) == ((9, 5, 0), (9, 3, 0))


def test_a_job_in_hand_at_the_end_of_the_run_was_worked_on_until_then() -> None:
    """The run ends at 7 with a job of 9 in hand."""
    assert areas(a_plan(work("pack", "packers", 9), teams={"packers": 1}, items=[2], end=7), end=7) == (7, 5, 0)


SHIFTS = """
clock: {start: 2026-11-02, length: 2 d}
flows: {orders: {arrivals: {times: {at: [08:00, 15:30], days: mon}, batch: 2}, route: [packing]}}
stages: {packing: {team: packers, work: 3 h}}
teams:
  packers:
    wage: 10
    shifts:
      early: {from: 08:00, to: 12:00, staff: 2, breaks: [{at: 10:00, for: 30 min}]}
      late: {from: 14:00, to: 18:00, staff: 1}
"""


def test_utilisation_by_team_and_shift_with_overtime_apart() -> None:
    """Monday: two jobs 8-11, the break at 10 worked in overtime (2 x 0.5 h); 15:30-18:30, half an hour of overtime.

    The fourth waits until Tuesday 8:00 to 11:00, over the break again (0.5 h). There: 2 x 3.5 h and 4 h on each
    day, 22 h; busy within the shifts: 2 x 2.5 h and 2.5 h on Monday, 2.5 h on Tuesday, 10 h.
    """
    found = numbers(run_of(SHIFTS))
    assert found["utilisation.packers"] == pytest.approx(10 / 22)
    assert found["utilisation.packers.early"] == pytest.approx(7.5 / 14)
    assert found["utilisation.packers.late"] == pytest.approx(2.5 / 8)
    assert found["overtime.packers"] == pytest.approx((1 + 0.5 + 0.5) / 2)


def test_utilisation_of_a_window_counts_only_its_hours() -> None:
    """From 9:00 to 16:00 on Monday: there 2 x 2.5 h + 2 h, busy 2 x 1.5 h and 0.5 h."""
    found = numbers(run_of(SHIFTS, "clock.warm_up=9 h", "clock.measure=7 h"))
    assert found["utilisation.packers"] == pytest.approx(3.5 / 7)
    assert found["utilisation.packers.late"] == pytest.approx(0.5 / 2)


def test_a_team_that_is_never_there_has_no_utilisation() -> None:
    """Nothing is shared by nothing."""
    found = numbers(run_of(SHIFTS, "teams.packers.outages=[{from: 2026-11-02, to: 2026-11-05}]"))
    assert found["utilisation.packers"] != found["utilisation.packers"]  # NaN
    assert found["unfinished"] == 1.0


def test_queue_oldest_wait_and_work_of_a_stage() -> None:
    """Of the two at 15:30 one waits 16.5 h for Tuesday; the others none: 16.5 h of one item in 48 h."""
    found = numbers(run_of(SHIFTS))
    assert found["queue.packing.mean"] == pytest.approx(16.5 / 48)
    assert found["queue.packing.most"] == 1.0
    assert found["oldest.packing.most"] == 15.5  # looked at on the hour; it is served at 8:00
    assert found["wait.packing.mean"] == pytest.approx(16.5 / 4)
    assert (found["wait.packing.p95"], found["work.packing.mean"]) == (16.5, 3.0)


def test_wages_overtime_and_what_an_order_costs() -> None:
    """22 h at 10 and 2 h of overtime at 15, over four orders: 55 and 7.50 each."""
    found = numbers(run_of(SHIFTS))
    assert (found["cost.wages"], found["cost.overtime"]) == pytest.approx((55.0, 7.5))
    assert found["cost.per_order"] == pytest.approx(62.5)


def test_penalty_refund_opening_and_courier() -> None:
    """Three orders, all opened and released; seized instead, each is refunded, late, and never handed on.

    Opening takes 1 h each: done at 9:00, 10:00 and 11:00 after 1, 2 and 3 h; promised within 2 h, so one is late.
    Prices: 3 opened at 12, 3 handed to the courier at 8, one late at 5, nothing refunded, no wages.
    """
    text = """
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 3}, route: [customs]}}
stages: {customs: {selection_rate: 100 %, opening: {team: officers, work: 1 h}}}
teams: {officers: {staff: 1}}
promises: {home: {to: delivered, within: 2 h, penalty: 5}}
costs: {opening: 12, courier: 8, refund: 100}
"""
    found = numbers(run_of(text))
    parts = {name: found[f"cost.{name}"] for name in ("wages", "overtime", "opening", "courier", "penalty", "refund")}
    assert parts == pytest.approx(
        {"wages": 0, "overtime": 0, "opening": 12, "courier": 8, "penalty": 5 / 3, "refund": 0}
    )
    assert found["cost.per_order"] == pytest.approx(20 + 5 / 3)
    seized = numbers(run_of(text, "stages.customs.verdict.release=0", "stages.customs.verdict.seize=1"))
    assert (seized["cost.refund"], seized["cost.courier"], seized["cost.penalty"]) == (100.0, 0.0, 5.0)


def test_a_run_that_cost_nothing_says_so_and_a_scenario_without_prices_says_nothing() -> None:
    """A replication without a late order counts as 0 in the mean; without any price there is no cost to tell."""
    assert "cost.per_order" not in numbers(run_of(SHIFTS.replace("wage: 10", "wage: 0")))
    found = numbers(run_of(SHIFTS.replace("wage: 10", "wage: 0"), "costs.refund=50"))
    assert found["cost.per_order"] == 0.0


@pytest.mark.parametrize(("warm_up", "orders", "busy"), [("0 h", 1.0, 1 / 24), ("12 h", 0.0, 0.0)])
def test_a_run_that_drains_early_is_measured_over_its_whole_window(warm_up: str, orders: float, busy: float) -> None:
    """One order from 8:00 to 9:00 is one a day, not one in nine hours; staff are there for the rest of the day, too."""
    text = """
clock: {start: 2026-11-02, length: 24 h, end: drain}
flows: {orders: {arrivals: {times: {at: [08:00]}}, route: [desk]}}
stages: {desk: {team: clerks, work: 1 h}}
teams: {clerks: {staff: 1}}
"""
    found = numbers(run_of(text, f"clock.warm_up={warm_up}"))
    assert found["demand.per_day"] == pytest.approx(orders)
    assert found["throughput.desk"] == pytest.approx(orders)
    assert found["utilisation.clerks"] == pytest.approx(busy)
    assert found["queue.desk.mean"] == 0.0


@pytest.mark.parametrize(
    "settings",
    [
        (),
        ("teams.packers.overtime=4 h", "teams.packers.shifts.late.staff=1"),
        ("teams.packers.at_shift_end=pause",),
        ("teams.pickers.helps=[packers]",),
    ],
)
def test_work_and_overtime_are_counted_job_by_job(settings: tuple[str, ...]) -> None:
    """From every job of the records at every full hour: who is busy, who of them is beyond the head-count, and what they did.

    The compiled pass walks through the changes of how many are busy; here each hour asks all jobs.
    """
    plan = compile_file(load(shipped("small_site_fortnight"), ["clock.measure=7 d", *settings]), 1, 0)
    records, found = run_engine(plan), 0
    visits, spells, run = records.visits, records.spells, Run(plan, records)
    paused = np.zeros(len(visits), dtype=bool)
    paused[spell_visits(records)] = True
    for number, people in enumerate(run.teams.values()):
        assert people.overtime.times.tolist() == people.done.overtime.times.tolist()  # found among few, and among all
        assert people.overtime.levels.tolist() == people.done.overtime.levels.tolist()
        own = (visits.team == number) & ~paused
        begin = np.concatenate([visits.started[own], spells.begin[spells.team == number]])
        end = np.concatenate([visits.ended[own], spells.end[spells.team == number]])
        end[end == NEVER] = records.ended_ms
        step = np.concatenate([visits.step[own], spells.step[spells.team == number]])
        crew = plan.steps["crew"][step]
        for hour in range(0, records.ended_ms, 7 * HOUR_MS):
            busy = int(crew[(begin <= hour) & (hour < end)].sum())
            beyond = max(busy - int(people.staffed.at(np.array([hour]))[0]), 0)
            worked = int((crew * np.clip(np.minimum(end, hour) - begin, 0, None)).sum())
            assert int(people.overtime.at(np.array([hour]))[0]) == beyond
            assert int(people.worked_ms(np.array([0]), np.array([hour]))[0]) == worked
            found += beyond
    assert found > 0


def test_work_up_to_any_moment_is_found() -> None:
    """Full hours and shifts are worked out beforehand; other moments when they are asked for."""
    team = ran(a_plan(work("pack", "packers", 6, crew=2), teams={"packers": 2}, items=[1, 3])).teams["packers"]
    moments = np.arange(14)
    assert team.worked_ms(0 * moments, moments).tolist() == [2 * max(min(moment, 13) - 1, 0) for moment in range(14)]


def test_a_team_that_stays_while_there_is_work_is_away_when_it_is_done() -> None:
    """The shift ends at 3, one may stay until 20: away from 5, when the work is done, and not before."""
    teams = {"packers": team([(0, 1, 1, 0), (3, 0, 0, 1), (20, 0, 0, 0), (30, 1, 1, 0)])}
    away = ran(a_plan(work("pack", "packers", 5), teams=teams, items=[0, 40])).teams["packers"].done.away
    assert away.at(np.array([0, 3, 4, 5, 19, 25, 30, 41])).tolist() == [0, 0, 0, 1, 1, 1, 0, 0]
