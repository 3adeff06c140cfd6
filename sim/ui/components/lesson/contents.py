"""Which lesson: a list at the left that says how far one has come, and the way to the next at the end of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from sim.ui.learning import Notebook
from sim.ui.texts import learn
from sim.world.lesson import Lesson

CHOSEN = "lesson"


def choose(lessons: Mapping[str, Lesson], notebook: Notebook) -> str:
    """The lesson that is chosen; the page's address names it, so that a link opens it."""
    names = list(lessons)
    asked_for = st.query_params.get("lesson", "")
    st.session_state.setdefault(CHOSEN, asked_for if asked_for in names else names[0])
    if st.session_state[CHOSEN] not in names:
        st.session_state[CHOSEN] = names[0]
    with st.sidebar:
        st.subheader(learn.LESSONS, anchor=False)
        name = st.radio(
            learn.LESSONS,
            names,
            key=CHOSEN,
            format_func=lambda name: learn.lesson(lessons[name].number, lessons[name].title),
            captions=[learn.done(len(notebook.of(name)), len(lessons[name].questions)) for name in names],
            label_visibility="collapsed",
            persist_state="session",
        )
    st.query_params["lesson"] = name
    return str(name)


def onward(lessons: Mapping[str, Lesson], name: str, *, finished: bool) -> None:
    """Buttons to the lessons before and after; the latter stands out where this one is finished."""
    names = list(lessons)
    position = names.index(name)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="onward"):
        if position:
            st.button(learn.PREVIOUS, key="previous", on_click=_go, args=(names[position - 1],))
        if position + 1 < len(names):
            kind: Literal["primary", "secondary"] = "primary" if finished else "secondary"
            st.button(learn.NEXT, type=kind, key="next", on_click=_go, args=(names[position + 1],))


def _go(name: str) -> None:
    st.session_state[CHOSEN] = name
