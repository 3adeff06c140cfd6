"""The latest departure of a container, in words, as a table and for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.table import Table

from sim.analysis.words import day_label, share, with_interval
from sim.show.answer import estimate_json
from sim.study.container import LatestDeparture


def departure_told(found: LatestDeparture, who: str) -> str:
    """The answer in a sentence or two.

    >>> departure_told(LatestDeparture("infeasible", 0.95, None, None, None, ()), "containers by sea, number 1")
    'Even if it leaves at the start of the clock, containers by sea, number 1, cannot keep a fill rate of 95 %.'
    """
    target = share(found.target)
    if found.verdict == "infeasible":
        return f"Even if it leaves at the start of the clock, {who}, cannot keep a fill rate of {target}."
    if found.verdict == "no_difference":
        return f"It makes no difference: a fill rate of {target} is kept even if {who}, leaves at the end of the clock."
    assert found.leaves is not None
    said = f"For a fill rate of {target} {who}, must leave by {_moment(found.leaves)} at the latest."
    if found.latest is None or found.earliest == found.latest:
        return said
    if found.earliest is None:
        return f"{said} No departure is certain to be early enough; from {_moment(found.latest)} on it is too late."
    return (
        f"{said} Until {_moment(found.earliest)} that is certain (95 %); after {_moment(found.latest)} it is too late."
    )


def departures(found: LatestDeparture) -> Table:
    """All departures that were tried, and the fill rate of each."""
    table = Table.grid(padding=(0, 2))
    table.add_row("leaves", "fill rate (95 % interval)", style="dim")
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
