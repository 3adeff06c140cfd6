"""Whose job is next: sessions take turns, each with one job under way, and nobody waits for a closed page."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.ui.jobs import Job


class Turns:
    """The jobs that wait, by the session that asked for them.

    The session whose last turn is longest ago is next with its oldest job. It is passed over while another job of
    its own is under way, or one of the same content: that one's result will be the answer to both.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Job]] = OrderedDict()
        self._under_way: list[Job] = []
        self._changed = threading.Condition()

    def put(self, job: Job) -> None:
        """A job waits for its session's turn."""
        with self._changed:
            self._waiting.setdefault(job.owner, deque()).append(job)
            self._changed.notify()

    def take(self) -> Job:
        """Wait for the next job; it is under way until ``end``."""
        with self._changed:
            while (job := self._next()) is None:
                self._changed.wait()
            self._under_way.append(job)
            return job

    def end(self, job: Job) -> None:
        """The job is no longer under way, whatever became of it."""
        with self._changed:
            self._under_way.remove(job)
            self._changed.notify_all()

    def asking_for(self, key: Hashable) -> list[Job]:
        """Take out all jobs that wait for the result of this key, whosever they are."""
        with self._changed:
            found = [job for jobs in self._waiting.values() for job in jobs if job.task.key == key]
            for job in found:
                self._waiting[job.owner].remove(job)
            return found

    def others_wait(self) -> bool:
        """Whether any job waits that does not give way itself."""
        with self._changed:
            return any(not job.task.gives_way for jobs in self._waiting.values() for job in jobs)

    def _next(self) -> Job | None:
        self._drop_unwanted()
        busy = {job.owner for job in self._under_way}
        keys = {job.task.key for job in self._under_way}
        free = [job for owner, jobs in self._waiting.items() if owner not in busy for job in jobs]
        ready = (job for job in sorted(free, key=lambda job: job.task.gives_way) if job.task.key not in keys)
        job = next(ready, None)
        if job is not None:
            self._waiting[job.owner].remove(job)
            self._waiting.move_to_end(job.owner)
        return job

    def _drop_unwanted(self) -> None:
        """Jobs that were cancelled, or whose page is closed, end without a turn; sessions without a job are forgotten."""
        for owner, jobs in list(self._waiting.items()):
            others_wait = len(self._waiting) > 1
            kept = deque(job for job in jobs if not job.forgotten(others_wait=others_wait))
            for job in jobs:
                if job not in kept:
                    job.finish()
            if kept:
                self._waiting[owner] = kept
            else:
                del self._waiting[owner]
