"""Every page is for everyone: what axe-core finds, light and dark, and the way through with the keyboard alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ANSWER_MS = 120_000
SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app?.dataset.testConnectionState === 'CONNECTED' && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSkeleton]');
}"""
OPEN_ALL = "() => document.querySelectorAll('details:not([open]) > summary').forEach(summary => summary.click())"
OPENED = ["[data-testid=stPopoverButton][aria-expanded=true]", "[data-testid=stPopoverBody]"]
"""What belongs to a popover that is open."""

FOCUSED = """() => {
  const on = document.activeElement;
  return on.getAttribute('aria-label') || on.innerText || on.tagName;
}"""


def settle(page: Page) -> None:
    """Wait until nothing is computed or drawn any more."""
    expect(page.get_by_test_id("stMain").get_by_role("button").first).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=ANSWER_MS)
    expect(page.get_by_text("Drawing …")).to_have_count(0, timeout=ANSWER_MS)
    page.wait_for_function(SETTLED, timeout=ANSWER_MS)


def findings(page: Page, within: list[str] | None = None) -> list[str]:
    """What axe-core finds wrong on a page, or within a part of it: rule, element, and what is wrong with it."""
    page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "within => axe.run(within ? {include: within.map(one => [one])} : document, {resultTypes: ['violations']})",
        within,
    )
    return [
        f"{rule['id']}: {json.dumps(node['target'])}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def look_into_popovers(page: Page) -> None:
    """Open what opens over the page, one after the other, and look at it and at what opened it."""
    for button in page.get_by_test_id("stMain").get_by_test_id("stPopoverButton").all():
        button.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=ANSWER_MS)
        settle(page)
        assert (button.inner_text(), findings(page, OPENED)) == (button.inner_text(), [])
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def doors(page: Page) -> list[str]:
    """The addresses of all pages, as the navigation has them."""
    links = page.get_by_role("navigation").get_by_role("link")
    expect(links.first).to_be_visible(timeout=ANSWER_MS)
    return [str(link.get_attribute("href")) for link in links.all()]


def tab_to(page: Page, name: str, most: int = 80) -> list[str]:
    """Press Tab until something of that name has the focus; the names on the way."""
    passed: list[str] = []
    while len(passed) < most:
        page.keyboard.press("Tab")
        passed.append(str(page.evaluate(FOCUSED)))
        if name in passed[-1]:
            return passed
    raise AssertionError(f"Tab does not reach {name}: {passed}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(visited: Page, app_url: str, scheme: str) -> None:
    """Each page as it opens, and with all that can be opened in it: names, roles, contrast and the rest.

    Opened by its own address each page also speaks to nobody else and leaves no error in the console.
    """
    page = visited
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{app_url}/?scenario=teaching_line")
    for address in doors(page):
        page.goto(f"{address}?scenario=teaching_line")
        settle(page)
        assert (address, findings(page)) == (address, [])
        page.evaluate(OPEN_ALL)
        settle(page)
        assert (address, findings(page)) == (address, [])
        look_into_popovers(page)
        if page.get_by_role("tab", name="Tables").count():
            page.get_by_role("tab", name="Tables").click()
            expect(page.get_by_test_id("stTable").first).to_be_visible(timeout=ANSWER_MS)
            settle(page)
            assert (address, findings(page)) == (address, [])


def test_an_answer_can_be_had_with_the_keyboard_alone(visited: Page, app_url: str) -> None:
    """Tab comes to both doors, scenario, controls and Run; Enter opens a group, an arrow key adds one to the staff."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line")
    settle(page)
    tab_to(page, "Counter")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Clerks, at all hours")).to_be_visible()
    tab_to(page, "Clerks, at all hours")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Changed from base: +1 clerks, at all hours (3 → 4)")).to_be_visible(timeout=ANSWER_MS)
    passed = tab_to(page, "Scenario")
    assert {"Who should work when?", "When will it arrive?"} <= set(passed)
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Out of date.")).to_have_count(0, timeout=ANSWER_MS)


def test_who_wishes_less_motion_gets_less(visited: Page, app_url: str) -> None:
    """No animation or transition on the page takes longer than a moment."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line")
    settle(page)
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('*')].map(element => {
          const style = getComputedStyle(element);
          return Math.max(...(style.animationDuration + ',' + style.transitionDuration).split(',').map(parseFloat));
        }))"""
    )
    assert longest <= 0.001
