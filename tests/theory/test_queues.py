"""Simulated lines against their formulas: within 4 standard errors and within 3 %.

Each runs from a scenario's text, so that arrivals, draws, calendars, engine and clock are all in it.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.theory import batch_wait_h, erlang_c, mg1_wait_h, mmc_wait_h, network_arrivals_per_h, priority_waits_h
from sim.engine import engines
from sim.plan.compile import compile_plan
from tests.engine.histories import assert_same
from tests.engine.worlds import world
from tests.theory.lines import chosen, measured, wait_min

REPLICATIONS = 20

DESK = """
schema: 1
clock: {{start: 2026-11-02, length: {days} d, warm_up: 1 d, end: drain}}
flows: {{orders: {{arrivals: {{poisson: {{per_day: {per_day}}}, batch: {batch}}}, route: [desk]}}}}
stages: {{desk: {{team: clerks, work: {work}}}}}
teams: {{clerks: {{staff: {staff}}}}}
"""


def desk(days, per_day, work, staff=1, batch=1):
    """One stage with one team, and a window of ``days`` after a day of warm-up."""
    return DESK.format(days=days + 1, per_day=per_day, work=work, staff=staff, batch=batch)


def mean_wait(plan, records):
    """Mean wait at the desk in minutes."""
    return wait_min(plan, records, chosen(plan, records))


def share_that_waits(plan, records):
    """Share of orders that did not start at once."""
    rows = chosen(plan, records)
    return float((records.visits.started[rows] > records.visits.joined[rows]).mean())


def test_several_servers():
    """M/M/4 with 30 an hour and 6 minutes: a wait of 3.06 minutes, which 50.9 % have at all."""
    text = desk(80, 720, "{exponential: 6 min}", staff=4)
    wait, share = measured(text, REPLICATIONS, 80 * 720 * 6, mean_wait, share_that_waits)
    assert wait.agrees_with(60 * mmc_wait_h(30, 0.1, 4))
    assert share.agrees_with(erlang_c(4, 3.0))


@pytest.mark.parametrize(
    ("days", "per_day", "work", "cv"),
    [
        (120, 144, "{exponential: 6 min}", 1.0),
        (60, 168, "6 min", 0.0),
        (100, 168, "{erlang: {mean: 6 min, k: 3}}", 3**-0.5),
        (160, 120, "{gamma: {mean: 6 min, cv: 1.4}}", 1.4),
    ],
    ids=["M/M/1", "M/D/1", "M/Erlang-3/1", "M/gamma/1"],
)
def test_one_server_with_times_of_any_kind(days, per_day, work, cv):
    """M/G/1 (Pollaczek and Khinchine), from constant to very uneven times."""
    (wait,) = measured(desk(days, per_day, work), REPLICATIONS, days * per_day * 6, mean_wait)
    assert wait.agrees_with(60 * mg1_wait_h(per_day / 24, 0.1, cv))


def test_arrivals_in_batches():
    """M^[8]/M/1: eight at once, 4.5 times an hour, a minute each."""
    (wait,) = measured(desk(20, 108, "{exponential: 1 min}", batch=8), REPLICATIONS, 20 * 108 * 8, mean_wait)
    assert wait.agrees_with(60 * batch_wait_h(4.5, 8, 1 / 60))


PRIORITIES = """
schema: 1
clock: {start: 2026-11-02, length: 151 d, warm_up: 1 d, end: drain}
flows:
  orders:
    arrivals: {poisson: {per_day: 144}}
    route: [desk]
    classes: {urgent: {share: 40 %, priority: 0}, usual: {share: 60 %, priority: 1, work: {desk: 1.5}}}
stages: {desk: {team: clerks, work: {exponential: 5 min}}}
teams: {clerks: {staff: 1, order: priority}}
"""


def test_two_priorities_that_break_off_no_job():
    """Cobham: the urgent (40 %, 5 minutes) go before the usual (60 %, 7.5 minutes)."""
    measures = [
        lambda plan, records, k=k: wait_min(plan, records, chosen(plan, records, goods_class=k)) for k in (0, 1)
    ]
    urgent, usual = measured(PRIORITIES, REPLICATIONS, 150 * 144 * (0.4 * 5 + 0.6 * 7.5), *measures)
    expected = priority_waits_h([2.4, 3.6], [5 / 60, 7.5 / 60], [1, 1])
    assert urgent.agrees_with(60 * expected[0])
    assert usual.agrees_with(60 * expected[1])


NETWORK = """
schema: 1
clock: {start: 2026-11-02, length: 121 d, warm_up: 1 d, end: drain}
flows: {orders: {arrivals: {poisson: {per_day: 144}}, route: [pick, check]}}
stages:
  pick: {team: pickers, work: {exponential: 5 min}}
  check: {team: checkers, work: {exponential: 9 min}, rework: {share: 25 %, to: pick, at_most: 15}}
teams: {pickers: {staff: 1}, checkers: {staff: 2}}
"""


def test_a_network_with_rework():
    """Jackson: a quarter goes back, so 8 and not 6 an hour come to each station; each is an M/M/c queue of its own.

    Sent back a fifteenth time is one order in a thousand million: the limit does not show.
    """
    measures = [
        lambda plan, records, step=step: wait_min(plan, records, chosen(plan, records, step))
        for step in ("pick.work", "check.work")
    ]

    def visits_per_order(plan, records):
        rows = chosen(plan, records, "check.work")
        return len(rows) / len(np.unique(records.visits.item[rows]))

    pick, check, visits = measured(NETWORK, REPLICATIONS, 120 * 144 * (5 + 9), *measures, visits_per_order)
    arrivals = network_arrivals_per_h([6, 0], [[0, 1], [0.25, 0]])
    assert pick.agrees_with(60 * mmc_wait_h(arrivals[0], 5 / 60, 1))
    assert check.agrees_with(60 * mmc_wait_h(arrivals[1], 9 / 60, 2))
    assert visits.agrees_with(arrivals[0] / 6)


@pytest.mark.parametrize(
    "text", [desk(2, 720, "{exponential: 6 min}", staff=4), desk(2, 108, "1 min", batch=8), PRIORITIES, NETWORK],
    ids=["desk", "batches", "priorities", "network"],
)  # fmt: skip
def test_every_engine_runs_these_lines_alike(engine, text):
    """What holds of the long runs of one engine holds of all: three days of each line, row by row."""
    plan = compile_plan(world(text, "clock.length=3 d"))
    assert_same(engine(plan), engines.run(plan, "simpy"))
