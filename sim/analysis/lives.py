"""What must be true of the life of every item, found in one walk through its visits."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.hours import VisitHours
from sim.analysis.tables import compiled, fixed
from sim.engine.records import Records


@dataclass(frozen=True)
class Lives:
    """Of all items: whether each went out or has exactly one visit under way; whether its visits follow one another from
    its arrival to its leaving, without a millisecond between; whether the parts of its time make the whole, none negative.
    """

    accounted: bool
    without_gaps: bool
    adds_up: bool


def lives_of(records: Records, hours: VisitHours) -> Lives:
    """Walk through the lives of all items."""
    items = fixed(records.items.arrived), fixed(records.items.left)
    return Lives(*map(bool, compiled().lives(hours.stays, hours.split, *items, records.ended_ms)))
