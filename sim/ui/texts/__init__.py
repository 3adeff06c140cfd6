"""Every word of the app, in one place: ready to be read aloud, mended, or put into another language."""

from __future__ import annotations

import re
import shlex
from calendar import month_name
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sim.world.scenario import Clock
from sim.world.stages import Customs, Stage
from sim.world.units import DAY_MS, MINUTE_MS

PRODUCT = "importflow"
PLANNER = "Who should work when?"
SELLER = "When will it arrive?"
TAGLINE = "Plan staff and inspection rates of a cross-border import pipeline, and see what buyers get."
MONTHS = frozenset(month.lower() for month in month_name if month)
MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"

SCENARIO = "Scenario"
OWN_FILE = "A file of your own"
UPLOAD = "Scenario file (YAML, up to 2 MB)"
UPLOAD_HELP = (
    "It is read as data only. It may extend a scenario that comes with the product, by its file name, "
    "and use the data files there; other files are not read."
)
UPLOAD_FIRST = "First choose a scenario: a file of your own, or one that comes with the product."
NOT_TEXT = "not a text file in UTF-8"
HOLDS_ZEROS = f"{NOT_TEXT} (it holds zero bytes)"
OUTSIDE = "lies outside the folder of scenarios; only what is in it can be used here"

CONTROLS = "What you can change"
OTHER_TEAMS = "Other teams"
NO_CONTROLS = "This scenario has no staff and no rates to change."
AT_ALL_HOURS = "at all hours"
CREDIT = "Credit class of the company"
MODE = "Customs opens"
NEEDS_XRAY = "X-ray first needs a machine, an image and a doubtful share: say xray in the scenario file."
PICK_FIRST = "Pick before customs accept the documents"
CHANGED = "changed"
UNDO = "Back to the scenario as it is"
RUN_SETTINGS = "How it is run"
DAYS = "Days of orders"
REPLICATIONS = "Replications"
REPLICATIONS_HELP = "The same scenario with other luck. More of them make the intervals narrower."
SEED = "Seed"
SEED_HELP = "Where the luck comes from. The same seed gives the same numbers on every machine."

RUN = "Run"
CANCEL = "Cancel"
PRESS_RUN = f"Press **{RUN}** for the settings you see now."
UNDER_WAY = "A new answer is under way."
EMPTY = "Press **Run** to see how this plan holds."
CANCELLED = "Cancelled. What you see is the last complete answer."
CANCELLED_EMPTY = "Cancelled. Press **Run** to start again."
WAITING = "Waiting for a free place: other runs are under way"
STARTING = "Getting ready"
BROKE = "The run stopped because of a defect in importflow. Please report it with the command below and these lines:"
CANNOT_READ = "This scenario cannot be run as it stands:"
CANNOT_RUN = "The run was refused:"
COMMAND = "The same on the command line"
DOWNLOAD_SCENARIO = "Scenario with these changes (YAML)"
DOWNLOAD_MEASURES = "All numbers (CSV)"
CHART_TABLE = "The numbers behind this chart"
TABLES, CHECKS = "Tables", "Checks"
UNFINISHED = "Unfinished"
SAVE_AS = "Save as"
DRAWING = "Drawing …"
NOT_DRAWN = "This chart could not be drawn; its numbers are below. Please report it with these lines:"
ONE_REPLICATION = "one replication"

