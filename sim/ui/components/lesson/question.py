"""One question: a prediction first, then what the run says, what theory says, and why."""

from __future__ import annotations

import streamlit as st

from sim.show.lesson_charts import chart_name
from sim.study.lesson import Answered
from sim.study.predicting import in_words, judged
from sim.ui.components import charts
from sim.ui.learning import LessonAnswer, Notebook, charts_of
from sim.ui.texts import learn, plain
from sim.world.lesson import Question


def ask(name: str, position: int, of: int, question: Question, notebook: Notebook) -> None:
    """The question; while it is not revealed, with the control that takes the prediction and the button."""
    st.caption(learn.question(position + 1, of))
    st.markdown(f"**{plain(question.text.strip())}**")
    if position in notebook.of(name):
        return
    key = f"predict:{name}:{position}"
    st.session_state.setdefault(key, None)
    predicted = _number(key, question) if question.number else _option(key, question)
    st.button(
        learn.REVEAL,
        type="primary",
        key=f"reveal:{position}",
        disabled=predicted is None,
        on_click=notebook.of(name).__setitem__,
        args=(position, predicted),
    )
    if predicted is None:
        st.caption(learn.PREDICT_FIRST)


def _number(key: str, question: Question) -> float | None:
    band = question.number
    assert band is not None
    value = st.number_input(
        learn.prediction(question.unit, band.least, band.most),
        band.least,
        band.most,
        step=band.step,
        format="%g",
        key=key,
        persist_state="session",
        width=320,
    )
    return None if value is None else float(value)


def _option(key: str, question: Question) -> int | None:
    choice = question.choice
    assert choice is not None
    number = st.radio(
        learn.ONE_OF,
        range(len(choice.options)),
        key=key,
        format_func=lambda number: plain(choice.options[number].text),
        persist_state="session",
    )
    return None if number is None else int(number)


def reveal(position: int, prediction: float, answer: LessonAnswer) -> None:
    """What was predicted beside what the run says, how far off it was, and why."""
    one = answer.result.answered[position]
    outcome = judged(prediction, one.estimate, one.question.number, one.right)
    if one.question.choice is not None:
        said = learn.option_verdict(right=outcome.right)
    else:
        said = learn.verdict(outcome, one.estimate)
    (st.success if outcome.right else st.info)(said)
    if one.question.choice is not None:
        _options(int(prediction), one)
    _numbers(position, prediction, one)
    st.markdown(plain(one.explanation.strip()))
    chart = charts_of(answer).get(chart_name(position))
    if chart is not None:
        charts.group(answer, [chart])


def _numbers(position: int, prediction: float, one: Answered) -> None:
    with st.container(key=f"told_{position}"):
        if one.question.number is not None:
            with st.container(border=True, gap=None, key=f"number_said_{position}"):
                st.metric(learn.YOU_SAID, learn.value(prediction, one.question.unit))
        with st.container(border=True, gap=None, key=f"number_run_{position}"):
            value, between = learn.of_run(one.estimate)
            st.metric(learn.RUN_SAYS, value)
            st.caption(between)
        if one.formula is not None:
            formula = one.formula
            with st.container(border=True, gap=None, key=f"number_theory_{position}"):
                st.metric(learn.THEORY_SAYS, learn.value(formula.value, one.question.unit))
                st.caption(learn.theory_caption(formula.title, formula.holds, as_claimed=formula.as_claimed))


def _options(chosen: int, one: Answered) -> None:
    """All options, what the run says of each, the right one and the one chosen."""
    choice, said = one.question.choice, []
    for number, option in enumerate(choice.options if choice else ()):
        found = in_words(one.options[number]) if one.options else ""
        said.append(f"- {learn.option(option.text, found, right=number == one.right, chosen=number == chosen)}")
    st.markdown("\n".join(said))
    if not one.sure:
        st.caption(learn.NOT_TOLD_APART)
