"""Delivery times, promises and ways to end of a few orders, worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.analysis.lines import numbers, run_of

# Packed 8:30, 9:30, 12:20 and 20:30; dispatched 12:00, 12:00, 22:00 and 22:00; delivered 14:00, 14:00, and twice at
# 24:00, which is the horizon: nothing at the horizon happens.
FOUR = """
flows: {orders: {arrivals: {times: {at: [08:00, 09:00, 11:50, 20:00]}}, route: [packing, delivery]}}
stages:
  packing: {team: packers, work: 30 min}
  delivery: {trucks: {departures: [12:00, 22:00]}, line_haul: 2 h}
teams: {packers: {staff: 1}}
promises: {home: {to: delivered, within: 5 h}, out: {to: dispatched, within: 4 h}}
"""
# One clerk serves the first from 8:00 to 10:00; the other two give up at 9:00.
LOST = """
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 3}, route: [desk]}}
stages: {desk: {team: clerks, work: 2 h, patience: 1 h}}
teams: {clerks: {staff: 1}}
promises: {home: {to: delivered, within: 20 h}}
"""


def promise(found: dict[str, float], key: str) -> tuple[float, float, float]:
    """Shares on time, late, and not yet known."""
    return found[f"on_time.{key}"], found[f"late.{key}"], found[f"unknown.{key}"]


def test_delivery_times_count_orders_under_way_as_longer_than_all_others() -> None:
    """Delivered after 6 h and 5 h, two under way: of the four, the second shortest is 6 h, the last not known."""
    found = numbers(run_of(FOUR))
    assert found["delivery_time.mean"] == 5.5
    assert found["delivery_time.p50"] == 6.0
    assert [found[f"delivery_time.p{percent}"] for percent in (90, 95, 99)] == [math.inf] * 3


def test_order_cycles_end_when_the_truck_leaves() -> None:
    """Dispatched after 4 h, 3 h, 10 h 10 min and 2 h."""
    found = numbers(run_of(FOUR))
    assert found["order_cycle.mean"] == pytest.approx((4 + 3 + 61 / 6 + 2) / 4)
    assert [found[f"order_cycle.p{percent}"] for percent in (50, 90, 99)] == pytest.approx([3, 61 / 6, 61 / 6])


def test_a_promise_is_kept_until_its_very_moment() -> None:
    """Within 4 h of 8:00 is 12:00, when the truck leaves: on time; only the third, dispatched at 22:00, is late."""
    assert promise(numbers(run_of(FOUR)), "out") == (0.75, 0.25, 0.0)


def test_an_order_under_way_is_late_once_its_promised_moment_has_passed_and_unknown_before() -> None:
    """Within 5 h: late at 14:00 for 13:00, on time at 14:00, late for 16:50, and due at 25:00, beyond the end."""
    assert promise(numbers(run_of(FOUR)), "home") == (0.25, 0.5, 0.25)


@pytest.mark.parametrize(("within", "late", "unknown"), [("240 min", 0.75, 0.25), ("239 min", 1.0, 0.0)])
def test_a_promised_moment_at_the_end_of_the_run_lies_beyond_it(within: str, late: float, unknown: float) -> None:
    """The run covers [0, 24:00): an order due at 24:00 may yet make it, one due at 23:59 did not."""
    found = numbers(run_of(FOUR, f"promises.home.within={within}"))
    assert promise(found, "home") == (0.0, late, unknown)


def test_how_orders_end_is_counted_over_those_placed_and_in_full_over_those_that_ended() -> None:
    """Two of four are delivered, all that ended; two are unfinished."""
    found = numbers(run_of(FOUR))
    assert (found["outcome.delivered"], found["unfinished"], found["in_full"]) == (0.5, 0.5, 1.0)


def test_lost_orders_are_late_and_have_no_delivery_time() -> None:
    """Two of three gave up: late, though their promised moment (4:00 the next day) lies beyond the end."""
    found = numbers(run_of(LOST))
    assert promise(found, "home") == pytest.approx((1 / 3, 2 / 3, 0.0))
    assert (found["outcome.cancelled"], found["in_full"]) == pytest.approx((2 / 3, 1 / 3))
    assert (found["unfinished"], found["delivery_time.mean"], found["delivery_time.p99"]) == (0.0, 2.0, 2.0)


def test_a_way_out_that_nobody_took_is_a_share_of_zero() -> None:
    """With three clerks nobody gives up: a replication without cancelled orders counts as one with a share of 0."""
    assert numbers(run_of(LOST, "teams.clerks.staff=3"))["outcome.cancelled"] == 0.0


def test_only_orders_placed_in_the_window_are_measured() -> None:
    """From 8:30 for 3 h only the second order is placed, dispatched after 3 h and delivered after 5 h."""
    found = numbers(run_of(FOUR, "clock.warm_up=8.5 h", "clock.measure=3 h"))
    assert (found["order_cycle.p99"], found["delivery_time.p99"], found["unfinished"]) == (3.0, 5.0, 0.0)
    assert found["demand.per_day"] == 8.0  # one in three hours


def test_what_waits_at_the_start_is_not_among_the_orders_measured() -> None:
    """Nobody knows when the backlog was placed; it takes the clerk's first hours all the same."""
    found = numbers(run_of(LOST, "start.orders.desk=1", "stages.desk.patience=9 h", "stages.desk.work=9 h"))
    assert found["delivery_time.p50"] == 10.0  # the backlog until 9:00, then the first, who came at 8:00, until 18:00
    assert found["demand.per_day"] == 3.0


def test_a_promise_to_some_classes_is_kept_or_broken_by_these_alone() -> None:
    """A promise to a class that nobody ordered has no share at all."""
    text = LOST.replace("route: [desk]", "route: [desk], classes: {normal: {share: 1}, chilled: {share: 0}}")
    found = numbers(run_of(text, "promises.home.classes=[normal]"))
    assert found["on_time.home"] == pytest.approx(1 / 3)
    found = numbers(run_of(text, "promises.home.classes=[chilled]"))
    assert [math.isnan(share) for share in promise(found, "home")] == [True, True, True]


@pytest.mark.parametrize(
    ("delivery", "hours"),
    [
        ("{loading: {team: packers, work: 1 h}, line_haul: 2 h}", 1.5),  # without trucks: loaded
        ("{line_haul: 2 h}", 2.5),  # without either: delivered
    ],
)
def test_dispatched_without_trucks_is_loaded_and_else_delivered(delivery: str, hours: float) -> None:
    """Packed after half an hour; which moment counts as dispatch depends on what delivery has."""
    text = FOUR.replace("{trucks: {departures: [12:00, 22:00]}, line_haul: 2 h}", delivery)
    found = numbers(run_of(text.replace("08:00, 09:00, 11:50, 20:00", "08:00")))
    assert found["order_cycle.mean"] == hours


def test_throughput_counts_what_left_each_stage_in_the_day() -> None:
    """Four packed and dispatched; two came through delivery before the end of the day."""
    found = numbers(run_of(FOUR))
    names = (
        "demand.per_day",
        "throughput.packing",
        "throughput.dispatched",
        "throughput.delivery",
        "throughput.delivered",
    )
    assert [found[name] for name in names] == [4.0, 4.0, 4.0, 2.0, 2.0]
