"""What a lesson says in sentences: an order's journey, and a formula beside an answer."""

from __future__ import annotations

import math
from datetime import datetime

from sim.analysis.intervals import Estimate
from sim.analysis.way import Stop, Way
from sim.analysis.words import day_label, hours
from sim.study.lesson import Formula
from sim.study.predicting import in_words
from sim.words import lessons as say
from sim.words.measures import PART_WORDS

HOUR_S = 3600.0
WAITS = ("nobody", "queueing", "batch", "documents", "hold", "stock")


def formula_told(formula: Formula, unit: str) -> str:
    """What a formula says, and whether it is right.

    >>> formula_told(Formula("Erlang C", 7.02, "exactly", True), "min")
    'Theory (Erlang C): 7.02 minutes, within the interval of the run'
    """
    said = in_words(Estimate(formula.value, math.nan, math.nan, unit, 1))
    return say.theory(formula.title, said, say.AGREES[formula.holds, formula.as_claimed])


def journey_told(way: Way) -> list[str]:
    """An order's way in sentences: placed, a line for each stop, and its end."""
    said = [say.paid(_moment(way.placed), way.goods_class.replace("_", " "))]
    said += [_stop(stop) for stop in way.stops]
    if way.left is not None:
        whole = hours((way.left - way.placed).total_seconds() / HOUR_S, long=True)
        worked = hours(way.spent("working").total_seconds() / HOUR_S)
        said.append(say.ended(way.outcome, _moment(way.left), whole, worked))
    return said


def _stop(stop: Stop) -> str:
    waits = [_spent(stop, part) for part in WAITS if part in stop.spent]
    done = [_spent(stop, part) for part in ("working", "transit") if part in stop.spent]
    return say.stop(_moment(stop.joined), stop.stage, stop.what, stop.team, say.spent(waits, done))


def _spent(stop: Stop, part: str) -> str:
    """How long a part took, and what it was."""
    time = hours(stop.spent[part].total_seconds() / HOUR_S)
    return say.part(time, PART_WORDS[part], nobody=part == "nobody")


def _moment(at: datetime) -> str:
    return f"{day_label(at)}, {at:%H:%M}"
