"""Disruptions in the Plan: teams without staff, departures that do not leave, waits that stand still.

They need no step of their own. A wait that a disruption can hold follows a calendar that is open at all hours but
those; without disruptions there is no such calendar, and the Plan is what it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.world.calendar import Interval, Outage
from sim.world.disruptions import Disruption
from sim.world.scenario import Scenario
from sim.world.teams import Team

SINGLE_WINDOW = "single_window."  # no key of a scenario's own calendars has a point in it
TRANSPORT = "transport."


def single_window_calendar(scenario: Scenario) -> str | None:
    """The calendar of waits that need the single window, or None where it never fails."""
    return SINGLE_WINDOW if any(d.single_window for d in scenario.disruptions.values()) else None


def transport_calendar(scenario: Scenario, stage: str) -> str | None:
    """The calendar of those on the way at a stage, or None where nothing ever holds them."""
    return f"{TRANSPORT}{stage}" if any(stage in d.transport for d in scenario.disruptions.values()) else None


def disrupted_calendars(scenario: Scenario) -> tuple[str, ...]:
    """Keys of the calendars that only disruptions make."""
    found = [single_window_calendar(scenario), *(transport_calendar(scenario, stage) for stage in scenario.stages)]
    return tuple(key for key in found if key is not None)


def open_intervals(scenario: Scenario, calendar: str, end_ms: int) -> list[Interval]:
    """When a calendar of :func:`disrupted_calendars` is open: always, but for its disruptions."""
    at, found = 0, []
    for begin, end in sorted(d.within_ms(scenario.clock.start) for d in _holding(scenario, calendar)):
        found.append((at, min(begin, end_ms)))
        at = max(at, end)
    return [(begin, end) for begin, end in [*found, (at, end_ms)] if begin < end]


def _holding(scenario: Scenario, calendar: str) -> Iterator[Disruption]:
    for disruption in scenario.disruptions.values():
        stages = (f"{TRANSPORT}{stage}" for stage in disruption.transport)
        if (calendar == SINGLE_WINDOW and disruption.single_window) or calendar in stages:
            yield disruption


def disrupted_team(scenario: Scenario, key: str) -> Team:
    """A team with the disruptions that hit it among its outages."""
    team = scenario.teams[key]
    hits = [d for d in scenario.disruptions.values() if key in d.teams]
    outages = tuple(Outage.model_validate({"from": d.begin, "to": d.end}) for d in hits)
    return team.model_copy(update={"outages": (*team.outages, *outages)}) if outages else team


def leaves(scenario: Scenario, stage: str, at_ms: int) -> bool:
    """Whether a departure of a stage leaves at a moment, for all that disruptions say."""
    start = scenario.clock.start
    stands = (d.within_ms(start) for d in scenario.disruptions.values() if stage in d.transport)
    return not any(begin <= at_ms < end for begin, end in stands)
