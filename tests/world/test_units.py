"""Times, shares, days and keys as planners write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from sim.world.units import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    make_a_whole,
    parse_date,
    parse_days,
    parse_duration_ms,
    parse_key,
    parse_moment,
    parse_pace_ms,
    parse_share,
    parse_time_of_day_ms,
)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("6 min", 6 * MINUTE_MS),
        ("2.5 h", 9_000_000),
        ("1.2 d", 103_680_000),
        ("1 w", 7 * DAY_MS),
        ("90s", 90_000),
        ("900 ms", 900),
        ("  6   MIN ", 6 * MINUTE_MS),
        ("1e2 s", 100_000),
        (".5 h", HOUR_MS // 2),
        ("0 min", 0),
        ("0.4 ms", 0),
        ("36525 d", 36_525 * DAY_MS),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, milliseconds: int) -> None:
    """Blanks and capitals do not count; parts of a millisecond are rounded away."""
    assert parse_duration_ms(text) == milliseconds


def test_a_duration_that_was_read_before_stays() -> None:
    """Milliseconds as whole numbers pass, so that a checked scenario can be checked again."""
    assert parse_duration_ms(360_000) == 360_000


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("6", "has no unit"),
        ("6 minutes", "unknown unit 'minutes'"),
        ("2,5 h", "is not a duration"),
        ("1 h 30 min", "is not a duration"),
        ("08:30", "is not a duration"),
        ("h", "is not a duration"),
        ("", "is not a duration"),
        ("-6 min", "from zero to a century"),
        ("nan min", "from zero to a century"),
        ("inf d", "from zero to a century"),
        ("1e400 s", "from zero to a century"),
        ("36526 d", "from zero to a century"),
        ("1.2.3 h", "from zero to a century"),
        (True, "is not a duration"),
        (None, "is not a duration"),
        ({"min": 6}, "not a map"),
        (["6 min"], "not a list"),
    ],
)
def test_what_is_no_duration_is_refused(text: object, rule: str) -> None:
    """The message says which rule was broken."""
    with pytest.raises(ValueError, match=rule):
        parse_duration_ms(text)


@pytest.mark.parametrize(("text", "milliseconds"), [("100 / h", 36_000.0), ("7/min", 60_000 / 7), ("36 s", 36_000.0)])
def test_a_pace_is_so_many_in_a_unit_of_time(text: str, milliseconds: float) -> None:
    """A pace may come to a broken number of milliseconds, and a duration is a pace too."""
    assert parse_pace_ms(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("0 / h", "pace above zero"),
        ("-3 / h", "pace above zero"),
        ("nan / h", "pace above zero"),
        ("inf / h", "pace above zero"),
        ("1e-12 / h", "pace above zero"),
        ("100 / hour", "unknown unit 'hour'"),
        ("100 /", "has no unit"),
        ("100", "has no unit"),
        ("per h", "is not a duration"),
    ],
)
def test_what_is_no_pace_is_refused(text: str, rule: str) -> None:
    """Nothing can be done infinitely fast, or less than once a century."""
    with pytest.raises(ValueError, match=rule):
        parse_pace_ms(text)


@pytest.mark.parametrize(
    ("text", "share"), [("3 %", 0.03), ("0.03", 0.03), (0.03, 0.03), ("100%", 1.0), ("0", 0.0), ("1e-3", 0.001)]
)
def test_a_share_is_a_number_or_percent(text: object, share: float) -> None:
    """Both ways to write a share mean the same."""
    assert parse_share(text) == share


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("3", "from 0 to 1"),
        ("101 %", "from 0 to 1"),
        ("-1 %", "from 0 to 1"),
        ("nan", "from 0 to 1"),
        ("inf", "from 0 to 1"),
        ("three", "is not a share"),
        ("3 percent", "is not a share"),
        ("%", "is not a share"),
        (["3 %"], "not a list"),
    ],
)
def test_what_is_no_share_is_refused(text: object, rule: str) -> None:
    """3 alone is no share: it would be read as 300 %."""
    with pytest.raises(ValueError, match=rule):
        parse_share(text)


@pytest.mark.parametrize(("text", "hours"), [("00:00", 0), ("8:30", 8.5), ("08:30", 8.5), ("24:00", 24)])
def test_a_time_of_day_runs_to_24_00(text: str, hours: float) -> None:
    """24:00 is the end of the day."""
    assert parse_time_of_day_ms(text) == hours * HOUR_MS


@pytest.mark.parametrize("text", ["24:01", "25:00", "12:60", "8", "8.30", "08:30:00", "", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    """The message shows how to write one."""
    with pytest.raises(ValueError, match="is not a time of day; write 08:30"):
        parse_time_of_day_ms(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat", (5,)),
        ("sat, sun", (5, 6)),
        ("fri-mon", (0, 4, 5, 6)),
        ("sun-sat", (0, 1, 2, 3, 4, 5, 6)),
        (["mon-wed", "Fri"], (0, 1, 2, 4)),
        ((4, 0), (0, 4)),
    ],
)
def test_days_are_names_ranges_and_lists(text: object, days: tuple[int, ...]) -> None:
    """A range may run over the weekend; the numbers come out sorted, Monday being 0."""
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("monday", "is not a day"),
        ("mon-", "is not a day"),
        ("-fri", "is not a day"),
        ("mon,,tue", "is not a day"),
        ("", "is not a day"),
        ([], "names no day"),
        ({"mon": 1}, "not a map"),
        ([["mon"]], "not a list"),
    ],
)
def test_what_are_no_days_is_refused(text: object, rule: str) -> None:
    """So is a range without an end, and a list without a day."""
    with pytest.raises(ValueError, match=rule):
        parse_days(text)


def test_dates_and_moments_are_read_as_the_sites_own_time() -> None:
    """A date alone is a moment too: its midnight."""
    assert parse_date("2026-11-11") == date(2026, 11, 11)
    assert parse_moment("2026-11-11 08:30") == parse_moment("2026-11-11T08:30") == datetime(2026, 11, 11, 8, 30)
    assert parse_moment("2026-11-11") == datetime(2026, 11, 11)


@pytest.mark.parametrize(
    ("parse", "text", "rule"),
    [
        (parse_date, "2026-11-31", "is not a date; write"),
        (parse_date, "11.11.2026", "is not a date; write"),
        (parse_date, "0044-03-15", "1900 to 2999"),
        (parse_date, {"day": 1}, "not a map"),
        (parse_moment, "tomorrow", "is not a date or a date and time"),
        (parse_moment, "2026-11-11 24:30", "is not a date or a date and time"),
        (parse_moment, "2026-11-11 08:30+08:00", "has a time zone"),
        (parse_moment, "2026-11-11 08:30Z", "has a time zone"),
        (parse_moment, "3000-01-01", "1900 to 2999"),
    ],
)
def test_what_is_no_date_is_refused(parse: Callable[[object], object], text: object, rule: str) -> None:
    """Time zones too: a simulated clock with two of them would not be one clock."""
    with pytest.raises(ValueError, match=rule):
        parse(text)


@pytest.mark.parametrize("text", ["packers", "night_shift", "desk-2", "2nd", "订单", "büro"])
def test_a_key_is_one_word_in_any_script(text: str) -> None:
    """A key that is one passes unchanged."""
    assert parse_key(text) == text


@pytest.mark.parametrize("text", ["", "two words", "a.b", "-x", "a/b", "a=b", "orders.documents"])
def test_what_would_break_an_address_is_no_key(text: str) -> None:
    """Dots divide the parts of a path, and slashes those of the address of a random number."""
    with pytest.raises(ValueError, match="cannot be a key"):
        parse_key(text)


def test_shares_make_a_whole_within_a_millionth() -> None:
    """Three thirds written with six digits are near enough; three digits are not."""
    make_a_whole([0.333333, 0.333333, 0.333334], "the shares")
    make_a_whole([0.3333335] * 3, "the shares")
    with pytest.raises(ValueError, match=r"the shares must add up to 100 %; they make 99\.9 %"):
        make_a_whole([0.333] * 3, "the shares")
