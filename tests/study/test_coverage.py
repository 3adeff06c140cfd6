"""A 95 % interval must hold the truth about 95 times in 100."""

from __future__ import annotations

from pathlib import Path

from scipy import stats

from sim.analysis.intervals import Estimate, estimate
from sim.analysis.run import Run
from sim.analysis.stage_measures import stage_measures
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_plan
from sim.world.files import from_text

# Half loaded: lambda = 6 an hour, mu = 12 an hour.
LINE = """
schema: 1
clock: {start: 2026-11-02, length: 5 d, warm_up: 1 d}
flows: {orders: {arrivals: {gaps: {exponential: 10 min}}, route: [desk]}}
stages: {desk: {team: clerks, work: {exponential: 5 min}}}
teams: {clerks: {staff: 1}}
"""
STUDIES, REPLICATIONS = 40, 5
MEAN_WAIT_H = 0.5 / (12 - 6)
"""Mean wait in an M/M/1 queue: rho / (mu - lambda)."""


def test_the_interval_of_five_replications_holds_the_mean_wait_about_95_times_in_100() -> None:
    """Of 40 studies between 33 and all hold it: binomial(40, 0.95) lies below 33 less than once in 500 times.

    Narrow all the same: an interval of twice the truth would hold it always and say nothing.
    """
    scenario = from_text(LINE, Path()).scenario

    def study(seed: int) -> Estimate:
        plans = (compile_plan(scenario, seed, number) for number in range(REPLICATIONS))
        runs = (Run(plan, run_engine(plan, "fast")) for plan in plans)
        return estimate([dict(stage_measures(run))["wait.desk.mean"].value for run in runs], "h")

    found = [study(seed) for seed in range(1, STUDIES + 1)]
    assert stats.binom.cdf(32, STUDIES, 0.95) < 1 / 500
    assert sum(one.low <= MEAN_WAIT_H <= one.high for one in found) >= 33
    assert sum(one.high - one.low for one in found) / STUDIES < MEAN_WAIT_H
