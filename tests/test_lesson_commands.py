"""``importflow lessons`` and ``importflow lesson``: what a teacher reads before a class does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.world.lesson_files import lesson_paths
from tests.test_cli import told
from tests.ui.test_learn import SHORT


@pytest.fixture
def a_line(tmp_path: Path) -> Path:
    """The file of a short lesson."""
    path = tmp_path / "a_line.yaml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def test_lessons_are_listed_in_their_order() -> None:
    """Name, number of questions, title."""
    out, err = told("lessons")
    assert [line.split()[0] for line in out.splitlines()] == list(lesson_paths())
    assert "4 questions  The peak: 11 November" in out
    assert err == ""


def test_a_lesson_is_printed_with_its_answers(a_line: Path) -> None:
    """Idea, questions, answers with intervals, the right option, the formula beside them, and how it was run."""
    out, err = told("lesson", str(a_line))
    assert out.splitlines()[0] == "1. A line"
    assert "Question 1. How long is the mean wait?" in out
    assert "Theory (Erlang C): 7.02 minutes, within the interval of the run" in out
    assert "right  with three clerks: " in out
    assert "8 replications, seed 1; runs: as_it_is, four, five" in out
    assert "minutes (" in out
    assert err == ""


def test_a_closer_look_takes_more_replications(a_line: Path) -> None:
    """As many as are asked for, instead of those of the file."""
    out, _ = told("lesson", str(a_line), "--replications", "3")
    assert "3 replications, seed 1" in out


def test_a_journey_is_told() -> None:
    """Where a lesson follows an order, its way stands before the questions."""
    out, _ = told("lesson", "one_orders_journey", "--replications", "2")
    assert out.index("Paid on Tue 1 Sep, 20:3") < out.index("Delivered on Fri 4 Sep") < out.index("Question 1.")


def test_a_lesson_as_json_is_one_object(a_line: Path) -> None:
    """For programs: answers with intervals, options, theory."""
    found = json.loads(told("lesson", str(a_line), "--format", "json")[0])
    assert (found["lesson"], found["replications"], found["seed"]) == ("a_line", 8, 1)
    first, second = found["questions"]
    assert first["answer"]["low"] < first["answer"]["mean"] < first["answer"]["high"]
    assert first["answer"]["unit"] == "min"
    assert first["theory"]["formula"] == "Erlang C"
    assert first["theory"]["as_claimed"] is True
    assert (second["right"], second["options"]) == (0, ["with three clerks", "with four clerks"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("within: 4", "within: none", "a_line.yaml, line 20: questions.0.number.within: must be a number, not 'none'"),
        ("stage: counter, holds: exactly}\n    chart", "stage: desk, holds: exactly}\n    chart", "questions.0.theory.stage: no stage 'desk'"),
        ("measure: wait.counter.mean", "measure: weight.counter.mean", "no measure 'weight.counter.mean'; did you mean 'wait.counter.mean'?"),
        ("delivery_time.p95 <= 20 min", "on_time.home >= 95 %", "try.keep.0: no promise 'home'"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_exit_2(a_line: Path, old: str, new: str, says: str) -> None:
    """Place and rule on standard error, nothing printed; in JSON as a list."""
    a_line.write_text(SHORT.replace(old, new), encoding="utf-8")
    out, err = told("lesson", str(a_line), code=2)
    assert out == ""
    assert says in err
    assert "Traceback" not in err
    found = json.loads(told("lesson", str(a_line), "--format", "json", code=2)[0])
    assert found["valid"] is False
    assert any(says in finding for finding in found["errors"])


def test_an_unknown_lesson_is_told_with_the_nearest() -> None:
    """Exit code 2."""
    assert "no lesson 'the_peek'; did you mean 'the_peak'?" in told("lesson", "the_peek", code=2)[1]


def test_a_formula_that_does_not_hold_as_claimed_ends_with_1(a_line: Path) -> None:
    """So that a teacher notices: here the clerks work by day alone, and the lesson claims that Erlang C holds."""
    by_day = "settings: [\"teams.clerks={shifts: {day: {from: '08:00', to: '16:00', staff: 9}}}\", clock.length=5 d]"
    text = SHORT.replace("settings: [clock.length=5 d]", by_day).partition("try:")[0]
    text = text.replace("[teams.clerks.staff=4]", "[]").replace("[teams.clerks.staff=5]", "[]")
    a_line.write_text(
        text.replace("{text: with four clerks, run: four}", "{text: nobody, measure: work.counter.mean}"),
        encoding="utf-8",
    )
    out, err = told("lesson", str(a_line), code=1)
    assert "outside of the interval of the run" in out
    assert "question 1: the lesson claims that Erlang C holds; this run says otherwise" in err.replace("\n", " ")
