"""A lesson in a real browser: predict, reveal, go away and come back; small screens, and nothing that axe-core minds."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.serving import fits
from tests.ui.test_browser import ANSWER_MS
from tests.ui.test_browser_accessibility import findings, settle

pytestmark = pytest.mark.browser


def lesson(page: Page, app_url: str, title: str) -> None:
    """From the first page to a lesson, as a visitor goes."""
    page.goto(f"{app_url}/?scenario=teaching_line&days=2&replications=2")
    page.get_by_role("link", name="Learn").click()
    expect(page.get_by_role("radiogroup", name="Lessons")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("radiogroup", name="Lessons").get_by_text(title).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=ANSWER_MS)


def question(page: Page, position: int) -> Locator:
    """The card of a question."""
    return page.locator(f".st-key-question_{position}")


def test_predict_reveal_and_come_back(visited: Page, app_url: str) -> None:
    """The button is locked before the prediction; the run, its interval and the theory after it; all stays."""
    page = visited
    lesson(page, app_url, "Even and uneven")
    expect(page).to_have_url(re.compile("lesson=even_and_uneven"))
    card = question(page, 1)
    reveal = card.get_by_role("button", name="Reveal")
    expect(reveal).to_be_disabled()
    expect(question(page, 2)).to_have_count(0)
    number = card.get_by_role("spinbutton")
    number.fill("60")
    number.press("Enter")
    expect(reveal).to_be_enabled()
    reveal.click()
    expect(card.get_by_test_id("stMetric")).to_have_count(3, timeout=ANSWER_MS)
    expect(card).to_contain_text("60 minutes")
    expect(card).to_contain_text("Pollaczek and Khinchine; within the interval")
    expect(card.get_by_test_id("stAlert")).to_contain_text(re.compile(r"Not quite: 3\d minutes too high, 2\.\d+ times"))
    expect(question(page, 2).get_by_role("button", name="Reveal")).to_be_disabled()

    page.get_by_role("button", name="Next lesson").click()
    expect(page.get_by_role("heading", name="Turning the inspection dial")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("button", name="Previous lesson").click()
    expect(question(page, 1)).to_contain_text("60 minutes", timeout=ANSWER_MS)
    expect(page.get_by_role("radiogroup", name="Lessons")).to_contain_text("1 of 4 questions")

    page.get_by_role("link", name="When will it arrive?").click()
    expect(page.get_by_role("button", name="Show the dates")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("link", name="Learn").click()
    expect(question(page, 1)).to_contain_text("60 minutes", timeout=ANSWER_MS)


@pytest.mark.parametrize("width", [375, 768])
def test_small_screens_do_not_scroll_sideways(page: Page, app_url: str, width: int) -> None:
    """A telephone and a tablet, with a revealed question; and axe-core has nothing to say."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{app_url}/learn?lesson=even_and_uneven")
    number = question(page, 1).get_by_role("spinbutton")
    expect(number).to_be_visible(timeout=ANSWER_MS)
    number.fill("20")
    number.press("Enter")
    reveal = question(page, 1).get_by_role("button", name="Reveal")
    expect(reveal).to_be_enabled()
    reveal.click()
    expect(question(page, 1).get_by_test_id("stMetric")).to_have_count(3, timeout=ANSWER_MS)
    settle(page)
    fits(page)
    assert findings(page) == []


def test_the_journey_is_shown_and_told(page: Page, app_url: str) -> None:
    """Its chart with words for who cannot see it, the same in sentences, and nothing that axe-core minds."""
    page.goto(f"{app_url}/learn?lesson=one_orders_journey")
    expect(page.get_by_text("Paid on Tue 1 Sep, 20:3")).to_be_visible(timeout=ANSWER_MS)
    chart = page.locator(".st-key-chart_journey")
    expect(chart.get_by_test_id("stVegaLiteChart").locator("svg, canvas").first).to_be_visible(timeout=ANSWER_MS)
    expect(chart.get_by_role("button", name="SVG")).to_be_visible()
    expect(page.get_by_text("Watch it", exact=True)).to_be_visible()
    settle(page)
    assert findings(page) == []
