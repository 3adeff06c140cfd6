"""What stands around an answer on the planner's page: the line of stages, further questions, more replications."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from sim.ui import pictures
from sim.ui.choice import Choice
from sim.ui.components.controls_panel import group_key
from sim.ui.controls import groups_of
from tests.ui.runners import AtOnce
from tests.ui.test_address import opened
from tests.ui.test_app import STAFF, OnePoint, run, says

PAID = "scenario=teaching_line&days=5&replications=5&seed=1&set=teams.clerks.wage=30"


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not what these tests are about."""
    drawer = OnePoint()
    monkeypatch.setattr(pictures, "place", lambda: drawer)


def study(at: AppTest, kind: str) -> AppTest:
    """Ask a further question; it is answered at once."""
    return run(at, at.button(key=f"study:{kind}").click())


def table(at: AppTest) -> list[dict[str, object]]:
    """The answer of a further question in rows."""
    [frame] = at.table
    return list(frame.value.reset_index().to_dict("records"))


def test_a_click_on_a_stage_opens_its_controls_alone(at_once: AtOnce) -> None:
    """Whatever was open before is closed, so that its controls are in sight."""
    at = opened("scenario=six_stages&days=1&replications=2")
    run(at, at.button(key="map:picking").click())
    choice = Choice("six_stages")
    keys = {group.key: group_key(choice, group) for group in groups_of(choice.load())}
    assert [key for key, place in keys.items() if at.session_state[place]] == ["picking"]


def test_the_cheapest_staffing_can_be_taken_over(at_once: AtOnce) -> None:
    """The control shows it, and the answer is that of the new plan."""
    at = study(opened(f"{PAID}&set=teams.clerks.staff=8"), "staffing")
    [row] = table(at)
    assert (row["Team and shift"], row["Now"]) == ("Clerks", "8")
    cheapest = int(str(row["Cheapest"]))
    assert cheapest < 8
    assert "CNY a day in wages, " in says(at, "**The cheapest staffing found that keeps ")
    run(at, at.button(key="take_over").click())
    assert at.number_input(key=STAFF).value == cheapest
    assert "This is about settings that have changed since." in [caption.value for caption in at.caption]
    run(at, at.button(key="close_study").click())
    assert not [button for button in at.button if button.key == "close_study"]


def test_one_more_person_is_tried_in_every_shift(at_once: AtOnce) -> None:
    """Each post with one more and, where somebody is left, one fewer; the sentence says what the best brings."""
    at = study(opened(PAID), "one_more")
    assert [row["Change"] for row in table(at)] == ["+1", "\N{MINUS SIGN}1"]
    said = says(at, "**For its money, one more in clerks brings most")
    assert "90 of 100 have it" in said
    assert re.search(r"; that costs [\d.]+ CNY a day more\.", said)


def test_how_much_it_can_take_is_told_for_what_has_to_be_kept(at_once: AtOnce) -> None:
    """With another limit on delivery the answer is another one."""
    at = study(opened(PAID), "capacity")
    usual = says(at, "**95 of 100 delivered within 1 h")
    limit = next(field for field in at.number_input if str(field.key).startswith("goal:"))
    run(at, limit.set_value(3.0))
    study(at, "capacity")
    assert says(at, "**95 of 100 delivered within 3 h") != usual


def test_without_wages_no_staffing_is_searched(at_once: AtOnce) -> None:
    """The button says why."""
    at = opened(PAID.partition("&set")[0])
    button = at.button(key="study:staffing")
    assert button.disabled
    assert button.help == "No team of this scenario has a wage, so no staffing is cheaper than another."


def test_more_replications_are_offered_where_they_would_tell(at_once: AtOnce) -> None:
    """A change that two replications cannot tell: a click runs as many as it takes."""
    at = opened("scenario=teaching_line&days=1&replications=2&seed=1&set=teams.clerks.staff=4")
    offer = at.button(key="run_more")
    more = int(offer.label.split()[1])
    run(at, offer.click())
    assert at.number_input(key="run:teaching_line:replications").value == 2 + more
