"""What was checked on every run, and what one must know before trusting the numbers."""

from __future__ import annotations

import streamlit as st

from sim.ui import texts
from sim.ui.desk import Answer


def show(answer: Answer) -> None:
    """The laws that held, and the window that was measured."""
    st.markdown(
        texts.plain(texts.measured_window(answer.result.file.scenario.clock, answer.result.settings.replications))
    )
    for name, holds in answer.result.checks.items():
        mark = ":green[✓]" if holds else ":red[✗]"
        st.markdown(f"{mark} {texts.plain(texts.CHECK_WORDS.get(name, name.replace('_', ' ')))}")
