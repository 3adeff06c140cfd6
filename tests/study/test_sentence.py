"""The first line of a result, read aloud in every case: it holds, it does not, it is not known, nothing was promised."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from sim.analysis.intervals import Estimate
from sim.analysis.load import offered_load, team_load
from sim.plan.compile import compile_plan
from sim.study.replicate import Settings, replicate
from sim.study.sentence import sentence
from sim.world.files import from_text

# An order every 6 min, for two days; one person opens what is selected.
CUSTOMS = """
schema: 1
clock: {start: 2026-11-02, length: 2 d}
flows: {orders: {arrivals: {gaps: 6 min}, route: [customs, delivery]}}
stages:
  customs: {selection_rate: 0, opening: {team: opening, work: 6 min}}
  delivery: {line_haul: 1 h}
teams: {opening: {label: customs opening, staff: 1}}
promises: {out: {to: dispatched, within: 48 h}, home: {to: delivered, within: 72 h}}
"""
DESK = """
schema: 1
clock: {start: 2026-11-02, length: 2 d}
flows: {visitors: {arrivals: {gaps: 6 min}, route: [desk]}}
stages: {desk: {team: clerks, work: 3 min}}
teams: {clerks: {staff: 1}}
"""


def shares(mean: float, low: float = math.nan, high: float = math.nan) -> Estimate:
    """A share from ten replications."""
    return Estimate(mean, low, high, "share", 10)


P95 = Estimate(102.0, 101.9, 102.1, "h", 10)
KEPT = {"on_time.out": shares(0.997, 0.995, 0.998), "on_time.home": shares(0.999, 0.998, 1), "delivery_time.p95": P95}


def said(text: str, measures: dict[str, Estimate], *settings: str) -> str:
    """The sentence for these measures and the load of the scenario."""
    plan = compile_plan(from_text(text, Path(), settings=settings).scenario)
    return sentence(plan, measures, team_load(offered_load(plan), plan.scenario))


def test_a_plan_that_holds_says_promise_delivery_and_the_tightest_team() -> None:
    """12 min for each order selected of one every 6 min: 60 % loaded at 30 % selection, full at 50 %, give or take luck."""
    text = said(CUSTOMS, KEPT, "stages.customs.selection_rate=0.3", "stages.customs.opening.work=12 min")
    assert text.startswith(
        "This plan keeps the 48 h dispatch promise for 99.7 % of orders (99.5 to 99.8);"
        " 95 of 100 buyers have their parcel within 4 days 6 h; the tightest team is customs opening, "
    )
    found = re.search(r", ([\d.]+) % loaded at 30 % selection, full at ([\d.]+) %\.$", text)
    assert found is not None
    assert float(found[1]) == pytest.approx(60, abs=8)  # 30 % of 479 orders are selected with a deviation of 10
    assert float(found[2]) == pytest.approx(50, abs=3)


def test_a_promise_is_told_to_the_digit_that_its_interval_supports() -> None:
    """As its card below tells it: 63.6 % that may as well be 63 is 64 %."""
    text = said(DESK, {**KEPT, "on_time.home": shares(0.636, 0.627, 0.653)}, "promises={home: {to: delivered, within: 72 h}}")  # fmt: skip
    assert text.startswith("This plan keeps the 72 h delivery promise for 64 % of orders (63 to 65); ")


def test_a_team_that_nothing_is_selected_for_says_how_much_demand_it_could_stand() -> None:
    """3 min for each of the 479 orders that come every 6 min in 48 h: 49.9 %, full at twice the demand."""
    text = said(DESK, {"delivery_time.p95": Estimate(0.5, 0.4, 0.6, "h", 10)})
    assert (
        text
        == "95 of 100 visitors are through within 30 min; the tightest team is clerks, 49.9 % loaded, full at 2 times the demand."
    )


@pytest.mark.parametrize(
    ("label", "who"), [("Customs opening", "Customs opening"), ("packers", "packers"), ("", "clerks")]
)
def test_a_plan_that_does_not_hold_names_the_team_and_by_how_much(label: str, who: str) -> None:
    """13 min for each of 479 orders are 103.8 h for 48 h of staff: 216 %, 27.9 h a day too much; one or many, it reads."""
    text = said(DESK, {"delivery_time.p95": P95}, "stages.desk.work=13 min", f"teams.clerks.label='{label}'")
    assert text == (
        f"This plan does not hold: {who} must do 216 % of what the staff can do,"
        " and the queue grows by 27.9 hours of work a day."
    )


def test_a_team_that_is_never_there_is_not_told_in_per_cent() -> None:
    """Work for nobody is no share of anything."""
    text = said(DESK, {"delivery_time.p95": P95}, "teams.clerks.outages=[{from: 2026-11-01, to: 2026-12-01}]")
    assert text == (
        "This plan does not hold: work comes for clerks and nobody is ever on shift,"
        " and the queue grows by 12 hours of work a day."
    )


def test_the_promise_told_is_the_one_that_is_hardest_to_keep() -> None:
    """Of several, the one with the smallest share on time."""
    text = said(CUSTOMS, {**KEPT, "on_time.home": shares(0.9, 0.8, 0.95)})
    assert text.startswith("This plan keeps the 72 h delivery promise for 90 % of orders (80 to 95); 95 of")


def test_a_promise_to_some_classes_names_them() -> None:
    """And one to nobody who ordered (NaN) is not told at all."""
    classes = "flows.orders.classes={normal: {share: 0.5}, cold_chain: {share: 0.5}}"
    text = said(CUSTOMS, KEPT, classes, "promises.out.classes=[cold_chain]")
    assert "promise for 99.7 % of cold chain orders (99.5 to 99.8);" in text
    assert "72 h delivery promise" in said(CUSTOMS, {**KEPT, "on_time.out": shares(math.nan)})


def test_nearly_all_and_hardly_any_are_said_in_words() -> None:
    """'for > 99.99 % of orders' cannot be read aloud."""
    alone = {"delivery_time.p95": P95}
    assert "promise for more than 99.99 % of orders" in said(CUSTOMS, {**alone, "on_time.out": shares(0.99999)})
    assert "promise for less than 0.01 % of orders" in said(CUSTOMS, {**alone, "on_time.out": shares(0.00001)})


def test_without_a_promise_it_begins_with_the_delivery() -> None:
    """And without anybody ever selected the only team has no load worth telling."""
    assert said(CUSTOMS, {"delivery_time.p95": P95}) == "95 of 100 buyers have their parcel within 4 days 6 h."


def test_several_flows_are_named_together() -> None:
    """A line without a delivery stage has no buyers and parcels, but what its flows are called."""
    text = DESK.replace("route: [desk]}}", "route: [desk]}, late_comers: {arrivals: {gaps: 60 min}, route: [desk]}}")
    found = said(text, {"delivery_time.p95": P95})
    assert found.startswith(
        "95 of 100 visitors and late comers are through within 4 days 6 h; the tightest team is clerks"
    )


def test_orders_not_known_yet_are_told() -> None:
    """More than half a per cent of them; a promise that nobody was made (NaN) hides nothing."""
    unknown = {**KEPT, "unknown.home": shares(math.nan), "unknown.out": shares(0.031)}
    told = " For 3.1 % of orders it is not known yet: the run ends before their promised moment."
    assert said(CUSTOMS, unknown).endswith(told)
    assert "not known yet" not in said(CUSTOMS, {**KEPT, "unknown.out": shares(0.004)})


def test_orders_under_way_beyond_the_quantile_are_told() -> None:
    """An infinite 95th percentile is no number of days."""
    text = said(CUSTOMS, {**KEPT, "delivery_time.p95": Estimate(math.inf, math.nan, math.nan, "h", 10)})
    assert "buyers have their parcel" not in text
    assert text.endswith(" More than 5 of 100 orders are still under way at the end of the run.")


def test_one_replication_asks_for_more() -> None:
    """A mean without an interval, and a hint how to get one."""
    text = said(CUSTOMS, {"on_time.out": Estimate(0.997, math.nan, math.nan, "share", 1)})
    assert text == (
        "This plan keeps the 48 h dispatch promise for 99.7 % of orders."
        " One replication says nothing of the spread: run more for an interval."
    )


def test_a_line_of_which_nothing_is_known_still_makes_a_sentence() -> None:
    """No promise, no team, and nobody delivered."""
    text = DESK.replace("route: [desk]", "route: [road]").replace(
        "desk: {team: clerks, work: 3 min}", "road: {kind: delivery, line_haul: 9 d}"
    )
    found = said(
        text.replace("teams: {clerks: {staff: 1}}", ""),
        {"delivery_time.p95": Estimate(math.inf, math.nan, math.nan, "h", 10)},
    )
    assert (
        found == "No order has come through yet. More than 5 of 100 orders are still under way at the end of the run."
    )


def test_the_sentence_of_a_result_is_that_of_its_measures_and_load() -> None:
    """Constant times: whoever comes is through after 3 min."""
    result = replicate(from_text(DESK, Path()), Settings(replications=2))
    assert result.sentence == (
        "95 of 100 visitors are through within 3 min; the tightest team is clerks, 49.9 % loaded, full at 2 times the demand."
    )
