"""What a student does on the lessons page, without the page: goals, attempts, the notebook."""

from __future__ import annotations

import pytest

from sim.analysis.intervals import Estimate
from sim.study.replicate import Settings, replicate
from sim.study.target import Target
from sim.ui.learning import (
    LessonRequest,
    Notebook,
    Tried,
    Value,
    head_count,
    lesson_file,
    lessons,
    start_values,
    tried,
    try_ask,
)
from sim.world.lesson import Attempt

# One way to keep each lesson's goal; all other controls stay as the scenario has them.
SOLUTIONS: dict[str, dict[str, Value]] = {
    "one_orders_journey": {"trucks": "14:00 and 20:00, with a loader at noon"},
    "utilisation_and_waiting": {"clerks": 5.0},
    "even_and_uneven": {"work": "4 to 6 minutes", "gaps": "by appointment"},
    "the_inspection_dial": {"morning": 3.0, "evening": 3.0},
    "protection_against_damage": {"protection": "everything", "early": 8.0, "late": 8.0, "pickers": 4.0, "late_pickers": 4.0},
    "why_the_average_lies": {"courier": "steadier (the same on average)"},
    "shifts_and_cut_offs": {"trucks": "10:00, 18:00 and 22:00, with a loader from 07:30"},
    "the_peak": {},
}  # fmt: skip
KEPT_FROM_THE_START = {"the_peak"}
"""There the goal is to keep it with fewer people."""


def unlocked(name: str) -> Attempt:
    """What is unlocked in a lesson."""
    found = lesson_file(name).lesson.attempt
    assert found is not None
    return found


def attempt(name: str, values: dict[str, Value]) -> Tried:
    """What comes of the scenario's own values with some of them changed, in two replications."""
    file = lesson_file(name)
    moved = {**start_values(file, unlocked(name)), **values}
    ask = try_ask(file, unlocked(name), moved)
    return tried(file, unlocked(name), moved, ask, replicate(ask.request.file, Settings(1, 2)))


def met(one: Tried) -> bool:
    """Whether every target is met on average."""
    return all(target.met([found.mean]) for target, found, _ in one.targets)


def test_every_lesson_has_a_solution_here() -> None:
    """A new lesson with a goal comes with a way to keep it."""
    assert list(SOLUTIONS) == [name for name, lesson in lessons().items() if lesson.attempt is not None]


@pytest.mark.parametrize("name", list(SOLUTIONS))
def test_the_goal_can_be_kept_and_not_without_doing_anything(name: str) -> None:
    """Every target has a number; the solution meets all of them, the scenario as it is does not."""
    solved = attempt(name, SOLUTIONS[name])
    assert len(solved.targets) == len(unlocked(name).keep)
    assert met(solved)
    assert name in KEPT_FROM_THE_START or not met(attempt(name, {}))


def test_people_are_those_of_the_unlocked_head_counts() -> None:
    """Options and percentages are no people."""
    file = lesson_file("one_orders_journey")
    values = start_values(file, unlocked(file.name))
    assert values == {"trucks": "20:00", "inspectors": 4.0, "tally_crew": 2.0, "pickers": 1.0, "officers": 1.0}
    assert head_count(unlocked(file.name), values) == 8


def test_an_attempt_runs_what_was_moved_with_the_luck_of_the_lesson() -> None:
    """Settings of the options and of the numbers, seed and replications of the file; the command repeats it."""
    file = lesson_file("the_inspection_dial")
    ask = try_ask(file, unlocked(file.name), {"morning": 3.0, "evening": 2.0})
    assert ask.request.file.scenario.teams["officers"].shifts["morning"].staff == 3
    assert (ask.request.settings.seed, ask.request.settings.replications) == (
        file.lesson.seed,
        file.lesson.replications,
    )
    assert "--set teams.officers.shifts.morning.staff=3 --set teams.officers.shifts.evening.staff=2" in ask.command


def made(key: str, people: float, verdict: str) -> Tried:
    """An attempt with so many people."""
    target = Target("on_time.home", True, 0.95, "share")
    found = Estimate(0.96, 0.95, 0.97, "share", 2)
    return Tried(key, (), ((target, found, verdict),), Estimate(people, people, people, "people", 2))


def test_the_best_attempt_is_the_smallest_that_keeps_the_goal() -> None:
    """One that is too close to tell does not count, and the same attempt is noted once."""
    notebook = Notebook()
    assert notebook.best("peak") is None
    for one in (made("a", 9, "kept"), made("b", 5, "too close to tell"), made("c", 7, "kept"), made("c", 7, "kept")):
        notebook.note("peak", one)
    assert [one.key for one in notebook.tried["peak"]] == ["a", "b", "c"]
    best = notebook.best("peak")
    assert best is not None
    assert best.key == "c"


def test_a_class_asks_the_same() -> None:
    """The key is the content: what one student's run has answered is known to all others."""
    assert LessonRequest(lesson_file("the_peak")).key == LessonRequest(lesson_file("the_peak")).key
    assert LessonRequest(lesson_file("the_peak")).key != LessonRequest(lesson_file("even_and_uneven")).key
