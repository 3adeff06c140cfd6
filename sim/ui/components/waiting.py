"""While a run is under way: how far it is, and a way to stop it. It looks by itself, without running the page."""

from __future__ import annotations

import streamlit as st

from sim.ui import jobs, texts
from sim.ui.desk import Desk

EVERY_S = 0.5


@st.fragment(run_every=EVERY_S)
def progress(desk: Desk) -> None:
    """Progress and Cancel; when the job has ended the page is drawn anew."""
    job = desk.job
    if job is None:
        return
    if job.look():
        desk.settle(jobs.runs())
        st.rerun()
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with bar:
        st.progress(min(job.progress, 1.0), text=_words(desk))
    with button:
        if st.button(texts.CANCEL, key="cancel", width="stretch"):
            desk.cancel()
            st.rerun()


def _words(desk: Desk) -> str:
    job = desk.job
    if job is None or job.began_s is None:
        return texts.WAITING
    if not job.progress:
        return texts.STARTING
    return texts.progress(job.progress, job.left_s, for_base=desk.for_base)
