"""Branches: an item's number is held against the rate in force now; a branch may be taken only so often."""

from __future__ import annotations

from sim.plan.plan import NONE, PPM
from sim.plan.steps import Outcome
from tests.engine.histories import history, lines
from tests.plans import HALF, NO, YES, a_plan, branch, gate, item, leave, truck, wait, work


def inspection(numbers, **rules):
    """Arrivals come to a branch that sends them to inspection, and else straight out."""
    return [
        branch("select", "inspection", numbers, **rules),
        leave("out"),
        leave("inspection", Outcome.SEIZED),
    ]


def test_a_number_below_the_rate_takes_the_branch(engine):
    """At 30,000 in a million 29,999 is taken, and 30,000 is not."""
    plan = a_plan(*inspection([29_999, 30_000], rate=30_000), items=[0, 0])
    assert history(plan, engine(plan)) == ["0 seized 0", "1 delivered 0"]


def test_a_rate_of_nothing_takes_nobody_and_a_rate_of_all_everybody(engine):
    """The smallest number is not below 0, the largest is below a million."""
    nobody, all_of_them = a_plan(*inspection(0, rate=0), items=[0]), a_plan(*inspection(PPM - 1, rate=PPM), items=[0])
    assert history(nobody, engine(nobody)) == ["0 delivered 0"]
    assert history(all_of_them, engine(all_of_them)) == ["0 seized 0"]


def test_a_new_rate_holds_from_its_own_millisecond_on(engine):
    """Parcels of 9 and 10 have the same number: the rate of 10 is in force before anybody arrives at 10."""
    plan = a_plan(*inspection(HALF, rate=[(0, HALF), (10, HALF + 1), (20, 0)]), items=[9, 10, 19, 20])
    assert history(plan, engine(plan)) == ["0 delivered 9", "1 seized 10", "2 seized 19", "3 delivered 20"]


