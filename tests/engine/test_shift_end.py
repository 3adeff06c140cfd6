"""The end of a shift: finish in overtime, or pause and resume; and no new start shortly before."""

from __future__ import annotations

import pytest

from tests.engine.histories import history, lines
from tests.plans import NO, YES, a_plan, branch, item, team, wait, work

DAY_AND_NEXT = [(0, 1), (10, 0), (20, 1)]


def packing(heads, times, items, **rules):
    """One work step whose team has these head-counts."""
    return a_plan(work("pack", "packers", times), teams={"packers": team(heads, **rules)}, items=items)


# finish -------------------------------------------------------------------------------------------------


def test_finish_ends_the_job_in_hand_in_overtime(engine):
    """The job of 5 runs on to 13 although the shift ends at 10; the next waits for the morning."""
    plan = packing(DAY_AND_NEXT, [8, 3], [5, 6])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 5 5 13
        0 delivered 13
        1 pack packers 6 20 23
        1 delivered 23
    """)


@pytest.mark.parametrize("rule", ["finish", "pause"])
def test_work_that_ends_with_the_shift_is_done_and_no_other_begins(engine, rule):
    """At 10 the first is done; the shift is [0, 10), so the second does not start then but at 20."""
    plan = packing(DAY_AND_NEXT, [6, 3], [4, 5], at_shift_end=rule)
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 4 4 10
        0 delivered 10
        1 pack packers 5 20 23
        1 delivered 23
    """)


@pytest.mark.parametrize("rule", ["finish", "pause"])
def test_who_arrives_as_the_shift_ends_is_too_late_and_as_it_begins_in_time(engine, rule):
    """Arrivals of 10 wait until 20; the shift that begins at 20 serves an arrival of 20, after those who waited."""
    plan = packing(DAY_AND_NEXT, [4, 3], [10, 20], at_shift_end=rule)
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 10 20 24
        0 delivered 24
        1 pack packers 20 24 27
        1 delivered 27
    """)


def test_nothing_starts_until_fewer_are_busy_than_are_there(engine):
    """From 10 on one of two should be there, both are busy: at 12 one is still at work, at 15 the next may start."""
    plan = packing([(0, 2), (10, 1)], [12, 15, 4], [0, 0, 1])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 12
        0 delivered 12
        1 pack packers 0 0 15
        1 delivered 15
        2 pack packers 1 15 19
        2 delivered 19
    """)


def test_overtime_that_lasts_into_the_next_shift_keeps_its_place_there(engine):
    """The job of 8 runs until 25; the one packer who came at 20 is the one at work on it."""
    plan = packing(DAY_AND_NEXT, [17, 2], [8, 9])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 8 8 25
        0 delivered 25
        1 pack packers 9 25 27
        1 delivered 27
    """)


def test_more_staff_start_with_all_who_wait_at_once(engine):
    """Three wait when the head-count rises from one to four at 10."""
    plan = packing([(0, 1), (10, 4)], [20, 2, 3, 4], [0, 1, 2, 3])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 20
        0 delivered 20
        1 pack packers 1 10 12
        1 delivered 12
        2 pack packers 2 10 13
        2 delivered 13
        3 pack packers 3 10 14
        3 delivered 14
    """)


# pause --------------------------------------------------------------------------------------------------


def test_pause_stops_the_job_and_resumes_it_with_what_was_left(engine):
    """Five of eight are done by 10, the other three follow from 20 on, before the job that waited."""
    plan = packing(DAY_AND_NEXT, [8, 3], [5, 6], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 5 5 23
        0 pack spell 0 packers 5 10
        0 pack spell 1 packers 20 23
        0 delivered 23
        1 pack packers 6 23 26
        1 delivered 26
    """)


def test_pause_may_happen_more_than_once(engine):
    """Twelve hours of work in shifts of five."""
    plan = packing([(0, 1), (5, 0), (10, 1), (15, 0), (20, 1)], [12], [0], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 22
        0 pack spell 0 packers 0 5
        0 pack spell 1 packers 10 15
        0 pack spell 2 packers 20 22
        0 delivered 22
    """)


