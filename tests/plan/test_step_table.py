"""The Plan's table of steps."""

from __future__ import annotations

import numpy as np

from sim.plan.compile import compile_plan
from sim.plan.plan import NONE
from tests.engine.worlds import world


def test_an_items_counters_are_those_of_its_own_flow():
    """No two steps of a flow share one, each flow begins at 0, and an item has as many as the flow with the most."""
    plan = compile_plan(world())
    flows = np.array([name.flow for name in plan.step_names])
    most = 0
    for flow in set(flows):
        rows = plan.steps[flows == flow]
        slots = np.concatenate([rows["visit_slot"], rows["taken_slot"]])
        used = np.sort(slots[slots != NONE])
        assert used.tolist() == list(range(len(used)))
        most = max(most, len(used))
    assert plan.slots == most > 0
