"""The page for classes: a lesson is read, predicted, revealed, and then tried."""

from __future__ import annotations

import streamlit as st

from sim.ui import running, texts
from sim.ui.components import look, messages, waiting
from sim.ui.components.lesson import contents, question, trying, way
from sim.ui.learning import LessonAnswer, LessonAsk, LessonDesk, LessonRequest, Notebook, lesson_file, lessons
from sim.ui.texts import learn
from sim.world.errors import ScenarioError
from sim.world.lesson_files import LessonFile


def page() -> None:
    """Draw the chosen lesson as far as the student has come."""
    look.apply()
    notebook: Notebook = st.session_state.setdefault("notebook", Notebook())
    try:
        all_lessons = lessons()
        name = contents.choose(all_lessons, notebook)
        file = lesson_file(name)
    except ScenarioError as error:
        st.error(f"{learn.CANNOT_READ}\n\n{texts.listed(str(error))}")
        return
    desk: LessonDesk = st.session_state.setdefault("lesson_desk", LessonDesk())
    answer = _answer(desk, LessonAsk(file.lesson.title, LessonRequest(file)))
    with st.container(key="lesson_column"):
        _read(file, of=len(all_lessons))
        messages.problems("", desk)
        waits = _wait(desk, answer, notebook, file)
        if answer is not None:
            way.show(answer)
        _questions(file, notebook, answer)
        finished = len(notebook.of(name)) == len(file.lesson.questions)
        if file.lesson.attempt is not None:
            if finished:
                trying.show(file, notebook, may_wait=not waits)
            else:
                st.caption(learn.TRY_LATER)
        contents.onward(all_lessons, name, finished=finished)


def _answer(desk: LessonDesk, ask: LessonAsk) -> LessonAnswer | None:
    """The lesson's answers, where they are known; they are worked out while the student reads."""
    pool = running.places()
    if st.session_state.get("lesson_asked") != ask.request.key:
        st.session_state["lesson_asked"] = ask.request.key
        desk.ask(ask, pool)
    desk.settle(pool)
    answer = desk.answer
    return answer if answer is not None and answer.ask.request.key == ask.request.key else None


def _read(file: LessonFile, of: int) -> None:
    """Where one is, and what the lesson is about."""
    with st.container(gap="xsmall"):
        st.caption(learn.lesson_of(file.lesson.number, of))
        st.subheader(file.lesson.title, anchor=False)
    for paragraph in file.lesson.idea.strip().splitlines():
        st.markdown(texts.plain(paragraph))


def _wait(desk: LessonDesk, answer: LessonAnswer | None, notebook: Notebook, file: LessonFile) -> bool:
    """Progress, where something waits to be shown; whether it is drawn."""
    if answer is not None or not (notebook.of(file.name) or file.lesson.journey):
        return False
    if desk.running:
        st.caption(learn.WORKING_IT_OUT)
        waiting.show(desk)
        return True
    st.button(learn.WORK_OUT, key="work_out", on_click=st.session_state.pop, args=("lesson_asked", None))
    return False


def _questions(file: LessonFile, notebook: Notebook, answer: LessonAnswer | None) -> None:
    """The questions up to the first that is not predicted yet."""
    predicted, questions = notebook.of(file.name), file.lesson.questions
    for position, one in enumerate(questions[: len(predicted) + 1]):
        with st.container(border=True, key=f"question_{position + 1}"):
            question.ask(file.name, position, len(questions), one, notebook)
            if position in predicted and answer is not None:
                question.reveal(position, predicted[position], answer)
    if answer is not None and predicted:
        st.caption(learn.score(notebook.right(file.name, answer.result), len(predicted)))
