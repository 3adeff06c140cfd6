"""The answers to a lesson's questions, worked out by running what it names; none of them stands in its file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.analysis.curves import order_hours
from sim.analysis.intervals import Estimate, estimate
from sim.analysis.line import FORMULAS, line_of, predicted
from sim.analysis.run import Run
from sim.analysis.way import Way, first_order, way_of
from sim.analysis.words import with_interval
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_file
from sim.study.evaluate import answer_of
from sim.study.paired import paired
from sim.study.predicting import FACTORS, in_unit, in_words
from sim.study.question import Everything, Measures
from sim.study.replicate import Progress, Result, Settings, replicate
from sim.study.target import TargetError, parse_target
from sim.world.errors import ScenarioError, nearest
from sim.world.lesson import ANSWER, PLACEHOLDER, RIGHT, THEORY, Question, Shown
from sim.world.lesson import Theory as Claim
from sim.world.lesson_files import LessonFile
from sim.world.written import Where

OF_CURVES = "placed_at."
"""How the measures begin that are made of curves."""
ROUGHLY = 0.2


@dataclass(frozen=True)
class Formula:
    """What a formula says beside an answer, in its unit; whether that agrees as far as the lesson claims it does."""

    title: str
    value: float
    holds: str
    as_claimed: bool


@dataclass(frozen=True)
class Answered:
    """The answer to one question: its ``estimate`` in the unit of the question, and words filled in.

    Of a choice ``right`` is the position of the right option, ``options`` has the estimate of each that has its own, and
    ``sure`` says whether the replications tell the right one apart from the next.
    """

    question: Question
    estimate: Estimate
    right: int | None
    options: tuple[Estimate, ...]
    sure: bool
    formula: Formula | None
    explanation: str


@dataclass(frozen=True)
class Point:
    """A point of a curve: what is across (mean), and what is up, both in the units of the measures."""

    run: str
    across: Estimate
    up: Estimate


@dataclass(frozen=True)
class Curve:
    """What a lesson shows as a curve: its points, and the line of a formula beside them (across, up), if any."""

    shown: Shown
    points: tuple[Point, ...]
    title: str
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Answers:
    """All that a lesson shows: an answer for each question, the results whose charts it shows, curves, the journey."""

    name: str
    replications: int
    answered: tuple[Answered, ...]
    results: dict[str, Result]
    curves: dict[int, Curve]
    journey: Way | None


def answers(file: LessonFile, replications: int | None = None, progress: Progress | None = None) -> Answers:
    """Run a lesson and answer its questions.

    Parameters
    ----------
    file
        The lesson.
    replications
        Fewer or more than the lesson says, for a quick look or a closer one.
    progress
        Called now and then with the share that is done.

    Raises
    ------
    ScenarioError
        Naming file, line and path where the lesson asks for what no run measures, or what does not fit its unit.

    >>> from sim.world.lesson_files import find_lesson, load_lesson
    >>> found = answers(load_lesson(find_lesson("utilisation_and_waiting")), replications=2)
    >>> found.answered[0].estimate.unit
    '%'

    """
    return _Lesson(file, replications or file.lesson.replications, progress).answers()


@dataclass(frozen=True)
class _Lesson:
    """A lesson with its runs, done once."""

    file: LessonFile
    replications: int
    progress: Progress | None

    def answers(self) -> Answers:
        lesson = self.file.lesson
        if lesson.attempt is not None:
            check_goal(self.file)
        charts = [(number, question.chart) for number, question in enumerate(lesson.questions) if question.chart]
        return Answers(
            name=self.file.name,
            replications=self.replications,
            answered=tuple(self._answered(number, question) for number, question in enumerate(lesson.questions)),
            results={
                run: self._results[run]
                for run in dict.fromkeys(chart.run or lesson.first_run for _, chart in charts if chart.figure)
            },
            curves={number: self._curve(number, chart) for number, chart in charts if not chart.figure},
            journey=self._journey(),
        )

    @cached_property
    def _settings(self) -> Settings:
        return Settings(seed=self.file.lesson.seed, replications=self.replications)

    @cached_property
    def _with_curves(self) -> set[str]:
        """The runs of which more is wanted than measures, which takes as long again."""
        lesson = self.file.lesson
        shown = {question.chart.run for question in lesson.questions if question.chart and question.chart.figure}
        asked = {
            run for question in lesson.questions for _, name, run in question.measures if name.startswith(OF_CURVES)
        }
        return {run or lesson.first_run for run in shown | asked}

    @cached_property
    def _results(self) -> dict[str, Result]:
        """The runs whose curves are wanted."""
        runs = {name: self.file.runs[name] for name in self._with_curves}
        return {
            name: replicate(file, self._settings, self._part(number))
            for number, (name, file) in enumerate(runs.items())
        }

    @cached_property
    def _measures(self) -> dict[str, list[Measures]]:
        """The measures of each replication of every run, those by order hour where there are curves."""
        first = len(self._results)
        found: dict[str, list[Measures]] = {}
        for number, (name, file) in enumerate(self.file.runs.items()):
            tell = self._part(first + number)
            found[name] = []
            for replication in range(self.replications):
                found[name].append(answer_of(file, self._settings.seed, replication, None, Everything()))
                tell((replication + 1) / self.replications)
            if name in self._results:
                for measures, curves in zip(found[name], self._results[name].curves, strict=True):
                    measures |= order_hours(curves)
        return found

    def _part(self, number: int) -> Progress:
        """Tells how far all is, from how far one of the runs is."""
        parts = len(self._with_curves) + len(self.file.runs)
        return lambda share: self.progress((number + share) / parts) if self.progress is not None else None

    def _values(self, where: Where, measure: str, run: str | None) -> tuple[list[float], str]:
        """A measure in each replication, and its unit."""
        runs = self._measures[run or self.file.lesson.first_run]
        units = [one[measure].unit for one in runs if measure in one]
        if not units:
            known = {name for one in runs for name in one}
            raise self.file.wrong(where, f"no measure '{measure}'{nearest(measure, known)}")
        return [one[measure].value if measure in one else math.nan for one in runs], units[0]

    def _estimate(self, where: Where, measure: str, run: str | None) -> Estimate:
        values, unit = self._values(where, measure, run)
        return estimate(values, unit)

    def _answered(self, number: int, question: Question) -> Answered:
        here = ("questions", str(number))
        values, found = self._answer(here, question, question.measure, question.run)
        right, options, sure = self._right(here, question, values, found)
        if right is not None and options:
            found = options[right]
        formula = None if question.theory is None else self._formula(here, question, question.theory, found)
        answered = Answered(question, found, right, options, sure, formula, "")
        return replace(answered, explanation=self._filled(here, answered))

    def _answer(self, here: Where, question: Question, measure: str, run: str | None) -> tuple[list[float], Estimate]:
        """The answer in each replication and its estimate, in the unit of the question."""
        values, measured = self._values((*here, "measure"), measure, run)
        if not question.compares:
            factor = self._factor(here, question, measured)
            return [value * factor for value in values], in_unit(estimate(values, measured), factor, question.unit)
        where = (*here, "compared_measure" if question.compared_measure else "compared_with")
        base, _ = self._values(where, question.compared_measure or measure, question.compared_with or run)
        if question.unit == "times":
            values = [one / two if two else math.nan for one, two in zip(values, base, strict=True)]
            return values, estimate(values, "times")
        factor, gap = self._factor(here, question, measured), paired(base, values, measured)
        found = Estimate(gap.difference, gap.low, gap.high, measured, gap.replications)
        gaps = [(one - two) * factor for one, two in zip(values, base, strict=True)]
        return gaps, in_unit(found, factor, question.unit)

    def _factor(self, here: Where, question: Question, measured: str) -> float:
        unit, factor = FACTORS.get(question.unit, ("", 1.0))
        if unit != measured or (question.unit == "%" and question.compares):
            unfit = "%" if question.compares else "points"
            fitting = [name for name, (of, _) in FACTORS.items() if of == measured and name != unfit]
            raise self.file.wrong(
                (*here, "unit"), f"'{question.unit}' does not fit; it may be {' or '.join(fitting) or 'times'}"
            )
        return factor

    def _right(
        self, here: Where, question: Question, values: list[float], found: Estimate
    ) -> tuple[int | None, tuple[Estimate, ...], bool]:
        """Which option is right, the estimate of each, and whether the replications are sure of it."""
        choice = question.choice
        if choice is None:
            return None, (), True
        if choice.right == "band":
            ends = [math.inf if option.up_to is None else option.up_to for option in choice.options]
            right = next(number for number, end in enumerate(ends) if found.mean <= end or end == math.inf)
            below = -math.inf if right == 0 else ends[right - 1]
            return right, (), bool(below < found.low and found.high <= ends[right])
        each = [
            self._answer(here, question, option.measure or question.measure, option.run or question.run)
            for option in choice.options
        ]
        sign = 1.0 if choice.right == "largest" else -1.0
        ranked = sorted(range(len(each)), key=lambda number: -sign * _or_worst(each[number][1].mean, sign))
        first, second = (each[number][0] for number in ranked[:2])
        gap = paired(second, first, "")
        return ranked[0], tuple(estimate for _, estimate in each), bool(sign * gap.difference > 0 and gap.decided)

    def _formula(self, here: Where, question: Question, claim: Claim, found: Estimate) -> Formula:
        """What the formula says of the question's run, and whether it holds as claimed."""
        run = question.run or self.file.lesson.first_run
        where = (*here, "theory")
        means = {name: one.mean for name, one in self._means(run).items()}
        try:
            said = predicted(claim.formula, line_of(self.file.runs[run].scenario, claim.stage), means)
        except ScenarioError as error:
            raise self.file.wrong(where, str(error)) from None
        value = said.value * self._factor(here, question, said.unit)
        inside = found.low <= value <= found.high
        near = abs(value - found.mean) <= ROUGHLY * abs(found.mean)
        as_claimed = {"exactly": inside, "roughly": near, "not": not inside}[claim.holds]
        return Formula(FORMULAS[claim.formula].title, value, claim.holds, as_claimed)

    def _means(self, run: str) -> dict[str, Estimate]:
        runs = self._measures[run]
        return {name: self._estimate((), name, run) for name in dict.fromkeys(name for one in runs for name in one)}

    def _filled(self, here: Where, answered: Answered) -> str:
        """The explanation with its numbers."""
        question = answered.question

        def said(inside: str) -> str:
            if inside == ANSWER:
                return in_words(answered.estimate)
            if inside == THEORY and answered.formula is not None:
                return in_words(replace(answered.estimate, mean=answered.formula.value, low=math.nan, high=math.nan))
            if inside == RIGHT and question.choice is not None and answered.right is not None:
                return question.choice.options[answered.right].text
            measure, _, run = (part.strip() for part in inside.partition("@"))
            return with_interval(self._estimate((*here, "explanation"), measure, run or question.run))

        return PLACEHOLDER.sub(lambda match: said(match[1]), question.explanation)

    def _curve(self, number: int, chart: Shown) -> Curve:
        where = ("questions", str(number), "chart")
        across, up = chart.across or "", chart.up or ""
        points = [
            Point(run, self._estimate((*where, "across"), across, run), self._estimate((*where, "up"), up, run))
            for run in chart.runs
        ]
        points.sort(key=lambda point: point.across.mean)
        if chart.theory is None:
            return Curve(chart, tuple(points), "", ())
        try:
            line = line_of(self.file.runs[chart.runs[0]].scenario, chart.theory.stage)
            loads = np.linspace(0.02, max(point.across.mean for point in points), 80)
            ups = [predicted(chart.theory.formula, line.at_load(float(load)), {}).value for load in loads]
        except ScenarioError as error:
            raise self.file.wrong((*where, "theory"), str(error)) from None
        return Curve(
            chart, tuple(points), FORMULAS[chart.theory.formula].title, tuple(zip(loads.tolist(), ups, strict=True))
        )

    def _journey(self) -> Way | None:
        followed = self.file.lesson.journey
        if followed is None:
            return None
        plan = compile_file(self.file.runs[self.file.lesson.first_run], self.file.lesson.seed, 0)
        run = Run(plan, run_engine(plan))
        try:
            return way_of(run, first_order(run, followed.flow, followed.placed))
        except ScenarioError as error:
            raise self.file.wrong(("journey", "placed"), str(error)) from None


def _or_worst(value: float, sign: float) -> float:
    return -sign * math.inf if math.isnan(value) else value


def check_goal(file: LessonFile) -> None:
    """Raise ScenarioError where a target of the lesson's goal cannot be understood."""
    attempt = file.lesson.attempt
    for number, text in enumerate(attempt.keep if attempt else ()):
        try:
            parse_target(text, file.runs[file.lesson.first_run].scenario)
        except TargetError as error:
            raise file.wrong(("try", "keep", str(number)), str(error)) from None