def test_the_latest_first_start_stops_first(engine):
    """Two are at work, begun at 0 and 4, when one goes at 10: the later stops, and resumes when the other is done."""
    plan = packing([(0, 2), (10, 1)], [20, 20], [0, 4], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 20
        0 delivered 20
        1 pack packers 4 4 34
        1 pack spell 0 packers 4 10
        1 pack spell 1 packers 20 34
        1 delivered 34
    """)


def test_of_jobs_begun_together_the_larger_item_stops_first(engine):
    """Three begin at 0; at 10 only one of them goes on, at 15 the smaller of the two others resumes."""
    plan = packing([(0, 3), (10, 1), (15, 2)], [20, 20, 20], [0, 0, 0], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 20
        0 delivered 20
        1 pack packers 0 0 25
        1 pack spell 0 packers 0 10
        1 pack spell 1 packers 15 25
        1 delivered 25
        2 pack packers 0 0 30
        2 pack spell 0 packers 0 10
        2 pack spell 1 packers 20 30
        2 delivered 30
    """)


def test_it_is_the_first_start_that_counts_and_not_the_last_resumption(engine):
    """Item 1 began at 0 and was resumed at 10, when item 0 began: at 12 item 0 stops, though 1 is the larger number."""
    plan = a_plan(
        wait("haul", 6), work("pack", "packers", [20, 20]), items=[0, item(0, first="pack")],
        teams={"packers": team([(0, 1), (5, 0), (10, 2), (12, 1)], at_shift_end="pause")},
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 6
        0 pack packers 6 10 43
        0 pack spell 0 packers 10 12
        0 pack spell 1 packers 25 43
        0 delivered 43
        1 pack packers 0 0 25
        1 pack spell 0 packers 0 5
        1 pack spell 1 packers 10 25
        1 delivered 25
    """)


def test_paused_jobs_go_before_new_ones_and_by_first_start_whatever_their_priority(engine):
    """At 10 all stop. At 20 one is back: first start 0, then first start 3, and only then the urgent item of 5."""
    plan = packing(
        [(0, 2), (10, 0), (20, 1)], [12, 12, 2],
        [item(0, priority=9), item(3, priority=1), item(5, priority=0)], at_shift_end="pause", order="priority",
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 22
        0 pack spell 0 packers 0 10
        0 pack spell 1 packers 20 22
        0 delivered 22
        1 pack packers 3 3 27
        1 pack spell 0 packers 3 10
        1 pack spell 1 packers 22 27
        1 delivered 27
        2 pack packers 5 27 29
        2 delivered 29
    """)


def test_of_paused_jobs_the_first_begun_resumes_first_and_not_the_first_paused(engine):
    """The job of 4 stops at 10 and that of 0 at 12; when one packer is back at 20, the job of 0 goes on first."""
    plan = packing([(0, 2), (10, 1), (12, 0), (20, 1)], [15, 15], [0, 4], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 23
        0 pack spell 0 packers 0 12
        0 pack spell 1 packers 20 23
        0 delivered 23
        1 pack packers 4 4 32
        1 pack spell 0 packers 4 10
        1 pack spell 1 packers 23 32
        1 delivered 32
    """)


def test_of_paused_jobs_the_first_begun_resumes_first_and_not_the_longest_at_work(engine):
    """Item 0 (begun 0) stopped at 5 and went on at 10; item 1 (begun 4) was in a helper's hands from 4 to 12.

    At 12 both stop. At 20 one packer is back and goes on with item 0.
    """
    plan = a_plan(
        work("pack", "packers", 15),
        teams={
            "packers": team([(0, 1), (5, 0), (10, 1), (12, 0), (20, 1)], at_shift_end="pause", helpers=("helpers",)),
            "helpers": team([(0, 0), (4, 1), (12, 0)], at_shift_end="pause"),
        },
        items=[0, 4],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 28
        0 pack spell 0 packers 0 5
        0 pack spell 1 packers 10 12
        0 pack spell 2 packers 20 28
        0 delivered 28
        1 pack helpers 4 4 35
        1 pack spell 0 helpers 4 12
        1 pack spell 1 packers 28 35
        1 delivered 35
    """)


def test_a_change_of_shift_that_leaves_as_many_stops_nobody(engine):
    """One goes and one comes at 10: the net head-count is what it was."""
    plan = packing([(0, 1), (10, 1)], [15], [0], at_shift_end="pause")
    assert history(plan, engine(plan)) == ["0 pack packers 0 0 15", "0 delivered 15"]


