"""A page's address follows what is moved, and opening it moves the page there: the planner's, and the seller's."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from sim.ui import pictures, running
from sim.ui.choice import Choice, offered
from sim.ui.components import address
from tests.ui.groups import open_all
from tests.ui.runners import AtOnce, WhenTold
from tests.ui.test_app import APP, STAFF, OnePoint, run, warnings
from tests.ui.test_seller import SCRIPT

SITE = "set:small_site_fortnight:"


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not what these tests are about."""
    drawer = OnePoint()
    monkeypatch.setattr(pictures, "place", lambda: drawer)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> WhenTold:
    """Runs wait until a test lets them finish."""
    runner = WhenTold()
    monkeypatch.setattr(running, "places", lambda: runner)
    return runner


def opened(link: str, script: object = APP) -> AppTest:
    """A new session that opens a link."""
    at = AppTest.from_file(str(script), default_timeout=60)
    for name, values in parse_qs(link).items():
        at.query_params[name] = values
    return run(open_all(at, *(Choice(name) for name in parse_qs(link)["scenario"] if name in offered())))


def said(at: AppTest) -> dict[str, list[str]]:
    """What the address says now."""
    parts = {name: at.query_params[name] for name in at.query_params}
    return {name: [values] if isinstance(values, str) else values for name, values in parts.items()}


def test_a_link_puts_every_control_and_the_run_where_it_says(told: WhenTold) -> None:
    """Staff, shares, a choice, a switch, days, replications and seed; and the page asks just that."""
    at = opened(
        "scenario=small_site_fortnight&set=teams.packers.shifts.early.staff=9&set=stages.customs.credit=certified"
        "&set=stages.customs.pick_before_acceptance=no&set=stages.packing.damage.fragile=7.5 %"
        "&days=3&replications=2&seed=5"
    )
    assert at.number_input(key=f"{SITE}teams.packers.shifts.early.staff").value == 9
    assert at.number_input(key=f"{SITE}stages.packing.damage.fragile").value == 7.5
    assert at.selectbox(key=f"{SITE}stages.customs.credit").value == "certified"
    assert at.toggle(key=f"{SITE}stages.customs.pick_before_acceptance").value is False
    asked = told.waiting[0].task.arguments
    assert asked[0].scenario.teams["packers"].shifts["early"].staff == 9
    assert (asked[0].scenario.clock.length, asked[1].replications, asked[1].seed) == (3 * 86_400_000, 2, 5)
    assert not at.warning


def test_what_is_moved_comes_back_by_its_link(told: WhenTold) -> None:
    """Move controls in one session and open its address in another: the same question, and the same address."""
    at = opened("scenario=small_site_fortnight&days=2&replications=3&seed=4")
    at.number_input(key=f"{SITE}teams.packers.shifts.late.staff").set_value(1)
    at.number_input(key=f"{SITE}stages.packing.damage.fragile").set_value(12.25)
    run(at, at.number_input(key="seed").set_value(9))
    other = opened("&".join(f"{name}={value}" for name, values in said(at).items() for value in values))
    assert said(other) == said(at)
    assert other.number_input(key=f"{SITE}stages.packing.damage.fragile").value == 12.25
    run(at, at.button(key="run").click())
    assert told.waiting[-1].task.key == told.waiting[-2].task.key


def test_the_address_says_all_that_a_run_depends_on(told: WhenTold) -> None:
    """Days and replications too, which another version or machine might propose otherwise."""
    at = opened("scenario=teaching_line")
    run(at, at.number_input(key=STAFF).set_value(4))
    assert said(at) == {
        "scenario": ["teaching_line"],
        "set": ["teams.clerks.staff=4"],
        "days": ["10"],
        "replications": ["10"],
        "seed": ["1"],
    }
    run(at, at.button(key="undo").click())
    assert "set" not in said(at)


def test_what_has_no_control_is_applied_shown_and_can_be_left_out(told: WhenTold) -> None:
    """A wage has no control: it stands under "changed from base" until it is left out."""
    at = opened("scenario=teaching_line&set=teams.clerks.wage=31&set=teams.clerks.staff=4&days=1&replications=2")
    assert told.waiting[0].task.arguments[0].scenario.teams["clerks"].wage == 31
    changed = next(text.value for text in at.markdown if text.value.startswith("Changed from base")).replace("\\", "")
    assert changed == "Changed from base: clerks, wage set to 31; +1 clerks, at all hours (3 → 4)"
    assert said(at)["set"] == ["teams.clerks.wage=31", "teams.clerks.staff=4"]
    run(at, at.button(key="leave_out").click())
    assert said(at)["set"] == ["teams.clerks.staff=4"]
    assert not [button for button in at.button if button.key == "leave_out"]


