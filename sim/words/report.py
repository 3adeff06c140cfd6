"""The words of a report that stand around what was found; ``sim/show/report.html`` has the places for them."""

from __future__ import annotations

CONTENTS = "Contents"
CHANGED, AND_BRINGS = "What was changed", ", and what it brings"
NUMBERS, CHARTS, ASSUMPTIONS = "Numbers", "Charts", "Assumptions"
MODEL, CHECKS, REPEAT, ALSO = "What happens to each flow", "Checks", "How to repeat it", "Also"
DIFFERENCES_NOTE = (
    "Differences are taken replication by replication, with their 95 % interval each (paired t). Of twenty\n"
    "that are none, about one will look like one."
)
BEHIND_CHART = "The numbers behind this chart"
FIGURE, TRUST, SOURCE = "figure", "trust", "source"
NO_SOURCES = "The scenario names no sources: take every figure in it for a guess."
CHECKED = "Laws that were checked in every replication:"
IS_BROKEN = ": broken"
IN_THE_APP = "In the app, the part of the address behind its question mark:"
SAME_AGAIN = "The same scenario, seed and version give the same numbers."
WHOLE_SCENARIO = "The whole scenario as a file"


def more_rows(count: int) -> str:
    """How many rows of a table are left out."""
    return f"and {count:,} more rows, which the workbook has"


def sources(count: int, guesses: int) -> str:
    """How many figures say where they come from.

    >>> sources(3, 1)
    '3 figures name their source; 1 of them is a guess. Guesses come last.'
    """
    are = "is a guess" if guesses == 1 else "are guesses"
    return f"{count} figures name their source; {guesses} of them {are}. Guesses come last."


def made_by(version: str, engine: str, seed: int, replications: int) -> str:
    """With what the results were made."""
    runs = f"{replications} replication{'' if replications == 1 else 's'}"
    return f"importflow {version}, engine {engine}, seed {seed}, {runs}."


def digest(said: str) -> str:
    """By what one recognises the scenario."""
    return f"SHA-256 of what the scenario says: {said}."


def versions(python: str, packages: dict[str, str]) -> str:
    """On what it ran."""
    others = "".join(f", {name} {version}" for name, version in packages.items())
    return f"Python {python}{others}."
