"""When the server looks for garbage: while no page is drawn, since nobody's page is drawn meanwhile.

A look through all that the pages of twenty visitors hold takes a fifth of a second, and Python would begin one in the
middle of a click.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread

LOOK_EVERY_S = 0.5
QUIET_S = 1.0
"""After so long without a drawing the next click is unlikely to come within the look."""
AT_LEAST_EVERY_S = 60.0
SELDOM = 100_000
"""After so many smaller looks Python itself begins a whole one: in practice never."""


class Drawings:
    """How many pages are being drawn, and since when none has been."""

    def __init__(self) -> None:
        self._changing, self._count, self._ended_s = Lock(), 0, time.monotonic()

    @contextmanager
    def one(self) -> Iterator[None]:
        """While a page is drawn."""
        self._add(1)
        try:
            yield
        finally:
            self._add(-1)

    def quiet_s(self) -> float:
        """For how long no page has been drawn."""
        with self._changing:
            return 0.0 if self._count else time.monotonic() - self._ended_s

    def _add(self, more: int) -> None:
        with self._changing:
            self._count += more
            self._ended_s = time.monotonic()


DRAWINGS = Drawings()


def collect_when_quiet() -> None:
    """From now on look for garbage only when no page has been drawn for a while, or once a minute.

    What was imported before is no garbage, and is never looked at again.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)
    Thread(target=_keep_collecting, name="garbage", daemon=True).start()


def _keep_collecting() -> None:
    last_s = time.monotonic()
    while True:
        time.sleep(LOOK_EVERY_S)
        if is_time(DRAWINGS.quiet_s(), time.monotonic() - last_s):
            gc.collect()
            last_s = time.monotonic()


def is_time(quiet_s: float, since_last_s: float) -> bool:
    """Whether to look for garbage: where a page has been drawn since the last look, in quiet or after long enough.

    >>> is_time(quiet_s=2.0, since_last_s=10.0), is_time(quiet_s=0.1, since_last_s=10.0), is_time(0.1, 70.0)
    (True, False, True)
    >>> is_time(quiet_s=100.0, since_last_s=90.0)
    False
    """
    return quiet_s < since_last_s and (quiet_s > QUIET_S or since_last_s > AT_LEAST_EVERY_S)
