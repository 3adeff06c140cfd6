"""Numbers by stage and by team: throughput, queues, waits, work, utilisation, overtime."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.run import Measure, Run
from sim.plan.plan import Plan
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]
Named = Iterator[tuple[str, Measure]]


def order_throughput(run: Run) -> Named:
    """Orders placed, dispatched and delivered a day."""
    yield "demand.per_day", Measure(len(run.orders) / run.days, "orders/day")
    for name, at in run.order_times.items():
        yield f"throughput.{name}", Measure(_a_day(run, at), "orders/day")


def stage_throughput(run: Run) -> Named:
    """Items that left each stage a day."""
    for stage, became in run.at_stages.items():
        yield f"throughput.{stage}", Measure(became.in_window / run.days, "items/day")


def _a_day(run: Run, at_ms: Ints) -> float:
    begin, end = run.window_ms
    return float(((at_ms >= begin) & (at_ms < end)).sum()) / run.days


def stage_measures(run: Run) -> Named:
    """Queue, oldest wait, and the waiting and working time of those of the window who came to each stage."""
    begin, end = run.window_ms
    hours = slice(-(-begin // HOUR_MS), -(-end // HOUR_MS))
    for stage, queue in run.queues.items():
        yield f"queue.{stage}.mean", Measure(queue.mean, "items")
        yield f"queue.{stage}.most", Measure(float(queue.most), "items")
        yield f"oldest.{stage}.most", Measure(float(queue.ages_ms[hours].max(initial=0) / HOUR_MS), "h")
    for stage, became in run.at_stages.items():
        if became.measured:
            yield f"wait.{stage}.mean", Measure(became.waited_h, "h")
            yield f"wait.{stage}.p95", Measure(became.waited_p95_h, "h")
            yield f"work.{stage}.mean", Measure(became.worked_h, "h")


def people_measures(run: Run) -> Named:
    """Busy over staffed time by team and by the hours of each shift; overtime apart."""
    begin, end = run.window_ms
    for key, team in run.teams.items():
        yield f"utilisation.{key}", Measure(_ratio(team.busy_h(begin, end), team.staffed_h(begin, end)), "share")
        yield f"overtime.{key}", Measure(team.overtime_h(begin, end) / run.days, "h/day")
        for shift, (begins, ends) in shift_hours(run.plan, key).items():
            begins, ends = np.clip(begins, begin, end), np.clip(ends, begin, end)
            busy, staffed = (float(ms(begins, ends).sum()) for ms in (team.busy_ms, team.staffed_ms))
            yield f"utilisation.{key}.{shift}", Measure(_ratio(busy, staffed), "share")


def shift_hours(plan: Plan, team: str) -> dict[str, tuple[Ints, Ints]]:
    """By shift of a team, when its hours begin and end over the run (ms)."""
    described, start = plan.scenario.teams[team], plan.scenario.clock.start
    hours = {}
    for key, shift in described.shifts.items():
        pieces = [
            (midnight + begin, midnight + end)
            for _, midnight in described.days_worked(shift, start, plan.end_ms)
            for begin, end in shift.pieces()
        ]
        begins, ends = (
            (np.array(column, dtype=np.int64) for column in zip(*pieces, strict=True)) if pieces else (_NONE, _NONE)
        )
        hours[key] = np.clip(begins, 0, plan.end_ms), np.clip(ends, 0, plan.end_ms)
    return hours


_NONE = np.zeros(0, dtype=np.int64)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else np.nan
