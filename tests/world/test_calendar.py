"""Who is there when: weeks written out by hand, across midnight, with breaks, holidays, make-up days and outages.

2026-11-02 is a Monday.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.world.calendar import Hours, OpeningHours, Week, lowest_within, overlapping, step_function
from sim.world.teams import Team
from sim.world.units import DAY_MS, HOUR_MS

MONDAY = datetime(2026, 11, 2)
NIGHT = {"from": "22:00", "to": "06:00", "staff": 3}
EARLY = {"from": "06:00", "to": "14:00", "staff": 2}


def heads(team: dict[str, Any], start: datetime = MONDAY, days: int = 1, absent: int = 0) -> list[str]:
    """Each change of a team's head-count, as ``day hour:minute head-count``."""
    times, levels = Team.model_validate(team).head_counts(start, days * DAY_MS, lambda *_: absent)
    moments = [start + timedelta(milliseconds=int(at)) for at in times]
    return [f"{moment:%d %H:%M} {level}" for moment, level in zip(moments, levels, strict=True)]


def test_plain_staff_are_there_at_all_hours() -> None:
    """One level from the start."""
    assert heads({"staff": 3}) == ["02 00:00 3"]


def test_a_shift_is_from_its_beginning_up_to_its_end() -> None:
    """Nobody is there before and after it."""
    assert heads({"shifts": {"early": EARLY}}) == ["02 00:00 0", "02 06:00 2", "02 14:00 0"]


def test_shifts_that_meet_make_one_change() -> None:
    """At the instant where one shift ends and the next begins, only the net change is made."""
    late = {"from": "14:00", "to": "22:00", "staff": 2}
    more = {"from": "14:00", "to": "22:00", "staff": 5}
    assert heads({"shifts": {"early": EARLY, "late": late}}) == ["02 00:00 0", "02 06:00 2", "02 22:00 0"]
    assert heads({"shifts": {"early": EARLY, "late": more}}) == ["02 00:00 0", "02 06:00 2", "02 14:00 5", "02 22:00 0"]


def test_a_night_shift_runs_into_the_next_morning() -> None:
    """A run that starts at midnight finds the night shift of the day before at work."""
    assert heads({"shifts": {"night": NIGHT}}, days=2) == [
        "02 00:00 3",
        "02 06:00 0",
        "02 22:00 3",
        "03 06:00 0",
        "03 22:00 3",
    ]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    """Friday's night shift is there on Saturday morning, though it works on Fridays alone."""
    friday = datetime(2026, 11, 6)
    assert heads({"shifts": {"night": {**NIGHT, "days": "fri"}}}, friday, days=3) == [
        "06 00:00 0",
        "06 22:00 3",
        "07 06:00 0",
    ]


def test_a_run_may_start_in_the_middle_of_a_shift() -> None:
    """Who is on shift at the start is there from time 0 on."""
    assert heads({"shifts": {"early": EARLY}}, datetime(2026, 11, 2, 9, 30)) == [
        "02 09:30 2",
        "02 14:00 0",
        "03 06:00 2",
    ]


def test_a_whole_day_is_from_00_00_to_24_00() -> None:
    """Written so, it joins the next day without a gap."""
    whole = {"days": "mon,tue", "from": "00:00", "to": "24:00", "staff": 1}
    assert heads({"shifts": {"whole": whole}}, days=3) == ["02 00:00 1", "04 00:00 0"]


def test_nobody_works_in_a_break() -> None:
    """Breaks after midnight belong to the shift too; two that touch are one long one."""
    breaks = [{"at": "03:30", "for": "15 min"}, {"at": "01:00", "for": "30 min"}, {"at": "01:30", "for": "10 min"}]
    assert heads({"shifts": {"night": {**NIGHT, "breaks": breaks}}})[:6] == [
        "02 00:00 3",
        "02 01:00 0",
        "02 01:40 3",
        "02 03:30 0",
        "02 03:45 3",
        "02 06:00 0",
    ]


def test_breaks_that_overlap_count_once() -> None:
    """A shorter break within a longer one changes nothing; a break may open or close a shift."""
    breaks = [{"at": "06:00", "for": "1 h"}, {"at": "09:00", "for": "2 h"}, {"at": "09:30", "for": "30 min"}]
    breaks.append({"at": "13:00", "for": "1 h"})
    hours = Hours.model_validate({"from": "06:00", "to": "14:00", "breaks": breaks})
    assert [(begin / HOUR_MS, end / HOUR_MS) for begin, end in hours.pieces()] == [(7, 9), (11, 13)]


def test_weekdays_are_those_of_the_calendar() -> None:
    """From Friday to Monday, a Monday-to-Friday shift has a weekend."""
    assert heads({"shifts": {"early": {**EARLY, "days": "mon-fri"}}}, datetime(2026, 11, 6), days=4) == [
        "06 00:00 0",
        "06 06:00 2",
        "06 14:00 0",
        "09 06:00 2",
        "09 14:00 0",
    ]


