"""The words that charts share: the headings under which they stand, and how replications are drawn."""

from __future__ import annotations

THROUGHPUT, DELAYS, QUEUES, PEOPLE, STOCK = "Throughput", "Delays", "Queues", "People", "Stock"
WHERE_HOURS_WENT, INSPECTION, MONEY = "Where the hours went", "Inspection", "Money"
ONE_ORDER, QUESTION, CURVE = "One order", "Question", "Curve"

HOUR_FROM = "hour from"
DAY, HOUR, STAGE, TEAM, PART, TIME = "day", "hour", "stage", "team", "part", "time"
UNITS = {"share": "points", "h": "hours"}
"""The unit of a change, where it is not that of the measure."""


def each_or_range(replications: int, *, each: bool) -> str:
    """How the spread of replications is drawn, before more is said.

    >>> each_or_range(3, each=True)
    'Mean of 3 replications; thin lines: each. '
    """
    return f"Mean of {replications} replications; {'thin lines: each' if each else 'bands: lowest to highest'}. "


def most_of_them(replications: int) -> str:
    """That bands leave out the lowest and the highest tenth; nothing of a single replication."""
    return f"Mean of {replications} replications; bands: 10 to 90 of 100 of them. " if replications > 1 else ""


def low_of(name: str) -> str:
    """The heading of the lower end of an interval."""
    return f"{name}, low"


def high_of(name: str) -> str:
    """The heading of the upper end of an interval."""
    return f"{name}, high"


def part_of(name: str, part: str) -> str:
    """The heading of one column of several about the same."""
    return f"{name}, {part}"


def in_unit(name: str, unit: str) -> str:
    """What an axis or a column shows, and its unit.

    >>> in_unit("time since paying", "d")
    'time since paying (d)'
    """
    return f"{name} ({unit})"
