"""The numbers under the sentence: which there are, how they read, and how far they are from the base."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from sim.analysis.intervals import Estimate
from sim.study.replicate import Result, Settings, replicate
from sim.ui.choice import Choice
from sim.ui.headline import headlines


@pytest.fixture(scope="module")
def result() -> Result:
    """A small site's result whose numbers are replaced by ones that are easy to read."""
    file = Choice("small_site_fortnight").load(["clock.length=12 h", "clock.warm_up=1 h", "clock.measure=10 h"])
    ran = replicate(file, Settings(replications=1))
    values = {
        "on_time.dispatch_48h": Estimate(0.997, 0.995, 0.998, "share", 10),
        "delivery_time.p95": Estimate(102.0, 100.0, 104.0, "h", 10),
        "throughput.delivered": Estimate(1500.4, 1480.0, 1520.0, "orders/day", 10),
        "cost.per_order": Estimate(14.2, 14.0, 14.4, "money", 10),
        "unfinished": Estimate(0.0, 0.0, 0.0, "share", 10),
    }
    return replace(ran, measures=values)


def test_values_and_intervals_read_as_people_say_them(result: Result) -> None:
    """Units as in the sentence, the interval without its unit; a promise by what it promises."""
    numbers = {number.label.replace("\N{NO-BREAK SPACE}", " "): number for number in headlines(result)}
    assert list(numbers) == [
        "Dispatched within 48 h",
        "95 of 100 delivered within",
        "Delivered a day",
        "Cost per order (CNY)",
        "Unfinished",
    ]
    assert [number.value for number in numbers.values()] == ["99.7 %", "4 d 6 h", "1,500", "14.20", "0 %"]
    assert numbers["Dispatched within 48 h"].interval.replace("\N{NO-BREAK SPACE}", " ") == "99.5 to 99.8"
    assert numbers["Delivered a day"].interval.replace("\N{NO-BREAK SPACE}", " ") == "1,480 to 1,520"
    assert all(number.change == "" for number in numbers.values())


def test_the_change_from_the_base_is_the_difference_of_the_means(result: Result) -> None:
    """0.997 after 0.987 is a rise of one point; where nothing differs it is 0."""
    before = {
        **result.measures,
        "on_time.dispatch_48h": Estimate(0.987, 0.98, 0.99, "share", 10),
        "delivery_time.p95": Estimate(104.5, 100.0, 109.0, "h", 10),
        "cost.per_order": Estimate(math.nan, math.nan, math.nan, "money", 0),
    }
    numbers = headlines(result, replace(result, measures=before))
    assert [number.change for number in numbers] == ["+1.0 points", "-2.5 h", "0", "", "0"]
    assert [number.better for number in numbers] == ["more", "less", "more", "less", "less"]


def test_a_number_that_cannot_be_told_says_so(result: Result) -> None:
    """An infinite quantile (most are still under way) is not known yet, and has no interval and no change."""
    unknown = {**result.measures, "delivery_time.p95": Estimate(math.inf, math.nan, math.nan, "h", 10)}
    number = headlines(replace(result, measures=unknown), result)[1]
    assert (number.value, number.interval, number.change) == ("not known yet", "", "")
