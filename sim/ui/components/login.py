"""Who may come in: everybody, or, where the server's secrets have an ``[auth]`` section, who has logged in there.

Streamlit takes a secrets file that cannot be read for one that is not there; here it lets nobody in.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import streamlit as st

from sim.ui import texts
from sim.ui.components import look
from sim.ui.texts import many


def let_in() -> bool:
    """Whether the visitor may see the pages; draws the way in, or the way out.

    Streamlit says ``is_logged_in`` only where a login is set up.
    """
    logged_in = st.user.get("is_logged_in")
    if logged_in:
        with st.sidebar, st.container(horizontal=True, vertical_alignment="center", key="visitor"):
            st.caption(texts.plain(many.logged_in(str(st.user.get("name") or st.user.get("email") or ""))))
            st.button(many.LOG_OUT, key="log_out", on_click=st.logout, type="tertiary")
    elif logged_in is None:
        unreadable = [
            path for path in map(Path, st.get_option("secrets.files")) if path.exists() and not _readable(path)
        ]
        for path in unreadable:
            st.error(many.secrets_unreadable(path.name))
        return not unreadable
    else:
        look.apply()
        with st.container(key="way_in", width=520):
            st.title(texts.PRODUCT, anchor=False)
            st.markdown(texts.TAGLINE)
            st.button(many.LOG_IN, key="log_in", on_click=st.login, type="primary")
            st.caption(many.WHY_LOG_IN)
    return bool(logged_in)


def _readable(path: Path) -> bool:
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True
