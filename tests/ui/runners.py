"""Runners for tests: one that does every task at once, and one that waits until it is told to."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sim.ui.jobs import Job, Task
from sim.world.errors import ScenarioError


class Noted:
    """Notes in a job what its task tells."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, share: float) -> None:
        """The share done."""
        self._job.progress = share

    def partial(self, found: Any) -> None:
        """What is known already."""
        self._job.partial = found


class AtOnce:
    """Does each task where it stands, without another process, and remembers all results."""

    def __init__(self) -> None:
        self.results: dict[Hashable, Any] = {}
        self.done: list[Task] = []

    def submit(self, task: Task) -> Job:
        """A job that is done when it is returned."""
        job = Job(task)
        job.begin()
        self.end(job)
        return job

    def known(self, key: Hashable) -> Any:
        """What was computed for this key."""
        return self.results.get(key)

    def end(self, job: Job) -> None:
        """Do a job's task."""
        task = job.task
        try:
            if task.key not in self.results:
                self.results[task.key] = task.function(*task.arguments, Noted(job))
                self.done.append(task)
            job.finish(self.results[task.key])
        except ScenarioError as error:
            job.finish(problem=str(error))


class WhenTold(AtOnce):
    """Keeps jobs waiting until ``finish`` is called."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Job] = []

    def submit(self, task: Task) -> Job:
        """A job that waits, unless its result is known."""
        if task.key in self.results:
            return super().submit(task)
        job = Job(task)
        job.begin()
        self.waiting.append(job)
        return job

    def finish(self) -> None:
        """Do all that waits, but for what was cancelled."""
        for job in self.waiting:
            if job.cancelled:
                job.finish()
            else:
                self.end(job)
        self.waiting = []
