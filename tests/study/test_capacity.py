"""How much a plan can take, and whether its runs are steady."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.study.capacity import capacity, with_demand
from sim.study.evaluate import evaluator
from sim.study.replicate import Settings, replicate
from sim.study.steady import mser5, warnings_of
from sim.study.target import TargetError, parse_target
from tests.study.worlds import desk

# 10 min of work, an order every 20 min, one clerk at all hours: with twice the orders he is full to the brim.
CONSTANT = (
    "flows.orders.arrivals={gaps: 20 min}",
    "stages.desk.work=10 min",
    "teams.clerks={staff: 1}",
    "clock={start: 2026-11-02, length: 10 d, warm_up: 1 d}",
)


def test_a_clerk_who_works_half_the_time_can_take_twice_the_orders() -> None:
    """Up to then nobody waits and all take 10 min; beyond that the queue grows for ten days."""
    file = desk(*CONSTANT)
    with evaluator(places=1) as evaluate:
        found = capacity(file, [parse_target("delivery_time.p90 <= 30 min", file.scenario)], evaluate, replications=2)
    assert found.limit == pytest.approx(2.0, rel=0.025)
    assert found.sure_up_to == found.limit  # constant times leave no doubt
    assert found.overflows == "desk"
    row = found.frame.set_index("demand").loc[found.limit]
    assert row["load"] == pytest.approx(1.0, rel=0.025)
    assert found.frame["kept"].tolist() == sorted(found.frame["kept"], reverse=True)
    assert found.recovers_h.mean == 0.0  # there is no queue


def test_a_target_that_is_never_kept_has_no_limit() -> None:
    """Down to a sixty-fourth of the orders."""
    file = desk(*CONSTANT)
    with evaluator(places=1) as evaluate:
        found = capacity(file, [parse_target("delivery_time.p90 <= 5 min", file.scenario)], evaluate, replications=2)
    assert (found.limit, found.sure_up_to) == (0.0, 0.0)


def test_after_a_peak_the_queue_needs_the_time_that_the_work_needs() -> None:
    """A day of five times the orders leaves 24 h x (5 - 1.9) / 1.9 of backlog, gone after some two days, not one or ten."""
    file = desk(
        "clock={start: 2026-11-02, length: 14 d, warm_up: 1 d}",
        "flows.orders.arrivals.poisson.peaks=[{from: 2026-11-05, to: 2026-11-06, factor: 5}]",
    )
    with evaluator(places=1) as evaluate:
        found = capacity(file, [parse_target("delivery_time.p50 <= 10 d", file.scenario)], evaluate, replications=3)
    # offered 40 h a day of 72: left over 5 x 40 - 72 = 128 h, worked off with 32 h a day in 4 days; mean over a day
    assert 3 * 24 <= found.recovers_h.mean <= 5.5 * 24


def test_orders_that_come_by_a_timetable_cannot_be_multiplied() -> None:
    """The flow is named, and what can."""
    with pytest.raises(TargetError, match=r"flows.orders.arrivals: these arrivals cannot be multiplied"):
        with_demand(desk("flows.orders.arrivals={times: {at: ['08:00']}}"), 2)


def test_mser_5_cuts_where_the_transient_has_died_down() -> None:
    """A hundred that falls by a tenth at each step, on a wave of ten: 40 (worked out by hand); pure noise: next to nothing."""
    at = np.arange(500)
    assert mser5(100 * 0.9**at + np.where(at % 10 < 5, -1, 1)) == 40
    assert mser5(np.arange(500, dtype=float)) > 250  # it never settles
    assert mser5(np.zeros(3)) == 0


def test_a_run_that_is_overloaded_says_so_in_each_way() -> None:
    """Load above 1, a queue that grows, and many under way at the end."""
    file = desk(*CONSTANT, "flows.orders.arrivals={gaps: 8 min}")
    said = "\n".join(warnings_of(replicate(file, Settings(replications=3))))
    assert "clerks: offered load is 125 %" in said
    assert "The queue grows by" in said
    assert "are still under way at the end" in said


def test_a_run_that_settles_says_nothing() -> None:
    """Half loaded for ten days."""
    assert warnings_of(replicate(desk(*CONSTANT), Settings(replications=3))) == []


def test_a_run_without_a_warm_up_is_not_asked_whether_it_has_settled() -> None:
    """A peak from a stated start has an end: only overload and unfinished orders are told."""
    file = desk(*CONSTANT, "flows.orders.arrivals={gaps: 8 min}", "clock.warm_up=0 h")
    said = "\n".join(warnings_of(replicate(file, Settings(replications=3))))
    assert "grows by" not in said
    assert "offered load" in said


def test_a_run_that_still_warms_up_says_so() -> None:
    """A queue that was there at the start and takes most of the run to be worked off."""
    file = desk(*CONSTANT, "clock.warm_up=1 h", "start={orders: {desk: 600}}")
    result = replicate(file, Settings(replications=2))
    said = "\n".join(warnings_of(result))
    assert "Still warming up: the MSER-5 rule would cut" in said
    assert warnings_of(replace(result, curves=())) == [line for line in said.splitlines() if "warming" not in line]
