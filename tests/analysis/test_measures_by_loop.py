"""Every measure of small runs with everything on, against plain loops over the rows of their records."""

from __future__ import annotations

import math

import pytest

from sim.analysis.checks import check
from sim.analysis.measures import measure
from sim.analysis.run import Run
from sim.engine.engines import run
from sim.plan.compile import compile_plan
from sim.plan.plan import NOT_YET
from sim.world.scenario import Scenario
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
LOTS = """
  lots:
    goods: consignment
    arrivals: {reorder: {point: 8, quantity: 15}}
    lead_time: {uniform: [2 h, 9 h]}
    route: [tally]
stages:
"""
STOCKED = (
    "stock.skus=12", "stock.on_hand=12 h", "flows.orders.from_stock.patience.exponential=10 h",
    "flows.bulk.units_per_line=80",
    "stages.tally.laboratory.share=30 %", "stages.tally.laboratory.wait=3 h", "stages.tally.laboratory.fails=20 %",
    "stages.tally.laboratory.calendar=office",
)  # fmt: skip
FORMS = (
    "stages.delivery.release_forms.team=officers", "stages.delivery.release_forms.work=50 min",
    "stages.delivery.release_forms.share=60 %",
)  # fmt: skip
RECORD = (
    "stages.customs.selection_rate=40 %", "stages.customs.follows_record.days=1",
    "stages.customs.follows_record.at_least=5", "stages.customs.follows_record.floor=5 %",
)  # fmt: skip
OVERTIME = (
    "teams.clerks.overtime=2 h", "teams.packers.overtime=30 min", "teams.tally.overtime=90 min",
    "teams.clerks.learning.speed=1.4", "teams.clerks.learning.days=1", "teams.pickers.overtime=1 h",
)  # fmt: skip
WORLDS = {
    "to the horizon": (),
    "until the last has left": ("clock.end=drain",),
    "within a window": ("clock.warm_up=9 h", "clock.measure=20 h"),
    "with prices": DEAR,
    "with X-ray and couriers": (*XRAY, *COURIERS),
    "overloaded": ("stages.customs.selection_rate=90 %", "stages.customs.opening.work=40 min", "teams.officers.wage=1"),
    "picking waits for the documents": ("stages.customs.pick_before_acceptance=false",),
    "lists returned only once": ("stages.customs.order_data.repair.at_most=1", "stages.delivery.retry.at_most=1"),
    "out of stock": STOCKED,
    "out of stock within a window": (*STOCKED, "clock.warm_up=9 h", "clock.measure=20 h", "clock.start=2026-11-09 05:30"),
    "stock until the last has left": (*STOCKED, "clock.end=drain"),
    "release forms of trucks": FORMS,
    "a rate that follows the record": RECORD,
    "overtime and learning": OVERTIME,
    "all of these at once": (*STOCKED, *FORMS, *RECORD, *OVERTIME),
    "rework and rejects": (
        "stages.packing.rework.share=10 %", "stages.packing.rework.to=picking", "stages.packing.reject=2 %",
    ),
}  # fmt: skip


def of(*settings: str) -> Scenario:
    """The world with everything on, and lots by reorder where it has stock."""
    text = EVERYTHING.replace("stages:\n", LOTS.lstrip("\n"), 1) if "stock.skus=12" in settings else EVERYTHING
    return world(text, *settings)


@pytest.mark.parametrize("settings", WORLDS.values(), ids=WORLDS.keys())
def test_every_measure_equals_a_loop_over_the_rows(settings: tuple[str, ...]) -> None:
    """The same names, and the same numbers to nine digits; a name that only one side has must be without a value."""
    plan = compile_plan(of(FEWER, SLOW, *settings))
    records = run(plan)
    assert check(Run(plan, records))
    found = {name: one.value for name, one in measure(Run(plan, records)).items()}
    expected = Loop(plan, records).measures()
    known = {name: value for name, value in expected.items() if not math.isnan(value)}
    assert {name: value for name, value in found.items() if not math.isnan(value)} == pytest.approx(known, rel=1e-9)


def test_the_runs_show_what_stock_records_forms_and_overtime_are_for() -> None:
    """Orders wait for stock and are lost for it, lots are called, the rate moves, trucks are held, people stay longer."""
    plan = compile_plan(of(FEWER, *STOCKED, *FORMS, *RECORD, *OVERTIME))
    records = run(plan)
    found = measure(Run(plan, records))
    wanted = (
        "stock_wait.mean", "lost_for_stock", "stock_out.sku_days", "stock_out.first", "stock.cover", "hours.stock",
        "truck_held.delivery.mean", "overtime.clerks", "dock_to_stock.mean",
    )  # fmt: skip
    assert [name for name in wanted if not found[name].value > 0] == []
    assert 0 < found["fill_rate"].value < 1
    assert found["selection_rate.customs.orders.last"].value != 0.4
    lots = plan.items.arrived >= NOT_YET
    assert 0 < (records.items.arrived[lots] < plan.end_ms).sum() < lots.sum()


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
