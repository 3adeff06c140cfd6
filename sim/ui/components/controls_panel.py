"""The sidebar: one closed group of controls for each stage, in the order of the pipeline, and how to run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sim.study.replicate import Settings
from sim.ui import estimate, running, texts
from sim.ui.asking import Moved
from sim.ui.choice import Choice
from sim.ui.components import look
from sim.ui.controls import Control, Group, Value, changed, groups_of
from sim.ui.texts import many
from sim.world.files import ScenarioFile

MOST_STAFF = 100_000
LEAST_DAYS, MOST_LENGTH = 0.01, 1_000.0
MOST_REPLICATIONS = 1_000
MOST_SEED = 2**31 - 1
PUT = "put_staff"
"""Staff by path, set by a part of the page that is drawn after the controls."""
RUN_NOW = "run_now"
"""Set by whatever changes a control and wants its answer at once."""


def panel(choice: Choice, file: ScenarioFile) -> Moved:
    """Draw the controls of a scenario and return what they say."""
    groups = groups_of(file)
    _put_staff(choice, groups)
    undo = st.container()
    if not groups:
        st.caption(texts.NO_CONTROLS)
    values: dict[str, Value] = {}
    for group in groups:
        values |= _group(choice, group)
    days, run = run_settings(run_key(choice), file, wanted_s=estimate.REFINED_S)
    moves = changed(groups, values)
    if moves:
        undo.button(texts.UNDO, key="undo", on_click=_undo, args=(choice, [control for control, _ in moves]))
    return Moved(
        settings=tuple(control.setting(value) for control, value in moves),
        words=tuple(control.change(value) for control, value in moves),
        shorter=estimate.shortened(file.scenario.clock, days),
        days=days,
        run=run,
    )


def value(choice: Choice, control: Control) -> Value:
    """Where a control of people stands, drawn yet or not."""
    found: Value = st.session_state.get(_key(choice, control), control.value)
    return found


def _put_staff(choice: Choice, groups: tuple[Group, ...]) -> None:
    """Move the controls as another part of the page has said, before they are drawn."""
    key, staff = st.session_state.pop(PUT, ("", {}))
    if key == choice.key:
        for control in (control for group in groups for control in group.controls if control.path in staff):
            put(choice, control, staff[control.path])


def group_key(choice: Choice, group: Group) -> str:
    """Where it is kept whether a group is open."""
    return f"group:{choice.key}:{group.key}"


def open_only(group: str, groups: Sequence[str]) -> None:
    """Open one group, and close the others so that it is in sight."""
    for key in groups:
        st.session_state[key] = key == group


def run_key(choice: Choice) -> str:
    """Where it is kept how to run."""
    return f"run:{choice.key}"


def add_replications(key: str, count: int) -> None:
    """Set the replications, and run."""
    st.session_state[f"{key}:replications"] = count
    st.session_state[RUN_NOW] = True


def _group(choice: Choice, group: Group) -> dict[str, Value]:
    """One stage's controls; its heading says whether any was moved (in style: another label would close the group)."""
    keys = {control.path: _key(choice, control) for control in group.controls}
    for control in group.controls:
        st.session_state.setdefault(keys[control.path], _in_widget(control, control.value))
    if any(st.session_state[keys[c.path]] != _in_widget(c, c.value) for c in group.controls):
        look.mark(group_key(choice, group), texts.CHANGED)
    with st.expander(group.label, key=group_key(choice, group), on_change="rerun"):
        values = {control.path: _draw(control, keys[control.path]) for control in group.controls}
        if group.note:
            st.caption(texts.plain(group.note))
    return values


def _draw(control: Control, key: str) -> Value:
    help_text = control.help or None
    label = texts.sentence_case(control.label)
    if control.kind == "people":
        count = st.number_input(label, 0, MOST_STAFF, step=1, key=key, help=help_text, persist_state="session")
        return control.value if count is None else int(count)
    if control.kind == "share":
        percent = st.number_input(
            texts.in_percent(label), 0.0, 100.0, step=0.5, format="%g", key=key, help=help_text, persist_state="session"
        )
        unmoved = percent is None or percent == _in_widget(control, control.value)
        return control.value if unmoved else round(percent / 100, 8)
    if control.kind in texts.TIMES:
        least = 0.0 if control.kind == "hours" else LEAST_DAYS
        length = st.number_input(
            texts.in_times(label, control.kind),
            least,
            MOST_LENGTH,
            step=0.5,
            format="%g",
            key=key,
            help=help_text,
            persist_state="session",
        )
        return control.value if length is None else float(length)
    if control.kind == "switch":
        return bool(st.toggle(label, key=key, help=help_text, persist_state="session"))
    names = partial(texts.shown, "choice")
    chosen = st.selectbox(
        label,
        control.options,
        key=key,
        help=help_text,
        format_func=names,
        disabled=not control.possible,
        persist_state="session",
    )
    return str(chosen)


def run_settings(
    prefix: str, file: ScenarioFile, pace: float = estimate.FIRST_PACE, wanted_s: float = estimate.FIRST_ANSWER_S
) -> tuple[float, Settings]:
    """For how long, how often, and with which luck; of a scenario run in full, as often as pace and time allow."""
    whole = estimate.days_of(file.scenario.clock)
    days, replications = estimate.first_answer(file.scenario)
    if days == whole:
        replications = estimate.first_answer(file.scenario, pace, wanted_s)[1]
    st.session_state.setdefault(f"{prefix}:days", days)
    st.session_state.setdefault(f"{prefix}:replications", replications)
    st.session_state.setdefault("seed", 1)
    with st.expander(texts.RUN_SETTINGS, key="group:run"):
        days = st.number_input(
            texts.days_of(whole),
            min(1.0, whole),
            whole,
            step=1.0,
            format="%g",
            key=f"{prefix}:days",
            persist_state="session",
        )
        replications = st.number_input(
            texts.REPLICATIONS,
            1,
            MOST_REPLICATIONS,
            step=1,
            key=f"{prefix}:replications",
            help=texts.REPLICATIONS_HELP,
            persist_state="session",
        )
        seed = st.number_input(
            texts.SEED, 0, MOST_SEED, step=1, key="seed", help=texts.SEED_HELP, persist_state="session"
        )
        st.caption(many.limit(running.limits().orders))
    return days or whole, Settings(seed=int(seed or 0), replications=int(replications or 1))


def put(choice: Choice, control: Control, value: Value) -> None:
    """Let a control stand at a value; to be called before it is drawn."""
    st.session_state[_key(choice, control)] = _in_widget(control, value)


def _undo(choice: Choice, controls: list[Control]) -> None:
    for control in controls:
        put(choice, control, control.value)


def _key(choice: Choice, control: Control) -> str:
    return f"set:{choice.key}:{control.path}"


def _in_widget(control: Control, value: Value) -> Value:
    """A value as its widget holds it: shares in percent."""
    return round(100 * float(value), 6) if control.kind == "share" else value
