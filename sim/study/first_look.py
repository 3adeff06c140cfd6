"""A first look at a scenario: the few numbers that a planner reads first, in a fraction of the time of the whole answer.

Draws are kept from look to look, so that whoever moves staff to and fro waits for the runs alone; replications share the
cores of the machine as threads, since the engine leaves Python to others while it runs. Laws are not checked here: the
whole answer that follows does that.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sim.analysis.load import full_by_demand
from sim.analysis.measures import first_measures
from sim.analysis.run import Measure, Run
from sim.engine.engines import run as run_engine
from sim.study.evaluate import Plans, differ_in_staff_alone
from sim.study.replicate import Progress, Result, Settings, Summary
from sim.world.files import ScenarioFile

MOST_THREADS = 4
LARGE = 100_000
"""From so many items on, it is not worked out at which selection rate the tightest team is full; that walks twice more."""
PLANS = Plans(250_000_000)


def first_look(
    file: ScenarioFile, settings: Settings, like: ScenarioFile | None = None, progress: Progress | None = None
) -> Result:
    """The sentence and the measures behind it, without curves and checks.

    Parameters
    ----------
    file
        The scenario.
    settings
        Seed, replications, engine; ``workers`` run side by side, at most. Each measure has the value that :func:`sim.study.replicate.replicate` finds.
    like
        A scenario that will be looked at again: where it differs in staff alone, its draws are kept and used.
    progress
        Called now and then with the share that is done; what it raises ends the look.

    Raises
    ------
    ScenarioError
        For a scenario that cannot be run.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> look = first_look(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2))
    >>> look.measures["delivery_time.p95"].replications, look.curves
    (2, ())

    """
    shared = like if like is not None and differ_in_staff_alone(like, file) else file
    first = PLANS.restaffed(shared, file, settings.seed, 0)
    summary = Summary(file, settings, first, full_by_demand if len(first.items) > LARGE else None)
    done: list[int] = []

    def one(number: int) -> dict[str, Measure]:
        plan = PLANS.restaffed(shared, file, settings.seed, number)
        said(0.0)
        found = first_measures(Run(plan, run_engine(plan, settings.engine, said)))
        done.append(number)
        return found

    def said(_: float) -> None:
        if progress is not None:
            progress(len(done) / settings.replications)

    most = MOST_THREADS if settings.workers is None else settings.workers
    return summary.of_measures(_in_threads(one, settings.replications, most))


def _in_threads(one: Callable[[int], dict[str, Measure]], count: int, most: int) -> list[dict[str, Measure]]:
    """Each replication's measures; where one fails the others are not begun."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS, most)) as threads:
        try:
            return list(threads.map(one, range(count)))
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