def test_a_season_has_a_first_and_a_last_day() -> None:
    """Both belong to it; its last night shift still ends in the morning."""
    season = {**NIGHT, "first": "2026-11-03", "last": "2026-11-04"}
    assert heads({"shifts": {"night": season}}, days=5) == [
        "02 00:00 0",
        "03 22:00 3",
        "04 06:00 0",
        "04 22:00 3",
        "05 06:00 0",
    ]


def test_on_a_holiday_no_shift_begins() -> None:
    """The night shift of the day before still ends on its morning."""
    team = {"shifts": {"night": NIGHT, "early": EARLY}, "holidays": ["2026-11-03"]}
    assert heads(team, days=3) == [
        "02 00:00 3",
        "02 06:00 2",
        "02 14:00 0",
        "02 22:00 3",
        "03 06:00 0",
        "04 06:00 2",
        "04 14:00 0",
        "04 22:00 3",
    ]


def test_a_make_up_day_is_worked_as_the_weekday_it_names() -> None:
    """Sunday the 8th is worked as a Friday: by those who work on Fridays, and not by those who work on Sundays."""
    shifts = {
        "friday": {**EARLY, "days": "fri"},
        "sunday": {"days": "sun", "from": "16:00", "to": "20:00", "staff": 9},
    }
    team = {"shifts": shifts, "make_up_days": {"2026-11-08": "fri"}}
    assert heads(team, datetime(2026, 11, 8)) == ["08 00:00 0", "08 06:00 2", "08 14:00 0"]


def test_a_day_is_not_a_holiday_and_worked_as_well() -> None:
    """Which of the two was meant is for the author to say."""
    with pytest.raises(ValidationError, match="2026-11-08 is both a holiday and a make-up day"):
        Week.model_validate({"holidays": ["2026-11-08"], "make_up_days": {"2026-11-08": "fri"}})


def test_an_outage_takes_some_or_all() -> None:
    """Two of three stay away from eleven to one, and all on the whole of the next day."""
    outages = [{"from": "2026-11-02 23:00", "to": "2026-11-03 01:00", "staff": 2}]
    outages.append({"from": "2026-11-03", "to": "2026-11-04"})
    assert heads({"shifts": {"night": NIGHT}, "outages": outages}, days=3) == [
        "02 00:00 3",
        "02 06:00 0",
        "02 22:00 3",
        "02 23:00 1",
        "03 00:00 0",
        "04 00:00 3",
        "04 06:00 0",
        "04 22:00 3",
    ]


def test_an_outage_takes_no_more_than_there_are() -> None:
    """Five of two are two; what lies before the start or after the end of the run does not matter."""
    outages = [{"from": "2026-11-01", "to": "2026-11-02 07:00", "staff": 5}]
    outages.append({"from": "2026-11-02 13:00", "to": "2026-12-01", "staff": 1})
    assert heads({"shifts": {"early": EARLY}, "outages": outages}) == [
        "02 00:00 0",
        "02 07:00 2",
        "02 13:00 1",
        "02 14:00 0",
    ]


def test_the_absent_are_missing_from_the_whole_shift() -> None:
    """Absence is asked for shift by shift and day by day, the night shift of the day before among them."""
    asked = []

    def absent(shift: str, day: int, staff: int) -> int:
        asked.append((shift, day, staff))
        return 1 if day == 0 else 0

    team = Team.model_validate({"shifts": {"night": NIGHT, "early": EARLY}})
    times, levels = team.head_counts(MONDAY, DAY_MS, absent)
    assert asked == [("night", day, 3) for day in (-1, 0, 1)] + [("early", day, 2) for day in (-1, 0, 1)]
    assert dict(zip((times / HOUR_MS).tolist(), levels.tolist(), strict=True)) == {0: 3, 6: 1, 14: 0, 22: 2}


def test_overlapping_shifts_add_up_where_that_is_wanted() -> None:
    """With ``overlap: add`` two at noon and one more for the rush are three."""
    rush = {"from": "10:00", "to": "12:00", "staff": 1}
    assert heads({"shifts": {"early": EARLY, "rush": rush}, "overlap": "add"}) == [
        "02 00:00 0",
        "02 06:00 2",
        "02 10:00 3",
        "02 12:00 2",
        "02 14:00 0",
    ]


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ({"from": "07:00", "to": "15:00"}, {"from": "15:00", "to": "23:00"}, False),
        ({"from": "07:00", "to": "15:00"}, {"from": "14:59", "to": "23:00"}, True),
        ({"from": "22:00", "to": "06:00"}, {"from": "06:00", "to": "14:00"}, False),
        ({"from": "22:00", "to": "06:00"}, {"from": "05:00", "to": "14:00"}, True),
        ({"days": "fri", "from": "22:00", "to": "06:00"}, {"days": "sat", "from": "05:00", "to": "14:00"}, True),
        ({"days": "fri", "from": "22:00", "to": "06:00"}, {"days": "fri", "from": "05:00", "to": "14:00"}, False),
        ({"days": "sun", "from": "22:00", "to": "06:00"}, {"days": "mon", "from": "00:00", "to": "01:00"}, True),
        ({"days": "mon-fri", "from": "07:00", "to": "15:00"}, {"days": "sat,sun", "from": "07:00", "to": "15:00"}, False),
        ({"from": "07:00", "to": "15:00", "last": "2026-11-04"}, {"from": "07:00", "to": "9:00", "first": "2026-11-05"}, False),
        ({"from": "07:00", "to": "15:00", "last": "2026-11-05"}, {"from": "07:00", "to": "9:00", "first": "2026-11-05"}, True),
        (
            {"from": "07:00", "to": "15:00", "breaks": [{"at": "11:00", "for": "1 h"}]},
            {"from": "11:00", "to": "12:00"},
            False,
        ),
    ],
)  # fmt: skip
def test_shifts_overlap_where_both_work_at_once(one: dict[str, Any], other: dict[str, Any], overlap: bool) -> None:
    """Across midnight and the end of the week too; not in breaks, and not in different seasons. The order is nothing."""
    first, second = Hours.model_validate(one), Hours.model_validate(other)
    assert (overlapping([("one", first), ("other", second)]) is not None) == overlap
    assert (overlapping([("other", second), ("one", first)]) is not None) == overlap


