"""Who works when, team by team: the week as a picture, and its shifts to be moved, added and staffed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sim.show.palette import BLUE, SKY
from sim.ui import texts
from sim.ui.choice import Choice, without_folder
from sim.ui.components import address, controls_panel, sidebar
from sim.ui.controls import groups_of
from sim.ui.texts import planner
from sim.ui.week import DAYS, FROM, SHIFT, STAFF, TO, edited, rows, stretches, teams_with_shifts
from sim.world.errors import ScenarioError
from sim.world.scenario import Scenario

OPEN, PANEL = "week_open", "week_panel"


def button(choice: Choice) -> None:
    """Opens and closes the week, where the scenario has one."""
    scenario = _loaded(choice)
    if scenario is not None and teams_with_shifts(scenario):
        st.button(planner.WEEK, key="week", on_click=_toggle, width="stretch")


def show(choice: Choice | None) -> None:
    """The week of one team, where it is open."""
    if choice is None or not st.session_state.get(OPEN):
        return
    if (base := _loaded(choice)) is None:
        return
    now = _loaded(choice, (*address.beyond(choice), *_staff_settings(choice))) or base
    teams = teams_with_shifts(now)
    if not teams:
        return
    with st.container(border=True, key=PANEL):
        _panel(choice, now, teams)


def _loaded(choice: Choice, settings: tuple[str, ...] = ()) -> Scenario | None:
    """The scenario with settings; None where it cannot be run, which the page says elsewhere."""
    try:
        return choice.load(settings).scenario
    except ScenarioError:
        return None


def _panel(choice: Choice, now: Scenario, teams: list[str]) -> None:
    chosen = st.segmented_control(
        planner.WEEK_OF, teams, default=teams[0], key=f"week_of:{choice.key}", required=True,
        format_func=lambda key: texts.sentence_case(now.label("teams", key)),
    )  # fmt: skip
    team = chosen if chosen in teams else teams[0]
    table = rows(now, team)
    st.vega_lite_chart(stretches(now, team), _picture(), key="week_picture", width="stretch")
    generation = st.session_state.get(_generation(choice), 0)
    changed = st.data_editor(
        table, key=f"week:{choice.key}:{team}:{generation}", num_rows="dynamic", hide_index=True, width="stretch",
        column_config=_columns(), alt=planner.WEEK_TABLE,
    )  # fmt: skip
    st.caption(planner.WEEK_HELP)
    with st.container(horizontal=True):
        used = st.button(planner.USE_WEEK, key="use_week", type="primary")
        st.button(planner.UNDO_WEEK, key="undo_week", on_click=_undo, args=(choice, team))
        st.button(planner.CLOSE, key="close_week", on_click=_toggle)
    if used:
        _use(choice, team, changed)


def _columns() -> dict[str, Any]:
    """As wide as their headings with the pencils before them, and together no wider than a telephone."""
    column = st.column_config
    return {
        SHIFT: column.TextColumn(planner.SHIFT, help=planner.SHIFT_HELP, width=70),
        DAYS: column.TextColumn(planner.ON_DAYS, help=planner.DAYS_HELP, default="mon-fri", width=66),
        FROM: column.TextColumn(planner.FROM, default="09:00", width=68),
        TO: column.TextColumn(planner.TO, default="17:00", width=52),
        STAFF: column.NumberColumn(planner.STAFF_COLUMN, min_value=0, step=1, default=1, width=66),
    }


def _use(choice: Choice, team: str, table: pd.DataFrame) -> None:
    """Take an edited table over, or say in the scenario's words what is wrong with it."""
    others = tuple(one for one in address.beyond(choice) if not one.startswith(f"teams.{team}.shifts."))
    try:
        found = edited(choice.load(others).scenario, team, table)
        choice.load((*others, *found.settings, *(f"{path}={count}" for path, count in found.staff.items())))
    except (ScenarioError, ValueError) as error:
        st.error(f"{planner.WEEK_REFUSED}\n\n{texts.listed(without_folder(str(error)).replace('--set ', ''))}")
        return
    st.session_state[controls_panel.PUT] = (choice.key, dict(found.staff))
    address.set_beyond(choice, (*others, *found.settings))
    st.session_state[_generation(choice)] = st.session_state.get(_generation(choice), 0) + 1
    st.rerun()


def _undo(choice: Choice, team: str) -> None:
    """The team's shifts as the scenario has them."""
    others = tuple(one for one in address.beyond(choice) if not one.startswith(f"teams.{team}.shifts."))
    address.set_beyond(choice, others)
    shifts = choice.load().scenario.teams[team].shifts
    staff = {f"teams.{team}.shifts.{key}.staff": shift.staff for key, shift in shifts.items()}
    st.session_state[controls_panel.PUT] = (choice.key, staff)
    st.session_state[_generation(choice)] = st.session_state.get(_generation(choice), 0) + 1


def _staff_settings(choice: Choice) -> tuple[str, ...]:
    """What the controls of staff say."""
    controls = [control for group in groups_of(choice.load()) for control in group.controls if control.kind == "people"]
    shown = [(control, controls_panel.value(choice, control)) for control in controls]
    return tuple(control.setting(value) for control, value in shown if value != control.value)


def _generation(choice: Choice) -> str:
    """Where it is counted how often a week was taken over: the editor then begins anew."""
    return f"week_generation:{choice.key}"


def _toggle() -> None:
    st.session_state[OPEN] = not st.session_state.get(OPEN)
    if st.session_state[OPEN]:
        sidebar.make_room(PANEL)


def _picture() -> dict[str, Any]:
    """Bars for shifts in a week, a row for each day, as a Vega-Lite specification."""
    names = "['" + "','".join(texts.WEEKDAYS) + "'][datum.value]"
    return {
        "height": {"step": 16},
        "encoding": {
            "y": {"field": "day", "type": "ordinal", "title": None, "scale": {"domain": list(range(7))}, "axis": {"labelExpr": names, "labelOverlap": False, "labelFlush": False}},
            "x": {"field": "from_h", "type": "quantitative", "title": planner.HOUR_OF_DAY, "scale": {"domain": [0, 24]},
                  "axis": {"values": list(range(0, 25, 3)), "grid": True}},
            "x2": {"field": "to_h"},
        },
        "layer": [
            {"mark": {"type": "bar", "color": SKY, "stroke": BLUE, "opacity": 0.6},
             "encoding": {"tooltip": [{"field": "shift", "title": planner.SHIFT}, {"field": "staff", "title": planner.STAFF_COLUMN}]}},
            {"transform": [{"calculate": "(datum.from_h + datum.to_h) / 2", "as": "middle_h"}],
             "mark": {"type": "text", "fontSize": 11},
             "encoding": {"x": {"field": "middle_h", "type": "quantitative"}, "x2": None, "text": {"field": "staff"}}},
        ],
    }  # fmt: skip
