"""The app in a real browser: the main way through, cancelling, small screens, and that it speaks to nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.serving import fits

pytestmark = pytest.mark.browser

ANSWER_MS = 120_000
"""The first answer of a server may wait for compilers; all later ones are quicker."""

CANCEL_MS = 15_000
"""On an idle machine it takes a fraction of a second; this leaves room for a busy one."""

HIGHEST_CELL_PX = 70
"""Of a table on a phone: a heading and two lines."""

FIVE_CHANGES = "&".join(
    f"set=stages.{path}"
    for path in (
        "inspection.accuracy%3D0.97",
        "picking.mispick%3D0.03",
        "packing.damage.normal%3D0.006",
        "customs.selection_rate%3D0.06",
        "delivery.attempt_fails%3D0.04",
    )
)
UNCUT = "value => [value, ...value.querySelectorAll('*')].every(part => part.scrollWidth <= part.clientWidth)"


def numbers(page: Page) -> Locator:
    """The headline numbers."""
    return page.get_by_test_id("stMetric")


def charts(page: Page) -> Locator:
    """The charts that can be seen at this width."""
    return page.get_by_test_id("stVegaLiteChart").locator("svg, canvas").filter(visible=True)


def test_the_main_way_through(visited: Page, app_url: str, tmp_path: Path) -> None:
    """Open, read, change a team's staff, see the answer change and by how much, take the scenario away."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line")
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    sentence = page.locator(".st-key-sentence")
    expect(charts(page).first).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text(re.compile("Computed for: .* 10 replications"))).to_be_visible(timeout=ANSWER_MS)
    before = sentence.inner_text()
    assert re.match(r"95 of 100 .* within [\d.]+ min", before)

    page.get_by_test_id("stSidebar").get_by_text("Counter", exact=True).click()
    staff = page.get_by_label("Clerks, at all hours")
    staff.fill("4")
    staff.press("Enter")  # what takes a moment is run at once
    expect(sentence).not_to_have_text(before, timeout=ANSWER_MS)
    group = page.get_by_test_id("stSidebar").get_by_text("Counter", exact=True).first
    assert group.evaluate("e => getComputedStyle(e, '::after').content") == '" · changed"'
    expect(staff).to_be_visible()
    expect(numbers(page).first.get_by_test_id("stMetricDelta")).to_contain_text("-", timeout=ANSWER_MS)
    expect(page.get_by_text("Changed from base: +1 clerks, at all hours (3 → 4)")).to_be_visible()

    page.get_by_role("button", name="Report and files").click(timeout=ANSWER_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Scenario with these changes (YAML)").click()
    download.value.save_as(tmp_path / "scenario.yaml")
    assert "staff: '4'" in (tmp_path / "scenario.yaml").read_text(encoding="utf-8")


def test_a_tab_shows_its_charts_and_a_chart_can_be_saved(visited: Page, app_url: str) -> None:
    """A heading opened later is drawn when it is opened; PNG, SVG and CSV are what their names say."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line")
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    for heading in ("Where the hours went", "Throughput"):
        page.get_by_role("tab", name=heading).click()
        expect(page.get_by_role("tab", name=heading)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_text("Drawing …")).to_have_count(0, timeout=ANSWER_MS)
        expect(charts(page).first).to_be_visible(timeout=ANSWER_MS)
        assert charts(page).first.evaluate("element => element.closest('[aria-label]')?.ariaLabel ?? element.ariaLabel")
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<?xml"), ("CSV", b"day,")):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind, exact=True).first.click()
        assert download.value.suggested_filename == f"teaching_line_throughput.{kind.lower()}"
        assert download.value.path().read_bytes().startswith(begins)


def test_a_chart_tells_what_one_points_at(visited: Page, app_url: str) -> None:
    """Beside the pointer stand the day of the site, whatever the reader's time zone, and the number with its spread."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line")
    throughput = page.locator(".st-key-chart_throughput [data-testid=stVegaLiteChart]").first
    expect(throughput.locator("svg, canvas").first).to_be_visible(timeout=ANSWER_MS)
    throughput.hover(position={"x": 400, "y": 120})
    told = page.locator("#vg-tooltip-element.visible")
    expect(told).to_contain_text(
        re.compile(r"day\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ [A-Z][a-z]{2}\s*placed\s*[\d,.]+ \([\d,.]+ to [\d,.]+\)")
    )


def test_charts_have_the_colours_of_the_scheme_that_comes_while_they_stand_there(visited: Page, app_url: str) -> None:
    """In the evening, when the browser becomes dark, words and lines of the charts are light."""
    page = visited
    page.goto(f"{app_url}/?scenario=teaching_line")
    words = page.locator(".st-key-chart_throughput svg text[fill]").first
    expect(words).to_be_attached(timeout=ANSWER_MS)
    by_day = words.get_attribute("fill") or ""
    page.emulate_media(color_scheme="dark")
    expect(words).not_to_have_attribute("fill", by_day, timeout=ANSWER_MS)


def test_cancel_ends_a_long_run_at_once(visited: Page, app_url: str) -> None:
    """The page says that it is cancelled long before the minutes of the run are over."""
    page = visited
    page.goto(f"{app_url}/?scenario=medium_site_fortnight")
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    page.get_by_test_id("stSidebar").get_by_text("How it is run", exact=True).click()
    replications = page.get_by_label("Replications", exact=True)
    replications.fill("60")
    replications.press("Enter")
    expect(page.get_by_text("Out of date.")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible(timeout=ANSWER_MS)
    cancel.click()
    expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=CANCEL_MS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_small_and_large_screens(visited: Page, app_url: str, scheme: str) -> None:
    """Nothing is wider than the screen; charts take the width there is.

    At 1280 x 800 sentence and numbers are seen without scrolling.
    """
    page = visited
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{app_url}/?scenario=teaching_line")
    expect(numbers(page).last).to_be_in_viewport(timeout=ANSWER_MS)
    throughput = page.locator(".st-key-chart_throughput [data-testid=stVegaLiteChart]").first
    expect(throughput).to_be_visible(timeout=ANSWER_MS)
    for width in (1280, 768, 375):
        page.set_viewport_size({"width": width, "height": 800})
        expect(throughput).to_be_visible()
        fits(page)
    page.get_by_role("tab", name="Tables").click()
    cells = page.get_by_test_id("stTable").locator("td")
    expect(cells.first).to_be_visible(timeout=ANSWER_MS)
    assert max(cells.evaluate_all("cells => cells.map(cell => cell.clientHeight)")) <= HIGHEST_CELL_PX
    fits(page)


def test_numbers_are_seen_whole_below_several_changes(visited: Page, app_url: str) -> None:
    """At 1280 x 800, where five settings are changed and all that comes by itself has come; and the map leads to controls."""
    page = visited
    page.goto(f"{app_url}/?scenario=six_stages&days=5&replications=3&{FIVE_CHANGES}")
    expect(page.get_by_text(re.compile("^Against the scenario as it is: ."))).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator(".st-key-one_person")).to_be_visible(timeout=ANSWER_MS)
    for card in page.locator("[class*=st-key-number_]").all():
        expect(card).to_be_in_viewport(ratio=1)
        assert card.get_by_test_id("stMetricValue").evaluate(UNCUT)
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'")
    stage = page.locator("[class*=st-key-stage_]").filter(has_text="Packing")
    stage.get_by_test_id("stCaptionContainer").click(force=True)  # all of it can be pressed, not only its name
    expect(page.get_by_role("spinbutton", name="Packers, day shift")).to_be_visible(timeout=ANSWER_MS)


def test_a_seller_gets_dates_and_finds_the_planner_as_it_was(visited: Page, app_url: str) -> None:
    """Through the second door: dates, map and listing for the same scenario; another hour; back to a changed control.

    At 375 and 1280 px nothing is wider than the screen; at 1280 x 800 the dates are seen without scrolling.
    """
    page = visited
    page.goto(f"{app_url}/?scenario=six_stages")
    expect(numbers(page).first).to_be_visible(timeout=ANSWER_MS)
    page.get_by_text("Picking", exact=True).first.click()
    staff = page.locator("[data-testid=stSidebar] input[type=number]").filter(visible=True).first
    label, moved = staff.get_attribute("aria-label"), str(int(staff.input_value()) + 1)
    staff.fill(moved)
    staff.press("Enter")
    expect(page.get_by_text("Changed from base:")).to_be_visible(timeout=ANSWER_MS)

    page.get_by_role("link", name="When will it arrive?").click()
    sentence = page.locator(".st-key-sentence").first  # the last answer may stand below the new one for a moment
    expect(sentence).to_contain_text("Ordered on Saturday 29 August, 10:00: 95 of 100", timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"/arrival\?scenario=six_stages&"))
    expect(numbers(page)).to_have_count(4)
    expect(numbers(page).last).to_be_in_viewport()
    order_hour = page.locator(".st-key-chart_order_hour [data-testid=stVegaLiteChart]")
    expect(order_hour).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text("Ordered on Saturday 29 August between 10:00 and 10:59")).to_be_visible()
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        expect(order_hour).to_be_visible()
        fits(page)
    page.set_viewport_size({"width": 1280, "height": 800})

    page.get_by_label("Between", exact=False).first.click()
    page.get_by_role("option", name="07:00 and 07:59").click()
    expect(sentence).to_contain_text("10:00")
    page.get_by_role("button", name="Show the dates").click()
    expect(sentence).to_contain_text("Ordered on Saturday 29 August, 07:00", timeout=ANSWER_MS)

    page.get_by_role("link", name="Who should work when?").click()
    expect(page.get_by_text("Changed from base:")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_test_id("stSidebar").get_by_text("Picking", exact=True).click()
    expect(page.get_by_label(label or "", exact=True)).to_have_value(moved)