CHECK_WORDS = {
    "conserved": "All that came in went out or is still inside.",
    "lives_without_gaps": "Every order's steps follow one another without a gap.",
    "little": "The number inside and the time spent inside agree exactly (Little's law).",
    "no_more_busy_than_staffed": "Nobody worked who was not on shift, overtime apart.",
    "hours_add_up": "The parts of every order's time add up to the whole, to the millisecond.",
    "stock_never_negative": "No SKU's stock ever fell below zero.",
    "stock_book_balances": "The stock book is what was there and put away, less what orders took.",
    "on_order_is_on_its_way": "The units on order at the end are those of consignments on their way.",
}
ORDERS, ORDERS_A_DAY, PROMISES = "Orders and peaks", "Orders on a usual day", "Promises"
STOCK = "Stock"
ON_HAND = "In stock at the start"
REORDER_POINT = "Reordered when there is left"
TIMES = {"days": "d", "hours": "h"}
MODES = {"open_every_selected": "every selected parcel", "xray_then_open": "what looks doubtful on the X-ray"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# What a share is called, by the last part of its path; with the stage's kind in front where one name means two things.
RATES = {
    "inspection.accuracy": "Declarations without fault",
    "physical.share": "Physically inspected",
    "physical.discrepancy": "of these with a discrepancy",
    "mispick": "Mispicked",
    "damage": "Damaged on the way",
    "protection.damage_factor": "Damage left by protective packing",
    "order_data.accuracy": "Document lists that match at first try",
    "repair.automatic_share": "Returned lists that mend themselves",
    "repair.buyer_share": "Other lists that need the buyer",
    "selection_rate": "Selected by customs",
    "xray.doubtful": "Doubtful on the X-ray",
    "national.share": "Looked at by national inspection",
    "national.refuse": "of these refused",
    "attempt_fails": "Delivery attempts that fail",
    "refused": "Refused by the buyer",
    "rework.share": "Sent back to be done again",
    "reject": "Rejected",
}


def title(name: str) -> str:
    """A scenario's name as a title.

    >>> title("small_site_fortnight"), title("real_orders_november_2010")
    ('Small site fortnight', 'Real orders November 2010')
    """
    return sentence_case(" ".join(word.capitalize() if word in MONTHS else word for word in name.split("_")))


def plain(text: str) -> str:
    r"""A text in which no letter means anything to Markdown.

    >>> plain("50 % *off* :red[x]")
    '50 % \\*off\\* \\:red\\[x\\]'
    """
    return re.sub(r"([\\`*_{}\[\]()#|$~<>:!])", r"\\\1", text)


def sentence_case(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def rate(path: Sequence[str], stage: Stage, label: str) -> str:
    """What a share of a stage is called.

    >>> rate(("selection_rate", "certified"), Customs.model_construct(), "customs")
    'Selected by customs, class certified'
    """
    kind = getattr(stage, "kind", "")
    for length in range(len(path), 0, -1):
        for start in (0, length - 2, length - 1):
            known = ".".join(path[max(start, 0) : length])
            words = RATES.get(f"{kind}.{known}") or RATES.get(known)
            if words:
                return ", ".join([words, *(f"class {part}".replace("_", " ") for part in path[length:])])
    if path[0] == "rate_changes" and isinstance(stage, Customs):
        begin = stage.rate_changes[int(path[1])].begin
        return f"{RATES['selection_rate']} from {moment(begin)}"
    return sentence_case(f"{' '.join(path)} ({label})".replace("_", " "))


def shift(team: str, key: str) -> str:
    """A team's shift.

    >>> shift("packers", "late"), shift("packers", "night_shift")
    ('packers, late shift', 'packers, night shift')
    """
    words = key.replace("_", " ")
    return f"{team}, {words}" if "shift" in words else f"{team}, {words} shift"


def overtime(team: str) -> str:
    """How long a team may stay after its shift."""
    return f"{team}, overtime after a shift"


def in_unit(label: str, kind: str) -> str:
    """The label of a number; lengths of time have their unit behind it.

    >>> in_unit("In stock at the start", "days"), in_unit("Orders on a usual day", "orders")
    ('In stock at the start (days)', 'Orders on a usual day')
    """
    return f"{label} ({kind})" if kind in TIMES else label


def peak(begin: datetime, end: datetime, *, orders: bool) -> str:
    """A peak, which is so many orders or so many times the usual.

    >>> peak(datetime(2026, 11, 2), datetime(2026, 11, 3), orders=False)
    'Peak 2 November, times the usual'
    >>> peak(datetime(2026, 6, 16), datetime(2026, 6, 20), orders=False)
    'Peak 16 June to 19 June, times the usual'
    >>> peak(datetime(2026, 11, 11, 1), datetime(2026, 11, 11, 14, 20), orders=True)
    'Peak 11 November, 01:00 to 14:20, orders'
    """
    last = end - timedelta(milliseconds=1)
    if begin.time() == end.time() == time():
        when = " to ".join(dict.fromkeys(f"{at.day} {at:%B}" for at in (begin, last)))
    elif begin.date() == last.date():
        when = f"{moment(begin)} to {'24:00' if end.time() == time() else f'{end:%H:%M}'}"
    else:
        when = f"{moment(begin)} to {moment(end)}"
    return f"Peak {when}, {'orders' if orders else 'times the usual'}"


def promised(to: str, number: int) -> str:
    """A promise; with its number where there are several.

    >>> promised("dispatched", 0), promised("delivered", 2)
    ('Promise: dispatched within', 'Promise 2: delivered within')
    """
    return f"Promise{f' {number}' if number else ''}: {to} within"


def in_percent(label: str) -> str:
    """The label of a share."""
    return f"{label} (%)"


def days_of(whole: float) -> str:
    """The label of the number of days, and how many there are."""
    return f"{DAYS} (all: {whole:g})"


def promise(to: str, within_h: float) -> str:
    """The label of the share on time.

    >>> promise("dispatched", 48.0).replace(NO_BREAK, " ")
    'Dispatched within 48 h'
    """
    return f"{to.capitalize()} within {within_h:g}{NO_BREAK}h"


def p95(*, delivers: bool, of: int = 95) -> str:
    """The label of the 95th percentile, or another; where nothing is delivered, of the time until all is done."""
    return f"{of} of 100 {'delivered' if delivers else 'done'} within"


def throughput(*, delivers: bool) -> str:
    """The label of the orders a day."""
    return "Delivered a day" if delivers else "Done a day"


def cost(currency: str) -> str:
    """The label of the cost."""
    return f"Cost per order ({currency})"


def teams_elsewhere(teams: Iterable[tuple[str, str]]) -> str:
    """Where the staff of teams is set that work here too.

    >>> teams_elsewhere([("packers", "packing")])
    'Also at work here: packers (set at packing)'
    """
    listed = ", ".join(f"{team} (set at {stage})" for team, stage in teams)
    return f"Also at work here: {listed}" if listed else ""


def days(numbers: Sequence[int]) -> str:
    """Weekdays in short.

    >>> days(range(7)), days([0, 1, 2, 3, 4]), days([5, 6]), days([0, 2])
    ('daily', 'Mon to Fri', 'Sat, Sun', 'Mon, Wed')
    """
    numbers = list(numbers)
    if len(numbers) == 7:
        return "daily"
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{WEEKDAYS[numbers[0]]} to {WEEKDAYS[numbers[-1]]}"
    return ", ".join(WEEKDAYS[number] for number in numbers)


def day(at: date) -> str:
    """A date.

    >>> day(date(2026, 11, 1))
    '1 November 2026'
    """
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """A day of the year and a time.

    >>> moment(datetime(2026, 9, 8, 7, 30))
    '8 September, 07:30'
    """
    return f"{at.day} {at:%B, %H:%M}"


def hours_of_day(begin_ms: int, end_ms: int) -> str:
    """From when to when.

    >>> hours_of_day(14 * 3_600_000, 22 * 3_600_000)
    '14:00 to 22:00'
    """
    return f"{_clock(begin_ms)} to {_clock(end_ms)}"


def _clock(at_ms: int) -> str:
    hours, minutes = divmod(at_ms // MINUTE_MS, 60)
    return f"{hours:02}:{minutes:02}"


def percent(share: float) -> str:
    """A share as it is set, without digits that say nothing.

    >>> percent(0.03), percent(0.985), percent(0.0057)
    ('3 %', '98.5 %', '0.57 %')
    """
    return f"{round(100 * share, 6):g} %"


def written(kind: str, value: Any) -> str:
    """A value as a scenario file writes it."""
    if kind == "share":
        return percent(float(value))
    if kind in TIMES:
        return f"{float(value):g} {TIMES[kind]}"
    if kind in ("orders", "times"):
        return f"{float(value):.10g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def shown(kind: str, value: Any) -> str:
    """A value as a planner reads it."""
    if kind == "people":
        return f"{value:,}"
    if kind in ("orders", "times"):
        return f"{float(value):,.10g}"
    if kind == "switch":
        return "yes" if value else "no"
    if kind in TIMES:
        return written(kind, value)
    return MODES.get(str(value), str(value).replace("_", " ")) if kind == "choice" else percent(float(value))


def changed_from_base(changes: Iterable[str]) -> str:
    """What differs from the scenario as it is.

    >>> changed_from_base(["Selected by customs 3 % → 10 %", "+1 officers, late shift (1 → 2)"])
    'Changed from base: Selected by customs 3 % → 10 %; +1 officers, late shift (1 → 2)'
    """
    listed = "; ".join(changes)
    return f"Changed from base: {listed}" if listed else "As the scenario is, nothing changed"


def duration(seconds: float) -> str:
    """Waiting time before a screen, roughly.

    >>> duration(0.4), duration(42), duration(130), duration(4000)
    ('a moment', '40 s', '2 min', '1.1 h')
    """
    if seconds < 2:
        return "a moment"
    if seconds < 10:
        return f"{seconds:.0f} s"
    if seconds < 90:
        return f"{10 * round(seconds / 10)} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def before_run(orders: float, replications: int, seconds: float) -> str:
    """How much there is to do, said before it is started."""
    runs = f" \N{MULTIPLICATION SIGN} {replications} replications" if replications > 1 else ", one replication"
    return f"About {_rounded(orders):,} orders{runs}: {duration(seconds)} on this machine."


def too_long(seconds: float) -> str:
    """A warning before a long run."""
    return (
        f'This will take about {duration(seconds)}. Fewer days or replications (under "{RUN_SETTINGS}" at the left) '
        "give a first answer sooner; you can cancel at any time."
    )


def first_look(days_run: float, days_whole: float) -> str:
    """That only a part of the scenario is run."""
    return f"A first look: {days_run:g} of its {days_whole:g} days. Set {DAYS.lower()} to {days_whole:g} for the whole."


def _rounded(number: float) -> int:
    digits = max(len(str(int(number))) - 2, 0)
    return int(round(number, -digits))


def progress(share: float, left_s: float | None, *, for_base: bool) -> str:
    """What the progress bar says."""
    what = "Running the scenario as it is, to compare" if for_base else "Running"
    left = f", about {duration(left_s)} left" if left_s is not None and left_s >= 2 else ""
    return f"{what}: {share:.0%}{left}".replace("%", " %")


def belongs_to(scenario: str, changes: Iterable[str], replications: int, seed: int, days_run: str) -> str:
    """What a result was computed for."""
    changed = "; ".join(changes)
    how = f"{replications} replication{'s' if replications > 1 else ''}, seed {seed}"
    return f"Computed for: {scenario}{f' ({changed})' if changed else ''}; {days_run}, {how}."


def out_of_date(computed_for: str, onward: str) -> str:
    """That the settings have moved on since the last run, and what comes next."""
    return f"**Out of date.** {computed_for} {onward}"


def number_of_days(count: float) -> str:
    """Days in words."""
    return f"{count:g} day{'' if count == 1 else 's'}"


def command(scenario: str, settings: Iterable[str], replications: int, seed: int) -> str:
    """The command line that repeats a run.

    >>> command("teaching_line", ["teams.clerks.staff=4", "stages.customs.mispick=2 %"], 10, 1)
    "importflow run teaching_line --replications 10 --seed 1 --set teams.clerks.staff=4 --set 'stages.customs.mispick=2 %'"
    """
    words = ["importflow", "run", scenario, "--replications", str(replications), "--seed", str(seed)]
    for setting in settings:
        words += ["--set", setting]
    return shlex.join(words)


def worker_died(exit_code: int | None) -> str:
    """That the process was ended from outside."""
    return (
        f"The process that ran this was ended from outside (exit code {exit_code}), most likely for want of memory. "
        "Run fewer days or replications."
    )


def measured_window(clock: Clock, replications: int) -> str:
    """Which orders the numbers are of."""
    begin_ms, end_ms = clock.window_ms
    begin, end = (clock.start + timedelta(milliseconds=at) for at in (begin_ms, end_ms))
    warm_up = f", after {number_of_days(round(begin_ms / DAY_MS, 1))} to fill up" if begin_ms else ""
    runs = f"{replications} replications" if replications > 1 else "one replication: it says nothing of the spread"
    return f"Measured are the orders placed from {moment(begin)} to {moment(end)}{warm_up}; {runs}."


def part_of(days_run: float, days_whole: float) -> str:
    """How much of a scenario was run.

    >>> part_of(28, 28), part_of(3, 28)
    ('28 days', 'the first 3 of its 28 days')
    """
    return (
        number_of_days(days_whole) if days_run >= days_whole else f"the first {days_run:g} of its {days_whole:g} days"
    )


def too_large(most_bytes: int) -> str:
    """That a file is too large.

    >>> too_large(2_000_000)
    'larger than 2,000,000 bytes; this is not a scenario file'
    """
    return f"larger than {most_bytes:,} bytes; this is not a scenario file"


def not_made(longest_s: float, what: str = "the file") -> str:
    """That a file did not come in time.

    >>> not_made(60.0, "throughput")
    'throughput was not made within 60 s'
    """
    return f"{what} was not made within {longest_s:.0f} s"


def listed(findings: str) -> str:
    r"""Messages as they were written, a line each, in Markdown.

    >>> listed("a.yaml, line 3: clock.length: 'x' is not a duration")
    "```text\na.yaml, line 3: clock.length: 'x' is not a duration\n```"
    """
    return f"```text\n{findings.replace('```', '` ` `')}\n```"


def file_name(title: str) -> str:
    """A title as the beginning of a file's name.

    >>> file_name("Small site fortnight")
    'small_site_fortnight'
    """
    return re.sub(r"\W+", "_", title.lower())
