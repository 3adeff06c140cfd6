"""The week of a team in a real browser: its grid is painted, so only there one sees whether typing into it does anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from sim.ui.texts import planner
from tests.ui.test_browser import ANSWER_MS, numbers
from tests.ui.test_browser_accessibility import settle

pytestmark = pytest.mark.browser

ROW_PX = 35
"""The height of a row of the grid, and of its heading."""

EDITED = b'"edited_rows":{"0"'
"""What the grid sends when it has told the page of a change in its first row; it gathers for a moment what is typed."""


def write(page: Page, line: WebSocket, grid: Locator, number: str) -> None:
    """Open the last cell of the first row, type, and wait until the page has been told."""
    size = grid.bounding_box()
    assert size is not None
    grid.dblclick(position={"x": size["width"] - 30, "y": 1.5 * ROW_PX})
    cell = page.locator("#portal input")
    expect(cell).to_be_focused()
    page.keyboard.type(number)
    expect(cell).to_have_value(number)
    with line.expect_event("framesent", lambda sent: EDITED in sent, timeout=ANSWER_MS):
        page.keyboard.press("Enter")
    expect(cell).to_have_count(0)


def test_staff_typed_into_the_week_is_staff_of_the_plan(visited: Page, app_url: str) -> None:
    """Open the week, choose a team, type another number into its shift, use it: control and answer have it."""
    page = visited
    with page.expect_websocket() as line:
        page.goto(f"{app_url}/?scenario=six_stages&days=3&replications=2")
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("button", name=planner.WEEK, exact=True).click()
    week = page.locator(".st-key-week_panel")
    week.get_by_role("radio", name="Pickers", exact=True).click()
    grid = week.locator("[class*='-pickers-']").get_by_test_id("stDataFrame")
    expect(grid.locator("canvas").first).to_be_visible(timeout=ANSWER_MS)
    settle(page)  # the grid begins anew when the week's own drawing ends
    write(page, line.value, grid, "3")
    week.get_by_role("button", name=planner.USE_WEEK).click()
    expect(page.get_by_text("Changed from base: +2 pickers, day shift (1 → 3)")).to_be_visible(timeout=ANSWER_MS)
    expect(numbers(page).first.get_by_test_id("stMetricDelta")).to_be_visible(timeout=ANSWER_MS)
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("Picking", exact=True).click()
    expect(sidebar.get_by_role("spinbutton", name="Pickers, day shift")).to_have_value("3")
