"""Durations, shares, times and days as a planner writes them, and as the model keeps them.

A duration becomes whole milliseconds, a share a number from 0 to 1, a time of day milliseconds
after midnight, a set of weekdays a sorted tuple with Monday = 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

MS = 1
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
UNIT_MS = {
    "ms": MS,
    "s": SECOND_MS,
    "min": MINUTE_MS,
    "h": HOUR_MS,
    "d": DAY_MS,
    "w": 7 * DAY_MS,
}
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

LONGEST_MS = 36_525 * DAY_MS
YEARS = range(1900, 3000)
LARGEST_COUNT = 1_000_000_000
LARGEST_NUMBER = 1e12

_NUMBER = r"([-+]?(?:[\d.]+(?:e[-+]?\d+)?|nan|inf))"
_DURATION = re.compile(_NUMBER + r"\s*([a-z]*)", re.IGNORECASE)
_PACE = re.compile(_NUMBER + r"\s*/\s*([a-z]*)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_KEY = re.compile(r"\w[\w-]*")
_UNITS = "write ms, s, min, h, d or w, such as '6 min'"
_Day = TypeVar("_Day", date, datetime)


def since_midnight_ms(moment: datetime) -> int:
    """Milliseconds from the midnight before.

    >>> since_midnight_ms(datetime(2026, 11, 2, 6, 30))
    23400000
    """
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (moment - midnight) // timedelta(milliseconds=1)


class Model(BaseModel):
    """A frozen part of a scenario that refuses keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, validate_by_alias=True, ser_json_inf_nan="null"
    )


def parse_duration_ms(text: Any) -> int:
    """Turn ``'2.5 h'`` into whole milliseconds.

    Raises ValueError where the unit is missing or unknown, or the time negative, not a number, or
    longer than a century.

    >>> parse_duration_ms("2.5 h")
    9000000
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text  # already milliseconds: a value that went through this function before
    match = _DURATION.fullmatch(_plain(text, "6 min"))
    if match is None:
        raise ValueError(f"'{text}' is not a duration; write a number and a unit, such as '6 min'")
    number = _number(match[1]) * _unit_ms(match[2], text)
    if not 0 <= number <= LONGEST_MS:
        raise ValueError(f"'{text}' must be a time from zero to a century")
    return round(number)


def parse_pace_ms(text: Any) -> float:
    """Turn a duration (``'36 s'``) or a pace (``'100 / h'``) into milliseconds for one piece.

    A pace may come to a broken number of milliseconds; the drawn time is rounded up once, later.

    >>> parse_pace_ms("100 / h")
    36000.0
    """
    if isinstance(text, float):
        return text
    match = None if isinstance(text, int) else _PACE.fullmatch(_plain(text, "6 min"))
    if match is None:
        return float(parse_duration_ms(text))
    number, unit_ms = _number(match[1]), _unit_ms(match[2], text)
    if not unit_ms / LONGEST_MS <= number < math.inf:
        raise ValueError(f"'{text}' must be a pace above zero (one piece a century at least)")
    return unit_ms / number


def parse_share(text: Any) -> float:
    """Turn ``'3 %'`` or ``0.03`` into a number from 0 to 1.

    >>> parse_share("3 %")
    0.03
    """
    written = _plain(text, "3 %")
    try:
        number = float(written[:-1]) / 100 if written.endswith("%") else float(written)
    except ValueError:
        raise ValueError(f"'{text}' is not a share; write 0.03 or 3 %") from None
    if not 0 <= number <= 1:
        raise ValueError(f"'{text}' must be a share from 0 to 1 (0 % to 100 %)")
    return number


def parse_time_of_day_ms(text: Any) -> int:
    """Turn ``'08:30'`` into milliseconds after midnight; ``'24:00'`` is the end of the day.

    >>> parse_time_of_day_ms("08:30") / HOUR_MS
    8.5
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    match = _CLOCK.fullmatch(_plain(text, "08:30"))
    if match is None or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 24 * 60:
        raise ValueError(f"'{text}' is not a time of day; write 08:30, from 00:00 to 24:00")
    return int(match[1]) * HOUR_MS + int(match[2]) * MINUTE_MS


def clock_text(time_of_day_ms: int) -> str:
    """Milliseconds after midnight as a planner writes them, the opposite of ``parse_time_of_day_ms``.

    >>> clock_text(30_600_000)
    '08:30'
    """
    return f"{time_of_day_ms // HOUR_MS:02d}:{time_of_day_ms % HOUR_MS // MINUTE_MS:02d}"


def parse_days(text: Any) -> tuple[int, ...]:
    """Turn ``'mon-fri'``, ``'sat, sun'``, ``'daily'`` or a list of these into weekday numbers.

    >>> parse_days("fri-mon")
    (0, 4, 5, 6)
    """
    parts = text if isinstance(text, (list, tuple)) else _plain(text, "mon-fri").split(",")
    if not parts:
        raise ValueError("names no day; write daily, mon-fri, or a list of days")
    days: set[int] = set()
    for part in parts:
        days |= {part} if isinstance(part, int) else _days_of(_plain(part, "mon-fri").lower())
    return tuple(sorted(days))


