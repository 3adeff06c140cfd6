"""Who may come in: everybody where no login is set up, and else only who has logged in."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit import config as st_config
from streamlit.testing.v1 import AppTest

from sim.ui import running
from tests.ui.runners import WhenTold

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> WhenTold:
    """Runs wait for ever: none is needed here."""
    runner = WhenTold()
    monkeypatch.setattr(running, "places", lambda: runner)
    return runner


def visit(**user: str | bool) -> AppTest:
    """The page as that user finds it."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.user = dict(user)
    at.run()
    assert not at.exception
    return at


def keys(at: AppTest) -> set[str | None]:
    """What can be pressed."""
    return {button.key for button in at.button}


def test_without_a_login_everybody_comes_in(told: WhenTold) -> None:
    """The page opens with a run, and speaks of no login."""
    at = visit()
    assert at.selectbox(key="scenario").value == "six_stages"
    assert not keys(at) & {"log_in", "log_out"}
    assert len(told.waiting) == 1


def test_who_is_not_logged_in_sees_only_the_way_in(told: WhenTold, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scenario, no control, no run; the button leads to the provider."""
    sent: list[str] = []
    monkeypatch.setattr(st, "login", lambda: sent.append("to the provider"))
    at = visit(is_logged_in=False)
    assert keys(at) == {"log_in"}
    assert not at.selectbox
    assert not at.sidebar.children
    assert told.waiting == []
    at.button(key="log_in").click().run()
    assert sent == ["to the provider"]


def test_who_is_logged_in_sees_the_page_and_the_way_out() -> None:
    """Named at the side, by name or by e-mail address; after logging out only the way in is left."""
    at = visit(is_logged_in=True, name="Mei *Tanaka*", email="mei@example.org")
    assert at.selectbox(key="scenario").value == "six_stages"
    assert at.sidebar.caption[0].value == r"Logged in as Mei \*Tanaka\*"
    assert visit(is_logged_in=True, email="mei@example.org").sidebar.caption[0].value.endswith("mei@example.org")
    at.button(key="log_out").click().run()
    assert keys(at) == {"log_in"}


@pytest.mark.parametrize("text", ["[auth\nclient_id = 1", "\udcff"])
def test_a_secrets_file_with_a_mistake_lets_nobody_in(text: str, tmp_path: Path, told: WhenTold) -> None:
    """It may have asked for a login: the page says so, and is not drawn. Mended, it is."""
    before = st.get_option("secrets.files")
    file = tmp_path / "secrets.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    st_config.set_option("secrets.files", [str(file)])
    try:
        at = visit()
        assert at.error[0].value.startswith("Nobody is let in: the server cannot read its secrets.toml.")
        assert not at.selectbox
        assert told.waiting == []
        file.write_text("other = 1", encoding="utf-8")
        assert visit().selectbox(key="scenario").value == "six_stages"
    finally:
        st_config.set_option("secrets.files", before)
