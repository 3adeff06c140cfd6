"""What tests of the app share: runs without processes, and for a few tests the app itself in a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from streamlit.testing.v1 import app_test

from sim.ui import running
from tests.ui import serving
from tests.ui.runners import AtOnce

NOT_THERE = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit looks for beside a page that is opened by its own address, before it finds both at the root."""


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


@pytest.fixture(scope="session")
def browser_installed() -> None:
    """Where the browser is missing that is a failure in CI and a reason to skip elsewhere."""
    if not serving.CHROMIUM.exists():
        missing = f"{serving.CHROMIUM} is not installed (Debian: apt-get install chromium)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)


@pytest.fixture(scope="module")
def chromium(browser_installed: None) -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as playwright:
        browser = serving.chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh visitor at a desk's screen."""
    with serving.visitor(chromium) as page:
        yield page


@pytest.fixture(scope="session")
def app_url(browser_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served until all tests have ended."""
    with serving.served(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@pytest.fixture
def visited(page: Page, app_url: str) -> Iterator[Page]:
    """A page of which, at the end, no request has left the app's own origin and no error stands in the console."""
    faults: list[str] = []
    own = (app_url, app_url.replace("http", "ws", 1), "data:", "blob:")

    def look_at_request(request: Request) -> None:
        if not request.url.startswith(own):
            faults.append(f"request to {request.url}")

    def look_at_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(NOT_THERE):
            faults.append(f"console: {message.text}")

    page.on("request", look_at_request)
    page.on("console", look_at_console)
    page.on("pageerror", lambda error: faults.append(f"page: {error}"))
    yield page
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert faults == []
