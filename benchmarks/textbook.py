"""The same lines as one would write them with SimPy alone, from its documentation: what our SimPy engine is held against.

Times come from the Plan, item by item, so both do the same work; visits are kept in a list. SimPy's own order decides
among things of the same moment, so single times may differ from the engines' by a place in a queue.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from sim.plan.plan import Plan
from sim.plan.steps import Kind

NIGHT = -1
DAY_MS = 86_400_000
Visit = tuple[int, int, int, int, int]
Process = Generator[Any, Any, None]


def times_of(plan: Plan, steps: list[int]) -> list[list[int]]:
    """By step, the first drawn time (ms) of each item of its flow, in the order of their index."""
    count = int(plan.items.index.max()) + 1
    return [plan.draws[plan.steps[step]["draw"] :][:count].tolist() for step in steps]


def plain_line(plan: Plan) -> list[Visit]:
    """Six resources one after another; returns visits as (item, step, joined, started, ended)."""
    steps = np.flatnonzero(plan.steps["kind"] == Kind.WORK).tolist()
    times = times_of(plan, steps)
    heads = {int(row["team"]): int(row["heads"]) for row in plan.staff}
    env = simpy.Environment()
    desks = [simpy.Resource(env, heads[int(plan.steps[step]["team"])]) for step in steps]
    visits: list[Visit] = []

    def parcel(item: int) -> Process:
        for number, desk in enumerate(desks):
            joined = env.now
            with desk.request() as turn:
                yield turn
                started = env.now
                yield env.timeout(times[number][item])
            visits.append((item, number, joined, started, env.now))

    def source() -> Process:
        for item, arrived in enumerate(plan.items.arrived.tolist()):
            yield env.timeout(arrived - env.now)
            env.process(parcel(item))

    env.process(source())
    env.run()
    return visits


class Everything:
    """As much of ``everything.yaml`` as SimPy's own resources can say.

    Priorities are ``PriorityResource``; the hours off are a process that takes each place as soon as it is free
    (so work in hand is finished, not paused); patience is ``turn | timeout``; the truck is an event an hour or two;
    documents are a process beside the goods. Left out, since no resource of SimPy's does it: pauses, helpers,
    crews, limited trucks, and work done a second time.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.env = plan, simpy.Environment()
        self.visits: list[Visit] = []
        self.priority = plan.items.priority.tolist()
        wanted = [
            number for number, row in enumerate(plan.steps)
            if row["kind"] in (Kind.WORK, Kind.WAIT) and row["draw_per_item"] == 1
        ]  # fmt: skip
        self.number = {plan.step_names[step].key: step for step in wanted}
        self.times = dict(zip(self.number, times_of(plan, wanted), strict=True))
        patience = plan.steps[self.number["picking.pick"]]["patience"]
        self.patience = plan.draws[patience:][: int(plan.items.index.max()) + 1].tolist()
        numbers = np.flatnonzero(plan.steps["kind"] == Kind.BRANCH)
        select = next(n for n in numbers if plan.steps[n]["target"] == self.number["customs.opening"])
        rate = plan.rates["ppm"][plan.rates["rate"] == plan.steps[select]["rate"]][0]
        drawn = plan.draws[plan.steps[select]["draw"] :][: int(plan.items.index.max()) + 1]
        self.selected = (drawn < rate).tolist()
        self.teams = [self.team(number) for number in range(len(plan.team_keys))]
        self.truck = self.env.event()

    def team(self, number: int) -> simpy.PriorityResource:
        """A team as large as it ever is; at other times the rest of the places are taken."""
        rows = self.plan.staff[self.plan.staff["team"] == number]
        team = simpy.PriorityResource(self.env, int(rows["heads"].max()))
        self.env.process(self.hours(team, rows["at"].tolist(), rows["heads"].tolist()))
        return team

    def hours(self, team: simpy.PriorityResource, at: list[int], heads: list[int]) -> Process:
        """Take places when people go home, give them back when they come."""
        taken: list[Any] = []
        for moment, there in zip(at, heads, strict=True):
            yield self.env.timeout(moment - self.env.now)
            while len(taken) < team.capacity - there:
                taken.append(team.request(priority=NIGHT))
            while len(taken) > team.capacity - there:
                team.release(taken.pop())

    def work(self, item: int, index: int, step: str, patience: int | None = None) -> Process:
        """One queue and its work; gives up after ``patience``."""
        number, env, joined = self.number[step], self.env, self.env.now
        with self.teams[self.plan.steps[number]["team"]].request(priority=self.priority[item]) as turn:
            if patience is None:
                yield turn
            else:
                yield turn | env.timeout(patience)
                if not turn.triggered:
                    return
            started = env.now
            yield env.timeout(self.times[step][index])
        self.visits.append((item, number, joined, started, env.now))

    def wait(self, item: int, index: int, step: str) -> Process:
        """Time passes."""
        joined = self.env.now
        yield self.env.timeout(self.times[step][index])
        self.visits.append((item, self.number[step], joined, joined, self.env.now))

    def documents(self, item: int, index: int) -> Process:
        """Records arrive and are compared."""
        yield from self.wait(item, index, "customs.records")
        yield from self.wait(item, index, "customs.match")

    def goods(self, item: int, index: int, documents: Any) -> Process:
        """Picked, packed, cleared, delivered."""
        env = self.env
        yield from self.work(item, index, "picking.pick", self.patience[index])
        yield from self.work(item, index, "picking.check")
        yield from self.work(item, index, "packing.pack")
        joined = env.now
        yield documents
        self.visits.append((item, -1, joined, env.now, env.now))
        if self.selected[index]:
            yield from self.work(item, index, "customs.opening")
        yield from self.work(item, index, "delivery.loading")
        joined = env.now
        yield self.truck
        self.visits.append((item, -1, joined, env.now, env.now))
        joined = env.now
        yield env.timeout(2 * DAY_MS)
        self.visits.append((item, -1, joined, joined, env.now))
        yield from self.wait(item, index, "delivery.last_mile")

    def trucks(self) -> Process:
        """All who wait leave with the truck."""
        for moment in self.plan.departures["at"].tolist():
            yield self.env.timeout(moment - self.env.now)
            waiting, self.truck = self.truck, self.env.event()
            waiting.succeed()

    def source(self) -> Process:
        """Orders come, each with its documents."""
        items = self.plan.items
        for item, (arrived, flow, index) in enumerate(
            zip(items.arrived.tolist(), items.flow.tolist(), items.index.tolist(), strict=True)
        ):
            if flow == 0:
                yield self.env.timeout(arrived - self.env.now)
                self.env.process(self.goods(item, index, self.env.process(self.documents(item, index))))

    def run(self, until: int) -> list[Visit]:
        """Run until all have left."""
        self.env.process(self.source())
        self.env.process(self.trucks())
        self.env.run(until=until)
        return self.visits


def everything(plan: Plan) -> list[Visit]:
    """See ``Everything``; runs a fortnight beyond the last arrival."""
    return Everything(plan).run(min(plan.end_ms, int(plan.items.arrived.max()) + 14 * DAY_MS))
