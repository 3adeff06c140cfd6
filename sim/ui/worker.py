"""The other end of a job: a process of its own that does one task after another and never sees Streamlit.

It imports what a task needs when the task comes, so that one who draws does not carry what one who runs needs.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, Literal, Protocol

from sim.study.memory import give_back, keep_freed
from sim.world.errors import ScenarioError

Message = tuple[Literal["progress", "partial", "result", "refused", "broke", "stopped"], Any]
KINDNESS = 5
"""By so much a worker stands back where the server, which answers clicks, wants the same core."""
REST_S = 20.0
"""Who has had no task for so long gives memory back: the next task of one who changes this and that comes sooner."""
STOP = "stop"
"""What is sent to a worker whose task is not wanted any more."""


class Teller(Protocol):
    """What a task tells while it is at work: the share done, and what it has found so far."""

    def __call__(self, share: float) -> None:
        """So much is done."""

    def partial(self, found: Any) -> None:
        """So much is known already."""


class StoppedError(BaseException):
    """The task is not wanted any more; no handler of errors on the way may take it for one."""


class Line:
    """The teller of one task; whenever something is told, a task that is not wanted any more ends there."""

    def __init__(self, line: Connection) -> None:
        self._line, self._one_at_a_time = line, threading.Lock()
        self._stopped = False

    def __call__(self, share: float) -> None:
        """Tell the share that is done."""
        self._tell(("progress", share))

    def partial(self, found: Any) -> None:
        """Tell what is known already."""
        self._tell(("partial", found))

    def stop(self, frame: FrameType | None) -> None:
        """End the task where its main thread is; in the midst of a message or an import, at the next that is told."""
        self._stopped = True
        if not self._one_at_a_time.locked() and not _imports(frame):
            raise StoppedError

    def _tell(self, message: Message) -> None:
        with self._one_at_a_time:
            self._stopped = self._stopped or (self._line.poll() and self._line.recv() == STOP)
            if not self._stopped:
                self._line.send(message)
        if self._stopped:
            raise StoppedError


class _Place:
    """A worker process: the task it is at, if any."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._at: Line | None = None

    def stop(self, _: int, frame: FrameType | None) -> None:
        """A signal: the task is not wanted any more."""
        if self._at is not None:
            self._at.stop(frame)

    def answer(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Message:
        """What comes of a task."""
        try:
            try:
                self._at = teller = Line(self._line)
                return "result", function(*arguments, teller)
            finally:
                self._at = None
        except StoppedError:
            return "stopped", None
        except ScenarioError as error:
            return "refused", str(error)
        except BrokenPipeError:
            raise SystemExit from None  # the server is gone
        except Exception:
            return "broke", traceback.format_exc()


def serve(line: Connection) -> None:
    """Do the tasks that come over ``line`` until it is closed.

    A task is a function and its arguments, to which a Teller is added. Answers are ``progress`` and ``partial`` any
    number of times, then ``result``, ``refused`` (what the scenario's author can mend), ``broke`` (a defect, with its
    trace) or ``stopped``. A task ends when STOP is on the line at the next that it tells, and where there is such a
    signal, SIGUSR1 ends it at once.
    """
    keep_freed()
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    place = _Place(line)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its workers
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, place.stop)
    while True:
        if not line.poll(REST_S):
            give_back()
        try:
            message = line.recv()
        except EOFError:
            return
        if message == STOP:
            continue  # it came when the task had just ended
        line.send(place.answer(*message))


def _imports(frame: FrameType | None) -> bool:
    """Whether a module is being imported, which is left half-made if it is not seen through."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
