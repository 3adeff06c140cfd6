"""A moment of a run in words: when, what happened to whom, and how the teams stand afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from sim.engine.stepper import Moment

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
    for one in moment.happenings:
        by = f" ({one.team})" if one.team else ""
        lines.append(f"  item {one.item} {one.what}{f' {one.step}' if one.step else ''}{by}")
    for key, team in moment.teams.items():
        if team.heads or team.busy or team.queue:
            lines.append(f"  {key}: {team.busy} of {team.heads} busy{_queue(team.queue)}")
    return lines


def _queue(items: tuple[int, ...]) -> str:
    if not items:
        return ""
    shown = ", ".join(str(item) for item in items[:LONGEST_QUEUE])
    more = f" and {len(items) - LONGEST_QUEUE} more" if len(items) > LONGEST_QUEUE else ""
    return f"; waiting: {shown}{more}"
