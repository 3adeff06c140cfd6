"""The line under the numbers that says what one more person in the tightest team would bring."""

from __future__ import annotations

import streamlit as st

from sim.ui import running, texts
from sim.ui.desk import Answer
from sim.ui.jobs import Task
from sim.ui.one_person import Aside, in_words, task_of
from sim.ui.texts import planner
from sim.ui.visitors import rerun_for_news

EVERY_S = 1.0


def show(answer: Answer, *, idle: bool) -> None:
    """The line, or that it is on its way; begun only while the session is ``idle`` otherwise."""
    aside = _aside()
    task = None if answer.whole is not None else answer.once(task_of)
    if task is None:
        aside.drop()
        return
    known = running.places().known(task.key)
    if known is not None:
        with st.container(key="one_person"):
            st.markdown(texts.plain(answer.kept(task.key, lambda: in_words(answer.result, known))))
    elif idle and not aside.failed:
        aside.want(task, running.places())
        _wait(aside, task)
    else:
        aside.drop()


def drop() -> None:
    """Give it up for something else."""
    _aside().drop()


def _aside() -> Aside:
    found: Aside = st.session_state.setdefault("aside", Aside())
    return found


@st.fragment(run_every=EVERY_S)
def _wait(aside: Aside, task: Task) -> None:
    """Look now and then; when it is known, the page is drawn anew."""
    if aside.want(task, running.places()) is not None or aside.failed:
        rerun_for_news()
    st.caption(planner.ONE_MORE_UNDER_WAY)
