"""Stock: lines are granted whole and first come first served, lots are ordered at the reorder point, nothing is lost."""

from __future__ import annotations

import pytest

from sim.engine import engines
from sim.plan.plan import NOT_YET
from sim.plan.steps import Outcome
from sim.world.errors import ScenarioError
from tests.engine.histories import history, lines, stock_history
from tests.plans import SkuOf, a_plan, item, leave, put, reserve, take, team, wait, work

ORDERS = [reserve("reserve"), work("pick", "pickers", 2), take("take"), leave("out")]
LOTS = [wait("sail", 4), put("put"), leave("in", Outcome.STOCKED)]


def shop(items, skus, *, orders=ORDERS, lots=LOTS, pickers=9, end=100):
    """Orders that take from stock, consignments that sail for 4 and bring, and enough pickers."""
    return a_plan(flows={"orders": orders, "lots": lots}, items=items, skus=skus, teams={"pickers": pickers}, end=end)


def order(at, *wanted, **columns):
    """An order of some lines."""
    return item(at, "orders", lines=wanted, **columns)


def lot(at, *brought):
    """A consignment that sets out at a moment."""
    return item(at, "lots", lines=brought)


def test_what_is_there_is_granted_at_once_and_leaves_the_shelf_when_picked(engine):
    """Of 5 units 2 are reserved at 1 and gone at 3."""
    plan = shop([order(1, ("milk", 2))], {"milk": 5})
    assert stock_history(plan, engine(plan)) == lines("""
        milk 1 3 2 0 0    # free, reserved, short, on order
        milk 3 3 0 0 0
    """)


def test_a_large_line_holds_up_the_small_ones_behind_it(engine):
    """Order 0 wants 4 of 3; order 1 wants one and waits behind it until the consignment of 2 comes."""
    plan = shop([lot(0, ("milk", 2)), order(1, ("milk", 4)), order(2, ("milk", 1))], {"milk": 3})
    records = engine(plan)
    assert history(plan, records) == lines("""
        0 sail 0 0 4
        0 stocked 4
        1 reserve 1 4 4
        1 pick pickers 4 4 6
        1 delivered 6
        2 reserve 2 4 4
        2 pick pickers 4 4 6
        2 delivered 6
    """)
    assert stock_history(plan, records) == lines("""
        milk 0 3 0 0 2
        milk 1 3 0 4 2
        milk 2 3 0 5 2
        milk 4 0 5 0 0
        milk 6 0 0 0 0
    """)


def test_an_order_goes_on_when_all_its_lines_are_granted(engine):
    """The milk of order 1 is kept for it while it waits for tea; order 2 finds none left."""
    plan = shop([lot(0, ("tea", 1)), order(1, ("milk", 1), ("tea", 1)), order(2, ("milk", 1))], {"milk": 1, "tea": 0})
    assert history(plan, engine(plan)) == lines("""
        0 sail 0 0 4
        0 stocked 4
        1 reserve 1 4 4
        1 pick pickers 4 4 6
        1 delivered 6
        2 reserve 2 - -
        2 inside
    """)


def test_two_lines_of_the_same_goods_are_two_lines(engine):
    """Three are there: the first line of 2 is granted, the second waits for the consignment."""
    plan = shop([lot(0, ("milk", 1)), order(1, ("milk", 2), ("milk", 2))], {"milk": 3})
    records = engine(plan)
    assert stock_history(plan, records) == lines("""
        milk 0 3 0 0 1
        milk 1 1 2 2 1
        milk 4 0 4 0 0
        milk 6 0 0 0 0
    """)


def test_who_loses_patience_gives_back_what_was_granted(engine):
    """Order 0 has its milk and waits for tea until 6; then order 1 gets the milk, at once."""
    orders = [reserve("reserve", patience=[5, 50], lost="gone"), *ORDERS[1:], leave("gone", Outcome.CANCELLED)]
    plan = shop([order(1, ("milk", 1), ("tea", 1)), order(2, ("milk", 1))], {"milk": 1, "tea": 0}, orders=orders)
    records = engine(plan)
    assert history(plan, records) == lines("""
        0 reserve 1 - 6
        0 cancelled 6
        1 reserve 2 6 6
        1 pick pickers 6 6 8
        1 delivered 8
    """)
    assert stock_history(plan, records) == lines("""
        milk 1 0 1 0 0
        milk 2 0 1 1 0
        milk 6 0 1 0 0
        milk 8 0 0 0 0
        tea  1 0 0 1 0
        tea  6 0 0 0 0
    """)


def test_patience_that_ends_as_the_goods_come_is_at_an_end(engine):
    """The consignment is put away at 4, and so long order 1 would have waited: it is gone."""
    orders = [reserve("reserve", patience=3, lost="gone"), *ORDERS[1:], leave("gone", Outcome.CANCELLED)]
    plan = shop([lot(0, ("milk", 1)), order(1, ("milk", 1))], {"milk": 0}, orders=orders)
    assert history(plan, engine(plan))[2:] == lines("""
        1 reserve 1 - 4
        1 cancelled 4
    """)


