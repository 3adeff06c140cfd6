"""What was checked on every run, and what one must know before trusting the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import streamlit as st

from sim.study.replicate import Result
from sim.study.steady import asks_for_steady_state, warnings_by_kind
from sim.ui import texts
from sim.ui.desk import Answer
from sim.ui.headline import value_of
from sim.ui.texts import planner

LITTLE = "little"


class Badge(NamedTuple):
    """One check in two or three words, whether it is as it should be, and what it means."""

    words: str
    state: Literal["good", "look", "bad", "told"]
    meaning: str


COLOURS = {"good": "green", "look": "orange", "bad": "red", "told": "gray"}
MARKS = {"good": "\N{CHECK MARK} ", "look": "! ", "bad": "\N{BALLOT X} ", "told": ""}


def strip(answer: Answer) -> None:
    """The checks on one line, under the answer."""
    with st.container(horizontal=True, gap="xsmall", key="checks"):
        for badge in answer.once(badges):
            words = f"{MARKS[badge.state]}{texts.plain(badge.words)}"
            st.badge(words, color=COLOURS[badge.state], help=texts.plain(badge.meaning) or None)  # type: ignore[arg-type]


def badges(result: Result) -> list[Badge]:
    """Conservation, Little's law, overload, warm-up and what is unfinished.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> result = replicate(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2))
    >>> [badge.words for badge in badges(result)[:3]]
    ['Nothing lost', "Little's law holds", 'No team overloaded']
    """
    return list(_badges(result))


def _badges(result: Result) -> Iterator[Badge]:
    yield from _laws(result)
    warnings = warnings_by_kind(result)
    overloaded = warnings["overload"]
    yield (
        Badge(planner.overloaded(len(overloaded)), "look", "  \n".join(overloaded))
        if overloaded
        else Badge(planner.ALL_LOADS, "good", "")
    )
    if result.curves:
        yield _settled(result, [*warnings["growing"], *warnings["warm_up"]])
    if "unfinished" in result.measures:
        unfinished = warnings["unfinished"]
        words = planner.unfinished(value_of(result.measures["unfinished"]))
        yield Badge(words, "look" if unfinished else "good", " ".join(unfinished))


def _laws(result: Result) -> Iterator[Badge]:
    if not result.checks:
        yield Badge(planner.CHECKS_LATER, "told", "")
        return
    others = {name: holds for name, holds in result.checks.items() if name != LITTLE}
    for words, names in ((planner.NOTHING_LOST, others), (planner.LITTLE, {LITTLE})):
        held = all(result.checks[name] for name in names)
        meaning = " ".join(texts.CHECK_WORDS.get(name, name) for name in names)
        yield Badge(words if held else planner.LAWS_BROKEN, "good" if held else "bad", meaning)


def _settled(result: Result, warnings: list[str]) -> Badge:
    if warnings:
        return Badge(planner.NOT_SETTLED, "look", " ".join(warnings))
    window = texts.measured_window(result.file.scenario.clock, result.settings.replications)
    if not asks_for_steady_state(result):
        return Badge(planner.NOT_A_STEADY_STATE, "told", window)
    return Badge(planner.SETTLED, "good", window)


def show(answer: Answer) -> None:
    """The laws that held, and the window that was measured."""
    st.markdown(
        texts.plain(texts.measured_window(answer.result.file.scenario.clock, answer.result.settings.replications))
    )
    for name, holds in answer.result.checks.items():
        mark = ":green[✓]" if holds else ":red[✗]"
        st.markdown(f"{mark} {texts.plain(texts.CHECK_WORDS.get(name, name.replace('_', ' ')))}")
