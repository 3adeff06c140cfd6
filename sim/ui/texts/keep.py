"""The words of links, reports and kept runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

LINK_TOO_LONG = "The link is too long to be read; the page opens without it."
NOT_KNOWN_HERE = "this page knows no such field"
SAID_TWICE = "is said more than once; none of them is used"
TOO_MANY = "too many settings; the first {most} are used"
LONG_SETTING = "a setting of more than {most} letters is left out"
NO_SCENARIO = "no scenario of this name comes with the product"
NO_CONTROLS_HERE = "this page runs scenarios as they are"
DAYS_SET_IT = "how long a run is, is said by days"
NOT_A_NUMBER = "is no number"
NOT_A_DATE = "is no date, such as 2026-11-11"
NOT_OFFERED = "is not offered"
LEAVE_OUT = "Leave this out"


def from_link(problems: Sequence[str]) -> str:
    """What of a link is not used.

    >>> print(from_link(["days=0: must be from 1 to 10"]))
    Not all of this link could be used:
    <BLANKLINE>
    - days=0: must be from 1 to 10
    """
    return "\n".join(["Not all of this link could be used:", "", *(f"- {problem}" for problem in problems)])


def refused(name: str, value: str, why: str) -> str:
    """A field of a link that is not used, cut short where it is long.

    >>> refused("days", "x" * 100, NOT_A_NUMBER)
    'days=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: is no number'
    """
    said = f"{name}={value}" if value else name
    return f"{said if len(said) <= 64 else f'{said[:64]}…'}: {why}"


def between(least: float, most: float) -> str:
    """The range of a number.

    >>> between(1, 1000)
    'must be from 1 to 1,000'
    """
    return f"must be from {least:,g} to {most:,g}" if most < 1e6 else f"must be from {least:,g} to {most:,.0f}"


def one_of(names: Iterable[str]) -> str:
    """What there is to choose from."""
    return f"must be one of {', '.join(names)}"


def between_days(first: date, last: date) -> str:
    """The range of a day.

    >>> between_days(date(2025, 11, 1), date(2027, 12, 1))
    'must be from 2025-11-01 to 2027-12-01'
    """
    return f"must be from {first} to {last}"


def by_hand(words: Iterable[str]) -> str:
    """What a link sets and no control shows."""
    return "\n".join(["Set by the link, where no control stands for it:", "", *(f"- {word}" for word in words)])
