"""The charts of a result by heading, each with its table and its files; drawn when their tab is opened."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sim.show.chart import Chart
from sim.show.figures import charts_of
from sim.ui import pictures, texts
from sim.ui.components import checks
from sim.ui.desk import Answer


@st.fragment
def tabs(answer: Answer) -> None:
    """One tab for each group of charts, and one for the checks."""
    charts = charts_of(answer.result)
    groups = list(dict.fromkeys(chart.group for chart in charts.values()))
    opened = st.tabs([*groups, texts.CHECKS], key="tabs", on_change="rerun")
    for group, tab in zip(groups, opened, strict=False):
        if tab.open:
            with tab:
                _group(answer, [chart for chart in charts.values() if chart.group == group])
    if opened[-1].open:
        with opened[-1]:
            checks.show(answer)


def _group(answer: Answer, charts: Sequence[Chart]) -> None:
    for chart in charts:
        _chart(answer, chart)


def _chart(answer: Answer, chart: Chart) -> None:
    """The picture, wide or narrow as the screen is; below it its table and files."""
    key, dark = answer.ask.request.key, st.context.theme.type == "dark"
    for shape in pictures.SHAPES:
        with st.container(key=f"{shape}_{chart.name}"):
            st.image(pictures.png(key, chart, shape, dark=dark), width="stretch", alt=chart.alt)
    with st.container(horizontal=True, gap="small", key=f"files_{chart.name}"):
        for name, mime in pictures.FILES.items():
            st.download_button(
                name.upper(),
                lambda chart=chart, name=name: pictures.file(chart, name),  # type: ignore[misc]
                f"{answer.ask.title.lower().replace(' ', '_')}_{chart.name}.{name}",
                mime,
                key=f"download_{chart.name}_{name}",
                on_click="ignore",
                type="tertiary",
            )
    with st.expander(texts.CHART_TABLE, key=f"table_{chart.name}", type="compact"):
        st.dataframe(chart.table, key=f"frame_{chart.name}")
