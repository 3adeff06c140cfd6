"""The answer on one screen: the sentence, what differs from the base, the few numbers under it, and what was checked."""

from __future__ import annotations

import streamlit as st

from sim.study.replicate import Result
from sim.ui import texts
from sim.ui.components import checks
from sim.ui.components.controls_panel import MOST_REPLICATIONS, add_replications
from sim.ui.desk import Answer
from sim.ui.headline import Headline, clauses, headlines
from sim.ui.texts import planner

COLOUR = {"more": "normal", "less": "inverse", "neither": "off"}
MOST_MORE = 200
"""More replications than this are not offered by a button."""


def say(answer: Answer, base: Result | None, run_key: str) -> None:
    """Sentence and verdict; ``run_key`` is where the number of replications is set."""
    with st.container(key="sentence"):
        st.markdown(texts.plain(answer.result.sentence))
    if answer.ask.has_changes:
        _verdict(answer, base, run_key)


def numbers(answer: Answer, base: Result | None) -> None:
    """The headline numbers and the checks."""
    with st.container(key="numbers"):
        for position, number in enumerate(headlines(answer.result, base)):
            _number(position, number)
    checks.strip(answer)


def _verdict(answer: Answer, base: Result | None, run_key: str) -> None:
    """What the changes bring, and a button where more replications would tell."""
    if base is None:
        st.markdown(planner.BASE_UNDER_WAY)
        return
    found = clauses(answer.result, base)
    with st.container(key="verdict", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(texts.plain(planner.differences([words for words, _ in found])))
        needed = [gap.more_needed for _, gap in found if not gap.decided]
        more = min((count for count in needed if count), default=0)
        more = -(-more // 5) * 5
        done = answer.result.settings.replications
        if not answer.whole and 0 < more <= MOST_MORE and done + more <= MOST_REPLICATIONS:
            st.button(planner.run_more(more), key="run_more", on_click=add_replications, args=(run_key, done + more))


def _number(position: int, number: Headline) -> None:
    words = "" if any(sign.isdigit() for sign in number.value) else "words_"
    with st.container(border=True, gap=None, key=f"number_{words}{position}"):
        st.metric(
            number.label,
            number.value,
            delta=number.change or None,
            delta_color=COLOUR[number.better],  # type: ignore[arg-type]
            delta_arrow="auto" if number.change[:1] in ("+", "-") else "off",
        )
        st.caption(planner.between(number.interval, number.change_interval) or texts.NO_BREAK)
