"""The words of the planner's page that are about its answer: what differs, what to trust, and what one could do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.analysis.words import number
from sim.study.paired import Difference, amount
from sim.words.measures import NOT_KNOWN

AGAINST_BASE = "Against the scenario as it is"
BASE_UNDER_WAY = f"{AGAINST_BASE}: being run, to compare."
NO_DIFFERENCE = f"{AGAINST_BASE}: no difference for buyers, nor in cost."
CANNOT_TELL = "can't tell"
SAME = "no change"
SURE = "sure to this digit"
REFINING = "A first look; it becomes more certain while you read."
CHARTS_LATER = "Charts and tables follow when all replications are done."
CANCELLED_PART = "Cancelled. What you see is what was found until then."
CHECKS_LATER = "Checks follow with the whole answer"
FEWER_CHARTED = "Charts of the first replications; those of all follow when they are done."
OLD_CHARTS = "Charts of the answer before this one; the new ones are being made."

MORE_OR_LESS = {
    "on_time": ("{size} fewer are {what}", "{size} more are {what}"),
    "delivery_time": ("{of} of 100 {have} {size} sooner", "{of} of 100 {have} {size} later"),
    "cost": ("an order costs {size} {what} less", "an order costs {size} {what} more"),
}
OPEN = {
    "on_time": "whether more or fewer are {what}",
    "delivery_time": "whether {of} of 100 {have} sooner or later",
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
    group, _, which = measure.partition(".")
    words = {"what": what, "have": "have it" if delivers else "are done", "of": which.removeprefix("p")}
    if not found.decided:
        yet = "yet " if found.more_needed else ""
        return f"{CANNOT_TELL} {yet}{OPEN[group].format(**words)}"
    size, between = amount(found)
    return MORE_OR_LESS[group][found.difference > 0].format(size=size, **words) + between


def instead_of(within_h: float) -> str:
    r"""Within how long it was promised before.

    >>> instead_of(48.0).replace("\N{NO-BREAK SPACE}", " ")
    ' instead of 48 h'
    """
    return f" instead of {within_h:g}\N{NO-BREAK SPACE}h"


def between(interval: str, change: str) -> str:
    """The intervals of a number and of its change, under the number; the one that there is.

    >>> between("96 to 98", "1 to 3"), between("96 to 98", "")
    ('96 to 98; change 1 to 3', '96 to 98')
    """
    return "; ".join(filter(None, (interval, change and f"change {change}")))


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
    ('2 staff', '2 + 1 staff', '11 in 4 shifts', 'nobody')
    """
    counts = list(counts)
    if len(counts) > 3:
        return f"{sum(counts)} in {len(counts)} shifts"
    return f"{' + '.join(map(str, counts))} staff" if counts else "nobody"


def load(value: float) -> str:
    """A load, in whole percent.

    >>> load(0.684), load(float("inf"))
    ('68 %', 'no staff')
    """
    return f"{100 * value:.0f} %" if value < 100 else "no staff"


def queue(mean: float) -> str:
    """How many wait on the mean; fractions say nothing here.

    >>> queue(12.3), queue(0.2)
    ('12 waiting', '0.2 waiting')
    """
    return f"{number(round(mean) if mean >= 1 else round(mean, 1))} waiting"


def loaded(load_words: str) -> str:
    """The load of a stage's tightest team on the map.

    >>> loaded("84 %"), loaded("no staff")
    ('84 % loaded', 'no staff')
    """
    return f"{load_words} loaded" if load_words.endswith("%") else load_words


def stage_help(team: str, load_words: str) -> str:
    """What a stage of the map says when one points at it."""
    tightest = f"Tightest here: {team}, {load_words} of the hours on shift are asked for. " if team else ""
    return f"{tightest}Click to see what you can change."


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


def unfinished(share: str) -> str:
    """The share of orders under way at the end, as its card says it.

    >>> unfinished("0.4 %"), unfinished("0 %"), unfinished(NOT_KNOWN)
    ('0.4 % unfinished', 'All orders finished', 'Unfinished: not known yet')
    """
    if share == NOT_KNOWN:
        return f"Unfinished: {NOT_KNOWN}"
    return "All orders finished" if share == "0 %" else f"{share} unfinished"


ONE_MORE_UNDER_WAY = "What one more person would bring is being worked out …"


def one_more(who: str, clauses: Sequence[str]) -> str:
    """What one more person brings.

    >>> one_more("customs officers, evening shift", ["95 of 100 have it 2 h sooner (1.6 to 2.4)"])
    'One more of the customs officers, evening shift: 95 of 100 have it 2 h sooner (1.6 to 2.4).'
    """
    return f"One more of the {who}: {'; '.join(clauses) if clauses else NO_SURE_GAIN}."


