"""The lessons page as its script draws it: predict first, then reveal, then try; and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.show.journey import JourneyChart
from sim.show.lesson_charts import chart_name
from sim.study.lesson import answers
from sim.ui import pictures, running
from sim.ui.learning import lesson_file
from sim.world.lesson_files import lesson_paths
from tests.ui.runners import AtOnce, WhenTold
from tests.ui.test_app import OnePoint

SCRIPT = Path(__file__).with_name("only_learn.py")
SHORT = """
schema: 1
number: 1
title: A line
idea: |
  Three clerks serve a counter.

  Waiting is the time before being served.
scenario: teaching_line
settings: [clock.length=5 d]
replications: 8
runs:
  as_it_is: []
  four: [teams.clerks.staff=4]
  five: [teams.clerks.staff=5]
questions:
  - text: How long is the mean wait?
    measure: wait.counter.mean
    unit: min
    number: {from: 0, to: 60, step: 0.5, within: 4}
    theory: {formula: erlang_c, stage: counter, holds: exactly}
    chart: {across: utilisation.clerks, up: wait.counter.mean, runs: [as_it_is, four, five], theory: {formula: erlang_c, stage: counter, holds: exactly}}
    explanation: "They wait {answer}; theory says {theory}."
  - text: Who waits longest?
    measure: wait.counter.mean
    unit: min
    choice:
      right: largest
      options:
        - {text: with three clerks, run: as_it_is}
        - {text: with four clerks, run: four}
    explanation: 'Right is "{right}".'
try:
  text: Keep them from waiting.
  controls:
    clerks: {label: Clerks at all hours, path: teams.clerks.staff, from: 1, to: 6}
    work:
      label: Work
      options:
        as it is: []
        quicker: ["stages.counter.work={exponential: 3 min}"]
  keep: [delivery_time.p95 <= 20 min]
  people_at_most: 5
"""


@pytest.fixture(autouse=True)
def own_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A lesson that is quickly answered, in a teacher's own folder."""
    (tmp_path / "a_line.yaml").write_text(SHORT, encoding="utf-8")
    monkeypatch.setenv("IMPORTFLOW_LESSONS", str(tmp_path))
    return "a_line"


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


def page(lesson: str = "a_line") -> AppTest:
    """The page, opened by a link to a lesson."""
    at = AppTest.from_file(SCRIPT, default_timeout=60)
    at.query_params["lesson"] = lesson
    return at


def run(at: AppTest, *_moved: object) -> AppTest:
    """Run the script, with the widgets that were moved; nothing may have gone wrong in it."""
    at.run()
    assert not at.exception
    return at


def predicted(at: AppTest, minutes: float = 20.0, option: int = 1) -> AppTest:
    """Both questions predicted and revealed."""
    run(at, at.number_input(key="predict:a_line:0").set_value(minutes))
    run(at, at.button(key="reveal:0").click())
    run(at, at.radio(key="predict:a_line:1").set_value(option))
    return run(at, at.button(key="reveal:1").click())


