"""The page's address follows what is moved, and a link moves it back.

A session reads the address when it begins, and when its reader goes back or forward; at all other times the page is
right, and the address is written after it. The two cannot simply be compared: a rerun may still carry the address of a
moment ago.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sim.show.differences import differences
from sim.ui import texts
from sim.ui.asking import Moved
from sim.ui.changes import in_words
from sim.ui.choice import OWN, Choice, offered
from sim.ui.components import controls_panel
from sim.ui.components.fields import PLANNER, TAB, Page
from sim.ui.link import SCENARIO, Link, parsed, read
from sim.ui.opened import opened
from sim.ui.texts import keep
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile

SEEN, WANTED, PROBLEMS, TABS = "link:seen", "link:wanted", "link:problems", "tabs"
Controls = Callable[[Choice, ScenarioFile], Moved]


def open_page(page: Page) -> None:
    """Put the page as a link says, where there is a new one."""
    wanted = st.session_state.pop(WANTED, None)
    fresh = not st.session_state.get(SEEN)
    if wanted is not None or fresh or _goes_back_or_forward():
        st.session_state[SEEN] = True
        link, refused = read(_said() if wanted is None else parsed(wanted), page.names)
        if not fresh:
            _forget(TAB, TABS, *(f"{prefix}:{link.scenario}:" for prefix in page.prefixes))
        st.session_state[PROBLEMS] = ((*refused, *_put(page, link)), None)


def problems() -> None:
    """Say what of the last link could not be used, until something is moved."""
    said, _ = st.session_state.get(PROBLEMS, ((), None))
    if said:
        st.warning(texts.plain(keep.from_link(said)))


def go_to(text: str) -> None:
    """Open a link from within the page, when its script runs next."""
    st.session_state[WANTED] = text


def followed(controls: Controls) -> Controls:
    """The controls of the planner's page, with what a link sets beyond them; the address follows both."""

    def panel(choice: Choice, file: ScenarioFile) -> Moved:
        moved = _with_beyond(choice, file, controls(choice, file))
        follow(PLANNER, choice, moved.settings)
        return moved

    return panel


def follow(page: Page, choice: Choice, settings: tuple[str, ...] = ()) -> None:
    """Write what the page shows into its address; of a file of one's own only that it is one."""
    if choice.text is not None:
        write(Link(OWN))
        return
    shown = {field: st.session_state.get(field.key) for field in page.fields(choice, choice.load())}
    fields = {field.name: field.write(value) for field, value in shown.items() if value is not None}
    write(Link(choice.name, settings, fields))


def write(link: Link) -> None:
    """Write a link into the address, where it says something else."""
    if _said() != link.query:
        st.query_params.from_dict(link.query)
    said, of = st.session_state.get(PROBLEMS, ((), None))
    text = link.without("tab").text
    st.session_state[PROBLEMS] = (said, text) if of in (None, text) else ((), None)


def follow_tab(first: str) -> None:
    """Write the opened tab into the address, where it is not the first; tabs are drawn anew without their page."""
    tab = st.session_state.get(TABS, first)
    st.session_state[TAB] = None if tab == first else tab
    if SCENARIO in st.query_params and st.query_params.get("tab", first) != tab:
        if tab == first:
            del st.query_params["tab"]
        else:
            st.query_params["tab"] = tab


def _goes_back_or_forward() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _said() -> dict[str, list[str]]:
    """What stands in the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _forget(*prefixes: str) -> None:
    """Let what stands in the session under such keys be as it is at first."""
    for key in list(st.session_state):
        if str(key).startswith(prefixes):
            del st.session_state[key]


def _put(page: Page, link: Link) -> tuple[str, ...]:
    """Let the page show what the link says; returns what of it was refused."""
    if not link.scenario:
        return ()
    if link.scenario not in (*offered(), OWN):
        return (keep.refused(SCENARIO, link.scenario, keep.NO_SCENARIO),)
    st.session_state["scenario"] = link.scenario
    if link.scenario == OWN:
        return ()
    choice = Choice(link.scenario)
    try:
        return (*_put_settings(page, choice, link.settings), *_put_fields(page, choice, link))
    except ScenarioError:
        return ()  # the scenario cannot be read, which the page says itself


def _put_settings(page: Page, choice: Choice, settings: tuple[str, ...]) -> tuple[str, ...]:
    if not page.settings:
        return tuple(keep.refused("set", setting, keep.NO_CONTROLS_HERE) for setting in settings)
    found = opened(choice, settings)
    for control, value in found.values:
        controls_panel.put(choice, control, value)
    st.session_state[_beyond(choice)] = found.beyond
    return found.problems


def _put_fields(page: Page, choice: Choice, link: Link) -> tuple[str, ...]:
    refused = []
    for field in page.fields(choice, choice.load()):
        said = (link.fields or {}).get(field.name)
        if said is not None:
            try:
                st.session_state[field.key] = field.read(said)
            except ValueError as error:
                refused.append(keep.refused(field.name, said, str(error)))
    if st.session_state.get(TAB):
        st.session_state[TABS] = st.session_state[TAB]
    return tuple(refused)


def beyond(choice: Choice) -> tuple[str, ...]:
    """The settings of a scenario for which no control stands."""
    found: tuple[str, ...] = st.session_state.get(_beyond(choice), ())
    return found


def set_beyond(choice: Choice, settings: tuple[str, ...]) -> None:
    """Set what no control stands for."""
    st.session_state[_beyond(choice)] = settings


def _beyond(choice: Choice) -> str:
    return f"set:{choice.key}:beyond"


def _with_beyond(choice: Choice, file: ScenarioFile, moved: Moved) -> Moved:
    """What the controls say, after the settings for which no control stands."""
    extra = beyond(choice)
    if not extra:
        return moved
    words = tuple(in_words(file.scenario, one) for one in differences(file.raw, choice.load(extra).raw))
    st.caption(texts.plain(keep.by_hand(words)))
    st.button(keep.LEAVE_OUT, key="leave_out", on_click=_forget, args=(_beyond(choice),))
    return replace(moved, settings=(*extra, *moved.settings), words=(*words, *moved.words))