def test_a_paused_job_is_resumed_at_once_by_a_helper_at_the_helpers_speed(engine):
    """At 10 the packers go with 3 left to do; the helpers, half as fast, take it on at 10 and need 6."""
    plan = a_plan(
        work("pack", "packers", 8),
        teams={
            "packers": team([(0, 1), (10, 0)], at_shift_end="pause", helpers=("helpers",)),
            "helpers": team([(0, 0), (10, 1)], speed=500),
        },
        items=[5],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 5 5 16
        0 pack spell 0 packers 5 10
        0 pack spell 1 helpers 10 16
        0 delivered 16
    """)


def test_a_helpers_paused_job_goes_back_to_the_queue_it_came_from(engine):
    """The helper leaves at 10 with 4 left of its 6 (at half speed): the packer who comes at 10 needs 2 for them."""
    plan = a_plan(
        work("pack", "packers", [5, 1]),
        teams={
            "packers": team([(0, 0), (10, 1)], helpers=("helpers",)),
            "helpers": team([(0, 1), (10, 0)], speed=500, at_shift_end="pause"),
        },
        items=[4, 9],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack helpers 4 4 12
        0 pack spell 0 helpers 4 10
        0 pack spell 1 packers 10 12
        0 delivered 12
        1 pack packers 9 12 13
        1 delivered 13
    """)


def test_own_staff_who_are_idle_take_over_when_a_helper_goes(engine):
    """The packer has had nothing to do since 8; at 10 the helper goes, and the packer goes on with its job at 10."""
    plan = a_plan(
        work("pack", "packers", [8, 12]),
        teams={
            "packers": team(1, helpers=("helpers",)),
            "helpers": team([(0, 1), (10, 0)], at_shift_end="pause"),
        },
        items=[0, 0],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 8
        0 delivered 8
        1 pack helpers 0 0 12
        1 pack spell 0 helpers 0 10
        1 pack spell 1 packers 10 12
        1 delivered 12
    """)


def test_what_is_left_is_rounded_up_at_every_change_of_hands(engine):
    """10 at speed 790 take 12.65..., so 13; the 7 left at 6 take a full-speed team 5.53, so 6; its 4 left at 8 take 5.06, so 6."""
    plan = a_plan(
        work("pack", "packers", 10),
        teams={
            "packers": team([(0, 1), (6, 0), (8, 1)], speed=790, at_shift_end="pause", helpers=("helpers",)),
            "helpers": team([(0, 0), (6, 1), (8, 0)], at_shift_end="pause"),
        },
        items=[0],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 14
        0 pack spell 0 packers 0 6
        0 pack spell 1 helpers 6 8
        0 pack spell 2 packers 8 14
        0 delivered 14
    """)


def test_each_attempt_has_its_own_spells(engine):
    """The second attempt is paused at 10, the first never."""
    plan = a_plan(
        work("pack", "packers", [[3], [12]]),
        branch("again", "pack", [[YES], [NO]]),
        teams={"packers": team(DAY_AND_NEXT, at_shift_end="pause")},
        items=[0],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack   packers 0 0 3
        0 pack#1 packers 3 3 25
        0 pack#1 spell 0 packers 3 10
        0 pack#1 spell 1 packers 20 25
        0 delivered 25
    """)


# last_start ---------------------------------------------------------------------------------------------


def test_nothing_new_begins_in_the_last_moments_of_a_shift(engine):
    """From 8 on nobody may begin: the arrival of 7 is served in time, that of 8 in the morning."""
    plan = packing([(0, 1, 1), (8, 1, 0), (10, 0, 0), (20, 1, 1)], [1, 1], [7, 8])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 7 7 8
        0 delivered 8
        1 pack packers 8 20 21
        1 delivered 21
    """)


def test_those_who_stay_may_begin_when_some_are_about_to_go(engine):
    """From 8 on one of two stays: while both are free only one job may begin."""
    plan = packing([(0, 2, 2), (8, 2, 1), (10, 1, 1)], [3, 3], [8, 8])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 8 8 11
        0 delivered 11
        1 pack packers 8 11 14
        1 delivered 14
    """)


def test_a_paused_job_is_not_new_and_may_resume_in_the_last_moments(engine):
    """An outage from 5 to 8 stops the job; at 8 nothing new may begin, but it goes on."""
    plan = packing(
        [(0, 1, 1), (5, 0, 0), (8, 1, 0), (10, 0, 0), (20, 1, 1)], [6, 1], [1, 2], at_shift_end="pause"
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 1 1 10
        0 pack spell 0 packers 1 5
        0 pack spell 1 packers 8 10
        0 delivered 10
        1 pack packers 2 20 21
        1 delivered 21
    """)


def test_a_head_that_may_not_begin_can_be_helped(engine):
    """The packers are about to go, the helper is not."""
    plan = a_plan(
        work("pack", "packers", 2),
        teams={"packers": team([(0, 1, 1), (8, 1, 0), (10, 0, 0)], helpers=("helpers",)), "helpers": team(1)},
        items=[9],
    )
    assert history(plan, engine(plan)) == ["0 pack helpers 9 9 11", "0 delivered 11"]
