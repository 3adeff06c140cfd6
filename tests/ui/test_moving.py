"""The moving picture as the page offers it, and as it is packed for the browser."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from sim.analysis.moving import MOST_STEPS, OUTSIDE, moving
from sim.analysis.run import Run
from sim.engine.engines import run
from sim.engine.records import NEVER
from sim.plan.compile import compile_file
from sim.ui import running
from sim.ui.components.moving import HERE, NAME, SCRIPTS
from sim.ui.texts import moving as words
from sim.ui.watching import AT_WORK, Packed, pack, unpack, watched
from sim.world.files import ScenarioFile, load
from sim.world.shipped import shipped
from tests.ui.runners import AtOnce, WhenTold
from tests.ui.test_app import STAFF, no_drawing, page

MOST_SENT_BYTES = 2_000_000
SHORT = ("clock.length=10 d", "clock.warm_up=2 d", "clock.measure=3 d")
__all__ = ["no_drawing"]  # a fixture of the page's tests


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> WhenTold:
    """Runs wait until a test lets them finish."""
    runner = WhenTold()
    monkeypatch.setattr(running, "places", lambda: runner)
    return runner


def site(*settings: str) -> ScenarioFile:
    """Ten days of the shipped six stages."""
    return load(shipped("six_stages"), [*SHORT, *settings])


@pytest.fixture(scope="module")
def sent() -> Packed:
    """The picture of ten days, as it is sent."""
    return watched(site(), None, 1, lambda _: None).pictures[0]


def numbers(picture: Packed) -> int:
    """How many numbers over time a picture has."""
    stations = sum(len(one["lanes"]) + 1 + len(one["crews"]) for one in picture["stations"])
    series = stations + len(picture["moves"]) + len(picture["teams"]) + 2 * picture["stock"]
    return int(series * picture["steps"])


def placed(picture: Packed) -> int:
    """How many orders a picture has had come in at its end: the last of the moves from outside."""
    first = numbers(picture) // picture["steps"] - len(picture["teams"]) - len(picture["moves"])
    outside = next(n for n, (origin, _) in enumerate(picture["moves"]) if origin == OUTSIDE)
    return int(unpack(picture["numbers"], picture["steps"])[first + outside, -1])


few_series = st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=4, max_size=4), min_size=1, max_size=5)


@given(few_series)
def test_what_is_packed_comes_out_again(series: list[list[int]]) -> None:
    """Whole numbers of 32 bits whose differences are no larger either."""
    small = [[number // 2 for number in one] for one in series]
    assert unpack(pack([np.array(one) for one in small]), 4).tolist() == small


def test_the_numbers_sent_are_those_of_the_picture(sent: Packed) -> None:
    """In the order in which the browser reads them: of each station its lanes, those at work, its crews; moves; teams."""
    plan = compile_file(site(), 1, 0)
    picture = moving(Run(plan, run(plan)))
    rows = iter(unpack(sent["numbers"], sent["steps"]))
    for told, station in zip(sent["stations"], picture.stations, strict=True):
        assert told["lanes"] == [lane.part for lane in station.lanes]
        assert [sent["teams"][team] for team in told["crews"]] == [
            plan.scenario.label("teams", crew.team) for crew in station.crews
        ]
        for expected in (
            *(lane.items for lane in station.lanes),
            station.at_work,
            *(crew.busy for crew in station.crews),
        ):
            assert (next(rows) == expected).all()
    for move in picture.moves:
        assert (next(rows) == move.so_far).all()
    for heads in picture.heads.values():
        assert (next(rows) == heads).all()
    assert next(rows, None) is None


def test_what_is_sent_grows_with_time_steps_and_not_with_orders(sent: Packed) -> None:
    """Four times the orders in the same ten days: less than half as much again."""
    busier = watched(site("flows.orders.arrivals.poisson.per_day=2400"), None, 1, lambda _: None).pictures[0]
    assert placed(busier) > 3.5 * placed(sent)
    assert busier["steps"] == sent["steps"]
    assert len(json.dumps(busier)) < 1.5 * len(json.dumps(sent))


def test_a_number_costs_less_than_a_byte_so_that_no_month_is_larger_than_2_mb(sent: Packed) -> None:
    """The medium site has 50 numbers a step at two flows; a picture has 9,000 steps at most: 0.45 million numbers.

    Three quarters of a byte each leave it at a sixth of the 2 MB; benchmarks/moving.py measures the month itself.
    """
    assert len(sent["numbers"]) < 0.75 * numbers(sent)
    assert 0.75 * 50 * MOST_STEPS < MOST_SENT_BYTES / 5


def test_journeys_are_sent_without_gaps(sent: Packed) -> None:
    """Each stay begins where the one before it ended; the story is told in the order of time and ends with its end."""
    assert len(sent["journeys"]) > 10
    for journey in sent["journeys"]:
        stays = journey["stays"]
        assert all(one[3] == two[2] for one, two in pairwise(stays))
        assert all(stay[1] < len(sent["stations"][stay[0]]["lanes"]) for stay in stays)
        assert all(AT_WORK - stay[1] < len(sent["stations"][stay[0]]["crews"]) for stay in stays if stay[1] < 0)
        moments = [at for at, _ in journey["story"]]
        assert moments == sorted(moments)
        assert journey["left"] == NEVER or moments[-1] == journey["left"]
    labels = [journey["label"] for journey in sent["journeys"]]
    assert any(label.startswith("The median (") for label in labels)
    assert "One that was held up: opening" in labels
    assert len(set(labels)) == len(labels)


def test_a_story_says_who_did_what_after_how_long(sent: Packed) -> None:
    """From the order to the buyer, in words."""
    median = next(one for one in sent["journeys"] if one["label"].startswith("The median"))
    lines = [text for _, text in median["story"]]
    assert lines[0].startswith("The order is placed")
    assert any(line.startswith("Picking, by pickers, a") for line in lines)
    assert lines[-1].startswith("Delivered after ")


def test_the_table_has_a_row_an_hour() -> None:
    """Waiting and at work by station; the same numbers as the picture at full hours."""
    made = watched(site(), None, 1, lambda _: None)
    table, picture = made.tables[0], made.pictures[0]
    assert len(table) == len({*table.index}) >= 240
    assert (table.index.minute == 0).all()
    assert list(table)[:2] == ["General cargo inspection: waiting (orders)", "General cargo inspection: people at work"]
    every = 3_600_000 // picture["step_ms"]
    assert (table.iloc[:, 0].to_numpy() == unpack(picture["numbers"], picture["steps"])[0][::every]).all()


def test_progress_runs_over_both_pictures() -> None:
    """That of the base is the second half."""
    said: list[float] = []
    made = watched(site("teams.pickers.shifts.day.staff=2"), site(), 1, said.append)
    assert len(made.pictures) == len(made.tables) == 2
    assert said == sorted(said)
    assert all(0 <= share <= 1 for share in said)
    first, second = ([one["id"] for one in picture["journeys"]] for picture in made.pictures)
    assert first == second


# The page.


def watching() -> AppTest:
    """A page on three days of the teaching line, with the section opened."""
    at = page("teaching_line", days=3.0)
    at.session_state["watch"] = True
    return at


def opened(at: AppTest) -> AppTest:
    """Run the script; nothing may have gone wrong in it."""
    at.run()
    assert not at.exception
    return at


def shown(at: AppTest) -> list[dict[str, Any]]:
    """What the component is given, for each time it stands on the page."""
    components = (element.proto for element in at.get("bidi_component"))
    return [json.loads(proto.json) for proto in components if proto.component_name == NAME]


def test_the_picture_is_made_when_asked_for(at_once: AtOnce) -> None:
    """Offered under the answer; a click runs one replication and hands the component one picture and its words."""
    at = opened(page("teaching_line", days=3.0))
    assert not [button for button in at.button if button.key == "watch_start"]
    at.session_state["watch"] = True
    opened(at)
    assert words.WATCH in [expander.label for expander in at.expander]
    assert shown(at) == []
    at.button(key="watch_start").click()
    (data,) = shown(opened(at))
    assert [one["name"] for one in data["pictures"][0]["stations"]] == ["Counter"]
    assert data["captions"] == [""]
    assert data["words"]["play"] == "Play"
    assert data["colours"]["light"]["accents"] != data["colours"]["dark"]["accents"]
    at.session_state[f"table {words.TABLE}"] = True
    assert "Counter: waiting (orders)" in list(opened(at).dataframe[-1].value)


def test_a_changed_plan_is_shown_beside_the_scenario_as_it_is(at_once: AtOnce) -> None:
    """The base first; both on one clock, with the same parcels to follow."""
    at = opened(watching())
    at.number_input(key=STAFF).set_value(4)
    opened(at)
    at.button(key="run").click()
    opened(at)
    at.button(key="watch_start").click()
    (data,) = shown(opened(at))
    assert data["captions"] == [words.AS_IT_IS, words.CHANGED]
    base, changed = data["pictures"]
    most = [unpack(one["numbers"], one["steps"]).max(axis=1) for one in (base, changed)]
    assert most[0][-1] == 3  # people on shift, the last of the numbers
    assert most[1][-1] == 4
    assert [one["id"] for one in base["journeys"]] == [one["id"] for one in changed["journeys"]]


def test_the_picture_stays_until_the_answer_is_another(at_once: AtOnce) -> None:
    """Nothing is computed again when the page is drawn anew; another answer has to be asked for its own picture."""
    at = opened(watching())
    at.button(key="watch_start").click()
    opened(at)
    runs = len(at_once.done)
    assert shown(opened(at))
    assert len(at_once.done) == runs
    at.number_input(key=STAFF).set_value(4)
    opened(at)
    at.button(key="run").click()
    assert shown(opened(at)) == []


def test_while_it_is_made_one_can_stop_it(told: WhenTold) -> None:
    """A bar and Stop; after Stop it is offered again."""
    at = opened(watching())
    told.finish()
    opened(at)
    at.button(key="watch_start").click()
    opened(at)
    assert [job.cancelled for job in told.waiting] == [False]
    at.button(key="watch_stop").click()
    opened(at)
    assert [job.cancelled for job in told.waiting] == [True]
    assert at.button(key="watch_start").label == words.START
    assert shown(at) == []


def test_a_picture_that_fails_says_so(told: WhenTold) -> None:
    """With what went wrong, and offers it again."""
    at = opened(watching())
    told.finish()
    opened(at)
    at.button(key="watch_start").click()
    opened(at)
    told.waiting[0].finish(problem="no room")
    opened(at)
    assert "no room" in at.error[0].value
    at.button(key="watch_start").click()
    opened(at)
    assert not at.error
    told.waiting[-1].finish()  # given up, since nobody looked at it for long
    assert opened(at).button(key="watch_start").label == words.START


def test_all_words_of_the_browser_stand_in_the_texts() -> None:
    """What the scripts ask of ``words`` is there, and nothing is there that they do not ask for."""
    scripts = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    asked = set(re.findall(r"\bwords\.(\w+)", scripts)) | {"back", "on"}
    by_part = {"queueing", "batch", "documents", "documents_alone", "hold", "stock", "transit"}
    assert asked | by_part == {*words.CONTROLS, *words.IN_PICTURE}


def test_each_file_of_the_component_is_used() -> None:
    """No script is left out of what the browser runs."""
    assert {path.name for path in HERE.glob("*.js")} == {*SCRIPTS}
