"""Queues are strict: paused first, then priority or due date where the team says so, then time joined, then item."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import a_plan, item, team, wait, work


def starts(plan, records, step="pack"):
    """When work on each item began, by item."""
    number = next(n for n, name in enumerate(plan.step_names) if name.key == step)
    chosen = records.visits.step == number
    return dict(zip(records.visits.item[chosen].tolist(), records.visits.started[chosen].tolist(), strict=True))


def test_first_come_first_served_by_the_time_of_joining(engine):
    """Item 1 joins at 3, item 0 at 5, item 2 at 4; the packer comes at 10."""
    plan = a_plan(
        wait("haul", [5, 3, 4]), work("pack", "packers", 2), teams={"packers": [(0, 0), (10, 1)]}, items=[0, 0, 0]
    )  # fmt: skip
    assert starts(plan, engine(plan)) == {1: 10, 2: 12, 0: 14}


def test_who_joins_together_is_served_by_number(engine):
    """Items 2, 1 and 0 join at 6 from waits of different lengths."""
    plan = a_plan(wait("haul", [6, 5, 4]), work("pack", "packers", 2), teams={"packers": 1}, items=[0, 1, 2])
    assert starts(plan, engine(plan)) == {0: 6, 1: 8, 2: 10}


def test_the_lower_priority_number_goes_first_and_never_stops_a_job(engine):
    """Item 0 is at work until 5; then priority 0 (joined 3), priority 1 (joined 2), priority 2 (joined 1)."""
    plan = a_plan(
        work("pack", "packers", [5, 2, 2, 2]), teams={"packers": team(1, order="priority")},
        items=[item(0, priority=2), item(1, priority=2), item(2, priority=1), item(3, priority=0)],
    )  # fmt: skip
    assert starts(plan, engine(plan)) == {0: 0, 3: 5, 2: 7, 1: 9}


def test_within_a_priority_the_order_is_by_joining_and_then_by_number(engine):
    """Priority 1 twice: joined 2 before joined 3; priority 0 twice, both joined at 4: by number."""
    plan = a_plan(
        wait("haul", [3, 2, 4, 4]), work("pack", "packers", 1), teams={"packers": team([(0, 0), (9, 1)], order="priority")},
        items=[item(0, priority=1), item(0, priority=1), item(0, priority=0), item(0, priority=0)],
    )  # fmt: skip
    assert starts(plan, engine(plan)) == {2: 9, 3: 10, 1: 11, 0: 12}


def test_the_earliest_due_date_goes_first(engine):
    """Due at 30, 20 and 20: the two of 20 by time of joining; priorities do not count."""
    plan = a_plan(
        work("pack", "packers", 4), teams={"packers": team([(0, 0), (9, 1)], order="due_date")},
        items=[item(0, due=30, priority=0), item(1, due=20, priority=5), item(2, due=20, priority=1)],
    )  # fmt: skip
    assert starts(plan, engine(plan)) == {1: 9, 2: 13, 0: 17}


def test_a_team_that_serves_first_come_overlooks_priority_and_due_date(engine):
    """The last to join is the most urgent, and is served last."""
    plan = a_plan(
        work("pack", "packers", 4), teams={"packers": [(0, 0), (9, 1)]},
        items=[item(0, due=30, priority=3), item(1, due=20, priority=2), item(2, due=10, priority=1)],
    )  # fmt: skip
    assert starts(plan, engine(plan)) == {0: 9, 1: 13, 2: 17}


def test_each_team_has_its_own_order(engine):
    """Pickers serve by priority, packers first come."""
    plan = a_plan(
        work("pick", "pickers", [3, 2, 2]), work("pack", "packers", [9, 1, 1]),
        teams={"pickers": team(1, order="priority"), "packers": 1},
        items=[item(0, priority=0), item(1, priority=2), item(2, priority=1)],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pick pickers 0 0 3
        0 pack packers 3 3 12
        0 delivered 12
        1 pick pickers 1 5 7
        1 pack packers 7 13 14
        1 delivered 14
        2 pick pickers 2 3 5
        2 pack packers 5 12 13
        2 delivered 13
    """)
