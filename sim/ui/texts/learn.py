"""The words of the lessons page; what a lesson itself says stands in its file."""

from __future__ import annotations

import math

from sim.analysis.intervals import Estimate
from sim.analysis.words import interval, measured, number, with_interval
from sim.study.predicting import SPELLED, Judged, in_unit
from sim.ui.texts import NO_BREAK, plain, sentence_case
from sim.world.scenario import Scenario
from sim.world.units import HOUR_MS

LEARN = "Learn"
LESSONS = "Lessons"
JOURNEY = "One order's way"
JOURNEY_IN_WORDS = "The same in words"
REVEAL = "Reveal"
PREDICT_FIRST = "Predict first; then the run can be revealed."
YOU_SAID = "You said"
RUN_SAYS = "The run says"
THEORY_SAYS = "Theory says"
WORKING_IT_OUT = "The answer is being worked out by running the scenario."
WORK_OUT = "Work it out"
ONE_OF = "Your prediction"
NOT_TOLD_APART = "The replications do not tell the right one apart from the next."
TRY_IT = "Try it yourself"
TRY_LATER = "When all questions are answered you can try it yourself here."
LOCKED = "All else is locked; everyone has the same orders and the same luck."
RUN = "Run it"
KEPT, NOT_KEPT = "kept", "not kept"
GOAL_KEPT = "The goal is kept."
GOAL_NOT_KEPT = "The goal is not kept."
GOAL_CLOSE = "The replications cannot tell whether the goal is kept."
ATTEMPTS = "Your attempts"
GOAL = "Goal"
BEST = "best so far"
PREVIOUS, NEXT = "Previous lesson", "Next lesson"
CANNOT_READ = "This lesson cannot be read as it stands:"


def lesson(number: int, title: str) -> str:
    """A lesson in the list.

    >>> lesson(2, "Utilisation and waiting")
    '2. Utilisation and waiting'
    """
    return f"{number}. {title}"


def lesson_of(number: int, of: int) -> str:
    """Where one is."""
    return f"Lesson {number} of {of}"


def done(answered: int, questions: int) -> str:
    """How far one has come with a lesson.

    >>> done(0, 3), done(2, 3), done(3, 3)
    ('3 questions', '2 of 3 questions', 'all 3 questions')
    """
    if not answered:
        return f"{questions} questions" if questions != 1 else "1 question"
    return f"all {questions} questions" if answered == questions else f"{answered} of {questions} questions"


def score(right: int, answered: int) -> str:
    """How many predictions were right."""
    return f"{right} of {answered} predictions right" if answered else "Nothing predicted yet"


def question(position: int, of: int) -> str:
    """The head of a question."""
    return f"Question {position} of {of}"


def prediction(unit: str, least: float, most: float) -> str:
    """The label of a number to predict.

    >>> prediction("min", 0, 60).replace(NO_BREAK, " ")
    'Your prediction (minutes, 0 to 60)'
    """
    return f"{ONE_OF} ({SPELLED.get(unit, unit)}, {least:g}{NO_BREAK}to{NO_BREAK}{most:g})"


def value(found: float, unit: str) -> str:
    """A number in the unit of its question.

    >>> value(12, "min"), value(83.46, "%"), value(2.7, "times")
    ('12 minutes', '83.5 %', '2.7 times')
    """
    if unit == "money":
        return measured(found, unit)
    return f"{number(found)} {SPELLED.get(unit, unit)}"


def of_run(found: Estimate) -> tuple[str, str]:
    """What the run found in the unit of the question, and its interval.

    >>> of_run(Estimate(25.53, 24.2, 26.9, "min", 10))
    ('26 minutes', '95 % interval: 24 to 27')
    """
    spelled = in_unit(found, 1.0, SPELLED.get(found.unit, found.unit))
    between = interval(spelled)
    inside = f"95 % interval: {between.strip(' ()')}" if between else "the same in every replication"
    return with_interval(spelled).removesuffix(between), inside


