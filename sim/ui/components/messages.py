"""What the page says around the answer: the question, what is wrong, how long it will take, whose answer it is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.ui import estimate, texts
from sim.ui.choice import without_folder
from sim.ui.desk import Answer, AnyDesk, Ask, Desk
from sim.ui.texts import planner

LONG_S = 180.0


def question(ask: Ask | None) -> None:
    """The scenario's question in its own words, and what was changed."""
    if ask is None:
        return
    with st.container(key="question", gap="xsmall"):
        st.subheader(texts.plain(ask.request.file.scenario.question or ask.title), anchor=False)
        if ask.changes:
            st.markdown(texts.plain(texts.changed_from_base(ask.changes)))


def before(desk: Desk, ask: Ask | None, problem: str, pace: float) -> None:
    """What is wrong, or what to do first; else, how much there is to do."""
    problems(problem, desk)
    if ask is None and not problem:
        st.info(texts.UPLOAD_FIRST)
    if ask is None or is_answer_to(desk.answer, ask) or (desk.running and desk.answer is not None):
        return
    scenario, settings = ask.request.file.scenario, ask.request.settings
    seconds = estimate.visits(scenario) * settings.replications / pace
    says = [texts.before_run(estimate.orders(scenario), settings.replications, seconds)]
    if ask.days < ask.whole_days:
        says.append(texts.first_look(ask.days, ask.whole_days))
    st.caption(" ".join(says))
    if seconds > LONG_S and not desk.running:
        st.warning(texts.too_long(seconds))


def problems(problem: str, desk: AnyDesk[Any, Any]) -> None:
    """Mistakes in the scenario as they were written, why a run was refused, and that one was cancelled."""
    if problem:
        st.error(f"{texts.CANNOT_READ}\n\n{texts.listed(without_folder(problem))}")
    if desk.problem:
        st.error(f"{texts.CANNOT_RUN}\n\n{texts.listed(without_folder(desk.problem))}")
    if desk.cancelled and desk.answer is not None:
        st.info(planner.CANCELLED_PART if desk.answer.whole is not None else texts.CANCELLED)


def is_answer_to(answer: Answer | None, ask: Ask | None) -> bool:
    """Whether an answer belongs to the settings on the page."""
    return answer is not None and ask is not None and answer.question.request.key == ask.request.key


def belongs_to(desk: Desk, answer: Answer, ask: Ask | None) -> None:
    """For which settings the answer below was computed, how much of it is done, and that they are others now."""
    of, settings = answer.ask, answer.ask.request.settings
    current = is_answer_to(answer, ask)
    changes = () if current else of.changes  # which else stand right above
    days = texts.part_of(of.days, of.whole_days)
    computed_for = texts.plain(texts.belongs_to(of.title, changes, settings.replications, settings.seed, days))
    if current:
        st.caption(f"{computed_for} {_so_far(answer)}")
    elif ask is not None and desk.asked is not None and desk.asked.request.key == ask.request.key:
        st.caption(f"{computed_for} **{texts.UNDER_WAY}**")
    else:
        st.warning(texts.out_of_date(computed_for, "" if ask is None else texts.PRESS_RUN))


def _so_far(answer: Answer) -> str:
    """That more is to come, where it is."""
    if answer.whole is None:
        return ""
    done, wanted = answer.result.settings.replications, answer.whole.request.settings.replications
    if not answer.same_days:
        return planner.looked_at(answer.ask.days, answer.whole.days, done)
    return planner.replications_so_far(done, wanted) if done < wanted else planner.REFINING


def nothing_yet(desk: Desk, ask: Ask | None) -> None:
    """What to do first."""
    if ask is not None and not desk.running:
        st.info(texts.CANCELLED_EMPTY if desk.cancelled else texts.EMPTY)
