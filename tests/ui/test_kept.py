"""Kept runs: what comes from the browser is held to its bounds; names, links, and runs side by side on the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from sim.ui import pictures, running
from sim.ui.components import kept
from sim.ui.kept import LONGEST_NAME, MOST, MOST_PINNED, Kept, added, pinned, read, without, written
from sim.ui.link import LONGEST
from sim.ui.side_by_side import asked_by
from tests.ui.runners import AtOnce, WhenTold
from tests.ui.test_address import opened
from tests.ui.test_app import STAFF, OnePoint, run

LINE = "scenario=teaching_line&days=1&replications=2&seed=1"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "link", "pinned", "x"]), inner)
    ),
    max_leaves=20,
)


@given(st.lists(st.builds(Kept, st.text(max_size=80), st.text(max_size=30), st.booleans()), max_size=8))
def test_what_was_kept_comes_back_as_it_was(runs: list[Kept]) -> None:
    """Reading what was written changes nothing, so that two windows that tell each other come to rest."""
    kept: tuple[Kept, ...] = ()
    for one in runs:
        kept = added(kept, one)
    kept = pinned(kept, [one.name for one in kept if one.pinned])
    assert read(written(kept)) == kept
    assert all(0 < len(one.name) <= LONGEST_NAME for one in kept)
    assert len({one.name for one in kept}) == len(kept)


@given(json_values)
def test_nothing_in_the_browsers_storage_breaks_the_page(value: Any) -> None:
    """Whatever another program wrote there, what comes of it is a bounded list of names and links."""
    runs = read(json.dumps(value))
    assert len(runs) <= MOST
    assert all(isinstance(one.name, str) and isinstance(one.link, str) for one in runs)


def test_number_and_length_are_bounded() -> None:
    """The newest forty; names cut short; links that are too long, and texts that are far too long, left out."""
    runs: tuple[Kept, ...] = ()
    for number in range(MOST + 5):
        runs = added(runs, Kept(f"run {number}", "x", pinned=True))
    assert [runs[0].name, runs[-1].name, len(runs)] == [f"run {MOST + 4}", "run 5", MOST]
    assert sum(one.pinned for one in read(written(runs))) == MOST_PINNED
    assert added((), Kept("long", "x" * (LONGEST + 1))) == ()
    assert added((), Kept("\N{ZERO WIDTH SPACE}", "x")) == ()
    assert read("[" * 10_000) == ()
    assert read('["' + "x" * 10_000_000 + '"]') == ()
    assert without(runs, "run 5") == runs[:-1]


def test_a_kept_link_asks_what_the_page_would_ask(told: WhenTold) -> None:
    """The same key, so that the result of the one is known to the other."""
    at = opened(f"{LINE}&set=teams.clerks.staff=4&set=teams.clerks.wage=30")
    ask, problem = asked_by("&".join(f"{name}={value}" for name, values in at.query_params.items()
                                     for value in ([values] if isinstance(values, str) else values)))  # fmt: skip
    assert problem == ""
    assert ask is not None
    assert ask.request.key == told.waiting[0].task.key
    assert ask.changes == ("clerks, wage set to 30", "+1 clerks, at all hours (3 → 4)")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("", "no scenario of this name"),
        ("scenario=../../etc/passwd", "no scenario of this name"),
        (f"{LINE}&set=teams.nobody.staff=1", "no 'nobody' in teams"),
        (f"{LINE}&set=flows.visitors.arrivals.file.path=/etc/hostname", "lies outside the folder of scenarios"),
        ("scenario=teaching_line&days=99", "must be from 1 to 10"),
        ("scenario=teaching_line&evil=1", "this page knows no such field"),
    ],
)
def test_a_kept_link_that_cannot_be_run_says_why(link: str, said: str) -> None:
    """It is held to the same rules as an address."""
    ask, problem = asked_by(link)
    assert ask is None
    assert said in problem


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not what these tests are about."""
    drawer = OnePoint()
    monkeypatch.setattr(pictures, "place", lambda: drawer)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> WhenTold:
    """Runs wait until a test lets them finish."""
    runner = WhenTold()
    monkeypatch.setattr(running, "places", lambda: runner)
    return runner


def name_field(at: AppTest) -> Any:
    """Where the name of the run on the page stands."""
    return next(field for field in at.text_input if str(field.key).startswith(kept.name_key("")))


def keep(at: AppTest, name: str) -> AppTest:
    """Keep the run on the page under a name."""
    name_field(at).set_value(name)
    return run(at, at.button(key="keep_run").click())


def captions(at: AppTest) -> str:
    """All small print on the page."""
    return "\n".join(caption.value for caption in at.caption).replace("\\", "")


def says(at: AppTest) -> str:
    """All text on the page."""
    return "\n".join(text.value for text in at.markdown).replace("\\", "")


