"""A small site with everything, and results of small runs, each made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.study.replicate import Result, Settings, replicate
from sim.world.files import ScenarioFile, from_text, load
from sim.world.shipped import shipped

SITE = """
schema: 1
question: Does a very small site keep its promises?
clock: {start: 2026-11-02, length: 4 d, warm_up: 12 h, measure: 2 d, end: drain}
calendars:
  office_hours: {days: mon-fri, from: 09:00, to: 17:00}
flows:
  bulk:
    label: bulk consignments
    goods: consignment
    arrivals: {times: {at: ["07:30"]}}
    units_per_line: 200
    route: [inspection, tally]
  orders:
    arrivals: {poisson: {per_day: 90, hours: [1,1,1,1,1,1,2,3,4,5,6,6,5,5,5,5,5,5,5,6,8,9,7,4]}}
    lines: {shares: {1: 70 %, 2: 30 %}}
    classes: {normal: {share: 80 %}, fragile: {share: 20 %, work: {packing: 2}}}
    route: [picking, packing, customs, delivery]
stages:
  inspection:
    documents: {team: officers, work: 30 min}
    accuracy: 90 %
    correction: {wait: 2 h, calendar: office_hours}
  tally: {count: {team: packers, crew: 2, share_work: yes, work: {per_unit: 30 s}}}
  picking: {pick: {team: packers, work: {per_line: {lognormal: {mean: 4 min, cv: 0.5}}}}, check: {team: packers, work: 1 min}, mispick: 5 %}
  packing: {team: packers, work: 5 min, damage: {fragile: 4 %}}
  customs:
    label: customs and national inspection
    order_data: {order: 10 min, match: 5 min, accuracy: 90 %, repair: {clerks: {team: officers, work: 10 min}}}
    selection_rate: 10 %
    rate_changes: [{from: 2026-11-03 12:00, rate: 20 %}]
    opening: {team: officers, work: {triangular: [4 min, 8 min, 20 min]}}
    verdict: {release: 90 %, seize: 10 %}
  delivery:
    trucks: {departures: ["18:00"], capacity: 200}
    last_mile: {uniform: [4 h, 10 h]}
    attempt_fails: 10 %
    retry: {wait: 1 d}
teams:
  officers: {label: customs officers, wage: 60, staff: 1}
  packers:
    wage: 30
    at_shift_end: pause
    shifts:
      early: {from: 07:00, to: 15:00, staff: 2, breaks: [{at: 11:00, for: 30 min}]}
      late: {from: 15:00, to: 22:00, staff: 2}
promises:
  dispatch_24h: {to: dispatched, within: 24 h, penalty: 5}
  delivery_48h: {to: delivered, within: 48 h}
costs: {opening: 8, courier: 9, refund: 200}
sources:
  stages.packing.work: {trust: G, source: a round figure}
  stages.customs.selection_rate: {trust: B, source: a trade paper, low: 2 %, high: 12 %}
"""


def site(*settings: str) -> ScenarioFile:
    """The small site, with changes."""
    return from_text(SITE, Path(), "small_site", settings)


def run(file: ScenarioFile, replications: int = 2) -> Result:
    """A result on the engine that needs no compiling."""
    return replicate(file, Settings(seed=7, replications=replications, engine="simpy"))


MAKERS: dict[str, Callable[[], Result]] = {
    "teaching line": lambda: run(load(shipped("teaching_line"), ["clock.length=36 h", "clock.warm_up=6 h"]), 3),
    "site": lambda: run(site()),
    "one replication": lambda: run(site(), 1),
    "many replications": lambda: run(site("clock.length=3 d", "clock.measure=1 d"), 6),
    "overloaded": lambda: run(site("teams.packers.shifts.early.staff=0", "clock.end=horizon")),
    "nothing delivered": lambda: run(
        site("clock.length=20 h", "clock.warm_up=0 h", "clock.measure=20 h", "clock.end=horizon")
    ),
    "stock": lambda: run(
        site(
            "stock.skus=4",
            "stock.on_hand=1 d",
            "flows.orders.from_stock.patience=1 d",
            "flows.bulk.units_per_line=60",
            "stages.customs.follows_record.days=2",
            "stages.customs.follows_record.at_least=3",
        )
    ),
    "longer than a week": lambda: run(site("clock.length=10 d", "clock.measure=9 d", "clock.end=horizon"), 1),
}
MADE: dict[str, Result] = {}


def made(name: str) -> Result:
    """The result of that name, made when first asked for."""
    if name not in MADE:
        MADE[name] = MAKERS[name]()
    return MADE[name]
