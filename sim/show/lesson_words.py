"""What a lesson says in sentences: an order's journey, and a formula beside an answer."""

from __future__ import annotations

import math
from datetime import datetime

from sim.analysis.hours import PART_WORDS
from sim.analysis.intervals import Estimate
from sim.analysis.way import Stop, Way
from sim.analysis.words import day_label, hours
from sim.study.lesson import Formula
from sim.study.predicting import in_words

HOUR_S = 3600.0
WAITS = ("nobody", "queueing", "batch", "documents", "hold", "stock")


def formula_told(formula: Formula, unit: str) -> str:
    """What a formula says, and whether it is right.

    >>> formula_told(Formula("Erlang C", 7.02, "exactly", True), "min")
    'Theory (Erlang C): 7.02 minutes, within the interval of the run'
    """
    said = in_words(Estimate(formula.value, math.nan, math.nan, unit, 1))
    agrees = {
        ("exactly", True): "within the interval of the run", ("exactly", False): "outside of the interval of the run",
        ("roughly", True): "less than a fifth off", ("roughly", False): "more than a fifth off",
        ("not", True): "which does not hold here", ("not", False): "within the interval of the run",
    }[formula.holds, formula.as_claimed]  # fmt: skip
    return f"Theory ({formula.title}): {said}, {agrees}"


def journey_told(way: Way) -> list[str]:
    """An order's way in sentences: placed, a line for each stop, and its end."""
    said = [f"Paid on {_moment(way.placed)}; {way.goods_class.replace('_', ' ')} goods."]
    said += [_stop(stop) for stop in way.stops]
    if way.left is not None:
        whole = hours((way.left - way.placed).total_seconds() / HOUR_S, long=True)
        worked = hours(way.spent("working").total_seconds() / HOUR_S)
        said.append(f"{way.outcome.capitalize()} on {_moment(way.left)}: {whole} after paying, {worked} of it work.")
    return said


def _stop(stop: Stop) -> str:
    by = f" by {stop.team}" if stop.team else ""
    waits = " and ".join(_spent(stop, part) for part in WAITS if part in stop.spent)
    done = [_spent(stop, part) for part in ("working", "transit") if part in stop.spent]
    spent = ", then ".join([waits, *done] if waits else done)
    return f"{_moment(stop.joined)}, {stop.stage}: {stop.what}{by}; {spent or 'no time'}."


def _spent(stop: Stop, part: str) -> str:
    """How long a part took, and what it was."""
    of = "with " if part == "nobody" else ""
    return f"{hours(stop.spent[part].total_seconds() / HOUR_S)} {of}{PART_WORDS[part]}"


def _moment(at: datetime) -> str:
    return f"{day_label(at)}, {at:%H:%M}"
