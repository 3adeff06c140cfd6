"""Lesson files: every rule refuses one file, whose first lines say what its author must be told; and what is read."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from sim.world.errors import ScenarioError
from sim.world.lesson import Control, Lesson
from sim.world.lesson_files import find_lesson, lesson_paths, load_lesson, outline

FOLDER = Path(__file__).parents[1] / "lessons" / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))


def expected(path: Path) -> list[str]:
    """The findings that a file announces in its first lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# ") for line in itertools.takewhile(lambda line: line.startswith("# "), lines)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_teacher_is_told_place_and_rule(path: Path) -> None:
    """File, line, path and rule of each fault, and nothing else."""
    with pytest.raises(ScenarioError) as refused:
        load_lesson(path)
    assert [finding.replace(f"{path.parent}/", "") for finding in refused.value.findings] == expected(path)


def test_there_are_files_for_the_rules() -> None:
    """Without files the test above would say nothing; tests/world/test_invalid_files.py holds each rule to a file."""
    assert len(FILES) > 30


def test_the_shipped_lessons_are_numbered_in_the_order_in_which_they_are_taught() -> None:
    """From one order's journey to the peak, one idea each."""
    lessons = {name: outline(path) for name, path in lesson_paths().items()}
    assert [lesson.number for lesson in lessons.values()] == list(range(1, len(lessons) + 1))
    assert list(lessons) == [
        "one_orders_journey",
        "utilisation_and_waiting",
        "even_and_uneven",
        "the_inspection_dial",
        "protection_against_damage",
        "why_the_average_lies",
        "shifts_and_cut_offs",
        "the_peak",
    ]


@pytest.mark.parametrize("name", list(lesson_paths()))
def test_a_shipped_lesson_opens_with_a_question_and_never_says_an_answer(name: str) -> None:
    """The first line asks; every explanation fills its number in from the run."""
    text = find_lesson(name).read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith("?")
    assert all("{answer}" in question.explanation or "{right}" in question.explanation for question in outline(find_lesson(name)).questions)  # fmt: skip


def test_a_teachers_own_folder_is_looked_through_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IMPORTFLOW_LESSONS names it; its lessons take their place by their numbers."""
    own = find_lesson("the_peak").read_text(encoding="utf-8").replace("number: 8", "number: 2")
    (tmp_path / "our_own.yaml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("IMPORTFLOW_LESSONS", str(tmp_path))
    assert list(lesson_paths()).index("our_own") in (1, 2)
    assert find_lesson("our_own") == tmp_path / "our_own.yaml"


def test_an_unknown_lesson_is_refused_with_the_nearest_name() -> None:
    """By name; a path that is not there is refused by the reader of files."""
    with pytest.raises(ScenarioError, match=r"no lesson 'the_peek'; did you mean 'the_peak'\?"):
        find_lesson("the_peek")
    with pytest.raises(ScenarioError, match="there is no such file"):
        load_lesson("nowhere/the_peek.yaml")


def test_a_control_becomes_settings() -> None:
    """Whole numbers, percentages, and the settings of an option."""
    people = Control.model_validate({"label": "Clerks", "path": "teams.clerks.staff", "from": "1", "to": "6"})
    rate = Control.model_validate({"label": "Rate", "path": "stages.customs.selection_rate", "from": "1 %", "to": "9 %", "step": "0.5 %"})  # fmt: skip
    truck = Control.model_validate({"label": "Truck", "options": {"early": ["a.b=1", "c.d=2"], "late": []}})
    assert people.settings(3.0) == ("teams.clerks.staff=3",)
    assert rate.settings(2.5) == ("stages.customs.selection_rate=2.5 %",)
    assert (rate.limits, rate.step_size, people.step_size) == ((1.0, 9.0), 0.5, 1.0)
    assert truck.settings("early") == ("a.b=1", "c.d=2")


def test_the_digest_knows_the_lesson_and_its_scenarios() -> None:
    """Two readings of a file agree; another number of replications is another lesson."""
    path = find_lesson("even_and_uneven")
    assert load_lesson(path).digest == load_lesson(path).digest
    assert len({load_lesson(find_lesson(name)).digest for name in ("even_and_uneven", "utilisation_and_waiting")}) == 2


def test_the_first_run_is_meant_where_none_is_named() -> None:
    """In the order of the file."""
    lesson: Lesson = outline(find_lesson("the_peak"))
    assert lesson.first_run == next(iter(lesson.runs)) == "peak"
