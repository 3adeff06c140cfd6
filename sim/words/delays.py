"""The words of charts about delays: how long buyers wait, promises, and by when one ordered."""

from __future__ import annotations

from collections.abc import Sequence

from sim.words import all_of, together

TO = {"dispatched": "dispatch", "delivered": "delivery"}
"""What a promise is about, by what is reached."""
HAVE = {"delivered": "have their order", "dispatched": "have their order dispatched"}

PERCENT_OF_ORDERS, OF_100_ORDERS, ORDERS, DONE = "percent of orders", "of 100 orders", "orders", "done"
SINCE_PAYING = "time since paying"
LATE_AND_LOST = "Orders still under way count as longer than all others; orders that were lost are left out."

ENDS = {"on_time": "on time", "late": "late", "unknown": "not known yet"}
"""How a promise may end."""
PROMISE, SHARE = "promise", "share"
NONE_LATE = "No order is known to be late"
NOT_KNOWN_YET = "Not known yet: still under way at the end of the run, with the promised moment beyond it."
PROMISE_COLUMNS = (" (share)", ", low", ", high")

AS_IT_IS = "as it is"
NINE_OF_TEN = "9 of 10 within"
PLACED_ON, PLACED = "placed on", "placed"
BY_DAY_COLUMNS = {"mean": "9 of 10 within (h)", "low": "low (h)", "high": "high (h)"}
BY_DAY_NOTE = "Bands: 95 % interval. A day without a point: more than 1 in 10 of its orders are still under way when the run ends."

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOUR_PLACED = "hour in which the order was placed"
BY_HOUR_NOTE = (
    "Time from paying to delivery that 9 of 10 orders placed in the hour do not exceed."
    " Grey: nobody ordered. Orange: more than 1 in 10 are still under way at the end of the run."
)
HOUR_NOT_KNOWN = "not known: more than 1 in 10 are still under way"


def buyers_within(percent: int, to: str, within: str) -> str:
    """Within what time so many buyers are served.

    >>> buyers_within(95, "delivered", "4 days 6 h")
    '95 of 100 buyers have their order within 4 days 6 h'
    """
    return f"{percent} of 100 buyers {HAVE[to]} within {within}"


def rest_waits(percent: int, to: str, within: str) -> str:
    """The same of those who are served at all before the run ends."""
    return f"{buyers_within(percent, to, within)}; the rest are still waiting when the run ends"


def half_and_most(to: str, half: str, most: str) -> str:
    """What a curve says in two of its points."""
    return f"half of the orders are {to} within {half}, 95 of 100 within {most}"


def promise(within_h: float, to: str, classes: Sequence[str] | None = None) -> str:
    """What was promised, and for which goods.

    >>> promise(48, "dispatched"), promise(72, "delivered", ["food", "cosmetics"])
    ('48 h to dispatch', '72 h to delivery, food and cosmetics')
    """
    return f"{within_h:g} h to {TO[to]}" + (f", {together(classes)}" if classes else "")


def kept(on_time: str) -> str:
    """How much of a promise was kept, beside its line."""
    return f"{on_time} kept"


def on_time(within_h: float, to: str, share: str) -> str:
    """A promise and how much of it was kept."""
    return f"{promise(within_h, to)}: {share} on time"


def delivery_time_alt(said: Sequence[str]) -> str:
    """The chart of delivery times for who cannot see it."""
    return f"Share of orders by time since paying: {all_of(said)}."


def within(to: str) -> str:
    """What is told of a curve where one points at it."""
    return f"{to} within"


def promise_broken(late: str, name: str) -> str:
    """How often the promise that is broken most is broken."""
    return f"{late} of orders break the promise of {name}"


def promises_alt(said: Sequence[str]) -> str:
    """The chart of promises for who cannot see it."""
    return f"A bar for each promise. {all_of(said)}."


def days_not_known(days: str, *, others: bool) -> str:
    """Of which days too many orders are still under way."""
    return f"Of {days}{' and other days' if others else ''} more than 1 order in 10 is still under way at the end"


def usual_and_worst_day(usual: str, day: str, worst: str, plan: str) -> str:
    """How long orders of a usual day take, and those of the worst; ``plan`` where there are several."""
    case = f" ({plan})" if plan else ""
    return f"9 of 10 orders of a usual day are there within {usual}, those of {day} within {worst}{case}"


def by_day_alt(said: Sequence[str]) -> str:
    """The chart by day for who cannot see it."""
    return f"Time within which 9 of 10 orders are there, by the day on which they are placed. {all_of(said)}."


def hours_not_known(best: str) -> str:
    """That many orders of some hours are still under way."""
    return (
        "Of some hours, more than 1 order in 10 is still under way at the end;"
        f" at best 9 of 10 are delivered within {best}"
    )


def whenever(within: str) -> str:
    """That the hour makes no difference."""
    return f"Whenever they order, 9 of 10 buyers have their order within {within}"


def best_and_worst_hour(best: str, worst: str) -> str:
    """When it is best to order, and when it is worst."""
    return f"9 of 10 have their order within {best}, but within {worst}"


def if_placed(within: str, day: int, hour: int) -> str:
    """A time, and for whom it holds.

    >>> if_placed("30 h", 0, 9)
    '30 h if placed on Monday at 09:00'
    """
    return f"{within} if placed on {LONG_WEEKDAYS[day]} at {hour:02d}:00"


def hour_of_week(day: int, hour: int) -> str:
    """An hour from its first minute to its last."""
    return f"{LONG_WEEKDAYS[day]}, {hour:02d}:00 to {hour:02d}:59"


def by_hour_alt(shortest: str, longest: str) -> str:
    """The map of order hours for who cannot see it."""
    return (
        "A table of colours, weekdays by hours of the day: the time within which 9 of 10 orders placed in that hour"
        f" are delivered, from {shortest} to {longest}."
    )
