"""Differences between two plans that had the same luck, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sim.analysis.intervals import CONFIDENCE, Estimate, student_t
from sim.analysis.run import Measure
from sim.analysis.words import interval, measured, with_interval
from sim.words import studies as say
from sim.words.measures import LESS_AND_MORE, LOWER_AND_HIGHER, NEVER_KNOWN

ALPHA = 1 - CONFIDENCE
MOST_MORE = 10_000
"""From so many more replications on, it is not worth saying how many it would take."""


@dataclass(frozen=True)
class Difference:
    """The other minus the one, across replications: mean, interval, and ``p`` that there is none.

    ``helped`` is by what equal luck divided the variance. Where orders under way at the end decide a value, or
    there are fewer than two replications, the interval is not known (NaN).
    """

    unit: str
    difference: float
    low: float
    high: float
    p: float
    spread: float
    replications: int
    helped: float

    @property
    def same(self) -> bool:
        """Whether the two are equal in every replication."""
        return self.replications > 0 and self.difference == 0 and self.spread == 0

    @property
    def decided(self) -> bool:
        """Whether the interval says which of the two is larger."""
        return self.low > 0 or self.high < 0

    @property
    def more_needed(self) -> int | None:
        """About how many more replications would decide it, if the difference is what it seems; None: too many."""
        if self.decided or not self.difference or not math.isfinite(self.spread):
            return 0 if self.decided else None
        ratio = self.spread / abs(self.difference)
        wanted = max(2, math.ceil((NormalDist().inv_cdf(1 - ALPHA / 2) * ratio) ** 2))
        while wanted < self.replications + MOST_MORE and student_t(1 - ALPHA, wanted) * ratio / math.sqrt(wanted) >= 1:
            wanted += 1
        more = max(wanted - self.replications, 1)
        return more if more < MOST_MORE else None


def paired(one: Sequence[float], other: Sequence[float], unit: str, confidence: float = CONFIDENCE) -> Difference:
    """The other minus the one, replication by replication, across replications.

    The paired-t interval under common random numbers (Law, *Simulation Modeling and Analysis*, 5th edition, sections
    10.2.1 and 11.2): assumes that differences of replications are independent and about normal. Replications in which
    either has no value are left out.

    >>> found = paired([1.0, 2.0, 3.0], [2.0, 3.5, 4.5], "h")
    >>> round(found.difference, 3), round(found.low, 3), round(found.high, 3)
    (1.333, 0.616, 2.05)
    >>> paired([1.0, 2.0], [1.0, 2.0], "h").same
    True
    """
    first, second = np.array(one, dtype=float), np.array(other, dtype=float)
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known], second[known]
    count = len(first)
    if not count or not (np.isfinite(first).all() and np.isfinite(second).all()):
        return Difference(unit, math.nan, math.nan, math.nan, math.nan, math.nan, count, math.nan)
    gaps = second - first
    mean = float(gaps.mean())
    if count == 1:
        return Difference(unit, mean, math.nan, math.nan, math.nan, math.nan, 1, math.nan)
    spread = float(gaps.std(ddof=1))
    half = student_t(confidence, count) * spread / math.sqrt(count)
    if spread > 0:
        from scipy import special  # is slow to load, and most commands compare nothing

        p = float(2 * special.stdtr(count - 1, -abs(mean) / (spread / math.sqrt(count))))
    else:
        p = 1.0 if mean == 0 else 0.0
    apart = float(first.var(ddof=1) + second.var(ddof=1))
    helped = apart / spread**2 if spread > 0 else math.inf if apart > 0 else math.nan
    return Difference(unit, mean, mean - half, mean + half, p, spread, count, helped)


def difference_in(
    measure: str,
    one: Sequence[Mapping[str, Measure]],
    other: Sequence[Mapping[str, Measure]],
    confidence: float = CONFIDENCE,
) -> Difference | None:
    """How the replications of two plans differ in a measure, as far as both were run; None where one has none of it.

    >>> a, b = ([{"wait.counter.mean": Measure(value, "h")} for value in values] for values in ((1, 2, 3), (2, 3.5)))
    >>> found = difference_in("wait.counter.mean", a, b)
    >>> found.difference, found.replications
    (1.25, 2)
    """
    pairs = [(first[measure], second[measure]) for first, second in zip(one, other, strict=False)
             if measure in first and measure in second]  # fmt: skip
    if not pairs:
        return None
    first, second = ([pair[side].value for pair in pairs] for side in (0, 1))
    return paired(first, second, pairs[0][0].unit, confidence)


def amount(found: Difference) -> tuple[str, str]:
    """The size of a difference in words, and its interval in brackets with a blank before it.

    >>> amount(Difference("h", -3.1, -3.8, -2.4, 0.01, 1.0, 10, 5.0))
    ('3.1 h', ' (2.4 to 3.8)')
    >>> amount(Difference("h", -1.4, -2.7, -0.1, 0.04, 1.0, 10, 5.0))
    ('1.4 h', ' (0.1 to 2.7)')
    """
    low, high = sorted((abs(found.low), abs(found.high))) if found.decided else (found.low, found.high)
    size = abs(found.difference) if found.decided else found.difference
    as_estimate = Estimate(size, low, high, found.unit, found.replications)
    between = interval(as_estimate, not_none=found.decided)
    said = with_interval(as_estimate, not_none=found.decided).removesuffix(between)
    return (say.points(said), between) if found.unit == "share" else (said, between)


def verdict(found: Difference, measure: str, one: str, other: str) -> str:
    """What the difference says, for a reader.

    >>> verdict(Difference("h", -3.1, -3.8, -2.4, 0.01, 1.0, 10, 5.0), "delivery_time.p90", "A", "B")
    'B is 3.1 h faster (2.4 to 3.8)'
    >>> verdict(Difference("share", 0.021, 0.015, 0.027, 0.01, 0.01, 10, 5.0), "on_time.home", "A", "B")
    'B is 2.1 points higher (1.5 to 2.7)'
    """
    if found.same:
        return say.SAME
    if not found.replications:
        return say.NEITHER
    if math.isnan(found.difference):
        return say.TOO_MANY_UNDER_WAY
    if math.isnan(found.low):
        return say.NO_SPREAD
    if found.decided:
        said, between = amount(found)
        less, more = LESS_AND_MORE.get(measure.partition(".")[0], LOWER_AND_HIGHER)
        return say.decided(other, said, less if found.difference < 0 else more, between)
    more_runs = found.more_needed
    if more_runs is None:
        most = measured(max(abs(found.low), abs(found.high)), found.unit)
        return say.below(say.points(most))
    return say.more_runs(more_runs)


def signed(value: float, unit: str) -> str:
    """A change with its sign, in the words of its unit; of a share in points.

    >>> signed(-3.1, "h"), signed(0.021, "share"), signed(0.0, "h"), signed(33.0, "money")
    ('-3.1 h', '+2.1 points', '0', '+33.00')

    What rounds to nothing has no sign:

    >>> signed(-0.001, "money"), signed(0.00001, "share")
    ('0', '0')
    """
    if not math.isfinite(value):
        return NEVER_KNOWN
    said = say.points(measured(abs(value), unit))
    if said.startswith("<") or not any(digit in said for digit in "123456789"):
        return "0"
    return f"{'-' if value < 0 else '+'}{said}"
