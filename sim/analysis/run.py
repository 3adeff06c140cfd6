"""A run with what several measures need of it, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.at_stages import AtStage, at_stages
from sim.analysis.grouped import Grouped, Rows, among, grouped
from sim.analysis.hours import VisitHours, hours_by_step, visit_hours
from sim.analysis.lives import Lives, lives_of
from sim.analysis.orders import Orders, dispatched_at, orders_of
from sim.analysis.people import Jobs, Working
from sim.analysis.series import count_inside, oldest
from sim.engine.records import NEVER, Records
from sim.plan.plan import NONE, Plan
from sim.plan.routes import is_beside, lead_time_key
from sim.plan.steps import Kind, Outcome
from sim.world.units import DAY_MS, HOUR_MS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNITS = ("h", "share", "orders/day", "items/day", "items", "money", "h/day", "days", "units", "SKUs")


class Measure(NamedTuple):
    """One number of one run; the unit is one of UNITS."""

    value: float
    unit: str


@dataclass(frozen=True)
class Queue:
    """Those who wait for the people of a stage: how many in the measured window, on average and at most.

    At each hour of the run: how many, and for how long the one who waits longest has (ms).
    """

    mean: float
    most: int
    hourly: Ints
    ages_ms: Ints


@dataclass(frozen=True)
class Run:
    """Plan and Records of one run, and the views of them that measures share."""

    plan: Plan
    records: Records

    @cached_property
    def window_ms(self) -> tuple[int, int]:
        """The measured stretch; a run in which the last item leaves before its end is empty from then on."""
        return self.plan.scenario.clock.window_ms

    @property
    def days(self) -> float:
        """Length of the measured window in days."""
        return (self.window_ms[1] - self.window_ms[0]) / DAY_MS

    @cached_property
    def orders(self) -> Orders:
        """The orders placed in the window."""
        return orders_of(self.plan, self.records, self.dispatched)

    @cached_property
    def dispatched(self) -> Ints:
        """For each item when it was dispatched."""
        return dispatched_at(self.plan, self.records, self.by_step)

    @cached_property
    def hours(self) -> VisitHours:
        """Every visit's time by part."""
        return visit_hours(self.plan, self.records, [team.done.away for team in self.teams.values()])

    @cached_property
    def lives(self) -> Lives:
        """What is true of the lives of all items."""
        return lives_of(self.records, self.hours)

    @cached_property
    def ended_orders(self) -> Ints:
        """The orders placed in the window that have left."""
        return np.asarray(self.orders.item[self.orders.left != NEVER])

    @cached_property
    def hours_by_step(self) -> pd.DataFrame:
        """What the orders of the window that have left spent, by step and part."""
        ended = np.zeros(len(self.plan.items), dtype=bool)
        ended[self.ended_orders] = True
        return hours_by_step(self.hours, ended)

    @cached_property
    def teams(self) -> dict[str, Working]:
        """Working time by team."""
        jobs = Jobs(self.plan, self.records)
        return {key: Working(self.plan, jobs, number) for number, key in enumerate(self.plan.team_keys)}

    @cached_property
    def carries_goods(self) -> Bools:
        """By step, whether it belongs to goods (not to what runs beside them)."""
        return np.array([not is_beside(name.flow) for name in self.plan.step_names])

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Keys of the stages, in the order of the scenario."""
        return tuple(self.plan.scenario.stages)

    @cached_property
    def before_stages(self) -> Bools:
        """By step, whether it comes before the first stage: the way from abroad, or the wait for stock."""
        lead_times = [step.key == lead_time_key(step.stage) for step in self.plan.step_names]
        return np.asarray(np.array(lead_times) | (self.plan.steps["kind"] == Kind.RESERVE))

    @cached_property
    def by_step(self) -> Grouped:
        """The visits by their step."""
        return grouped(self.records.visits.step, len(self.plan.steps))

    @cached_property
    def at_stages(self) -> dict[str, AtStage]:
        """What became of goods at each stage that has any step."""
        stage_of = np.full(len(self.plan.steps), NONE)
        for number, stage in enumerate(self.stages):
            stage_of[self.steps_of_stages({stage}) & self.carries_goods] = number
        found = at_stages(self.plan, self.records, self.hours, stage_of, self.in_window)
        there = {name.stage for name in self.plan.step_names}
        return {stage: became for stage, became in found.items() if stage in there}

    def visits_to(self, steps: Bools) -> Rows:
        """Rows of the visits to the steps chosen, step by step."""
        return self.by_step.of(*np.flatnonzero(steps))

    @cached_property
    def in_window(self) -> Bools:
        """By item, whether it came within the measured window (what was there before the start did not).

        A lot comes when a reorder point calls it.
        """
        begin, end = self.plan.scenario.clock.window_ms
        arrived = self.records.items.arrived
        return np.asarray((arrived >= begin) & (arrived < end) & ~self.plan.items.backlog)

    @cached_property
    def is_order(self) -> Bools:
        """By item, whether it is an order."""
        return among(self.plan.items.flow, [self.plan.flow_keys.index(key) for key in self.plan.scenario.order_flows])

    @cached_property
    def queues(self) -> dict[str, Queue]:
        """By stage that has teams, all who ever queued for them (documents at the clerks included)."""
        steps = {stage: self.plan.steps_of(Kind.WORK, stage=stage) for stage in self.stages}
        return {stage: self._queue(own) for stage, own in steps.items() if len(own)}

    def _queue(self, steps: Ints) -> Queue:
        """Of visits to these steps: from joining until they are served, or give up, or the run ends."""
        visits, ended_ms = self.records.visits, self.records.ended_ms
        rows = self.by_step.of(*steps)
        joined, served = visits.joined[rows], visits.started[rows]
        never = np.flatnonzero(served == NEVER)
        gave_up = visits.ended[rows[never]]
        served[never] = np.where(gave_up == NEVER, ended_ms, gave_up)
        level, hours = count_inside(joined, served), np.arange(0, ended_ms, HOUR_MS, dtype=np.int64)
        ages_ms = oldest(joined, served, HOUR_MS, len(hours))
        return Queue(level.mean(*self.window_ms), level.most(*self.window_ms), level.at(hours), ages_ms)

    def steps(self, stage: str, *names: str) -> Bools:
        """By step, whether it is one of these steps of a stage (of any flow)."""
        wanted = {f"{stage}.{name}" for name in names}
        return np.array([step.key in wanted for step in self.plan.step_names])

    def steps_of_stages(self, stages: set[str]) -> Bools:
        """By step, whether it belongs to one of the stages."""
        return np.array([step.stage in stages for step in self.plan.step_names]) & ~self.before_stages

    def came_to(self, stage: str, *names: str) -> Bools:
        """By item, whether it ever came to one of these steps."""
        came = np.zeros(len(self.plan.items), dtype=bool)
        came[self.records.visits.item[self.visits_to(self.steps(stage, *names))]] = True
        return came

    def done_with(self, stage: str, *names: str) -> Bools:
        """By item, whether it ever came to one of these steps and went on from there."""
        visits, rows = self.records.visits, self.visits_to(self.steps(stage, *names))
        done = np.zeros(len(self.plan.items), dtype=bool)
        done[visits.item[rows[visits.ended[rows] != NEVER]]] = True
        return done

    @cached_property
    def order_times(self) -> dict[str, Ints]:
        """When any orders, whenever placed, were dispatched and delivered."""
        items, dispatched = self.records.items, self.dispatched[self.is_order]
        delivered = items.left[self.is_order & (items.outcome == Outcome.DELIVERED)]
        return {"dispatched": dispatched[dispatched != NEVER], "delivered": delivered}
