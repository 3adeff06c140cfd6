"""Who may come in: everybody, or, where the server's secrets have an ``[auth]`` section, who has logged in there."""

from __future__ import annotations

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
    elif logged_in is not None:
        look.apply()
        with st.container(key="way_in", width=520):
            st.title(texts.PRODUCT, anchor=False)
            st.markdown(texts.TAGLINE)
            st.button(many.LOG_IN, key="log_in", on_click=st.login, type="primary")
            st.caption(many.WHY_LOG_IN)
    return logged_in is not False
