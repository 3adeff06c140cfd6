"""The words of the planner's page that are about its answer: what differs, what to trust, and what one could do next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sim.analysis.words import NOT_KNOWN, measured, number, share
from sim.study.paired import Difference, amount

AGAINST_BASE = "Against the scenario as it is"
BASE_UNDER_WAY = f"{AGAINST_BASE}: being run, to compare."
NO_DIFFERENCE = f"{AGAINST_BASE}: no difference in any of these numbers."
CANNOT_TELL = "can't tell"
REFINING = "A first look; it becomes more certain while you read."
CHARTS_LATER = "Charts and tables follow when all replications are done."
CANCELLED_PART = "Cancelled. What you see is what was found until then."
CHECKS_LATER = "Checks follow with the whole answer"
OLD_CHARTS = "Charts of the answer before this one; the new ones are being made."

MORE_OR_LESS = {
    "on_time": ("{size} fewer are {what}", "{size} more are {what}"),
    "delivery_time": ("95 of 100 {have} {size} sooner", "95 of 100 {have} {size} later"),
    "cost": ("an order costs {size} {what} less", "an order costs {size} {what} more"),
}
OPEN = {
    "on_time": "whether more or fewer are {what}",
    "delivery_time": "whether 95 of 100 {have} sooner or later",
    "cost": "whether an order costs more or less",
}


def difference(measure: str, found: Difference, what: str, *, delivers: bool) -> str:
    """A difference in a clause, with its interval; or that it cannot be told, and what would settle it.

    >>> found = Difference("h", 5.1, 4.6, 5.7, 0.01, 1.0, 10, 5.0)
    >>> difference("delivery_time.p95", found, "", delivers=True)
    '95 of 100 have it 5.1 h later (4.6 to 5.7)'
    >>> found = Difference("share", -0.012, -0.014, -0.01, 0.01, 1.0, 10, 5.0)
    >>> difference("on_time.home", found, "dispatched within 48 h", delivers=True)
    '1.2 points fewer are dispatched within 48 h (1.0 to 1.4)'
    >>> found = Difference("share", 0.001, -0.001, 0.003, 0.2, 0.003, 10, 5.0)
    >>> difference("on_time.home", found, "dispatched within 48 h", delivers=True)
    "can't tell yet whether more or fewer are dispatched within 48 h"
    """
    group, have = measure.partition(".")[0], "have it" if delivers else "are done"
    if not found.decided:
        yet = "yet " if found.more_needed else ""
        return f"{CANNOT_TELL} {yet}{OPEN[group].format(what=what, have=have)}"
    size, between = amount(found)
    return MORE_OR_LESS[group][found.difference > 0].format(size=size, what=what, have=have) + between


def differences(clauses: Sequence[str]) -> str:
    """All that differs, in a sentence."""
    return f"{AGAINST_BASE}: {'; '.join(clauses)}." if clauses else NO_DIFFERENCE


def run_more(replications: int) -> str:
    """The button that adds replications.

    >>> run_more(20)
    'Run 20 more'
    """
    return f"Run {replications} more"


def replications_so_far(done: int, wanted: int) -> str:
    """How many of the replications the numbers are of."""
    return f"{done} of {wanted} replications so far."


def looked_at(days: float, whole: float, replications: int) -> str:
    """What a first look covers, where that is less than what was asked for.

    >>> looked_at(15, 26, 2)
    'A first look: 15 of its 26 days, 2 replications. The whole is under way.'
    """
    return f"A first look: {days:g} of its {whole:g} days, {replications} replications. The whole is under way."


def people(counts: Iterable[int]) -> str:
    """Staff by shift, in short.

    >>> people([2]), people([2, 1]), people([4, 4, 2, 1]), people([])
    ('2', '2 + 1', '11 in 4 shifts', 'nobody')
    """
    counts = list(counts)
    if len(counts) > 3:
        return f"{sum(counts)} in {len(counts)} shifts"
    return " + ".join(map(str, counts)) or "nobody"


def load(value: float) -> str:
    """A load, in whole percent.

    >>> load(0.684), load(float("inf"))
    ('68 %', 'no staff')
    """
    return f"{100 * value:.0f} %" if value < 100 else "no staff"


def queue(mean: float) -> str:
    """How many wait on the mean; fractions say nothing here.

    >>> queue(12.3), queue(0.2)
    ('12 wait', '0.2 wait')
    """
    return f"{number(round(mean) if mean >= 1 else round(mean, 1))} wait"


def stage_help(team: str, load_words: str) -> str:
    """What a stage of the map says when one points at it."""
    tightest = f"Tightest here: {team}, {load_words} of the hours on shift are asked for. " if team else ""
    return f"{tightest}Click to see what you can change."


MAP = "The pipeline: staff by shift, load of the tightest team, and how many wait on the mean"
NO_TEAM = "no staff of yours"

NOTHING_LOST = "Nothing lost"
LITTLE = "Little's law holds"
LAWS_BROKEN = "A law is broken"
SETTLED, NOT_SETTLED = "Warmed up", "Not settled"
ALL_LOADS = "No team overloaded"
NOT_A_STEADY_STATE = "Not a steady state, by design"


def overloaded(count: int) -> str:
    """How many teams are asked for more than they can do."""
    return f"{count} team{'s' if count > 1 else ''} overloaded"


def unfinished(value: float) -> str:
    """The share of orders under way at the end.

    >>> unfinished(0.004), unfinished(0.0), unfinished(float("nan"))
    ('0.4 % unfinished', 'All orders finished', 'Unfinished: not known yet')
    """
    if value != value:
        return f"Unfinished: {NOT_KNOWN}"
    return f"{share(value)} unfinished" if value else "All orders finished"


ONE_MORE_UNDER_WAY = "What one more person would bring is being worked out …"


def one_more(who: str, clauses: Sequence[str], cost: Difference | None, currency: str) -> str:
    """What one more person brings, and what that costs a day.

    >>> money = Difference("money", 280.0, 280.0, 280.0, 0.0, 0.0, 10, 5.0)
    >>> one_more("customs officers, evening shift", ["95 of 100 have it 2 h sooner (1.6 to 2.4)"], money, "CNY")
    'One more in customs officers, evening shift: 95 of 100 have it 2 h sooner (1.6 to 2.4); 280.00 CNY a day in wages.'
    """
    said = "; ".join(clauses) if clauses else "no sure change for buyers"
    wages = f"; {measured(cost.difference, 'money')} {currency} a day in wages" if cost and cost.difference else ""
    return f"One more in {who}: {said}{wages}."


def class_name(text: str) -> str:
    """A key as part of a CSS class.

    >>> class_name("set:small site")
    'set-small-site'
    """
    return re.sub(r"[^a-zA-Z0-9_-]+", "-", text)
