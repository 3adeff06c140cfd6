"""What became of goods at each stage: how many left it on which day, how long they waited there, how long they were worked on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.grouped import among
from sim.analysis.hours import WORKING, VisitHours
from sim.analysis.tables import compiled, fixed
from sim.engine.records import NEVER, Records
from sim.plan.plan import NONE, Plan
from sim.plan.steps import Outcome
from sim.world.units import DAY_MS, HOUR_MS, since_midnight_ms

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class AtStage:
    """One stage: how many goods left it on each day of the run and within the measured window.

    Goods leave a stage when their last visit there ends; those that nothing held there, when they come to a later stage of
    their way, or to its end. Of the goods measured that had a visit there that ended, ``measured`` in number: hours they
    waited for people, on average and for 95 of 100 at most, and hours of work.
    """

    by_day: Ints
    in_window: int
    measured: int
    waited_h: float
    waited_p95_h: float
    worked_h: float


def at_stages(
    plan: Plan, records: Records, hours: VisitHours, stage_of_step: NDArray[np.integer], measured: Bools
) -> dict[str, AtStage]:
    """What became of goods at each stage.

    ``stage_of_step``: by step the number of the stage at which goods are, NONE where they are at none. ``measured``: by
    item, whether its hours count.
    """
    passes, stages, items = compiled(), list(plan.scenario.stages), plan.items
    arrived_there = among(records.items.outcome, (Outcome.DELIVERED, Outcome.STOCKED))
    goods = passes.Goods(
        fixed(stage_of_step),
        fixed(hours.kinds == WORKING),
        fixed(_ways(plan)),
        fixed(items.flow, np.int16),
        *(fixed(column, np.bool_) for column in (items.backlog, measured, arrived_there)),
        fixed(records.items.left),
    )
    since, by_day, in_window = _stretches(plan, records.ended_ms)
    leaving = np.zeros((len(stages), len(since)), dtype=np.int64)
    room = len(records.visits)
    found = passes.AtStages(
        np.empty(room, dtype=np.int8),
        np.empty(room, dtype=np.int64),
        np.zeros(len(stages), dtype=np.int64),
        fixed(since),
        leaving,
        *(np.full(len(stages), value, dtype=np.int64) for value in (passes.FAR, NEVER, 0, 0)),
    )
    rows = int(passes.at_stages(hours.stays, hours.split, goods, found))
    stage, waited = found.stage[:rows], found.waited[:rows]
    return {
        key: _at_stage(leaving[number], by_day, in_window, waited[stage == number], int(found.worked[number]))
        for number, key in enumerate(stages)
    }


def _at_stage(leaving: Ints, by_day: Ints, in_window: Bools, waited_ms: Ints, worked_ms: int) -> AtStage:
    days, within, count = np.add.reduceat(leaving, by_day), int(leaving[in_window].sum()), len(waited_ms)
    if not count:
        return AtStage(days, within, 0, np.nan, np.nan, np.nan)
    waited_h = waited_ms / HOUR_MS
    p95_h = float(np.quantile(waited_h, 0.95, method="inverted_cdf"))
    return AtStage(days, within, count, float(waited_h.mean()), p95_h, worked_ms / count / HOUR_MS)


def _ways(plan: Plan) -> Ints:
    """By flow, the numbers of the stages on its way in their order, then NONE; what runs beside goods has no way."""
    stages, flows = list(plan.scenario.stages), plan.scenario.flows
    ways = np.full((len(plan.flow_keys), max(len(flow.route) for flow in flows.values())), NONE, dtype=np.int64)
    for key, flow in flows.items():
        ways[plan.flow_keys.index(key), : len(flow.route)] = [stages.index(stage) for stage in flow.route]
    return ways


def _stretches(plan: Plan, ended_ms: int) -> tuple[Ints, Ints, Bools]:
    """When stretches of the run begin, the places of those that begin a day, and which lie in the measured window."""
    begin, end = plan.scenario.clock.window_ms
    days = day_begins(plan, ended_ms)
    since = np.union1d(days, np.maximum((begin, end), days[0]))
    return since, np.searchsorted(since, days), (since >= begin) & (since < end)


def day_begins(plan: Plan, ended_ms: int) -> Ints:
    """Midnights before each day of a run (ms): the first at or before its start."""
    midnight = -since_midnight_ms(plan.scenario.clock.start)
    return np.arange(midnight, ended_ms, DAY_MS, dtype=np.int64)


def counted_by_day(moments_ms: Ints, plan: Plan, ended_ms: int) -> Ints:
    """How many of the moments are on each day of a run."""
    days = day_begins(plan, ended_ms)
    return np.bincount((moments_ms - days[0]) // DAY_MS, minlength=len(days))[: len(days)]
