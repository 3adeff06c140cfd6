"""Numbers as people read them: ``4 d 6 h``, ``61 h (58 to 64)``, ``99.7 %``, ``1,500``."""

from __future__ import annotations

import math

from sim.analysis.intervals import Estimate

NOT_KNOWN = "not known yet"


def hours(value_h: float, *, long: bool = False) -> str:
    """Hours in the unit that suits their size; ``long`` writes days out.

    >>> hours(102.0), hours(7.55), hours(0.117), hours(102.0, long=True)
    ('4 d 6 h', '7.5 h', '7.0 min', '4 days 6 h')
    """
    if math.isinf(value_h) or math.isnan(value_h):
        return NOT_KNOWN
    if abs(value_h) * 3600 < 60:
        return f"{value_h * 3600:.1f} s"
    if abs(value_h) < 1:
        return f"{value_h * 60:.1f} min"
    if value_h < 48:
        return f"{value_h:.1f} h"
    days, rest = divmod(round(value_h), 24)
    unit = " days" if long else " d"
    return f"{days:,}{unit}" + (f" {rest} h" if rest else "")


def share(value: float) -> str:
    """A share in percent, with one digit, and more where it is close to none or all.

    >>> share(0.997), share(0.0004), share(1.0)
    ('99.7 %', '0.04 %', '100 %')
    """
    if math.isnan(value):
        return NOT_KNOWN
    if value in (0.0, 1.0):
        return f"{value:.0%}".replace("%", " %")
    digits = 2 if min(value, abs(1 - value)) < 0.002 else 1
    return f"{100 * value:.{digits}f} %"


def number(value: float) -> str:
    """A plain number with as many digits as its size needs.

    >>> number(1500.2), number(14.204), number(0.52)
    ('1,500', '14.2', '0.52')
    """
    if math.isnan(value) or math.isinf(value):
        return NOT_KNOWN
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"


def measured(value: float, unit: str) -> str:
    """A value in the words of its unit."""
    if unit == "h":
        return hours(value)
    if unit == "share":
        return share(value)
    if unit == "money":
        return NOT_KNOWN if math.isnan(value) else f"{value:,.2f}"
    return f"{number(value)} {unit}"


def with_interval(estimate: Estimate) -> str:
    """A mean with its interval, in the words of its unit.

    >>> with_interval(Estimate(0.997, 0.995, 0.998, "share", 10))
    '99.7 % (99.5 to 99.8)'
    """
    return measured(estimate.mean, estimate.unit) + interval(estimate)


def interval(estimate: Estimate) -> str:
    """The interval in brackets, after a space; nothing where there is none. The unit is not said again.

    >>> interval(Estimate(61.0, 58.0, 64.0, "h", 10)), interval(Estimate(61.0, math.nan, math.nan, "h", 1))
    (' (2 d 10 h to 2 d 16 h)', '')
    """
    if math.isnan(estimate.low) or not math.isfinite(estimate.mean):
        return ""
    texts = [measured(value, estimate.unit) for value in (estimate.low, estimate.mean, estimate.high)]
    values, units = zip(*(text.partition(" ")[::2] for text in texts), strict=True)
    low, _, high = values if len(set(units)) == 1 else texts
    return f" ({low} to {high})"
