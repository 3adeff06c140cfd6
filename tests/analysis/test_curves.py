"""The tables behind the charts: their shapes, and that they say the same as the measures and as plain loops."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.analysis.curves import Curves, _p90, curves, mean_frame
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_plan
from tests.analysis.lines import HOUR, numbers, run_of
from tests.analysis.naive import Loop
from tests.engine.worlds import EVERYTHING, world


@cache
def everything() -> tuple[Run, Curves]:
    """Two days from Monday, 9 November, with everything on."""
    plan = compile_plan(world(EVERYTHING, "flows.orders.arrivals.poisson.per_day=250"))
    run = Run(plan, run_engine(plan, "fast"))
    return run, curves(run)


def test_tables_have_a_row_a_day_or_an_hour_and_a_column_for_each_stage_or_team() -> None:
    """Two days are 48 hours; columns stand in the order of the scenario."""
    run, found = everything()
    stages, teams = list(run.plan.scenario.stages), list(run.plan.scenario.teams)
    assert found.throughput.columns.tolist() == ["placed", *stages, "dispatched", "delivered"]
    assert found.throughput.index.tolist() == [pd.Timestamp("2026-11-09"), pd.Timestamp("2026-11-10")]
    hours = pd.date_range("2026-11-09", periods=48, freq="h").tolist()
    for table, columns in ((found.queues, stages), (found.ages_h, stages), (found.heads, teams), (found.busy, teams)):
        assert (table.index.tolist(), table.columns.tolist()) == (hours, columns)
    assert found.by_order_hour.shape == (7, 24)
    assert (len(found.delivery_h), len(found.cycle_h)) == (99, 99)


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 19, 20, 21, 99, 100, 101, 1000])
def test_the_90th_percentile_of_an_hour_is_numpys(count: int) -> None:
    """Of whole numbers in which ties abound, and some that are still under way."""
    hours = np.random.default_rng(count).integers(0, 30, count).astype(float)
    hours[hours > 27] = np.inf
    assert _p90(hours) == np.quantile(hours, 0.9, method="inverted_cdf")


def test_throughput_of_all_days_is_the_throughput_of_the_run() -> None:
    """The columns add up to what the measures say a day, times the days."""
    run, found = everything()
    values = numbers(run)
    for name in found.throughput.columns.drop("placed"):
        assert found.throughput[name].sum() == pytest.approx(values[f"throughput.{name}"] * run.days)
    assert found.throughput["placed"].sum() == len(run.orders)


def test_percentiles_are_those_of_the_measures() -> None:
    """Position 49 is the median, position 94 the 95th percentile, infinite where orders are still under way."""
    run, found = everything()
    values = numbers(run)
    for percent in (50, 90, 95, 99):
        assert found.delivery_h[percent - 1] == values[f"delivery_time.p{percent}"]
        assert found.cycle_h[percent - 1] == values[f"order_cycle.p{percent}"]
    assert np.isinf(found.delivery_h[-1])


def test_queues_and_heads_equal_loops_over_the_rows() -> None:
    """Who waits on the hour, for how long the oldest has, and who is on shift at half past."""
    run, found = everything()
    loop = Loop(run.plan, run.records)
    visits = [visit for life in loop.lives for visit in life.visits if visit.stage == "packing"]
    spans = [
        (v.joined, (v.started if v.started >= 0 else v.ended) if v.ended >= 0 or v.started >= 0 else 10**12)
        for v in visits
    ]
    waiting = [sum(begin <= hour * HOUR < end for begin, end in spans) for hour in range(48)]
    assert found.queues["packing"].tolist() == waiting
    ages = [max((hour * HOUR - a for a, b in spans if a <= hour * HOUR < b), default=0) / HOUR for hour in range(48)]
    assert found.ages_h["packing"].tolist() == ages
    assert max(ages) > 1
    there = [sum(n for a, b, n in loop.heads[0] if a <= hour * HOUR + HOUR // 2 < b) for hour in range(48)]
    assert found.heads["officers"].tolist() == there


def test_busy_people_of_all_hours_are_the_work_of_the_run() -> None:
    """Hour by hour against the loop, overtime included."""
    run, found = everything()
    loop = Loop(run.plan, run.records)
    for number, key in enumerate(run.plan.team_keys):
        expected = [sum(loop.worked(number, hour * HOUR, (hour + 1) * HOUR)[1:]) for hour in range(48)]
        assert found.busy[key].tolist() == pytest.approx(expected)


def test_hours_of_all_stages_are_the_hours_of_an_order() -> None:
    """Each part summed over the stages is the measure of that part."""
    run, found = everything()
    values = numbers(run)
    for part in found.hours.columns:
        assert found.hours[part].sum() == pytest.approx(values[f"hours.{part}"])
    assert found.hours.index.tolist() == ["picking", "packing", "customs", "delivery"]


def test_by_order_hour_is_the_90th_percentile_of_the_orders_placed_in_it() -> None:
    """Ten orders on Monday at 8:00, served one after another for 1 h: 9 of 10 have theirs within 9 h; two at 20:00."""
    run = run_of("""
