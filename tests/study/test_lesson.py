"""Every shipped lesson is answered by running it, and its formulas hold as far as it claims; answers against other ways."""

from __future__ import annotations

import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.intervals import Estimate
from sim.show.lesson_charts import chart_name, lesson_charts
from sim.show.lesson_words import formula_told, journey_told
from sim.study.lesson import Answers, answers
from sim.study.predicting import judged
from sim.study.replicate import Settings, replicate
from sim.world.errors import ScenarioError
from sim.world.lesson import Band
from sim.world.lesson_files import LessonFile, find_lesson, lesson_paths, load_lesson

FEW = 3
WITH_FORMULAS = ("utilisation_and_waiting", "even_and_uneven")
"""Their claims are about intervals, so that they are run as often as they say; the others are quicker here."""


@cache
def lesson(name: str) -> LessonFile:
    """A shipped lesson."""
    return load_lesson(find_lesson(name))


@cache
def found(name: str) -> Answers:
    """Its answers."""
    return answers(lesson(name), None if name in WITH_FORMULAS else FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(lesson_paths()))
def test_every_question_is_answered_by_a_run(name: str) -> None:
    """A number with an interval within what can be predicted, or an option that is right for sure; no gap in the words."""
    for one in found(name).answered:
        assert math.isfinite(one.estimate.mean)
        assert one.estimate.low <= one.estimate.mean <= one.estimate.high
        assert one.sure
        assert "{" not in one.explanation
        assert any(sign.isdigit() for sign in one.explanation)
        if one.question.number is not None:
            assert one.question.number.least <= one.estimate.mean <= one.question.number.most
            assert one.question.number.within < abs(one.question.number.most - one.question.number.least) / 10


@pytest.mark.parametrize("name", WITH_FORMULAS)
def test_the_formulas_hold_as_far_as_the_lesson_claims(name: str) -> None:
    """Within the interval, within a fifth, or not at all; between them the lessons show every formula and every claim."""
    formulas = [one.formula for one in found(name).answered if one.formula is not None]
    assert [formula for formula in formulas if not formula.as_claimed] == []
    assert len(formulas) == 4


def test_all_formulas_are_taught() -> None:
    """Erlang C, Pollaczek and Khinchine, Kingman, Little, and where a formula stops to hold."""
    told = [one.formula for name in WITH_FORMULAS for one in found(name).answered if one.formula is not None]
    assert {formula.title for formula in told} >= {"Erlang C", "Pollaczek and Khinchine", "Kingman", "Little's law"}
    assert {formula.holds for formula in told} == {"exactly", "roughly", "not"}


@pytest.mark.parametrize("name", list(lesson_paths()))
def test_every_chart_has_words_and_numbers(name: str) -> None:
    """A chart for each question that asks for one; the journey beside them."""
    charts = lesson_charts(lesson(name), found(name))
    wanted = [chart_name(number) for number, one in enumerate(lesson(name).lesson.questions) if one.chart is not None]
    assert [key for key in charts if key != "journey"] == wanted
    assert ("journey" in charts) == (lesson(name).lesson.journey is not None)
    for key, chart in charts.items():
        assert chart.name == key
        assert len(chart.table) > 2
        assert len(chart.alt) > 40


@pytest.mark.parametrize("width_in", [10.0, 4.6])
def test_the_charts_of_lessons_alone_can_be_drawn(width_in: float) -> None:
    """The journey and the curve, wide and narrow; the curve with the line of its formula and a point for each run."""
    from matplotlib.figure import Figure

    journey = lesson_charts(lesson("one_orders_journey"), found("one_orders_journey"))["journey"]
    curve = lesson_charts(lesson("utilisation_and_waiting"), found("utilisation_and_waiting"))["question_3"]
    assert len(journey.draw(Figure(figsize=(width_in, 1))).axes) == 1
    axes = curve.draw(Figure(figsize=(width_in, 1))).axes[0]
    line, points = axes.lines
    assert len(points.get_xdata()) == 5
    assert np.all(np.diff(np.asarray(line.get_ydata())) > 0)
    assert axes.get_xlabel() == "utilisation (%)"
    assert axes.get_ylabel() == "mean wait (min)"


