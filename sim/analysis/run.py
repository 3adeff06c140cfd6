"""A run with what several measures need of it, worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.grouped import Grouped, Groups, Rows, among, grouped
from sim.analysis.hours import VisitHours, hours_by_step, visit_hours
from sim.analysis.orders import Orders, dispatched_at, orders_of
from sim.analysis.people import Jobs, Working
from sim.analysis.series import count_inside, oldest
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
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
        return visit_hours(self.plan, self.records, self.by_step, self.jobs)

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
    def jobs(self) -> Jobs:
        """All stretches of work."""
        return Jobs(self.plan, self.records)

    @cached_property
    def teams(self) -> dict[str, Working]:
        """Working time by team."""
        return {key: Working(self.plan, self.jobs, number) for number, key in enumerate(self.plan.team_keys)}

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
    def by_step(self) -> Groups:
        """The visits by their step."""
        return Groups(self.records.visits.step, len(self.plan.steps))

    @cached_property
    def by_stage(self) -> Grouped:
        """The visits of goods by their stage; those to no stage, and of what runs beside goods, come last."""
        stage_of = np.full(len(self.plan.steps), len(self.stages), dtype=np.int16)
        for number, stage in enumerate(self.stages):
            stage_of[self.steps_of_stages({stage}) & self.carries_goods] = number
        return grouped(stage_of[self.records.visits.step], len(self.stages) + 1)

    @cached_property
    def first_visits(self) -> Ints:
        """Rows of each item's first visit, of the items that have any."""
        item = self.records.visits.item
        begins = np.flatnonzero(item[1:] != item[:-1]) + 1
        return np.insert(begins, 0, 0) if len(item) else begins

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

    def goods_visits(self, stage: str) -> Rows:
        """Rows of the visits of goods to a stage, in rising order."""
        return self.by_stage.of(self.stages.index(stage))

    @cached_property
    def order_times(self) -> dict[str, Ints]:
        """When any orders, whenever placed, were dispatched and delivered."""
        items, dispatched = self.records.items, self.dispatched[self.is_order]
        delivered = items.left[self.is_order & (items.outcome == Outcome.DELIVERED)]
        return {"dispatched": dispatched[dispatched != NEVER], "delivered": delivered}

    @cached_property
    def leaving_times(self) -> dict[str, Ints]:
        """By stage, when goods left it."""
        there = [stage for stage in self.stages if any(name.stage == stage for name in self.plan.step_names)]
        return {stage: self._leaving_times(stage) for stage in there}

    def _leaving_times(self, stage: str) -> Ints:
        """When those left who stayed at a stage, in any order, and when those passed it who did not."""
        visits, rows = self.records.visits, self.goods_visits(stage)
        item = visits.item[rows]
        last = np.flatnonzero(np.append(item[1:] != item[:-1], np.ones(min(len(rows), 1), dtype=bool)))
        ended = visits.ended[rows[last]]
        never_there = np.ones(len(self.plan.items), dtype=bool)
        never_there[item[last]] = False
        return np.concatenate([ended[ended != NEVER], self._passing_times(stage, never_there)])

    def _passing_times(self, stage: str, never_there: Bools) -> Ints:
        """When goods passed a stage at which nothing held them: a parcel that customs did not select makes no visit there.

        Such goods leave the stage when they come to a later one, or leave altogether.
        """
        plan = self.plan
        times = []
        for key, flow in plan.scenario.flows.items():
            if stage not in flow.route:
                continue
            own = never_there & (plan.items.flow == plan.flow_keys.index(key)) & ~plan.items.backlog
            later = flow.route[flow.route.index(stage) + 1 :]
            if later and own.any():
                times.append(self._first_at(later, own))
            elif not later:
                done = own & among(self.records.items.outcome, (Outcome.DELIVERED, Outcome.STOCKED))
                times.append(self.records.items.left[done])
        return np.concatenate(times) if times else np.zeros(0, dtype=np.int64)

    def _first_at(self, stages: Sequence[str], own: Bools) -> Ints:
        """When each of these items first came to one of the stages, of those that ever did."""
        visits, far = self.records.visits, np.iinfo(np.int64).max
        first = np.full(len(own), far, dtype=np.int64)
        for stage in stages:
            rows = self.goods_visits(stage)
            rows = rows[own[visits.item[rows]]]
            np.minimum.at(first, visits.item[rows], visits.joined[rows])
        return np.asarray(first[first != far])
