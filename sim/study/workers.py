"""Where runs are done: in this process, in processes of this machine, or on a cluster; one face for all of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

from sim.study.memory import keep_freed

P = ParamSpec("P")
T = TypeVar("T")
Kind = Literal["processes", "threads"]
COPYING_S, LOADING_S = 0.2, 6.0
"""What starting processes costs: as copies of this one, or anew with all libraries."""
CONNECT_S = 10
PER_PLACE = 3
"""So many tasks are handed out for each place, so that none waits for the next."""


class ClusterError(RuntimeError):
    """The cluster cannot be reached or used; the message says why, and what to do."""


def can_be_copied() -> bool:
    """Whether processes can begin as copies of this one, at once, instead of loading all libraries anew.

    A copy has only the thread that made it: what other threads held at that moment would stay locked in it for ever.
    So a server or a notebook, which have others, begin their processes anew.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def processes() -> BaseContext:
    """How processes begin here."""
    return multiprocessing.get_context("fork" if can_be_copied() else "spawn")


def worth_starting_s() -> float:
    """Once so much has been spent without other processes, they are started: so waiting at most doubles."""
    return COPYING_S if can_be_copied() else LOADING_S


def begin_worker() -> None:
    """What a worker process does first: it ends when it is told to, whatever the process does of which it is a copy."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    keep_freed()


class Workers(Protocol):
    """Who does runs. Results never depend on which workers do them, or in which order."""

    places: int

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        """Have a task done."""

    def share(self, value: T) -> T:
        """A value that many tasks need, sent once; hand what comes back to ``submit``."""

    def restart(self) -> None:
        """Begin anew after workers have died."""

    def close(self, *, at_once: bool = False) -> None:
        """End the workers; ``at_once`` in the middle of their tasks."""


class Here:
    """One task after the other, in the process that asks."""

    places = 1

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def share(self, value: T) -> T:
        return value

    def restart(self) -> None: ...

    def close(self, *, at_once: bool = False) -> None: ...


class Local:
    """Processes (or threads) of this machine; processes are started when the work has proved to be long enough."""

    def __init__(self, places: int | None = None, kind: Kind = "processes", patience_s: float | None = None) -> None:
        self.places, self.kind = places or os.cpu_count() or 1, kind
        self.patience_s = 0.0 if kind == "threads" else worth_starting_s() if patience_s is None else patience_s
        self._here = Here()
        self._executor: Executor | None = None
        self._before: set[Any] = set()

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        if self.places == 1 or (self._executor is None and self.patience_s > 0):
            begun = time.perf_counter()
            future = self._here.submit(function, *arguments)
            self.patience_s -= time.perf_counter() - begun
            return future
        if self._executor is None:
            self._executor = self._start()
        with ignoring_ctrl_c():  # processes are started when the first tasks come
            return self._executor.submit(function, *arguments)

    def share(self, value: T) -> T:
        return value

    def restart(self) -> None:
        self.close(at_once=True)

    def close(self, *, at_once: bool = False) -> None:
        if self._executor is None:
            return
        executor, self._executor = self._executor, None
        if at_once and self.kind == "processes":
            for worker in set(multiprocessing.active_children()) - self._before:
                worker.terminate()
        executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> Executor:
        if self.kind == "threads":
            return ThreadPoolExecutor(self.places)
        self._before = set(multiprocessing.active_children())
        return ProcessPoolExecutor(self.places, processes(), begin_worker)


class Cluster:
    """A Dask cluster, by the address of its scheduler; needs ``importflow[cluster]``.

    A task whose worker dies is given to another one by the scheduler.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise ClusterError("a cluster needs one more package: pip install 'importflow[cluster]'") from None
        untyped: Any = distributed
        try:
            self._client: Any = untyped.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"{address}: no scheduler answers there ({error})") from None
        self._executor = self._client.get_executor(pure=False)
        self.places = max(sum(self._client.nthreads().values()), 1)
        self._shared: dict[int, tuple[Any, Any]] = {}

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        future: Future[T] = self._executor.submit(function, *arguments)
        return future

    def share(self, value: T) -> T:
        if id(value) not in self._shared:
            self._shared[id(value)] = value, self._client.scatter(value, broadcast=True, hash=True)
        shared: T = self._shared[id(value)][1]
        return shared

    def restart(self) -> None:
        self._shared.clear()  # what was sent to workers that have died is sent again

    def close(self, *, at_once: bool = False) -> None:
        self._executor.shutdown(wait=not at_once)
        self._client.close()


def died(error: BaseException) -> bool:
    """Whether a task failed because its worker died, not because of what it did."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in ("KilledWorker", "CancelledError")


def given_up(error: Exception) -> Exception:
    """What to raise when a task cannot be done: the error itself, or what it means where a cluster's words are its own."""
    if type(error).__name__ in ("KilledWorker", "CancelledError"):
        return ClusterError("the cluster gave a task up: its workers died again and again, perhaps for want of memory")
    return error


@contextmanager
def workers_for(places: int | None = None, cluster: str | None = None, kind: Kind = "processes") -> Iterator[Workers]:
    """Workers to be used and ended: on a cluster, or so many places here (default: as many as the machine has cores).

    Raises
    ------
    ClusterError
        Where no scheduler answers.

    >>> with workers_for(places=1) as workers:
    ...     workers.submit(max, 2, 3).result()
    3

    """
    workers: Workers = Cluster(cluster) if cluster else Local(places, kind)
    try:
        yield workers
    except BaseException:
        workers.close(at_once=True)
        raise
    workers.close()


@contextmanager
def ignoring_ctrl_c() -> Iterator[None]:
    """Processes started within do not heed Ctrl-C: it reaches them too, and who started them ends them.

    One that comes meanwhile is held back until all are started.
    """
    held_before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held_before)