def two_kept(at_once: AtOnce) -> AppTest:
    """A page on which two runs are kept: as it is, and with a clerk more."""
    at = keep(opened(LINE), "as it is")
    run(at, at.number_input(key=STAFF).set_value(4))
    if at.button(key="run") is not None:
        run(at, at.button(key="run").click())
    assert name_field(at).value == "Teaching line: +1 clerks, at all hours (3 → 4)"
    return keep(at, "one more")


def test_runs_are_kept_by_name_and_opened_again(at_once: AtOnce) -> None:
    """The suggested name says what was changed; opening moves the controls, and the answer is known."""
    at = opened(LINE)
    assert "None yet." in captions(at)
    assert name_field(at).value == "Teaching line, as it is"
    at = two_kept(at_once)
    assert at.selectbox(key="kept:chosen").options == ["one more", "as it is"]
    assert "Kept as: one more" in captions(at)
    at.selectbox(key="kept:chosen").set_value("as it is")
    run(at, at.button(key="kept_open").click())
    assert at.number_input(key=STAFF).value == 3
    assert "set" not in at.query_params
    assert not at.warning


def test_pinned_runs_stand_side_by_side_with_a_verdict(at_once: AtOnce) -> None:
    """A column each with intervals, and how the second differs from the first on the same luck."""
    at = two_kept(at_once)
    run(at, at.multiselect(key="kept:pinned").set_value(["one more", "as it is"]))
    table = at.table[0].value
    assert list(table.columns) == ["one more", "as it is"]
    assert list(table.index) == ["95 of 100 done within", "Done a day", "Unfinished"]
    assert all(" (" in cell for cell in table.loc["95 of 100 done within"])
    assert "as it is, against one more: " in says(at)
    assert "- as it is: Teaching line; the first 1 of its 10 days, 2 replications, seed 1" in captions(at)


def test_a_run_that_is_not_remembered_is_run_on_demand(told: WhenTold) -> None:
    """Nothing is run before the button is pressed; then one after the other, and Cancel ends it."""
    at = opened(LINE)
    told.finish()
    run(at)
    at.session_state["kept:runs"] = (
        Kept("two", f"{LINE}&set=teams.clerks.staff%3D2", pinned=True),
        Kept("five", f"{LINE}&set=teams.clerks.staff%3D5", pinned=True),
    )
    run(at)
    assert told.waiting == []
    run(at, at.button(key="kept_run").click())
    assert len(told.waiting) == 1
    run(at, at.button(key="kept_cancel").click())
    assert told.waiting[0].cancelled
    told.finish()
    run(at, at.button(key="kept_run").click())
    for _ in range(2):
        told.finish()
        run(at)
    assert list(at.table[0].value.columns) == ["two", "five"]
    assert not [button for button in at.button if button.key == "kept_run"]


def test_runs_with_other_luck_are_not_compared(at_once: AtOnce) -> None:
    """Their numbers stand beside each other; the difference is not told."""
    at = keep(opened(LINE), "one")
    run(at, at.number_input(key="seed").set_value(2))
    run(at, at.button(key="run").click())
    keep(at, "two")
    run(at, at.multiselect(key="kept:pinned").set_value(["one", "two"]))
    assert "run both for the same days with the same seed" in says(at)


def test_forgetting_leaves_the_others(at_once: AtOnce) -> None:
    """The chosen one is gone from list and comparison."""
    at = two_kept(at_once)
    run(at, at.multiselect(key="kept:pinned").set_value(["one more", "as it is"]))
    at.selectbox(key="kept:chosen").set_value("one more")
    run(at, at.button(key="kept_forget").click())
    assert at.selectbox(key="kept:chosen").options == ["as it is"]
    assert list(at.table[0].value.columns) == ["as it is"]


def test_names_are_words(at_once: AtOnce) -> None:
    """What stands in the browser's storage is shown as it is, and a link that cannot be run is said."""
    at = opened(LINE)
    at.session_state["kept:runs"] = (Kept("![x](http://example.org/x.png)", "scenario=nothing", pinned=True),)
    run(at)
    assert r"\!\[x\]\(http\://example.org/x.png\)\: scenario=nothing\: no scenario" in at.warning[0].value


def test_a_file_of_ones_own_cannot_be_kept(at_once: AtOnce) -> None:
    """The page says why, and how to share it all the same."""
    at = opened(LINE)
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    text = asked_by(f"{LINE}")[0].request.file.text().encode()  # type: ignore[union-attr]
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", text, "application/yaml")))
    run(at, at.button(key="run").click())
    assert "a link cannot hold a file of your own" in captions(at)
    assert "A link cannot hold a file of your own. Send the scenario file along" in captions(at)
    assert not [field for field in at.text_input if str(field.key).startswith(kept.name_key(""))]
