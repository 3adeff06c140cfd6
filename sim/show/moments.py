"""A moment of a run in words: when, what happened to whom, and how the teams stand afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from sim.engine.stepper import Moment
from sim.words import tables as say

LONGEST_QUEUE = 5


def moment_told(moment: Moment, start: datetime) -> list[str]:
    """The lines of a moment: date and time, then each thing that happened, then each team with its queue.

    >>> from sim.engine.stepper import Happening, TeamNow
    >>> moment = Moment(61_000, (Happening(7, "joins", "packing.pack"),), {"packers": TeamNow(2, 2, (7,))})
    >>> for line in moment_told(moment, datetime(2026, 11, 2)):
    ...     print(line)
    Mon 2 Nov 00:01:01.000
      item 7 joins packing.pack
      packers: 2 of 2 busy; waiting: 7
    """
    at = start + timedelta(milliseconds=moment.now_ms)
    lines = [f"{at:%a} {at.day} {at:%b %H:%M:%S}.{at.microsecond // 1000:03d}"]
    lines += [f"  {say.happened(one.item, one.what, one.step, one.team)}" for one in moment.happenings]
    for key, team in moment.teams.items():
        if team.heads or team.busy or team.queue:
            lines.append(f"  {say.busy_of(key, team.busy, team.heads)}{_queue(team.queue)}")
    return lines


def _queue(items: tuple[int, ...]) -> str:
    if not items:
        return ""
    shown = ", ".join(str(item) for item in items[:LONGEST_QUEUE])
    return say.waiting(shown, len(items) - LONGEST_QUEUE)
