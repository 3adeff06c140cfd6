"""The controls of a page in plain sight: what stands in a closed group is not drawn."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from sim.ui.choice import Choice
from sim.ui.components.controls_panel import RUN_GROUP, group_key
from sim.ui.controls import groups_of


def open_all(at: AppTest, *choices: Choice) -> AppTest:
    """Open every group of controls of these scenarios, and that of how to run, when the page is drawn next."""
    at.session_state[RUN_GROUP] = True
    for choice in choices:
        for group in groups_of(choice.load()):
            at.session_state[group_key(choice, group)] = True
    return at
