"""Patience: whoever has waited too long for a first start goes another way."""

from __future__ import annotations

from sim.plan.steps import Outcome
from tests.engine.histories import history, lines
from tests.plans import NO, YES, a_plan, branch, item, leave, team, wait, work


def counter(times, patience, heads, items, after=(), **rules):
    """A queue that buyers leave as cancelled when their patience ends."""
    return a_plan(
        work("serve", "clerks", times, patience=patience, lost="gone"), *after, leave("out"),
        leave("gone", Outcome.CANCELLED), teams={"clerks": team(heads, **rules)}, items=items,
    )  # fmt: skip


def test_who_waits_too_long_leaves(engine):
    """Item 1 joined at 2 and waits 4: it leaves at 6, and item 2 is served at 10 in its place."""
    plan = counter([10, 3, 3], [9, 4, 20], 1, [0, 2, 3])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 10
        0 delivered 10
        1 serve 2 - 6
        1 cancelled 6
        2 serve clerks 3 10 13
        2 delivered 13
    """)


def test_who_is_out_of_patience_at_the_moment_of_service_leaves(engine):
    """Item 1's patience ends at 10, just as the clerk comes free: it leaves, and item 2 starts at 10."""
    plan = counter([10, 3, 3], [9, 8, 20], 1, [0, 2, 3])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 10
        0 delivered 10
        1 serve 2 - 10
        1 cancelled 10
        2 serve clerks 3 10 13
        2 delivered 13
    """)


def test_patience_that_ends_as_the_shift_begins_is_at_an_end(engine):
    """The clerk comes at 10, patience ends at 10."""
    plan = counter(3, [10, 11], [(0, 0), (10, 1)], [0, 0])
    assert history(plan, engine(plan)) == lines("""
        0 serve 0 - 10
        0 cancelled 10
        1 serve clerks 0 10 13
        1 delivered 13
    """)


def test_patience_ends_with_the_first_start(engine):
    """Work takes longer than patience would have lasted; a pause does not wake it again."""
    plan = counter(12, 5, [(0, 1), (4, 0), (30, 1)], [0], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 38
        0 serve spell 0 clerks 0 4
        0 serve spell 1 clerks 30 38
        0 delivered 38
    """)


def test_the_patience_of_a_former_visit_does_not_touch_a_later_one(engine):
    """Served at once at 0, back in the queue at 4 with a patience until 14: the old one's end at 10 means nothing."""
    plan = counter(
        [[4, 20], [3, 1]], [[10, 10], [10, 10]], 1, [0, 1], after=[branch("again", "serve", [[YES, NO], [NO, NO]])]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 serve   clerks 0 0 4
        0 serve#1 4 - 14
        0 cancelled 14
        1 serve clerks 1 4 24
        1 delivered 24
    """)


def test_a_second_visit_is_served_though_the_first_patience_ends_while_it_waits(engine):
    """As before, but the clerk is free at 12: after the stale end of 10, before the true one of 14."""
    plan = counter(
        [[4, 8], [3, 1]], [[10, 10], [10, 10]], 1, [0, 1], after=[branch("again", "serve", [[YES, NO], [NO, NO]])]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 serve   clerks 0 0 4
        0 serve#1 clerks 4 12 15
        0 delivered 15
        1 serve clerks 1 4 12
        1 delivered 12
    """)


def test_each_attempt_has_its_own_patience(engine):
    """Patient at first (30), impatient the second time (2)."""
    plan = counter(
        [[4, 8], [3, 1]], [[30, 30], [2, 2]], 1, [0, 1], after=[branch("again", "serve", [[YES, NO], [NO, NO]])]
    )
    assert history(plan, engine(plan)) == lines("""
        0 serve   clerks 0 0 4
        0 serve#1 4 - 6
        0 cancelled 6
        1 serve clerks 1 4 12
        1 delivered 12
    """)


def test_a_head_that_gives_up_lets_those_behind_it_start_at_that_moment(engine):
    """A crew of 2 has held up the queue since 1; when it gives up at 6 the single job starts at 6."""
    plan = a_plan(
        flows={
            "long": [work("load", "crew", 20)],
            "pair": [work("lift", "crew", 5, crew=2, patience=5, lost="gone"), leave("out"), leave("gone", Outcome.CANCELLED)],
        },
        teams={"crew": 2},
        items=[item(0, "long"), item(1, "pair"), item(2, "long")],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 load crew 0 0 20
        0 delivered 20
        1 lift 1 - 6
        1 cancelled 6
        2 load crew 2 6 26
        2 delivered 26
    """)


def test_who_gives_up_may_go_to_another_queue(engine):
    """After 3 at the counter the buyer calls the hotline, and is served there by the time of joining there."""
    plan = a_plan(
        work("counter", "clerks", 9, patience=3, lost="hotline", then="out"), work("hotline", "agents", 4, then="out"),
        leave("out"), teams={"clerks": 1, "agents": 1}, items=[0, 1],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 counter clerks 0 0 9
        0 delivered 9
        1 counter 1 - 4
        1 hotline agents 4 4 8
        1 delivered 8
    """)


def test_several_give_up_at_once(engine):
    """Items 1 and 2 leave at 7, when item 3 of the same queue has only begun to wait."""
    plan = counter([20, 1, 1, 1], [1, 7, 6, 30], 1, [0, 0, 1, 7])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 20
        0 delivered 20
        1 serve 0 - 7
        1 cancelled 7
        2 serve 1 - 7
        2 cancelled 7
        3 serve clerks 7 20 21
        3 delivered 21
    """)


def test_several_who_give_up_as_staff_come_leave_the_next_to_be_served(engine):
    """The clerk comes at 7, when the first two leave: the third begins at 7."""
    plan = counter([1, 1, 4], [7, 6, 30], [(0, 0), (7, 1)], [0, 1, 2])
    assert history(plan, engine(plan)) == lines("""
        0 serve 0 - 7
        0 cancelled 7
        1 serve 1 - 7
        1 cancelled 7
        2 serve clerks 2 7 11
        2 delivered 11
    """)


def test_a_helper_is_not_offered_to_who_has_just_given_up(engine):
    """The helper comes at 5, when the head gives up: it takes the next one."""
    plan = a_plan(
        work("serve", "clerks", 3, patience=[5, 9], lost="gone"), leave("out"), leave("gone", Outcome.CANCELLED),
        teams={"clerks": team(0, helpers=("others",)), "others": [(0, 0), (5, 1)]}, items=[0, 0],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 serve 0 - 5
        0 cancelled 5
        1 serve others 0 5 8
        1 delivered 8
    """)


def test_patience_left_over_after_an_item_is_gone_does_nothing(engine):
    """Served and gone at 2; its patience would have ended at 50."""
    plan = counter(2, 50, 1, [0])
    assert history(plan, engine(plan)) == ["0 serve clerks 0 0 2", "0 delivered 2"]


def test_patience_does_not_run_before_joining(engine):
    """Travelling is not waiting: the two begin to wait at 8 and 9."""
    plan = a_plan(
        wait("haul", 8), work("serve", "clerks", 9, patience=3, lost="gone"), leave("out"),
        leave("gone", Outcome.CANCELLED), teams={"clerks": 1}, items=[0, 1],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 8
        0 serve clerks 8 8 17
        0 delivered 17
        1 haul 1 1 9
        1 serve 9 - 12
        1 cancelled 12
    """)
