"""The app on a telephone: no word of a chart is cut, and what is opened is in sight, beside the sidebar or without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sim.ui import texts
from sim.ui.texts import planner
from tests.ui.serving import fits
from tests.ui.test_browser import ANSWER_MS, numbers
from tests.ui.test_browser_accessibility import settle

pytestmark = pytest.mark.browser

SITE = "scenario=small_site_fortnight&days=3&replications=2"
WHOLE = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart] svg")].every((svg) => {
  const all = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].every((text) => {
    const word = text.getBoundingClientRect();
    return !word.width || (word.left >= all.left - 2 && word.right <= all.right + 2);
  });
})"""


@pytest.fixture
def phone(page: Page) -> Page:
    """A screen that is 375 px wide."""
    page.set_viewport_size({"width": 375, "height": 800})
    return page


def answered(page: Page, address: str) -> None:
    """Open an address and wait for numbers and charts."""
    page.goto(address)
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg").first).to_be_attached(timeout=ANSWER_MS)
    settle(page)


def test_no_word_of_a_chart_is_cut(phone: Page, app_url: str) -> None:
    """Under each heading all words of all charts lie within them."""
    answered(phone, f"{app_url}/?{SITE}")
    for heading in phone.get_by_role("tab").all_inner_texts():
        if heading in (texts.TABLES, texts.CHECKS):
            continue
        phone.get_by_role("tab", name=heading, exact=True).click()
        expect(phone.get_by_role("tab", name=heading, exact=True)).to_have_attribute("aria-selected", "true")
        settle(phone)
        phone.wait_for_function(WHOLE)
        fits(phone)


def test_the_week_is_in_sight_when_it_is_opened(phone: Page, app_url: str) -> None:
    """The sidebar with its button makes room; the grid has all its columns without being scrolled."""
    answered(phone, f"{app_url}/?{SITE}")
    phone.get_by_test_id("stExpandSidebarButton").click()
    week = phone.get_by_role("button", name=planner.WEEK, exact=True)
    week.click()
    panel = phone.locator(".st-key-week_panel")
    expect(panel).to_be_in_viewport(timeout=ANSWER_MS)
    expect(week).not_to_be_in_viewport()
    grid = panel.get_by_test_id("stDataFrame")
    expect(grid.locator("canvas").first).to_be_visible(timeout=ANSWER_MS)
    scroller = grid.locator(".dvn-scroller")
    assert scroller.evaluate("place => place.scrollWidth <= place.clientWidth")
    fits(phone)


def test_a_stage_leads_to_its_controls(phone: Page, app_url: str) -> None:
    """They stand in the sidebar, which is closed on a telephone, and come with it."""
    answered(phone, f"{app_url}/?{SITE}")
    stage = phone.locator("[class*=st-key-stage_]").filter(has_text="Packing")
    stage.get_by_role("button").click(force=True)  # all of the stage lies over its name
    expect(phone.get_by_test_id("stSidebar").get_by_role("spinbutton").first).to_be_in_viewport(timeout=ANSWER_MS)
