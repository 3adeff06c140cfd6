"""The charts of a result by heading, each with its table and its files: to be pointed at, or drawn elsewhere as a picture."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import pyarrow as pa
import streamlit as st

from sim.show.chart import Chart
from sim.show.figures import GROUPS
from sim.ui import pictures, texts
from sim.ui.components import address, checks, tables
from sim.ui.desk import Answer, AnyAnswer
from sim.ui.jobs import Job, Task
from sim.ui.texts import hover

EVERY_S = 0.4
Charted: TypeAlias = AnyAnswer[Any, Any]
"""The answer of whichever page."""


@st.fragment
def tabs(answer: Answer) -> None:
    """One tab for each group of charts, one for the tables, and one for the checks."""
    headings = [heading for heading in GROUPS if any(_under(answer, heading))]
    opened = st.tabs([*headings, texts.TABLES, texts.CHECKS], key="tabs", on_change="rerun")
    address.follow_tab([*headings, texts.CHECKS][0])
    for heading, tab in zip(headings, opened, strict=False):
        if tab.open:
            with tab:
                group(answer, list(_under(answer, heading)), apart=False)
    if opened[-1].open:
        with opened[-1]:
            checks.show(answer)
    if opened[-2].open:
        with opened[-2]:
            tables.show(answer)


def _under(answer: Answer, heading: str) -> Iterator[Chart]:
    """The charts under a heading; those that nobody has asked for yet are not made."""
    made = (answer.once(kind.of) for kind in GROUPS[heading])
    return (chart for chart in made if chart is not None)


def group(answer: Charted, charts: Sequence[Chart], *, apart: bool = True) -> None:
    """Charts of an answer, one below the other; while some are still being drawn it looks again by itself.

    Their tables open without what stands around them where they are drawn ``apart``.
    """
    drawn = all(_ready(answer, chart) for chart in charts)
    show = _show if drawn and not apart else st.fragment(_show, run_every=None if drawn else EVERY_S)
    show(answer, charts, drawn)


def _show(answer: Charted, charts: Sequence[Chart], were_drawn: bool) -> None:
    """Show what there is; when the last picture has come, it need not look again."""
    for chart in charts:
        with st.container(gap="xsmall", key=f"chart_{chart.name}"):
            _chart(answer, chart)
    if not were_drawn and all(_ready(answer, chart) for chart in charts):
        st.rerun()


def _ready(answer: Charted, chart: Chart) -> bool:
    """Whether a chart need not be waited for."""
    return bool(chart.views) or all(_picture(answer, chart, shape) is not None for shape in pictures.SHAPES)


def _chart(answer: Charted, chart: Chart) -> None:
    """The chart to be pointed at, else its picture, wide or narrow as the screen is; below it its files and its table."""
    if chart.views:
        _pointed(answer, chart)
    else:
        for shape in pictures.SHAPES:
            with st.container(key=f"{shape}_{chart.name}"):
                _show_picture(chart, _picture(answer, chart, shape))
    _files(answer, chart)
    table = st.expander(texts.CHART_TABLE, key=f"table_{chart.name}", type="compact", on_change="rerun")
    if table.open:
        table.dataframe(chart.table, key=f"frame_{chart.name}")


def _pointed(answer: Charted, chart: Chart) -> None:
    """What the chart says, then its views: those that want the whole width, and the others beside each other."""
    st.markdown(f"#### {texts.plain(chart.title)}")
    alt = chart.alt
    alone = [place for place, view in enumerate(chart.views) if view.wide]
    beside = [place for place, view in enumerate(chart.views) if not view.wide]
    for place in alone:
        _view(answer, chart, place, alt)
    if beside:
        with st.container(key=f"panels_{chart.name}"):
            for place in beside:
                _view(answer, chart, place, alt)
    if chart.note:
        st.caption(texts.plain(chart.note))


def _view(answer: Charted, chart: Chart, place: int, alt: str) -> None:
    view = chart.views[place]
    rows = answer.kept(("rows", chart.name, place), lambda: pa.Table.from_pandas(view.data))
    dark = st.context.theme.type == "dark"
    st.vega_lite_chart(rows, view.on_page(dark=dark), alt=hover.alt(alt, view.heading))


def _show_picture(chart: Chart, picture: bytes | str | None) -> None:
    if isinstance(picture, bytes):
        # Inside the page and not beside it: a file of its own would be gone when a slow browser asks for it.
        st.image(f"data:image/png;base64,{b64encode(picture).decode()}", width="stretch", alt=chart.alt)
    elif picture is None:
        st.caption(texts.DRAWING)
    else:
        st.error(f"{texts.NOT_DRAWN}\n\n{texts.listed(picture)}")


def _files(answer: Charted, chart: Chart) -> None:
    """The chart as PNG and SVG, its numbers as CSV."""
    stem, key = f"{texts.file_name(answer.ask.title)}_{chart.name}", answer.ask.request.key
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"files_{chart.name}"):
        st.caption(texts.SAVE_AS, width="content")
        for kind, mime in pictures.FILES.items():
            data = partial(pictures.file, key, chart, kind)
            _download(f"{kind.upper()}", data, f"{stem}.{kind}", mime)
        _download("CSV", lambda: chart.table.to_csv(), f"{stem}.csv", "text/csv")


def _download(label: str, data: object, name: str, mime: str) -> None:
    st.download_button(label, data, name, mime, key=f"download_{name}", on_click="ignore", type="tertiary")  # type: ignore[arg-type]


def _picture(answer: Charted, chart: Chart, shape: str) -> bytes | str | None:
    """A chart's picture; None while it is being drawn, a text where that failed."""
    dark = st.context.theme.type == "dark"
    task = pictures.task(answer.ask.request.key, chart, "png", shape, dark=dark)
    known: bytes | None = pictures.place().known(task.key)
    return known if known is not None else _drawn(task)


def _drawn(task: Task) -> bytes | str | None:
    drawing: dict[object, Job] = st.session_state.setdefault("drawing", {})
    job = drawing.get(task.key)
    if job is None:
        job = drawing[task.key] = pictures.place().submit(task)
    if not job.look():
        return None
    if job.problem:
        return job.problem
    del drawing[task.key]
    picture: bytes | None = job.result
    return picture
