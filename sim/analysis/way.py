"""One order's way through a run: each visit with when it joined, began and ended, and what the waiting was for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sim.analysis.hours import PARTS
from sim.analysis.run import Run
from sim.engine.records import NEVER
from sim.plan.plan import NONE
from sim.plan.steps import Outcome
from sim.world.errors import ScenarioError


@dataclass(frozen=True)
class Stop:
    """A visit to one step: ``spent`` is its time by part (see ``sim.analysis.hours``), of parts that took any.

    ``what`` is what is done there, ``team`` by whom (empty: by nobody). ``began`` is None for who gave up waiting,
    ``ended`` where the run ended before.
    """

    stage: str
    what: str
    team: str
    joined: datetime
    began: datetime | None
    ended: datetime | None
    spent: dict[str, timedelta]


@dataclass(frozen=True)
class Way:
    """An order from paying to its end: its number among the items of the run, its stops, and its outcome."""

    item: int
    goods_class: str
    placed: datetime
    stops: tuple[Stop, ...]
    left: datetime | None
    outcome: str

    def spent(self, part: str) -> timedelta:
        """Time of all stops that went into a part."""
        return sum((stop.spent.get(part, timedelta()) for stop in self.stops), timedelta())


def first_order(run: Run, flow: str, placed: datetime) -> int:
    """The item number of the first order of a flow that is placed at a moment or after it.

    Raises ScenarioError where there is none.
    """
    items = run.plan.items
    at_ms = (placed - run.plan.scenario.clock.start) // timedelta(milliseconds=1)
    own = items.flow == run.plan.flow_keys.index(flow)
    later = np.flatnonzero(own & ~items.backlog & (items.arrived >= at_ms) & (items.arrived < run.records.ended_ms))
    if not len(later):
        raise ScenarioError(f"no order of flow '{flow}' is placed at {placed:%Y-%m-%d %H:%M} or later")
    return int(later[items.arrived[later].argmin()])


def way_of(run: Run, item: int) -> Way:
    """The way of one item; its documents, which walk beside it, are left out.

    >>> from sim.engine.engines import run as run_engine
    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=3 d"]).scenario)
    >>> way = way_of(Run(plan, run_engine(plan)), 0)
    >>> [stop.what for stop in way.stops], way.outcome
    (['work'], 'delivered')
    """
    plan, records = run.plan, run.records
    visits, names, scenario = records.visits, plan.step_names, plan.scenario
    teams = list(scenario.teams)

    def at(ms: int) -> datetime | None:
        return None if ms == NEVER else scenario.clock.start + timedelta(milliseconds=int(ms))

    stops = []
    for row in np.flatnonzero(visits.item == item):
        one, name, team = np.array([row]), names[visits.step[row]], int(visits.team[row])
        spent = {part: timedelta(milliseconds=int(run.hours.part(part, one)[0])) for part in PARTS}
        stops.append(
            Stop(
                stage=scenario.label("stages", name.stage),
                what=name.words,
                team="" if team == NONE else scenario.label("teams", teams[team]),
                joined=scenario.clock.start + timedelta(milliseconds=int(visits.joined[row])),
                began=at(visits.started[row]),
                ended=at(visits.ended[row]),
                spent={part: time for part, time in spent.items() if time},
            )
        )
    outcome = records.items.outcome[item]
    return Way(
        item=item,
        goods_class=plan.class_keys[plan.items.goods_class[item]],
        placed=scenario.clock.start + timedelta(milliseconds=int(plan.items.arrived[item])),
        stops=tuple(stops),
        left=at(records.items.left[item]),
        outcome="" if outcome == NONE else Outcome(outcome).name.lower(),
    )
