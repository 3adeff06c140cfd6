"""While a run is under way: how far it is, and a way to stop it. It looks by itself, without running the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.ui import running, texts, visitors
from sim.ui.desk import AnyDesk

EVERY_S, IN_LINE_EVERY_S = 0.4, 1.0
"""How often to look: at a job under way, and at one that waits for its turn."""


def show(desk: AnyDesk[Any, Any], key: str = "cancel") -> None:
    """Progress, and Cancel beside it."""
    bar, button = st.columns([3, 1], vertical_alignment="center")
    with button:
        st.button(texts.CANCEL, key=key, width="stretch", on_click=desk.cancel)
    with bar:
        waits = desk.job is not None and desk.job.began_s is None
        st.fragment(_progress, run_every=IN_LINE_EVERY_S if waits else EVERY_S)(desk)


def _progress(desk: AnyDesk[Any, Any]) -> None:
    """How far the job is; when it has ended, or found more, the page is drawn anew."""
    if desk.job is None or desk.has_news:
        desk.settle(running.places())
        visitors.rerun_for_news()
    else:
        st.progress(min(desk.job.progress, 1.0), text=_words(desk))


def _words(desk: AnyDesk[Any, Any]) -> str:
    job = desk.job
    if job is None or job.began_s is None:
        return texts.WAITING
    if not job.progress:
        return texts.STARTING
    return texts.progress(job.progress, job.left_s, for_base=desk.for_base)
