"""Meetings: goods and their documents wait for each other where the route says."""

from __future__ import annotations

from sim.plan.steps import Outcome
from tests.engine.histories import history, lines
from tests.plans import YES, a_plan, branch, gate, item, leave, meet, truck, wait, work


def goods_and_documents(goods_ms, documents_ms, goods_meet=None, documents_end=None):
    """Goods travel, documents are matched; both meet, then the goods are opened."""
    return a_plan(
        flows={
            "goods": [
                wait("haul", goods_ms), goods_meet or meet("meet"), work("open", "officers", 2), leave("out"),
                leave("cancelled", Outcome.CANCELLED),
            ],
            "papers": [wait("match", documents_ms), *(documents_end or [meet("accepted"), leave("filed", Outcome.ACCEPTED)])],
        },
        teams={"officers": 1},
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )  # fmt: skip


def test_goods_wait_for_their_documents(engine):
    """Goods at 5, documents at 9: both go on at 9, and work begins at 9."""
    plan = goods_and_documents(5, 9)
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 9 9
        0 open officers 9 9 11
        0 delivered 11
        1 match 0 0 9
        1 accepted 9 9 9
        1 accepted 9
    """)


def test_documents_wait_for_their_goods(engine):
    """Documents at 3, goods at 5."""
    plan = goods_and_documents(5, 3)
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 5 5
        0 open officers 5 5 7
        0 delivered 7
        1 match 0 0 3
        1 accepted 3 5 5
        1 accepted 5
    """)


def test_goods_and_documents_come_together(engine):
    """Both at 5: nobody waits."""
    plan = goods_and_documents(5, 5)
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 5 5
        0 open officers 5 5 7
        0 delivered 7
        1 match 0 0 5
        1 accepted 5 5 5
        1 accepted 5
    """)


def test_goods_whose_documents_were_lost_go_another_way(engine):
    """The documents left at 3 without having been accepted: at 5 the order is cancelled."""
    refused = [leave("refused", Outcome.REJECTED)]
    plan = goods_and_documents(5, 3, meet("meet", lost="cancelled"), refused)
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 5 5
        0 cancelled 5
        1 match 0 0 3
        1 rejected 3
    """)


def test_goods_that_wait_are_told_when_their_documents_leave(engine):
    """The goods have waited since 5 when the documents are refused at 9."""
    refused = [leave("refused", Outcome.REJECTED)]
    plan = goods_and_documents(5, 9, meet("meet", lost="cancelled"), refused)
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 9 9
        0 cancelled 9
        1 match 0 0 9
        1 rejected 9
    """)


def test_without_another_way_a_companion_that_left_counts_as_having_come(engine):
    """The documents left at 3, the goods go on at 5."""
    plan = goods_and_documents(5, 3, documents_end=[leave("refused", Outcome.REJECTED)])
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 5 5
        0 open officers 5 5 7
        0 delivered 7
        1 match 0 0 3
        1 rejected 3
    """)


def test_documents_that_came_and_left_were_not_lost(engine):
    """Both meet at 5 and go on; the goods come to a second meeting of the same mark after the documents have left."""
    plan = a_plan(
        flows={
            "goods": [
                wait("haul", 5), meet("meet", lost="cancelled"), wait("shelf", 4), meet("again", lost="cancelled"),
                leave("out"), leave("cancelled", Outcome.CANCELLED),
            ],
            "papers": [meet("accepted"), leave("filed", Outcome.ACCEPTED)],
        },
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 meet 5 5 5
        0 shelf 5 5 9
        0 again 9 9 9
        0 delivered 9
        1 accepted 0 5 5
        1 accepted 5
    """)


def test_an_item_without_companion_meets_nobody_and_goes_on(engine):
    """What was there at the start has no documents to wait for."""
    plan = a_plan(wait("haul", 3), meet("meet", lost="lost"), leave("out"), leave("lost", Outcome.REJECTED), items=[0])
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 3
        0 meet 3 3 3
        0 delivered 3
    """)


