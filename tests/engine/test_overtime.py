"""Overtime while there is work, and teams whose speed changes."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import NONE, a_plan, team, work


def counter(heads, times, items, **rules):
    """One queue, served by a team of these head-counts: (at, heads, may start, may stay, speed)."""
    return a_plan(work("serve", "clerks", times), teams={"clerks": team(heads, **rules)}, items=items)


UNTIL_10 = [(0, 2), (10, 0, 0, 2), (20, 0, 0, 0), (50, 2)]


def test_who_has_work_stays_and_goes_home_when_there_is_none(engine):
    """Two work until 10 and may stay until 20. At 12 one of them finds nothing and goes: item 3 comes at 13 in vain."""
    plan = counter(UNTIL_10, [12, 8, 7, 3], [0, 0, 1, 13])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 12
        0 delivered 12
        1 serve clerks 0 0 8
        1 delivered 8
        2 serve clerks 1 8 15
        2 delivered 15
        3 serve clerks 13 15 18     # the other one is still there, until nothing is left at 18
        3 delivered 18
    """)


def test_who_is_free_when_the_shift_ends_goes_home(engine):
    """Nothing is there at 10, so both go; what comes at 11 waits for the morning."""
    plan = counter(UNTIL_10, [5, 2], [0, 11])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 5
        0 delivered 5
        1 serve clerks 11 50 52
        1 delivered 52
    """)


def test_work_that_comes_at_the_end_of_the_shift_is_still_taken(engine):
    """It arrives at 10, the moment at which the shift ends: who stays decides after all has settled."""
    plan = counter(UNTIL_10, 3, [10])
    assert history(plan, engine(plan))[0] == "0 serve clerks 10 10 13"


def test_nothing_begins_after_the_last_moment_of_overtime(engine):
    """At 20 overtime is over: the job in hand is finished, the next waits for the morning."""
    plan = counter([(0, 1), (10, 0, 0, 1), (20, 0, 0, 0), (50, 1)], [15, 8, 4], [0, 0, 0])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 15
        0 delivered 15
        1 serve clerks 0 15 23
        1 delivered 23
        2 serve clerks 0 50 54
        2 delivered 54
    """)


def test_under_pause_overtime_ends_in_the_middle_of_a_job(engine):
    """The job that began in overtime stops at 20, and goes on at 50."""
    plan = counter([(0, 1), (10, 0, 0, 1), (20, 0, 0, 0), (50, 1)], [15, 8], [0, 0], at_shift_end="pause")
    assert history(plan, engine(plan))[2:] == lines("""
        1 serve clerks 0 15 53
        1 serve spell 0 clerks 15 20
        1 serve spell 1 clerks 50 53
        1 delivered 53
    """)


def test_those_who_may_stay_are_no_more_than_left(engine):
    """Of three, one leaves at 10 and may stay, with two places for overtime: three work, not four."""
    plan = counter([(0, 3), (10, 2, 2, 2), (30, 2, 2, 0)], 20, [0, 0, 0, 5])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 20
        0 delivered 20
        1 serve clerks 0 0 20
        1 delivered 20
        2 serve clerks 0 0 20
        2 delivered 20
        3 serve clerks 5 20 40
        3 delivered 40
    """)


def test_a_team_gets_faster(engine):
    """At half speed 4 takes 8; from 10 on, at full speed, it takes 4. What has begun keeps its pace."""
    plan = counter([(0, 1, 1, 0, 500), (10, 1, 1, 0, 1000), (11, 1, 1, 0, NONE)], 4, [0, 3, 12, 13])
    assert history(plan, engine(plan)) == lines("""
        0 serve clerks 0 0 8
        0 delivered 8
        1 serve clerks 3 8 16
        1 delivered 16
        2 serve clerks 12 16 20
        2 delivered 20
        3 serve clerks 13 20 24
        3 delivered 24
    """)