def says(at: AppTest) -> str:
    """All text of the page, as it reads."""
    return "\n".join(text.value for text in at.markdown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def captions(at: AppTest) -> str:
    """All small print."""
    return "\n".join(text.value for text in at.caption)


def test_it_opens_with_the_first_lesson_and_its_first_question(told: WhenTold) -> None:
    """All lessons are in the list; the idea in paragraphs; one question, and nothing of its answer."""
    at = run(AppTest.from_file(SCRIPT, default_timeout=60))
    assert len(at.radio(key="lesson").options) == len(lesson_paths()) == 9
    at = run(page())
    assert at.radio(key="lesson").value == "a_line"
    assert at.main.subheader[-1].value == "A line"
    assert "Three clerks serve a counter." in [text.value for text in at.markdown]
    assert "Question 1 of 2" in captions(at)
    assert "Question 2 of 2" not in captions(at)
    assert not at.metric
    assert "try it yourself here" in captions(at)


def test_an_unknown_lesson_in_the_address_opens_the_first(told: WhenTold) -> None:
    """An old or mistyped link opens the page all the same, and the address is put right."""
    at = run(page("no_such_lesson"))
    assert at.radio(key="lesson").value == next(iter(lesson_paths()))
    assert at.query_params["lesson"] == at.radio(key="lesson").value


def test_nothing_is_revealed_before_it_is_predicted(at_once: AtOnce) -> None:
    """The button is locked until there is a prediction, though the answer is known by then."""
    at = run(page())
    assert at.button(key="reveal:0").disabled
    assert not at.metric
    run(at, at.number_input(key="predict:a_line:0").set_value(20.0))
    assert not at.button(key="reveal:0").disabled
    assert not at.metric


def test_a_number_stands_beside_the_run_and_the_theory(at_once: AtOnce) -> None:
    """What one said, what the run says with its interval, what the formula says, how far off one was, and why."""
    at = run(page())
    run(at, at.number_input(key="predict:a_line:0").set_value(20.0))
    at.session_state[f"table_{chart_name(0)}"] = True
    run(at, at.button(key="reveal:0").click())
    one = answers(lesson_file("a_line")).answered[0]
    assert [metric.label for metric in at.metric] == ["You said", "The run says", "Theory says"]
    assert at.metric[0].value == "20 minutes"
    assert at.metric[2].value == "7.02 minutes"
    assert f"95 % interval: {one.estimate.low:.0f} to {one.estimate.high:.0f}" in captions(at)
    assert at.info[0].value.startswith("Not quite: 1")
    assert "minutes too high" in at.info[0].value
    assert one.explanation in says(at)
    assert "Question 2 of 2" in captions(at)
    assert [button.label for button in at.download_button] == ["PNG", "SVG", "CSV"]
    assert list(at.dataframe[0].value.columns)[-1] == "Erlang C (min)"


def test_a_good_prediction_is_right(at_once: AtOnce) -> None:
    """Within what the question allows."""
    at = predicted(run(page()), minutes=7.0, option=0)
    assert [text.value.split(":")[0].rstrip(".") for text in at.success] == ["Right", "Right"]
    assert "2 of 2 predictions right" in captions(at)


def test_an_option_is_marked_beside_the_right_one(at_once: AtOnce) -> None:
    """Each with what the run says of it."""
    at = predicted(run(page()))
    (listed,) = [text.value for text in at.markdown if text.value.startswith("- **with three clerks**")]
    right, chosen = listed.splitlines()
    assert right.endswith("*(right)*")
    assert chosen.endswith("*(your prediction)*")
    assert "minutes" in right
    assert at.info[-1].value == "Not this one."
    assert "0 of 2 predictions right" in captions(at)


def test_a_prediction_cannot_be_changed_once_it_is_revealed(at_once: AtOnce) -> None:
    """The control is gone; what was said stays."""
    at = predicted(run(page()))
    assert [widget.key for widget in at.number_input if widget.key and widget.key.startswith("predict")] == []
    assert not any(button.key and button.key.startswith("reveal") for button in at.button)


def test_predictions_stay_when_one_goes_to_another_lesson_and_back(told: WhenTold) -> None:
    """And the list at the left says how far one has come."""
    at = run(page())
    told.finish()
    at = predicted(run(at))
    run(at, at.button(key="previous").click())
    assert at.radio(key="lesson").value == "one_orders_journey"
    run(at, at.radio(key="lesson").set_value("a_line"))
    assert at.metric[0].value == "20 minutes"
    assert len(at.metric) == 4


def test_what_is_revealed_before_it_is_known_is_waited_for(told: WhenTold) -> None:
    """Progress and Cancel; then the answer. Nobody has to wait who still reads."""
    at = run(page())
    assert not [button for button in at.button if button.key == "cancel"]
    run(at, at.number_input(key="predict:a_line:0").set_value(20.0))
    run(at, at.button(key="reveal:0").click())
    assert "being worked out" in captions(at)
    assert at.button(key="cancel")
    told.finish()
    run(at)
    assert at.metric[0].value == "20 minutes"
    assert not [button for button in at.button if button.key == "cancel"]


def test_who_cancels_can_have_it_worked_out_later(told: WhenTold) -> None:
    """A button begins again."""
    at = run(page())
    run(at, at.number_input(key="predict:a_line:0").set_value(20.0))
    run(at, at.button(key="reveal:0").click())
    run(at, at.button(key="cancel").click())
    assert [job.cancelled for job in told.waiting] == [True]
    run(at, at.button(key="work_out").click())
    assert [job.cancelled for job in told.waiting] == [True, False]
    told.finish()
    assert run(at).metric


def test_the_goal_is_said_and_all_else_is_locked(at_once: AtOnce) -> None:
    """After the last question: the goal in words, and no controls but those that the lesson unlocks."""
    at = predicted(run(page()))
    assert "95 of 100 are done within: at most 20 min" in says(at)
    assert "As little as possible: people in all" in says(at)
    assert [widget.label for widget in at.number_input] == ["Clerks at all hours"]
    assert at.selectbox(key="try:a_line:work").options == ["as it is", "quicker"]
    assert at.number_input(key="try:a_line:clerks").value == 3.0


def test_attempts_are_judged_and_listed(at_once: AtOnce) -> None:
    """Three clerks do not keep it, five do; quicker work with three does with fewer, and is the best."""
    at = predicted(run(page()))
    run(at, at.button(key="try_run").click())
    assert [text.value for text in at.warning] == ["The goal is not kept."]
    run(at, at.number_input(key="try:a_line:clerks").set_value(5.0))
    assert not at.warning
    run(at, at.button(key="try_run").click())
    assert at.success[-1].value == "The goal is kept. (best so far)"
    run(at, at.number_input(key="try:a_line:clerks").set_value(4.0))
    run(at, at.selectbox(key="try:a_line:work").set_value("quicker"))
    run(at, at.button(key="try_run").click())
    table = at.dataframe[-1].value
    assert list(table["Clerks at all hours"]) == ["4", "5", "3"]
    assert list(table["Work"]) == ["quicker", "as it is", "as it is"]
    assert list(table["People in all"]) == ["4", "5", "3"]
    assert list(table["Goal"]) == ["best so far", "kept", "not kept"]


def test_more_people_than_allowed_cannot_be_run(at_once: AtOnce) -> None:
    """The budget is said, and the button is locked."""
    at = predicted(run(page()))
    assert "3 people in all; at most 5 are allowed" in captions(at)
    run(at, at.number_input(key="try:a_line:clerks").set_value(6.0))
    assert at.warning[0].value == "6 people in all; at most 5 are allowed"
    assert at.button(key="try_run").disabled


def test_a_lesson_with_a_mistake_says_where(told: WhenTold, tmp_path: Path) -> None:
    """File, line and rule instead of a page."""
    (tmp_path / "a_line.yaml").write_text(SHORT.replace("within: 4", "within: -4"), encoding="utf-8")
    at = run(page())
    assert "a_line.yaml, line 20: questions.0.number.within: must be above 0, not '-4'" in at.error[0].value
    assert told.waiting == []


def test_what_only_a_run_can_tell_is_said_too(at_once: AtOnce, tmp_path: Path) -> None:
    """A measure that there is not."""
    (tmp_path / "a_line.yaml").write_text(SHORT.replace("{answer};", "{answer} {wait.clerk.mean};"), encoding="utf-8")
    at = run(page())
    assert "questions.0.explanation: no measure 'wait.clerk.mean'" in at.error[0].value


def test_the_journey_is_told_before_the_questions(told: WhenTold) -> None:
    """Worked out by a run: from paying to the door, leg by leg, with its chart."""
    at = run(page("one_orders_journey"))
    assert "being worked out" in captions(at)
    told.finish()
    at.session_state[f"table_{JourneyChart.name}"] = True
    run(at)
    assert at.main.subheader[-1].value == "One order's way"
    assert "Paid on Tue 1 Sep, 20:3" in says(at)
    assert "Delivered on" in says(at)
    assert len(at.dataframe[0].value) > 5
    assert [section.label for section in at.expander][1:] == ["The same in words", "Watch it"]
