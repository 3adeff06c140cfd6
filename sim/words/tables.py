"""Titles and headings of tables, in a terminal, a report and a workbook."""

from __future__ import annotations

HEADLINE, ONE_REPLICATION_TITLE = "Headline", "Headline (one replication)"
PROMISES = ("Promises", "promise", "on time", "late", "not known yet")
RECOVERY = ("Back to normal after a disruption", "disruption", "not yet dispatched", "not yet delivered")
FAILURES = ("How often something is found", "stage")
STAGES = (
    "Stages", "stage", "done\na day", "average\nqueue", "longest\nqueue",
    "average\nwait", "95 of 100\nwait at most", "average\nwork",
)  # fmt: skip
TEAMS = ("Teams", "team", "offered load", "worst day", "at work", "overtime a day")
HOURS = ("Where the hours went", "spent on", "time", "share")
ALL, LATER = "all", "of it in later attempts"
NOBODY_THERE = "nobody there"
BROKEN, HOLDS = "BROKEN", "Checks that hold"
DAY, MEASURED, WORST_DAY = "day", "measured", "worst day"

BASE, PLAN = "the base", "this plan"
DIFFERENCE = "difference, on the same orders and the same luck"

ABOUT = ("About", ["what", "says"])
MEASURES = ("Measures", ["measure", "mean", "low (95 %)", "high (95 %)", "unit", "replications"])
ASSUMPTIONS = ("Assumptions", ["figure", "value", "low", "high", "trust", "source"])
CHECKS = ("Checks", ["law", "holds in every replication"])
DIFFERENCES, IN_BASE, IN_PLAN = "Differences", "base", "plan"
REPEAT_WITH, OPEN_WITH = "repeat with", "open in the app with"
LOAD = {"offered_h": "offered (h)", "staffed_h": "staffed (h)", "load": "load (share)"}
YES, NO = "yes", "no"

RECORDS_NOTE = "times are milliseconds since the clock's start; -1 has not happened"
REPEAT_IN = "this folder"
NOT_INSTALLED = "not installed"


def headline(replications: int) -> str:
    """The title of what is asked first."""
    if replications == 1:
        return ONE_REPLICATION_TITLE
    return f"{HEADLINE} (mean of {replications} replications and its 95 % interval)"


def window(begin: str, end: str, replications: int) -> str:
    """Which orders are measured, and how often the run was repeated."""
    one = "one replication, which says nothing of the spread"
    runs = f"{replications} replications" if replications > 1 else one
    return f"Measured are the orders placed from {begin} to {end}; {runs}."


def happened(item: int, what: str, step: str, team: str) -> str:
    """One thing that happened to an item, and to whom.

    >>> happened(7, "joins", "packing.pack", "")
    'item 7 joins packing.pack'
    """
    return f"item {item} {what}{f' {step}' if step else ''}{f' ({team})' if team else ''}"


def busy_of(team: str, busy: int, heads: int) -> str:
    """How many of a team are at work."""
    return f"{team}: {busy} of {heads} busy"


def waiting(shown: str, more: int) -> str:
    """Who waits, and how many more."""
    return f"; waiting: {shown}{f' and {more} more' if more > 0 else ''}"
