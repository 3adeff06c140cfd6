"""Waits: time passes without staff, by the clock or only while a calendar is open."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import a_plan, wait, work

LABORATORY = {"lab": [(10, 20), (30, 40)]}


def test_any_number_wait_at_once(engine):
    """A transit needs no staff: nobody waits for anybody."""
    plan = a_plan(wait("haul", [5, 5, 2]), items=[0, 1, 1])
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 delivered 5
        1 haul 1 1 6
        1 delivered 6
        2 haul 1 1 3
        2 delivered 3
    """)


def test_time_passes_only_while_the_calendar_is_open(engine):
    """Open from 10 to 20 and from 30 to 40: what comes at night waits for the morning."""
    plan = a_plan(wait("test", [5, 12, 6, 3], calendar="lab"), calendars=LABORATORY, items=[0, 12, 14, 25])
    assert history(plan, engine(plan)) == lines("""
        0 test  0  0 15
        0 delivered 15
        1 test 12 12 34      # 8 of the 12 by 20, the other 4 from 30 on
        1 delivered 34
        2 test 14 14 20      # done at the very end of the day, not at the next opening
        2 delivered 20
        3 test 25 25 33
        3 delivered 33
    """)


def test_a_calendar_is_open_from_its_first_millisecond_and_shut_from_its_last(engine):
    """Who comes at 10 begins at once; who comes at 20 waits until 30."""
    plan = a_plan(wait("test", 1, calendar="lab"), calendars=LABORATORY, items=[10, 20])
    assert history(plan, engine(plan)) == lines("""
        0 test 10 10 11
        0 delivered 11
        1 test 20 20 31
        1 delivered 31
    """)


def test_a_wait_may_span_whole_openings(engine):
    """Twenty open milliseconds are both days."""
    plan = a_plan(wait("test", 20, calendar="lab"), calendars=LABORATORY, items=[3])
    assert history(plan, engine(plan)) == lines("""
        0 test 3 3 40
        0 delivered 40
    """)


def test_what_the_calendar_does_not_finish_is_still_inside(engine):
    """Twenty-one open milliseconds do not fit, and nothing opens after 40."""
    plan = a_plan(wait("test", [21, 1], calendar="lab"), calendars=LABORATORY, items=[3, 40])
    assert history(plan, engine(plan)) == lines("""
        0 test 3 3 -
        0 inside
        1 test 40 40 -
        1 inside
    """)


def test_a_calendar_that_never_opens_holds_for_ever(engine):
    """A run over a holiday: the laboratory is shut from beginning to end, other waits go on."""
    plan = a_plan(
        wait("haul", 2), wait("test", 1, calendar="lab"), calendars={"lab": []}, items=[0]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 2
        0 test 2 2 -
        0 inside
    """)


def test_each_wait_follows_its_own_calendar(engine):
    """The laboratory opens at 10, the office at 4."""
    plan = a_plan(
        wait("paper", 2, calendar="office"), wait("test", 3, calendar="lab"),
        calendars={**LABORATORY, "office": [(4, 5), (6, 9)]}, items=[0],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 paper 0 0 7
        0 test 7 7 13
        0 delivered 13
    """)


def test_who_ends_a_wait_as_staff_come_free_starts_at_once(engine):
    """Wait and work end at 6 together; the order of the two does not matter."""
    plan = a_plan(wait("haul", [1, 5]), work("pack", "packers", [5, 2]), teams={"packers": 1}, items=[0, 1])
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 1
        0 pack packers 1 1 6
        0 delivered 6
        1 haul 1 1 6
        1 pack packers 6 6 8
        1 delivered 8
    """)
