"""The words of a lesson's charts and sentences: an order's journey, a curve through runs, a formula beside an answer."""

from __future__ import annotations

from collections.abc import Iterable

from sim.words import all_of, together

AGREES = {
    ("exactly", True): "within the interval of the run", ("exactly", False): "outside of the interval of the run",
    ("roughly", True): "less than a fifth off", ("roughly", False): "more than a fifth off",
    ("not", True): "which does not hold here", ("not", False): "within the interval of the run",
}  # fmt: skip
"""How a formula compares with the run: what the lesson claims, and whether it is so."""
NO_TIME = "no time"
STEP, WHAT, TIME = "step", "what", "time"


def theory(title: str, said: str, agrees: str) -> str:
    """What a formula says, and whether it is right."""
    return f"Theory ({title}): {said}, {agrees}"


def paid(at: str, goods_class: str) -> str:
    """How a journey begins."""
    return f"Paid on {at}; {goods_class} goods."


def ended(outcome: str, at: str, whole: str, worked: str) -> str:
    """How a journey ends."""
    return f"{outcome.capitalize()} on {at}: {whole} after paying, {worked} of it work."


def stop(at: str, stage: str, what: str, team: str, spent: str) -> str:
    """A stop of a journey: when, where, what, by whom, and how its time went."""
    return f"{at}, {stage}: {what}{f' by {team}' if team else ''}; {spent}."


def spent(waits: Iterable[str], done: Iterable[str]) -> str:
    """How the time of a stop went: waiting for one reason or several, then work."""
    parts = [together(waits), *done]
    return ", then ".join(part for part in parts if part) or NO_TIME


def part(time: str, words: str, *, nobody: bool) -> str:
    """How long a part took, and what it was."""
    return f"{time} {'with ' if nobody else ''}{words}"


def until_it_leaves(hours: str, worked: str) -> str:
    """How long an order is on the site, and how much of it is work."""
    return f"{hours} until it leaves the site; for {worked} of them somebody works on it"


def journey_alt(told: Iterable[str]) -> str:
    """The bars of a journey for who cannot see them."""
    return f"A bar for each step of one order, from when it joins to when it is done. {' '.join(told)}"


def journey_note(road: str) -> str:
    """Which clock it is, and what is left out."""
    rest = f" Then {road} on the road, which the chart leaves out." if road else ""
    return f"Times of the site's clock. Of a wait with two reasons, hours with nobody on shift are drawn first.{rest}"


def curve_title(up: str, across: str, first: tuple[str, str], last: tuple[str, str]) -> str:
    """A curve from its first point to its last."""
    return f"{up}: from {at(*first)} {across} to {at(*last)}"


def at(up: str, across: str) -> str:
    """One point of a curve."""
    return f"{up} at {across}"


def curve_alt(up: str, across: str, points: Iterable[str], line: str) -> str:
    """A curve for who cannot see it."""
    shown = f" A line shows {line}." if line else ""
    return f"{up} against {across}: {all_of(points)}.{shown}"


def curve_note(replications: int) -> str:
    """What a point is."""
    return f"Each point is the mean of {replications} replications with its 95 % interval."
