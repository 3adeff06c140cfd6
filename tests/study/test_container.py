"""The latest departure of a container: what bisection finds is what trying every day finds, and it says when it cannot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sim.engine.engines import run
from sim.plan.compile import compile_plan
from sim.study.container import LatestDeparture, latest_departure
from sim.study.replicate import Settings, replicate
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile, from_text
from sim.world.units import DAY_MS

SHOP = """
schema: 1
clock: {start: 2026-06-01, length: 30 d, warm_up: 2 d}
flows:
  first: {goods: consignment, arrivals: {planned: [{leaves: 2026-06-02, brings: 1 d}]}, lead_time: 1 d, route: [dock]}
  sea:
    goods: consignment
    arrivals: {planned: [{leaves: 2026-06-02, brings: 2 d}, {leaves: 2026-06-05, brings: 20 d}]}
    lead_time: {uniform: [4 d, 6 d]}
    route: [dock]
  orders: {arrivals: {poisson: {per_day: 40}}, from_stock: {}, route: [desk]}
stages:
  dock: {team: crew, work: 2 h}
  desk: {team: crew, work: 1 min}
teams: {crew: {staff: 5}}
stock: {skus: 3, zipf: 0, on_hand: 10 d}
"""
THREE = Settings(seed=3, replications=3)


def shop(*settings: str) -> ScenarioFile:
    """Ten days' stock, three that come early, and the container that is asked for: number 2 of the flow by sea."""
    return from_text(SHOP, Path(), "shop", settings)


def found(fill_rate: float, *settings: str, flow: str = "sea", number: int = 2) -> LatestDeparture:
    """The answer, by whole days."""
    return latest_departure(shop(*settings), flow, number, fill_rate, THREE)


def fill_rate_of(day: int) -> float:
    """The fill rate of a departure on a day of June, by plain replications."""
    file = shop(f"flows.sea.arrivals.planned.1.leaves=2026-06-{day:02d}")
    return replicate(file, THREE).measures["fill_rate"].mean


def test_bisection_finds_what_trying_every_day_finds() -> None:
    """The last day of June on which the fill rate is 90 % or more, by the same replications."""
    by_hand = max(day for day in range(1, 31) if fill_rate_of(day) >= 0.9)
    answer = found(0.9)
    assert answer.verdict == "by_then"
    assert answer.leaves == datetime(2026, 6, by_hand)
    assert 1 < by_hand < 30


def test_the_interval_of_the_departure_comes_from_that_of_the_fill_rate() -> None:
    """Until ``earliest`` the whole interval keeps the target, after ``latest`` none of it does."""
    answer = found(0.9)
    tried = {one.leaves: one.fill_rate for one in answer.tried}
    assert answer.earliest is not None
    assert answer.latest is not None
    assert answer.earliest <= answer.leaves <= answer.latest
    assert tried[answer.earliest].low >= 0.9
    assert [at for at, rate in tried.items() if at > answer.latest and rate.high >= 0.9] == []
    assert list(tried) == sorted(tried)


def test_an_impossible_target_is_said_to_be_so() -> None:
    """With stock for one day nothing that leaves within the clock comes in time."""
    answer = found(0.99, "stock.on_hand=1 d")
    assert (answer.verdict, answer.leaves, answer.earliest, answer.latest) == ("infeasible", None, None, None)
    assert [one.leaves for one in answer.tried] == [datetime(2026, 6, 1)]


def test_a_container_that_makes_no_difference_is_said_to_make_none() -> None:
    """With stock for 60 days no order waits for it."""
    answer = found(0.99, "stock.on_hand=60 d")
    assert (answer.verdict, answer.leaves) == ("no_difference", None)
    assert {one.fill_rate.mean for one in answer.tried} == {1.0}


def test_other_consignments_keep_their_luck_when_one_moves() -> None:
    """Moved past the first, or out of the clock, the second leaves the first's lead time as it is drawn."""
    ended = set()
    for leaves in ("2026-06-01", "2026-06-20", "2026-08-01"):
        plan = compile_plan(shop(f"flows.sea.arrivals.planned.1.leaves={leaves}").scenario)
        records = run(plan, "simpy")
        own = (plan.items.flow == plan.flow_keys.index("sea")) & (plan.items.index == 0)
        ended.add(int(records.items.left[own][0]))
    assert len(ended) == 1
    assert ended.pop() > DAY_MS


@pytest.mark.parametrize(
    ("flow", "number", "said"),
    [
        ("see", 1, "--flow see: no flow of that name plans consignments; did you mean 'sea'?"),
        ("orders", 1, "--flow orders: no flow of that name plans consignments; known are first, sea"),
        ("sea", 3, "--number 3: flow 'sea' plans 2 (the first is 1)"),
        ("sea", 0, "--number 0: flow 'sea' plans 2 (the first is 1)"),
    ],
)
def test_what_is_not_planned_cannot_be_asked_for(flow: str, number: int, said: str) -> None:
    """The message names the option and what there is."""
    with pytest.raises(ScenarioError) as refused:
        found(0.9, flow=flow, number=number)
    assert str(refused.value) == said


def test_without_orders_from_stock_there_is_no_fill_rate() -> None:
    """A container may be planned where nobody takes from stock; then the question has no answer."""
    file = from_text(SHOP.replace("from_stock: {}, ", ""), Path(), "shop")
    with pytest.raises(ScenarioError, match="no order takes from stock"):
        latest_departure(file, "sea", 2, 0.9, THREE)
