"""Lesson files: from YAML text to a checked Lesson with the scenarios of its runs, and the place of every mistake."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.world.errors import ScenarioError, nearest
from sim.world.files import ScenarioFile, load, read
from sim.world.findings import mistakes
from sim.world.lesson import PLACEHOLDER, RIGHT, THEORY, Control, Lesson, Settings, parse_level
from sim.world.shipped import find, scenarios_folder
from sim.world.written import Where, Written, dotted, value_at

A_LESSON = "a lesson is a map of keys such as title, idea, scenario and questions"


@dataclass(frozen=True)
class LessonFile:
    """A lesson with the scenarios of its runs, and the place of each part in its file."""

    name: str
    lesson: Lesson
    written: Written
    runs: Mapping[str, ScenarioFile]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the lesson and its scenarios say."""
        said = [self.written.raw, {name: file.digest for name, file in self.runs.items()}]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def wrong(self, where: Where, rule: str) -> ScenarioError:
        """An error at a path of the lesson."""
        return ScenarioError(_at(self.written, where, rule))


def lesson_paths() -> dict[str, Path]:
    """The lessons by name, in the order of their numbers: the shipped ones, and those in the folder IMPORTFLOW_LESSONS."""
    own = os.environ.get("IMPORTFLOW_LESSONS", "")
    folders = [scenarios_folder() / "lessons", *([Path(own)] if own else [])]
    paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    paths.sort(key=lambda path: _number(path, path.stat().st_mtime_ns))
    return {path.stem: path for path in paths}


@lru_cache(maxsize=256)
def _number(path: Path, _changed_ns: int) -> int:
    """A lesson's number, or 0 where it has none; read anew when the file is another."""
    said = str(read(path, A_LESSON).raw.get("number", ""))
    return int(said) if said.isdecimal() else 0


def find_lesson(name_or_path: str) -> Path:
    """A lesson's file by path, or by its name. Raises ScenarioError where there is neither."""
    path = Path(name_or_path)
    if path.suffix or path.parent != Path():
        return path
    known = lesson_paths()
    if name_or_path not in known:
        raise ScenarioError(f"no lesson '{name_or_path}'{nearest(name_or_path, known)}")
    return known[name_or_path]


def outline(path: str | Path) -> Lesson:
    """What a lesson says, without its scenarios; raises ScenarioError as ``load_lesson`` does.

    >>> outline(find_lesson("the_peak")).number
    8
    """
    return _outline(read(Path(path), A_LESSON))


def load_lesson(path: str | Path) -> LessonFile:
    """Read a lesson and check all that can be checked without running it.

    Raises
    ------
    ScenarioError
        Naming file, line, path, value and rule of every mistake found.

    >>> load_lesson(find_lesson("utilisation_and_waiting")).lesson.first_run
    'as_it_is'

    """
    path = Path(path)
    written = read(path, A_LESSON)
    lesson = _outline(written)
    runs = _runs(lesson, path, written)
    wrong = [_at(written, where, rule) for where, rule in _broken_paths(lesson, runs)]
    if wrong:
        raise ScenarioError(*wrong)
    return LessonFile(path.stem, lesson, written, runs)


def _outline(written: Written) -> Lesson:
    try:
        lesson = Lesson.model_validate(written.raw)
    except ValidationError as error:
        raise ScenarioError(*mistakes(error, written, Lesson)) from None
    wrong = [_at(written, where, rule) for where, rule in _broken_references(lesson)]
    if wrong:
        raise ScenarioError(*wrong)
    return lesson


def _at(written: Written, where: Where, rule: str) -> str:
    return f"{written.place(where)}: {dotted(where)}: {rule}"


