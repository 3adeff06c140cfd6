"""Try it yourself: the few controls that are unlocked, a goal, and what came of each attempt."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sim.analysis.words import measured, with_interval
from sim.study.target import parse_target
from sim.ui.learning import Tried, Value, head_count, start_values
from sim.ui.texts import learn, plain, sentence_case
from sim.words.studies import NOT_KEPT
from sim.world.lesson import PEOPLE, Attempt, Control
from sim.world.lesson_files import LessonFile


def goal(file: LessonFile, attempt: Attempt) -> None:
    """What is to be reached, in words and as targets."""
    scenario = file.runs[file.lesson.first_run].scenario
    st.markdown(plain(attempt.text.strip()))
    says = []
    for text in attempt.keep:
        wanted = parse_target(text, scenario)
        words = learn.measure(wanted.measure, scenario)
        says.append(learn.target(words, measured(wanted.value, wanted.unit), at_least=wanted.at_least))
    says.append(learn.goal_least(learn.measure(attempt.least, scenario)))
    st.markdown("\n".join(f"- {plain(said)}" for said in says))
    st.caption(learn.LOCKED)


def controls(file: LessonFile, attempt: Attempt) -> tuple[dict[str, Value], bool]:
    """Draw what is unlocked: its values, and whether they may be run."""
    start = start_values(file, attempt)
    with st.container(key="order_fields"):
        values = {
            key: _draw(f"try:{file.name}:{key}", control, start[key]) for key, control in attempt.controls.items()
        }
    if attempt.least != PEOPLE and attempt.people_at_most is None:
        return values, True
    people = head_count(attempt, values)
    allowed = attempt.people_at_most is None or people <= attempt.people_at_most
    (st.caption if allowed else st.warning)(learn.people(people, attempt.people_at_most))
    return values, allowed


def _draw(key: str, control: Control, start: Value) -> Value:
    st.session_state.setdefault(key, start)
    if control.options:
        chosen = st.selectbox(
            control.label, list(control.options), key=key, disabled=len(control.options) == 1, persist_state="session"
        )
        return str(chosen)
    low, high = control.limits
    value = st.number_input(
        f"{control.label} (%)" if control.in_percent else control.label,
        low,
        high,
        step=control.step_size,
        format="%g",
        key=key,
        persist_state="session",
    )
    return float(start) if value is None else float(value)


def outcome(one: Tried, file: LessonFile, *, best: bool) -> None:
    """Whether the goal is kept, number by number."""
    verdicts = {verdict for _, _, verdict in one.targets}
    if one.kept:
        st.success(f"{learn.GOAL_KEPT}{f' ({learn.BEST})' if best else ''}")
    else:
        (st.warning if NOT_KEPT in verdicts else st.info)(
            learn.GOAL_NOT_KEPT if NOT_KEPT in verdicts else learn.GOAL_CLOSE
        )
    scenario = file.runs[file.lesson.first_run].scenario
    for target, found, verdict in one.targets:
        said = f"{sentence_case(learn.measure(target.measure, scenario))}: {with_interval(found)}, {verdict}"
        st.markdown(f"- {plain(said)}")


def attempts(tried: list[Tried], best: Tried | None, file: LessonFile, attempt: Attempt) -> None:
    """All attempts so far, a row each, the last one first."""
    scenario = file.runs[file.lesson.first_run].scenario
    rows = [
        {
            **dict(one.moved),
            **{sentence_case(learn.measure(t.measure, scenario)): with_interval(found) for t, found, _ in one.targets},
            sentence_case(learn.measure(attempt.least, scenario)): with_interval(one.least).removesuffix(" people"),
            learn.GOAL: learn.BEST if one is best else learn.KEPT if one.kept else learn.NOT_KEPT,
        }
        for one in reversed(tried)
    ]
    st.markdown(f"**{learn.ATTEMPTS}**")
    st.dataframe(pd.DataFrame(rows), key="attempts", hide_index=True)
