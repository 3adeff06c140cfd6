"""The words of the seller's page: the order form, the dates, the listing, and what changes them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from sim.analysis.words import day_label, with_interval
from sim.study.paired import amount, paired
from sim.study.promise import Promised, day_of
from sim.study.what_if import PEAK_DAYS, PEAK_FACTOR
from sim.ui.texts import NO_BREAK, percent, sentence_case
from sim.words.measures import NOT_KNOWN

PLACED_ON = "Order placed on"
PLACED_HELP = (
    "A day that the scenario measures is answered by the orders of that day; any other by those of its weekday."
)
PLACED_AT = "Between"
GOODS = "Goods"
ALL_GOODS = "All goods"
WANTED_BY = "Wanted by the end of"
HOW_SURE = "How sure"
ASK_ARRIVAL = "Show the dates"
ASK_FIRST = f"Press **{ASK_ARRIVAL}** to see by when the order is there."
WANTED_BEFORE_PLACED = (
    "The day on which the order is wanted lies before the day on which it is placed: choose a later one."
)
NO_ORDER_THEN = (
    "The run measures no such order of that hour: choose another hour, day or goods, or more days under Run."
)
NO_MAP = "Too many orders are still under way when the run ends: no time can be told for any hour."
BY_ORDER_HOUR = "By the hour of the order"
BY_ORDER_DAY = "Day by day, and what would change it"
WHAT_IF = "What if"
WHAT_IFS = {
    "twice": "customs select twice as many",
    "tenth": "customs select every tenth order",
    "half": "customs select every second order",
    "peak": f"{PEAK_FACTOR} times the orders come for {PEAK_DAYS} days",
}
WHAT_IF_LINES = {"twice": "twice as many", "tenth": "every tenth", "half": "every second", "peak": "with the peak"}
WORKING_OUT = "Working out what would change ..."
NO_DAYS = "Too many orders of every day are still under way when the run ends, or no whole day is measured."
LISTING = "For your listing"
LISTING_NOTE = (
    "The day is the later one in brackets. Orders that are lost, or under way at the end, count as not delivered."
)
NO_LISTING = "Too many such orders are still under way when the run ends: do not promise a day with this chance."


def order_hour(hour: int) -> str:
    """An hour of the day in which orders are placed.

    >>> order_hour(9)
    '09:00 and 09:59'
    """
    return f"{hour:02}:00 and {hour:02}:59"


def goods(name: str) -> str:
    """A class of goods.

    >>> goods("small_parts"), goods("")
    ('Small parts', 'All goods')
    """
    return sentence_case(name.replace("_", " ")) if name else ALL_GOODS


def of_hundred(chance: float) -> str:
    """A chance as people imagine it.

    >>> of_hundred(0.95)
    '95 of 100'
    """
    return f"{100 * chance:g} of 100"


def there_by(chance: float) -> str:
    """The label of the date by which so many have their order."""
    return f"{of_hundred(chance)} have it by"


def short_day(at: datetime) -> str:
    """A day with its weekday.

    >>> short_day(datetime(2026, 9, 12, 17, 54))
    'Sat 12 Sep'
    """
    return NOT_KNOWN if pd.isna(at) else day_label(at)


def time_between(at: datetime, low: datetime, high: datetime) -> str:
    """The time of a day, and the interval, with its days where it spans more than one; hours where minutes say nothing.

    >>> noon = datetime(2026, 9, 12, 12, 10)
    >>> time_between(noon, noon - timedelta(minutes=20), noon + timedelta(minutes=25))
    '12:10 (11:50 to 12:35)'
    >>> time_between(noon, noon - timedelta(hours=13), noon + timedelta(hours=11.5))
    '13:00 (Fri 24:00 to Sat 24:00)'
    """
    if pd.isna(at):
        return ""
    to = _minutes_told(low, high)
    if pd.isna(low) or pd.isna(high):
        return _time_up(at, to)
    days = [f"{end:%a} " if low.date() != high.date() else "" for end in (low, high)]
    return f"{_time_up(at, to)} ({days[0]}{_time_up(low, to)} to {days[1]}{_time_up(high, to)})"


def _minutes_told(low: datetime, high: datetime) -> int:
    """To how many minutes a moment is told: to the hour, but where its interval is narrower than two."""
    return 1 if not pd.isna(low) and not pd.isna(high) and high - low < timedelta(hours=2) else 60


def _time_up(at: datetime, to: int) -> str:
    """A time of day rounded up; the end of the day is 24:00.

    >>> _time_up(datetime(2026, 9, 12, 23, 20), 60), _time_up(datetime(2026, 9, 12, 23, 20), 1)
    ('24:00', '23:20')
    """
    minutes = -(-(60 * at.hour + at.minute) // to) * to
    return f"{minutes // 60:02}:{minutes % 60:02}"


def arrival_sentence(found: Promised) -> str:
    """By when an order is there, with the chance asked for."""
    row = found.dates[found.dates["chance"] == found.chance].iloc[0]
    placed = f"Ordered on {_long_moment(found.placed)}"
    if pd.isna(row["date"]):
        return f"{placed}: no day can be told by which {of_hundred(found.chance)} have it."
    at = f"{_long_day(row['date'])}, {_time_up(row['date'], _minutes_told(row['low'], row['high']))}"
    return f"{placed}: {of_hundred(found.chance)} have it by {at}."


def orders_like_it(found: Promised) -> str:
    """Which orders the dates are of."""
    orders = f"From {found.orders:,.0f} {found.like}"
    if found.replications == 1:
        return f"{orders} in one run, which says nothing of luck."
    return f"{orders} in each of {found.replications} runs with other luck; in brackets, what luck leaves open of each date (95 % sure)."


def computed_for(scenario: str, days_run: str, runs: int) -> str:
    """What an answer was computed for.

    >>> computed_for("Small site fortnight", "28 days", 10)
    'Computed for: Small site fortnight; 28 days, run 10 times.'
    """
    return f"Computed for: {scenario}; {days_run}, run {'once' if runs == 1 else f'{runs} times'}."


def chance_by(found: Promised) -> str:
    """The chance to have it by the day wanted."""
    if found.kept is None or found.wanted is None:
        return ""
    kept = with_interval(found.kept).replace(" %", f"{NO_BREAK}%")
    return f"The chance to have it by {_wanted(found.wanted)}: **{kept}**."


def latest_order(found: Promised) -> str:
    """By when to order for the day wanted."""
    if found.wanted is None:
        return ""
    by = f"For {of_hundred(found.chance)} to have it by {_wanted(found.wanted)}"
    if found.latest is None:
        return f"{by}: **no order hour of the four weeks before is early enough**."
    return f"{by}, order by **{_long_moment(found.latest)}**."


def listing(found: Promised) -> str:
    """The text to copy: the day of the interval's later end, so that the promise errs on the safe side."""
    row = found.dates[found.dates["chance"] == found.chance].iloc[0]
    safe = row["date"] if pd.isna(row["high"]) else row["high"]
    if found.placed is None or pd.isna(safe):
        return ""
    hour = f"between {order_hour(found.placed.hour)}"
    said = f"Ordered on {_long_day(found.placed)} {hour}: {of_hundred(found.chance)} have it by {_long_day(safe)}."
    if found.wanted is not None and found.latest is not None:
        by = _long_moment(found.latest)
        said += f"\nOrdered by {by}: {of_hundred(found.chance)} have it by {_wanted(found.wanted)}."
    return said