def test_who_leaves_before_picking_gives_the_goods_back(engine):
    """Order 0 waits for a picker in vain until 4; the milk that was reserved for it goes to order 1."""
    orders = [
        reserve("reserve"),
        work("pick", "pickers", 2, patience=[3, 50], lost="gone"),
        *ORDERS[2:],
        leave("gone", Outcome.CANCELLED),
    ]
    plan = shop(
        [order(1, ("milk", 1)), order(2, ("milk", 1))], {"milk": 1}, orders=orders, pickers=team([(0, 0), (9, 1)])
    )
    assert history(plan, engine(plan)) == lines("""
        0 reserve 1 1 1
        0 pick 1 - 4
        0 cancelled 4
        1 reserve 2 4 4
        1 pick pickers 4 9 11
        1 delivered 11
    """)


def test_orders_of_one_moment_are_served_by_number(engine):
    """Both want the last one at the same moment that it is put away."""
    plan = shop([lot(0, ("milk", 1)), order(4, ("milk", 1)), order(4, ("milk", 1))], {"milk": 0})
    assert history(plan, engine(plan))[2:] == lines("""
        1 reserve 4 4 4
        1 pick pickers 4 4 6
        1 delivered 6
        2 reserve 4 - -
        2 inside
    """)


def test_backlog_beyond_the_reservation_holds_nothing(engine):
    """An order that waits for a picker at the start took its goods before: stock does not change."""
    plan = shop([order(0, backlog=True, first="pick")], {"milk": 5})
    assert stock_history(plan, engine(plan)) == []


def test_a_lot_is_ordered_at_the_reorder_point_and_each_sku_counts_its_own(engine):
    """At 2 milk has fallen to its point of 3: a lot of 4 sets out and is there at 6. Tea is above its point."""
    lots = [lot(NOT_YET, ("milk", 4)), lot(NOT_YET, ("tea", 7)), lot(NOT_YET, ("milk", 4)), lot(NOT_YET, ("tea", 7))]
    plan = shop(
        [order(1, ("milk", 1), ("tea", 1)), order(2, ("milk", 1)), *lots],
        {"milk": SkuOf(5, reorder_at=3, quantity=4), "tea": SkuOf(5, reorder_at=3, quantity=7)},
    )
    records = engine(plan)
    assert records.items.arrived.tolist() == [1, 2, 2, NOT_YET, NOT_YET, NOT_YET]
    assert history(plan, records)[6:] == lines("""
        2 sail 2 2 6
        2 stocked 6
        3 never came
        4 never came
        5 never came
    """)
    assert stock_history(plan, records) == lines("""
        milk 1 4 1 0 0
        milk 2 3 2 0 4    # the lot is on order when the row is written
        milk 3 3 1 0 4
        milk 4 3 0 0 4
        milk 6 7 0 0 0
        tea  1 4 1 0 0
        tea  3 4 0 0 0
    """)


def test_what_is_short_calls_for_as_many_lots_as_it_takes(engine):
    """Nine are wanted and 1 is there: lots of 4 are ordered until 1 + 4 k - 9 is above 0, which is three."""
    lots = [lot(NOT_YET, ("milk", 4)) for _ in range(4)]
    plan = shop([order(1, ("milk", 9)), *lots], {"milk": SkuOf(1, reorder_at=0, quantity=4)})
    records = engine(plan)
    assert records.items.arrived.tolist() == [1, 1, 1, 1, NOT_YET]
    assert stock_history(plan, records) == lines("""
        milk 1 1 0 9 12
        milk 5 4 9 0 0
        milk 7 4 0 0 0
    """)


def test_a_lot_that_is_destroyed_is_ordered_again(engine):
    """The first lot is destroyed at 5; its place is taken by another, destroyed at 9, and so on."""
    lost = [wait("sail", 4), leave("in", Outcome.DESTROYED), put("put")]
    lots = [lot(NOT_YET, ("milk", 4)) for _ in range(3)]
    plan = shop([order(1, ("milk", 1)), *lots], {"milk": SkuOf(1, 0, 4)}, lots=lost, end=12)
    records = engine(plan)
    assert records.items.arrived.tolist() == [1, 1, 5, 9]
    assert records.items.left.tolist() == [3, 5, 9, -1]


@pytest.mark.parametrize("name", engines.ENGINES)
def test_more_lots_than_the_plan_holds_are_an_error(name):
    """With two lots, both destroyed, the third is called in vain: the SKU is named."""
    lost = [wait("sail", 4), leave("in", Outcome.DESTROYED), put("put")]
    lots = [lot(NOT_YET, ("milk", 4)) for _ in range(2)]
    plan = shop([order(1, ("milk", 1)), *lots], {"milk": SkuOf(1, 0, 4)}, lots=lost)
    with pytest.raises(ScenarioError, match="'milk' was reordered 2 times and needs more"):
        engines.run(plan, name)