flows:
  early: {arrivals: {times: {at: [08:00]}, batch: 10}, route: [desk]}
  late: {arrivals: {times: {at: [20:30]}, batch: 2}, route: [desk]}
stages: {desk: {team: clerks, work: 1 h}}
teams: {clerks: {staff: 1}}
""")
    table = curves(run).by_order_hour
    assert table.loc[0, 8] == 9.0
    assert table.loc[0, 20] == 2.0  # at 21:30 and 22:30
    assert table.isna().sum().sum() == 7 * 24 - 2


def test_by_order_hour_is_infinite_where_more_than_one_in_ten_is_under_way() -> None:
    """Of two placed at 22:30 the second is under way at midnight."""
    run = run_of("""
flows: {orders: {arrivals: {times: {at: [22:30]}, batch: 2}, route: [desk]}}
stages: {desk: {team: clerks, work: 1 h}}
teams: {clerks: {staff: 1}}
""")
    assert np.isinf(curves(run).by_order_hour.loc[0, 22])


def test_a_run_that_begins_at_noon_counts_by_calendar_days() -> None:
    """From Monday noon for a day: Monday's orders of 13:00 and Tuesday's of 9:00 on their own dates."""
    run = run_of("""
clock: {start: 2026-11-02 12:00, length: 24 h}
flows: {orders: {arrivals: {times: {at: [09:00, 13:00]}}, route: [desk]}}
stages: {desk: {team: clerks, work: 12 h}}
teams: {clerks: {staff: 2}}
""")
    table = curves(run).throughput
    assert table["placed"].to_dict() == {pd.Timestamp("2026-11-02"): 1, pd.Timestamp("2026-11-03"): 1}
    assert table["delivered"].tolist() == [0, 1]  # at 1:00 on Tuesday; the other at 21:00, after the end


def test_the_mean_of_tables_counts_missing_cells_as_zero_and_keeps_the_order() -> None:
    """A stage that nobody came to in one replication keeps its place, and counts as 0 there."""
    one = pd.DataFrame({"picking": [2.0, 4.0], "customs": [1.0, 1.0], "delivery": [6.0, 8.0]}, index=["mon", "tue"])
    other = pd.DataFrame({"picking": [4.0], "delivery": [2.0]}, index=["mon"])
    for frames in ([one, other], [other, one]):
        mean = mean_frame(frames)
        assert mean.index.tolist() == ["mon", "tue"]
        assert mean.loc["mon", ["picking", "customs", "delivery"]].tolist() == [3.0, 0.5, 4.0]
        assert mean.loc["tue", ["picking", "customs", "delivery"]].tolist() == [2.0, 0.5, 4.0]
    assert mean_frame([one, other]).columns.tolist() == ["picking", "customs", "delivery"]


def test_the_mean_of_tables_of_different_length_keeps_dates() -> None:
    """Runs until the last has left do not all end at the same hour."""
    hours = pd.date_range("2026-11-02", periods=3, freq="h")
    long, short = pd.DataFrame({"a": [1, 2, 3]}, index=hours), pd.DataFrame({"a": [3, 4]}, index=hours[:2])
    mean = mean_frame([short, long])
    assert mean.index.equals(hours)
    assert mean["a"].tolist() == [2.0, 3.0, 1.5]
