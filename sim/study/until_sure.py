"""Replications until the answer is sure enough: as many as a precision takes, or a budget allows."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from sim.analysis.intervals import Estimate, estimate
from sim.plan.compile import compile_file
from sim.study.evaluate import Evaluator
from sim.study.question import Everything
from sim.study.replicate import Result, Settings, Summary
from sim.study.target import TargetError, full_name, known_measure, parse_value, unit_of
from sim.world.files import ScenarioFile
from sim.world.scenario import Scenario

FEWEST, LOOK_AHEAD, MOST = 10, 5, 10_000
USUAL = "delivery_time.p90"
_PRECISION = re.compile(r"\s*(?:([\w.]+)\s*=)?\s*(\S.*?)\s*")
CHECKS = ("conserved", "lives_without_gaps", "little", "no_more_busy_than_staffed", "hours_add_up")


class Precision(NamedTuple):
    """How narrow an interval has to be: half of it below ``half_width``, a share of the mean if ``relative``."""

    measure: str
    half_width: float
    relative: bool

    def met(self, found: Estimate) -> bool:
        """Whether an interval is narrow enough."""
        half = (found.high - found.low) / 2
        return math.isfinite(half) and half <= self.half_width * (abs(found.mean) if self.relative else 1.0)


@dataclass(frozen=True)
class Sure:
    """What was found, and how the interval narrowed.

    ``result`` is that of a run, without the curves behind charts; ``history`` has a row for each number of
    replications: ``replications``, ``mean``, ``low``, ``high``, ``narrow_enough``. ``sure`` says whether the precision
    was reached, and ``ended_by`` why it ended: ``precision``, ``budget`` or ``most``.
    """

    result: Result
    precision: Precision
    history: pd.DataFrame
    sure: bool
    ended_by: str


def parse_precision(text: str, scenario: Scenario) -> Precision:
    """``5 %`` (of the P90 of delivery time), ``on_time.home=1 %``, ``delivery_time.p95=1 h``. Raises TargetError.

    A share of a time is relative to its mean; of a measure that is itself a share it is meant in points.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> parse_precision("delivery_time.p95=1 h", load(shipped("teaching_line")).scenario)
    Precision(measure='delivery_time.p95', half_width=1.0, relative=False)
    """
    match = _PRECISION.fullmatch(text)
    said = f"precision '{text}': write it as '5 %' or 'delivery_time.p95=1 h'"
    if match is None:
        raise TargetError(said)
    measure = full_name(match[1] or USUAL, scenario)
    unit = unit_of(measure)
    relative = match[2].endswith("%") and unit != "share"
    try:
        half_width = parse_value(match[2], "share" if relative else unit)
    except ValueError as error:
        raise TargetError(f"{said}; {error}") from None
    if half_width <= 0:
        raise TargetError(f"{said}; it must be above zero")
    return Precision(measure, half_width, relative)


def until_sure(
    file: ScenarioFile,
    precision: Precision,
    evaluate: Evaluator,
    seed: int = 1,
    budget_s: float | None = None,
    told: Callable[[int, Estimate], None] | None = None,
) -> Sure:
    """Add replications until an interval is narrow enough, and stays so for a few more.

    The rule of Hoad, Robinson and Davies ("Automated selection of the number of replications for a discrete-event
    simulation", Journal of the Operational Research Society 61, 2010): when the half-width first falls below the
    target, it must stay there for 5 more replications (5 % more from 100 on), so that one lucky run does not stop it;
    at least 10 are run. Replications that were run before, by any study, are not run again.

    Parameters
    ----------
    file
        The scenario.
    precision
        How narrow.
    evaluate
        Who runs it.
    seed
        The luck.
    budget_s
        Seconds after which no more are begun; what is done is kept.
    told
        Called with the number of replications and the interval so far.

    Raises
    ------
    TargetError
        For a measure that is not there, naming the nearest.

    >>> from sim.study.evaluate import evaluator
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> file = load(shipped("teaching_line"), ["clock.length=3 d"])
    >>> with evaluator(places=1) as evaluate:
    ...     found = until_sure(file, parse_precision("5 %", file.scenario), evaluate)
    >>> found.sure, len(found.result.curves)
    (True, 0)

    """
    deadline = math.inf if budget_s is None else time.monotonic() + budget_s
    values: list[float] = []
    rows: list[tuple[int, float, float, float, bool]] = []
    unit = ""
    while True:
        wanted = len(values) + max(1, min(evaluate.workers.places, _missing(rows)))
        for found in evaluate.replications(file, seed, range(len(values), wanted), Everything()):
            known_measure(precision.measure, found, file.scenario)
            unit = found[precision.measure].unit
            values.append(found[precision.measure].value)
            now = estimate(values, unit)
            rows.append((len(values), now.mean, now.low, now.high, precision.met(now)))
            if told is not None:
                told(len(values), now)
        settled = solution(rows)
        ended_by = (
            "precision"
            if settled
            else "budget"
            if time.monotonic() >= deadline
            else "most"
            if len(values) >= MOST
            else ""
        )
        if ended_by:
            break
    history = pd.DataFrame(rows, columns=["replications", "mean", "low", "high", "narrow_enough"])
    return Sure(_result(file, seed, len(values), evaluate), precision, history, settled is not None, ended_by)


def look_ahead(replications: int) -> int:
    """For how many more replications an interval has to stay narrow: 5, and 5 % from 100 on.

    >>> look_ahead(10), look_ahead(200)
    (5, 10)
    """
    return int(LOOK_AHEAD / 100 * max(replications, 100))


def solution(rows: Sequence[tuple[int, float, float, float, bool]]) -> int | None:
    """How many replications were enough, or None as long as that is not known."""
    first = None
    for count, *_, narrow in rows:
        if not narrow or count < FEWEST:
            first = None
        elif first is None:
            first = count
        if first is not None and count - first >= look_ahead(first):
            return first
    return None


def _missing(rows: Sequence[tuple[int, float, float, float, bool]]) -> int:
    """How many more there must be before the rule can be met."""
    done = len(rows)
    if done < FEWEST:
        return FEWEST - done
    narrow = next((number for number, row in enumerate(reversed(rows)) if not row[-1]), done)
    return max(1, look_ahead(done) - narrow + 1)


def _result(file: ScenarioFile, seed: int, replications: int, evaluate: Evaluator) -> Result:
    """The result of a run with so many replications, from answers that are there already."""
    summary = Summary(file, Settings(seed=seed), compile_file(file, seed, 0))
    checks = dict.fromkeys(CHECKS, True)  # a run that broke one would have been an error
    return summary.of_measures(evaluate.replications(file, seed, range(replications), Everything()), (), checks)
