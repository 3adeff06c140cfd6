"""The words of charts about people: what teams are offered, how busy they are, and when they are there."""

from __future__ import annotations

from collections.abc import Iterable

from sim.words import all_of

TEAM, SHIFT, DAY, LOADED = "team", "shift", "day", "loaded"
ALL, NO_ONE = "all", "no one"
NOBODY_THERE, NEVER_THERE, NOBODY_ON_SHIFT = "nobody there", "nobody is ever there", "nobody on shift"
ALL_MEASURED_DAYS, MEASURED_DAYS_LOAD = "all measured days", "measured days (load)"
MEASURED_DAYS_BROKEN = "measured\ndays"
OFFERED_NOTE = (
    "Percent of what the team can do in its shifts that day, first replication. Blue: below 85; orange: up to"
    " 100; vermillion: above. Grey: nobody on shift; that day's work waits for the next."
)

AT_WORK, ON_SHIFT, PEOPLE = "at work", "on shift", "people"
OVERTIME_A_DAY = "overtime a day"
UTILISATION_SHARE, OVERTIME_HOURS = "utilisation (share)", "overtime (person-hours a day)"
NOBODY_EVER_ON_SHIFT = "Nobody is ever on shift"
TYPICAL_WEEK = "A typical week: mean of the measured weeks and replications by hour."
BY_HOUR = "Mean of the replications by hour."


def work_for_nobody(team: str) -> str:
    """That a team has work and no shift."""
    return f"There is work for {team}, and nobody is ever there to do it"


def tightest(team: str, load: str) -> str:
    """Which team is offered most of what it can do."""
    return f"The tightest team is {team}: {load} loaded"


def tightest_and_worst_day(team: str, load: str, worst: str, day: str) -> str:
    """The same, and its worst day."""
    return f"{tightest(team, load)}, {worst} on {day}"


def offered_alt(said: Iterable[str]) -> str:
    """The map of loads for who cannot see it."""
    what = "A table of colours, teams by days, of the work that comes in over what the team can do"
    return f"{what}. All days: {all_of(said)}."


def busiest(team: str, share: str) -> str:
    """Which team works most of its time."""
    return f"Busiest: {team}, at work {share} of the time on shift"


def most_overtime(team: str, hours: str) -> str:
    """What is added where a team stays late."""
    return f"; most overtime: {team}, {hours} a day"


def utilisation_alt(said: Iterable[str]) -> str:
    """The bars for who cannot see them."""
    return f"A bar for each team and shift: time at work over time on shift. {all_of(said)}."


def utilisation_note(*, whiskers: bool) -> str:
    """What the colours mean, and the whiskers if there are any."""
    spread = "Whiskers: 95 % interval. " if whiskers else ""
    return (
        f"{spread}Blue: below 85 %; orange: up to 100 %. Overtime, work after the end of a shift, is not in the bars."
    )


def overtime_behind(hours: str) -> str:
    """Overtime behind a bar."""
    return f"  + {hours} overtime a day"


def shift_of(team: str, shift: str) -> str:
    """One shift of a team."""
    return f"{team}, {shift} shift"


def worked_of_hours(there: str, worked: str) -> str:
    """How many hours of those who are there are worked."""
    return f"Of {there} person-hours on shift a day, {worked} are worked"


def shifts_alt(teams: Iterable[str]) -> str:
    """The panels of shifts for who cannot see them."""
    return f"A panel for each team with the people on shift and at work by hour: {', '.join(teams)}."


def shifts_note(*, typical: bool) -> str:
    """What is shown of which weeks, and in which colours."""
    what = TYPICAL_WEEK if typical else BY_HOUR
    return f"{what} Grey: on shift. Blue: at work. Vermillion: at work beyond those on shift."


def people_column(team: str, what: str) -> str:
    """The heading of a team's people.

    >>> people_column("packers", AT_WORK)
    'packers, at work (people)'
    """
    return f"{team}, {what} (people)"