def test_what_cannot_be_used_is_said_until_something_is_moved(told: WhenTold) -> None:
    """A wrong name, a value out of range and an unknown field; what is right is used all the same."""
    at = opened("scenario=teaching_line&set=teams.clerks.staf=9&set=teams.clerks.staff=4&days=99&colour=red&seed=x")
    for line in (
        "colour=red: this page knows no such field",
        "teams.clerks.staf=9: teams.clerks.staf: unknown key; did you mean 'staff'?",
        "days=99: must be from 1 to 10",
        "seed=x: is no number",
    ):
        assert line in warnings(at)
    assert at.number_input(key=STAFF).value == 4
    assert at.number_input(key="run:teaching_line:days").value == 10
    assert "colour" not in said(at)
    assert "colour" in warnings(run(at))
    run(at, at.number_input(key=STAFF).set_value(5))
    assert "colour" not in warnings(at)


def test_words_of_a_link_are_words(told: WhenTold) -> None:
    """What a stranger's link says is shown as it is and cannot become a picture from elsewhere."""
    at = opened("scenario=teaching_line&![x](http://example.org/x.png)=1")
    assert r"\!\[x\]\(http\://example.org/x.png\)" in at.warning[0].value


def test_an_unknown_scenario_is_named(told: WhenTold) -> None:
    """The page opens on its first scenario and says that the link asked for another."""
    at = opened("scenario=no_such_plan&days=2")
    assert at.selectbox(key="scenario").value == "six_stages"
    assert "scenario=no_such_plan: no scenario of this name comes with the product" in warnings(at)


def test_going_back_moves_the_page_back(told: WhenTold, monkeypatch: pytest.MonkeyPatch) -> None:
    """To an address without settings the controls stand as at first; at any other time the page goes before its address."""
    at = opened("scenario=teaching_line&set=teams.clerks.staff=4&days=2&replications=2&seed=3")
    del at.query_params["set"]
    assert run(at).number_input(key=STAFF).value == 4
    assert said(at)["set"] == ["teams.clerks.staff=4"]

    del at.query_params["set"]
    at.query_params["days"] = "1"
    monkeypatch.setattr(address, "_goes_back_or_forward", lambda: True)
    assert run(at).number_input(key=STAFF).value == 3
    assert at.number_input(key="run:teaching_line:days").value == 1
    assert at.number_input(key="seed").value == 3
    assert "set" not in said(at)


def test_the_opened_tab_stands_in_the_address(at_once: AtOnce) -> None:
    """Where it is not the first; a link opens it, and a heading that the answer does not have is ignored."""
    line = "scenario=teaching_line&days=1&replications=2"
    at = opened(f"{line}&tab=Checks")
    assert at.session_state["tabs"] == "Checks"
    assert said(at)["tab"] == ["Checks"]
    assert "tab" not in said(opened(line))
    other = opened(f"{line}&tab=Nonsense")
    assert other.session_state["tabs"] != "Nonsense"


def test_a_file_of_ones_own_is_not_in_the_link(told: WhenTold) -> None:
    """The address says only that it is one; settings in it would be those of a file that nobody else has."""
    at = opened("scenario=teaching_line")
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    assert said(at) == {"scenario": ["own_file"]}
    text = Choice("teaching_line").load().text().encode()
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", text, "application/yaml")))
    assert said(at) == {"scenario": ["own_file"]}


def test_a_seller_finds_the_order_that_a_link_asks_about(told: WhenTold) -> None:
    """Day, hour, goods, wanted day, chance and how it is run; and the address says the same."""
    link = (
        "scenario=six_stages&day=2026-09-01&hour=15&goods=fragile&wanted=2026-09-04&chance=80"
        "&days=12&replications=3&seed=6"
    )
    at = opened(link, SCRIPT)
    assert at.date_input(key="order:six_stages:day").value == date(2026, 9, 1)
    assert at.selectbox(key="order:six_stages:goods").value == "fragile"
    order, settings = told.waiting[0].task.arguments[2], told.waiting[0].task.arguments[1]
    assert (order.placed.hour, order.chance, order.goods_class) == (15, 0.8, "fragile")
    assert (settings.replications, settings.seed) == (3, 6)
    assert said(at) == parse_qs(link)
    assert not at.warning


def test_a_sellers_link_is_held_to_what_the_page_offers(told: WhenTold) -> None:
    """Each field that is wrong is named with its rule; settings have no meaning where nothing can be changed."""
    at = opened(
        "scenario=six_stages&day=tomorrow&hour=24&goods=gold&wanted=1999-01-01&chance=99&set=teams.pickers.staff=1",
        SCRIPT,
    )
    for line in (
        "set=teams.pickers.staff=1: this page runs scenarios as they are",
        "day=tomorrow: is no date",
        "hour=24: must be from 0 to 23",
        "goods=gold: must be one of normal, fragile, chilled",
        "wanted=1999-01-01: must be from 2025-",
        "chance=99: must be one of 50, 80, 90, 95",
    ):
        assert line in warnings(at)
