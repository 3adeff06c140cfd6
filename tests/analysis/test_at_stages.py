"""When goods leave stages, also those at which nothing held them; worked out by hand."""

from __future__ import annotations

import pytest

from tests.analysis.lines import numbers, run_of

# Nobody is selected: two stages of customs in a row hold nobody, between packing (at 8:00, half an hour each, one packer)
# and the ride of 20 hours, which ends on the next day.
PASSING = """
clock: {start: 2026-11-02 06:00, length: 2 d}
flows: {orders: {arrivals: {times: {at: [08:00], days: mon}, batch: 2}, route: [packing, port, border, delivery]}}
stages:
  packing: {team: packers, work: 30 min}
  port: {kind: customs, selection_rate: 0 %, opening: {team: officers, work: 1 h}}
  border: {kind: customs, selection_rate: 0 %, opening: {team: officers, work: 1 h}}
  delivery: {last_mile: 20 h}
teams: {packers: {staff: 1}, officers: {staff: 1}}
"""


def by_day(*settings: str) -> dict[str, list[int]]:
    """Goods that left each stage, day by day."""
    return {stage: became.by_day.tolist() for stage, became in run_of(PASSING, *settings).at_stages.items()}


def test_goods_pass_stages_that_do_not_hold_them_when_they_come_to_a_later_one() -> None:
    """Packed at 8:30 and 9:00, both are past port and border at once, and delivered on Tuesday at 4:30 and 5:00."""
    expected = {"packing": [2, 0, 0], "port": [2, 0, 0], "border": [2, 0, 0], "delivery": [0, 2, 0]}
    assert by_day() == expected


def test_goods_that_are_held_leave_when_the_last_visit_ends() -> None:
    """All are opened at the border from 8:30 on, an hour each: past the port before, past the border at 9:30 and 10:30."""
    window = ("clock.warm_up=210 min", "clock.measure=1 h")  # from 9:30 to 10:30
    found = numbers(run_of(PASSING, "stages.border.selection_rate=100 %", *window))
    assert found["throughput.border"] == pytest.approx(24)  # one in an hour: the end of the window is out of it
    assert found["throughput.port"] == 0.0


def test_goods_that_are_inside_have_not_passed() -> None:
    """The run ends at 8:45: the second is being packed, the first on its ride."""
    found = by_day("clock.length=165 min")
    assert found == {"packing": [1], "port": [1], "border": [1], "delivery": [0]}


def test_goods_that_were_there_at_the_start_pass_nothing_unseen() -> None:
    """One more on the ride at the start: where it was before is not known, and it leaves the last stage alone."""
    found = by_day("start.orders.delivery=1")
    assert found == {"packing": [2, 0, 0], "port": [2, 0, 0], "border": [2, 0, 0], "delivery": [0, 3, 0]}


def test_the_end_of_the_way_is_passed_by_who_came_to_it() -> None:
    """Without a ride they leave as delivered when they come past port and border, at which nothing held them."""
    found = by_day("flows.orders.route=[packing, port, border]")
    assert [found[stage] for stage in ("packing", "port", "border")] == [[2, 0, 0]] * 3
