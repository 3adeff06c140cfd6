"""The planner's page: choose a scenario, move its staff and rates, and read what buyers get."""

from __future__ import annotations

import time

import streamlit as st

from sim.ui import asking, estimate, running, texts
from sim.ui.choice import Choice
from sim.ui.components import (
    address,
    answer,
    charts,
    chooser,
    controls_panel,
    kept,
    look,
    messages,
    moving,
    one_person,
    sidebar,
    stage_line,
    studies,
    take_away,
    waiting,
    week,
)
from sim.ui.components.fields import PLANNER
from sim.ui.controls import groups_of
from sim.ui.desk import Answer, Ask, Desk
from sim.ui.jobs import Job
from sim.ui.texts import planner
from sim.ui.visitors import Pass, clicks_first, has_news

PATIENCE_S, IN_LINE_S, MOMENT_S = 1.5, 0.8, 0.15
"""So long the page waits for what comes at once, or for its turn, and lets go within a moment when something else is asked."""


def page() -> None:
    """Draw the page for the session's settings and its last answer."""
    news = has_news()
    desk: Desk = st.session_state.setdefault("desk", Desk())
    with clicks_first(news=news):
        look.apply()
        kept.remember()
        address.open_page(PLANNER)
        head, status = st.container(gap="small"), st.container()
        with head:
            choice, ask, problem, pressed = _asked()
    _drive(desk, ask, pressed=pressed)
    with clicks_first(news=news) as let_clicks_pass:
        with head:
            messages.question(ask)
            week.show(choice)
            sidebar.follow()
        with status:
            address.problems()
            messages.before(desk, ask, problem, running.Pace.visits_per_s)
            _status(desk, ask)
        _show(desk, ask, choice, let_clicks_pass)
        kept.show()


def _asked() -> tuple[Choice | None, Ask | None, str, bool]:
    """The scenario and what the controls ask of it, what is wrong with either, and whether to run it was pressed."""
    picker, button = st.columns([5, 1])
    with picker:
        choice, problem = chooser.choose()
    with st.sidebar:
        ask, wrong = _controls(choice)
    with button:
        pressed = st.button(texts.RUN, type="primary", key="run", disabled=ask is None, width="stretch")
    return choice, ask, problem or wrong, pressed


def _controls(choice: Choice | None) -> tuple[Ask | None, str]:
    """What the controls of the chosen scenario ask, or what is wrong with them."""
    st.subheader(texts.CONTROLS, anchor=False)
    if choice is None:
        st.caption(texts.UPLOAD_FIRST)
        return None, ""
    week.button(choice)
    return asking.ask(choice, address.followed(controls_panel.panel))


def _drive(desk: Desk, ask: Ask | None, *, pressed: bool) -> None:
    """Begin what is asked for (the first question, and what takes a moment, by itself), and take what has come."""
    pool = running.places()
    pressed = st.session_state.pop(controls_panel.RUN_NOW, False) or pressed
    if ask is not None:
        if desk.asked is not None and desk.asked.request.key != ask.request.key and _quick(desk.asked):
            desk.drop()
        desk.show_known(ask, pool)
        if pressed or desk.untouched or _follows(desk, ask):
            studies.shelf().stop()
            one_person.drop()
            desk.ask(ask, pool)
            if desk.job is not None and _quick(ask):
                _wait_for(desk.job)
    desk.settle(pool)


def _wait_for(job: Job) -> None:
    """Wait for the first that is known of a job, so that the page is drawn once and not twice."""
    asked_s = time.monotonic()
    while time.monotonic() - asked_s < _patience_s(job) and not job.wait_for_news(MOMENT_S):
        st.session_state.get("desk")  # where a further click has come, Streamlit ends this drawing here


def _patience_s(job: Job) -> float:
    return PATIENCE_S if job.began_s is not None else min(IN_LINE_S, PATIENCE_S)


def _quick(ask: Ask) -> bool:
    return estimate.runs_at_once(ask.request.file.scenario, ask.request.settings.replications)


def _follows(desk: Desk, ask: Ask) -> bool:
    """Whether changed settings are run without being told to."""
    new = desk.tried != ask.request.key and not messages.is_answer_to(desk.answer, ask)
    return new and _quick(ask) and not studies.shelf().running


def _status(desk: Desk, ask: Ask | None) -> None:
    """For what the answer below was computed, and beside it how far the next one is."""
    with st.container(key="status_line"):
        told, progress = st.columns([3, 2], vertical_alignment="center")
    if desk.answer is not None:
        with told:
            messages.belongs_to(desk, desk.answer, ask)
    if desk.running:
        with progress:
            waiting.show(desk)


def _show(desk: Desk, ask: Ask | None, choice: Choice | None, let_clicks_pass: Pass) -> None:
    """The last answer, dimmed where the settings have moved on."""
    found = desk.answer
    if found is None:
        messages.nothing_yet(desk, ask)
        return
    base = desk.base(running.places())
    current = messages.is_answer_to(found, ask)
    with st.container(key="answer" if current else "out_of_date_answer"):
        stage_line.show(found, _groups(choice) if current else {})
        answer.say(found, base, controls_panel.run_key(choice) if choice is not None else "")
        let_clicks_pass()
        answer.numbers(found, base)
        let_clicks_pass()
        one_person.show(found, idle=current and not desk.running and not studies.shelf().running)
        studies.show(found, choice, current=current)
        take_away.show(found, base)
        let_clicks_pass()
        _details(desk, found)
        moving.show(found)


def _details(desk: Desk, found: Answer) -> None:
    """Charts; while an answer is refined, those of its first replications or of the answer before."""
    shown = desk.charted
    own = shown is not None and shown.question.request.key == found.question.request.key
    if found.result.curves and not (own and found.whole is not None):
        shown = desk.charted = found
        own = True
    if shown is None:
        st.caption(planner.CHARTS_LATER)
        return
    if shown.whole is not None or not own:
        st.caption(planner.FEWER_CHARTED if own else planner.OLD_CHARTS)
    with st.container(key="charts" if own else "out_of_date_charts"):
        charts.tabs(shown)


def _groups(choice: Choice | None) -> dict[str, str]:
    """The keys of the controls' groups by stage."""
    if choice is None:
        return {}
    return {group.key: controls_panel.group_key(choice, group) for group in groups_of(choice.load())}
