"""Work in other processes: a bounded number at a time, cancelled within a moment, remembered by content.

The page's script never computes: it submits a task, looks at its job now and then, and takes the result.
Sessions take turns (``sim/ui/turns.py``), and what is the same for several of them is done once.
One process does one job after another; it is told to stop a cancelled job, and killed where it does not.
``spawn`` and not ``fork``: the server has threads, and a fork copies their locks in whatever state they are.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

from sim.ui import texts, worker
from sim.ui.memory import Memory
from sim.ui.texts import many
from sim.ui.turns import Turns

POLL_S = 0.03
FORGOTTEN_S, MAKE_ROOM_S = 120.0, 10.0
"""A job at which nobody has looked for so long is given up: where nobody else waits, and where somebody does."""
STOP_S = 2.0
"""How long a process has to stop by itself before it is killed; a new one would take seconds to start."""


@dataclass(frozen=True)
class Task:
    """A function to be called elsewhere; tasks of the same key have the same result.

    One that ``gives_way`` is done only while nobody else waits for a place. ``orders`` is how many it simulates in
    all, about, where that is known beforehand.
    """

    key: Hashable
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    gives_way: bool = False
    orders: float = 0.0


class Job:
    """A session's task: waiting, under way since ``began_s``, or done with a result or a problem in words."""

    def __init__(self, task: Task, owner: str = "") -> None:
        self.task, self.owner = task, owner
        self.progress = 0.0
        self.began_s: float | None = None
        self.took_s = 0.0
        self._partial: Any = None
        self.result: Any = None
        self.problem = ""
        self.cancelled = False
        self._seen_s = time.monotonic()
        self._done, self._news = threading.Event(), threading.Event()

    @property
    def partial(self) -> Any:
        """What it has found so far, or None."""
        return self._partial

    @partial.setter
    def partial(self, found: Any) -> None:
        self._partial = found
        self._news.set()

    def look(self) -> bool:
        """Whether it is done; a job at which nobody looks for a while is given up."""
        self._seen_s = time.monotonic()
        return self._done.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it is done, or the time is over."""
        return self._done.wait(timeout_s)

    def wait_for_news(self, timeout_s: float) -> bool:
        """Wait until something is known of its result, or the time is over; whether something is."""
        return self._news.wait(timeout_s)

    def cancel(self) -> None:
        """Stop it within a moment."""
        self.cancelled = True

    def unwanted(self, *, others_wait: bool) -> bool:
        """Whether to end it while it is under way: it gives way, or is forgotten."""
        return (others_wait and self.task.gives_way) or self.forgotten(others_wait=others_wait)

    def forgotten(self, *, others_wait: bool) -> bool:
        """Whether it was cancelled, or nobody has looked at it for so long that its page must be closed."""
        patience_s = MAKE_ROOM_S if others_wait else FORGOTTEN_S
        return self.cancelled or time.monotonic() - self._seen_s > patience_s

    @property
    def runs_s(self) -> float:
        """For how long it has been under way."""
        return 0.0 if self.began_s is None else time.monotonic() - self.began_s

    @property
    def left_s(self) -> float | None:
        """About how long it will still take, once enough is done to tell."""
        if self.began_s is None or self.progress < 0.02:
            return None
        return self.runs_s * (1 - self.progress) / self.progress

    def begin(self) -> None:
        """Its turn has come."""
        self.began_s = time.monotonic()

    def finish(self, result: Any = None, problem: str = "") -> None:
        """Its end, with one of the two, or with neither where it was cancelled or given up."""
        self.result, self.problem = result, problem
        self.took_s = self.runs_s
        self._done.set()
        self._news.set()


class Runner(Protocol):
    """What the page needs of whoever does tasks."""

    def submit(self, task: Task) -> Job:
        """Begin a task, or take its result from memory."""

    def known(self, key: Hashable) -> Any:
        """The result of a task of this key, or None where it is not remembered."""


@dataclass(frozen=True)
class Bounds:
    """What a pool takes and keeps: results, their bytes together, orders in one task, seconds for one job."""

    results: int
    result_bytes: float = math.inf
    orders: float = math.inf
    job_s: float = math.inf


class Pool:
    """Worker processes for all sessions of this server, one for each of its places.

    Each place has a thread that takes jobs when it is their turn. ``after`` is told of every job with a result.
    """

    def __init__(self, places: int, bounds: Bounds, after: Callable[[Job], None] = lambda _: None) -> None:
        self._memory, self._bounds, self._after = Memory(bounds.results, bounds.result_bytes), bounds, after
        self._turns = Turns()
        for number in range(places):
            threading.Thread(target=self._keep_place, name=f"place-{number}", daemon=True).start()

    def submit(self, task: Task, owner: str = "") -> Job:
        """Begin a task of a session, take its result from memory, or refuse it where it is too large."""
        job, known = Job(task, owner), self._memory.get(task.key)
        if known is not None:
            job.finish(known)
        elif task.orders > self._bounds.orders:
            job.finish(problem=many.too_many_orders(task.orders, self._bounds.orders))
        else:
            self._turns.put(job)
        return job

    def known(self, key: Hashable) -> Any:
        """The result of a task of this key, or None where it is not remembered."""
        return self._memory.get(key)

    def _keep_place(self) -> None:
        child: _Child | None = None
        while True:
            job = self._turns.take()
            job.begin()
            try:
                child = child if child is not None and child.process.is_alive() else _Child()
                still_good = self._see_through(job, child)
            except Exception as error:  # a thread that dies would take its place with it
                still_good = False
                job.finish(problem=f"{texts.BROKE}\n\n{error!r}")
            self._turns.end(job)
            if not still_good and child is not None:
                child.end()
                child = None

    def _see_through(self, job: Job, child: _Child) -> bool:
        """Follow a job to its end; whether its process can do another."""
        child.line.send((job.task.function, job.task.arguments))
        while not job.unwanted(others_wait=self._turns.others_wait()):
            if job.runs_s > self._bounds.job_s:
                job.finish(problem=many.took_too_long(self._bounds.job_s))
                return False
            if not child.line.poll(POLL_S):
                continue
            try:
                message = child.heard()
            except EOFError:
                job.finish(problem=texts.worker_died(child.exit_code()))
                return False
            kind, content = pickle.loads(message)
            if kind == "progress":
                job.progress = content
            elif kind == "partial":
                job.partial = content
            else:
                self._finish(job, kind, content, len(message))
                return True
        job.finish()
        return child.stopped()

    def _finish(self, job: Job, kind: str, content: Any, size_bytes: int) -> None:
        if kind == "result":
            self._memory.put(job.task.key, content, size_bytes)
            job.finish(content)
            for same in self._turns.asking_for(job.task.key):
                same.finish(content)
            self._after(job)
        else:
            job.finish(problem=content if kind == "refused" else f"{texts.BROKE}\n\n{content}")


class _Child:
    """A worker process and the line to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, far_end = context.Pipe()
        self.process = context.Process(target=worker.serve, args=(far_end,), daemon=True)
        self.process.start()
        far_end.close()
        self._awake = False

    def heard(self) -> bytes:
        """Its next message; from the first one on it knows what the signal means, which would end it before."""
        message = self.line.recv_bytes()
        self._awake = True
        return message

    def exit_code(self) -> int | None:
        self.process.join(1.0)
        return self.process.exitcode

    def stopped(self) -> bool:
        """Have it stop what it does; whether it has, and can do something else."""
        end = time.monotonic() + STOP_S
        try:
            self.line.send(worker.STOP)
            if self._awake and self.process.pid is not None and hasattr(signal, "SIGUSR1"):
                os.kill(self.process.pid, signal.SIGUSR1)
            while self.line.poll(max(end - time.monotonic(), 0.0)):
                if self.line.recv()[0] not in ("progress", "partial"):
                    return True
        except (EOFError, OSError):
            return False
        return False

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()
