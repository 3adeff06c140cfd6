"""Does a run show a steady state? What a run that is overloaded, too short or still warming up must say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import estimate
from sim.analysis.words import share
from sim.study.replicate import Result
from sim.words import sentence as say

BATCH, FEWEST_BATCHES = 5, 10
"""Of fewer batches the rule says nothing."""
GROWTH = 0.5
"""A queue that grows by less than this share of its mean over the measured days is left alone."""
MUCH_UNFINISHED = 0.05
DAY_H = 24


def warnings_of(result: Result) -> list[str]:
    """What one must know before taking a result for what would go on for ever.

    Offered load of 1 or more and unfinished orders are told of every run; a queue that grows, and a warm-up that seems
    longer than what was cut off, only where the scenario asks about a steady state (it has a
    warm-up and a horizon, and neither dated peaks, nor recorded orders, nor disruptions).

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> short = load(shipped("teaching_line"), ["clock.length=3 d", "teams.clerks.staff=2"])
    >>> warnings_of(replicate(short, Settings(replications=3)))[0]
    'clerks: offered load is 128.1 %, so there is no steady state: the queue grows for as long as the run lasts.'
    """
    return [warning for warnings in warnings_by_kind(result).values() for warning in warnings]


def warnings_by_kind(result: Result) -> dict[str, list[str]]:
    """The same by what they are about: ``overload``, ``growing``, ``warm_up``, ``unfinished``."""
    kinds = {"overload": _overloaded, "growing": _growing, "warm_up": _warming_up, "unfinished": _unfinished}
    return {kind: list(find(result)) for kind, find in kinds.items()}


def mser5(values: NDArray[np.float64]) -> int:
    """How many first observations to cut off as warm-up: the MSER-5 rule.

    White, Cobb and Spratt ("A comparison of five steady-state truncation heuristics for simulation", Winter Simulation
    Conference 2000): of means of 5 observations each, cut where the standard error of those that remain is least. A cut
    beyond half of the series says that the series is too short to tell.

    >>> at = np.arange(500)
    >>> mser5(100 * 0.9**at + np.where(at % 10 < 5, -1, 1))
    40
    """
    batches = values[: len(values) // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    count = len(batches)
    if count < 2:
        return 0
    left = np.arange(count, 0, -1)
    sums, squares = (np.cumsum(part[::-1])[::-1] for part in (batches, batches**2))
    error = (squares - sums**2 / left) / left**2
    return int(np.argmin(np.round(error[:-1], 12))) * BATCH


def asks_for_steady_state(result: Result) -> bool:
    """Whether the scenario is one that could go on for ever: a warm-up, a horizon, and nothing that is dated."""
    scenario = result.file.scenario
    dated = any(
        flow.arrivals.file is not None or (flow.arrivals.poisson is not None and flow.arrivals.poisson.peaks)
        for flow in scenario.flows.values()
    )
    return scenario.clock.end == "horizon" and scenario.clock.warm_up > 0 and not dated and not scenario.disruptions


def _overloaded(result: Result) -> Iterator[str]:
    scenario = result.file.scenario
    for team, load in result.teams["load"].items():
        if load >= 1:
            said = share(float(load)) if np.isfinite(load) else say.NO_SHIFT
            yield say.overloaded(scenario.label("teams", str(team)), said)


def _queues(result: Result) -> NDArray[np.float64]:
    """Items that wait in each replication (rows) at each hour of the measured days (columns), over all stages."""
    begin, end = (at // 3_600_000 for at in result.file.scenario.clock.window_ms)
    frames = [curves.queues.to_numpy(float).sum(axis=1)[begin:end] for curves in result.curves]
    shortest = min(map(len, frames), default=0)
    return np.array([frame[:shortest] for frame in frames])


def _growing(result: Result) -> Iterator[str]:
    """The slope of the queue by days, in each replication; a trend where the interval across them is above zero."""
    if not asks_for_steady_state(result) or len(result.curves) < 2:
        return
    queues = _queues(result)
    days = queues.shape[1] // DAY_H
    if days < 3:
        return
    daily = queues[:, : days * DAY_H].reshape(len(queues), days, DAY_H).mean(axis=2)
    slopes = np.polynomial.polynomial.polyfit(np.arange(days), daily.T, 1)[1]
    found = estimate(slopes.tolist(), "items a day")
    if found.low > 0 and found.mean * days > GROWTH * daily.mean():
        yield say.growing(f"{found.mean:,.1f}", f"{found.low:,.1f}", f"{found.high:,.1f}")


def _warming_up(result: Result) -> Iterator[str]:
    if not asks_for_steady_state(result) or not result.curves:
        return
    mean = _queues(result).mean(axis=0)
    cut = mser5(mean)
    if len(mean) >= FEWEST_BATCHES * BATCH and cut > len(mean) / 2:
        yield say.warming_up(cut, len(mean))


def _unfinished(result: Result) -> Iterator[str]:
    unfinished = result.measures.get("unfinished")
    if unfinished is not None and unfinished.mean > MUCH_UNFINISHED:
        yield say.unfinished(share(unfinished.mean))
