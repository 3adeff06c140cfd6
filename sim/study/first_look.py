"""A first look at a scenario: the few numbers that a planner reads first, in a fraction of the time of the whole answer.

Draws are kept from look to look, so that whoever moves staff to and fro waits for the runs alone; replications share the
cores of the machine as threads, since the engine leaves Python to others while it runs. A look holds no laws against its
runs: the whole answer that follows does that, and where the look was at the whole scenario it does so with the same runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sim.analysis.load import full_by_demand
from sim.analysis.measures import first_measures
from sim.analysis.run import Measure, Run
from sim.engine.engines import run as run_engine
from sim.plan.plan import Plan
from sim.study.evaluate import Plans, differ_in_staff_alone
from sim.study.replicate import Progress, Replication, Result, Settings, Summary, measured
from sim.world.files import ScenarioFile

MOST_THREADS = 4
LARGE = 100_000
"""From so many items on, it is not worked out at which selection rate the tightest team is full; that walks twice more."""
PLANS = Plans(500_000_000)
Told = Callable[[Result], None]


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
    return _Look(file, settings, like, progress).result()


def look_then_whole(
    file: ScenarioFile,
    settings: Settings,
    first: Told,
    like: ScenarioFile | None = None,
    progress: Progress | None = None,
) -> Result:
    """A first look, told to ``first`` as soon as it is there; then what :func:`sim.study.replicate.replicate` finds, of the same runs.

    The records of all replications are in memory meanwhile. Parameters and errors are those of :func:`first_look`.

    Raises
    ------
    ScenarioError
        For a scenario that cannot be run.
    CheckError
        For a run that breaks a law.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> told = []
    >>> whole = look_then_whole(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2), told.append)
    >>> len(told), len(whole.curves)
    (1, 2)

    """
    look = _Look(file, settings, like, progress, keep=True)
    first(look.result())
    return look.whole()


class _Look:
    """The runs of a look; where they are kept, for the whole answer."""

    def __init__(
        self,
        file: ScenarioFile,
        settings: Settings,
        like: ScenarioFile | None,
        progress: Progress | None,
        *,
        keep: bool = False,
    ) -> None:
        self.file, self.settings, self.keep = file, settings, keep
        self.like = like if like is not None and differ_in_staff_alone(like, file) else file
        self.runs: dict[int, Run] = {}
        self.progress, self.done = progress, list[int]()

    def result(self) -> Result:
        """What is seen at first."""
        with self._threads() as threads:
            # What is prepared holds Python, which runs of the engine leave to it: the last runs would wait for it.
            first = [threads.submit(self._first, number) for number in range(min(2, self.settings.replications))]
            prepared = threads.submit(self._prepared)
            others = [threads.submit(self._first, number) for number in range(2, self.settings.replications)]
            found = [run.result() for run in (*first, *others)]
            self.summary = prepared.result()
        return self.summary.of_measures(found)

    def whole(self) -> Result:
        """What replications say whose runs were kept; each is forgotten when it has been measured."""
        exact = self.summary.full_at is None
        summary = self.summary if exact else Summary(self.file, self.settings, self.summary.plan)
        with self._threads() as threads:
            return summary.of(list(threads.map(self._rest, range(self.settings.replications))))

    def _prepared(self) -> Summary:
        plan = self._plan(0)
        summary = Summary(self.file, self.settings, plan, full_by_demand if len(plan.items) > LARGE else None)
        summary.prepare()
        return summary

    def _plan(self, number: int) -> Plan:
        return PLANS.restaffed(self.like, self.file, self.settings.seed, number)

    def _first(self, number: int) -> dict[str, Measure]:
        plan = self._plan(number)
        self._said(0.0)
        run = Run(plan.without_draws(), run_engine(plan, self.settings.engine, self._said))
        if self.keep:
            self.runs[number] = run
        found = first_measures(run)
        self.done.append(number)
        return found

    def _rest(self, number: int) -> Replication:
        self._said(0.0)
        found = measured(number, self.runs.pop(number))
        self.done.append(number)
        return found

    def _said(self, _: float) -> None:
        if self.progress is not None:
            self.progress(len(self.done) / self.settings.replications / (2 if self.keep else 1))

    @contextmanager
    def _threads(self) -> Iterator[ThreadPoolExecutor]:
        """Where one replication fails the others are not begun."""
        most = MOST_THREADS if self.settings.workers is None else self.settings.workers
        threads = ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS, most))
        try:
            yield threads
        finally:
            threads.shutdown(wait=False, cancel_futures=True)  # nobody waits for those that are under way
