"""Which scenario: the shipped ones by name, with their questions, or a file of one's own."""

from __future__ import annotations

import streamlit as st

from sim.ui import texts
from sim.ui.choice import OWN, Choice, first_shown, offered, uploaded
from sim.ui.components import address
from sim.ui.link import Link
from sim.world.errors import ScenarioError
from sim.world.files import LARGEST_FILE_BYTES


def choose() -> tuple[Choice | None, str]:
    """The scenario that is chosen, or None and why there is none yet (or nothing, before a file is uploaded)."""
    st.session_state.setdefault("scenario", first_shown())
    name = st.selectbox(
        texts.SCENARIO,
        [*offered(), OWN],
        key="scenario",
        format_func=_label,
        label_visibility="collapsed",
        persist_state="session",
    )
    if name != OWN:
        return Choice(name), ""
    file = st.file_uploader(
        texts.UPLOAD,
        type=["yaml", "yml"],
        key="upload",
        help=texts.UPLOAD_HELP,
        max_upload_size=LARGEST_FILE_BYTES // 1_000_000,
    )
    if file is None:
        address.write(Link(OWN))
        return None, ""
    try:
        return uploaded(file.name, file.getvalue()), ""
    except ScenarioError as error:
        return None, str(error)


def _label(name: str) -> str:
    return texts.OWN_FILE if name == OWN else texts.title(name)
