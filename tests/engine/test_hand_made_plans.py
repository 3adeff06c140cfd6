"""Plans made by hand for tests are Plans like compiled ones."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from sim.plan.compile import compile_plan
from tests.engine.histories import history
from tests.engine.worlds import world
from tests.plans import NO, YES, a_plan, branch, gate, item, leave, meet, team, truck, wait, work

TWO_DESKS = """
schema: 1
clock: {start: 2026-11-02, length: 1 h}
flows: {goods: {arrivals: {gaps: 10 ms}, route: [pick, pack]}}
stages: {pick: {team: pickers, work: 4 ms}, pack: {team: packers, work: 25 ms}}
teams: {pickers: {staff: 1}, packers: {staff: 2}}
"""


def test_the_same_line_by_hand_and_from_a_scenario_has_the_same_history(engine):
    """Two desks, an item every 10 ms, in the first second."""
    compiled = compile_plan(world(TWO_DESKS, "clock.length=1 s"))
    by_hand = a_plan(
        work("pick.work", "pickers", 4), work("pack.work", "packers", 25), leave("leave.delivered"),
        teams={"pickers": 1, "packers": 2}, items=range(10, 1000, 10), end=1000,
    )  # fmt: skip
    assert history(by_hand, engine(by_hand)) == history(compiled, engine(compiled))


def test_all_tables_are_of_the_same_types_as_compiled_ones():
    """An engine that relies on the type of a column finds it in both."""
    compiled = compile_plan(world())
    by_hand = a_plan(
        work("pack", "packers", [5], patience=9, lost="out"), wait("lab", 3, calendar="lab"), gate("dock"), meet("meet"),
        branch("again", "pack", [[YES], [NO]], at_most=2, exhausted="out"), leave("out"),
        teams={"packers": team([(0, 1), (9, 0)])}, gates={"dock": truck([(9, 1)])}, calendars={"lab": [(1, 2)]}, items=[0],
    )  # fmt: skip
    for owner, other in ((compiled, by_hand), (compiled.items, by_hand.items)):
        for field in fields(owner):
            one, two = getattr(owner, field.name), getattr(other, field.name)
            assert type(one) is type(two), field.name
            assert not isinstance(one, np.ndarray) or one.dtype == two.dtype, field.name


def test_items_out_of_order_are_refused():
    """Numbers of items are their places in the Plan; a test must not be mistaken about them."""
    with pytest.raises(ValueError, match="backlog first, then by arrival and flow"):
        a_plan(wait("haul", 1), items=[5, 3])
    with pytest.raises(ValueError, match="backlog first, then by arrival and flow"):
        a_plan(wait("haul", 1), items=[0, item(0, backlog=True)])


def test_a_row_of_draws_that_is_too_short_is_refused():
    """The third item would read the numbers of another step."""
    with pytest.raises(ValueError, match="2 draws for the 3 items of flow 'goods'"):
        a_plan(wait("haul", [4, 5]), items=[0, 0, 0])