NO_SURE_GAIN = "no sure change, neither for buyers nor in cost"

FIND_STAFFING, ONE_PERSON, HOW_MUCH = "Find the cheapest staffing", "One more person", "How much can it take?"
KEEP_WHAT = "What has to be kept"
AT_LEAST = "For at least (% of orders)"
WITHIN_H = "Within (h)"
NO_WAGES = "No team of this scenario has a wage, so no staffing is cheaper than another."
STUDY_WAITS = "Available when the answer above is whole."
TAKE_OVER = "Take this staffing over"
CLOSE = "Close"
STUDY_RUNS = "While it runs, changed controls wait for Run."
OUT_OF_DATE_STUDY = "This is about settings that have changed since."
NOT_SEARCHED = "Not searched, since they have no wage here: "
ON_FRESH_LUCK = "{measure}: {verdict}, with {value}, in runs whose luck had no part in the search."
STAFFING_TABLE, ONE_MORE_TABLE, CAPACITY_TABLE = (
    "Staff now and in the cheapest plan", "What changes with one person more or fewer", "How many orders were tried",
)  # fmt: skip
WHO, NOW, CHEAPEST, CHANGE, LOAD, STAFF, DEMAND, TIGHTEST, A_DAY, KEPT = (
    "Team and shift", "Now", "Cheapest", "Change", "Average load", "Staff now", "Times today's orders", "Tightest team",
    "Cost a day", "Kept",
)  # fmt: skip
SURELY, ON_AVERAGE, NOT_KEPT = "surely", "on average", "no"
ONE_MORE_SENTENCE, ONE_MORE_UNPAID = (
    "For its money, one more in {who} brings most: {gains}; that costs {cost} {currency} a day more.",
    "One more in {who} brings most: {gains}.",
)
NOBODY_HELPS = "One more person alone brings no sure change, wherever they work."


def to_keep(target: str) -> str:
    """The label of what has to be kept.

    >>> to_keep("95 % dispatched within 24 h")
    'to keep: 95 % dispatched within 24 h'
    """
    return f"to keep: {target}"


def kept_at_least(what: str, percent: float) -> str:
    """A target in words.

    >>> kept_at_least("Dispatched within 24 h", 95)
    '95 % dispatched within 24 h'
    """
    return f"{percent:g} % {what[:1].lower()}{what[1:]}"


def within(what: str, hours: float) -> str:
    """A target on delivery time in words.

    >>> within("95 of 100 delivered within", 96)
    '95 of 100 delivered within 96 h'
    """
    return f"{what} {hours:g} h"


def runs_so_far(count: int) -> str:
    """How far a study is, of which nobody knows the end.

    >>> runs_so_far(1200)
    '1,200 runs so far'
    """
    return f"{count:,} run{'' if count == 1 else 's'} so far"


WEEK = "Shifts of the week"
WEEK_OF = "Team"
WEEK_TABLE = "Shifts of the team: name, days, from, to, staff"
WEEK_HELP = "Change a time, days or staff; add a shift in the last row; a shift that you delete has nobody."
WEEK_REFUSED = "These shifts cannot be used:"
USE_WEEK, UNDO_WEEK = "Use these shifts", "This team as the scenario has it"
SHIFT, ON_DAYS, FROM, TO, STAFF_COLUMN = "Shift", "Days", "From", "To", "Staff"
SHIFT_HELP = "One word, such as night"
DAYS_HELP = "daily, mon-fri, or a list: mon, wed, sat"
HOUR_OF_DAY = "hour of the day"
NO_SHIFT_NAME = "every shift needs a name: one word, such as night"


def new_part(who: str, what: str) -> str:
    """That a shift, or another part of a scenario, is new."""
    return f"new: {who} ({what})"


def moved_part(what: str, was: str, now: str) -> str:
    """What is another, where the scenario says it or did not.

    >>> moved_part("packers, wage", "30", "31"), moved_part("packers, wage", "", "31"), moved_part("packers, wage", "30", "")
    ('packers, wage 30 → 31', 'packers, wage set to 31', 'packers, wage left out (30)')
    """
    if not now:
        return f"{what} left out ({was})"
    return f"{what} {was} → {now}" if was else f"{what} set to {now}"


def twice(name: str) -> str:
    """That two shifts have one name."""
    return f"two shifts are called {name}: give each a name of its own"
