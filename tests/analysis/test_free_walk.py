"""The free walk offers what a run with ample staff records: the same visits, at the same moments, of the same length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.free_walk import NOT_OPEN, after_open_time, free_walk
from sim.engine.simpy_model import run
from sim.plan.compile import compile_plan
from sim.plan.plan import NONE, Plan, opens_until
from sim.plan.steps import Kind
from sim.world.files import from_text

AMPLE = """
schema: 1
clock: {start: 2026-11-02 06:30, length: 3 d}
flows:
  bulk:
    goods: consignment
    arrivals: {times: {at: ["07:00", "08:00", "11:00", "13:00", "15:00", "16:00"]}}
    route: [inspection, tally]
    lines: 3
    units_per_line: 40
  orders:
    arrivals: {gaps: {exponential: 4 min}}
    route: [picking, packing, customs, delivery]
    classes: {normal: {share: 70 %}, fragile: {share: 30 %, work: {packing: 1.7}}}
    lines: {shares: {1: 60 %, 2: 40 %}}
stages:
  inspection:
    documents: {team: officers, work: {uniform: [10 min, 30 min]}}
    accuracy: 60 %
    physical: {team: officers, crew: 2, share: 50 %, discrepancy: 50 %, work: {triangular: [1 h, 2 h, 3 h]}}
    correction: {wait: {exponential: 3 h}, calendar: office, at_most: 3}
  tally:
    count: {team: crew, crew: 3, share_work: true, work: {per_unit: 150 / h, per_carton: 120 / h}}
    put_away: {team: crew, crew: 2, work: {per_carton: 1 min}}
    reject: 10 %
  picking:
    pick: {team: pickers, work: {per_line: {lognormal: {mean: 36 s, cv: 0.5}}}}
    check: {team: packers, work: 20 s}
    mispick: 20 %
    at_most: 3
  packing:
    team: packers
    work: {exponential: 1 min}
    damage: {normal: 5 %, fragile: 20 %}
    rework: {share: 20 %, to: picking, at_most: 2}
  customs:
    selection_rate: 10 %
    rate_changes: [{from: 2026-11-03 12:00, rate: 70 %}]
    mode: xray_then_open
    xray:
      machine: {team: machine, work: 6 s}
      image: {team: officers, work: {erlang: {mean: 20 s, k: 3}}}
      doubtful: 60 %
    opening: {team: officers, crew: 2, work: {triangular: [4 min, 8 min, 20 min]}}
    verdict: {release: 50 %, amend: 30 %, delete: 15 %, seize: 5 %}
    amendment: {team: officers, work: 5 min}
    national: {team: officers, share: 20 %, refuse: 30 %, work: 9 min}
  delivery:
    loading: {team: loaders, work: 9 s}
    line_haul: {uniform: [5 h, 8 h]}
    couriers: {team: couriers, work: {exponential: 2 h}}
    attempt_fails: 30 %
    retry: {wait: 10 h, at_most: 2}
    refused: 3 %
teams:
  officers: {staff: 9000, speed: 0.79}
  crew: {staff: 9000}
  pickers: {shifts: {all: {from: "00:00", to: "24:00", staff: 9000}}, speed: 1.3, learning: {speed: 1.9, days: 2}}
  packers: {staff: 9000}
  machine: {staff: 9000}
  loaders: {staff: 9000}
  couriers: {staff: 9000}
calendars:
  office: {days: mon-tue, from: "09:00", to: "17:30"}
