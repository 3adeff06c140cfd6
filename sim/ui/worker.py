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
from typing import Any, Literal, Protocol

from sim.study.memory import give_back, keep_freed
from sim.world.errors import ScenarioError

Message = tuple[Literal["progress", "partial", "result", "refused", "broke", "stopped"], Any]
KINDNESS = 5
"""By so much a worker stands back where the server, which answers clicks, wants the same core."""
STOP = "stop"
"""What is sent to a worker whose task is not wanted any more."""


class Teller(Protocol):
    """What a task tells while it is at work: the share done, and what it has found so far."""

    def __call__(self, share: float) -> None:
        """So much is done."""

    def partial(self, found: Any) -> None:
        """So much is known already."""


class StoppedError(Exception):
    """The task is not wanted any more."""


class Line:
    """The teller of a worker process; whenever something is told, a task that is not wanted any more ends there."""

    def __init__(self, line: Connection) -> None:
        self._line, self._one_at_a_time = line, threading.Lock()
        self._stopped = False

    def __call__(self, share: float) -> None:
        """Tell the share that is done."""
        self._tell(("progress", share))

    def partial(self, found: Any) -> None:
        """Tell what is known already."""
        self._tell(("partial", found))

    def _tell(self, message: Message) -> None:
        with self._one_at_a_time:
            self._stopped = self._stopped or (self._line.poll() and self._line.recv() == STOP)
            if self._stopped:
                raise StoppedError
            self._line.send(message)


def serve(line: Connection) -> None:
    """Do the tasks that come over ``line`` until it is closed.

    A task is a function and its arguments, to which a Teller is added. Answers are ``progress`` and ``partial`` any
    number of times, then ``result``, ``refused`` (what the scenario's author can mend), ``broke`` (a defect, with its
    trace) or ``stopped``.
    """
    keep_freed()
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its workers
    while True:
        try:
            message = line.recv()
        except EOFError:
            return
        if message == STOP:
            continue  # it came when the task had just ended
        function, arguments = message
        line.send(_answer(line, function, arguments))
        give_back()


def _answer(line: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Message:
    try:
        return "result", function(*arguments, Line(line))
    except StoppedError:
        return "stopped", None
    except ScenarioError as error:
        return "refused", str(error)
    except BrokenPipeError:
        raise SystemExit from None  # the server is gone
    except Exception:
        return "broke", traceback.format_exc()