def _days_of(part: str) -> set[int]:
    if part == "daily":
        return set(range(7))
    first, dash, last = part.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError(f"'{part}' is not a day; write daily, mon-fri, or a list of {', '.join(WEEKDAYS)}")
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}


def parse_date(text: Any) -> date:
    """Turn ``'2026-11-11'`` into a date.

    >>> parse_date("2026-11-11").isoformat()
    '2026-11-11'
    """
    if isinstance(text, date):
        return text
    written = _plain(text, "2026-11-11")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{text}' is not a date; write 2026-11-11") from None
    return _in_calendar(day, text)


def parse_moment(text: Any) -> datetime:
    """Turn ``'2026-11-11 08:30'`` (or a date, meaning its first moment) into a date and time without a zone.

    >>> parse_moment("2026-11-11").hour
    0
    """
    if isinstance(text, datetime):
        return text
    written = _plain(text, "2026-11-11 08:30")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{text}' is not a date or a date and time; write 2026-11-11 08:30") from None
    if moment.tzinfo is not None:
        raise ValueError(f"'{text}' has a time zone; all times are the site's own civil time")
    return _in_calendar(moment, text)


def make_a_whole(shares: Iterable[float], what: str) -> None:
    """Raise ValueError unless the shares add up to 1.

    >>> make_a_whole([0.5, 0.4], "the shares")
    Traceback (most recent call last):
    ValueError: the shares must add up to 100 %; they make 90 %
    """
    total = sum(shares)
    if abs(total - 1) > 1e-6:
        raise ValueError(f"{what} must add up to 100 %; they make {100 * total:.6g} %")


def parse_key(text: str) -> str:
    """Pass on a name by which flows, stages, teams and the like are addressed; a free text belongs in a label.

    >>> parse_key("night_shift")
    'night_shift'
    """
    if not _KEY.fullmatch(text):
        raise ValueError(f"'{text}' cannot be a key; write one word of letters, digits, _ and -, and the rest as label")
    return text


def _plain(text: Any, example: str) -> str:
    """The text without blanks around it; maps and lists are none."""
    if isinstance(text, (dict, list, tuple)):
        raise ValueError(
            f"must be one value, such as '{example}', not {'a map' if isinstance(text, dict) else 'a list'}"
        )
    return str(text).strip()


def _unit_ms(unit: str, text: Any) -> int:
    if not unit:
        raise ValueError(f"'{text}' has no unit; {_UNITS}")
    if unit.lower() not in UNIT_MS:
        raise ValueError(f"'{text}' has an unknown unit '{unit}'; {_UNITS}")
    return UNIT_MS[unit.lower()]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _in_calendar(day: _Day, text: Any) -> _Day:
    if day.year not in YEARS:
        raise ValueError(f"'{text}' must lie in the years {YEARS[0]} to {YEARS[-1]}")
    return day


def _text(example: str, pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": [example], "pattern": f"^{pattern}$"})


_UNIT = " *(ms|s|min|h|d|w)"
_AMOUNT = r"[0-9.]+(e[-+]?[0-9]+)?"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SHARE = {
    "type": ["string", "number"],
    "examples": ["3 %"],
    "pattern": f"^{_AMOUNT} *%?$",
    "minimum": 0,
    "maximum": 1,
}

Duration = Annotated[int, BeforeValidator(parse_duration_ms), _text("6 min", _AMOUNT + _UNIT)]
PositiveDuration = Annotated[int, BeforeValidator(parse_duration_ms), Field(gt=0), _text("6 min", _AMOUNT + _UNIT)]
Pace = Annotated[float, BeforeValidator(parse_pace_ms), _text("100 / h", f"{_AMOUNT} */?{_UNIT}")]
Share = Annotated[float, BeforeValidator(parse_share), WithJsonSchema(_SHARE)]
TimeOfDay = Annotated[int, BeforeValidator(parse_time_of_day_ms), _text("08:30", "[0-9]{1,2}:[0-9]{2}")]
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(parse_days),
    WithJsonSchema({"type": ["string", "array"], "examples": ["mon-fri"], "minItems": 1}),
]
Date = Annotated[date, BeforeValidator(parse_date), _text("2026-11-11", _DATE)]
Moment = Annotated[
    datetime,
    BeforeValidator(parse_moment),
    _text("2026-11-11 08:30", _DATE + "([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"),
]
Weight = Annotated[float, Field(ge=0, le=LARGEST_NUMBER, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=LARGEST_NUMBER, allow_inf_nan=False)]
Money = Weight
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
PositiveCount = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]
Key = Annotated[str, AfterValidator(parse_key)]
"""A name in a map of flows, stages, teams and so on: it addresses random numbers, and settings by path."""
