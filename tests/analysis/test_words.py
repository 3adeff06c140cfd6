"""Numbers as people read them: the unit that suits, and no digit more than is known."""

from __future__ import annotations

import math
from datetime import date

import pytest

from sim.analysis.intervals import Estimate
from sim.analysis.words import NOT_KNOWN, day_label, hours, in_lines, interval, measured, number, share, with_interval


def estimate(mean: float, low: float, high: float, unit: str) -> Estimate:
    """An estimate from ten replications."""
    return Estimate(mean, low, high, unit, 10)


@pytest.mark.parametrize(
    ("value_h", "words"),
    [
        (0.0, "0 h"),
        (0.25 / 3600, "0.2 s"),
        (59.9 / 3600, "59.9 s"),
        (59.96 / 3600, "1 min"),
        (0.117, "7 min"),
        (59.94 / 60, "59.9 min"),
        (59.96 / 60, "1 h"),
        (7.55, "7.5 h"),
        (47.94, "47.9 h"),
        (47.96, "2 d"),
        (48.0, "2 d"),
        (60.4, "2 d 12 h"),
        (71.6, "3 d"),
        (24_000.0, "1,000 d"),
        (-3.0, "-3 h"),
        (-60.0, "-2 d 12 h"),
    ],
)
def test_hours_take_the_unit_that_suits(value_h: float, words: str) -> None:
    """Seconds, minutes, hours, days with hours; what rounds up to the next unit is said in it."""
    assert hours(value_h) == words


def test_long_days_are_written_out() -> None:
    """For sentences; one day is singular, hours keep their letter."""
    assert hours(102.0, long=True) == "4 days 6 h"
    assert hours(7.5, long=True) == "7.5 h"


@pytest.mark.parametrize("say", [hours, share, number])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_has_no_number_is_not_known_yet(say: object, value: float) -> None:
    """Infinity and NaN are said in words."""
    assert callable(say)
    assert say(value) == NOT_KNOWN


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.03, "3 %"),
        (0.843, "84.3 %"),
        (0.997, "99.7 %"),
        (0.0004, "0.04 %"),
        (0.9996, "99.96 %"),
        (0.00001, "< 0.01 %"),
        (0.99999, "> 99.99 %"),
        (2.169, "216.9 %"),
    ],
)
def test_shares_have_more_digits_where_it_is_close(value: float, words: str) -> None:
    """Nearly all is not all, and a load may be above one."""
    assert share(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(1500.2, "1,500"), (99.96, "100"), (14.204, "14.2"), (13.0, "13"), (0.52, "0.52"), (0.5, "0.5"), (-0.001, "0")],
)
def test_numbers_keep_about_three_digits(value: float, words: str) -> None:
    """No zeros behind the point, and none is negative."""
    assert number(value) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.5, "share", "50 %"),
        (102.0, "h", "4 d 6 h"),
        (0.05, "h/day", "3 min a day"),
        (1507.3, "orders/day", "1,507 orders a day"),
        (3.2, "items", "3.2 items"),
        (13.0, "money", "13.00"),
        (math.inf, "h", NOT_KNOWN),
        (math.nan, "money", NOT_KNOWN),
    ],
)
def test_measures_are_said_in_their_unit(value: float, unit: str, words: str) -> None:
    """Each unit that a measure can have."""
    assert measured(value, unit) == words


@pytest.mark.parametrize(
    ("mean", "low", "high", "unit", "words"),
    [
        (0.997, 0.995, 0.998, "share", "99.7 % (99.5 to 99.8)"),
        (0.8253, 0.679, 0.971, "share", "83 % (68 to 97)"),
        (0.99985, 0.9998, 0.9999, "share", "99.98 % (99.98 to 99.99)"),
        (45.4, 43.2, 47.6, "h", "45 h (43 to 48)"),
        (0.12, 0.11, 0.13, "h", "7.2 min (6.6 to 7.8)"),
        (102.3, 98.0, 106.6, "h", "4 d 6 h (4 d 2 h to 4 d 11 h)"),
        (102.34, 101.9, 102.7, "h", "102.3 h (101.9 to 102.7)"),
        (1507.3, 1490.0, 1524.6, "orders/day", "1,507 orders a day (1,490 to 1,525)"),
        (13.0, 10.0, 16.0, "money", "13.00 (10.00 to 16.00)"),
        (0.004, -0.001, 0.009, "money", "0.00 (0.00 to 0.01)"),
        (0.05, 0.04, 0.06, "h/day", "3.0 min a day (2.4 to 3.6)"),
    ],
)
def test_an_interval_decides_how_many_digits_are_shown(
    mean: float, low: float, high: float, unit: str, words: str
) -> None:
    """A digit is shown where the half width of the interval reaches it; the unit is said once; money keeps two."""
    assert with_interval(estimate(mean, low, high, unit)) == words


@pytest.mark.parametrize(
    ("mean", "low", "high", "unit", "words"),
    [
        (0.672, 0.672, 0.672, "share", "67.2 %"),
        (0.5, math.nan, math.nan, "h", "30 min"),
        (math.inf, math.nan, math.nan, "h", NOT_KNOWN),
        (math.nan, math.nan, math.nan, "share", NOT_KNOWN),
        (0.99999, 0.99998, 1.0, "share", "> 99.99 %"),
    ],
)
def test_where_no_interval_can_be_seen_the_mean_stands_alone(
    mean: float, low: float, high: float, unit: str, words: str
) -> None:
    """One replication, a number that never varies, or a spread below the last digit."""
    assert with_interval(estimate(mean, low, high, unit)) == words
    assert interval(estimate(mean, low, high, unit)) == ""


def test_the_interval_alone_follows_words_of_ones_own() -> None:
    """With a blank before it, so that a sentence can go on."""
    found = estimate(0.997, 0.995, 0.998, "share")
    assert f"{share(found.mean)} of orders{interval(found)}" == "99.7 % of orders (99.5 to 99.8)"


def test_days_carry_their_weekday() -> None:
    """Day before month, no leading zero."""
    assert day_label(date(2026, 11, 1)) == "Sun 1 Nov"


def test_lines_break_between_words_and_never_within_a_number() -> None:
    """Percent, hours and days with hours stay whole at every width that holds them."""
    text = "This plan keeps the 48 h promise for 99.7 % of orders; 95 of 100 have it within 4 days 6 h or 2 d 13 h"
    for letters in range(12, 60):
        lines = in_lines(text, letters).split("\n")
        assert " ".join(lines) == text
        for whole in ("48 h", "99.7 %", "4 days 6 h", "2 d 13 h"):
            assert any(whole in line for line in lines), (letters, whole)
