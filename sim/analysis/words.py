"""Numbers as people read them: ``4 d 6 h``, ``61 h (58 to 64)``, ``99.7 %``, ``1,500``; no more digits than they carry."""

from __future__ import annotations

import math
import re
import textwrap
from datetime import date

from sim.analysis.intervals import Estimate
from sim.words import span
from sim.words.measures import NOT_KNOWN

LONGEST_IN_H = 48
"""From so many hours on, days are easier to read."""
LEAST_SHARE = 0.0001
WHOLE_SUMS_FROM = 10_000
WITHIN_A_NUMBER = re.compile(r"(?<=\d) (?=(?:d|days?|h|min|s)\b|%)|(?<=\d d) (?=\d)|(?<=\bdays) (?=\d)")
NO_BREAK = "\N{NO-BREAK SPACE}"
BUSY_FROM, FULL_FROM = 0.85, 1.0
"""Loads from which a team is tight, and above which it gets more than it can do."""


def hours(value_h: float, *, long: bool = False) -> str:
    """Hours in the unit that suits their size; ``long`` writes days out.

    >>> hours(102.0), hours(7.55), hours(0.117), hours(102.0, long=True)
    ('4 d 6 h', '7.5 h', '7 min', '4 days 6 h')
    """
    if not math.isfinite(value_h):
        return NOT_KNOWN
    if value_h < 0:
        return f"-{hours(-value_h, long=long)}"
    if round(value_h, 1) < LONGEST_IN_H:
        per_hour, unit = _clock_unit(value_h)
        return f"{_short(value_h * per_hour, 1)} {unit}"
    days, rest = divmod(round(value_h), 24)
    word = ("day" if days == 1 else "days") if long else "d"
    return f"{days:,} {word}" + (f" {rest} h" if rest else "")


def share(value: float) -> str:
    """A share in percent, with one digit, and two where it is close to none or all.

    >>> share(0.997), share(0.0004), share(0.03), share(0.99999)
    ('99.7 %', '0.04 %', '3 %', '> 99.99 %')
    """
    if not math.isfinite(value):
        return NOT_KNOWN
    if 0 < value < LEAST_SHARE:
        return f"< {100 * LEAST_SHARE:g} %"
    if 1 - LEAST_SHARE < value < 1:
        return f"> {100 - 100 * LEAST_SHARE:g} %"
    digits = 2 if min(value, abs(1 - value)) < 0.002 else 1
    return f"{_short(100 * value, digits)} %"


def number(value: float) -> str:
    """A plain number with as many digits as its size needs.

    >>> number(1500.2), number(14.204), number(0.52), number(13.0)
    ('1,500', '14.2', '0.52', '13')
    """
    return _short(value, _digits(value)) if math.isfinite(value) else NOT_KNOWN


def day_label(day: date) -> str:
    """A day as people write it.

    >>> day_label(date(2026, 11, 2))
    'Mon 2 Nov'
    """
    return f"{day:%a} {day.day} {day:%b}"


def in_lines(text: str, letters: int) -> str:
    r"""Text in lines of so many letters at most, no number torn from its unit.

    >>> in_lines("most have it within 4 days 6 h", 28)
    'most have it within\n4 days 6 h'
    """
    together = re.sub(WITHIN_A_NUMBER, NO_BREAK, text)
    return textwrap.fill(together, letters).replace(NO_BREAK, " ")


def measured(value: float, unit: str) -> str:
    """A value in the words of its unit.

    >>> measured(0.997, "share"), measured(102.0, "h"), measured(13.0815, "money"), measured(1507.3, "orders/day")
    ('99.7 %', '4 d 6 h', '13.08', '1,507 orders a day')
    """
    if not math.isfinite(value):
        return NOT_KNOWN
    if unit == "share":
        return share(value)
    if unit == "money":
        return _fixed(value, _money_digits(value))
    if unit in ("h", "h/day"):
        return hours(value) + unit.removeprefix("h").replace("/", " a ")
    return f"{number(value)} {unit.replace('/', ' a ')}"


