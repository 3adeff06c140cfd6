"""Many visitors at once: whose page is drawn when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Condition, Lock
from typing import TypeAlias

import streamlit as st

NEWS = "drawn_for_news"
PATIENCE_S = 0.5
"""So long a page that has news waits in all, before its parts, for clicks that are being followed."""
Pass: TypeAlias = Callable[[], None]
"""To be called between the parts of a page, so that clicks may pass."""


def rerun_for_news() -> None:
    """Draw the page anew because something has come, and not because somebody clicked."""
    st.session_state[NEWS] = True
    st.rerun()


class Easel:
    """Whose page is drawn when: all pages share one interpreter, and drawn all at once they slow down everybody's clicks."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._one_at_a_time, self._changed = Lock(), Condition()
        self._clicks, self._patience_s = 0, patience_s

    @contextmanager
    def for_click(self) -> Iterator[Pass]:
        """Draw at once what follows a click."""
        self._count(1)
        try:
            yield lambda: None
        finally:
            self._count(-1)

    @contextmanager
    def for_news(self) -> Iterator[Pass]:
        """Draw what has come of itself: one page after the other, and clicks first, but for no longer than its patience.

        A click that comes meanwhile goes before the next part of the page.
        """
        with self._one_at_a_time:
            end_s = time.monotonic() + self._patience_s
            self._let_clicks_pass(end_s)
            yield lambda: self._let_clicks_pass(end_s)

    def _let_clicks_pass(self, end_s: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._clicks, max(end_s - time.monotonic(), 0.0))

    def _count(self, more: int) -> None:
        with self._changed:
            self._clicks += more
            self._changed.notify_all()


_EASEL = Easel()


def has_news() -> bool:
    """Whether the page is drawn because something has come; to be asked once in a drawing."""
    news: bool = st.session_state.pop(NEWS, False)
    return news


def clicks_first(*, news: bool) -> AbstractContextManager[Pass]:
    """Draws a page that has news when no click is being followed."""
    return _EASEL.for_news() if news else _EASEL.for_click()
