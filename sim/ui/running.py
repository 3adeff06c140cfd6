"""Runs of scenarios as tasks: what is asked, how quick this machine is, and the places in which runs are done."""

from __future__ import annotations

import os
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from threading import Thread

from sim.study.first_look import first_look, look_then_whole
from sim.study.replicate import Result, Settings, replicate
from sim.ui import estimate
from sim.ui.garbage import collect_when_quiet
from sim.ui.jobs import Bounds, Job, Pool, Runner, Task
from sim.ui.limits import Limits
from sim.ui.shares import once, share_of
from sim.ui.worker import Teller
from sim.world.files import ScenarioFile, load
from sim.world.shipped import shipped

REMEMBERED = 512
LONG_ENOUGH_S = 1.0
LOOK_EVERY_S = 1.0


@dataclass(frozen=True)
class Request:
    """A scenario to be run, and how; ``like`` is one from which it may differ in staff alone."""

    file: ScenarioFile
    settings: Settings
    like: ScenarioFile | None = field(default=None, compare=False)

    @cached_property
    def key(self) -> Hashable:
        """The content: equal for requests that have the same answer."""
        return self.file.digest, self.settings

    @property
    def task(self) -> Task:
        """The run as a task."""
        look = estimate.first_look(self.file.scenario, self.settings.replications)
        orders = estimate.orders(self.file.scenario) * self.settings.replications
        return Task(self.key, run, (self.file, self.settings, look, self.like), orders=orders)


def run(
    file: ScenarioFile, settings: Settings, look: estimate.Look | None, like: ScenarioFile | None, tell: Teller
) -> Result:
    """Run a scenario (in a worker process): a first look at it, then replication by replication until it is whole.

    A look at all replications of the whole clock lends its runs to the whole answer.
    """
    if look is not None:
        shorter, similar = (one if one is None else one.changed(*look.shorter) for one in (file, like))
        assert shorter is not None
        fewer = replace(settings, replications=look.replications, workers=look.threads)
        if not look.shorter and look.replications == settings.replications:
            return replace(look_then_whole(file, fewer, tell.partial, like, tell), settings=settings)
        tell.partial(first_look(shorter, fewer, similar, lambda _: tell(0.0)))
    return replicate(file, settings, tell, so_far=tell.partial)


class Pace:
    """How quick this machine is, judged by its last run of more than a moment."""

    visits_per_s = estimate.FIRST_PACE

    @classmethod
    def learn(cls, job: Job) -> None:
        """Take the pace of a finished run; other work has a pace of its own."""
        if job.took_s > LONG_ENOUGH_S and isinstance(job.result, Result):
            file, settings, *_ = job.task.arguments
            cls.visits_per_s = estimate.visits(file.scenario) * settings.replications / job.took_s


def places() -> Runner:
    """The session's share of the places in which this server does runs."""
    return share_of(_pool())


def wake() -> None:
    """Have each place load the engine and run something small before the first visitor comes, who would wait for it."""
    file = load(shipped("teaching_line"), ["clock.length=2 d"])
    for place in range(limits().places):
        request = Request(file, Settings(seed=place, replications=1))
        job = _pool().submit(request.task, owner=f"place {place}")
        Thread(target=_see_through, args=(job,), daemon=True).start()


def _see_through(job: Job) -> None:
    """Look at a job until it is done: one at which nobody looks is given up."""
    while not job.look():
        job.wait(LOOK_EVERY_S)


@cache
def limits() -> Limits:
    """What this server gives its visitors, as its environment says."""
    return Limits.of(os.environ)


@once
def _pool() -> Pool:
    collect_when_quiet()
    given = limits()
    bounds = Bounds(REMEMBERED, given.memory_mb * 1e6, given.orders, given.minutes * 60.0)
    return Pool(given.places, bounds, Pace.learn)
