"""Whose work it is: what a session sees of a pool that it shares with all others."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, TypeVar

from sim.ui.jobs import Job, Pool, Task

Made = TypeVar("Made")


@dataclass(frozen=True)
class Share:
    """A pool as one session has it: what it submits waits for that session's turn."""

    pool: Pool
    owner: str

    def submit(self, task: Task) -> Job:
        """Begin a task, or take its result from memory."""
        return self.pool.submit(task, self.owner)

    def known(self, key: Hashable) -> Any:
        """The result of a task of this key, or None where it is not remembered."""
        return self.pool.known(key)


def share_of(pool: Pool) -> Share:
    """The share of the session whose page is being drawn; outside of any, that of nobody in particular."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx  # workers know what tasks do, and draw no page

    context = get_script_run_ctx(suppress_warning=True)
    return Share(pool, context.session_id if context is not None else "")


def once(make: Callable[[], Made]) -> Callable[[], Made]:
    """A function without arguments that is done once for all sessions; who comes meanwhile waits for what is made.

    ``functools.cache`` would make a pool for each of the first visitors who come at the same time.
    """
    lock, made = Lock(), cache(make)

    def the_one() -> Made:
        with lock:
            return made()

    return the_one