def _runs(lesson: Lesson, path: Path, written: Written) -> dict[str, ScenarioFile]:
    """The scenario of each run."""
    try:
        beside = path.parent / lesson.scenario
        base = load(beside if beside.suffix and beside.exists() else find(lesson.scenario))
    except ScenarioError as error:
        raise ScenarioError(*(_at(written, ("scenario",), finding) for finding in error.findings)) from None
    wrong, runs = [], {}
    for name, settings in lesson.runs.items():
        try:
            runs[name] = base.changed(*lesson.settings, *settings)
        except ScenarioError as error:
            wrong += [_at(written, ("runs", name), finding) for finding in error.findings]
    for key, option, settings in _optional_settings(lesson):
        try:
            base.changed(*lesson.settings, *settings)
        except ScenarioError as error:
            where = ("try", "controls", key, "options", option)
            wrong += [_at(written, where, finding) for finding in error.findings]
    if wrong:
        raise ScenarioError(*wrong)
    return runs


def _optional_settings(lesson: Lesson) -> Iterator[tuple[str, str, Settings]]:
    """The options of the unlocked controls."""
    for key, control in lesson.attempt.controls.items() if lesson.attempt else ():
        yield from ((key, option, settings) for option, settings in control.options.items())


def _broken_references(lesson: Lesson) -> Iterator[tuple[Where, str]]:
    """Runs that are named and not there, and what an explanation cannot fill in."""
    for where, run in _named_runs(lesson):
        if run is not None and run not in lesson.runs:
            yield where, f"no run '{run}'{nearest(run, lesson.runs)}"
    for number, question in enumerate(lesson.questions):
        filled = PLACEHOLDER.findall(question.explanation)
        where = ("questions", str(number), "explanation")
        if THEORY in filled and question.theory is None:
            yield where, "{theory} needs a theory"
        if RIGHT in filled and question.choice is None:
            yield where, "{right} needs a choice"


def _named_runs(lesson: Lesson) -> Iterator[tuple[Where, str | None]]:
    for number, question in enumerate(lesson.questions):
        here = ("questions", str(number))
        yield (*here, "run"), question.run
        yield (*here, "compared_with"), question.compared_with
        yield from (((*here, *where), run) for where, _, run in question.measures if where != ("measure",))
        if question.chart is not None:
            yield (*here, "chart", "run"), question.chart.run
            yield from (((*here, "chart", "runs"), run) for run in question.chart.runs)
    if lesson.attempt is not None:
        yield ("try", "run"), lesson.attempt.run


def _broken_paths(lesson: Lesson, runs: Mapping[str, ScenarioFile]) -> Iterator[tuple[Where, str]]:
    """Stages, flows and paths of controls that the scenario does not have; a control that starts beyond its limits."""
    first = runs[lesson.first_run].scenario
    for number, question in enumerate(lesson.questions):
        beside = question.chart.theory if question.chart is not None else None
        for below, theory in ((("theory",), question.theory), (("chart", "theory"), beside)):
            if theory is not None and theory.stage not in first.stages:
                where = ("questions", str(number), *below, "stage")
                yield where, f"no stage '{theory.stage}'{nearest(theory.stage, first.stages)}"
    if lesson.journey is not None and lesson.journey.flow not in first.flows:
        yield ("journey", "flow"), f"no flow '{lesson.journey.flow}'{nearest(lesson.journey.flow, first.flows)}"
    if lesson.attempt is not None:
        raw = runs[lesson.attempt.run or lesson.first_run].raw
        for key, control in lesson.attempt.controls.items():
            if control.path is not None:
                yield from _broken_control(raw, key, control)


def _broken_control(raw: Any, key: str, control: Control) -> Iterator[tuple[Where, str]]:
    where = ("try", "controls", key, "path")
    said = value_at(raw, (control.path or "").split("."))
    if not isinstance(said, str):
        yield where, f"'{control.path}' is no single value of the scenario"
        return
    try:
        kind, start = parse_level(said)
    except ValueError as error:
        yield where, str(error)
        return
    low, high = control.limits
    if (kind == "percent") != control.in_percent or not low <= start <= high:
        yield where, f"the scenario's own value, {said}, does not lie within from and to"
