"""The answer on one screen: the sentence, and the few numbers under it."""

from __future__ import annotations

import streamlit as st

from sim.study.replicate import Result
from sim.ui.desk import Answer
from sim.ui.headline import Headline, headlines

COLOUR = {"more": "normal", "less": "inverse", "neither": "off"}


def show(answer: Answer, base: Result | None) -> None:
    """Sentence and headline numbers."""
    with st.container(key="sentence"):
        st.markdown(answer.result.sentence)
    with st.container(key="numbers", horizontal=True, gap="small"):
        for number in headlines(answer.result, base):
            _number(number)


def _number(number: Headline) -> None:
    with st.container(border=True, width=150, gap=None):
        st.metric(
            number.label,
            number.value,
            delta=number.change or None,
            delta_color=COLOUR[number.better],  # type: ignore[arg-type]
            delta_description="from base" if number.change else None,
        )
        st.caption(number.interval or "one replication")
