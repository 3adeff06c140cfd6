"""A run with what several measures need of it, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.hours import VisitHours, visit_hours
from sim.analysis.orders import Orders, orders_of
from sim.analysis.people import Jobs, Working, jobs_of, working
from sim.analysis.series import Level, count_inside
from sim.engine.records import NEVER, Records
from sim.plan.plan import NONE, Plan
from sim.plan.routes import is_beside, lead_time_key
from sim.plan.steps import Kind
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
        return orders_of(self.plan, self.records)

    @cached_property
    def hours(self) -> VisitHours:
        """Every visit's time by part."""
        return visit_hours(self.plan, self.records)

    @cached_property
    def jobs(self) -> Jobs:
        """All stretches of work."""
        return jobs_of(self.plan, self.records)

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
    def stage_of_visit(self) -> NDArray[np.int16]:
        """By visit, the position of its stage in ``stages``; NONE before the first stage."""
        positions = np.array([self.stages.index(name.stage) for name in self.plan.step_names], dtype=np.int16)
        return np.where(self.before_stages, np.int16(NONE), positions)[self.records.visits.step]

    @cached_property
    def in_window(self) -> Bools:
        """By item, whether it came within the measured window (what was there before the start did not).

        A lot comes when a reorder point calls it.
        """
        begin, end = self.plan.scenario.clock.window_ms
        arrived = self.records.items.arrived
        return np.asarray((arrived >= begin) & (arrived < end) & ~self.plan.items.backlog)

    @cached_property
    def visit_in_window(self) -> Bools:
        """By visit, whether its item came within the measured window."""
        return np.asarray(self.in_window[self.records.visits.item])

    @cached_property
    def waits(self) -> dict[str, Waits]:
        """By stage, the waits of all who ever queued for its teams (documents at the clerks included)."""
        visits, ended_ms = self.records.visits, self.records.ended_ms
        is_work = (self.plan.steps["kind"] == Kind.WORK)[visits.step]
        waits = {}
        for number, stage in enumerate(self.stages):
            if len(self.plan.steps_of(Kind.WORK, stage=stage)):
                rows = np.flatnonzero(is_work & (self.stage_of_visit == number))
                ended = np.where(visits.ended[rows] == NEVER, ended_ms, visits.ended[rows])
                served = np.where(visits.started[rows] == NEVER, ended, visits.started[rows])
                waits[stage] = visits.joined[rows], served
        return waits

    @cached_property
    def queues(self) -> dict[str, Level]:
        """By stage, how many items wait for its teams."""
        return {stage: count_inside(*waits) for stage, waits in self.waits.items()}

    def steps(self, stage: str, *names: str) -> Bools:
        """By step, whether it is one of these steps of a stage (of any flow)."""
        wanted = {f"{stage}.{name}" for name in names}
        return np.array([step.key in wanted for step in self.plan.step_names])

    def steps_of_stages(self, stages: set[str]) -> Bools:
        """By step, whether it belongs to one of the stages."""
        return np.array([step.stage in stages for step in self.plan.step_names]) & ~self.before_stages

    def came_to(self, stage: str, *names: str) -> Bools:
        """By item, whether it ever came to one of these steps."""
        visits = self.records.visits
        came = np.zeros(len(self.plan.items), dtype=bool)
        came[visits.item[self.steps(stage, *names)[visits.step]]] = True
        return came

    def done_with(self, stage: str, *names: str) -> Bools:
        """By item, whether it ever came to one of these steps and went on from there."""
        visits = self.records.visits
        done = np.zeros(len(self.plan.items), dtype=bool)
        done[visits.item[self.steps(stage, *names)[visits.step] & (visits.ended != NEVER)]] = True
        return done

    def last_at_stage(self, stage: int) -> Ints:
        """Rows of the last visit of each of the goods to a stage, if it has ended."""
        visits = self.records.visits
        rows = np.flatnonzero((self.stage_of_visit == stage) & self.carries_goods[visits.step])
        last = np.concatenate([visits.item[rows][1:] != visits.item[rows][:-1], np.ones(min(len(rows), 1), dtype=bool)])
        rows = rows[last]
        return np.asarray(rows[visits.ended[rows] != NEVER])
