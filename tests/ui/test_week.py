"""Shifts of a week are edited in a table, and the table becomes settings that the scenario takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim.ui import running
from sim.ui.choice import Choice
from sim.ui.components import week as panel
from sim.ui.pages import planner
from sim.ui.texts import planner as texts
from sim.ui.week import days_text, edited, rows, stretches, teams_with_shifts
from sim.world.errors import ScenarioError
from sim.world.units import parse_days
from tests.ui.groups import open_all
from tests.ui.runners import WhenTold

APP = Path(__file__).parents[2] / "app.py"
SITE = "small_site_fortnight"


def changed(team: str, table: pd.DataFrame) -> Any:
    """The team of the small site after its table was edited."""
    file = Choice(SITE).load()
    found = edited(file.scenario, team, table)
    staff = [f"{path}={count}" for path, count in found.staff.items()]
    return Choice(SITE).load((*found.settings, *staff)).scenario.teams[team]


@pytest.mark.parametrize("team", teams_with_shifts(Choice(SITE).load().scenario))
def test_an_unchanged_table_changes_nothing(team: str) -> None:
    """No setting, and the staff that each shift has."""
    scenario = Choice(SITE).load().scenario
    found = edited(scenario, team, rows(scenario, team))
    assert found.settings == ()
    assert found.staff == {
        f"teams.{team}.shifts.{key}.staff": one.staff for key, one in scenario.teams[team].shifts.items()
    }


@pytest.mark.parametrize("days", [(0,), (0, 1, 2, 3, 4), (5, 6), (0, 2, 6), tuple(range(7))])
def test_days_are_written_as_they_are_read(days: tuple[int, ...]) -> None:
    """What the table shows means the same days to the scenario."""
    assert parse_days(days_text(days)) == days


def test_a_shift_that_moves_takes_its_breaks_with_it() -> None:
    """Two hours later from begin to end: the break is two hours later too, and the length is the same."""
    scenario = Choice(SITE).load().scenario
    before = scenario.teams["packers"].shifts["late"]
    assert before.breaks
    table = rows(scenario, "packers").set_index("shift", drop=False)
    hour = 3_600_000
    table.loc["late", ["from", "to"]] = [f"{(at // hour + 1) % 24:02}:00" for at in (before.begin, before.end)]
    after = changed("packers", table).shifts["late"]
    assert (after.begin - before.begin) % (24 * hour) == hour
    assert after.length_ms == before.length_ms
    assert (after.breaks[0].at - before.breaks[0].at) % (24 * hour) == hour


def test_a_shift_can_be_added_and_one_that_is_deleted_has_nobody() -> None:
    """The new one is as its row says; the scenario keeps the other, without staff."""
    scenario = Choice(SITE).load().scenario
    table = rows(scenario, "packers")
    gone = table.loc[0, "shift"]
    table = pd.concat(
        [table.iloc[1:], pd.DataFrame([["night", "mon, wed", "23:00", "04:00", 2.0]], columns=table.columns)]
    )
    team = changed("packers", table)
    assert team.shifts[gone].staff == 0
    new = team.shifts["night"]
    assert (new.days, new.begin, new.end, new.staff) == ((0, 2), 23 * 3_600_000, 4 * 3_600_000, 2)


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("from", "25:00", "is not a time of day; write 08:30"),
        ("days", "someday", "is not a day; write daily, mon-fri"),
        ("to", rows(Choice(SITE).load().scenario, "packers").loc[0, "from"], "from and to are equal"),
        ("staff", None, "staff"),
    ],
)
def test_what_is_no_shift_is_refused_in_the_words_of_the_scenario(column: str, text: str | None, said: str) -> None:
    """The rule that is broken is named as for a scenario file."""
    table = rows(Choice(SITE).load().scenario, "packers").astype(object)
    table.loc[0, column] = text
    with pytest.raises(ScenarioError, match=said):
        changed("packers", table)


def test_names_must_be_there_and_differ() -> None:
    """A row without a name, or with another's, says which rule it breaks."""
    scenario = Choice(SITE).load().scenario
    table = rows(scenario, "packers")
    for name, said in (("", texts.NO_SHIFT_NAME), (table.loc[1, "shift"], "two shifts are called")):
        table.loc[0, "shift"] = name
        with pytest.raises(ValueError, match=said):
            edited(scenario, "packers", table)


def test_the_picture_cuts_shifts_at_midnight() -> None:
    """Two days from 22:00 to 06:00 are four stretches, the later ones on the days after."""
    setting = 'teams.clerks.shifts={"night": {"days": "sat, sun", "from": "22:00", "to": "06:00", "staff": "1"}}'
    found = stretches(Choice(SITE).load([setting]).scenario, "clerks")
    pieces = sorted(map(tuple, found[["day", "from_h", "to_h"]].to_numpy().tolist()))
    assert pieces == [(0, 0, 6), (5, 22, 24), (6, 0, 6), (6, 22, 24)]


def test_shifts_that_are_used_change_the_question_and_can_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page names the new times as a change, the number in the sidebar follows; back brings the scenario's own."""
    told = WhenTold()
    monkeypatch.setattr(running, "places", lambda: told)
    monkeypatch.setattr(planner, "PATIENCE_S", 0.0)
    table = rows(Choice("six_stages").load().scenario, "inspectors")
    table.loc[0, ["from", "to", "staff"]] = ["09:00", "21:00", 6]
    monkeypatch.setattr(panel.st, "data_editor", lambda *_, **__: table)  # AppTest cannot type into a table
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["scenario"] = "six_stages"
    open_all(at, Choice("six_stages")).run()
    at.button(key="week").click().run()
    at.button(key="use_week").click().run()
    assert not at.exception
    says = "\n".join(text.value for text in at.markdown).replace("\\", "")
    assert "inspectors, day shift, from 08:00 → 09:00" in says
    assert at.number_input(key="set:six_stages:teams.inspectors.shifts.day.staff").value == 6
    at.button(key="undo_week").click().run()
    assert at.number_input(key="set:six_stages:teams.inspectors.shifts.day.staff").value == 4
    assert "Changed from base" not in "\n".join(text.value for text in at.markdown)
