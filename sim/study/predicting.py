"""What a prediction was worth, and in which unit: the student's side of a lesson's questions."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.analysis.intervals import Estimate
from sim.analysis.words import with_interval
from sim.world.lesson import Band

FACTORS = {
    "s": ("h", 3600.0), "min": ("h", 60.0), "h": ("h", 1.0), "d": ("h", 1 / 24), "%": ("share", 100.0),
    "points": ("share", 100.0), "orders": ("items", 1.0), "parcels": ("items", 1.0), "visitors": ("items", 1.0),
    "orders a day": ("orders/day", 1.0), "money": ("money", 1.0),
}  # fmt: skip
"""Of what measured unit an answer's unit is, and how many of it make one of that."""

SPELLED = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


def in_unit(found: Estimate, factor: float, unit: str) -> Estimate:
    """An estimate in another unit.

    >>> in_unit(Estimate(0.5, 0.4, 0.6, "share", 10), 100, "%")
    Estimate(mean=50.0, low=40.0, high=60.0, unit='%', replications=10)
    """
    return Estimate(found.mean * factor, found.low * factor, found.high * factor, unit, found.replications)


def in_words(found: Estimate) -> str:
    """An answer in the unit of its question, with its interval.

    >>> in_words(Estimate(7.06, 6.8, 7.4, "min", 10)), in_words(Estimate(4.4, 4.1, 4.8, "times", 10))
    ('7.1 minutes (6.8 to 7.4)', '4.4 times (4.1 to 4.8)')
    """
    return with_interval(in_unit(found, 1.0, SPELLED.get(found.unit, found.unit)))


@dataclass(frozen=True)
class Judged:
    """What a prediction was worth: ``right``, and how far above the answer it lay (of a choice: nothing), in its unit."""

    right: bool
    above: float


def judged(prediction: float, found: Estimate, band: Band | None, right: int | None) -> Judged:
    """Hold a prediction against the answer: a number, or the position of the option that was chosen.

    A number is right within what the question allows, or within the interval of the run.

    >>> band = Band.model_validate({"from": 0, "to": 60, "within": 2})
    >>> judged(12, Estimate(7.0, 6.5, 7.5, "min", 10), band, None)
    Judged(right=False, above=5.0)
    """
    if band is None:
        return Judged(int(prediction) == right, math.nan)
    above = prediction - found.mean
    return Judged(abs(above) <= band.within or found.low <= prediction <= found.high, above)
