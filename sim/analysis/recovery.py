"""How long it takes after a disruption until as few orders are inside as usual."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.run import Measure, Run
from sim.analysis.series import Level, count_inside
from sim.engine.records import NEVER
from sim.world.units import DAY_MS, HOUR_MS

Ints = NDArray[np.int64]
WEEK_MS = 7 * DAY_MS


def recovery_measures(run: Run) -> Iterator[tuple[str, Measure]]:
    """For each disruption the hours from its end until the orders inside are back at their usual number.

    ``recovery.<key>.dispatch`` counts the orders placed and not yet dispatched, ``recovery.<key>.delivery`` those not
    yet delivered; orders that left in another way are inside no longer. See :func:`recovery_h`.
    """
    begin = run.window_ms[0]
    clock = run.plan.scenario.clock
    for key, disruption in run.plan.scenario.disruptions.items():
        from_ms, to_ms = disruption.within_ms(clock.start)
        for until, level in _inside(run).items():
            hours = recovery_h(level, begin, from_ms, to_ms, min(clock.length, run.records.ended_ms))
            yield f"recovery.{key}.{until}", Measure(hours, "h")


def recovery_h(level: Level, known_from_ms: int, begin_ms: int, end_ms: int, last_ms: int) -> float:
    """Hours from the end of a disruption until the level is no higher than usual at that hour.

    The level is looked at when the disruption ends and every hour from then on. Usual is its mean at the same hour of
    the week, in all weeks from ``known_from_ms`` to the beginning of the disruption; where they hold not one such
    hour, at the same hour of the day.

    Parameters
    ----------
    level
        How many orders are inside (a step function of ms).
    known_from_ms
        From when on the level counts as usual: the end of the warm-up.
    begin_ms, end_ms
        The disruption.
    last_ms
        Until when the level is looked at.

    Returns
    -------
    float
        Infinite where it does not come back within the run; NaN where nothing before says what is usual.

    >>> level = Level(np.array([0, 30 * HOUR_MS, 33 * HOUR_MS]), np.array([5, 9, 5]))
    >>> recovery_h(level, 0, 29 * HOUR_MS, 31 * HOUR_MS, 48 * HOUR_MS)
    2.0

    """
    moments = np.arange(end_ms, last_ms, HOUR_MS, dtype=np.int64)
    usual = np.array([_usual(level, int(at), known_from_ms, begin_ms) for at in moments])
    if not len(moments) or np.isnan(usual).any():
        return math.nan
    back = np.flatnonzero(level.at(moments) <= usual)
    return float((moments[back[0]] - end_ms) / HOUR_MS) if len(back) else math.inf


def _usual(level: Level, at_ms: int, from_ms: int, to_ms: int) -> float:
    for period in (WEEK_MS, DAY_MS):
        before = np.arange(at_ms - period, from_ms - 1, -period, dtype=np.int64)
        before = before[before < to_ms]
        if len(before):
            return float(level.at(before).mean())
    return math.nan


def _inside(run: Run) -> dict[str, Level]:
    """Orders placed and not yet dispatched, and not yet delivered."""
    plan, records = run.plan, run.records
    placed = plan.items.arrived[run.is_order].astype(np.int64)
    left = _or_end(records.items.left[run.is_order], records.ended_ms)
    dispatched = _or_end(run.dispatched[run.is_order], records.ended_ms)
    return {"dispatch": count_inside(placed, np.minimum(dispatched, left)), "delivery": count_inside(placed, left)}


def _or_end(at_ms: Ints, ended_ms: int) -> Ints:
    return np.where(at_ms == NEVER, ended_ms, at_ms).astype(np.int64)
