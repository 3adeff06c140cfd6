"""Runs that the user keeps: named, opened again, forgotten, and side by side. The browser remembers them."""

from __future__ import annotations

import uuid
from pathlib import Path

import pandas as pd
import streamlit as st

from sim.ui import running, texts
from sim.ui.components import address
from sim.ui.desk import Answer, Desk
from sim.ui.kept import LONGEST_NAME, MOST, MOST_PINNED, Kept, added, clean, pinned, read, without, written
from sim.ui.side_by_side import Column, column, compared, grid
from sim.ui.texts import keep

RUNS, VERSION, STORE, PINNED, CHOSEN = (
    "kept:runs",
    "kept:version",
    "kept_store",
    "kept:pinned",
    "kept:chosen",
)
DESK, WANTED = "kept:desk", "kept:wanted"
EVERY_S = 0.5
_browser = st.components.v2.component(
    "importflow_kept", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def remember() -> None:
    """Let the browser keep what is kept here, and take what it has kept before; on every page that uses it."""
    version = st.session_state.get(VERSION)
    data = {"text": written(_runs()) if version else None, "version": version or ""}
    with st.container(key="kept_store_place"):
        _browser(key=STORE, data=data, on_stored_change=_take, height=1)


def keep_this(answer: Answer) -> None:
    """A name for the run on the page, and the button that keeps it."""
    link = answer.ask.link
    if not link:
        st.caption(keep.OWN_FILE_NOT_KEPT)
        return
    same = next((one.name for one in _runs() if one.link == link), "")
    if same:
        st.caption(texts.plain(keep.kept_as(same)))
    suggested = clean(keep.suggested(answer.ask.title, answer.ask.changes, LONGEST_NAME))
    with st.form("keep", border=False):
        # By its value, and for each run a field of its own: what is set in the session is lost on a browser that only
        # draws the field when the popover is opened.
        name = st.text_input(keep.NAME, suggested, max_chars=LONGEST_NAME, key=name_key(link))
        if st.form_submit_button(keep.KEEP, key="keep_run"):
            _add(name or suggested, link)
            st.rerun()


def name_key(link: str) -> str:
    """Where the name stands that a run is to be kept by."""
    return f"kept:name:{link}"


def show() -> None:
    """The kept runs: open one, forget one, compare some."""
    runs = _runs()
    st.subheader(keep.KEPT, anchor=False)
    if not runs:
        st.caption(keep.NOTHING_KEPT)
        return
    names = [one.name for one in runs]
    st.session_state[PINNED] = [one.name for one in runs if one.pinned]
    with st.container(key="kept_fields"):
        st.multiselect(keep.SIDE_BY_SIDE, names, key=PINNED, max_selections=MOST_PINNED, on_change=_pin,
                       placeholder=keep.CHOOSE_TWO)  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.selectbox(keep.ONE_RUN, names, key=CHOSEN)
            st.button(keep.OPEN, key="kept_open", on_click=_open)
            st.button(keep.FORGET, key="kept_forget", on_click=_forget)
    if len(runs) >= MOST:
        st.caption(keep.full(MOST))
    _compare([one for one in runs if one.pinned])


def _compare(runs: list[Kept]) -> None:
    """The pinned runs, beside each other as far as they are known; the others on demand."""
    if not runs:
        return
    pool = running.places()
    desk: Desk = st.session_state.setdefault(DESK, Desk())
    desk.settle(pool)
    columns = [column(one, pool) for one in runs]
    for one in columns:
        if one.problem:
            st.warning(texts.plain(f"{one.name}: {one.problem}"))
    known = [one for one in columns if one.result is not None]
    missing = [one for one in columns if one.result is None and one.ask is not None]
    if known:
        _table(known)
    if missing:
        _run_missing(desk, missing)


def _table(columns: list[Column]) -> None:
    st.table(pd.DataFrame(grid(columns)).set_index(keep.NUMBER))
    for other in columns[1:]:
        st.markdown(texts.plain(compared(columns[0], other)))
    st.caption(texts.plain("\n".join(f"- {one.name}: {one.says}" for one in columns)))


def _run_missing(desk: Desk, missing: list[Column]) -> None:
    """Run what is not known, one after the other, once the button was pressed."""
    pool, wanted = running.places(), st.session_state.get(WANTED, False)
    if desk.problem:
        st.error(texts.plain(desk.problem))
    if desk.problem or desk.cancelled:
        st.session_state[WANTED] = wanted = False
    if wanted and not desk.running and missing[0].ask is not None:
        desk.ask(missing[0].ask, pool)
    if desk.running:
        st.button(texts.CANCEL, key="kept_cancel", on_click=desk.cancel)
        _progress(desk, missing[0].name)
    else:
        st.button(keep.run_again([one.name for one in missing]), key="kept_run", on_click=_want)


@st.fragment(run_every=EVERY_S)
def _progress(desk: Desk, name: str) -> None:
    if desk.job is None or desk.job.look():
        st.rerun()
    st.progress(min(desk.job.progress, 1.0), text=texts.plain(keep.running(name)))


def _runs() -> tuple[Kept, ...]:
    found: tuple[Kept, ...] = st.session_state.get(RUNS, ())
    return found


def _change(runs: tuple[Kept, ...]) -> None:
    st.session_state[RUNS], st.session_state[VERSION] = runs, uuid.uuid4().hex


def _take() -> None:
    """What the browser had kept; what was kept here before it was heard stays."""
    runs = read(st.session_state[STORE].get("stored"))
    if st.session_state.get(VERSION) is None:
        for one in reversed(_runs()):
            runs = added(runs, one)
    _change(runs)


def _add(name: str, link: str) -> None:
    _change(added(_runs(), Kept(name, link)))


def _pin() -> None:
    _change(pinned(_runs(), st.session_state[PINNED]))


def _open() -> None:
    link = next((one.link for one in _runs() if one.name == st.session_state[CHOSEN]), "")
    if link:
        address.go_to(link)


def _forget() -> None:
    _change(without(_runs(), st.session_state[CHOSEN]))


def _want() -> None:
    desk: Desk = st.session_state[DESK]
    desk.problem, desk.cancelled = "", False
    st.session_state[WANTED] = True
