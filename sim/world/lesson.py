"""Lessons: what a class reads, predicts and then sees, as a file that a teacher writes.

A lesson says a scenario, a few runs of it (settings, as ``--set`` takes them), and questions about what the runs
measure. It never says an answer: ``sim.study.lesson`` works that out. Seed and replications stand in the file, so that
everyone in a class has the same orders and the same luck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from sim.world.units import Count, Key, Model, Moment, Positive, PositiveCount
from sim.world.written import Where

Settings = tuple[str, ...]
Unit = Literal["s", "min", "h", "d", "%", "points", "times", "orders", "parcels", "visitors", "orders a day", "money"]
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ANSWER, THEORY, RIGHT = "answer", "theory", "right"
PEOPLE = "people"


class Band(Model):
    """The numbers from which and to which a student can predict, and how far off still counts as right."""

    least: float = Field(alias="from", allow_inf_nan=False)
    most: float = Field(alias="to", allow_inf_nan=False)
    step: Positive = 1.0
    within: Positive

    @model_validator(mode="after")
    def _rises(self) -> Band:
        if self.least >= self.most:
            raise ValueError("from must be below to")
        return self


class Option(Model):
    """One of several answers: all numbers up to ``up_to`` that no earlier option has, or a measure or run of its own."""

    text: str
    up_to: float | None = Field(default=None, allow_inf_nan=False)
    measure: str | None = None
    run: Key | None = None


class Choice(Model):
    """Options of which one is right: the one in whose band the answer lies, or that of the largest or smallest."""

    right: Literal["band", "largest", "smallest"]
    options: tuple[Option, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _tells_its_options_apart(self) -> Choice:
        limits = [option.up_to for option in self.options]
        if self.right == "band":
            said = [limit for limit in limits[:-1] if limit is not None]
            if len(said) < len(limits) - 1 or limits[-1] is not None or said != sorted(set(said)):
                raise ValueError("each option but the last says up_to, and they rise")
        elif any(limit is not None for limit in limits):
            raise ValueError("up_to is for right: band")
        elif len({(option.measure, option.run) for option in self.options}) < len(self.options):
            raise ValueError("each option needs a measure or a run that no other has")
        return self


class Theory(Model):
    """A formula beside the answer, for the line that a stage is; and whether the lesson claims that it holds.

    ``exactly``: within the interval of the run; ``roughly``: within a fifth of it; ``not``: outside of the interval.
    """

    formula: Literal["utilisation", "erlang_c", "pollaczek_khinchine", "kingman", "little"]
    stage: Key
    holds: Literal["exactly", "roughly", "not"]


class Shown(Model):
    """A chart: a ``figure`` of a run by its name, or a curve through several runs, ``up`` against ``across``."""

    figure: str | None = None
    run: Key | None = None
    across: str | None = None
    up: str | None = None
    runs: tuple[Key, ...] = ()
    theory: Theory | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Shown:
        curve = self.across is not None and self.up is not None and len(self.runs) > 1
        if (self.figure is not None) == curve:
            raise ValueError("a chart says either figure, or across, up and two runs or more")
        return self


class Question(Model):
    """What is asked, what is measured for it, how the student answers, and what is said afterwards.

    The answer is the ``measure`` in ``run`` (default: the first); with ``compared_with`` (another run) or
    ``compared_measure`` what it is above that, or how many ``times`` that.
    """

    text: str
    measure: str
    run: Key | None = None
    compared_with: Key | None = None
    compared_measure: str | None = None
    unit: Unit
    number: Band | None = None
    choice: Choice | None = None
    theory: Theory | None = None
    chart: Shown | None = None
    explanation: str

    @model_validator(mode="after")
    def _answered_one_way(self) -> Question:
        if (self.number is None) == (self.choice is None):
            raise ValueError("a question says either number or choice")
        if self.unit in ("times", "points") and not self.compares:
            raise ValueError(f"unit '{self.unit}' needs compared_with or compared_measure")
        return self

    @property
    def compares(self) -> bool:
        """Whether two numbers of runs make the answer."""
        return self.compared_with is not None or self.compared_measure is not None

    @property
    def measures(self) -> Iterator[tuple[Where, str, Key | None]]:
        """Every measure that is named, and in which run, with its path below the question."""
        yield ("measure",), self.measure, self.run
        if self.compared_measure is not None:
            yield ("compared_measure",), self.compared_measure, self.compared_with or self.run
        for number, option in enumerate(self.choice.options if self.choice else ()):
            yield ("choice", "options", str(number)), option.measure or self.measure, option.run or self.run
        for inside in PLACEHOLDER.findall(self.explanation):
            if inside not in (ANSWER, THEORY, RIGHT):
                measure, _, run = (part.strip() for part in inside.partition("@"))
                yield ("explanation",), measure, run or self.run


class Control(Model):
    """One thing that is unlocked: a ``path`` that takes whole numbers or percentages between limits, or named options."""

    label: str
    path: str | None = None
    least: str | None = Field(default=None, alias="from")
    most: str | None = Field(default=None, alias="to")
    step: str | None = None
    options: dict[str, Settings] = {}

    @model_validator(mode="after")
    def _moves_one_way(self) -> Control:
        limits = (self.path, self.least, self.most)
        if bool(self.options) == any(part is not None for part in limits) or (not self.options and None in limits):
            raise ValueError("a control says either path, from and to, or options")
        if not self.options:
            kinds = [
                kind for kind, _ in map(parse_level, (self.least or "", self.most or "", self.step or self.least or ""))
            ]
            if len(set(kinds)) > 1:
                raise ValueError("from, to and step must be all whole numbers or all percentages")
            if self.limits[0] >= self.limits[1]:
                raise ValueError("from must be below to")
        return self

    @property
    def in_percent(self) -> bool:
        """Whether its numbers are percentages."""
        return (self.least or "").endswith("%")

    @property
    def limits(self) -> tuple[float, float]:
        """From and to, percentages as such."""
        return parse_level(self.least or "")[1], parse_level(self.most or "")[1]

    @property
    def step_size(self) -> float:
        """From one value to the next: 1 where the file says nothing."""
        return 1.0 if self.step is None else parse_level(self.step)[1]

    def settings(self, value: float | str) -> Settings:
        """What it comes to as settings: of an option its name, else a number.

        >>> Control.model_validate({"label": "Opened", "path": "stages.customs.selection_rate", "from": "1 %", "to": "9 %"}).settings(4.5)
        ('stages.customs.selection_rate=4.5 %',)
        """
        if self.options:
            return self.options[str(value)]
        return (f"{self.path}={value:g}{' %' if self.in_percent else ''}",)


def parse_level(text: str) -> tuple[str, float]:
    """A whole number (``people``) or a percentage, and its size.

    >>> parse_level("3"), parse_level("4.5 %")
    (('people', 3.0), ('percent', 4.5))
    """
    number = text.removesuffix("%").strip()
    try:
        value = float(number)
    except ValueError:
        raise ValueError(f"'{text}' is neither a whole number nor a percentage such as 3 %") from None
    if text.endswith("%"):
        return "percent", value
    if not value.is_integer():
        raise ValueError(f"'{text}' is neither a whole number nor a percentage such as 3 %")
    return "people", value


class Attempt(Model):
    """What students may change by themselves, and the goal: targets to ``keep`` with the ``least`` of a measure.

    ``least`` may be ``people``: the sum of all unlocked head-counts, of which there may be ``people_at_most``.
    """

    text: str
    run: Key | None = None
    controls: dict[Key, Control] = Field(min_length=1)
    keep: tuple[str, ...] = Field(min_length=1)
    least: str = PEOPLE
    people_at_most: PositiveCount | None = None


class Followed(Model):
    """The order whose journey is told: the first of a flow that is placed at a moment or after it."""

    flow: Key
    placed: Moment


class Lesson(Model):
    """One lesson.

    ``idea`` is in a few plain sentences, each term explained where it first appears; an empty line between paragraphs.
    """

    version: Literal["1"] = Field(alias="schema")
    number: PositiveCount
    title: str
    idea: str
    scenario: str
    settings: Settings = ()
    seed: Count = 1
    replications: int = Field(default=10, ge=2, le=100)
    runs: dict[Key, Settings] = {"as_it_is": ()}
    journey: Followed | None = None
    questions: tuple[Question, ...] = Field(min_length=1)
    attempt: Attempt | None = Field(default=None, alias="try")

    @property
    def first_run(self) -> str:
        """The run that is meant where none is named."""
        return next(iter(self.runs))
