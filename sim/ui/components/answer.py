"""The answer on one screen: the sentence, and the few numbers under it."""

from __future__ import annotations

import streamlit as st

from sim.study.replicate import Result
from sim.ui import texts
from sim.ui.desk import Answer
from sim.ui.headline import Headline, headlines

COLOUR = {"more": "normal", "less": "inverse", "neither": "off"}


def show(answer: Answer, base: Result | None) -> None:
    """Sentence and headline numbers."""
    with st.container(key="sentence"):
        st.markdown(texts.plain(answer.result.sentence))
    with st.container(key="numbers"):
        for position, number in enumerate(headlines(answer.result, base)):
            _number(position, number)


def _number(position: int, number: Headline) -> None:
    with st.container(border=True, gap=None, key=f"number_{position}"):
        st.metric(
            number.label,
            number.value,
            delta=number.change or None,
            delta_color=COLOUR[number.better],  # type: ignore[arg-type]
        )
        st.caption(number.interval or texts.ONE_REPLICATION)
