"""The words of the answer: the first line of every result, and what one must know before trusting it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.words import together
from sim.words.delays import TO

NOTHING_YET = "no order has come through yet"
MANY_UNDER_WAY = "More than 5 of 100 orders are still under way at the end of the run."
NO_SPREAD = "One replication says nothing of the spread: run more for an interval."
NO_SHIFT = "without anyone on shift"


def keeps(within_h: float, to: str, share: str, classes: Sequence[str], interval: str) -> str:
    """How well the promise is kept that is hardest to keep.

    >>> keeps(48, "dispatched", "> 99.99 %", [], "")
    'this plan keeps the 48 h dispatch promise for more than 99.99 % of orders'
    """
    whose = f"{together(classes)} " if classes else ""
    said = share.replace("> ", "more than ").replace("< ", "less than ")
    return f"this plan keeps the {within_h:g} h {TO[to]} promise for {said} of {whose}orders{interval}"


def buyers_within(within: str) -> str:
    """By when nearly all buyers are served."""
    return f"95 of 100 buyers have their parcel within {within}"


def through_within(flows: Sequence[str], within: str) -> str:
    """By when nearly all items of flows without delivery are done."""
    return f"95 of 100 {together(flows)} are through within {within}"


def tightest(team: str, load: str) -> str:
    """Which team has least time to spare."""
    return f"the tightest team is {team}, {load} loaded"


def full_at_rate(said: str, now: str, full: str) -> str:
    """The same, and at which selection rate the team is full."""
    return f"{said} at {now} selection, full at {full}"


def full_at_demand(said: str, times: str) -> str:
    """The same, and at how much more demand the team is full."""
    return f"{said}, full at {times} times the demand"


def nobody_comes(team: str, growth: str) -> str:
    """That a plan does not hold because nobody is there."""
    return f"This plan does not hold: work comes for {team} and nobody is ever on shift, and {_grows(growth)}"


def too_much(team: str, percent: str, growth: str) -> str:
    """That a plan does not hold because a team has too much to do."""
    return f"This plan does not hold: {team} must do {percent} % of what the staff can do, and {_grows(growth)}"


def _grows(growth: str) -> str:
    return f"the queue grows by {growth} hours of work a day."


def promise_not_known(share: str) -> str:
    """Of how many orders it is not known whether they keep their promise."""
    return f"For {share} of orders it is not known yet: the run ends before their promised moment."


def overloaded(team: str, load: str) -> str:
    """That a team has too much to do for a steady state."""
    return (
        f"{team}: offered load is {load}, so there is no steady state:"
        " the queue grows for as long as the run lasts."
    )  # fmt: skip


def growing(mean: str, low: str, high: str) -> str:
    """That the queue is longer from day to day."""
    return (
        f"The queue grows by {mean} ({low} to {high}) items a day over the measured"
        " days: the run has not settled, or never will."
    )


def warming_up(cut: int, measured: int) -> str:
    """That the warm-up seems longer than what was cut off."""
    return (
        f"Still warming up: the MSER-5 rule would cut {cut:,} of {measured:,} measured hours;"
        " make clock.warm_up and clock.length longer."
    )


def unfinished(share: str) -> str:
    """That many orders are not done when the run ends."""
    return f"{share} of the orders are still under way at the end: the run is too short, or overloaded."
