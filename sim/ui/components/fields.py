"""The fields that a page has in its address beside scenario and settings: where each stands, and how it is read and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sim.study.promise import CHANCES
from sim.ui import estimate
from sim.ui.choice import Choice
from sim.ui.components.controls_panel import MOST_REPLICATIONS, MOST_SEED
from sim.ui.components.order_form import ANY, classes_of
from sim.ui.link import exact
from sim.ui.texts import keep as texts
from sim.world.files import ScenarioFile

TAB = "link:tab"
"""The heading under which the reader looks, where it is not the first."""
AROUND_DAYS = 366
RUN_NAMES = ("days", "replications", "seed")


@dataclass(frozen=True)
class Field:
    """Its name in the address, where its value stands in the session, and how it is read and written.

    ``read`` raises ValueError, in words, for what the page does not have.
    """

    name: str
    key: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


@dataclass(frozen=True)
class Page:
    """A page's fields by name, what they are for a scenario, and whether settings have a meaning on it.

    ``prefixes`` are those of the keys under which the page keeps what it shows of a scenario.
    """

    names: tuple[str, ...]
    fields: Callable[[Choice, ScenarioFile], Sequence[Field]]
    prefixes: tuple[str, ...]
    settings: bool = False


def planner_fields(choice: Choice, file: ScenarioFile) -> Sequence[Field]:
    """How it is run, and which charts are looked at."""
    return [*_run_fields(f"run:{choice.key}", file), Field("tab", TAB, str)]


def seller_fields(choice: Choice, file: ScenarioFile) -> Sequence[Field]:
    """What order is asked about, and how it is run.

    >>> choice = Choice("six_stages")
    >>> chance = next(field for field in seller_fields(choice, choice.load()) if field.name == "chance")
    >>> chance.read("80"), chance.write(0.8)
    (0.8, '80')
    """
    prefix, clock = f"order:{choice.key}", file.scenario.clock
    first = clock.start.date()
    days = _day(first, first + timedelta(milliseconds=clock.length))
    return [
        Field("day", f"{prefix}:day", days),
        Field("hour", f"{prefix}:hour", number(0, 23, whole=True)),
        Field("goods", f"{prefix}:goods", _one_of([ANY, *classes_of(file.scenario)], str)),
        Field("wanted", f"{prefix}:wanted", days),
        Field("chance", f"{prefix}:chance", _one_of(CHANCES, _of_hundred), _of_hundred),
        *_run_fields(f"order_run:{choice.key}", file),
    ]


def number(least: float, most: float, *, whole: bool = False) -> Callable[[str], Any]:
    """How a number within limits is read.

    >>> number(0, 23, whole=True)("7"), number(0, 23)("7.5")
    (7, 7.5)
    """

    def read(text: str) -> float | int:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            raise ValueError(texts.NOT_A_NUMBER) from None
        if not least <= value <= most:
            raise ValueError(texts.between(least, most))
        return value

    return read


def _run_fields(prefix: str, file: ScenarioFile) -> list[Field]:
    """For how long, how often and with which luck."""
    whole = estimate.days_of(file.scenario.clock)
    return [
        Field("days", f"{prefix}:days", number(min(1.0, whole), whole), exact),
        Field("replications", f"{prefix}:replications", number(1, MOST_REPLICATIONS, whole=True)),
        Field("seed", "seed", number(0, MOST_SEED, whole=True)),
    ]


def _one_of(values: Sequence[Any], write: Callable[[Any], str]) -> Callable[[str], Any]:
    """How a choice is read."""
    offered = {write(value): value for value in values}

    def read(text: str) -> Any:
        if text not in offered:
            raise ValueError(texts.one_of(name for name in offered if name))
        return offered[text]

    return read


def _of_hundred(chance: float) -> str:
    return f"{100 * chance:g}"


def _day(first: date, last: date) -> Callable[[str], date]:
    """How a day is read that is not far from those of the scenario."""
    least, most = first - timedelta(days=AROUND_DAYS), last + timedelta(days=AROUND_DAYS)

    def read(text: str) -> date:
        try:
            value = date.fromisoformat(text)
        except ValueError:
            raise ValueError(texts.NOT_A_DATE) from None
        if not least <= value <= most:
            raise ValueError(texts.between_days(least, most))
        return value

    return read


PLANNER = Page((*RUN_NAMES, "tab"), planner_fields, ("set", "run"), settings=True)
SELLER = Page(("day", "hour", "goods", "wanted", "chance", *RUN_NAMES), seller_fields, ("order", "order_run"))
