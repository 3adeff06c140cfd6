"""What measures, parts of the time and checks are called."""

from __future__ import annotations

NOT_KNOWN = "not known yet"
"""Of a value that the run ends too early to tell."""
NEVER_KNOWN = "not known"

PART_WORDS = {
    "working": "being worked on",
    "queueing": "queueing behind others",
    "nobody": "nobody on shift",
    "batch": "waiting for a departure",
    "documents": "waiting for documents",
    "hold": "held for correction",
    "stock": "waiting for stock",
    "transit": "on the way",
}
"""What an order's time goes into."""

DELIVERY = {
    "mean": "{done} on average after",
    **{f"p{percent}": f"{percent} of 100 {{done}} within" for percent in (50, 90, 95, 99)},
}
HEADLINE = {
    **{f"delivery_time.{part}": words.format(done="delivered") for part, words in DELIVERY.items()},
    **{f"order_cycle.{part}": DELIVERY[part].format(done="dispatched") for part in ("p50", "p95")},
    "demand.per_day": "orders placed",
    "throughput.delivered": "orders delivered",
    "unfinished": "unfinished at the end",
    "in_full": "delivered in full, of those that ended",
    "cost.per_order": "cost per order",
    "capital.tied_up": "value tied up on average",
    "capital.time": "for how long it is tied up",
}
"""What buyers, sellers and the owner ask first."""
IN_MONEY = ("cost.per_order", "capital.tied_up")
"""Those of them that are told in the currency of the scenario."""
DONE = {"dispatched": "dispatched", "delivered": "delivered"}
FAILURES = {
    "per_parcel": "per parcel",
    "per_image": "per X-ray image",
    "per_opened_parcel": "per opened parcel",
    "per_sample": "per sample",
}
CHECK_WORDS = {
    "conserved": "what came in went out or is inside",
    "lives_without_gaps": "no order has a gap in its life",
    "little": "Little's law holds to the millisecond",
    "no_more_busy_than_staffed": "nobody starts work who is not on shift",
    "hours_add_up": "the parts of every order's time add up",
    "stock_never_negative": "no stock falls below zero",
    "stock_book_balances": "the stock book is what came in less what went out",
    "on_order_is_on_its_way": "what is on order is on its way",
}
TRUST = {"A": "official", "B": "trade source", "C": "single claim", "D": "derived", "G": "guess"}
"""How far a figure of a scenario can be trusted."""

FORMULAS = {
    "utilisation": "work that comes, over work that can be done",
    "erlang_c": "Erlang C",
    "pollaczek_khinchine": "Pollaczek and Khinchine",
    "kingman": "Kingman",
    "little": "Little's law",
}
IN_A_LESSON = {
    "utilisation": "utilisation", "wait": "mean wait", "selected": "share selected", "opened": "share opened",
    "delivery_time": "delivery time", "order_cycle": "time until it leaves",
    "cost": "cost per order", "queue": "waiting on average", "outcome": "share",
}  # fmt: skip
"""Measures by the group of their name, as lessons call them."""

LESS_AND_MORE = {
    "delivery_time": ("faster", "slower"),
    "order_cycle": ("faster", "slower"),
    "dock_to_stock": ("faster", "slower"),
    "clearance": ("faster", "slower"),
    "wait": ("shorter", "longer"),
    "cost": ("cheaper", "dearer"),
    "staff_cost_per_day": ("cheaper", "dearer"),
}
LOWER_AND_HIGHER = ("lower", "higher")
"""Of all other measures."""


def promise_done(to: str, within_h: float) -> str:
    """What a promise measures.

    >>> promise_done("dispatched", 48)
    'dispatched within 48 h'
    """
    return f"{DONE[to]} within {within_h:g} h"


def of_promise(of: str) -> str:
    """What a lesson calls the share of a promise that was kept."""
    return f"In time ({of})"
