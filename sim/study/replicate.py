"""Several replications of a scenario, each with its own luck, and what they say together."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pandas as pd

from sim.analysis.checks import check
from sim.analysis.curves import Curves, curves
from sim.analysis.intervals import Estimate, estimates
from sim.analysis.load import Full, full_of, offered_load, team_load, work_of
from sim.analysis.measures import measure
from sim.analysis.run import Measure, Run
from sim.engine.engines import DEFAULT_ENGINE
from sim.engine.engines import run as run_engine
from sim.engine.records import Records
from sim.plan.compile import compile_file
from sim.plan.plan import Plan
from sim.study.memory import give_back
from sim.study.sentence import sentence
from sim.study.workers import begin_worker, ignoring_ctrl_c, processes, worth_starting_s
from sim.world.files import ScenarioFile

DEFAULT_REPLICATIONS = 10
POLL_S = 0.2
TOLD_EVERY_S = 1.0
"""How often, at most, it is told what the replications so far say."""
SHARE_OF_MEMORY = 0.8
MANY_ITEMS = 10_000_000
"""Of so large a run, what drawing and running no longer need is given back: less memory is worth more than the time."""
Progress = Callable[[float], None]
Keep = Callable[[Plan, Records], None]


@dataclass(frozen=True)
class Settings:
    """How to run a scenario: seed, how many replications, which engine, in how many processes.

    Without a number of ``workers`` the first replication is run in this process, and the others in as many as the
    machine has cores and memory for, where that is worth while.
    """

    seed: int = 1
    replications: int = DEFAULT_REPLICATIONS
    engine: str = DEFAULT_ENGINE
    workers: int | None = 1


@dataclass(frozen=True)
class Replication:
    """The numbers of one run."""

    number: int
    measures: dict[str, Measure]
    curves: Curves
    checks: dict[str, bool]


@dataclass(frozen=True, eq=False)
class Result:
    """A scenario's answer: the sentence, measures with intervals, the curves of each replication, load and checks.

    ``load`` has a row for each team and day of the first replication, worked out before it ran, and ``teams`` the same
    over all measured days, the tightest team first; ``runs`` are the measures of each replication, for whoever compares
    two results replication by replication.
    """

    file: ScenarioFile
    settings: Settings
    sentence: str
    measures: dict[str, Estimate]
    curves: tuple[Curves, ...]
    load: pd.DataFrame
    teams: pd.DataFrame
    checks: dict[str, bool]
    runs: tuple[dict[str, Measure], ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The measures as a table: a row each, with mean, low, high, unit, replications."""
        return pd.DataFrame.from_dict({name: vars(one) for name, one in self.measures.items()}, orient="index")


SoFar = Callable[[Result], None]


@dataclass
class Summary:
    """Sums replications up: what they all share is worked out once, from the first one's Plan.

    ``full_at`` says when a team with a load is full; without it that is found exactly.
    """

    file: ScenarioFile
    settings: Settings
    plan: Plan
    full_at: Callable[[str, float], Full] | None = None
    load: pd.DataFrame = field(init=False)
    teams: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        self._work = work_of(self.plan)
        self.load = offered_load(self.plan, self._work)
        self.teams = team_load(self.load, self.plan.scenario)
        self._full = cache(self._full_of)

    def _full_of(self, team: str) -> Full:
        if self.full_at is None:
            return full_of(self.plan, team, self._work)
        return self.full_at(team, float(self.teams["load"][team]))

    def prepare(self) -> None:
        """Work out what the sentence will ask for, for who has a core to spare before it can be said."""
        if len(self.teams):
            self._full(str(self.teams.index[0]))

    def let_draws_go(self) -> None:
        """Work out all that asks for the Plan's draws: who runs it may let go of their memory then."""
        self.prepare()
        self.plan = self.plan.without_draws()

    def of(self, runs: Sequence[Replication]) -> Result:
        """The result of replications 0, 1, 2, ..., equal to that of a run of so many."""
        return self.of_measures(
            [run.measures for run in runs],
            tuple(run.curves for run in runs),
            {name: all(run.checks[name] for run in runs) for name in runs[0].checks},
        )

    def of_measures(
        self, runs: Sequence[dict[str, Measure]], curves: tuple[Curves, ...] = (), checks: dict[str, bool] | None = None
    ) -> Result:
        """The result of the measures of some replications."""
        measures = estimates(runs)
        return Result(
            file=self.file,
            settings=replace(self.settings, replications=len(runs)),
            sentence=sentence(self.plan, measures, self.teams, self._full),
            measures=measures,
            curves=curves,
            load=self.load,
            teams=self.teams,
            checks=checks or {},
            runs=tuple(runs),
        )


