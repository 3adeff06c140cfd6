"""The latest departure of a container, in words, as a table and for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.table import Table

from sim.analysis.words import day_label, share, with_interval
from sim.show.answer import estimate_json
from sim.study.container import LatestDeparture
from sim.words import studies as say


def departure_told(found: LatestDeparture, who: str) -> str:
    """The answer in a sentence or two.

    >>> departure_told(LatestDeparture("infeasible", 0.95, None, None, None, ()), "containers by sea, number 1")
    'Even if it leaves at the start of the clock, containers by sea, number 1, cannot keep a fill rate of 95 %.'
    """
    target = share(found.target)
    if found.verdict == "infeasible":
        return say.departure_too_late(who, target)
    if found.verdict == "no_difference":
        return say.departure_no_matter(who, target)
    assert found.leaves is not None
    said = say.must_leave(who, target, _moment(found.leaves))
    if found.latest is None or found.earliest == found.latest:
        return said
    if found.earliest is None:
        return say.never_certain(said, _moment(found.latest))
    return say.certain_until(said, _moment(found.earliest), _moment(found.latest))


def departures(found: LatestDeparture) -> Table:
    """All departures that were tried, and the fill rate of each."""
    table = Table.grid(padding=(0, 2))
    table.add_row(say.LEAVES, say.FILL_RATE, style="dim")
    for one in found.tried:
        table.add_row(_moment(one.leaves), with_interval(one.fill_rate))
    return table


def departure_json(found: LatestDeparture) -> dict[str, Any]:
    """The answer for programs; moments as ISO dates."""
    moments = {name: getattr(found, name) for name in ("leaves", "earliest", "latest")}
    return {
        "verdict": found.verdict,
        "target": found.target,
        **{name: None if at is None else at.isoformat() for name, at in moments.items()},
        "tried": [{"leaves": one.leaves.isoformat(), "fill_rate": estimate_json(one.fill_rate)} for one in found.tried],
    }


def _moment(at: datetime) -> str:
    return f"{day_label(at)} {at:%H:%M}"
