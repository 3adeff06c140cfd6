"""A run with what several measures need of it, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.grouped import Grouped, Rows, grouped
from sim.analysis.hours import VisitHours, hours_by_step, visit_hours
from sim.analysis.orders import Orders, dispatched_at, orders_of
from sim.analysis.people import Jobs, Working, working
from sim.analysis.series import Level, count_inside
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.plan.routes import is_beside, lead_time_key
from sim.plan.steps import Kind, Outcome
from sim.world.units import DAY_MS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Waits = tuple[Ints, Ints]
"""When each item joined a queue, and when it was served (or gave up, or the run ended)."""


UNITS = ("h", "share", "orders/day", "items/day", "items", "money", "h/day", "days", "units", "SKUs")


class Measure(NamedTuple):
    """One number of one run; the unit is one of UNITS."""

    value: float
    unit: str


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
        return {key: working(self.plan, self.jobs, number) for number, key in enumerate(self.plan.team_keys)}

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

    def visits_to(self, steps: Bools) -> Rows:
        """Rows of the visits to the steps chosen, in rising order."""
        return self.by_step.of(*np.flatnonzero(steps))

    @cached_property
    def in_window(self) -> Bools:
        """By item, whether it came within the measured window (what was there before the start did not).

        A lot comes when a reorder point calls it.
        """
        begin, end = self.plan.scenario.clock.window_ms
        arrived = self.records.items.arrived
        return np.asarray((arrived >= begin) & (arrived < end) & ~self.plan.items.backlog)

    def waits(self, stage: str) -> Waits:
        """The waits of all who ever queued for the teams of a stage (documents at the clerks included)."""
        visits, ended_ms = self.records.visits, self.records.ended_ms
        rows = self.by_step.of(*self.plan.steps_of(Kind.WORK, stage=stage))
        ended, started = visits.ended[rows], visits.started[rows]
        served = np.where(started == NEVER, np.where(ended == NEVER, ended_ms, ended), started)
        return visits.joined[rows], served

    @cached_property
    def queues(self) -> dict[str, Level]:
        """By stage that has teams, how many items wait for them."""
        staffed = [stage for stage in self.stages if len(self.plan.steps_of(Kind.WORK, stage=stage))]
        return {stage: count_inside(*self.waits(stage)) for stage in staffed}

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
        return self.visits_to(self.steps_of_stages({stage}) & self.carries_goods)

    def last_at_stage(self, stage: str) -> Rows:
        """Rows of the last visit of each of the goods to a stage, if it has ended."""
        visits, rows = self.records.visits, self.goods_visits(stage)
        item = visits.item[rows]
        rows = rows[np.append(item[1:] != item[:-1], np.ones(min(len(rows), 1), dtype=bool))]
        return np.asarray(rows[visits.ended[rows] != NEVER])

    @cached_property
    def leaving_times(self) -> dict[str, Ints]:
        """When any orders, whenever placed, were dispatched and delivered, and by stage when goods left it."""
        plan, records = self.plan, self.records
        is_order = np.isin(plan.items.flow, [plan.flow_keys.index(key) for key in plan.scenario.order_flows])
        dispatched = self.dispatched[is_order]
        delivered = records.items.left[is_order & (records.items.outcome == Outcome.DELIVERED)]
        times = {"dispatched": dispatched[dispatched != NEVER], "delivered": delivered}
        for stage in self.stages:
            if any(name.stage == stage for name in plan.step_names):
                stayed = records.visits.ended[self.last_at_stage(stage)]
                times[stage] = np.concatenate([stayed, self._passing_times(stage)])
        return times

    def _passing_times(self, stage: str) -> Ints:
        """When goods passed a stage at which nothing held them: a parcel that customs did not select makes no visit there.

        Such goods leave the stage when they come to a later one, or leave altogether.
        """
        visits, plan = self.records.visits, self.plan
        never_there = np.ones(len(plan.items), dtype=bool)
        never_there[visits.item[self.visits_to(self.steps_of_stages({stage}))]] = False
        times = []
        for key, flow in plan.scenario.flows.items():
            if stage not in flow.route:
                continue
            own = never_there & (plan.items.flow == plan.flow_keys.index(key)) & ~plan.items.backlog
            later = set(flow.route[flow.route.index(stage) + 1 :])
            if later and own.any():
                rows = np.flatnonzero(self.steps_of_stages(later)[visits.step] & own[visits.item])
                first = np.concatenate([[True], np.diff(visits.item[rows]) != 0])[: len(rows)]
                times.append(visits.joined[rows[first]])
            elif not later:
                done = own & np.isin(self.records.items.outcome, (Outcome.DELIVERED, Outcome.STOCKED))
                times.append(self.records.items.left[done])
        return np.concatenate(times) if times else np.zeros(0, dtype=np.int64)
