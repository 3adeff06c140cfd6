"""Every measure of small runs with everything on, against plain loops over the rows of their records."""

from __future__ import annotations

import math

import pytest

from sim.analysis.checks import check
from sim.analysis.measures import measure
from sim.analysis.run import Run
from sim.engine.engines import run
from sim.plan.compile import compile_plan
from tests.analysis.naive import Loop
from tests.engine.worlds import EVERYTHING, world

FEWER = "flows.orders.arrivals.poisson.per_day=250"
SLOW = "stages.tally.put_away.work.per_carton=4 min"  # beyond the end of the shift, so that jobs are paused
DEAR = (
    "teams.officers.wage=40", "teams.packers.wage=30", "teams.clerks.wage=35", "teams.pickers.overtime_factor=2",
    "teams.pickers.wage=30", "costs.opening=12", "costs.courier=8", "costs.refund=150",
    "costs.freight=3", "costs.interest=6 %", "flows.orders.stock_cover=20 d", "promises.dispatch.penalty=5",
    "promises.fragile_home.to=delivered", "promises.fragile_home.within=16 h", "promises.fragile_home.penalty=9",
    "promises.fragile_home.classes=[fragile]", "stages.inspection.physical.share=100 %",
)  # fmt: skip
XRAY = (
    "stages.customs.mode=xray_then_open",
    "stages.customs.xray.machine.team=officers", "stages.customs.xray.machine.work=1 min",
    "stages.customs.xray.image.team=clerks", "stages.customs.xray.image.work=2 min",
    "stages.customs.xray.doubtful=40 %", "stages.customs.selection_rate=50 %",
)  # fmt: skip
COURIERS = ("stages.delivery.couriers.team=loaders", "stages.delivery.couriers.work=3 min", "teams.loaders.staff=4")
WORLDS = {
    "to the horizon": (),
    "until the last has left": ("clock.end=drain",),
    "within a window": ("clock.warm_up=9 h", "clock.measure=20 h"),
    "with prices": DEAR,
    "with X-ray and couriers": (*XRAY, *COURIERS),
    "overloaded": ("stages.customs.selection_rate=90 %", "stages.customs.opening.work=40 min", "teams.officers.wage=1"),
    "picking waits for the documents": ("stages.customs.pick_before_acceptance=false",),
    "lists returned only once": ("stages.customs.order_data.repair.at_most=1", "stages.delivery.retry.at_most=1"),
    "rework and rejects": (
        "stages.packing.rework.share=10 %", "stages.packing.rework.to=picking", "stages.packing.reject=2 %",
    ),
}  # fmt: skip


@pytest.mark.parametrize("settings", WORLDS.values(), ids=WORLDS.keys())
def test_every_measure_equals_a_loop_over_the_rows(settings: tuple[str, ...]) -> None:
    """The same names, and the same numbers to nine digits; a name that only one side has must be without a value."""
    plan = compile_plan(world(EVERYTHING, FEWER, SLOW, *settings))
    records = run(plan)
    assert check(Run(plan, records))
    found = {name: one.value for name, one in measure(Run(plan, records)).items()}
    expected = Loop(plan, records).measures()
    known = {name: value for name, value in expected.items() if not math.isnan(value)}
    assert {name: value for name, value in found.items() if not math.isnan(value)} == pytest.approx(known, rel=1e-9)


def test_the_runs_show_what_the_measures_are_for() -> None:
    """A comparison of nothing with nothing would pass: pauses, overtime, finds, returned lists and lost orders occur."""
    plan = compile_plan(world(EVERYTHING, SLOW, *DEAR))
    records = run(plan)
    found = measure(Run(plan, records))
    assert len(records.spells) > 0
    wanted = (
        "overtime.clerks", "failures.per_opened_parcel.customs", "late.dispatch", "unknown.dispatch", "late.fragile_home", "unfinished",
        "outcome.seized", "hit_rate.inspection", "outcome.cancelled", "hours.rework", "hours.nobody", "cost.overtime", "cost.penalty",
        "cost.refund", "cost.opening", "picked_again.picking",
    )  # fmt: skip
    assert [name for name in wanted if not found[name].value > 0] == []
    assert found["first_pass_yield.customs"].value < 1