def verdict(judged: Judged, found: Estimate) -> str:
    """What a predicted number was worth.

    >>> verdict(Judged(False, 5.0), Estimate(7.0, 6.8, 7.4, "min", 10))
    'Not quite: 5 minutes too high, 1.71 times what it is.'
    >>> verdict(Judged(True, 0.2), Estimate(7.0, 6.8, 7.4, "min", 10))
    'Right: only 0.2 minutes off.'
    """
    unit = "points" if found.unit == "%" else found.unit
    off = value(float(format(abs(judged.above), ".2g")), unit)
    if judged.right:
        return f"Right: only {off} off." if judged.above else "Right."
    side = "high" if judged.above > 0 else "low"
    said = f"Not quite: {off} too {side}"
    times = (found.mean + judged.above) / found.mean if found.mean else math.nan
    if math.isfinite(times) and times >= 1.5 and found.unit != "%":
        return f"{said}, {number(times)} times what it is."
    return f"{said}."


def option_verdict(*, right: bool) -> str:
    """What a chosen option was worth."""
    return "Right." if right else "Not this one."


def option(text: str, said: str, *, right: bool, chosen: bool) -> str:
    """An option with what the run says of it, and whose it is."""
    marks = ", ".join(word for word, true in (("right", right), ("your prediction", chosen)) if true)
    head = f"**{plain(text)}**" if right else plain(text)
    return f"{head}{f': {plain(said)}' if said else ''}{f' *({marks})*' if marks else ''}"


def theory_caption(title: str, holds: str, *, as_claimed: bool) -> str:
    """Whose theory it is, and whether it is right."""
    said = {
        ("exactly", True): "within the interval", ("exactly", False): "outside of the interval",
        ("roughly", True): "an approximation", ("roughly", False): "an approximation, far off",
        ("not", True): "does not hold here", ("not", False): "within the interval",
    }[holds, as_claimed]  # fmt: skip
    return f"{title}; {said}"


def people(count: int, at_most: int | None) -> str:
    """How many people are unlocked in all.

    >>> people(7, None), people(7, 6)
    ('7 people in all', '7 people in all; at most 6 are allowed')
    """
    counted = "1 person" if count == 1 else f"{count} people"
    return f"{counted} in all" + (f"; at most {at_most} are allowed" if at_most is not None else "")


MEASURES = {
    "people": "people in all", "cost.per_order": "cost per order", "order_cycle.mean": "mean time from paying to leaving",
    "delivery_time.mean": "mean time from paying to the door", "outcome.damaged": "parcels that arrive broken",
}  # fmt: skip


def measure(name: str, scenario: Scenario) -> str:
    """A measure of a goal in words.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> line = load(shipped("teaching_line")).scenario
    >>> measure("delivery_time.p95", line), measure("wait.counter.mean", line), measure("cost.per_order", line)
    ('95 of 100 are done within', 'mean wait (counter)', 'cost per order')
    """
    group, _, rest = name.partition(".")
    if group == "on_time" and rest in scenario.promises:
        promise = scenario.promises[rest]
        return f"{promise.to} within {promise.within / HOUR_MS:g}{NO_BREAK}h"
    if group in ("delivery_time", "order_cycle") and rest.startswith("p"):
        done = "are done" if group == "delivery_time" else "have left"
        return f"{rest.removeprefix('p')} of 100 {done} within"
    if group == "wait" and rest.endswith(".mean"):
        return f"mean wait ({rest.removesuffix('.mean').replace('_', ' ')})"
    return MEASURES.get(name, name.replace("_", " ").replace(".", ", "))


def target(words: str, value: str, *, at_least: bool) -> str:
    """A target in words.

    >>> target("dispatched within 48 h", "98 %", at_least=True)
    'Dispatched within 48 h: at least 98 %'
    """
    return sentence_case(f"{words}: {'at least' if at_least else 'at most'} {value}")


def goal_least(words: str) -> str:
    """What there should be as little of."""
    return f"As little as possible: {words}"
