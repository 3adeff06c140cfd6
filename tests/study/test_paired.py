"""Paired differences, Holm's procedure, and what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.study.compare import holm
from sim.study.paired import Difference, paired, verdict


def test_the_interval_is_that_of_a_paired_t_test() -> None:
    """The same as scipy's, mean, interval and p."""
    chance = np.random.default_rng(1)
    one = chance.normal(10, 3, 12)
    other = one + chance.normal(0.5, 1, 12)
    found, expected = paired(list(one), list(other), "h"), stats.ttest_rel(other, one)
    interval = expected.confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert found.p == pytest.approx(expected.pvalue)
    assert found.helped == pytest.approx((one.var(ddof=1) + other.var(ddof=1)) / (other - one).var(ddof=1))


def test_a_measure_with_itself_differs_by_exactly_nothing() -> None:
    """Not by a rounding error either."""
    found = paired([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], "h")
    assert (found.difference, found.low, found.high, found.same) == (0.0, 0.0, 0.0, True)
    assert verdict(found, "wait.desk.mean", "A", "B") == "no difference: equal in every replication"


def test_a_constant_difference_is_sure() -> None:
    """No spread: the interval has no width."""
    found = paired([1.0, 2.0, 4.0], [2.0, 3.0, 5.0], "h")
    assert (found.low, found.high, found.p, found.decided) == (1.0, 1.0, 0.0, True)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ([1.0, math.inf], [1.0, 2.0], "not known: too many orders are still under way at the end"),
        ([1.0], [2.0], "one replication says nothing of the spread"),
        ([math.nan], [2.0], "neither has a value that the other has too"),
    ],
)
def test_what_cannot_be_said_is_not_said(one: list[float], other: list[float], said: str) -> None:
    """Infinite values, a single replication, none."""
    assert verdict(paired(one, other, "h"), "delivery_time.p90", "A", "B") == said


def test_so_many_more_replications_as_it_says_would_settle_it() -> None:
    """With the same mean and spread, that many decide it and one fewer does not."""
    found = paired([0.0] * 4, [1.0, -1.0, 2.0, 0.4], "h")
    assert not found.decided
    more = found.more_needed
    assert more is not None

    def half(count: int) -> float:
        return float(stats.t.ppf(0.975, count - 1)) * found.spread / math.sqrt(count)

    assert half(4 + more) < abs(found.difference) <= half(4 + more - 1)
    assert verdict(found, "wait.desk.mean", "A", "B") == (
        f"cannot tell yet; about {more} more replications would settle it"
    )


def test_a_difference_that_is_nothing_beside_its_spread_asks_for_no_more() -> None:
    """Ten thousand replications and more are not worth naming."""
    found = Difference("h", 0.0001, -0.2, 0.2002, 0.99, 1.0, 100, 1.0)
    assert verdict(found, "wait.desk.mean", "A", "B") == "cannot tell; any difference is likely below 12 min"


def test_holm_corrects_as_by_hand_and_its_intervals_agree_with_it() -> None:
    """0.01, 0.02, 0.04: times 3, 2, 1; tested at 5 % / 3, / 2, / 1, so all three differ; without a p there is no test."""
    levels, corrected = holm([0.02, 0.01, 0.04, math.nan])
    assert corrected[:3] == [pytest.approx(0.04), pytest.approx(0.03), pytest.approx(0.04)]
    assert levels == [pytest.approx(1 - 0.05 / 2), pytest.approx(1 - 0.05 / 3), pytest.approx(0.95), 0.95]


def test_after_the_first_pair_that_fails_all_have_its_level() -> None:
    """0.01 passes 5 % / 3; 0.03 fails 5 % / 2, and so does 0.04, although it is below 5 %."""
    levels, corrected = holm([0.01, 0.03, 0.04])
    assert levels == [pytest.approx(1 - 0.05 / 3), pytest.approx(0.975), pytest.approx(0.975)]
    assert corrected == [pytest.approx(0.03), pytest.approx(0.06), pytest.approx(0.06)]
