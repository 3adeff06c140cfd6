"""Crews: several people of one team begin, pause and end together; a head that cannot start holds up all behind it."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import a_plan, item, team, work


def unloading(crews, heads, times, items, **rules):
    """A step for each crew size in the order of the items, all served by the same team."""
    flows = {
        f"flow {crew}": [work(f"unload by {crew}", "crew", 0 + times[n], crew=crew)] for n, crew in enumerate(crews)
    }
    wanted = [item(at, f"flow {crew}") for at, crew in zip(items, crews, strict=True)]
    return a_plan(flows=flows, teams={"crew": team(heads, **rules)}, items=wanted)


def test_a_crew_takes_as_many_people_at_once_for_the_drawn_time(engine):
    """Two of three for 10: the job takes 10 and not 5, and one person is left for the single job."""
    plan = unloading([2, 1], 3, [10, 4], [0, 1])
    assert history(plan, engine(plan)) == lines("""
        0 unload by 2 crew 0 0 10
        0 delivered 10
        1 unload by 1 crew 1 1 5
        1 delivered 5
    """)


def test_a_head_that_needs_more_than_are_free_blocks_those_behind_it(engine):
    """Until 10 one of three is free: too few for the crew of 3, and the single job behind it may not pass."""
    plan = unloading([2, 3, 1], 3, [10, 5, 4], [0, 1, 2])
    assert history(plan, engine(plan)) == lines("""
        0 unload by 2 crew 0 0 10
        0 delivered 10
        1 unload by 3 crew 1 10 15
        1 delivered 15
        2 unload by 1 crew 2 15 19
        2 delivered 19
    """)


def test_a_crew_waits_until_its_whole_number_is_there(engine):
    """The morning has two people, the afternoon four."""
    plan = a_plan(work("unload", "crew", 7, crew=4), teams={"crew": [(0, 2), (30, 4)]}, items=[0])
    assert history(plan, engine(plan)) == ["0 unload crew 0 30 37", "0 delivered 37"]


def test_the_whole_crew_pauses_when_one_of_it_goes(engine):
    """At 10 one of three goes: the crew of 2 that began last stops, though one more place would do."""
    plan = unloading([1, 2], [(0, 3), (10, 2)], [20, 20], [0, 1], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 unload by 1 crew 0 0 20
        0 delivered 20
        1 unload by 2 crew 1 1 31
        1 unload by 2 spell 0 crew 1 10
        1 unload by 2 spell 1 crew 20 31
        1 delivered 31
    """)


def test_no_more_jobs_pause_than_must(engine):
    """At 10 one of three goes: the single job began last and its one place is enough."""
    plan = unloading([2, 1], [(0, 3), (10, 2)], [20, 20], [0, 1], at_shift_end="pause")
    assert history(plan, engine(plan)) == lines("""
        0 unload by 2 crew 0 0 20
        0 delivered 20
        1 unload by 1 crew 1 1 31
        1 unload by 1 spell 0 crew 1 10
        1 unload by 1 spell 1 crew 20 31
        1 delivered 31
    """)


def test_a_paused_crew_at_the_head_holds_up_the_others(engine):
    """After the pause one is free from 10 on, but the paused crew of 2 is the head: the single job waits behind it."""
    plan = unloading([1, 2, 3], [(0, 3), (10, 2)], [20, 20, 1], [0, 1, 2], at_shift_end="pause")
    late = unloading([1, 2, 3], [(0, 3), (10, 2), (40, 3)], [20, 20, 1], [0, 1, 2], at_shift_end="pause")
    assert history(plan, engine(plan))[-2:] == ["2 unload by 3 2 - -", "2 inside"]
    assert history(late, engine(late)) == lines("""
        0 unload by 1 crew 0 0 20
        0 delivered 20
        1 unload by 2 crew 1 1 31
        1 unload by 2 spell 0 crew 1 10
        1 unload by 2 spell 1 crew 20 31
        1 delivered 31
        2 unload by 3 crew 2 40 41
        2 delivered 41
    """)


def test_a_crew_that_finishes_in_overtime_frees_all_its_people_together(engine):
    """From 10 on two should be there, three are busy until 12: at 12 none is, and the next crew of 2 begins."""
    plan = unloading([3, 2], [(0, 3), (10, 2)], [12, 5], [0, 1])
    assert history(plan, engine(plan)) == lines("""
        0 unload by 3 crew 0 0 12
        0 delivered 12
        1 unload by 2 crew 1 12 17
        1 delivered 17
    """)


def test_a_new_crew_must_fit_among_those_who_may_begin(engine):
    """From 8 on two of four stay: a crew of 3 waits for the morning, and so do those behind it."""
    plan = unloading([3, 1], [(0, 4, 4), (8, 4, 2), (10, 2, 2), (20, 4, 4)], [3, 3], [8, 9])
    assert history(plan, engine(plan)) == lines("""
        0 unload by 3 crew 8 20 23
        0 delivered 23
        1 unload by 1 crew 9 20 23
        1 delivered 23
    """)
