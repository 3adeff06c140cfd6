"""Gates: items are held for a departure with its room, a full batch, or the end of the longest hold."""

from __future__ import annotations

from tests.engine.histories import history, lines
from tests.plans import a_plan, gate, item, truck, wait, work


def test_a_departure_takes_the_first_up_to_its_capacity(engine):
    """Two have room at 10, the next two at 20; who comes at 10 sharp is not too late, but behind."""
    plan = a_plan(gate("truck"), gates={"truck": truck([(10, 2), (20, 2)])}, items=[0, 1, 1, 10, 21])
    assert history(plan, engine(plan)) == lines("""
        0 truck 0 10 10
        0 delivered 10
        1 truck 1 10 10
        1 delivered 10
        2 truck 1 20 20
        2 delivered 20
        3 truck 10 20 20
        3 delivered 20
        4 truck 21 - -
        4 inside
    """)


def test_who_comes_at_the_moment_of_departure_goes_with_it(engine):
    """There is room, and 10 is not after 10."""
    plan = a_plan(gate("truck"), gates={"truck": truck([(10, 5)])}, items=[10, 11])
    assert history(plan, engine(plan)) == lines("""
        0 truck 10 10 10
        0 delivered 10
        1 truck 11 - -
        1 inside
    """)


def test_first_is_who_joined_first_and_then_the_smaller_number(engine):
    """Item 0 comes last (joined 8); items 1 and 2 join at 3 together, item 1 after a stop on the way."""
    plan = a_plan(
        flows={
            "far": [wait("haul", 8), gate("truck")],
            "two legs": [wait("first leg", 1), wait("second leg", 2), gate("truck")],
            "near": [wait("haul", 3), gate("truck")],
        },
        gates={"truck": truck([(10, 1), (11, 1), (12, 1)])},
        items=[item(0, "far"), item(0, "two legs"), item(0, "near")],
    )
    assert [line for line in history(plan, engine(plan)) if "truck" in line] == lines("""
        0 truck 8 12 12
        1 truck 3 10 10
        2 truck 3 11 11
    """)


def test_unused_room_does_not_wait(engine):
    """The truck of 5 left empty; who comes at 6 waits for the next."""
    plan = a_plan(gate("truck"), gates={"truck": truck([(5, 9), (15, 1)])}, items=[6, 7])
    assert history(plan, engine(plan)) == lines("""
        0 truck 6 15 15
        0 delivered 15
        1 truck 7 - -
        1 inside
    """)


def test_two_departures_at_once_take_as_many_as_both_hold(engine):
    """Room for 1 and for 2."""
    plan = a_plan(gate("truck"), gates={"truck": truck([(10, 1), (10, 2)])}, items=[0, 0, 0, 0])
    assert [line for line in history(plan, engine(plan)) if "truck" in line] == lines("""
        0 truck 0 10 10
        1 truck 0 10 10
        2 truck 0 10 10
        3 truck 0 - -
    """)


def test_a_batch_leaves_when_it_is_full(engine):
    """Three make a batch; of seven that come together two batches leave and one stays."""
    plan = a_plan(gate("wave"), gates={"wave": truck(full=3)}, items=[0, 4, 9, *[20] * 7])
    assert [line for line in history(plan, engine(plan)) if "wave" in line] == lines("""
        0 wave 0 9 9
        1 wave 4 9 9
        2 wave 9 9 9
        3 wave 20 20 20
        4 wave 20 20 20
        5 wave 20 20 20
        6 wave 20 20 20
        7 wave 20 20 20
        8 wave 20 20 20
        9 wave 20 - -
    """)


def test_nobody_is_held_longer_than_the_longest_hold(engine):
    """When the first has waited 10, all go; who joins at that moment goes along, who comes later begins anew."""
    plan = a_plan(gate("cart"), gates={"cart": truck(longest_hold=10)}, items=[0, 4, 10, 11])
    assert history(plan, engine(plan)) == lines("""
        0 cart 0 10 10
        0 delivered 10
        1 cart 4 10 10
        1 delivered 10
        2 cart 10 10 10
        2 delivered 10
        3 cart 11 21 21
        3 delivered 21
    """)


def test_the_end_of_a_hold_is_that_of_the_oldest_who_is_left(engine):
    """At 8 a departure takes parcel 0; its hold would end at 10, but parcel 1 has been there only since 5."""
    plan = a_plan(gate("cart"), gates={"cart": truck([(8, 1)], longest_hold=10)}, items=[0, 5, 14])
    assert history(plan, engine(plan)) == lines("""
        0 cart 0 8 8
        0 delivered 8
        1 cart 5 15 15
        1 delivered 15
        2 cart 14 15 15
        2 delivered 15
    """)


