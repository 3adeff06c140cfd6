"""Links in a real browser: a reload keeps what was moved, back and forward go through it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.test_browser import ANSWER_MS, numbers

pytestmark = pytest.mark.browser


def set_staff(page: Page, staff: int) -> None:
    """Move the one control of the teaching line."""
    box = page.get_by_label("Clerks, at all hours")
    box.fill(f"{staff}")
    box.press("Enter")
    expect(page).to_have_url(re.compile(f"set=teams.clerks.staff%3D{staff}&"))


def test_a_reload_keeps_what_was_moved_and_back_and_forward_go_through_it(visited: Page, app_url: str) -> None:
    """Two moves, two steps back, one forward, a reload; the controls and the address say the same each time."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line&days=2&replications=3")
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"\?scenario=teaching_line&days=2&replications=3&seed=1$"))
    page.get_by_test_id("stSidebar").get_by_text("Counter", exact=True).click()
    staff = page.get_by_label("Clerks, at all hours")
    set_staff(page, 4)
    set_staff(page, 5)

    page.go_back()
    expect(page).to_have_url(re.compile("staff%3D4"))
    expect(staff).to_have_value("4")
    page.go_back()
    expect(page).not_to_have_url(re.compile("set="))
    expect(staff).to_have_value("3")
    expect(page.get_by_text("Changed from base")).to_have_count(0)
    page.go_forward()
    expect(page).to_have_url(re.compile("staff%3D4"))
    expect(staff).to_have_value("4")

    page.reload()
    expect(page.get_by_text("Changed from base: +1 clerks, at all hours (3 → 4)")).to_be_visible(timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"set=teams.clerks.staff%3D4&days=2&replications=3&seed=1$"))
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)

    page.get_by_role("tab", name="Where the hours went").click()
    expect(page).to_have_url(re.compile(r"&tab=Where\+the\+hours\+went$"))
    page.reload()
    tab = page.get_by_role("tab", name="Where the hours went")
    expect(tab).to_have_attribute("aria-selected", "true", timeout=ANSWER_MS)
    page.go_back()
    expect(page.get_by_role("tab").first).to_have_attribute("aria-selected", "true", timeout=ANSWER_MS)


def test_a_sellers_question_is_in_the_address(visited: Page, app_url: str) -> None:
    """A link to the second door opens on its order; another hour changes the address when it is asked about."""
    page = visited
    page.goto(f"{app_url}/arrival?scenario=six_stages&day=2026-09-01&hour=15&wanted=2026-09-04&days=12&replications=2")
    expect(page.get_by_text("Ordered on Tuesday 1 September, 15:00")).to_be_visible(timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"hour=15&wanted=2026-09-04&chance=95&days=12&replications=2&seed=1$"))
    page.get_by_label("Between", exact=False).first.click()
    page.get_by_role("option", name="07:00 and 07:59").click()
    page.get_by_role("button", name="Show the dates").click()
    expect(page).to_have_url(re.compile("hour=7&"))
    expect(page.get_by_text("Ordered on Tuesday 1 September, 07:00")).to_be_visible(timeout=ANSWER_MS)
    page.go_back()
    expect(page.get_by_text("Ordered on Tuesday 1 September, 15:00")).to_be_visible(timeout=ANSWER_MS)