def test_a_companion_that_came_further_has_come_as_far(engine):
    """The papers wait at mark 2; the goods pass mark 1 at once and free them at mark 2."""
    plan = a_plan(
        flows={
            "goods": [wait("haul", 5), meet("first", 1), wait("shelf", 3), meet("second", 2)],
            "papers": [meet("second", 2)],
        },
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 first 5 5 5
        0 shelf 5 5 8
        0 second 8 8 8
        0 delivered 8
        1 second 0 8 8
        1 delivered 8
    """)


def test_a_companion_that_is_not_as_far_holds(engine):
    """The goods are at mark 1 from 5 on, but the papers wait for mark 2 of the goods until they leave at 6."""
    plan = a_plan(
        flows={"goods": [wait("haul", 5), meet("first", 1), wait("rest", 1)], "papers": [wait("post", 1), meet("second", 2)]},
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 haul 0 0 5
        0 first 5 5 5
        0 rest 5 5 6
        0 delivered 6
        1 post 0 0 1
        1 second 1 6 6
        1 delivered 6
    """)


def test_who_leaves_in_one_round_frees_the_companion_in_the_next(engine):
    """The departure of 10 frees the goods, they leave; the papers that waited for them go at 10 too, on to work."""
    plan = a_plan(
        flows={"goods": [gate("truck")], "papers": [meet("delivered"), work("file", "clerks", 3)]},
        gates={"truck": truck([(10, 1)])},
        teams={"clerks": 1},
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 truck 0 10 10
        0 delivered 10
        1 delivered 0 10 10
        1 file clerks 10 10 13
        1 delivered 13
    """)


def test_meetings_and_gates_follow_one_another_within_a_moment(engine):
    """At 6 the papers come, both go on, and the goods make the wave full that frees another parcel."""
    plan = a_plan(
        flows={"goods": [meet("meet"), gate("wave")], "papers": [wait("match", 6), meet("accepted")], "other": [gate("wave")]},
        gates={"wave": truck(full=2)},
        items=[item(0, "goods"), item(0, "papers", companion=0), item(2, "other")],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 meet 0 6 6
        0 wave 6 6 6
        0 delivered 6
        1 match 0 0 6
        1 accepted 6 6 6
        1 delivered 6
        2 wave 2 6 6
        2 delivered 6
    """)


def test_a_meeting_that_is_reached_a_second_time_does_not_wait_again(engine):
    """Rework leads the goods back before the meeting; the papers have long been accepted."""
    plan = a_plan(
        flows={
            "goods": [meet("meet"), wait("look", 4), branch("again", "meet", [[YES], [999_999]])],
            "papers": [wait("match", 3), meet("accepted")],
        },
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 meet 0 3 3
        0 look 3 3 7
        0 meet#1 7 7 7
        0 look#1 7 7 11
        0 delivered 11
        1 match 0 0 3
        1 accepted 3 3 3
        1 delivered 3
    """)


def test_how_far_an_item_has_come_is_never_taken_back(engine):
    """Both were at mark 2; the goods then pass mark 1, and the papers that come to mark 2 again need not wait."""
    plan = a_plan(
        flows={
            "goods": [meet("second", 2), meet("first", 1), wait("shelf", 20)],
            "papers": [meet("second", 2), wait("desk", 5), meet("again", 2)],
        },
        items=[item(0, "goods"), item(0, "papers", companion=0)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 second 0 0 0
        0 first 0 0 0
        0 shelf 0 0 20
        0 delivered 20
        1 second 0 0 0
        1 desk 0 0 5
        1 again 5 5 5
        1 delivered 5
    """)


def test_who_never_meets_is_still_inside(engine):
    """The documents are still on their way when the run ends."""
    plan = a_plan(
        flows={"goods": [meet("meet")], "papers": [wait("match", 50), meet("accepted")]},
        items=[item(0, "goods"), item(0, "papers", companion=0)],
        end=20,
    )
    assert history(plan, engine(plan)) == lines("""
        0 meet 0 - -
        0 inside
        1 match 0 0 -
        1 inside
    """)
