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

KEEP_THIS, SHARE, TAKE = "Keep this run", "Share", "Report and files"
LINK = "This link has the scenario, every change and how it is run:"
OWN_FILE_NO_LINK = (
    "A link cannot hold a file of your own. Send the scenario file along (under Report and files); whoever uploads it gets "
    "the same numbers."
)
REPORT, WORKBOOK = "Report (HTML)", "Workbook (XLSX)"
REPORT_HELP = "One file to read, print or hand on. Its charts are drawn when you ask for it: that takes a while."
WORKBOOK_HELP = "Measures, differences, the tables behind the charts, assumptions and checks, a sheet each."

NAME, KEEP = "Name", "Keep"
KEPT = "Kept runs"
NOTHING_KEPT = "None yet. Keep a run to open it again later or to set it beside another; your browser remembers its name and its link."
OWN_FILE_NOT_KEPT = "What is kept is a link, and a link cannot hold a file of your own."
SIDE_BY_SIDE, CHOOSE_TWO = "Side by side", "Choose two or more"
ONE_RUN, OPEN, FORGET = "Kept run", "Open", "Forget"
NUMBER = "Number"


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
    """What is set and no control shows."""
    return "\n".join(
        ["Set by a link or in the week, where no control stands for it:", "", *(f"- {word}" for word in words)]
    )


def suggested(title: str, changes: Sequence[str], most: int) -> str:
    """A name for a run that has none yet, of ``most`` letters: one that is cut off would say something else.

    >>> changes = ["+1 packers (3 → 4)", "Selected by customs 3 % → 10 %"]
    >>> suggested("Six stages", changes, 60)
    'Six stages: +1 packers (3 → 4), and 1 more'
    >>> suggested("Six stages", changes, 35), suggested("Six stages", changes, 25)
    ('+1 packers (3 → 4), and 1 more', 'Six stages, 2 changes')
    """
    if not changes:
        return f"{title}, as it is"
    what = changes[0] + (f", and {len(changes) - 1} more" if len(changes) > 1 else "")
    count = f"{title}, {len(changes)} change{'s' if len(changes) > 1 else ''}"
    return next((name for name in (f"{title}: {what}", what) if len(name) <= most), count)


def kept_as(name: str) -> str:
    """That a run is kept already."""
    return f"Kept as: {name}"


def full(most: int) -> str:
    """That the oldest run gives way to the next."""
    return f"{most} runs are kept, the most there can be; the next takes the place of the oldest."


def run_again(names: Sequence[str]) -> str:
    """The button for runs whose results the server no longer remembers.

    >>> run_again(["a", "b"])
    'Run 2 of them again'
    """
    return "Run it again" if len(names) == 1 else f"Run {len(names)} of them again"


def running(name: str) -> str:
    """Which kept run is under way."""
    return f"Running: {name}"


def against(other: str, first: str, clauses: Sequence[str]) -> str:
    """How one run differs from another.

    >>> against("two more", "as it is", ["95 of 100 have it 5.1 h sooner (4.6 to 5.7)"])
    'two more, against as it is: 95 of 100 have it 5.1 h sooner (4.6 to 5.7).'
    """
    return f"{other}, against {first}: {'; '.join(clauses) or 'no difference for buyers, nor in cost'}."


def other_luck(other: str, first: str) -> str:
    """That two runs cannot be compared one replication with the other."""
    return f"{other}, against {first}: run both for the same days with the same seed, and the difference can be told."


def was_run(title: str, changes: Sequence[str], days: str, replications: int, seed: int) -> str:
    """What a kept run is.

    >>> was_run("Teaching line", ["teams.clerks.staff: 3 -> 4"], "10 days", 10, 1)
    'Teaching line, teams.clerks.staff: 3 -> 4; 10 days, 10 replications, seed 1'
    """
    what = ", ".join([title, *changes])
    return f"{what}; {days}, {replications} replication{'s' if replications != 1 else ''}, seed {seed}"
