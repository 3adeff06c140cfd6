"""The order in which flows, teams, classes, gates and calendars are numbered."""

from __future__ import annotations

from dataclasses import dataclass

from sim.plan.disruptions import disrupted_calendars
from sim.plan.programme import Programme
from sim.plan.steps import Gate
from sim.world.scenario import Scenario


@dataclass(frozen=True)
class Names:
    """The order in which flows, teams, classes, gates and calendars are numbered."""

    flows: tuple[str, ...]
    teams: tuple[str, ...]
    classes: tuple[str, ...]
    gates: tuple[str, ...]
    calendars: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario, programme: Programme) -> Names:
        flows = tuple(dict.fromkeys(flow for flow, _ in programme.steps))
        classes = tuple(dict.fromkeys(name for flow in scenario.flows.values() for name in flow.classes))
        gates = tuple(dict.fromkeys(step.gate for _, step in programme.steps if isinstance(step, Gate)))
        return cls(flows, tuple(scenario.teams), classes, gates, (*scenario.calendars, *disrupted_calendars(scenario)))
