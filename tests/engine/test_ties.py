"""Many things at one millisecond: all settle first, then gates and meetings decide, then teams start, once."""

from __future__ import annotations

from sim.plan.plan import PPM
from sim.plan.steps import Outcome
from tests.engine.histories import history, lines
from tests.plans import HALF, NO, YES, a_plan, branch, gate, item, leave, meet, team, truck, wait, work


def test_everything_happens_at_ten(engine):
    """At 10 the selection rate rises, a job and a wait end, patience ends, a parcel arrives, staff leave, a truck goes.

    The arrival of 10 is selected by the new rate and queues for the officer; the officer, busy until 10, has gone home
    by 10; the impatient one leaves although a helper is there from 10 on; the helper takes the first of the others,
    which is the one that ended its transit (item 1) and not the arrival (item 4).
    """
    plan = a_plan(
        flows={
            "first": [work("open", "officers", 10), gate("truck")],
            "impatient": [work("open", "officers", 3, patience=9, lost="gone"), leave("gone", Outcome.CANCELLED)],
            "transit": [wait("haul", 10), work("open", "officers", 4), gate("truck")],
            "loaded": [gate("truck")],
            "late": [branch("select", "open", HALF, rate=[(0, 0), (10, PPM)], then="out"), work("open", "officers", 2),
                     gate("truck"), leave("out")],
        },
        teams={"officers": team([(0, 1), (10, 0), (20, 1)], helpers=("helpers",)), "helpers": [(0, 0), (10, 1), (14, 0)]},
        gates={"truck": truck([(10, 2), (30, 9)])},
        items=[item(0, "first"), item(0, "transit"), item(1, "impatient"), item(5, "loaded"), item(10, "late")],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 open officers 0 0 10
        0 truck 10 10 10        # done and away at 10: the second place on the truck
        0 delivered 10
        1 haul 0 0 10
        1 open helpers 10 10 14
        1 truck 14 30 30
        1 delivered 30
        2 open 1 - 10
        2 cancelled 10
        3 truck 5 10 10
        3 delivered 10
        4 open officers 10 20 22
        4 truck 22 30 30
        4 delivered 30
    """)


def test_staff_freed_at_a_moment_serve_who_joins_at_it_by_queue_order(engine):
    """At 6 a job ends, item 2 arrives, item 1 ends its transit, item 3 comes back for rework: by number, 1 first."""
    plan = a_plan(
        flows={
            "again": [work("pack", "packers", [[6, 1], [2, 2]]), branch("fails", "pack", [[YES, NO], [NO, NO]])],
            "transit": [wait("haul", 6), work("pack", "packers", 2)],
        },
        teams={"packers": 1},
        items=[item(0, "again"), item(0, "transit"), item(6, "again")],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack   packers 0 0 6
        0 pack#1 packers 6 6 8
        0 delivered 8
        1 haul 0 0 6
        1 pack packers 6 8 10
        1 delivered 10
        2 pack packers 6 10 11
        2 delivered 11
    """)


def test_who_comes_to_a_queue_in_a_later_round_is_not_behind_who_came_in_the_settling(engine):
    """Item 0 comes from the truck of 10, item 1 arrives at 10: both joined at 10, so the smaller number starts first."""
    plan = a_plan(
        flows={"by truck": [gate("truck"), work("pack", "packers", 3)], "on foot": [work("pack", "packers", 3)]},
        gates={"truck": truck([(10, 1)])}, teams={"packers": 1}, items=[item(2, "by truck"), item(10, "on foot")],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 truck 2 10 10
        0 pack packers 10 10 13
        0 delivered 13
        1 pack packers 10 13 16
        1 delivered 16
    """)


def test_teams_start_only_after_all_rounds(engine):
    """The urgent parcel reaches the queue through three gates at 10, and still before the packer chooses."""
    plan = a_plan(
        flows={
            "urgent": [gate("one"), gate("two"), gate("three"), work("pack", "packers", 3)],
            "usual": [work("pack", "packers", 3)],
        },
        gates={name: truck([(10, 1)]) for name in ("one", "two", "three")},
        teams={"packers": team([(0, 0), (10, 1)], order="priority")},
        items=[item(0, "urgent", priority=0), item(0, "usual", priority=5)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 one 0 10 10
        0 two 10 10 10
        0 three 10 10 10
        0 pack packers 10 10 13
        0 delivered 13
        1 pack packers 0 13 16
        1 delivered 16
    """)


def test_a_job_that_ends_at_a_moment_is_not_stopped_at_it(engine):
    """Both jobs began at 0; that of item 1 ends at 10, so when one person goes at 10 nobody need stop."""
    plan = a_plan(
        work("pack", "packers", [15, 10]), teams={"packers": team([(0, 2), (10, 1)], at_shift_end="pause")}, items=[0, 0]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 15
        0 delivered 15
        1 pack packers 0 0 10
        1 delivered 10
    """)


def test_one_team_goes_as_another_comes(engine):
    """At 10 the night's job stops and the day team, which may help, takes it over with nothing lost."""
    plan = a_plan(
        work("pack", "night", [12, 3]),
        teams={
            "night": team([(0, 1), (10, 0)], at_shift_end="pause", helpers=("day",)),
            "day": team([(0, 0), (10, 1)], at_shift_end="pause"),
        },
        items=[0, 10],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack night 0 0 12
        0 pack spell 0 night 0 10
        0 pack spell 1 day 10 12
        0 delivered 12
        1 pack day 10 12 15
        1 delivered 15
    """)


def test_goods_papers_truck_and_staff_all_at_one_moment(engine):
    """At 8 the papers are matched, both go on, the goods catch the truck of 8, are unloaded by the team that comes at 8."""
    plan = a_plan(
        flows={
            "goods": [wait("haul", 8), meet("meet"), gate("truck"), work("unload", "crew", 2, crew=2)],
            "papers": [work("match", "clerks", 8), meet("accepted")],
        },
        teams={"clerks": [(0, 1), (8, 0)], "crew": [(0, 0), (8, 2)]},
        gates={"truck": truck([(8, 1)])},
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 8
        0 meet 8 8 8
        0 truck 8 8 8
        0 unload crew 8 8 10
        0 delivered 10
        1 match clerks 0 0 8
        1 accepted 8 8 8
        1 delivered 8
    """)
