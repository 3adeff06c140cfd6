"""The moving picture on the page: made when asked for, then played by the browser, with its numbers in a table below."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from sim.show import palette
from sim.ui import running, texts
from sim.ui.desk import Answer
from sim.ui.jobs import Job
from sim.ui.texts import moving as words
from sim.ui.watching import Watched, WatchRequest

NAME = "importflow_moving"
EVERY_S = 0.5
SCRIPTS = ("numbers.js", "map.js", "paint.js", "strip.js", "player.js")
"""One after another they are the module that the browser runs."""
HERE = Path(__file__).parent


def show(answer: Answer) -> None:
    """Offer the picture of an answer's plan, and show it once it is there."""
    watch(WatchRequest.of(answer.question))


def watch(request: WatchRequest) -> None:
    """The same for any scenario."""
    section = st.expander(words.WATCH, key="watch", on_change="rerun")
    if section.open:
        with section:
            _show(request)


def _show(request: WatchRequest) -> None:
    made, job = _made(request), _job(request)
    if made is not None:
        picture(made)
    elif job is not None and not job.look():
        _under_way(job)
    else:
        _offer(request, "" if job is None else job.problem)


def _job(request: WatchRequest) -> Job | None:
    """The session's job, where it is for this request."""
    job: Job | None = st.session_state.get("watch_job")
    return job if job is not None and job.task.key == request.key else None


def _made(request: WatchRequest) -> Watched | None:
    """The pictures of a request, kept in the session so that they stay while others push them out of the pool's memory."""
    job = _job(request)
    if job is not None and job.look() and job.result is not None:
        st.session_state["watched"] = request.key, job.result
    key, made = st.session_state.get("watched", (None, None))
    return made if key == request.key else None


def _offer(request: WatchRequest, problem: str) -> None:
    """What it would show, and a button; above them, why the last try failed."""
    if problem:
        st.error(f"{words.FAILED}\n\n{texts.listed(problem)}")
    st.caption(words.ABOUT if request.base is None else words.ABOUT_BOTH)
    st.button(words.START, key="watch_start", on_click=_begin, args=(request,))


def _begin(request: WatchRequest) -> None:
    _stop()
    st.session_state["watch_job"] = running.places().submit(request.task)


def _stop() -> None:
    job: Job | None = st.session_state.pop("watch_job", None)
    if job is not None:
        job.cancel()


def _under_way(job: Job) -> None:
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with button:
        st.button(words.STOP, key="watch_stop", width="stretch", on_click=_stop)
    with bar:
        _progress(job)


@st.fragment(run_every=EVERY_S)
def _progress(job: Job) -> None:
    if job.look():
        st.rerun()
    st.progress(min(job.progress, 1.0), text=words.MAKING)


def picture(made: Watched) -> None:
    """The picture itself, that of the plan and of the scenario as it is side by side where there are two."""
    pictures, tables = made.pictures[::-1], made.tables[::-1]
    captions = ("",) if len(pictures) == 1 else (words.AS_IT_IS, words.CHANGED)
    _component()(
        key="moving",
        data={
            "pictures": pictures,
            "captions": captions,
            "words": {**words.CONTROLS, **words.IN_PICTURE},
            "speeds": words.SPEEDS,
            "colours": {"light": colours(dark=False), "dark": colours(dark=True)},
        },
    )
    for caption, table in zip(captions, tables, strict=True):
        _table(f"{words.TABLE}{caption and f' ({caption.lower()})'}", table)


def _table(label: str, table: pd.DataFrame) -> None:
    """The numbers, drawn when they are opened: a hidden table keeps its width when the screen becomes narrower."""
    section = st.expander(label, key=f"table {label}", type="compact", on_change="rerun")
    if section.open:
        section.dataframe(table)


@cache
def _component() -> ComponentRenderer:
    """The component, its files read once."""
    return st.components.v2.component(
        NAME,
        html=(HERE / "moving.html").read_text(encoding="utf-8"),
        css=(HERE / "moving.css").read_text(encoding="utf-8"),
        js="\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS),
    )


def colours(*, dark: bool) -> dict[str, Any]:
    """The colours of the picture on a light or a dark page, by what they stand for."""

    def own(colour: str) -> str:
        return palette.DARK.get(colour, colour) if dark else colour

    blue = own(palette.BLUE)
    return {
        "ink": own(palette.INK),
        "muted": own(palette.MUTED),
        "grid": own(palette.GRID),
        "edge": own(palette.GREY),
        "card": "#1a1f27" if dark else "#f4f6f8",
        "closed": "#303743" if dark else palette.GRID,
        "box": own(palette.PAPER),
        "staffed": own(palette.STAFFED),
        "busy": own(palette.INK),
        "elsewhere": own(palette.GREY),
        "onLight": palette.ON_LIGHT,
        "onDark": palette.ON_DARK,
        "overtime": palette.ORANGE,
        "stock": palette.GREEN,
        "followed": palette.ORANGE,
        "accents": [blue, palette.VERMILLION],
        "parts": {part: own(colour) for part, colour in palette.PARTS.items()},
    }
