"""What one student does on the lessons page: predictions, attempts, and the runs that answer them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Self, TypeAlias

from sim.analysis.intervals import Estimate
from sim.show.chart import Chart
from sim.show.lesson_charts import lesson_charts
from sim.study.lesson import Answers, answers
from sim.study.predicting import judged
from sim.study.replicate import Progress, Result, Settings
from sim.study.target import Target, parse_target
from sim.ui import estimate, texts
from sim.ui.desk import AnyAnswer, AnyDesk, Ask
from sim.ui.jobs import Task
from sim.ui.running import Request
from sim.words.studies import KEPT
from sim.world.lesson import PEOPLE, Attempt, Control, Lesson, parse_level
from sim.world.lesson_files import LessonFile, lesson_paths, load_lesson, outline
from sim.world.written import value_at

Value = float | str


@dataclass(frozen=True)
class LessonRequest:
    """A lesson whose questions are to be answered."""

    file: LessonFile

    @cached_property
    def key(self) -> Hashable:
        """The content: a class that takes the same lesson asks the same."""
        return "lesson", self.file.digest

    @property
    def task(self) -> Task:
        """The runs as a task."""
        orders = sum(estimate.orders(run.scenario) for run in self.file.runs.values())
        return Task(self.key, answered, (self.file,), orders=orders * self.file.lesson.replications)


@dataclass(frozen=True)
class LessonAsk:
    """A lesson's questions, as a desk takes them."""

    title: str
    request: LessonRequest
    has_changes: bool = False

    @property
    def base(self) -> LessonRequest:
        """There is nothing to compare with: the runs that are compared are part of the lesson."""
        return self.request

    @property
    def days(self) -> float:
        """For how many days orders arrive."""
        return estimate.days_of(self.request.file.runs[self.request.file.lesson.first_run].scenario.clock)

    def part(self, found: Any) -> Self:
        """A lesson's answers come all at once."""
        return self

    def charts(self, found: Answers) -> dict[str, Chart]:
        """The charts of its questions, and that of the journey. Raises ScenarioError."""
        return lesson_charts(self.request.file, found)


def answered(file: LessonFile, progress: Progress) -> Answers:
    """Answer a lesson's questions (in a worker process)."""
    return answers(file, None, progress)


LessonAnswer: TypeAlias = AnyAnswer[LessonAsk, Answers]
LessonDesk: TypeAlias = AnyDesk[LessonAsk, Answers]
TryDesk: TypeAlias = AnyDesk[Ask, Result]


def charts_of(answer: LessonAnswer) -> dict[str, Chart]:
    """The charts of a lesson's answer by name. Raises ScenarioError."""
    return answer.kept("charts", lambda: answer.ask.charts(answer.result))


@dataclass(frozen=True)
class Tried:
    """One attempt: what was moved, how each target came out, and what there should be little of."""

    key: Hashable
    moved: tuple[tuple[str, str], ...]
    targets: tuple[tuple[Target, Estimate, str], ...]
    least: Estimate

    @property
    def kept(self) -> bool:
        """Whether every target is kept, for sure."""
        return all(verdict == KEPT for _, _, verdict in self.targets)


@dataclass
class Notebook:
    """What a session remembers: predictions by lesson and question, and attempts by lesson."""

    predicted: dict[str, dict[int, float]] = field(default_factory=dict)
    tried: dict[str, list[Tried]] = field(default_factory=dict)

    def of(self, name: str) -> dict[int, float]:
        """The predictions of a lesson."""
        return self.predicted.setdefault(name, {})

    def right(self, name: str, found: Answers) -> int:
        """How many of a lesson's predictions were right."""
        return sum(
            judged(value, one.estimate, one.question.number, one.right).right
            for number, value in self.of(name).items()
            for one in (found.answered[number],)
        )

    def note(self, name: str, attempt: Tried) -> None:
        """Remember an attempt, the same one once."""
        tried = self.tried.setdefault(name, [])
        if all(attempt.key != one.key for one in tried):
            tried.append(attempt)

    def best(self, name: str) -> Tried | None:
        """The attempt that keeps the goal with the least."""
        kept = [one for one in self.tried.get(name, []) if one.kept]
        return min(kept, key=lambda one: one.least.mean) if kept else None


def lessons() -> dict[str, Lesson]:
    """All lessons by name, in their order, without their scenarios. Raises ScenarioError."""
    return {name: _outline(str(path), path.stat().st_mtime_ns) for name, path in lesson_paths().items()}


def lesson_file(name: str) -> LessonFile:
    """One lesson with its scenarios. Raises ScenarioError."""
    path = lesson_paths()[name]
    return _file(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _outline(path: str, _changed_ns: int) -> Lesson:
    return outline(path)


@lru_cache(maxsize=16)
def _file(path: str, _changed_ns: int) -> LessonFile:
    return load_lesson(path)


def start_values(file: LessonFile, attempt: Attempt) -> dict[str, Value]:
    """What the controls of an attempt stand at: what the scenario says, and the first of each list of options."""
    raw = file.runs[attempt.run or file.lesson.first_run].raw
    return {key: _start(raw, control) for key, control in attempt.controls.items()}


def _start(raw: Any, control: Control) -> Value:
    if control.options:
        return next(iter(control.options))
    return parse_level(str(value_at(raw, (control.path or "").split("."))))[1]


def head_count(attempt: Attempt, values: Mapping[str, Value]) -> int:
    """The people of all unlocked head-counts."""
    counted = [key for key, control in attempt.controls.items() if not control.options and not control.in_percent]
    return sum(int(values[key]) for key in counted)


def try_ask(file: LessonFile, attempt: Attempt, values: Mapping[str, Value]) -> Ask:
    """The run of an attempt. Raises ScenarioError."""
    lesson = file.lesson
    settings = [setting for key, control in attempt.controls.items() for setting in control.settings(values[key])]
    changed = file.runs[attempt.run or lesson.first_run].changed(*settings)
    request = Request(changed, Settings(seed=lesson.seed, replications=lesson.replications))
    days = estimate.days_of(changed.scenario.clock)
    command = texts.command(lesson.scenario, changed.settings, lesson.replications, lesson.seed)
    return Ask(lesson.title, request, request, (), days, days, command)


def tried(file: LessonFile, attempt: Attempt, values: Mapping[str, Value], ask: Ask, result: Result) -> Tried:
    """What came of an attempt."""
    targets = []
    for text in attempt.keep:
        goal = parse_target(text, ask.request.file.scenario)
        found = result.measures.get(goal.measure)
        if found is not None:
            targets.append((goal, found, goal.verdict(found)))
    if attempt.least == PEOPLE:
        people = float(head_count(attempt, values))
        least = Estimate(people, people, people, "people", result.settings.replications)
    else:
        least = result.measures[attempt.least]
    moved = tuple((control.label, shown(control, values[key])) for key, control in attempt.controls.items())
    return Tried(ask.request.key, moved, tuple(targets), least)


def shown(control: Control, value: Value) -> str:
    """A control's value as a student reads it."""
    if isinstance(value, str):
        return value
    return f"{value:g} %" if control.in_percent else f"{value:g}"
