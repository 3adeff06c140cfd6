"""Work: queue for a team, be served for the drawn time. Every time is worked out by hand from the rule."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import NO, YES, a_plan, branch, item, leave, team, wait, work


def test_one_packer_serves_one_parcel_after_the_other(engine):
    """The second waits for the first; the third finds the packer free."""
    plan = a_plan(work("pack", "packers", [5, 3, 4]), teams={"packers": 1}, items=[0, 2, 20])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 5
        0 delivered 5
        1 pack packers 2 5 8
        1 delivered 8
        2 pack packers 20 20 24
        2 delivered 24
    """)


def test_two_packers_work_side_by_side(engine):
    """The third parcel goes to whoever is free first."""
    plan = a_plan(work("pack", "packers", [10, 4, 3]), teams={"packers": 2}, items=[0, 1, 2])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 10
        0 delivered 10
        1 pack packers 1 1 5
        1 delivered 5
        2 pack packers 2 5 8
        2 delivered 8
    """)


def test_who_arrives_as_work_ends_need_not_wait(engine):
    """At 5 the packer is free again before anybody starts."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": 1}, items=[0, 5])
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 5
        0 delivered 5
        1 pack packers 5 5 10
        1 delivered 10
    """)


def test_a_parcel_goes_from_team_to_team(engine):
    """Packing waits for picking, and the packer for the parcel."""
    plan = a_plan(
        work("pick", "pickers", [3, 3]), work("pack", "packers", [5, 1]), teams={"pickers": 1, "packers": 1}, items=[0, 1]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pick pickers 0 0 3
        0 pack packers 3 3 8
        0 delivered 8
        1 pick pickers 1 3 6
        1 pack packers 6 8 9
        1 delivered 9
    """)


def test_a_shared_team_takes_first_who_joined_first_at_any_of_its_stages(engine):
    """At 4 the new parcel (joined 1) goes before the picked one (joined 4); at 7 the picked one (4) before the last (5)."""
    plan = a_plan(
        work("pick", "staff", [4, 3, 2]), work("pack", "staff", [2, 1, 1]), teams={"staff": 1}, items=[0, 1, 5]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pick staff 0 0 4
        0 pack staff 4 7 9
        0 delivered 9
        1 pick staff 1 4 7
        1 pack staff 7 11 12
        1 delivered 12
        2 pick staff 5 9 11
        2 pack staff 11 12 13
        2 delivered 13
    """)


def test_a_slow_team_takes_longer_and_the_time_is_rounded_up(engine):
    """At half speed 7 takes 14; at 790 per mille 7 takes 8.86..., which is 9."""
    plan = a_plan(
        work("pick", "slow", 7), work("pack", "slower", 7),
        teams={"slow": team(1, speed=500), "slower": team(1, speed=790)}, items=[0],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pick slow 0 0 14
        0 pack slower 14 14 23
        0 delivered 23
    """)


def test_each_attempt_has_its_own_drawn_time(engine):
    """Both parcels are packed twice: the second attempt takes as long as drawn for the second attempt."""
    plan = a_plan(
        work("pack", "packers", [[2, 3], [7, 1]]),
        branch("again", "pack", [[YES, YES], [NO, NO]]),
        teams={"packers": 1},
        items=[0, 10],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack   packers  0  0  2
        0 pack#1 packers  2  2  9
        0 delivered 9
        1 pack   packers 10 10 13
        1 pack#1 packers 13 13 14
        1 delivered 14
    """)


def test_rework_joins_the_queue_again_behind_those_who_wait(engine):
    """The parcel that comes back at 4 is served after the one that joined at 1."""
    plan = a_plan(
        work("pack", "packers", [[4, 3], [2, 9]]),
        branch("again", "pack", [[YES, NO], [NO, NO]]),
        teams={"packers": 1},
        items=[0, 1],
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack   packers 0 0 4
        0 pack#1 packers 4 7 9
        0 delivered 9
        1 pack   packers 1 4 7
        1 delivered 7
    """)


def test_flows_with_routes_of_their_own_share_a_team(engine):
    """An order and a consignment queue for the same officer; each draws at its own index."""
    plan = a_plan(
        flows={
            "orders": [work("open", "officers", [4, 1])],
            "bulk": [wait("yard", 2), work("inspect", "officers", [10]), leave("stock")],
        },
        teams={"officers": 1},
        items=[item(0, "orders"), item(0, "bulk"), item(3, "orders")],
    )
    assert history(plan, engine(plan)) == lines("""
        0 open officers 0 0 4
        0 delivered 4
        1 yard 0 0 2
        1 inspect officers 2 4 14
        1 delivered 14
        2 open officers 3 14 15
        2 delivered 15
    """)


def test_a_team_without_staff_never_starts(engine):
    """Who waits for nobody is still inside at the end."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": 0}, items=[3], end=100)
    assert history(plan, engine(plan)) == lines("""
        0 pack 3 - -
        0 inside
    """)
