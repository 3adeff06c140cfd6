"""Calendars and trucks against recursions of a few lines that know nothing of events: exact to the millisecond.

Kiefer and Wolfowitz (On the theory of queues with many servers, 1955): who comes next begins with the server that is
free first. The recursions see the same arrivals and the same drawn times, and have a calendar of their own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
import pytest

from sim.plan.compile import compile_plan
from tests.engine.worlds import world

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

OFFICE = """
schema: 1
clock: {start: 2026-11-02, length: 40 d, end: drain}
flows: {orders: {arrivals: {gaps: {exponential: 3 min}}, route: [desk]}}
stages: {desk: {team: clerks, work: {lognormal: {mean: 9 min, cv: 1.2}}}}
teams:
  clerks: {at_shift_end: finish, shifts: {day: {from: 08:00, to: 20:30, breaks: [{at: 12:00, for: 30 min}], staff: 6}}}
"""
# Open from 8:00 to 12:00 and from 12:30 to 20:30, each day of the run and of the weeks in which it drains.
OPENS = [day * DAY_MS + at for day in range(100) for at in (8 * HOUR_MS, 25 * HOUR_MS // 2)]
SHUTS = [day * DAY_MS + at for day in range(100) for at in (12 * HOUR_MS, 41 * HOUR_MS // 2)]
PASSED = np.concatenate([[0], np.cumsum(np.subtract(SHUTS, OPENS))]).tolist()


def kiefer_wolfowitz(arrivals, times, servers, opening=lambda moment: moment):
    """When each begins and ends: with the server that is free first, not before it is open."""
    free, begins, ends = [0] * servers, [], []
    for arrived, needed in zip(arrivals, times, strict=True):
        begin = opening(max(arrived, free[0]))
        free = sorted([begin + needed, *free[1:]])
        begins.append(begin)
        ends.append(begin + needed)
    return begins, ends


def next_open(moment):
    """The moment itself where it is in [from, to), else the next opening."""
    shift = bisect_right(SHUTS, moment)
    return max(moment, OPENS[shift])


def open_before(moment):
    """How long it was open up to a moment."""
    shift = bisect_right(SHUTS, moment)
    return PASSED[shift] + max(0, moment - OPENS[shift])


def first_moment(open_ms):
    """The first moment by which it was open so long: the end of a day, not the next morning."""
    shift = max(0, bisect_left(PASSED, open_ms) - 1)
    return OPENS[shift] + open_ms - PASSED[shift]


def desk(engine, *settings):
    """A run of the office: arrivals and drawn times, and begins and ends by the engine."""
    plan = compile_plan(world(OFFICE, *settings))
    visits = engine(plan).visits
    at_desk = visits.step == plan.step_number["orders", "desk.work"]
    step = plan.steps[plan.step_number["orders", "desk.work"]]
    times = plan.draws[step["draw"] + plan.items.index].tolist()
    return plan.items.arrived.tolist(), times, visits.started[at_desk].tolist(), visits.ended[at_desk].tolist()


def test_several_servers_at_all_hours(engine):
    """Without shifts: the recursion as it was published."""
    arrivals, times, started, ended = desk(engine, "teams.clerks.staff=4")
    assert len(arrivals) > 15_000
    assert (started, ended) == kiefer_wolfowitz(arrivals, times, servers=4)


def test_night_closure_with_jobs_finished_in_overtime(engine):
    """Nothing begins from 20:30 to 8:00 or at noon; what has begun goes on."""
    arrivals, times, started, ended = desk(engine)
    assert (started, ended) == kiefer_wolfowitz(arrivals, times, 6, next_open)
    # The closure is felt, and so is the overtime.
    assert sum(next_open(moment) != moment for moment in arrivals) > len(arrivals) / 3
    assert sum(next_open(moment) != moment for moment in ended) > 100


def test_night_closure_with_jobs_paused(engine):
    """On a clock that runs only while it is open, the closures are not there: the recursion runs on that clock."""
    arrivals, times, started, ended = desk(engine, "teams.clerks.at_shift_end=pause")
    begins, ends = kiefer_wolfowitz([open_before(moment) for moment in arrivals], times, 6)
    assert ended == [first_moment(open_ms) for open_ms in ends]
    assert started == [next_open(first_moment(open_ms)) for open_ms in begins]
    # Some jobs last over a closure: from begin to end passes more time than they take.
    assert sum(end - begin > needed for begin, end, needed in zip(started, ended, times, strict=True)) > 100


@pytest.mark.parametrize("ahead_min", [20, 45])
def test_no_start_in_the_last_minutes_before_a_closure(engine, ahead_min):
    """``last_start``: the recursion has the shorter opening times."""
    ahead_ms = ahead_min * 60_000

    def opening(moment):
        begin = next_open(moment)
        shut = SHUTS[bisect_right(SHUTS, begin)]
        return begin if begin + ahead_ms < shut else next_open(shut)

    arrivals, times, started, ended = desk(engine, f"teams.clerks.last_start={ahead_min} min")
    assert (started, ended) == kiefer_wolfowitz(arrivals, times, 6, opening)


DISPATCH = """
schema: 1
clock: {start: 2026-11-02, length: 40 d, end: drain}
flows: {orders: {arrivals: {poisson: {per_day: 240}}, route: [delivery]}}
stages:
  delivery:
    loading: {team: loaders, work: {exponential: 5 min}}
    trucks: {departures: [12:00, 18:00, 22:00], days: mon-sat, capacity: 100}
teams: {loaders: {staff: 2}}
"""


def test_trucks_of_limited_capacity(engine):
    """Each departure takes the first hundred that are loaded; Sunday's wait, and Monday's trucks do not hold them all."""
    plan = compile_plan(world(DISPATCH))
    visits = engine(plan).visits
    loading = plan.steps[plan.step_number["orders", "delivery.loading"]]
    times = plan.draws[loading["draw"] + plan.items.index].tolist()
    _, loaded = kiefer_wolfowitz(plan.items.arrived.tolist(), times, 2)
    departs = [day * DAY_MS + hour * HOUR_MS for day in range(60) if day % 7 != 6 for hour in (12, 18, 22)]
    waiting, left = sorted((moment, item) for item, moment in enumerate(loaded)), {}
    for depart in departs:
        aboard = [item for moment, item in waiting[:100] if moment <= depart]
        left.update(dict.fromkeys(aboard, depart))
        waiting = waiting[len(aboard) :]
    at_gate = visits.step == plan.step_number["orders", "delivery.trucks"]
    assert visits.ended[at_gate].tolist() == [left[item] for item in range(len(loaded))]
    assert visits.joined[at_gate].tolist() == loaded
    # Capacity is felt: many a parcel sees a truck leave without it.
    missed = sum(any(loaded[item] <= depart < left[item] for depart in departs) for item in left)
    assert missed > 500
