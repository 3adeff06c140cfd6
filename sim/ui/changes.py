"""What was changed beyond the controls, in words: by the labels of the scenario, and its fields as they are called there."""

from __future__ import annotations

from collections.abc import Sequence

from sim.show.differences import Difference, value_in_words
from sim.ui import texts
from sim.ui.texts import planner
from sim.world.scenario import Scenario
from sim.world.units import HOUR_MS


def in_words(scenario: Scenario, one: Difference) -> str:
    """A difference from a scenario as a planner says it.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> site = load(shipped("small_site_fortnight")).scenario
    >>> in_words(site, Difference("teams.officers.overtime_factor", None, "1.5"))
    'customs officers, overtime factor set to 1.5'
    >>> in_words(site, Difference("costs.courier", "8", "9"))
    'costs, courier 8 → 9'
    >>> in_words(site, Difference("teams.clerks.shifts.office.to", "13:00", "15:00"))
    'declaration clerks, office shift, to 13:00 → 15:00'
    >>> in_words(site, Difference("teams.clerks.shifts.evening", None, {"days": "mon-fri", "from": "18:00"}))
    'new: declaration clerks, evening shift (days mon-fri, from 18:00)'
    """
    place, fields = _place(scenario, one.path.split("."))
    if not fields and one.before is None:
        return planner.new_part(place, value_in_words(one.after))
    was, now = ("" if value is None else value_in_words(value) for value in (one.before, one.after))
    return planner.moved_part(", ".join([place, *fields]).replace("_", " "), was, now)


def _place(scenario: Scenario, parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """What a path is about, as it is called elsewhere on the page, and the fields of it that follow."""
    match parts:
        case ["teams", team, "shifts", shift, *fields] if team in scenario.teams:
            return texts.shift(scenario.label("teams", team), shift), fields
        case [("flows" | "stages" | "teams") as kind, key, *fields] if key in getattr(scenario, kind):
            return scenario.label(kind, key), fields
        case ["promises", key, *fields] if key in scenario.promises:
            promise = scenario.promises[key]
            return texts.promise(promise.to, promise.within / HOUR_MS), fields
    return parts[0], parts[1:]
