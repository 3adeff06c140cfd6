"""While a run is under way: how far it is, and a way to stop it. It looks by itself, without running the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.ui import running, texts
from sim.ui.desk import AnyDesk

EVERY_S = 0.4


def show(desk: AnyDesk[Any, Any], key: str = "cancel") -> None:
    """Progress, and Cancel beside it."""
    bar, button = st.columns([3, 1], vertical_alignment="center")
    with button:
        st.button(texts.CANCEL, key=key, width="stretch", on_click=desk.cancel)
    with bar:
        _progress(desk)


@st.fragment(run_every=EVERY_S)
def _progress(desk: AnyDesk[Any, Any]) -> None:
    """How far the job is; when it has ended, or found more, the page is drawn anew."""
    if desk.job is None or desk.has_news:
        desk.settle(running.places())
        st.rerun()
    else:
        st.progress(min(desk.job.progress, 1.0), text=_words(desk))


def _words(desk: AnyDesk[Any, Any]) -> str:
    job = desk.job
    if job is None or job.began_s is None:
        return texts.WAITING
    if not job.progress:
        return texts.STARTING
    return texts.progress(job.progress, job.left_s, for_base=desk.for_base)
