"""The words of the moving picture: around it, in it, and of the journeys that it tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from sim.analysis.journeys import Chosen, Journey, Leg
from sim.analysis.words import hours
from sim.plan.plan import Plan
from sim.plan.steps import Outcome
from sim.world.units import HOUR_MS

NEVER = -1
WATCH = "Watch it"
ABOUT = (
    "One replication of this plan as a moving picture: who waits where, who is at work, and the way of single parcels."
)
ABOUT_BOTH = "One replication of this plan, and the same one of the scenario as it is, as moving pictures on one clock."
START = "Make the picture"
MAKING = "Running one replication"
STOP = "Stop"
TABLE = "The numbers behind the picture, hour by hour"
FAILED = "The picture could not be made:"
AS_IT_IS, CHANGED = "As it is", "With your changes"

CONTROLS = {
    "region": "Moving picture of the pipeline",
    "play": "Play",
    "pause": "Pause",
    "back": "One step back",
    "on": "One step on",
    "time": "Time",
    "speed": "Speed",
    "follow": "Follow a parcel",
    "nobody": "none",
    "story": "Its journey",
    "not_yet": "Not placed yet.",
    "not_here": "It does not come by in this scenario.",
}
SPEEDS = {10: "10 min a second", 30: "30 min a second", 60: "1 h a second", 180: "3 h a second", 360: "6 h a second", 1440: "1 day a second"}  # fmt: skip
"""Minutes of the run in a second."""
IN_PICTURE = {
    "queueing": "waiting",
    "batch": "to depart",
    "documents": "for documents",
    "documents_alone": "incomplete",
    "hold": "in correction",
    "stock": "for stock",
    "transit": "on the way",
    "busy": "{busy} of {there} busy",
    "overtime": "{busy} in overtime",
    "here": "{busy} of {there} here",
    "closed": "nobody on shift",
    "units": "{units} in stock",
    "short": "{short} SKUs short",
    "came": "{came} came in",
    "done": "{done} delivered",
    "lost": "{lost} lost",
    "one_dot": "A dot is one parcel.",
    "dots": "A dot stands for {per} parcels.",
    "full": "A filled box with a number: too many for dots.",
    "consignments": "Squares are consignments.",
    "people": "People: filled at work here, grey at work elsewhere, outlined free, orange in overtime.",
    "bands": "Grey fields: nobody on shift.",
    "strip": "The rows above: who waits at each station over the whole run, each with its own scale.",
    "now": "{clock}: {stations}.",
    "at_station": "{station} {waiting} waiting",
    "weekdays": "Sun,Mon,Tue,Wed,Thu,Fri,Sat",
    "months": "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
}
LOST = {
    Outcome.REJECTED: "rejected", Outcome.CANCELLED: "cancelled", Outcome.DELETED: "deleted from the list by customs",
    Outcome.SEIZED: "seized by customs", Outcome.RETURNED: "sent back", Outcome.DAMAGED: "damaged on the way",
    Outcome.REFUSED: "refused by the buyer", Outcome.DESTROYED: "destroyed", Outcome.ACCEPTED: "accepted",
}  # fmt: skip


def station(label: str, carries: str) -> str:
    """What a station is called.

    >>> station("customs", "documents"), station("picking", "orders")
    ('Documents', 'Picking')
    """
    names = {"documents": "Documents", "forms": "Release forms"}
    return names.get(carries, label[:1].upper() + label[1:])


def minute(at: datetime) -> str:
    """A moment of the run.

    >>> minute(datetime(2026, 8, 25, 10, 5))
    'Tue 25 Aug 10:05'
    """
    return f"{at:%a} {at.day} {at:%b %H:%M}"


def whose(journey: Journey) -> str:
    """What a parcel to be followed is chosen for."""
    one = journey.chosen
    if one.why == "quantile":
        return _quantile(one, journey)
    if one.why == "step":
        return f"One that was held up: {one.step}"
    if one.why == "lost":
        return f"Lost: {LOST.get(journey.outcome, 'not so in this scenario')}"
    return {"paused": "Worked on with a pause", "inside": "Still inside at the end", "consignment": "A consignment"}[
        one.why
    ]


def _quantile(one: Chosen, journey: Journey) -> str:
    took = hours((journey.left - journey.placed) / HOUR_MS) if journey.left != NEVER else "still under way"
    if one.share == 1.0:
        return f"The slowest ({took})"
    quicker = f"{one.share * 100:.0f} of 100 are quicker"
    return f"{'The median' if one.share == 0.5 else quicker} ({took})"


def story(journey: Journey, plan: Plan) -> list[tuple[int, str]]:
    """A journey told: what happened when (ms), in the order of time."""
    is_order = journey.chosen.why != "consignment"
    kind = f" ({journey.goods_class.replace('_', ' ')} goods)" if is_order and len(plan.class_keys) > 1 else ""
    told = [(journey.placed, f"{'The order is placed' if is_order else 'The consignment sets out'}{kind}")]
    for leg in journey.legs:
        told += _stop(leg, plan)
    if journey.left != NEVER:
        took = hours((journey.left - journey.placed) / HOUR_MS)
        told.append((journey.left, f"{_end(journey.outcome)} after {took}"))
    return told


def _stop(leg: Leg, plan: Plan) -> list[tuple[int, str]]:
    name, again = plan.step_names[leg.step], " again" if leg.attempt else ""
    if leg.team == NEVER and name.hours != "working":
        return [] if leg.ended == leg.joined else [(leg.joined, f"{_sentence(name.words)}{again}")]
    team = plan.scenario.label("teams", plan.team_keys[leg.team]) if leg.team != NEVER else ""
    began = (leg.started, f"{_sentence(name.words)}{again}, by {team}{_after(leg.started - leg.joined)}")
    if leg.started == leg.joined:
        return [began]
    joined = (leg.joined, f"Joins the queue: {name.words}{again}")
    return [joined] if leg.started == NEVER else [joined, began]


def _after(waited_ms: int) -> str:
    return f", after {hours(waited_ms / HOUR_MS)} in the queue" if waited_ms else ", at once"


def _end(outcome: Outcome) -> str:
    if outcome == Outcome.DELIVERED:
        return "Delivered"
    return "In stock" if outcome == Outcome.STOCKED else _sentence(LOST.get(outcome, "gone"))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def at(start: datetime, at_ms: int) -> str:
    """A moment of the run by its milliseconds."""
    return minute(start + timedelta(milliseconds=at_ms))


def waiting_at(name: str, carries: str) -> str:
    """A column of the table.

    >>> waiting_at("Picking", "orders")
    'Picking: waiting (orders)'
    """
    return f"{name}: waiting ({carries})"


def at_work_at(name: str) -> str:
    """A column of the table."""
    return f"{name}: people at work"