def test_the_first_two_that_overlap_are_named() -> None:
    """In the order of the file."""
    keys = {"a": ("00:00", "08:00"), "b": ("08:00", "16:00"), "c": ("15:00", "23:00"), "d": ("07:00", "09:00")}
    shifts = [(key, Hours.model_validate({"from": begin, "to": end})) for key, (begin, end) in keys.items()]
    assert overlapping(shifts) == ("a", "d")


def test_opening_hours_are_stretches_within_the_run() -> None:
    """Nine to five with a break, closed on Wednesday: cut at the start and at the end of the run."""
    office = OpeningHours.model_validate(
        {"from": "09:00", "to": "17:00", "breaks": [{"at": "12:00", "for": "1 h"}], "holidays": ["2026-11-04"]}
    )
    stretches = office.intervals(datetime(2026, 11, 3, 10), 2 * DAY_MS)
    assert [(begin / HOUR_MS, end / HOUR_MS) for begin, end in stretches] == [(0, 2), (3, 7), (47, 48)]


def test_opening_hours_across_midnight_begin_before_the_run() -> None:
    """The stretch of the day before is open when the run starts at midnight."""
    night = OpeningHours.model_validate({"from": "22:00", "to": "02:00", "make_up_days": {"2026-11-03": "mon"}})
    stretches = night.intervals(MONDAY, DAY_MS)
    assert [(begin / HOUR_MS, end / HOUR_MS) for begin, end in stretches] == [(0, 2), (22, 24)]


def test_a_step_function_adds_up_changes() -> None:
    """Changes before 0 count at 0, changes at the end or later not at all, and none stays where the sum does."""
    times, levels = step_function([(-5, 2), (10, 3), (10, -3), (20, 1), (99, -1), (100, 7)], 100)
    assert (times.tolist(), levels.tolist()) == ([0, 20, 99], [2, 3, 2])


def test_the_lowest_level_ahead_is_seen_in_time() -> None:
    """Twenty before the fall the lower level counts; a rise counts only from its own moment on."""
    times, levels = lowest_within(np.array([0, 100, 150, 300]), np.array([3, 1, 5, 0]), 20)
    assert (times.tolist(), levels.tolist()) == ([0, 80, 150, 280], [3, 1, 5, 0])


def test_a_short_low_shadows_what_lies_before_it() -> None:
    """A break of ten that lies fifteen ahead already forbids to begin something of twenty."""
    times, levels = lowest_within(np.array([0, 100, 110, 115, 125]), np.array([2, 0, 2, 0, 2]), 20)
    assert (times.tolist(), levels.tolist()) == ([0, 80, 125], [2, 0, 2])
    untouched = np.array([0, 100]), np.array([3, 1])
    assert lowest_within(*untouched, 0) == untouched


def test_lowest_within_is_the_lowest_of_every_moment_ahead() -> None:
    """Against the plain definition, moment by moment, for 200 random step functions of whole numbers."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        times = np.concatenate([[0], np.sort(rng.choice(np.arange(1, 40), 6, replace=False))])
        levels = rng.integers(0, 4, 7)
        ahead = int(rng.integers(1, 12))
        edges, lowest = lowest_within(times, levels, ahead)
        level_at = levels[np.searchsorted(times, np.arange(80), side="right") - 1]
        for moment in range(50):
            found = lowest[np.searchsorted(edges, moment, side="right") - 1]
            assert found == level_at[moment : moment + ahead + 1].min()


def test_the_weekday_of_a_date() -> None:
    """Monday is 0; a holiday has none; a make-up day has the one it names."""
    week = Week.model_validate({"holidays": ["2026-11-03"], "make_up_days": {"2026-11-08": "fri"}})
    assert [week.weekday(date(2026, 11, day)) for day in (2, 3, 8)] == [0, None, 4]