def what_if(name: str) -> str:
    """What may change, in words."""
    return WHAT_IFS[name]


def what_if_line(name: str) -> str:
    """The same beside a line of a chart, where there is little room."""
    return WHAT_IF_LINES[name]


def what_changes(usual: Promised, changed: Promised, what: str) -> list[str]:
    """What changes for the order that is asked about, and for the orders of each day."""
    said = [_order_changes(usual, changed, what)] if usual.orders and changed.orders else []
    pairs = {day: (usual.by_day.loc[day], changed.by_day.loc[day]) for day in usual.by_day.index}
    known = {day: (one, other) for day, (one, other) in pairs.items() if np.isfinite([one, other]).all()}
    gaps = {day: paired(one.tolist(), other.tolist(), "h") for day, (one, other) in known.items()}
    open_days = [short_day(day) for day, (_, other) in pairs.items() if np.isinf(other).any()]
    sure = {day: gap for day, gap in gaps.items() if gap.decided}
    if sure:
        worst = max(sure, key=lambda day: abs(sure[day].difference))
        size, between = amount(sure[worst])
        later = "later" if sure[worst].difference > 0 else "sooner"
        count = f"{len(sure)} of {len(pairs)} days" if len(pairs) > 1 else "the day"
        said.append(
            f"Surely different: the orders of {count}; most those of {short_day(worst)}, of which 9 of 10 are there {size}{between} {later}."
        )
    elif gaps and not open_days:
        said.append("No day's orders are surely later or sooner than as it is.")
    if open_days:
        listed = ", ".join(open_days[:3]) + (" and other days" if len(open_days) > 3 else "")
        said.append(
            f"Not known: of orders placed on {listed}, more than 1 in 10 are still under way when the run ends."
        )
    return said


def _order_changes(usual: Promised, changed: Promised, what: str) -> str:
    """The date of the order that is asked about, and what it was."""
    before, after = (found.dates[found.dates["chance"] == found.chance].iloc[0]["date"] for found in (usual, changed))
    have = f"If {what}, {of_hundred(usual.chance)} have this order by"
    if pd.isna(after):
        return f"If {what}, no day can be told by which {of_hundred(usual.chance)} have this order."
    told = f"{have} {_long_day(after)}, {_time_up(after, 60)}"
    return f"{told}." if pd.isna(before) else f"{told}, instead of {_long_day(before)}, {_time_up(before, 60)}."


def promise_command(
    scenario: str,
    settings: Iterable[str],
    placed: datetime,
    wanted: datetime,
    chance: float,
    goods_class: str | None,
    replications: int,
    seed: int,
) -> str:
    """The command line that answers the same.

    >>> promise_command("six_stages", [], datetime(2026, 9, 1, 10), datetime(2026, 9, 4), 0.95, None, 10, 1)
    "importflow promise six_stages --placed '2026-09-01 10:00' --wanted 2026-09-04 --probability '95 %' --replications 10 --seed 1"
    """
    words = [
        "importflow",
        "promise",
        scenario,
        "--placed",
        f"{placed:%Y-%m-%d %H:%M}",
        "--wanted",
        f"{wanted:%Y-%m-%d}",
    ]
    words += ["--probability", percent(chance)]
    words += ["--class", goods_class] if goods_class else []
    words += ["--replications", str(replications), "--seed", str(seed)]
    for setting in settings:
        words += ["--set", setting]
    return shlex.join(words)


def _long_day(at: datetime | date) -> str:
    return f"{at:%A} {at.day} {at:%B}"


def _long_moment(at: datetime | None) -> str:
    return NOT_KNOWN if at is None else f"{_long_day(at)}, {at:%H:%M}"


def _wanted(at: datetime) -> str:
    return _long_day(day_of(at))
