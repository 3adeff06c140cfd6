"""Inspection, selection, hits, first passes and clearance of a few parcels, worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.analysis.lines import numbers, run_of

# Records arrive at 9:00 and match at 9:10; the goods wait for that at customs from 8:00 on. The officer opens one
# after another for 20 min: done at 9:30 and 9:50.
CUSTOMS = """
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 2}, route: [customs]}}
stages:
  customs:
    order_data: {order: 1 h, match: 10 min}
    selection_rate: 100 %
    opening: {team: officers, work: 20 min}
teams: {officers: {staff: 1}}
"""
# One consignment each at 8:00 and 9:00: read, opened for an hour, wrong; corrected for 2 h, once.
BULK = """
flows: {bulk: {goods: consignment, arrivals: {times: {at: [08:00, 09:00]}}, route: [inspection]}}
stages:
  inspection:
    documents: {team: readers, work: 10 min}
    physical: {team: officers, work: 1 h, share: 100 %, discrepancy: 100 %}
    correction: {wait: 2 h, at_most: 2}
teams: {readers: {staff: 1}, officers: {staff: 1}}
"""
PARCELS = """
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 2}, route: [delivery]}}
stages: {delivery: {last_mile: 1 h, attempt_fails: 100 %, retry: {wait: 5 h, at_most: 2}}}
"""


def test_clearance_is_acceptance_of_the_documents_and_time_in_customs_without_the_wait_for_them() -> None:
    """1 h 10 min for the documents, then 20 and 40 min of queueing and opening."""
    found = numbers(run_of(CUSTOMS))
    assert found["clearance.opened.mean"] == pytest.approx(1 + 40 / 60)
    assert found["clearance.opened.p95"] == pytest.approx(1 + 50 / 60)
    assert (found["selected.customs"], found["opened.customs"], found["first_pass_yield.customs"]) == (1.0, 1.0, 1.0)
    assert "clearance.released.mean" not in found


def test_parcels_still_in_customs_are_not_cleared_quickly() -> None:
    """The run ends at 9:40 with the second on the table: the mean is of the first, the quantile is not known."""
    found = numbers(run_of(CUSTOMS, "clock.length=580 min"))
    assert found["clearance.opened.mean"] == pytest.approx(1.5)
    assert found["clearance.opened.p95"] == math.inf


def test_released_parcels_are_cleared_when_their_documents_are() -> None:
    """Nothing is selected: 1 h 10 min each."""
    found = numbers(run_of(CUSTOMS, "stages.customs.selection_rate=0"))
    assert found["clearance.released.mean"] == pytest.approx(7 / 6)
    assert (found["selected.customs"], found["opened.customs"]) == (0.0, 0.0)
    assert "failures.per_opened_parcel.customs" not in found


def test_goods_that_have_not_come_to_customs_have_no_clearance_yet() -> None:
    """The picker needs until 14:00 for the first and 20:00 for the second, who is not in customs at 19:00."""
    text = CUSTOMS.replace("route: [customs]", "route: [picking, customs]").replace(
        "stages:", "stages:\n  picking: {pick: {team: pickers, work: 6 h}}"
    )
    text = text.replace("{officers: {staff: 1}}", "{officers: {staff: 1}, pickers: {staff: 1}}")
    found = numbers(run_of(text, "stages.customs.selection_rate=0", "clock.length=19 h"))
    assert found["clearance.released.mean"] == found["clearance.released.p95"] == pytest.approx(7 / 6)
    assert found["selected.customs"] == 0.0


@pytest.mark.parametrize("verdict", ["delete", "seize"])
def test_hits_are_counted_over_the_parcels_whose_opening_is_over(verdict: str) -> None:
    """At 9:40 one parcel has been opened, and was a hit; the second on the table is neither hit nor miss."""
    found = numbers(run_of(CUSTOMS, f"stages.customs.verdict={{release: 0, {verdict}: 1}}", "clock.length=580 min"))
    assert (found["failures.per_opened_parcel.customs"], found["opened.customs"]) == (1.0, 1.0)


def test_lists_that_are_returned_do_not_pass_at_first() -> None:
    """Neither do those that are rejected at their first mismatch, without any repair."""
    wrong = ("stages.customs.order_data.accuracy=0", "stages.customs.order_data.repair.automatic_share=1")
    wrong = (*wrong, "stages.customs.order_data.repair.automatic=10 min")
    mended = numbers(run_of(CUSTOMS, *wrong, "stages.customs.order_data.repair.at_most=2"))
    rejected = numbers(run_of(CUSTOMS, *wrong, "stages.customs.order_data.repair.at_most=1"))
    assert (mended["first_pass_yield.customs"], rejected["first_pass_yield.customs"]) == (0.0, 0.0)


def test_finds_of_the_bulk_inspection_and_dock_to_stock_of_what_is_never_stocked() -> None:
    """Both are opened and found wrong, corrected once, opened again and rejected: nothing is stocked."""
    found = numbers(run_of(BULK))
    assert (found["inspected.inspection"], found["hit_rate.inspection"]) == (1.0, 1.0)
    assert "dock_to_stock.mean" not in found


def test_a_first_find_that_rejects_is_a_find_and_another_rejection_is_none() -> None:
    """With one correction at most the first find rejects; a stage that rejects what it found right finds nothing."""
    found = numbers(run_of(BULK, "stages.inspection.correction.at_most=1"))
    assert found["hit_rate.inspection"] == 1.0
    right = ("stages.inspection.physical.discrepancy=0", "stages.inspection.reject=1")
    assert numbers(run_of(BULK, *right))["hit_rate.inspection"] == 0.0


def test_dock_to_stock_runs_from_arrival_until_put_away() -> None:
    """Read for 10 min and opened for an hour; the second comes when the first is nearly done and waits for nobody."""
    found = numbers(run_of(BULK, "stages.inspection.physical.discrepancy=0"))
    assert found["dock_to_stock.mean"] == pytest.approx(70 / 60)
    assert found["dock_to_stock.p95"] == pytest.approx(70 / 60)


@pytest.mark.parametrize("at_most", [1, 2])
def test_a_first_attempt_that_fails_is_one_whatever_follows(at_most: int) -> None:
    """With one attempt at most the parcel goes back at once, without waiting for another."""
    found = numbers(run_of(PARCELS, f"stages.delivery.retry.at_most={at_most}"))
    assert (found["first_attempt.delivery"], found["outcome.returned"]) == (0.0, 1.0)


def test_an_attempt_that_has_not_been_made_is_no_success() -> None:
    """At 8:30 both are on the last mile: nothing is known of first attempts."""
    assert "first_attempt.delivery" not in numbers(run_of(PARCELS, "clock.length=8.5 h"))


def test_what_was_picked_again_is_a_share_of_all_picking() -> None:
    """Both are mispicked twice, and the second time rejected: picked twice each."""
    text = """
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 2}, route: [picking]}}
stages: {picking: {pick: {team: pickers, work: 1 h}, check: {team: pickers, work: 1 min}, mispick: 1, at_most: 2}}
teams: {pickers: {staff: 2}}
"""
    found = numbers(run_of(text))
    assert (found["picked_again.picking"], found["outcome.rejected"]) == (0.5, 1.0)


def test_damage_and_protection_are_shares_of_the_orders_placed() -> None:
    """All that is not protected is damaged; protection leaves nothing of it."""
    text = """
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 4}, route: [packing, delivery]}}
stages: {packing: {team: packers, work: 1 h, damage: 100 %}, delivery: {line_haul: 1 h}}
teams: {packers: {staff: 4}}
"""
    assert numbers(run_of(text))["outcome.damaged"] == 1.0
    safe = text.replace("damage: 100 %", "damage: 100 %, protection: {classes: [normal], damage_factor: 0}")
    assert numbers(run_of(safe))["outcome.delivered"] == 1.0


def test_failure_rates_differ_by_what_was_looked_at() -> None:
    """Two parcels, X-rayed and opened, both seized: all of all. With one image clear: half of parcels and images, all of the opened."""
    xray = (
        "stages.customs.mode=xray_then_open",
        "stages.customs.xray.machine={team: officers, work: 1 min}",
        "stages.customs.xray.image={team: officers, work: 1 min}",
        "stages.customs.verdict={release: 0, seize: 1}",
    )
    kinds = ("per_parcel", "per_image", "per_opened_parcel")
    both = numbers(run_of(CUSTOMS, *xray, "stages.customs.xray.doubtful=1"))
    assert [both[f"failures.{kind}.customs"] for kind in kinds] == [1.0, 1.0, 1.0]
    many = ("flows.orders.arrivals.batch=400", "stages.customs.xray.doubtful=0.5", "teams.officers.staff=100")
    half = numbers(run_of(CUSTOMS, *xray, *many))
    opened = half["opened.customs"]
    assert 0.4 < opened < 0.6
    assert [half[f"failures.{kind}.customs"] for kind in kinds] == [opened, opened, 1.0]


def test_samples_of_national_inspection_have_a_failure_rate_of_their_own() -> None:
    """It looks at all and refuses all, of which customs opened none."""
    national = "stages.customs.national={team: officers, work: 1 min, share: 1, refuse: 1}"
    found = numbers(run_of(CUSTOMS, "stages.customs.selection_rate=0", national))
    assert (found["failures.per_sample.customs"], found["failures.per_parcel.customs"]) == (1.0, 0.0)
    assert "failures.per_opened_parcel.customs" not in found
