"""The numbers under the sentence: which there are, how they read, and how far they are from the base."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from sim.analysis.intervals import Estimate
from sim.analysis.run import Measure
from sim.study.replicate import Result, Settings, replicate
from sim.ui.choice import Choice
from sim.ui.headline import clauses, headlines


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


def runs(**values: tuple[float, ...]) -> tuple[dict[str, Measure], ...]:
    """Replications with these values of on time, delivery and cost."""
    names = {
        "on_time": ("on_time.dispatch_48h", "share"),
        "p95": ("delivery_time.p95", "h"),
        "cost": ("cost.per_order", "money"),
    }
    return tuple(
        {names[key][0]: Measure(value, names[key][1]) for key, value in zip(values, one, strict=True)}
        for one in zip(*values.values(), strict=True)
    )


def test_the_change_from_the_base_is_that_of_the_same_replications(result: Result) -> None:
    """A rise of about 1 point in each of three replications; 2.5 h more or less; a cost that differs either way: not sure."""
    base = replace(result, runs=runs(on_time=(0.98, 0.97, 0.99), p95=(104.0, 99.0, 107.0), cost=(14.0, 14.2, 14.1)))
    after = replace(result, runs=runs(on_time=(0.99, 0.981, 0.999), p95=(101.5, 96.4, 104.6), cost=(14.1, 14.0, 14.2)))
    numbers = headlines(after, base)
    assert [number.change for number in numbers] == ["+1.0 points", "-2.5 h", "", "can't tell", ""]
    assert numbers[1].change_interval == "2.3 to 2.7"
    assert [number.better for number in numbers] == ["more", "less", "neither", "neither", "neither"]
    assert [words.replace("\N{NO-BREAK SPACE}", " ") for words, _ in clauses(after, base)] == [
        "1.0 points more are dispatched within 48 h (0.8 to 1.2)",
        "95 of 100 have it 2.5 h sooner (2.3 to 2.7)",
        "can't tell whether an order costs more or less",
    ]
    assert clauses(after, after) == []


def test_a_changed_promise_is_compared_as_what_it_is(result: Result) -> None:
    """Orders kept within 24 h against orders kept within 48 h are no change of the same share."""
    longer = replace(result, file=result.file.changed("promises.dispatch_48h.within=72 h"))
    base = replace(result, runs=runs(on_time=(0.98, 0.97, 0.99), p95=(100.0, 99.0, 98.0), cost=(14.0, 14.2, 14.1)))
    after = replace(longer, runs=runs(on_time=(0.99, 0.981, 0.999), p95=(100.0, 99.0, 98.0), cost=(14.0, 14.2, 14.1)))
    assert [words.replace("\N{NO-BREAK SPACE}", " ") for words, _ in clauses(after, base)] == [
        "1.0 points more are dispatched within 72 h instead of 48 h (0.8 to 1.2)"
    ]


def test_a_number_that_cannot_be_told_says_so(result: Result) -> None:
    """An infinite quantile (most are still under way) is not known yet, and has no interval and no change."""
    unknown = {**result.measures, "delivery_time.p95": Estimate(math.inf, math.nan, math.nan, "h", 10)}
    number = headlines(replace(result, measures=unknown), result)[1]
    assert (number.value, number.interval, number.change) == ("not known yet", "", "")