def replicate(
    file: ScenarioFile,
    settings: Settings | None = None,
    progress: Progress | None = None,
    keep: Keep | None = None,
    so_far: SoFar | None = None,
) -> Result:
    """Run replications 0, 1, 2, ... of a scenario and sum them up.

    Parameters
    ----------
    file
        The scenario.
    settings
        Seed, replications, engine, workers. The numbers do not depend on the workers.
    progress
        Called now and then with the share that is done.
    keep
        Called with Plan and Records of each replication (in the process that ran it), to write them down.
    so_far
        Called now and then with what replications 0, 1, ... say that are done, two of them or more.

    Raises
    ------
    ScenarioError
        For a scenario that cannot be run.
    CheckError
        For a run that breaks a law.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> file = load(shipped("teaching_line"), ["clock.length=3 d"])
    >>> result = replicate(file, Settings(replications=3))
    >>> result.measures["wait.counter.mean"].replications
    3

    """
    settings = settings or Settings()
    first = [compile_file(file, settings.seed, 0)]
    summary = Summary(file, settings, first[0])
    summary.let_draws_go()
    runs: list[Replication] = []
    told_s = time.monotonic()
    for run in _runs(file, settings, progress, keep, first):
        runs.append(run)
        if so_far is not None and 2 <= len(runs) < settings.replications and time.monotonic() - told_s > TOLD_EVERY_S:
            runs.sort(key=_number)
            if runs[-1].number == len(runs) - 1:  # none before it is still under way
                so_far(summary.of(runs))
                told_s = time.monotonic()
    return summary.of(sorted(runs, key=_number))


def _number(run: Replication) -> int:
    return run.number


def replication(
    file: ScenarioFile,
    settings: Settings,
    number: int,
    progress: Progress | None = None,
    keep: Keep | None = None,
    plan: Plan | None = None,
) -> Replication:
    """Draw (where its Plan is not given), run, check and measure one replication."""
    plan = compile_file(file, settings.seed, number) if plan is None else plan
    large = len(plan.items) > MANY_ITEMS
    if large:
        give_back()
    records = run_engine(plan, settings.engine, progress, last_use=keep is None)
    run = Run(plan if keep is not None else plan.without_draws(), records)
    del plan  # where nobody else has it, the memory of its draws is free for the measures
    if large:
        give_back()
    return measured(number, run, keep)


def measured(number: int, run: Run, keep: Keep | None = None) -> Replication:
    """Hold a run against the laws, write it down where that is wanted, and measure it."""
    checks = check(run)
    if keep is not None:
        keep(run.plan, run.records)
    return Replication(number, measure(run), curves(run), checks)


def _runs(
    file: ScenarioFile, settings: Settings, progress: Progress | None, keep: Keep | None, first_plan: list[Plan]
) -> Iterator[Replication]:
    """All replications, as they come; ``first_plan`` holds the Plan of the first until that is run."""
    total, workers, begun = settings.replications, settings.workers, time.perf_counter()
    first = 0
    if workers is None:
        yield replication(file, settings, 0, _part(progress, 0, total), keep, first_plan.pop())
        first, workers = 1, suitable_workers(time.perf_counter() - begun, total - 1)
    workers = min(workers, total - first)
    if workers > 1:
        first_plan.clear()
        yield from _in_processes(file, settings, range(first, total), workers, progress, keep)
        return
    for number in range(first, total):
        told = _part(progress, number, total)
        yield replication(file, settings, number, told, keep, first_plan.pop() if number == 0 else None)


def suitable_workers(took_s: float, more: int) -> int:
    """In how many processes to run ``more`` replications after the first took so long: 1 where others would not pay.

    >>> suitable_workers(0.01, 9)
    1
    """
    cores = os.cpu_count() or 1
    if took_s * more * (1 - 1 / cores) < worth_starting_s():
        return 1
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(cores, int(machine * SHARE_OF_MEMORY // used) - 1))


def _part(progress: Progress | None, number: int, total: int) -> Progress | None:
    return None if progress is None else lambda done: progress((number + done) / total)


def _in_processes(
    file: ScenarioFile,
    settings: Settings,
    numbers: range,
    workers: int,
    progress: Progress | None,
    keep: Keep | None,
) -> Iterator[Replication]:
    """The same replications in worker processes, as they come; whoever stops early ends the workers at once."""
    context = processes()
    done = context.Array("d", settings.replications, lock=False)
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, context, _Worker.prepare, (done,)) as pool:
        try:
            with ignoring_ctrl_c():
                waiting = {pool.submit(_Worker.run, file, settings, number, keep) for number in numbers}
            while waiting:
                finished, waiting = wait(waiting, POLL_S, FIRST_COMPLETED)
                if progress is not None:
                    progress((numbers.start + sum(done)) / settings.replications)
                yield from (future.result() for future in finished)
        except BaseException:
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


class _Worker:
    """A worker process: it says in shared memory how far each of its replications is."""

    done: Any = None

    @classmethod
    def prepare(cls, done: Any) -> None:
        begin_worker()
        cls.done = done

    @classmethod
    def run(cls, file: ScenarioFile, settings: Settings, number: int, keep: Keep | None) -> Replication:
        def progress(share: float) -> None:
            cls.done[number] = share

        return replication(file, settings, number, progress, keep)