def test_a_difference_is_that_of_the_two_runs() -> None:
    """What a second truck saves, against the means of both runs worked out by themselves."""
    file, one = lesson("one_orders_journey"), found("one_orders_journey").answered[2]
    means = [
        replicate(file.runs[run], Settings(1, FEW)).measures["order_cycle.mean"].mean
        for run in ("as_it_is", "second_truck")
    ]
    assert one.estimate.mean == pytest.approx(means[0] - means[1])
    assert one.estimate.unit == "h"


def test_how_many_times_is_the_mean_of_the_ratios_of_equal_luck() -> None:
    """Damage with protection over damage without, replication by replication."""
    file, one = lesson("protection_against_damage"), found("protection_against_damage").answered[1]
    shares = [
        [
            replicate(file.runs[run], Settings(seed=1, replications=FEW)).measures["outcome.damaged"].mean
            for run in ("fragile_only", "none")
        ]
    ]
    assert one.estimate.unit == "times"
    assert one.estimate.mean == pytest.approx(shares[0][0] / shares[0][1], rel=0.05)


def test_the_average_that_the_lesson_promises_is_the_average() -> None:
    """Lesson 6 speaks of 63 hours before anything has been run."""
    estimate = replicate(lesson("why_the_average_lies").runs["as_it_is"], Settings(1, FEW)).measures[
        "delivery_time.mean"
    ]
    assert estimate.mean == pytest.approx(63, abs=1)


def test_the_journey_is_told_from_paying_to_the_door() -> None:
    """Every stop begins when the one before it has ended; the parts add up to the whole."""
    way = found("one_orders_journey").journey
    assert way is not None
    assert way.left is not None
    assert way.stops[0].joined == way.placed
    for before, after in pairwise(way.stops):
        assert after.joined == before.ended
    spent = sum((sum(stop.spent.values(), stop.joined - stop.joined) for stop in way.stops), way.placed - way.placed)
    assert spent == way.left - way.placed
    told = journey_told(way)
    assert told[0].startswith("Paid on Tue 1 Sep, 20:3")
    assert "nobody on shift" in told[1]
    assert len(told) == len(way.stops) + 2


def test_more_replications_make_the_interval_narrower() -> None:
    """A teacher who looks closer sees the same numbers, more surely."""
    file = lesson("even_and_uneven")
    few, usual = answers(file, 3).answered[1].estimate, found("even_and_uneven").answered[1].estimate
    assert usual.high - usual.low < few.high - few.low
    assert few.low < usual.mean < few.high


BAND = Band.model_validate({"from": 0, "to": 60, "within": 2})


@pytest.mark.parametrize(("prediction", "right"), [(7.0, True), (9.0, True), (9.1, False), (4.9, False), (5.0, True)])
def test_a_number_is_right_within_what_the_question_allows(prediction: float, right: bool) -> None:
    """Two minutes to either side."""
    assert judged(prediction, Estimate(7.0, 6.9, 7.1, "min", 10), BAND, None).right is right


def test_a_number_within_the_interval_is_right_too() -> None:
    """Who predicts what the run cannot tell from the truth is not wrong."""
    outcome = judged(10.0, Estimate(7.0, 3.0, 11.0, "min", 3), BAND, None)
    assert (outcome.right, outcome.above) == (True, 3.0)


def test_an_option_is_right_or_not() -> None:
    """By its position."""
    estimate = Estimate(7.0, 6.9, 7.1, "min", 10)
    assert [judged(float(chosen), estimate, None, 1).right for chosen in range(3)] == [False, True, False]