def test_a_new_rate_holds_for_those_whom_a_departure_frees_at_its_moment(engine):
    """The truck leaves at 10, when the rate changes."""
    plan = a_plan(
        gate("truck"), *inspection(HALF, rate=[(0, PPM), (10, 0)]), gates={"truck": truck([(9, 1), (10, 1)])}, items=[0, 1]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 truck 0 9 9
        0 seized 9
        1 truck 1 10 10
        1 delivered 10
    """)


def test_each_class_has_its_own_rate(engine):
    """Class 0 is never taken, class 1 from 5 on, class 2 always."""
    plan = a_plan(
        *inspection(HALF, by_class=[0, [(0, 0), (5, PPM)], PPM]),
        items=[item(0, goods_class=number) for number in (0, 1, 2)] + [item(5, goods_class=1)],
    )
    assert history(plan, engine(plan)) == ["0 delivered 0", "1 delivered 0", "2 seized 0", "3 seized 5"]


def test_branches_have_rates_of_their_own(engine):
    """The first branch takes nobody, the second everybody."""
    plan = a_plan(
        branch("select", "out", HALF, rate=0), branch("national", "refused", HALF, rate=PPM), leave("out"),
        leave("refused", Outcome.DESTROYED), items=[0],
    )  # fmt: skip
    assert history(plan, engine(plan)) == ["0 destroyed 0"]


def test_each_attempt_has_its_own_number(engine):
    """The first check fails, the second does not."""
    plan = a_plan(
        work("check", "checkers", 2), branch("fails", "check", [[YES], [NO]]), teams={"checkers": 1}, items=[0]
    )
    assert history(plan, engine(plan)) == lines("""
        0 check   checkers 0 0 2
        0 check#1 checkers 2 2 4
        0 delivered 4
    """)


def test_after_the_last_failed_attempt_the_item_goes_another_way(engine):
    """Three attempts: two failures come back, the third is rejected. The count is each item's own."""
    plan = a_plan(
        work("check", "checkers", 2),
        branch("fails", "wait", [[YES, YES], [YES, NO], [YES, NO]], at_most=3, exhausted="rejected", then="out"),
        wait("wait", 10, then="check"),
        leave("out"),
        leave("rejected", Outcome.REJECTED),
        teams={"checkers": 2},
        items=[0, 5],
    )
    assert history(plan, engine(plan)) == lines("""
        0 check   checkers 0 0 2
        0 wait 2 2 12
        0 check#1 checkers 12 12 14
        0 wait#1 14 14 24
        0 check#2 checkers 24 24 26
        0 rejected 26
        1 check   checkers 5 5 7
        1 wait 7 7 17
        1 check#1 checkers 17 17 19
        1 delivered 19
    """)


def test_a_single_attempt_is_rejected_at_its_first_failure(engine):
    """At most once means that nobody comes back."""
    plan = a_plan(
        work("check", "checkers", 2),
        branch("fails", "check", [YES, NO], at_most=1, exhausted="rejected"),
        leave("out"),
        leave("rejected", Outcome.REJECTED),
        teams={"checkers": 2},
        items=[0, 0],
    )
    assert history(plan, engine(plan)) == lines("""
        0 check checkers 0 0 2
        0 rejected 2
        1 check checkers 0 0 2
        1 delivered 2
    """)


def test_only_passes_that_were_taken_count(engine):
    """Passed, failed, passed, failed: the second failure is the last one, at the fourth time here."""
    plan = a_plan(
        work("check", "checkers", 1),
        branch("fails", "check", [[NO], [YES], [NO], [YES]], at_most=2, exhausted="rejected"),
        branch("once more", "check", [[YES], [YES], [NO]]),
        leave("out"),
        leave("rejected", Outcome.REJECTED),
        teams={"checkers": 1},
        items=[0],
    )
    assert history(plan, engine(plan)) == lines("""
        0 check   checkers 0 0 1    # passed, but once more
        0 check#1 checkers 1 1 2    # failed, taken for the first time
        0 check#2 checkers 2 2 3    # passed, but once more
        0 check#3 checkers 3 3 4    # failed for the second time
        0 rejected 4
    """)


def test_an_exhausted_branch_stays_exhausted(engine):
    """Who comes again after the last failed attempt has no further ones: at most twice is at most twice."""
    plan = a_plan(
        wait("appeal", 3),
        work("check", "checkers", 1),
        branch("fails", "check", YES, at_most=2, exhausted="second instance", then="out"),
        branch("second instance", "appeal", [[YES], [NO]], then="rejected"),
        leave("rejected", Outcome.REJECTED),
        leave("out"),
        teams={"checkers": 1},
        items=[0],
    )
    assert history(plan, engine(plan)) == lines("""
        0 appeal 0 0 3
        0 check   checkers 3 3 4
        0 check#1 checkers 4 4 5
        0 appeal#1 5 5 8
        0 check#2 checkers 8 8 9    # fails a third time
        0 rejected 9
    """)


def test_branches_of_no_time_follow_one_another(engine):
    """Three verdicts on one number: the first that is above it decides."""
    share = 200_000
    plan = a_plan(
        branch("seize", "seized", [100_000, 300_000, 500_000, 700_000], rate=share),
        branch("delete", "deleted", [100_000, 300_000, 500_000, 700_000], rate=2 * share),
        branch("amend", "amended", [100_000, 300_000, 500_000, 700_000], rate=3 * share),
        leave("out"),
        leave("seized", Outcome.SEIZED),
        leave("deleted", Outcome.DELETED),
        wait("amended", 7, then="out"),
        items=[0, 0, 0, 0],
    )
    assert history(plan, engine(plan)) == [
        "0 seized 0",
        "1 deleted 0",
        "2 amended 0 0 7",
        "2 delivered 7",
        "3 delivered 0",
    ]


def test_steps_that_come_only_once_need_no_counter(engine):
    """A route without loops works without counting."""
    plan = a_plan(
        wait("haul", 2, visit_slot=NONE), branch("select", "out", YES, visit_slot=NONE), wait("more", 5), items=[0]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 2
        0 delivered 2
    """)
