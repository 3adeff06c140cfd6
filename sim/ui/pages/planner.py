"""The planner's page: choose a scenario, move its staff and rates, run it, and read what buyers get."""

from __future__ import annotations

import streamlit as st

from sim.ui import asking, running, texts
from sim.ui.choice import Choice
from sim.ui.components import answer, charts, chooser, controls_panel, look, messages, moving, take_away, waiting
from sim.ui.desk import Ask, Desk


def page() -> None:
    """Draw the page for the session's settings and its last answer."""
    look.apply()
    desk: Desk = st.session_state.setdefault("desk", Desk())
    head, status = st.container(), st.container()
    with head:
        picker, button = st.columns([5, 1])
    with picker:
        choice, problem = chooser.choose()
    with st.sidebar:
        ask, wrong = _controls(choice)
    with button:
        pressed = st.button(texts.RUN, type="primary", key="run", disabled=ask is None, width="stretch")
    _drive(desk, ask, pressed=pressed)
    with head:
        messages.question(ask)
    with status:
        messages.before(desk, ask, problem or wrong, running.Pace.visits_per_s)
        if desk.running:
            waiting.show(desk)
    _show(desk, ask)


def _controls(choice: Choice | None) -> tuple[Ask | None, str]:
    """What the controls of the chosen scenario ask, or what is wrong with them."""
    st.subheader(texts.CONTROLS, anchor=False)
    if choice is None:
        st.caption(texts.UPLOAD_FIRST)
        return None, ""
    return asking.ask(choice, controls_panel.panel)


def _drive(desk: Desk, ask: Ask | None, *, pressed: bool) -> None:
    """Begin what is asked for (a new session's first question by itself), and take what has come."""
    pool = running.places()
    if ask is not None:
        if pressed or desk.untouched:
            desk.ask(ask, pool)
        desk.show_known(ask, pool)
    desk.settle(pool)


def _show(desk: Desk, ask: Ask | None) -> None:
    """The last answer, dimmed where the settings have moved on."""
    if desk.answer is None:
        messages.nothing_yet(desk, ask)
        return
    base = desk.base(running.places())
    messages.belongs_to(desk, desk.answer, ask, compared=base is not None)
    with st.container(key="answer" if messages.is_answer_to(desk.answer, ask) else "out_of_date_answer"):
        answer.show(desk.answer, base)
        charts.tabs(desk.answer)
        moving.show(desk.answer)
        take_away.show(desk.answer)
