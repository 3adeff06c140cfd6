"""Opens the sidebar when a part of the page leads into it, and closes it when it would hide what it has opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASKED = "sidebar_asked"
"""How often it was asked for, whether to open it, and the key of what to bring into sight."""
_sidebar = st.components.v2.component(
    "importflow_sidebar", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def come() -> None:
    """Have the sidebar opened."""
    _ask(to_open=True)


def make_room(key: str) -> None:
    """Have the sidebar closed where it lies over the page, and the container of a key brought into sight."""
    _ask(to_open=False, show=key)


def follow() -> None:
    """Do what was asked for last; to be drawn after what is to be brought into sight."""
    times, to_open, show = st.session_state.get(ASKED, (0, False, ""))
    with st.container(key="sidebar_place"):
        _sidebar(key="sidebar", data={"times": times, "open": to_open, "show": show}, height=1)


def _ask(*, to_open: bool, show: str = "") -> None:
    times = st.session_state.get(ASKED, (0, False, ""))[0]
    st.session_state[ASKED] = (times + 1, to_open, show)
