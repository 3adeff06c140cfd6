"""The map line above the answer: each stage with its staff and load; a click opens its controls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import streamlit as st

from sim.ui import texts
from sim.ui.components import controls_panel, sidebar
from sim.ui.desk import Answer
from sim.ui.stage_map import Station, stations
from sim.ui.texts import planner


def show(answer: Answer, groups: Mapping[str, str]) -> None:
    """The stages in their order; ``groups`` are the keys of the controls' groups by stage."""
    with st.container(key="stages", gap=None):
        for station in answer.once(stations):
            with st.container(key=f"stage_{station.level}_{station.key}", gap=None):
                _station(station, groups)


def _station(station: Station, groups: Mapping[str, str]) -> None:
    load = planner.load(station.load) if not math.isnan(station.load) else ""
    label, group = texts.plain(texts.sentence_case(station.label)), groups.get(station.key)
    if group is None:
        st.markdown(f"**{label}**")
    else:
        st.button(
            f"**{label}**",
            key=f"map:{station.key}",
            type="tertiary",
            help=planner.stage_help(station.team, load),
            on_click=_open,
            args=(group, tuple(groups.values())),
        )
    waiting = planner.queue(station.queue) if math.isfinite(station.queue) else ""
    st.markdown(f"**{planner.loaded(load)}**" if load else "\N{EN DASH}")
    st.caption(texts.plain(" · ".join(part for part in (station.staff, waiting) if part)))


def _open(group: str, groups: Sequence[str]) -> None:
    """The controls of a stage, and the sidebar that has them, which is closed on a telephone."""
    controls_panel.open_only(group, groups)
    sidebar.come()