def with_interval(estimate: Estimate, *, not_none: bool = False) -> str:
    """A mean with its interval, in the words of its unit, to the digit that the interval supports.

    Where the interval is narrower than the last digit shown, the mean stands alone. Of what is ``not_none`` for sure
    the lower end is told to a digit that says so.

    >>> with_interval(Estimate(0.997, 0.995, 0.998, "share", 10))
    '99.7 % (99.5 to 99.8)'
    >>> with_interval(Estimate(61.4, 58.2, 64.6, "h", 10)), with_interval(Estimate(102.3, 101.9, 102.7, "h", 10))
    ('2 d 13 h (2 d 10 h to 2 d 17 h)', '102.3 h (101.9 to 102.7)')
    >>> with_interval(Estimate(0.003, 0.0003, 0.0057, "share", 10), not_none=True)
    '0.30 % (0.03 to 0.57)'
    """
    return "".join(_mean_and_interval(estimate, not_none=not_none))


def interval(estimate: Estimate, *, not_none: bool = False) -> str:
    """The interval alone, with a blank before it, or nothing where there is none.

    >>> interval(Estimate(0.997, 0.995, 0.998, "share", 10)), interval(Estimate(0.997, math.nan, math.nan, "share", 1))
    (' (99.5 to 99.8)', '')
    """
    return _mean_and_interval(estimate, not_none=not_none)[1]


def _mean_and_interval(estimate: Estimate, *, not_none: bool) -> tuple[str, str]:
    mean, low, high = estimate.mean, estimate.low, estimate.high
    if not (math.isfinite(mean) and math.isfinite(low) and math.isfinite(high)):
        return measured(mean, estimate.unit), ""
    half = (high - low) / 2
    if estimate.unit in ("h", "h/day") and round(abs(mean), 1) >= LONGEST_IN_H and half >= 1:
        return measured(mean, estimate.unit), f" ({span(hours(low), hours(high))})"
    factor, unit, most = _in_one_unit(mean, estimate.unit)
    digits = most if half == 0 or estimate.unit == "money" else min(most, _supported(half * factor))
    if not_none:
        digits = next(
            (more for more in (digits, digits + 1) if float(_fixed(low * factor, more).replace(",", ""))), digits
        )
    first, second, third = (_fixed(value * factor, digits) for value in (mean, low, high))
    if second == third:
        return measured(mean, estimate.unit), ""
    return f"{first}{unit}", f" ({span(second, third)})"


def _in_one_unit(value: float, unit: str) -> tuple[float, str, int]:
    """By what to multiply value and interval, the unit to write behind the value, and how many digits it may have."""
    if unit == "share":
        return 100.0, " %", 2 if min(value, 1 - value) < 0.002 else 1
    if unit == "money":
        return 1.0, "", _money_digits(value)
    if unit in ("h", "h/day"):
        per_hour, word = _clock_unit(abs(value))
        return per_hour, f" {word}{unit.removeprefix('h').replace('/', ' a ')}", 1
    return 1.0, f" {unit.replace('/', ' a ')}", _digits(value)


def _money_digits(value: float) -> int:
    """Large sums are whole."""
    return 0 if abs(value) >= WHOLE_SUMS_FROM else 2


def _clock_unit(value_h: float) -> tuple[float, str]:
    """Seconds, minutes or hours: how many there are in an hour, and their name."""
    if value_h == 0 or round(value_h * 60, 1) >= 60:
        return 1.0, "h"
    return (60.0, "min") if round(value_h * 3600, 1) >= 60 else (3600.0, "s")


def _digits(value: float) -> int:
    """Three digits that count, two of them behind the point at most."""
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def _supported(half_width: float) -> int:
    """Digits behind the point of which the interval leaves at least the last one certain within a few."""
    return max(0, -math.floor(math.log10(half_width)))


def _fixed(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{digits}f}"  # adding 0.0 turns -0.0 into 0.0


def _short(value: float, digits: int) -> str:
    """Without zeros at the end behind the point."""
    text = _fixed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text
