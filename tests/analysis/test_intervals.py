"""Means and 95 % intervals across replications, against a printed table and by hand."""

from __future__ import annotations

import math

import pytest

from sim.analysis.intervals import estimate, estimates
from sim.analysis.run import Measure


def test_the_interval_is_that_of_students_t() -> None:
    """1 to 10: mean 5.5, standard deviation 3.02765, t(0.975, 9) = 2.262 (Law, table T.1), so 5.5 +- 2.166."""
    found = estimate([float(value) for value in range(1, 11)], "h")
    assert (found.mean, found.unit, found.replications) == (5.5, "h", 10)
    half = 2.262 * 3.02765 / math.sqrt(10)
    assert found.low == pytest.approx(5.5 - half, abs=0.001)
    assert found.high == pytest.approx(5.5 + half, abs=0.001)


def test_two_replications_have_the_wide_interval_of_one_degree_of_freedom() -> None:
    """t(0.975, 1) = 12.706 (Law, table T.1): 22 and 24 make 23 +- 12.706."""
    found = estimate([22.0, 24.0], "h")
    assert (found.low, found.high) == (pytest.approx(10.294, abs=0.001), pytest.approx(35.706, abs=0.001))


def test_the_interval_of_what_cannot_be_negative_does_not_go_below_nothing() -> None:
    """2 and 4 would reach down to -9.7; a difference, some of whose values are negative, keeps its lower end."""
    assert estimate([2.0, 4.0], "h").low == 0.0
    assert estimate([-2.0, 4.0], "h").low == pytest.approx(1 - 3 * 12.706, abs=0.001)


def test_the_interval_of_a_share_stays_within_none_and_all() -> None:
    """0.9 and 1.0 would reach from 0.315 to 1.585; below 0 and above 1 there is nothing."""
    found = estimate([0.9, 1.0], "share")
    assert (found.low, found.high) == (pytest.approx(0.95 - 12.706 * 0.05, abs=0.001), 1.0)
    assert estimate([0.0, 0.1], "share").low == 0.0


def test_one_replication_has_a_mean_and_no_interval() -> None:
    """One number says nothing of the spread."""
    found = estimate([7.5], "h")
    assert (found.mean, found.replications) == (7.5, 1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_equal_replications_have_an_interval_without_width() -> None:
    """No spread is a known spread."""
    found = estimate([3.0, 3.0, 3.0], "h")
    assert (found.low, found.mean, found.high) == (3.0, 3.0, 3.0)


def test_a_replication_without_a_value_is_left_out() -> None:
    """NaN is a rate of something that never happened; the others count as if they had been all."""
    assert estimate([1.0, math.nan, 2.0, 3.0], "h") == estimate([1.0, 2.0, 3.0], "h")
    nothing = estimate([math.nan, math.nan], "h")
    assert math.isnan(nothing.mean)
    assert nothing.replications == 0


def test_an_infinite_replication_makes_the_mean_infinite_without_an_interval() -> None:
    """Where in one of them the quantile is among those still under way, it is not known, and not the others' mean."""
    found = estimate([1.0, math.inf, 2.0], "h")
    assert math.isinf(found.mean)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.replications == 3


def test_estimates_take_every_measure_of_any_replication_in_order() -> None:
    """One that some replications do not have is estimated from those that have it, with its own unit."""
    runs = [
        {"wait": Measure(1.0, "h"), "late": Measure(0.5, "share")},
        {"wait": Measure(3.0, "h"), "hit_rate": Measure(0.2, "share")},
    ]
    found = estimates(runs)
    assert list(found) == ["wait", "late", "hit_rate"]
    assert [one.replications for one in found.values()] == [2, 1, 1]
    assert [one.mean for one in found.values()] == [2.0, 0.5, 0.2]
    assert [one.unit for one in found.values()] == ["h", "share", "share"]
