"""What tests of the app share: runs without processes, and for a few tests the app itself in a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import app_test

from sim.ui import running
from tests.ui import serving
from tests.ui.runners import AtOnce


@pytest.fixture(scope="session", autouse=True)
def no_folder_left() -> Iterator[None]:
    """AppTest makes a temporary folder when it is imported, and would leave its end to chance."""
    yield
    app_test.TMP_DIR.cleanup()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    """Runs are done at once and in this process."""
    runner = AtOnce()
    monkeypatch.setattr(running, "places", lambda: runner)
    return runner


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser. Where it is missing that is a failure in CI and a reason to skip elsewhere."""
    if not serving.CHROMIUM.exists():
        missing = f"{serving.CHROMIUM} is not installed (Debian: apt-get install chromium)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = serving.chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh visitor at a desk's screen."""
    with serving.visitor(chromium) as page:
        yield page


@pytest.fixture(scope="module")
def app_url(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served until the tests of a file have ended."""
    with serving.served(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url
