"""How much a plan can take: the largest demand that still keeps its targets, and what overflows first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import Estimate, estimate
from sim.analysis.run import Measure, Run
from sim.study.evaluate import Evaluator
from sim.study.question import Everything, Measures
from sim.study.sweep import bottleneck
from sim.study.target import Target, TargetError
from sim.words.studies import KEPT
from sim.world.files import ScenarioFile
from sim.world.units import parse_duration_ms
from sim.world.written import value_at

PRECISION = 0.02
LEAST, MOST = 1 / 64, 64.0
BEYOND = 1.1
"""What overflows first is looked for at so many times the limit."""
RECOVERED = 1.1
"""A queue has recovered when its mean over a day is below so many times its usual one."""


@dataclass(frozen=True)
class Capacity:
    """The largest multiple of the orders at which all targets are kept.

    ``limit``: kept on the mean of replications (0: at no multiple down to 1/64; 64: even there). ``sure_up_to``: the
    largest tried at which the intervals leave no doubt. ``frame`` has a row for each multiple tried: ``demand``, the
    targets' measures with ``_low`` and ``_high``, ``kept``, ``tightest`` (team) and its ``load``. ``overflows`` is the
    stage whose wait grows most just beyond the limit; ``recovers_h`` hours from the highest queue until it is usual
    again, in the plan as it is (infinite: not within the run).
    """

    file: ScenarioFile
    targets: tuple[Target, ...]
    limit: float
    sure_up_to: float
    frame: pd.DataFrame
    overflows: str
    recovers_h: Estimate
    replications: int


@dataclass(frozen=True)
class Recovery:
    """How long after its highest level is the number of those that wait usual again; by its mean over 24 hours."""

    key: str = "recovery"

    def __call__(self, run: Run) -> Measures:
        """``recovers_h``."""
        hourly = [queue.hourly for queue in run.queues.values()]
        if not hourly or len(hourly[0]) <= 24:
            return {"recovers_h": Measure(np.nan, "h")}
        waiting = np.sum(hourly, axis=0)
        daily = np.convolve(waiting, np.full(24, 1 / 24), mode="valid")
        top = int(daily.argmax())
        usual = RECOVERED * float(np.median(daily[:top] if top >= 24 else daily)) + 0.5
        below = np.flatnonzero(daily[top:] <= usual)
        return {"recovers_h": Measure(float(below[0]) if len(below) else np.inf, "h")}


def capacity(
    file: ScenarioFile, targets: Sequence[Target], evaluate: Evaluator, seed: int = 1, replications: int = 10
) -> Capacity:
    """Find by bisection how many times the orders a plan can take.

    Orders are multiplied; consignments, staff and all else stay. The same seed and replications serve every multiple,
    and the limit is found to within 2 %. It assumes that more orders never keep a target better.

    Parameters
    ----------
    file
        The plan.
    targets
        What has to be kept.
    evaluate
        Who runs it.
    seed, replications
        The luck.

    Raises
    ------
    TargetError
        For a measure that is not there, or orders whose arrivals cannot be multiplied.

    """
    rows: dict[float, dict[str, Any]] = {}

    def kept(demand: float) -> bool:
        if demand not in rows:
            runs = evaluate.replications(with_demand(file, demand), seed, range(replications), Everything())
            rows[demand] = _row(demand, targets, runs)
        return bool(rows[demand]["kept"])

    low, high = _bracket(kept)
    while low > 0 and high / low > 1 + PRECISION and high <= MOST:
        middle = round((low * high) ** 0.5, 4)
        low, high = (middle, high) if kept(middle) else (low, middle)
    frame = pd.DataFrame(rows.values()).sort_values("demand", ignore_index=True)
    sure = [demand for demand, row in rows.items() if row["sure"] and demand <= low]
    near = evaluate.replications(with_demand(file, low or 1.0), seed, range(replications), Everything())
    over = evaluate.replications(with_demand(file, BEYOND * (low or 1.0)), seed, range(replications), Everything())
    recovery = [run["recovers_h"].value for run in evaluate.replications(file, seed, range(replications), Recovery())]
    return Capacity(
        file, tuple(targets), low, max(sure, default=0.0), frame, _overflows(near, over), estimate(recovery, "h"),
        replications,
    )  # fmt: skip


def with_demand(file: ScenarioFile, demand: float) -> ScenarioFile:
    """The scenario with so many times the orders.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> twice = with_demand(load(shipped("small_site_fortnight")), 2)
    >>> twice.scenario.flows["orders"].arrivals.poisson.per_day
    3000.0
    """
    return file.changed(
        *(setting for flow in file.scenario.order_flows for setting in _more_orders(file, flow, demand))
    )


def _more_orders(file: ScenarioFile, flow: str, demand: float) -> list[str]:
    path = f"flows.{flow}.arrivals"
    arrivals = file.scenario.flows[flow].arrivals
    if arrivals.poisson is not None:
        peaks = enumerate(arrivals.poisson.peaks)
        return [
            f"{path}.poisson.per_day={arrivals.poisson.per_day * demand!r}",
            *(f"{path}.poisson.peaks.{number}.orders={peak.orders * demand!r}" for number, peak in peaks if peak.orders is not None),
        ]  # fmt: skip
    if arrivals.file is not None:
        return [f"{path}.file.scale={arrivals.file.scale * demand!r}"]
    for key in ("gaps", "gaps.exponential", *(f"gaps.{family}.mean" for family in ("gamma", "lognormal", "weibull"))):
        said = value_at(file.raw, (*path.split("."), *key.split(".")))
        if isinstance(said, str):
            return [f"{path}.{key}={max(1, round(parse_duration_ms(said) / demand))} ms"]
    raise TargetError(f"{path}: these arrivals cannot be multiplied; poisson, a file, or gaps with a mean can")


def _bracket(kept: Any) -> tuple[float, float]:
    """A multiple that keeps the targets (0: none does) and a larger one that does not (beyond 64: all do)."""
    low = high = 1.0
    if kept(1.0):
        while kept(high):
            low, high = high, 1.5 * high
            if high > MOST:
                return low, high
        return low, high
    while not kept(low):
        low, high = low / 1.5, low
        if low < LEAST:
            return 0.0, high
    return low, high


def _row(demand: float, targets: Sequence[Target], runs: list[Measures]) -> dict[str, Any]:
    row: dict[str, Any] = {"demand": demand}
    for target in targets:
        found = target.estimate(runs)
        row |= {target.measure: found.mean, f"{target.measure}_low": found.low, f"{target.measure}_high": found.high}
    row["kept"] = all(target.met(target.values(runs)) for target in targets)
    row["sure"] = all(target.verdict(target.estimate(runs)) == KEPT for target in targets)
    row["tightest"], row["load"] = bottleneck(runs)
    return row


def _overflows(near: list[Measures], over: list[Measures]) -> str:
    """The stage whose mean wait grows most."""
    names = [name for name in near[0] if name.startswith("wait.") and name.endswith(".mean")]
    growth = {
        name: float(np.nanmean([b[name].value - a[name].value for a, b in zip(near, over, strict=True) if name in b]))
        for name in names
        if any(name in run and np.isfinite(run[name].value) for run in over)
    }
    top = max(growth, key=lambda name: growth[name], default="")
    return top.removeprefix("wait.").removesuffix(".mean") if top and growth[top] > 0 else ""
