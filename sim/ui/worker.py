"""The other end of a job: a process of its own that does one task after another and never sees Streamlit.

It imports what a task needs when the task comes, so that one who draws does not carry what one who runs needs.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Literal

from sim.study.memory import give_back, keep_freed
from sim.world.errors import ScenarioError

Message = tuple[Literal["progress", "result", "refused", "broke"], Any]


def serve(line: Connection) -> None:
    """Do the tasks that come over ``line`` until it is closed.

    A task is a function and its arguments, to which a function that takes the share done is added. Answers are
    ``progress`` any number of times, then ``result``, ``refused`` (what the scenario's author can mend) or
    ``broke`` (a defect, with its trace).
    """
    keep_freed()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its workers
    while True:
        try:
            function, arguments = line.recv()
        except EOFError:
            return
        line.send(_answer(line, function, arguments))
        give_back()


def _answer(line: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Message:
    try:
        return "result", function(*arguments, lambda share: line.send(("progress", share)))
    except ScenarioError as error:
        return "refused", str(error)
    except BrokenPipeError:
        raise SystemExit from None  # the server is gone
    except Exception:
        return "broke", traceback.format_exc()
