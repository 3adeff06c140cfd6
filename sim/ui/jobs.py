"""Work in other processes: a bounded number at a time, cancelled within a moment, remembered by content.

The page's script never computes: it submits a task, looks at its job now and then, and takes the result.
One process does one job after another; it is asked to stop a cancelled job, and killed where it does not at once. ``spawn`` and not ``fork``: the server has threads, and a fork copies their locks in whatever state they are.
"""

from __future__ import annotations

import multiprocessing
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

from sim.ui import texts, worker

POLL_S, NEWS_S = 0.1, 0.01
FORGOTTEN_S, MAKE_ROOM_S = 120.0, 10.0
"""A job at which nobody has looked for so long is given up: where nobody else waits, and where somebody does."""
STOP_S = 0.5
"""How long a process has to stop by itself before it is killed; a new one would take seconds to start."""


@dataclass(frozen=True)
class Task:
    """A function to be called elsewhere; tasks of the same key have the same result.

    One that ``gives_way`` is done only while nobody else waits for a place.
    """

    key: Hashable
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    gives_way: bool = False


class Job:
    """A task on its way: waiting, under way since ``began_s``, or done with a result or a problem in words.

    ``partial`` is what it has found so far.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.progress = 0.0
        self.began_s: float | None = None
        self.took_s = 0.0
        self.partial: Any = None
        self.result: Any = None
        self.problem = ""
        self.cancelled = False
        self._seen_s = time.monotonic()
        self._done = threading.Event()

    def look(self) -> bool:
        """Whether it is done; a job at which nobody looks for a while is given up."""
        self._seen_s = time.monotonic()
        return self._done.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it is done, or the time is over."""
        return self._done.wait(timeout_s)

    def wait_for_news(self, timeout_s: float) -> None:
        """Wait until something is known of its result, or the time is over."""
        end = time.monotonic() + timeout_s
        while self.partial is None and time.monotonic() < end and not self._done.wait(NEWS_S):
            pass

    def cancel(self) -> None:
        """Stop it within a moment."""
        self.cancelled = True

    def unwanted(self, *, others_wait: bool) -> bool:
        """Whether it was cancelled, gives way, or nobody has looked at it for so long that its page must be closed."""
        patience_s = MAKE_ROOM_S if others_wait else FORGOTTEN_S
        gives_way = others_wait and self.task.gives_way
        return self.cancelled or gives_way or time.monotonic() - self._seen_s > patience_s

    @property
    def left_s(self) -> float | None:
        """About how long it will still take, once enough is done to tell."""
        if self.began_s is None or self.progress < 0.02:
            return None
        return (time.monotonic() - self.began_s) * (1 - self.progress) / self.progress

    def begin(self) -> None:
        """Its turn has come."""
        self.began_s = time.monotonic()

    def finish(self, result: Any = None, problem: str = "") -> None:
        """Its end, with one of the two, or with neither where it was cancelled or given up."""
        self.result, self.problem = result, problem
        self.took_s = 0.0 if self.began_s is None else time.monotonic() - self.began_s
        self._done.set()


class Runner(Protocol):
    """What the page needs of whoever does tasks."""

    def submit(self, task: Task) -> Job:
        """Begin a task, or take its result from memory."""

    def known(self, key: Hashable) -> Any:
        """The result of a task of this key, or None where it is not remembered."""


class Memory:
    """The last results, by the keys of their tasks."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """A result, which then counts as used last."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, key: Hashable, result: Any) -> None:
        """Remember a result, and forget the one that was used longest ago."""
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._size:
                self._results.popitem(last=False)


class Pool:
    """Worker processes for all sessions of this server, one for each of its places.

    Each place has a thread that takes jobs from the common queue. ``after`` is told of every job with a result.
    """

    def __init__(self, places: int, remember: int, after: Callable[[Job], None] = lambda _: None) -> None:
        self._memory, self._after = Memory(remember), after
        self._waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        for number in range(places):
            threading.Thread(target=self._keep_place, name=f"place-{number}", daemon=True).start()

    def submit(self, task: Task) -> Job:
        """Begin a task, or take its result from memory."""
        job, known = Job(task), self._memory.get(task.key)
        if known is not None:
            job.finish(known)
        else:
            self._waiting.put(job)
        return job

    def known(self, key: Hashable) -> Any:
        """The result of a task of this key, or None where it is not remembered."""
        return self._memory.get(key)

    def _keep_place(self) -> None:
        child: _Child | None = None
        while True:
            job = self._waiting.get()
            if job.unwanted(others_wait=False):
                job.finish()
                continue
            job.begin()
            try:
                child = child if child is not None and child.process.is_alive() else _Child()
                still_good = self._see_through(job, child)
            except Exception as error:  # a thread that dies would take its place with it
                still_good = False
                job.finish(problem=f"{texts.BROKE}\n\n{error!r}")
            if not still_good and child is not None:
                child.end()
                child = None

    def _see_through(self, job: Job, child: _Child) -> bool:
        """Follow a job to its end; whether its process can do another."""
        child.line.send((job.task.function, job.task.arguments))
        while not job.unwanted(others_wait=not self._waiting.empty()):
            if not child.line.poll(POLL_S):
                continue
            try:
                kind, content = child.line.recv()
            except EOFError:
                job.finish(problem=texts.worker_died(child.exit_code()))
                return False
            if kind == "progress":
                job.progress = content
            elif kind == "partial":
                job.partial = content
            else:
                self._finish(job, kind, content)
                return True
        job.finish()
        return child.stopped()

    def _finish(self, job: Job, kind: str, content: Any) -> None:
        if kind == "result":
            self._memory.put(job.task.key, content)
            job.finish(content)
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

    def exit_code(self) -> int | None:
        self.process.join(1.0)
        return self.process.exitcode

    def stopped(self) -> bool:
        """Ask it to stop what it does; whether it has, and can do something else."""
        end = time.monotonic() + STOP_S
        try:
            self.line.send(worker.STOP)
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