def test_departure_then_full_batch_then_longest_hold(engine):
    """At 10 of five waiting one departs, three make a batch, and the last has just come: it is held until 20."""
    plan = a_plan(
        gate("dock"), gates={"dock": truck([(10, 1)], full=3, longest_hold=10)}, items=[0, 1, 10, 10, 10]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 dock 0 10 10
        0 delivered 10
        1 dock 1 10 10
        1 delivered 10
        2 dock 10 10 10
        2 delivered 10
        3 dock 10 10 10
        3 delivered 10
        4 dock 10 20 20
        4 delivered 20
    """)


def test_a_departure_takes_its_own_before_batches_are_counted(engine):
    """At 10 the third comes, but the departure takes one of the three: the two who are left make no batch."""
    plan = a_plan(gate("dock"), gates={"dock": truck([(10, 1)], full=3)}, items=[0, 1, 10, 30])
    assert [line for line in history(plan, engine(plan)) if "dock" in line] == lines("""
        0 dock 0 10 10
        1 dock 1 30 30
        2 dock 10 30 30
        3 dock 30 30 30
    """)


def test_a_batch_that_does_not_fill_leaves_after_the_longest_hold(engine):
    """Two of three leave at 10, held long enough; the next three fill a batch; the last begins a new hold."""
    plan = a_plan(gate("dock"), gates={"dock": truck(full=3, longest_hold=10)}, items=[0, 4, 11, 12, 13, 14])
    assert [line for line in history(plan, engine(plan)) if "dock" in line] == lines("""
        0 dock 0 10 10
        1 dock 4 10 10
        2 dock 11 13 13
        3 dock 12 13 13
        4 dock 13 13 13
        5 dock 14 24 24
    """)


def test_what_one_gate_frees_may_fill_another_at_the_same_moment(engine):
    """The truck of 10 brings the second parcel to the wave, which is then full; work starts at 10 still."""
    plan = a_plan(
        flows={
            "far": [gate("truck"), gate("wave"), work("pick", "pickers", 2)],
            "near": [gate("wave"), work("pick", "pickers", 2)],
        },
        gates={"truck": truck([(10, 1)]), "wave": truck(full=2)},
        teams={"pickers": 1},
        items=[item(0, "far"), item(3, "near")],
    )
    assert history(plan, engine(plan)) == lines("""
        0 truck 0 10 10
        0 wave 10 10 10
        0 pick pickers 10 10 12
        0 delivered 12
        1 wave 3 10 10
        1 pick pickers 10 12 14
        1 delivered 14
    """)


def test_room_left_in_one_round_serves_a_later_round_of_the_same_moment(engine):
    """The shuttle brings a parcel to the truck that leaves at the same moment with room to spare."""
    plan = a_plan(
        gate("shuttle"), gate("truck"), gates={"shuttle": truck([(10, 9)]), "truck": truck([(10, 1), (30, 9)])}, items=[0, 1]
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 shuttle 0 10 10
        0 truck 10 10 10
        0 delivered 10
        1 shuttle 1 10 10
        1 truck 10 30 30
        1 delivered 30
    """)


def test_who_waits_when_a_round_begins_goes_before_who_comes_in_the_next(engine):
    """Parcels 0 and 1 join the truck at 10 both, but 0 only in the second round: the one place has gone to 1."""
    plan = a_plan(
        flows={"by shuttle": [gate("shuttle"), gate("truck")], "on foot": [gate("truck")]},
        gates={"shuttle": truck([(10, 9)]), "truck": truck([(10, 1), (30, 9)])},
        items=[item(0, "by shuttle"), item(10, "on foot")],
    )
    assert history(plan, engine(plan)) == lines("""
        0 shuttle 0 10 10
        0 truck 10 30 30
        0 delivered 30
        1 truck 10 10 10
        1 delivered 10
    """)


def test_steps_of_several_flows_may_share_a_gate(engine):
    """Orders and samples fill one wave of three together."""
    plan = a_plan(
        flows={"orders": [gate("their wave", "wave")], "samples": [gate("wave")]},
        gates={"wave": truck(full=3)},
        items=[item(0, "orders"), item(1, "samples"), item(2, "orders")],
    )
    assert history(plan, engine(plan)) == lines("""
        0 their wave 0 2 2
        0 delivered 2
        1 wave 1 2 2
        1 delivered 2
        2 their wave 2 2 2
        2 delivered 2
    """)
