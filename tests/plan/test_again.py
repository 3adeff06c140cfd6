"""Later attempts are drawn for those alone who may make any: nobody else ever comes to a step again."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import fast, simpy_model
from sim.plan.compile import compile_file, compile_plan
from sim.plan.draws import parts_per_million, uniforms
from sim.plan.plan import NONE, Plan
from sim.world.files import load
from sim.world.shipped import shipped
from tests.engine.worlds import EVERYTHING, world

PLANS = {
    "everything": lambda: compile_plan(world(EVERYTHING, "clock.length=10 d")),
    "bonded": lambda: compile_file(load(shipped("bonded_fortnight_with_stock"))),
    "a record": lambda: compile_file(load(shipped("seller_record"))),
}


def ranks_of(plan: Plan, step: int) -> np.ndarray:
    """For each item its place among those of its flow that may come again, 0 without one; of the items of a step's flow."""
    return plan.draws[plan.steps["ranks"][step] + plan.items.index].astype(int)


@pytest.mark.parametrize("name", PLANS)
def test_only_who_may_come_again_does(name: str) -> None:
    """Of those who may, many do; of the others nobody."""
    plan = PLANS[name]()
    visits, again = fast.run(plan).visits, 0
    for step in np.unique(visits.step[visits.attempt > 0]).tolist():
        ranks = ranks_of(plan, step)
        repeated = visits.item[(visits.step == step) & (visits.attempt > 0)]
        assert (ranks[repeated] > 0).all()
        again += len(repeated)
    assert again > 50


def test_most_have_no_numbers_for_what_few_come_to() -> None:
    """Where one in fifty is picked again, there are second numbers for few more than that."""
    plan = compile_file(load(shipped("small_site_fortnight")))
    step = plan.step_number["orders", "picking.pick"]
    own = plan.items.flow == plan.flow_keys.index("orders")
    assert 0.001 < (ranks_of(plan, step)[own] > 0).mean() < 0.2


def test_a_later_attempt_has_the_number_at_its_own_address() -> None:
    """As if all had been drawn: the item's index in the stream of its purpose and attempt."""
    plan = compile_plan(world(EVERYTHING))
    step = plan.steps[plan.step_number["orders", "picking.mispick"]]
    own = np.flatnonzero((plan.items.flow == plan.flow_keys.index("orders")) & ~plan.items.backlog)
    index = plan.items.index[own]
    ranks = plan.draws[step["ranks"] + index].astype(int)
    numbers = parts_per_million(uniforms(plan.seed, plan.replication, "orders/picking.mispick", len(own), attempt=1))
    found = plan.draws[step["draw_again"] + ranks[ranks > 0] - 1]
    assert found.tolist() == numbers[index[ranks > 0]].tolist()
    assert len(found) > 5


def test_a_flow_without_a_way_back_has_no_ranks() -> None:
    """Nobody comes again where no way leads back."""
    plan = compile_file(load(shipped("teaching_line")))
    assert (plan.steps["ranks"] == NONE).all()


def test_an_item_that_comes_again_against_expectation_is_an_error() -> None:
    """The engine that one reads says so instead of taking another item's number."""
    plan = compile_plan(world(EVERYTHING, "clock.length=10 d"))
    draws = plan.draws.copy()
    for step in np.flatnonzero(plan.steps["ranks"] != NONE).tolist():
        draws[ranks_of_row(plan, step)] = 0
    object.__setattr__(plan, "draws", draws)
    with pytest.raises(AssertionError, match="was not expected to come"):
        simpy_model.run(plan)


def ranks_of_row(plan: Plan, step: int) -> np.ndarray:
    """Where the ranks of a step's flow are."""
    flow = plan.flow_keys.index(plan.step_names[step].flow)
    return plan.steps["ranks"][step] + plan.items.index[plan.items.flow == flow]
