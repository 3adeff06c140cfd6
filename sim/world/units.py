"""Durations, shares, times and days as a planner writes them, and as the model keeps them.

A duration becomes whole milliseconds, a share a number from 0 to 1, a time of day milliseconds
after midnight, a set of weekdays a sorted tuple with Monday = 0.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

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
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DURATION = re.compile(r"\s*(-?[\d.]+(?:e-?\d+)?|nan|inf)\s*([a-z]+)\s*", re.IGNORECASE)
_PACE = re.compile(r"\s*(-?[\d.]+|nan|inf)\s*/\s*(s|min|h|d)\s*", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_DURATION_HINT = "write a number and a unit of ms, s, min, h, d or w, such as '6 min'"


class Model(BaseModel):
    """A frozen part of a scenario that refuses keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, validate_by_alias=True, ser_json_inf_nan="null"
    )


def parse_duration_ms(text: Any) -> int:
    """Turn ``'2.5 h'`` into whole milliseconds.

    Raises ValueError where the unit is missing or unknown, or the time negative or not a number.

    >>> parse_duration_ms("2.5 h")
    9000000
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text  # already milliseconds: a value that went through this function before
    match = _DURATION.fullmatch(str(text))
    if match is None or match[2].lower() not in UNIT_MS:
        raise ValueError(f"'{text}' is not a duration; {_DURATION_HINT}")
    number = _number(match[1])
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"'{text}' must be a time of zero or more")
    return round(number * UNIT_MS[match[2].lower()])


def parse_pace_ms(text: Any) -> float:
    """Turn a duration (``'36 s'``) or a pace (``'100 / h'``) into milliseconds for one piece.

    A pace may come to a broken number of milliseconds; the drawn time is rounded up once, later.

    >>> parse_pace_ms("100 / h")
    36000.0
    """
    if isinstance(text, float):
        return text
    match = _PACE.fullmatch(str(text))
    if match is None:
        return float(parse_duration_ms(text))
    number = _number(match[1])
    if not math.isfinite(number) or number <= 0:
        raise ValueError(f"'{text}' must be a pace above zero")
    return UNIT_MS[match[2].lower()] / number


def parse_share(text: Any) -> float:
    """Turn ``'3 %'`` or ``0.03`` into a number from 0 to 1.

    >>> parse_share("3 %")
    0.03
    """
    written = str(text).strip()
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
    match = _CLOCK.fullmatch(str(text).strip())
    if match is None or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 24 * 60:
        raise ValueError(f"'{text}' is not a time of day; write 08:30, from 00:00 to 24:00")
    return int(match[1]) * HOUR_MS + int(match[2]) * MINUTE_MS


def parse_days(text: Any) -> tuple[int, ...]:
    """Turn ``'mon-fri'``, ``'sat, sun'``, ``'daily'`` or a list of these into weekday numbers.

    >>> parse_days("fri-mon")
    (0, 4, 5, 6)
    """
    if isinstance(text, (list, tuple)) and all(isinstance(day, int) for day in text):
        return tuple(sorted(text))
    parts = text if isinstance(text, (list, tuple)) else str(text).split(",")
    days: set[int] = set()
    for part in parts:
        days |= _days_of(str(part).strip().lower())
    return tuple(sorted(days))


def _days_of(part: str) -> set[int]:
    if part == "daily":
        return set(range(7))
    first, _, last = part.partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        raise ValueError(f"'{part}' is not a day; write daily, mon-fri, or a list of {', '.join(WEEKDAYS)}")
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _date(text: Any) -> Any:
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError:
        raise ValueError(f"'{text}' is not a date; write 2026-11-11") from None


def _moment(text: Any) -> Any:
    if isinstance(text, datetime):
        return text
    try:
        moment = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise ValueError(f"'{text}' is not a date or a date and time; write 2026-11-11 08:30") from None
    if moment.tzinfo is not None:
        raise ValueError(f"'{text}' has a time zone; all times are the site's own civil time")
    return moment


def _text(example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": [example]})


def _text_or_number(example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "examples": [example]})


Duration = Annotated[int, BeforeValidator(parse_duration_ms), _text("6 min")]
PositiveDuration = Annotated[int, BeforeValidator(parse_duration_ms), Field(gt=0), _text("6 min")]
Pace = Annotated[float, BeforeValidator(parse_pace_ms), _text("100 / h")]
Share = Annotated[float, BeforeValidator(parse_share), _text_or_number("3 %")]
TimeOfDay = Annotated[int, BeforeValidator(parse_time_of_day_ms), _text("08:30")]
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(parse_days),
    WithJsonSchema({"type": ["string", "array"], "examples": ["mon-fri"]}),
]
Date = Annotated[date, BeforeValidator(_date), _text("2026-11-11")]
Moment = Annotated[datetime, BeforeValidator(_moment), _text("2026-11-11 08:30")]
Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
PositiveCount = Annotated[int, Field(ge=1)]