"""

HELD_UP = AMPLE.replace(
    "    selection_rate: 10 %",
    """    order_data:
      order: 1 min
      match: {uniform: [1 min, 5 min]}
      accuracy: 80 %
      repair: {automatic_share: 50 %, automatic: 10 min, clerks: {team: clerks, work: {exponential: 15 min}}}
    selection_rate: 10 %""",
).replace("teams:\n", "teams:\n  clerks: {staff: 9000}\n").replace(
    "    line_haul", "    trucks: {departures: ['10:00', '18:00', '22:00'], full: 50}\n    line_haul"
).replace("    rate_changes: [{from: 2026-11-03 12:00, rate: 70 %}]\n", "").replace(
    "length: 3 d", "length: 3 d, end: drain"
)  # fmt: skip


def plan_of(text: str, replication: int = 0) -> Plan:
    """The Plan of a scenario text."""
    return compile_plan(from_text(text, Path()).scenario, replication=replication)


def offered(plan: Plan) -> np.ndarray:
    """Item, step, offered (ms) and person-milliseconds of every visit, sorted."""
    rows = [
        np.column_stack([offers.item, np.full(len(offers.item), offers.step), offers.offered_ms, offers.person_ms])
        for offers in free_walk(plan)
    ]
    return np.unique(np.concatenate(rows), axis=0)


def recorded(plan: Plan) -> np.ndarray:
    """The same from the records of a run; the work of visits under way at the end is not known (-1)."""
    visits = run(plan).visits
    work = np.isin(visits.step, plan.steps_of(Kind.WORK))
    item, step = visits.item[work], visits.step[work]
    started, ended = visits.started[work], visits.ended[work]
    person_ms = np.where(ended >= 0, (ended - started) * plan.steps["crew"][step], -1)
    return np.unique(np.column_stack([item, step, visits.joined[work], person_ms]), axis=0)


@pytest.mark.parametrize("replication", [0, 1])
def test_every_visit_is_offered_at_its_moment_with_its_work(replication: int) -> None:
    """With 9,000 people in each team and no gate or meeting, offers and records are the same rows."""
    plan = plan_of(AMPLE, replication)
    walked, ran = offered(plan), recorded(plan)
    assert np.array_equal(walked[:, :3], ran[:, :3])
    done = ran[:, 3] >= 0
    assert np.array_equal(walked[done, 3], ran[done, 3])
    assert done.mean() > 0.98
    steps_walked = set(walked[:, 1].tolist())
    assert steps_walked == set(plan.steps_of(Kind.WORK).tolist()), "the scenario exercises every work step"


def test_gates_and_meetings_move_work_in_time_but_do_not_change_how_much_there_is() -> None:
    """Where documents and trucks hold items up, the offers of a drained run still add up to its records by step."""
    plan = plan_of(HELD_UP)
    walked, ran = offered(plan), recorded(plan)
    assert (ran[:, 3] >= 0).all()
    for step in plan.steps_of(Kind.WORK):
        assert walked[walked[:, 1] == step, 3].sum() == ran[ran[:, 1] == step, 3].sum() > 0
    held = plan.step_number["orders", "delivery.couriers"]
    assert walked[walked[:, 1] == held, 2].sum() < ran[ran[:, 1] == held, 2].sum()


def test_nobody_gives_up_on_a_free_walk() -> None:
    """Patience ends in queues, and a free walk has none: all work is offered, though one clerk could not do it in time."""
    text = """
        schema: 1
        clock: {start: 2026-11-02, length: 1 d}
        flows: {orders: {arrivals: {times: {at: ["01:00", "01:05", "01:10"]}}, route: [desk]}}
        stages: {desk: {team: clerks, work: 2 h, patience: 1 min}}
        teams: {clerks: {staff: 1}}
    """
    (offers,) = free_walk(plan_of(text))
    assert offers.offered_ms.tolist() == [3_600_000, 3_900_000, 4_200_000]
    assert offers.person_ms.tolist() == [7_200_000] * 3


def test_work_at_or_after_the_end_of_the_run_is_not_offered() -> None:
    """Two stages of exactly 12 hours in a day: who comes at midnight reaches the end with the second one."""
    text = """
        schema: 1
        clock: {start: 2026-11-02, length: 1 d}
        flows: {orders: {arrivals: {times: {at: ["00:00", "12:00"]}}, route: [one, two]}}
        stages: {one: {team: clerks, work: 12 h}, two: {team: clerks, work: 12 h}}
        teams: {clerks: {staff: 5}}
    """
    rows = [(offers.step, offers.offered_ms.tolist()) for offers in free_walk(plan_of(text))]
    assert rows == [(0, [0, 43_200_000]), (1, [43_200_000])]


def test_open_time_of_many_items_agrees_with_that_of_one() -> None:
    """``after_open_time`` against the engines' ``opens_until``, on short stretches full of ties."""
    chance = np.random.default_rng(7)
    for _ in range(200):
        edges = np.cumsum(chance.integers(1, 4, size=8))
        begins, ends = edges[::2], edges[1::2]
        open_before = np.concatenate([[0], np.cumsum(ends - begins)[:-1]])
        now, wait_ms = chance.integers(0, 25, size=30), chance.integers(1, 12, size=30)
        many = after_open_time(begins, ends, open_before, now, wait_ms)
        single = [opens_until(begins, ends, open_before, int(n), int(w)) for n, w in zip(now, wait_ms, strict=True)]
        assert np.where(many == NOT_OPEN, NONE, many).tolist() == single


def test_a_calendar_that_never_opens_lets_nobody_through() -> None:
    """No open stretch at all: whoever waits for one waits for ever."""
    none = np.zeros(0, dtype=np.int64)
    assert after_open_time(none, none, none, np.array([5]), np.array([1])).tolist() == [NOT_OPEN]
