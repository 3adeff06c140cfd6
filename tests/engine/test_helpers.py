"""Helpers: a team that has nothing of its own to do serves the heads of other teams' queues."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import a_plan, item, team, wait, work


def two_queues(times_a, times_b, teams, items):
    """Flow a is served by team a, flow b by team b; further teams only help."""
    return a_plan(
        flows={"a": [work("at a", "a", times_a)], "b": [work("at b", "b", times_b)]}, teams=teams, items=items
    )


def test_own_staff_come_before_helpers(engine):
    """One own and one helper are free: the first job goes to the own, the second to the helper."""
    plan = a_plan(
        work("pack", "packers", 5), teams={"packers": team(1, helpers=("pickers",)), "pickers": 1}, items=[0, 0, 0]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 5
        0 delivered 5
        1 pack pickers 0 0 5
        1 delivered 5
        2 pack packers 0 5 10
        2 delivered 10
    """)


def test_a_helper_serves_its_own_queue_first(engine):
    """At 5 team b is free: its own job joined at 4, the other queue's at 1 - its own goes first all the same."""
    plan = two_queues(
        [9, 3], [5, 2], {"a": team(1, helpers=("b",)), "b": 1}, [item(0, "a"), item(0, "b"), item(1, "a"), item(4, "b")]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 at a a 0 0 9
        0 delivered 9
        1 at b b 0 0 5
        1 delivered 5
        2 at a b 1 7 10
        2 delivered 10
        3 at b b 4 5 7
        3 delivered 7
    """)


def test_the_smallest_head_of_all_queues_is_helped_first(engine):
    """Nobody is at a or b; the helper comes at 10 and takes by time of joining: b's of 2, a's of 3, b's of 4."""
    teams = {"a": team(0, helpers=("c",)), "b": team(0, helpers=("c",)), "c": [(0, 0), (10, 1)]}
    plan = two_queues([5], [6, 7], teams, [item(2, "b"), item(3, "a"), item(4, "b")])
    assert history(plan, engine(plan)) == lines("""
        0 at b c 2 10 16
        0 delivered 16
        1 at a c 3 16 21
        1 delivered 21
        2 at b c 4 21 28
        2 delivered 28
    """)


def test_the_smallest_head_is_by_time_of_joining_before_number(engine):
    """Item 1 joined b at 2, item 0 joined a at 4: the helper of 10 takes item 1 first."""
    plan = a_plan(
        flows={"first": [wait("haul", 4), work("at a", "a", 5)], "second": [work("at b", "b", 5)]},
        teams={"a": team(0, helpers=("c",)), "b": team(0, helpers=("c",)), "c": [(0, 0), (10, 1)]},
        items=[item(0, "first"), item(2, "second")],
    )
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 4
        0 at a c 4 15 20
        0 delivered 20
        1 at b c 2 10 15
        1 delivered 15
    """)


def test_of_heads_that_joined_together_the_smaller_number_is_helped_first(engine):
    """Items 0 (at b) and 1 (at a) both join at 0."""
    teams = {"a": team(0, helpers=("c",)), "b": team(0, helpers=("c",)), "c": 1}
    plan = a_plan(
        flows={"first": [work("at b", "b", 5)], "second": [work("at a", "a", 5)]}, teams=teams,
        items=[item(0, "first"), item(0, "second")],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 at b c 0 0 5
        0 delivered 5
        1 at a c 0 5 10
        1 delivered 10
    """)


def test_a_paused_head_is_helped_before_a_new_one(engine):
    """At 10 a's job (joined 5) is paused; b's job has waited since 1, but the free helper takes the paused one."""
    plan = two_queues(
        [8], [3],
        {"a": team([(0, 1), (10, 0)], at_shift_end="pause", helpers=("c",)), "b": team(0, helpers=("c",)), "c": [(0, 0), (10, 1)]},
        [item(1, "b"), item(5, "a")],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 at b c 1 13 16
        0 delivered 16
        1 at a a 5 5 13
        1 at a spell 0 a 5 10
        1 at a spell 1 c 10 13
        1 delivered 13
    """)


def test_the_first_able_team_of_the_list_helps(engine):
    """The list of a says c before b: with both free c helps, then b, then whoever is free first."""
    plan = a_plan(
        work("at a", "a", [9, 5, 2]), teams={"a": team(0, helpers=("c", "b")), "b": 1, "c": 1}, items=[0, 0, 1]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 at a c 0 0 9
        0 delivered 9
        1 at a b 0 0 5
        1 delivered 5
        2 at a b 1 5 7
        2 delivered 7
    """)


def test_each_team_has_its_own_list_of_helpers(engine):
    """Team a asks c first, b asks d first; both of their first jobs come at 0."""
    teams = {"a": team(0, helpers=("c", "d")), "b": team(0, helpers=("d", "c")), "c": 1, "d": 1}
    plan = two_queues([5], [7], teams, [item(0, "a"), item(0, "b")])
    assert history(plan, engine(plan)) == lines("""
        0 at a c 0 0 5
        0 delivered 5
        1 at b d 0 0 7
        1 delivered 7
    """)


def test_helpers_work_at_their_own_speed(engine):
    """The helper needs twice as long."""
    plan = a_plan(
        work("pack", "packers", 5), teams={"packers": team(0, helpers=("trainees",)), "trainees": team(1, speed=500)}, items=[3]
    )  # fmt: skip
    assert history(plan, engine(plan)) == ["0 pack trainees 3 3 13", "0 delivered 13"]


def test_a_helper_that_is_busy_helping_is_missing_in_its_own_queue(engine):
    """Team b helps a from 0 to 8; its own job of 1 waits until then: help is not broken off."""
    plan = two_queues([8], [2], {"a": team(0, helpers=("b",)), "b": 1}, [item(0, "a"), item(1, "b")])
    assert history(plan, engine(plan)) == lines("""
        0 at a b 0 0 8
        0 delivered 8
        1 at b b 1 8 10
        1 delivered 10
    """)


def test_helping_goes_one_way(engine):
    """Team b helps a; a does not help b."""
    plan = two_queues([1], [5, 5], {"a": team(1, helpers=("b",)), "b": 1}, [item(0, "b"), item(0, "b"), item(9, "a")])
    assert history(plan, engine(plan)) == lines("""
        0 at b b 0 0 5
        0 delivered 5
        1 at b b 0 5 10
        1 delivered 10
        2 at a a 9 9 10
        2 delivered 10
    """)


def test_a_helper_finishes_in_overtime_by_its_own_rule(engine):
    """The helper's shift ends at 4; it finishes the job and takes no other."""
    plan = a_plan(
        work("pack", "packers", 6), teams={"packers": team([(0, 0), (20, 1)], helpers=("pickers",)), "pickers": [(0, 1), (4, 0)]},
        items=[0, 1],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack pickers 0 0 6
        0 delivered 6
        1 pack packers 1 20 26
        1 delivered 26
    """)
