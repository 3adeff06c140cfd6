"""Kept runs beside each other: each from its link, its numbers, and how it differs from the first on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.show.differences import differences
from sim.study.replicate import Result, Settings
from sim.ui import asking, estimate, texts
from sim.ui.asking import Moved
from sim.ui.changes import in_words
from sim.ui.choice import Choice, offered, without_folder
from sim.ui.components.fields import PLANNER
from sim.ui.desk import Ask
from sim.ui.headline import clauses, headlines
from sim.ui.jobs import Runner
from sim.ui.kept import Kept
from sim.ui.link import Link, parsed, read
from sim.ui.opened import Opened, opened
from sim.ui.texts import keep
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile


@dataclass(frozen=True)
class Column:
    """A kept run: its name, the question it stands for and its result where it is known, or what is wrong with it."""

    name: str
    ask: Ask | None = None
    result: Result | None = None
    problem: str = ""

    @property
    def says(self) -> str:
        """What was run."""
        if self.ask is None:
            return self.problem
        settings = self.ask.request.settings
        days = texts.part_of(self.ask.days, self.ask.whole_days)
        return keep.was_run(self.ask.title, self.ask.changes, days, settings.replications, settings.seed)


def column(run: Kept, pool: Runner) -> Column:
    """A kept run, with its result where the server remembers it."""
    ask, problem = asked_by(run.link)
    if ask is None:
        return Column(run.name, problem=problem)
    return Column(run.name, ask, pool.known(ask.request.key))


def asked_by(link: str) -> tuple[Ask | None, str]:
    """The question that a link of the planner's page asks, or None and what is wrong with it.

    >>> ask, _ = asked_by("scenario=teaching_line&set=teams.clerks.staff%3D4&days=2&replications=3&seed=1")
    >>> ask.changes, ask.request.settings.replications
    (('+1 clerks, at all hours (3 → 4)',), 3)
    >>> asked_by("scenario=no_such_plan")
    (None, 'scenario=no_such_plan: no scenario of this name comes with the product')
    """
    said, problems = read(parsed(link), PLANNER.names)
    if problems:
        return None, "; ".join(problems)
    if said.scenario not in offered():
        return None, keep.refused("scenario", said.scenario, keep.NO_SCENARIO)
    choice = Choice(said.scenario)
    try:
        found = opened(choice, said.settings)
        if found.problems:
            return None, "; ".join(found.problems)
        ask, problem = asking.ask(choice, lambda choice, file: _moved(said, found, choice, file))
    except (ScenarioError, ValueError) as error:
        return None, without_folder(str(error))
    return ask, without_folder(problem)


def _moved(link: Link, found: Opened, choice: Choice, file: ScenarioFile) -> Moved:
    """What a link says, as if its controls had been moved."""
    said = {field.name: field.read((link.fields or {})[field.name]) for field in PLANNER.fields(choice, file)
            if field.name in (link.fields or {})}  # fmt: skip
    days, replications = estimate.first_answer(file.scenario)
    days = said.get("days", days)
    how = Settings(seed=said.get("seed", 1), replications=said.get("replications", replications))
    beyond = tuple(in_words(file.scenario, one) for one in differences(file.raw, choice.load(found.beyond).raw))
    words = (*beyond, *(control.change(value) for control, value in found.values))
    return Moved(link.settings, words, estimate.shortened(file.scenario.clock, days), days, how)


def grid(columns: Sequence[Column]) -> list[dict[str, str]]:
    """A row for each headline number, with its interval in the column of each run."""
    rows: dict[str, dict[str, str]] = {}
    for one in columns:
        for number in headlines(one.result) if one.result is not None else ():
            row = rows.setdefault(number.label, {keep.NUMBER: number.label, **{other.name: "" for other in columns}})
            row[one.name] = f"{number.value} ({number.interval})" if number.interval else number.value
    return list(rows.values())


def compared(first: Column, other: Column) -> str:
    """How a run differs from the first, where both had the same luck."""
    if first.ask is None or other.ask is None or first.result is None or other.result is None:
        return ""
    if not same_luck(first.ask, other.ask):
        return keep.other_luck(other.name, first.name)
    found = clauses(other.result, first.result)
    return keep.against(other.name, first.name, [words for words, _ in found])


def same_luck(one: Ask, other: Ask) -> bool:
    """Whether two runs drew the same numbers for the same days: then the plans alone make the difference."""
    return (one.request.settings.seed, one.days) == (other.request.settings.seed, other.days)
