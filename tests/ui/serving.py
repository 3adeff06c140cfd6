"""The app served as users serve it, and a browser to look at it: for tests, and for the pictures in the docs."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

APP = Path(__file__).parents[2] / "app.py"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
START_S = 60.0
FIT_MS = 15_000
FITS = """() => {
  const wider = (inner, outer) => inner.scrollWidth > outer.clientWidth;
  const main = document.querySelector("[data-testid=stMain]");
  const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].filter((chart) => chart.clientWidth);
  return !wider(main, main) && !charts.some((chart) => wider(chart, chart));
}"""


@contextmanager
def served(log: Path, app: Path = APP) -> Iterator[str]:
    """The app's address (or that of another script), while it is served on a free port; what the server says goes to ``log``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as server:
        try:
            _wait_for(url, server, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")


def chromium(playwright: Playwright) -> Browser:
    """Debian's Chromium without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@contextmanager
def visitor(browser: Browser, width: int = 1280, height: int = 800) -> Iterator[Page]:
    """A fresh visitor at a screen, with nothing that depends on the machine."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, reduced_motion="reduce", locale="en-GB", timezone_id="UTC")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def fits(page: Page) -> None:
    """Wait until nothing is wider than its place, neither on the page nor in a chart: charts follow a new width in a moment."""
    page.wait_for_function(FITS, timeout=FIT_MS)
