"""Runs of scenarios as tasks: what is asked, how quick this machine is, and the places in which runs are done."""

from __future__ import annotations

import gc
import os
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, cached_property

from sim.study.replicate import Progress, Result, Settings, replicate
from sim.ui import estimate
from sim.ui.jobs import Bounds, Job, Pool, Runner, Task
from sim.ui.limits import Limits
from sim.ui.visitors import share_of
from sim.world.files import ScenarioFile

REMEMBERED = 512
LONG_ENOUGH_S = 1.0


@dataclass(frozen=True)
class Request:
    """A scenario to be run, and how."""

    file: ScenarioFile
    settings: Settings

    @cached_property
    def key(self) -> Hashable:
        """The content: equal for requests that have the same answer."""
        return self.file.digest, self.settings

    @property
    def task(self) -> Task:
        """The run as a task."""
        orders = estimate.orders(self.file.scenario) * self.settings.replications
        return Task(self.key, run, (self.file, self.settings), orders)


def run(file: ScenarioFile, settings: Settings, progress: Progress) -> Result:
    """Run a scenario (in a worker process)."""
    return replicate(file, settings, progress)


class Pace:
    """How quick this machine is, judged by its last run of more than a moment."""

    visits_per_s = estimate.FIRST_PACE

    @classmethod
    def learn(cls, job: Job) -> None:
        """Take the pace of a finished run; other work has a pace of its own."""
        if job.took_s > LONG_ENOUGH_S and isinstance(job.result, Result):
            file, settings = job.task.arguments
            cls.visits_per_s = estimate.visits(file.scenario) * settings.replications / job.took_s


def places() -> Runner:
    """The session's share of the places in which this server does runs."""
    return share_of(_pool())


@cache
def limits() -> Limits:
    """What this server gives its visitors, as its environment says."""
    return Limits.of(os.environ)


@cache
def _pool() -> Pool:
    # Streamlit collects garbage after every script run; what was imported before is none, and need not be looked at.
    gc.collect()
    gc.freeze()
    given = limits()
    bounds = Bounds(REMEMBERED, given.memory_mb * 1e6, given.orders, given.minutes * 60.0)
    return Pool(given.places, bounds, Pace.learn)
