"""Recovery time and capital tied up of a few orders, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.recovery import recovery_h
from sim.analysis.series import Level
from tests.analysis.lines import numbers, run_of

HOUR_MS = 3_600_000
DAY, WEEK = 24, 7 * 24

# One order an hour, worked on for half an hour by one clerk: at each full hour only the one that has just come is inside.
HOURLY = """
clock: {start: 2026-11-02, length: 3 d}
flows: {orders: {arrivals: {gaps: 1 h}, route: [desk], value: 100, stock_cover: 2 d}}
stages: {desk: {team: clerks, work: 30 min}}
teams: {clerks: {staff: 1}}
costs: {interest: 36.5 %, freight: 4}
"""


def hourly(*levels: int) -> Level:
    """A level that changes on the hour."""
    return Level(np.arange(len(levels), dtype=np.int64) * HOUR_MS, np.array(levels, dtype=np.int64))


def recovered(level: Level, begin: int, end: int, last: int, known_from: int = 0) -> float:
    """Hours to recovery; all times in hours."""
    return recovery_h(level, *(at * HOUR_MS for at in (known_from, begin, end, last)))


def test_it_is_over_when_no_more_are_inside_than_at_the_same_hour_of_the_day_before() -> None:
    """Usual is 3 at noon and 1 else; from 34 on 9 are inside, at noon of the second day (36) 3, an hour later 1."""
    first = [1] * 12 + [3] + [1] * 11
    level = hourly(*first, *[1] * 10, 9, 4, 3, 1, *[1] * 10)
    assert recovered(level, 33, 35, 48) == 1
    assert recovered(level, 33, 34, 48) == 2


def test_the_same_hour_of_the_week_counts_where_a_week_lies_before() -> None:
    """On Mondays 7 are usual, on other days 1: eight days later, a Monday, 7 are no more than usual."""
    level = hourly(*[7] * DAY, *[1] * 6 * DAY, *[7] * 2, *[20] * 3, *[7] * 19)
    assert recovered(level, WEEK + 2, WEEK + 3, WEEK + DAY) == 2
    # With the first Monday in the warm-up, the day before is what is known: 1.
    assert recovered(level, WEEK + 2, WEEK + 3, WEEK + DAY, known_from=DAY) == math.inf


def test_usual_is_the_mean_of_all_weeks_before() -> None:
    """2 and 6 make 4."""
    level = hourly(*[2] * WEEK, *[6] * WEEK, 9, 5, 4, *[1] * 9)
    assert recovered(level, 2 * WEEK, 2 * WEEK + 1, 2 * WEEK + 12) == 1


def test_without_a_day_before_nobody_knows_what_is_usual() -> None:
    """The disruption begins at 3 o'clock of the first day, or right after the warm-up."""
    assert math.isnan(recovered(hourly(*[1] * 48), 3, 5, 48))
    assert math.isnan(recovered(hourly(*[1] * 48), 30, 31, 48, known_from=30))


def test_a_run_that_ends_before_the_disruption_says_nothing() -> None:
    """There is no moment after it."""
    assert math.isnan(recovered(hourly(*[1] * 48), 30, 48, 48))


def test_a_run_measures_it_for_dispatch_and_for_delivery() -> None:
    """The clerk is away from 26 to 29, when 4 wait. Two leave an hour and one comes: 3 at 30, 2 at 31, and the usual 1 at 32."""
    found = numbers(run_of(HOURLY, "disruptions.away={from: 2026-11-03 02:00, to: 2026-11-03 05:00, teams: [clerks]}"))
    assert (found["recovery.away.dispatch"], found["recovery.away.delivery"]) == (3.0, 3.0)


def test_capital_is_tied_up_in_stock_and_on_the_way() -> None:
    """71 orders of 100, each 48 h in stock and half an hour under way; 36.5 % a year are 0.1 % a day."""
    found = numbers(run_of(HOURLY, "clock.end=drain"))
    assert found["capital.time"] == pytest.approx(48.5)
    assert found["capital.tied_up"] == pytest.approx(71 * 100 * 48.5 / 72)
    assert found["cost.interest"] == pytest.approx(100 * 0.001 * 48.5 / 24)
    assert found["cost.freight"] == 4


def test_an_order_under_way_ties_up_its_value_to_the_end_of_the_run() -> None:
    """One order at 1:00 that takes three days, in a run of one day: 23 h so far."""
    found = numbers(
        run_of(HOURLY, "clock.length=25 h", "flows.orders.arrivals.gaps=24 h", "stages.desk.work.per_order=3 d")
    )
    assert found["capital.time"] == pytest.approx(48 + 1)
