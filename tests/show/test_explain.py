"""A scenario told in words, and what differs between two."""

from __future__ import annotations

import json

import pytest

from sim.plan.steps import Chance, DrawnTime
from sim.show.differences import Difference, differences, in_words
from sim.show.explain import chance_in_words, disruptions_told, drawn_in_words, flows_told, sources_told, time_in_words
from sim.world.distributions import Time
from tests.show.results import site


def test_the_steps_of_orders_are_told_in_order() -> None:
    """Numbers in the text are those of steps; ways out say how the order ends."""
    told = {flow.heading: flow for flow in flows_told(site().scenario)}
    assert list(told) == ["bulk consignments", "orders", "orders: the documents"]
    orders = {number: words for number, _, words in told["orders"].steps}
    assert orders[1] == "picking: packers, 4 min (lognormal, cv 0.5) per line"
    assert orders[3] == "is it a mispick? 5 %: to 1; the 3rd time out, rejected"
    assert orders[4] == "packing: packers, 5 min (fragile x 2)"
    assert orders[5] == "wait until goods and accepted documents are both there"
    assert orders[6] == "is it selected for inspection? 10 %, from Tue 3 Nov 12:00 20 %: to 12"
    assert orders[7] == "wait for the truck: at 18:00, 200 each"
    assert orders[8] == "last mile: 4 h to 10 h, all equally likely"
    assert orders[9] == "does the attempt fail? 10 %: to 14; the 3rd time out, returned"
    assert orders[10] == "is it damaged? normal 0 %, fragile 4 %: out, damaged"
    assert orders[11] == "leave: delivered"
    assert orders[12] == "opening: customs officers, 4 min to 20 min, most often 8 min"
    assert orders[13] == "is it seized? 10 %: out, seized, then to 7"
    assert orders[14] == "wait for the next attempt: 24 h, then to 9"
    assert max(orders) == 14


def test_arrivals_are_told_with_what_they_carry() -> None:
    """How often, by what rule, lines, units and classes; documents come with their order."""
    bulk, orders, documents = flows_told(site().scenario)
    assert bulk.arrivals == "1 a day at fixed times, daily; 200 units a line"
    assert orders.arrivals == (
        "about 90 a day by chance, by hour and weekday; 1.3 lines on average; classes normal 80 %, fragile 20 %"
    )
    assert documents.arrivals == "one set with each order, beside the goods"


def test_waits_that_follow_a_calendar_say_so() -> None:
    """A correction takes place in office hours alone."""
    bulk = flows_told(site().scenario)[0]
    assert [words for _, _, words in bulk.steps if "corrected" in words] == [
        "the declaration is corrected: 2 h, only in the hours of office hours, then to 1"
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("6 min", "6 min"),
        ({"exponential": "5 min"}, "5 min (exponential)"),
        ({"uniform": ["24 h", "48 h"]}, "24 h to 2 d, all equally likely"),
        ({"erlang": {"mean": "1 h", "k": 3}}, "1 h (Erlang, 3 phases)"),
        ({"gamma": {"mean": "15 min", "cv": 0.7}}, "15 min (gamma, cv 0.7)"),
        ({"weibull": {"scale": "10 min", "shape": 1}}, "10 min (Weibull, shape 1)"),
        ({"empirical": ["2 min", "4 min"]}, "one of the times observed, 3 min on average"),
    ],
)
def test_every_family_of_times_has_its_words(written: object, told: str) -> None:
    """The mean, and what else the family needs."""
    assert time_in_words(Time.model_validate(written)) == told


def test_times_of_several_parts_are_told_whole() -> None:
    """Parts are added up or the longest counts; a crew that shares the work is named."""
    minute, hour = Time.model_validate("1 min"), Time.model_validate("1 h")
    assert drawn_in_words(DrawnTime((("a", minute, "order"), ("b", hour, "unit")), shared_by=2)) == (
        "1 min + 1 h per unit, shared by 2"
    )
    assert drawn_in_words(DrawnTime((("a", minute, "order"), ("b", hour, "order")), combine="longest")) == (
        "the longest of 1 min; 1 h"
    )


def test_a_share_that_is_the_same_for_all_classes_is_told_once() -> None:
    """Only what differs by class is told by class."""
    both = Chance("damage", by_class=(("normal", 0.02), ("fragile", 0.02)))
    assert chance_in_words(both, site().scenario) == "2 %"


def test_guesses_are_told_last_and_marked() -> None:
    """Each figure with its value, range, trust and source; what is guessed stands at the end."""
    assert list(sources_told(site())) == [
        ("stages.customs.selection_rate = 10 %, 2 % to 12 %", "trade source", "a trade paper"),
        ("stages.packing.work = 5 min", "guess", "a round figure"),
    ]


def test_differences_are_found_at_any_depth_and_told_in_a_line() -> None:
    """Changed, added and left out, in the order in which the second says them."""
    before = {"teams": {"packers": {"staff": "3"}, "clerks": {"staff": "1"}}, "route": ["a", "b"]}
    after = {"teams": {"packers": {"staff": "5", "speed": "0.9"}}, "route": ["a"]}
    found = differences(before, after)
    assert [in_words(one) for one in found] == [
        "teams.packers.staff: 3 -> 5",
        "teams.packers.speed: added, 0.9",
        "teams.clerks: left out, was staff 1",
        "route: a, b -> a",
    ]
    assert differences(after, after) == []


def test_a_setting_is_a_difference_from_the_scenario_without_it() -> None:
    """What --set changes is what is found between the two files."""
    changed = site("teams.packers.shifts.early.staff=5")
    assert differences(site().raw, changed.raw) == [Difference("teams.packers.shifts.early.staff", "2", "5")]


def test_disruptions_are_told_with_what_stands_still() -> None:
    """When, and what of teams, single window and transport; the waits that they hold say so among the steps."""
    storm = {"from": "2026-11-03 08:00", "to": "2026-11-04", "teams": ["packers"], "transport": ["delivery"]}
    window = {"label": "window down", "from": "2026-11-02", "to": "2026-11-02 06:00", "single_window": "yes"}
    scenario = site(f"disruptions={json.dumps({'storm': storm, 'window': window})}").scenario
    assert list(disruptions_told(scenario)) == [
        "storm, Tue 3 Nov 08:00 to Wed 4 Nov 00:00: no packers, no transport at delivery",
        "window down, Mon 2 Nov 00:00 to Mon 2 Nov 06:00: no single window",
    ]
    told = {flow.heading: [words for _, _, words in flow.steps] for flow in flows_told(scenario)}
    assert "last mile: 4 h to 10 h, all equally likely, not while transport stands" in told["orders"]
    assert told["orders: the documents"][1].endswith(", not while the single window is down")