def own_lesson(folder: Path, *changes: tuple[str, str]) -> LessonFile:
    """A short lesson on the teaching line, with something changed in it."""
    text = """
schema: 1
number: 1
title: A line
idea: One line.
scenario: teaching_line
settings: [clock.length=3 d]
replications: 2
questions:
  - text: How long do they wait?
    measure: wait.counter.mean
    unit: min
    number: {from: 0, to: 60, within: 2}
    theory: {formula: erlang_c, stage: counter, holds: exactly}
    explanation: "{answer}"
"""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return load_lesson(path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("wait.counter.mean", "wait.countr.mean", "own.yaml, line 11: questions.0.measure: no measure 'wait.countr.mean'; did you mean 'wait.counter.mean'?"),
        ("unit: min", "unit: \"%\"", "own.yaml, line 12: questions.0.unit: '%' does not fit; it may be s or min or h or d"),
        ("{answer}", "{answer} {wait.counter.medium}", "own.yaml, line 15: questions.0.explanation: no measure 'wait.counter.medium'; did you mean 'wait.counter.mean'?"),
        ("erlang_c", "kingman", "own.yaml, line 14: questions.0.theory: stages.counter: the formula of Kingman is for a single server, not for 3"),
        ("erlang_c", "utilisation", "own.yaml, line 12: questions.0.unit: 'min' does not fit; it may be %"),
    ],
)  # fmt: skip
def test_what_only_a_run_can_tell_is_told_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A measure that there is not, a unit that does not fit, a formula for another line."""
    with pytest.raises(ScenarioError) as refused:
        answers(own_lesson(tmp_path, (old, new)))
    assert str(refused.value).replace(f"{tmp_path}/", "") == says


def test_a_target_that_cannot_be_understood_is_told_with_its_place(tmp_path: Path) -> None:
    """Before anything is run."""
    goal = """    explanation: "{answer}"
try:
  text: Keep it.
  controls: {clerks: {label: Clerks, path: teams.clerks.staff, from: 1, to: 6}}
  keep: [wait as short as possible]
"""
    file = own_lesson(tmp_path, ('    explanation: "{answer}"\n', goal))
    with pytest.raises(
        ScenarioError, match=r"own.yaml, line 19: try.keep.0: target 'wait as short as possible': write it"
    ):
        answers(file)


def test_a_claim_that_does_not_hold_is_noticed(tmp_path: Path) -> None:
    """Said of a line with shifts, Erlang C is not within the interval; the words do not say that it is."""
    shifts = "settings: [\"teams.clerks={shifts: {day: {from: '08:00', to: '16:00', staff: 9}}}\", clock.length=3 d]"
    (one,) = answers(own_lesson(tmp_path, ("settings: [clock.length=3 d]", shifts))).answered
    assert one.formula is not None
    assert not one.formula.as_claimed
    assert formula_told(one.formula, "min").endswith("outside of the interval of the run")


def test_an_unknown_figure_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """The names are those of the charts."""
    file = own_lesson(tmp_path, ("    unit: min\n", "    unit: min\n    chart: {figure: queue}\n"))
    with pytest.raises(ScenarioError, match=r"questions.0.chart.figure: no figure 'queue'; did you mean 'queues'\?"):
        lesson_charts(file, answers(file))


def test_the_example_of_the_page_for_teachers_works(tmp_path: Path) -> None:
    """What docs/lessons.md shows can be copied: it loads, is answered, and its goal can be understood."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    (one,) = answers(load_lesson(tmp_path / "example.yaml"), FEW).answered
    assert (one.right, one.sure) == (0, True)


def test_the_page_for_teachers_names_every_lesson() -> None:
    """And no other."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(lesson_paths())


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    """One share for each replication, never falling."""
    said: list[float] = []
    answers(own_lesson(tmp_path), progress=said.append)
    assert said == [0.5, 1.0]


def test_the_curve_that_is_pointed_at_shows_the_numbers_of_its_table() -> None:
    """The view for the page and the table behind the picture, in the same units; the formula's line is a layer."""
    curve = lesson_charts(lesson("utilisation_and_waiting"), found("utilisation_and_waiting"))["question_3"]
    (view,) = curve.views
    assert view.data["x"].tolist() == pytest.approx(curve.table["Utilisation (%)"].tolist())
    assert view.data["y"].tolist() == pytest.approx(curve.table["Mean wait (min)"].tolist())
    lines = [layer for layer in view.spec["layer"] if layer["mark"]["type"] == "line"]
    assert len(lines[0]["data"]["values"]) == 80


def test_the_journey_that_is_pointed_at_is_the_one_that_is_told() -> None:
    """Its pieces follow one another without a gap and end when the order leaves the site."""
    journey = lesson_charts(lesson("one_orders_journey"), found("one_orders_journey"))["journey"]
    (view,) = journey.views
    pieces = view.data.to_dict("records")
    assert all(one["to"] == other["at"] for one, other in pairwise(pieces))
    assert {piece["part"] for piece in pieces} >= {"being worked on", "nobody on shift", "waiting for a departure"}
