"""The pipeline on one line: for each stage how many staff, how loaded, and how many wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from sim.analysis.words import BUSY_FROM, FULL_FROM
from sim.study.replicate import Result
from sim.ui.texts import planner
from sim.world.scenario import Scenario, tasks_of

Level = Literal["free", "busy", "full", "none"]


@dataclass(frozen=True)
class Station:
    """One stage: words for its staff, its tightest team, that team's load, and how many wait on the mean (NaN: not known)."""

    key: str
    label: str
    staff: str
    team: str
    load: float
    queue: float

    @property
    def level(self) -> Level:
        """How loaded: below 85 %, below 100 %, or from there on; or that nobody of the site's works there."""
        if math.isnan(self.load):
            return "none"
        return "free" if self.load < BUSY_FROM else "busy" if self.load < FULL_FROM else "full"


def stations(result: Result) -> list[Station]:
    """The stages of a result's scenario in their order.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> found = stations(replicate(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2)))
    >>> found[0].label, found[0].staff, found[0].level
    ('counter', '3 staff', 'busy')
    """
    scenario = result.file.scenario
    loads = {str(team): float(load) for team, load in result.teams["load"].items()}
    return [_station(key, scenario, loads, result) for key in scenario.stages]


def _station(key: str, scenario: Scenario, loads: dict[str, float], result: Result) -> Station:
    teams = list(dict.fromkeys(task.team for _, task in tasks_of(scenario.stages[key])))
    tightest = max(teams, key=lambda team: loads[team], default="")
    queue = result.measures.get(f"queue.{key}.mean")
    return Station(
        key=key,
        label=scenario.label("stages", key),
        staff=planner.people(_heads(scenario, tightest)) if tightest else planner.NO_TEAM,
        team=scenario.label("teams", tightest) if tightest else "",
        load=loads[tightest] if tightest else math.nan,
        queue=queue.mean if queue is not None else math.nan,
    )


def _heads(scenario: Scenario, team: str) -> list[int]:
    described = scenario.teams[team]
    return [described.staff] if described.staff is not None else [shift.staff for shift in described.shifts.values()]
