"""Shifts of a team as a planner edits them: a row each, and the settings that make the scenario have them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.ui.texts import planner
from sim.world.calendar import Shift
from sim.world.scenario import Scenario
from sim.world.units import DAY_MS, HOUR_MS, WEEKDAYS, clock_text, parse_time_of_day_ms

SHIFT, DAYS, FROM, TO, STAFF = "shift", "days", "from", "to", "staff"


@dataclass(frozen=True)
class Edited:
    """What a changed table means: ``settings`` for times, days and new shifts, and ``staff`` by path."""

    settings: tuple[str, ...]
    staff: Mapping[str, int]


def teams_with_shifts(scenario: Scenario) -> list[str]:
    """The teams that have a week to edit."""
    return [key for key, team in scenario.teams.items() if team.shifts]


def rows(scenario: Scenario, team: str, staff: Mapping[str, int] | None = None) -> pd.DataFrame:
    """A team's shifts, a row each; ``staff`` by path replaces what the scenario says.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> rows(load(shipped("small_site_fortnight")).scenario, "clerks").to_dict("records")
    [{'shift': 'office', 'days': 'mon-fri', 'from': '09:00', 'to': '13:00', 'staff': 1}]
    """
    found = [
        {
            SHIFT: key,
            DAYS: days_text(shift.days),
            FROM: clock_text(shift.begin),
            TO: clock_text(shift.end),
            STAFF: (staff or {}).get(_path(team, key, STAFF), shift.staff),
        }
        for key, shift in scenario.teams[team].shifts.items()
    ]
    return pd.DataFrame(found, columns=[SHIFT, DAYS, FROM, TO, STAFF])


def days_text(days: Sequence[int]) -> str:
    """Weekdays as a scenario file writes them.

    >>> days_text(range(7)), days_text([0, 1, 2, 3, 4]), days_text([0, 2]), days_text([0, 5, 6])
    ('daily', 'mon-fri', 'mon, wed', 'mon, sat, sun')
    """
    days = list(days)
    if len(days) == 7:
        return "daily"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def edited(scenario: Scenario, team: str, table: pd.DataFrame) -> Edited:
    """What an edited table of a team changes in a scenario.

    A shift that is not in the table any more has nobody. One that moves as a whole takes its breaks with it.

    Raises
    ------
    ValueError
        For a row without a name, and for a name that stands twice.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> scenario = load(shipped("small_site_fortnight")).scenario
    >>> table = rows(scenario, "clerks")
    >>> table.loc[0, "days"], table.loc[1] = "daily", ["evening", "mon-fri", "18:00", "22:00", 2]
    >>> for setting in edited(scenario, "clerks", table).settings:
    ...     print(setting)
    teams.clerks.shifts.office.days="daily"
    teams.clerks.shifts.evening={"days": "mon-fri", "from": "18:00", "to": "22:00", "staff": "2"}

    """
    said = [{name: _text(row[name]) for name in table.columns} for row in table.to_dict("records")]
    names = [row[SHIFT] for row in said]
    if "" in names:
        raise ValueError(planner.NO_SHIFT_NAME)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(planner.twice(twice))
    settings: list[str] = []
    staff = {_path(team, key, STAFF): 0 for key in scenario.teams[team].shifts if key not in names}
    for row in said:
        shift = scenario.teams[team].shifts.get(row[SHIFT])
        if shift is None:
            new = {name: row[name] for name in (DAYS, FROM, TO, STAFF)}
            settings.append(f"{_path(team, row[SHIFT])}={json.dumps(new)}")
            continue
        settings += _changes(team, row, shift)
        if row[STAFF].isdigit():
            staff[_path(team, row[SHIFT], STAFF)] = int(row[STAFF])
        else:
            settings.append(f"{_path(team, row[SHIFT], STAFF)}={json.dumps(row[STAFF])}")
    return Edited(tuple(settings), staff)


def _text(value: Any) -> str:
    """A cell as text; an empty one is empty, and a count has no point."""
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _path(team: str, shift: str, *last: str) -> str:
    return ".".join(("teams", team, "shifts", shift, *last))


def _changes(team: str, row: Mapping[str, str], shift: Shift) -> Iterator[str]:
    """Settings for the days and times of a shift that are other than they were."""
    was = {DAYS: days_text(shift.days), FROM: clock_text(shift.begin), TO: clock_text(shift.end)}
    for name, before in was.items():
        if row[name] != before:
            yield f"{_path(team, row[SHIFT], name)}={json.dumps(row[name])}"
    try:
        begin, end = (parse_time_of_day_ms(row[name]) for name in (FROM, TO))
    except ValueError:
        return  # the scenario says it in its own words
    by = begin - shift.begin
    if by and (end - shift.end - by) % DAY_MS == 0:
        for number, pause in enumerate(shift.breaks):
            at = clock_text((pause.at + by) % DAY_MS)
            yield f"{_path(team, row[SHIFT], 'breaks')}.{number}.at={json.dumps(at)}"


def stretches(scenario: Scenario, team: str) -> pd.DataFrame:
    """When a team's shifts are at work in a week: day (0 = Monday), from and to (hours), shift and staff, for a picture.

    What runs across midnight is two stretches.
    """
    found = []
    for key, shift in scenario.teams[team].shifts.items():
        for day in shift.days:
            for begin, end in shift.pieces():
                for first, last, on in _within_days(begin, end, day):
                    row = {
                        "day": on,
                        "from_h": first / HOUR_MS,
                        "to_h": last / HOUR_MS,
                        "shift": key,
                        "staff": shift.staff,
                    }
                    found.append(row)
    return pd.DataFrame(found, columns=["day", "from_h", "to_h", "shift", "staff"])


def _within_days(begin: int, end: int, day: int) -> Iterator[tuple[int, int, int]]:
    for number in range(begin // DAY_MS, -(-end // DAY_MS)):
        first, last = max(begin - number * DAY_MS, 0), min(end - number * DAY_MS, DAY_MS)
        if last > first:
            yield first, last, (day + number) % 7
