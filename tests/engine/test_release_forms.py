"""A truck's release form: who left with the truck waits until it is through."""

from __future__ import annotations

from sim.plan.steps import Outcome
from tests.engine.histories import history, lines
from tests.plans import NO, NONE, YES, a_plan, branch, gate, item, leave, meet, truck, wait, work

PARCELS = [gate("trucks"), meet("form", NONE), wait("drive", 5)]
FORMS = [
    branch("select", "open", [YES, NO]),
    leave("through", Outcome.ACCEPTED),
    work("open", "officers", 7, then="through"),
]


def yard(items, departures, **rules):
    """Parcels that leave by truck, and the trucks' release forms, of which the first is selected."""
    return a_plan(
        flows={"parcels": PARCELS, "forms": FORMS}, items=items, teams={"officers": 1},
        gates={"trucks": truck(departures, **rules)}, end=100,
    )  # fmt: skip


def test_all_of_a_selected_truck_wait_until_it_is_opened(engine):
    """Two leave at 10 with the truck whose form (item 3) is opened until 17; the next truck goes on at once."""
    plan = yard(
        [item(0, "parcels"), item(1, "parcels"), item(2, "parcels"), item(10, "forms"), item(20, "forms")],
        [(10, 2, 3), (20, 9, 4)],
    )
    assert history(plan, engine(plan)) == lines("""
        0 trucks 0 10 10
        0 form 10 17 17
        0 drive 17 17 22
        0 delivered 22
        1 trucks 1 10 10
        1 form 10 17 17
        1 drive 17 17 22
        1 delivered 22
        2 trucks 2 20 20
        2 form 20 20 20
        2 drive 20 20 25
        2 delivered 25
        3 open officers 10 10 17
        3 accepted 17
        4 accepted 20
    """)


def test_who_leaves_without_a_truck_has_no_form(engine):
    """A full batch of two goes by itself at 1 and waits for nothing."""
    plan = yard([item(0, "parcels"), item(1, "parcels"), item(10, "forms")], [(10, 9, 2)], full=2)
    assert history(plan, engine(plan))[:2] == lines("""
        0 trucks 0 1 1
        0 form 1 1 1
    """)


def test_a_form_that_is_not_through_at_the_end_holds_them_still(engine):
    """The run ends at 15, while the truck is being opened."""
    plan = a_plan(
        flows={"parcels": PARCELS, "forms": FORMS}, items=[item(0, "parcels"), item(10, "forms")],
        teams={"officers": 1}, gates={"trucks": truck([(10, 9, 1)])}, end=15,
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 trucks 0 10 10
        0 form 10 - -
        0 inside
        1 open officers 10 10 -
        1 inside
    """)
