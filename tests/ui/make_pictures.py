"""Takes the pictures of the docs from the running app: ``python -m tests.ui.make_pictures`` (needs Chromium)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.ui import serving

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SCENARIO = "small_site_fortnight"
SELECTED_PERCENT = 4.5
LONGEST_MS = 600_000


def main() -> None:
    """The planner's page: the small site when customs select more, beside what it was."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.served(Path(folder) / "log.txt") as url,
        sync_playwright() as playwright,
        serving.visitor(serving.chromium(playwright), height=900) as page,
    ):
        page.goto(f"{url}/?scenario={SCENARIO}")
        answered(page)
        page.get_by_text("Customs and national inspection", exact=True).first.click()
        selected = page.get_by_label("Selected by customs, class normal (%)")
        selected.fill(f"{SELECTED_PERCENT}")
        selected.press("Enter")
        expect(page.get_by_text("Out of date.")).to_be_visible(timeout=LONGEST_MS)
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_text("Out of date.")).to_have_count(0, timeout=LONGEST_MS)
        page.get_by_role("tab", name="Delays").click()
        answered(page)
        page.screenshot(path=PICTURES / "app.png")


def answered(page: Page) -> None:
    """Wait until the answer stands on the page and its charts are drawn."""
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=LONGEST_MS)
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg, canvas").filter(visible=True).first).to_be_visible(
        timeout=LONGEST_MS
    )
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
    )


if __name__ == "__main__":
    main()
