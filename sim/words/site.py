"""The words of charts about what passes the site: throughput, queues, hours, selection, stock and costs."""

from __future__ import annotations

from collections.abc import Iterable

from sim.words import all_of, together

PLACED, PASSED, WAITING = "placed", "passed", "waiting"
ORDERS_A_DAY = "orders a day"
RATES_NOTE = "The rates in the title are of the measured days; first and last day may be cut short."

NO_QUEUE, NO_LONG_WAIT = "Nowhere does a queue form", "Nobody waits for long"
ITEMS_WAITING = "items waiting"

ALL_STAGES, ALL_HOURS, LATER_HOURS = "all stages", "all (h)", "of it in later attempts (h)"
TIME_PER_ORDER, OF_THE_STAGE = "mean time per order", "of the stage"
HOURS_NOTE = "Mean of the orders that ended, whatever became of them; the parts add up to the whole for every order."

SELECTED, SELECTED_PERCENT = "selected", "selected (%)"

FREE_UNITS, UNITS, SKUS_SHORT = "free units", "units", "SKUs short"
FREE_LESS_WAITED_FOR = "free, less what orders wait for"

COST_PARTS = {
    "wages": "wages",
    "overtime": "overtime",
    "opening": "opening parcels",
    "courier": "couriers",
    "penalty": "penalties for late orders",
    "refund": "refunds",
    "freight": "bringing the goods to the site",
    "interest": "interest on the value tied up",
}
COSTS_NOTE = "Wages and overtime of the measured days, and what the orders placed in them cost, over these orders."
FOR, ALL = "for", "all"


def a_day(number: str) -> str:
    """A rate."""
    return f"{number} a day"


def a_day_column(name: str) -> str:
    """The heading of what is counted by day."""
    return f"{name} (a day)"


def throughput_title(placed: str, reached: Iterable[tuple[str, str]]) -> str:
    """How many are placed, and how many come how far.

    >>> throughput_title("720", [("718", "dispatched"), ("715", "delivered")])
    '720 orders a day are placed, 718 dispatched and 715 delivered'
    """
    return f"{placed} orders a day are placed, {together(f'{number} {name}' for number, name in reached)}"


def throughput_alt(first: str, last: str, lines: Iterable[str], stages: Iterable[str]) -> str:
    """The lines and panels for who cannot see them."""
    panels = ", ".join(stages)
    below = f" Below, a panel for each of {panels}." if panels else ""
    return f"Lines of orders a day from {first} to {last}: {', '.join(lines)}.{below}"


def on_average(said: str) -> str:
    """A mean."""
    return f"{said} on average"


def mean_and_most(mean: str, most: str) -> str:
    """A mean and the highest value."""
    return f"{mean} on average, {most} at most"


def longest_queue(stage: str, said: str, *, several: bool) -> str:
    """Where the queue is longest, and how long it is."""
    return f"The {'longest ' if several else ''}queue is for {stage}: {said}"


def oldest(stage: str, said: str, *, several: bool) -> str:
    """For how long the one who waits longest has waited."""
    return f"The oldest in {f'the queue for {stage}' if several else 'the queue'} has waited {said}"


def oldest_axis(unit: str) -> str:
    """What the axis of ages shows."""
    return f"oldest has waited, {unit}"


def queues_alt(said: Iterable[str]) -> str:
    """The panels of queues for who cannot see them."""
    return f"A panel for each stage with the number of items waiting hour by hour. {all_of(said)}."


def ages_alt(said: Iterable[str]) -> str:
    """The panels of ages for who cannot see them."""
    return (
        f"A panel for each stage: for how long the oldest of those who wait has waited, hour by hour. {all_of(said)}."
    )


def by_stage_note(spread: str, *, warm_up: bool) -> str:
    """What is grey, and what is dotted."""
    dotted = " Dotted: measured from here; averages are from then on." if warm_up else ""
    return f"{spread}Grey: nobody of the stage's teams is on shift.{dotted} Each panel has its own scale."


def largest_part(part: str, whole: str, words: str) -> str:
    """What most of an order's time is."""
    return f"Of the {whole} that an order takes, {part} is {words}"


def most_at(said: str, stage: str) -> str:
    """The same, and where most of it is."""
    return f"{said}, most of it at {stage}"


def rest_is(said: str, part: str, stage: str, hours: str) -> str:
    """The same, and what most of the rest is."""
    return f"{said}; most of the rest: {part} at {stage}, {hours}"


def hours_alt(said: Iterable[str]) -> str:
    """The bars of hours for who cannot see them."""
    return f"Bars of the mean time per order by stage. {all_of(said)}."


def again(hours: str) -> str:
    """How much of a time was spent in later attempts."""
    return f" ({hours} of it again)"


def selected_at_the_end(name: str, last: str, first: str) -> str:
    """How far a selection rate has moved."""
    return f"Of {name}, {last} are selected at the end, where {first} were at the start"


def rate_told(name: str, first: str, highest: str, last: str) -> str:
    """A rate in three of its values."""
    return f"{name}: {first} at the start, {highest} at the highest, {last} at the end"


def selection_alt(said: Iterable[str]) -> str:
    """The curves of rates for who cannot see them."""
    return f"Selection rate over time. {all_of(said)}."


def selection_column(name: str, part: str) -> str:
    """The heading of a rate."""
    return f"{name}, {part} (share)"


def selection_note(spread: str) -> str:
    """When the rate changes, and what is dotted."""
    return f"{spread}The rate follows the seller's record from each midnight on. Dotted: the rate at the start."


def free_on_average(units: str) -> str:
    """How much lies there."""
    return f"{units} units are free on average"


def all_in_stock(fill_rate: str, worst: str) -> str:
    """How many orders find all they want, and for what orders wait longest, if for anything."""
    found = f"{fill_rate} of orders find all their lines in stock"
    return f"{found}; orders wait longest for {worst}" if worst else f"{found}; no SKU ever runs short"


def stock_alt(first: str, lowest: str, last: str, short: str) -> str:
    """The curves of stock for who cannot see them."""
    return (
        f"Free units over time: {first} at the start, {lowest} at the lowest,"
        f" {last} at the end; up to {short} SKUs are short at a time."
    )


def stock_note(spread: str, runs_short: str, *, below_zero: bool) -> str:
    """When a SKU counts as short; in how many runs some is, where there are several."""
    short = f" In {runs_short} of runs some SKU runs short." if runs_short else ""
    below = " Below zero: units that orders wait for." if below_zero else ""
    return f"{spread}A SKU is short while an order waits for it.{short}{below}"


def costs_title(cost: str, dearest: str, *, several: bool) -> str:
    """What an order costs, and what most of it is for."""
    return f"An order costs {cost}, {'most' if several else 'all'} of it for {dearest}"


def costs_alt(currency: str, said: Iterable[str]) -> str:
    """The bars of costs for who cannot see them."""
    return f"Bars of the cost per order in {currency}: {', '.join(said)}."


def per_order(currency: str) -> str:
    """The unit of a cost, in a heading."""
    return f"{currency} per order"


def per_order_placed(currency: str) -> str:
    """The unit of a cost, at an axis."""
    return f"{currency} per order placed"
