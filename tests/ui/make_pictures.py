"""Takes the pictures of the docs from the running app: ``python -m tests.ui.make_pictures`` (needs Chromium)."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from sim.ui import texts
from sim.ui.texts import learn, moving
from tests.ui import serving

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SITE = "scenario=small_site_fortnight"
MORE_SELECTED = f"{SITE}&set=stages.customs.selection_rate.normal%3D0.045"
LONGEST_MS = 600_000
WATCHED_MS = 6_000


def main() -> None:
    """The three doors, and the moving picture of the first."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.served(Path(folder) / "log.txt") as url,
        sync_playwright() as playwright,
        serving.visitor(serving.chromium(playwright), height=1000) as page,
    ):
        page.emulate_media(reduced_motion="no-preference")
        for take in (planner, watching, seller, lesson):
            take(page, url)


def planner(page: Page, url: str) -> None:
    """The small site when customs select more, against what it was."""
    page.goto(f"{url}/?{MORE_SELECTED}")
    answered(page)
    expect(page.get_by_text(re.compile("^Against the scenario as it is: .*(more|fewer|later|sooner)"))).to_be_visible(
        timeout=LONGEST_MS
    )
    page.get_by_role("tab", name="Delays").click()
    answered(page)
    page.screenshot(path=PICTURES / "app.png")


def watching(page: Page, url: str) -> None:
    """Its moving picture, some moments in."""
    page.goto(f"{url}/?{SITE}&days=3&replications=2&seed=1")
    answered(page)
    page.get_by_text(moving.WATCH, exact=True).click()
    page.get_by_role("button", name=moving.START).click()
    picture = page.locator(".moving[aria-busy=false]")
    expect(picture).to_be_visible(timeout=LONGEST_MS)
    picture.scroll_into_view_if_needed()  # out of sight it holds still
    picture.get_by_label(moving.CONTROLS["time"], exact=True).press("PageUp")
    page.wait_for_timeout(WATCHED_MS)
    picture.screenshot(path=PICTURES / "watch.png")


def seller(page: Page, url: str) -> None:
    """Dates, the chance of a date, and the map of order hours."""
    page.goto(f"{url}/arrival?{SITE}")
    answered(page)
    page.screenshot(path=PICTURES / "seller.png")


def lesson(page: Page, url: str) -> None:
    """A question that was predicted and revealed."""
    page.goto(f"{url}/learn?lesson=even_and_uneven")
    card = page.locator(".st-key-question_1")
    number = card.get_by_role("spinbutton")
    number.fill("20")
    number.press("Enter")
    reveal = card.get_by_role("button", name=learn.REVEAL)
    expect(reveal).to_be_enabled(timeout=LONGEST_MS)
    reveal.click()
    expect(card.get_by_test_id("stMetric").first).to_be_visible(timeout=LONGEST_MS)
    still(page)
    page.screenshot(path=PICTURES / "learn.png")


def answered(page: Page) -> None:
    """Wait until the answer stands on the page and its charts are drawn."""
    first = page.get_by_test_id("stMetric").or_(page.locator("[class*=st-key-date_]")).first
    expect(first).to_be_visible(timeout=LONGEST_MS)
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg, canvas").filter(visible=True).first).to_be_visible(
        timeout=LONGEST_MS
    )
    expect(page.get_by_role("button", name=texts.CANCEL, exact=True)).to_have_count(0, timeout=LONGEST_MS)
    still(page)


def still(page: Page) -> None:
    """Wait until the page's script has ended."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
    )


if __name__ == "__main__":
    main()
