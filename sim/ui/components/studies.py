"""Three further questions under the answer, each a job with progress and Cancel, and their answers."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sim.study.staffing import Staffing
from sim.ui import running, texts
from sim.ui.choice import Choice
from sim.ui.components import controls_panel, tables
from sim.ui.controls import groups_of
from sim.ui.desk import Answer
from sim.ui.jobs import Job
from sim.ui.studying import Goal, Kind, Study, goals, notes, sentence, table
from sim.ui.texts import planner

EVERY_S = 0.5
BUTTONS: dict[Kind, str] = {
    "staffing": planner.FIND_STAFFING,
    "one_more": planner.ONE_PERSON,
    "capacity": planner.HOW_MUCH,
}


class Shelf:
    """The session's further question: the one under way, or the one answered last."""

    def __init__(self) -> None:
        self.study: Study | None = None
        self.job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether a study is under way."""
        return self.job is not None and not self.job.look()

    def ask(self, study: Study) -> None:
        """Begin a study; one under way is given up for it."""
        self.close()
        self.study, self.job = study, running.places().submit(study.task)

    def close(self) -> None:
        """Stop a study, and put its answer away."""
        if self.job is not None:
            self.job.cancel()
        self.study = self.job = None

    def stop(self) -> None:
        """Stop a study that is under way; an answer stays."""
        if self.running:
            self.close()


def shelf() -> Shelf:
    """The session's own."""
    found: Shelf = st.session_state.setdefault("studies", Shelf())
    return found


def show(answer: Answer, choice: Choice | None, *, current: bool) -> None:
    """Buttons, what has to be kept, and the answer of the study asked last."""
    ready = answer.whole is None and current and choice is not None
    file = answer.ask.request.file
    p95 = answer.result.measures.get("delivery_time.p95")
    offered = goals(file, p95.mean if p95 is not None else float("nan"))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="study_buttons"):
        buttons = st.container(horizontal=True, gap="small", width="content")
        goal, value = _goal(file.digest, offered)
    paid = any(team.wage for team in file.scenario.teams.values())
    for kind, label in BUTTONS.items():
        wanted = None if kind == "one_more" else goal
        if kind != "one_more" and goal is None:
            continue
        study = Study(kind, file, answer.ask.request.settings, wanted, value if wanted else 0.0)
        why = _why_not(kind, paid=paid, ready=ready)
        ask = shelf().ask
        buttons.button(label, key=f"study:{kind}", disabled=bool(why), help=why or None, on_click=ask, args=(study,))
    _state(answer, choice)


def _why_not(kind: Kind, *, paid: bool, ready: bool) -> str:
    if not ready:
        return planner.STUDY_WAITS
    return planner.NO_WAGES if kind == "staffing" and not paid else ""


def _goal(digest: str, offered: list[Goal]) -> tuple[Goal | None, float]:
    """What has to be kept: one of the promises or the delivery time, and how well."""
    if not offered:
        return None, 0.0
    labels = {goal.label: goal for goal in offered}
    goal = labels.get(st.session_state.get("goal_measure", ""), offered[0])
    key = f"goal:{digest}:{goal.measure}"
    factor, most = (100, 100.0) if goal.at_least else (1, 10_000.0)
    proposed = factor * goal.proposed
    value = round(st.session_state.get(key, proposed) / factor, 6)
    with st.popover(texts.plain(planner.to_keep(goal.words(value))), key="goal", type="tertiary"):
        st.selectbox(planner.KEEP_WHAT, list(labels), key="goal_measure")
        label = planner.AT_LEAST if goal.at_least else planner.WITHIN_H
        # By its value: what is set in the session is lost on a browser that only draws it when the popover is opened.
        st.number_input(label, 1.0, most, proposed, step=0.5 if goal.at_least else 1.0, format="%g", key=key)
    return goal, value


def _state(answer: Answer, choice: Choice | None) -> None:
    own = shelf()
    if own.study is None or own.job is None:
        return
    with st.container(border=True, key="study"):
        if own.job.look():
            _answer(own, own.study, own.job, answer, choice)
        else:
            _progress(own)
            st.button(texts.CANCEL, key="cancel_study", on_click=own.close)


@st.fragment(run_every=EVERY_S)
def _progress(own: Shelf) -> None:
    if own.job is None or own.study is None or own.job.look():
        st.rerun()
    else:
        told = planner.runs_so_far(own.job.partial or 0) if own.job.began_s is not None else texts.WAITING
        st.markdown(f"**{BUTTONS[own.study.kind]}** · {texts.plain(told)}. {planner.STUDY_RUNS}")


def _answer(own: Shelf, study: Study, job: Job, answer: Answer, choice: Choice | None) -> None:
    if job.result is None:
        st.error(f"{texts.CANNOT_RUN}\n\n{texts.listed(job.problem)}" if job.problem else texts.CANCELLED_EMPTY)
    else:
        if study.file.digest != answer.ask.request.file.digest:
            st.caption(planner.OUT_OF_DATE_STUDY)
        st.markdown(f"**{texts.plain(sentence(study, job.result))}**")
        for note in notes(study, job.result):
            st.caption(texts.plain(note))
        rows = table(job.result)
        if rows.rows:
            tables.draw(rows, "study")
    with st.container(horizontal=True, gap="small"):
        if isinstance(job.result, Staffing) and job.result.settings and choice is not None:
            take = partial(_take_over, choice, job.result)
            st.button(planner.TAKE_OVER, key="take_over", type="primary", on_click=take)
        st.button(planner.CLOSE, key="close_study", on_click=own.close)


def _take_over(choice: Choice, found: Staffing) -> None:
    """Let the controls say what the search found."""
    controls = {control.path: control for group in groups_of(choice.load()) for control in group.controls}
    for setting in found.settings:
        path, _, value = setting.partition("=")
        if path in controls:
            controls_panel.put(choice, controls[path], int(value))
    st.session_state[controls_panel.RUN_NOW] = True
