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
from sim.ui.controls import ENDS, Control, Group, Value, changed, groups_of
from sim.ui.texts import many
from sim.world.files import ScenarioFile

STEPS = {"days": 0.5, "hours": 0.5, "times": 0.1}
MOST_REPLICATIONS = 1_000
MOST_SEED = 2**31 - 1
RUN_GROUP = "group:run"
"""Where it is kept whether it is shown how to run."""
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
    """Where a control stands, drawn or not; one that was emptied stands where the file has it."""
    held: Value | None = st.session_state.get(_key(choice, control))
    if held is None or held == _in_widget(control, control.value):
        return control.value
    return round(float(held) / 100, 8) if control.kind == "share" else held


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
    """One stage's controls; its heading says whether any was moved (in style: another label would close the group).

    Only those of an open group are drawn, for each field costs every redraw of the page some of its time; the others
    stand where they were left.
    """
    for control in group.controls:
        st.session_state.setdefault(_key(choice, control), _in_widget(control, control.value))
    if any(value(choice, control) != control.value for control in group.controls):
        look.mark(group_key(choice, group), texts.CHANGED)
    opened = st.expander(group.label, key=group_key(choice, group), on_change="rerun")
    if opened.open:
        with opened:
            for control in group.controls:
                _draw(control, _key(choice, control))
            if group.note:
                st.caption(texts.plain(group.note))
    return {control.path: value(choice, control) for control in group.controls}


def _draw(control: Control, key: str) -> None:
    label, told = texts.sentence_case(control.label), control.help or None
    if control.kind == "people":
        _number(label, *control.ends, step=1, key=key, help=told)
    elif control.kind == "share":
        _number(texts.in_percent(label), 0.0, 100.0, step=0.5, format="%g", key=key, help=told)
    elif control.kind in ENDS:
        label = texts.in_unit(label, control.kind)
        _number(label, *control.ends, step=_step(control), format="%.10g", key=key, help=told)
    elif control.kind == "switch":
        st.toggle(label, key=key, help=told, persist_state="session")
    else:
        st.selectbox(
            label, control.options, key=key, help=told, format_func=partial(texts.shown, "choice"),
            disabled=not control.possible, persist_state="session",
        )  # fmt: skip


def _step(control: Control) -> float:
    """What one click adds: of many orders about a tenth."""
    return STEPS.get(control.kind) or float(max(round(float(control.value) / 10), 1))


_number = partial(st.number_input, persist_state="session")


def run_settings(
    prefix: str, file: ScenarioFile, pace: float = estimate.FIRST_PACE, wanted_s: float = estimate.FIRST_ANSWER_S
) -> tuple[float, Settings]:
    """For how long, how often, and with which luck; of a scenario run in full, as often as pace and time allow."""
    whole = estimate.days_of(file.scenario.clock)
    keys = [f"{prefix}:days", f"{prefix}:replications", "seed"]
    if not all(key in st.session_state for key in keys):
        days, replications = estimate.first_answer(file.scenario)
        if days == whole:
            replications = estimate.first_answer(file.scenario, pace, wanted_s)[1]
        for key, value in zip(keys, (days, replications, 1), strict=True):
            st.session_state.setdefault(key, value)
    opened = st.expander(texts.RUN_SETTINGS, key=RUN_GROUP, on_change="rerun")
    if opened.open:
        with opened:
            _number(texts.days_of(whole), min(1.0, whole), whole, step=1.0, format="%g", key=keys[0])
            _number(texts.REPLICATIONS, 1, MOST_REPLICATIONS, step=1, key=keys[1], help=texts.REPLICATIONS_HELP)
            _number(texts.SEED, 0, MOST_SEED, step=1, key=keys[2], help=texts.SEED_HELP)
            st.caption(many.limit(running.limits().orders))
    days, replications, seed = (st.session_state[key] for key in keys)
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
