"""Kept runs and files in a real browser: the browser's own storage remembers, another window hears of it, downloads come."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.ui.test_browser import ANSWER_MS, numbers

pytestmark = pytest.mark.browser
TRIES, MOMENT_MS = 10, 3000
LINE = "scenario=teaching_line&days=2&replications=3&seed=1"


def keep(page: Page, name: str) -> None:
    """Keep the run on the page."""
    page.get_by_role("button", name="Keep this run").click(timeout=ANSWER_MS)
    box = page.get_by_label("Name", exact=True)
    expect(box).to_have_value(re.compile("^Teaching line"))
    box.fill(name)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text(f"Kept as: {name}")).to_be_visible(timeout=ANSWER_MS)
    page.keyboard.press("Escape")


def choose(page: Page, beside: Locator, name: str) -> None:
    """Choose one in the list; a list that closed while the page got its next answer is opened again."""
    option = page.get_by_role("option", name=name)
    for _ in range(TRIES):
        beside.press("ArrowDown", timeout=ANSWER_MS)
        try:
            option.click(timeout=MOMENT_MS)
            break
        except Error:
            page.keyboard.press("Escape")
    expect(page.locator(".st-key-kept_fields").get_by_text(name).first).to_be_visible(timeout=ANSWER_MS)


def stored(page: Page) -> list[str]:
    """The names in the browser's storage."""
    return [one["name"] for one in json.loads(page.evaluate("localStorage.getItem('importflow.kept')") or "[]")]


def test_runs_are_kept_across_reloads_and_windows(visited: Page, app_url: str) -> None:
    """Keep two, reload, set them side by side; a second window has them too and hears when one is forgotten."""
    page = visited
    page.goto(f"{app_url}/?{LINE}")
    keep(page, "three clerks")
    page.goto(f"{app_url}/?{LINE}&set=teams.clerks.staff%3D4")
    keep(page, "four clerks")
    assert stored(page) == ["four clerks", "three clerks"]

    page.reload()
    expect(page.get_by_role("button", name="Keep this run")).to_be_visible(timeout=ANSWER_MS)
    beside = page.get_by_label("Side by side")
    expect(page.locator(".st-key-one_person")).to_be_visible(timeout=ANSWER_MS)  # the last that comes by itself
    for name in ("four clerks", "three clerks"):
        choose(page, beside, name)
    page.keyboard.press("Escape")
    table = page.get_by_test_id("stTable")
    expect(table).to_contain_text("three clerks", timeout=ANSWER_MS)
    expect(table).to_contain_text("95 of 100 done within")
    expect(page.get_by_text("three clerks, against four clerks: ")).to_be_visible()

    other = page.context.new_page()
    other.goto(f"{app_url}/?{LINE}")
    expect(other.get_by_test_id("stTable")).to_contain_text("four clerks", timeout=ANSWER_MS)
    other.get_by_role("button", name="Forget").click()
    expect(other.get_by_test_id("stTable")).not_to_contain_text("four clerks", timeout=ANSWER_MS)
    expect(table).not_to_contain_text("four clerks", timeout=ANSWER_MS)
    assert stored(page) == ["three clerks"]
    other.close()


def test_what_stands_in_a_popover_before_it_is_opened_stands_there_afterwards(visited: Page, app_url: str) -> None:
    """The share to be kept, which the page proposes and redraws several times before anybody looks at it."""
    page = visited
    page.goto(f"{app_url}/?{LINE.replace('teaching_line', 'six_stages')}")
    expect(page.locator(".st-key-one_person")).to_be_visible(timeout=ANSWER_MS)
    opener = page.get_by_role("button", name="to keep: 95 % dispatched within 48 h")
    opener.click()
    expect(page.get_by_label("For at least (% of orders)")).to_have_value("95")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Queues").click()
    expect(opener).to_be_visible()


def test_what_another_program_left_in_the_storage_does_no_harm(visited: Page, app_url: str) -> None:
    """Markup in a name is shown as text, a link to nowhere is said; no request and no error comes of it."""
    page = visited
    page.goto(app_url)
    bad = json.dumps(
        [{"name": "<img src=http://example.org/x.png>", "link": "scenario=x", "pinned": True}, 7, {"name": 1}]
    )
    page.evaluate("text => localStorage.setItem('importflow.kept', text)", bad)
    page.goto(f"{app_url}/?{LINE}")
    expect(page.get_by_text("<img src=http://example.org/x.png>: scenario=x: no scenario")).to_be_visible(
        timeout=ANSWER_MS
    )


def test_report_and_workbook_come_when_they_are_asked_for(visited: Page, app_url: str) -> None:
    """The page is an HTML file of its own, the workbook opens."""
    page = visited
    page.goto(f"{app_url}/?{LINE}&set=teams.clerks.staff%3D4")
    expect(numbers(page).first.get_by_test_id("stMetricDelta")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("button", name="Report and files").click(timeout=ANSWER_MS)
    for label, name in (("Workbook (XLSX)", "teaching_line.xlsx"), ("Report (HTML)", "teaching_line.html")):
        with page.expect_download(timeout=2 * ANSWER_MS) as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name
        content = download.value.path().read_bytes()
        if name.endswith("xlsx"):
            assert "Differences" in openpyxl.load_workbook(io.BytesIO(content)).sheetnames
        else:
            assert content.startswith(b"<!doctype html>")
            assert b"What was changed, and what it brings" in content
