"""The last part of a lesson: its goal, the few controls for it, a run, and what came of all attempts so far."""

from __future__ import annotations

import streamlit as st

from sim.ui import running, texts
from sim.ui.components import messages, waiting
from sim.ui.components.lesson import attempt
from sim.ui.learning import Notebook, TryDesk, tried, try_ask
from sim.ui.texts import learn
from sim.world.lesson_files import LessonFile


def show(file: LessonFile, notebook: Notebook, *, may_wait: bool) -> None:
    """What is unlocked, and what came of it."""
    unlocked = file.lesson.attempt
    assert unlocked is not None
    desk: TryDesk = st.session_state.setdefault("try_desk", TryDesk())
    st.subheader(learn.TRY_IT, anchor=False)
    attempt.goal(file, unlocked)
    values, allowed = attempt.controls(file, unlocked)
    pressed = st.button(learn.RUN, type="primary", key="try_run", disabled=not allowed)
    ask, pool = try_ask(file, unlocked, values), running.places()
    if pressed:
        desk.ask(ask, pool)
    desk.settle(pool)
    messages.problems("", desk)
    if desk.running and may_wait:
        waiting.show(desk)
        return
    answer = desk.answer
    if answer is not None and answer.ask.request.key == ask.request.key:
        one = tried(file, unlocked, values, ask, answer.result)
        notebook.note(file.name, one)
        attempt.outcome(one, file, best=notebook.best(file.name) == one)
        st.markdown(texts.plain(answer.result.sentence))
    if notebook.tried.get(file.name):
        attempt.attempts(notebook.tried[file.name], notebook.best(file.name), file, unlocked)
