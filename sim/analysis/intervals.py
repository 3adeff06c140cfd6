"""How sure a number is: means with 95 % intervals across replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.run import Measure

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean across replications with its interval; NaN where one replication says nothing of the spread.

    A mean may be infinite: then orders still under way at the end decide it.
    """

    mean: float
    low: float
    high: float
    unit: str
    replications: int


def estimate(values: Sequence[float], unit: str) -> Estimate:
    """Mean and Student's t interval of independent replications (Law, section 9.4.1).

    The interval stays where the quantity can be: of values none of which is negative not below 0, of shares not above 1.
    Assumes that the replications' values are about normal, which means of many orders are. A replication
    in which the measure has no value (NaN: a rate of something that never happened) is left out.

    >>> e = estimate([1.0, 2.0, 3.0], "h")
    >>> round(e.mean, 2), round(e.low, 2), round(e.high, 2)
    (2.0, 0.0, 4.48)
    """
    known = np.array([value for value in values if not math.isnan(value)])
    if not len(known):
        return Estimate(math.nan, math.nan, math.nan, unit, 0)
    if len(known) == 1 or not np.isfinite(known).all():
        return Estimate(float(known.mean()), math.nan, math.nan, unit, len(known))
    mean, error = float(known.mean()), float(known.std(ddof=1)) / math.sqrt(len(known))
    half = student_t(CONFIDENCE, len(known)) * error
    low, high = mean - half, mean + half
    if known.min() >= 0:
        low = max(low, 0.0)
    if unit == "share":
        high = min(high, 1.0)
    return Estimate(mean, low, high, unit, len(known))


def student_t(confidence: float, count: int) -> float:
    """How many standard errors an interval of this confidence reaches to either side of the mean of ``count`` values.

    >>> round(student_t(0.95, 10), 3)
    2.262
    """
    from scipy import special  # takes as long to load as a small run, and one replication does not need it

    return float(special.stdtrit(count - 1, (1 + confidence) / 2))


def estimates(runs: Sequence[dict[str, Measure]]) -> dict[str, Estimate]:
    """Estimates of all measures that occur in any replication, in the order in which they first occur."""
    units = {name: measure.unit for run in runs for name, measure in run.items()}
    return {
        name: estimate([run[name].value if name in run else math.nan for run in runs], unit)
        for name, unit in units.items()
    }
