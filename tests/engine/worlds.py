"""A small world with everything on: bulk and orders through all six stages, shifts, crews, help, documents, trucks."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.world.files import from_text
from sim.world.scenario import Scenario

EVERYTHING = """
schema: 1
clock: {start: 2026-11-09, length: 2 d}
flows:
  bulk:
    goods: consignment
    arrivals: {times: {at: [08:00, 10:00, 13:00]}}
    route: [inspection, tally]
    units_per_line: 960
  orders:
    arrivals: {poisson: {per_day: 400, hours: [1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 4, 4, 4, 5, 6, 6, 5, 3, 2]}}
    route: [picking, packing, customs, delivery]
    classes:
      normal: {share: 80 %, priority: 1}
      fragile: {share: 15 %, priority: 1, work: {packing: 1.7}}
      chilled: {share: 5 %, priority: 0, work: {packing: 2}}
    lines: {shares: {1: 60 %, 2: 30 %, 3: 10 %}}
    value: {lognormal: {mean: 200, cv: 0.8}}
stages:
  inspection:
    documents: {team: officers, work: 20 min}
    accuracy: 80 %
    physical: {team: officers, work: {triangular: [30 min, 1 h, 2 h]}, crew: 2, share: 40 %, discrepancy: 30 %}
    correction: {wait: {exponential: 3 h}, at_most: 3, calendar: office}
  tally:
    count: {team: tally, work: {per_carton: 1 min}, crew: 2, share_work: true}
    put_away: {team: tally, work: {per_carton: {exponential: 40 s}}}
  picking:
    pick: {team: pickers, work: {per_order: 1 min, per_line: {lognormal: {mean: 1 min, cv: 0.6}}}}
    check: {team: packers, work: 20 s}
    mispick: 5 %
    patience: {exponential: 20 h}
  packing:
    team: packers
    work: {gamma: {mean: 2 min, cv: 0.5}}
    damage: 2 %
    protection: {classes: [fragile], work_factor: 1.3, damage_factor: 20 %}
  customs:
    order_data:
      order: {exponential: 5 min}
      payment: {exponential: 10 min}
      match: 10 s
      accuracy: 90 %
      repair:
        automatic_share: 50 %
        automatic: 10 min
        clerks: {team: clerks, work: {exponential: 15 min}}
        buyer_share: 50 %
        buyer: {uniform: [1 h, 8 h]}
        at_most: 3
    selection_rate: 10 %
    rate_changes: [{from: 2026-11-10 12:00, rate: 20 %}]
    opening: {team: officers, work: {triangular: [4 min, 8 min, 20 min]}}
    verdict: {release: 85 %, amend: 10 %, delete: 3 %, seize: 2 %}
    amendment: {team: clerks, work: 10 min}
    national: {team: national, work: 5 min, share: 10 %, refuse: 30 %}
  delivery:
    loading: {team: loaders, work: 20 s}
    trucks: {departures: [12:00, 18:00, 22:00], capacity: 150, full: 60, longest_hold: 5 h}
    line_haul: {exponential: 6 h}
    last_mile: {uniform: [1 h, 4 h]}
    attempt_fails: 10 %
    retry: {wait: 4 h, at_most: 3}
    refused: 1 %
teams:
  officers: {shifts: {day: {from: 08:00, to: 16:00, staff: 3}, late: {from: 16:00, to: 21:00, staff: 2}}, last_start: 10 min}
  national: {staff: 1}
  tally: {shifts: {day: {from: 07:00, to: 15:00, breaks: [{at: 11:00, for: 30 min}], staff: 4}}, at_shift_end: pause}
  pickers: {shifts: {day: {from: 06:00, to: 22:00, staff: 2}}, speed: 0.9, absence: 10 %, helps: [packers], order: due_date}
  packers: {shifts: {day: {from: 06:00, to: 23:00, staff: 2}}, order: priority, at_shift_end: pause}
  loaders: {staff: 1}
  clerks: {shifts: {day: {from: 09:00, to: 13:00, staff: 1}}}
calendars:
  office: {days: mon-fri, from: 08:00, to: 17:00}
promises:
  dispatch: {to: dispatched, within: 24 h}
start: {orders: {packing: 12, delivery: 5}, bulk: {tally: 1}}
"""


def world(text: str = EVERYTHING, *settings: str) -> Scenario:
    """A scenario from its text, with ``path=value`` settings."""
    return from_text(text, Path(), settings=settings).scenario


def changed(change: Callable[[dict[str, Any]], None]) -> Scenario:
    """The world with everything on, after a function has changed what its file says."""
    raw = copy.deepcopy(from_text(EVERYTHING, Path()).raw)
    change(raw)
    return world(json.dumps(raw))
