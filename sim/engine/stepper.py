"""A run moment by moment, for teaching and for finding out why a scenario does what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.engine.records import NEVER
from sim.engine.simpy_model import Floor
from sim.plan.plan import Plan
from sim.plan.steps import Kind, Outcome

COLUMNS = 7  # of a row of visits as the model writes it


@dataclass(frozen=True)
class Happening:
    """One thing that happened to one item: what, at which step, and by which team (empty: by none)."""

    item: int
    what: str
    step: str
    team: str = ""


@dataclass(frozen=True)
class TeamNow:
    """A team after the moment: people on shift, of them busy, and the items in its queue (its first first)."""

    heads: int
    busy: int
    queue: tuple[int, ...]


@dataclass(frozen=True)
class Moment:
    """One moment of a run: when (ms), what happened, and how the teams stand afterwards."""

    now_ms: int
    happenings: tuple[Happening, ...]
    teams: dict[str, TeamNow]


def moments(plan: Plan) -> Iterator[Moment]:
    """Run a Plan on the SimPy model and stop after each moment at which something happened to an item.

    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> first = next(moments(compile_plan(load(shipped("teaching_line")).scenario)))
    >>> [(one.item, one.what) for one in first.happenings]
    [(0, 'arrives'), (0, 'joins'), (0, 'starts')]
    """
    floor = Floor(plan)
    floor.begin()
    known = 0
    while (now := floor.env.peek()) < plan.end_ms:
        while floor.env.peek() == now:
            floor.env.step()
        happenings = tuple(_happenings(floor, int(now), known))
        known = len(floor.visits) // COLUMNS
        if happenings:
            yield Moment(int(now), happenings, _teams(floor))


def _happenings(floor: Floor, now: int, known: int) -> Iterator[Happening]:
    """What happened at this moment, item by item in the order of its life."""
    plan = floor.plan
    told: list[tuple[int, int, Happening]] = []
    for row in range(known, len(floor.visits) // COLUMNS):
        item, step, _, team, joined, started, _ = floor.visits[row * COLUMNS : (row + 1) * COLUMNS]
        name = plan.step_names[step].key
        if joined == now:
            told.append((item, row, Happening(item, "joins", name)))
        told.append((item, row, Happening(item, _how_it_ended(floor, step, started), name, _team(plan, team))))
    for item, (step, _, joined, job) in floor.inside.items():
        name = plan.step_names[step].key
        if joined == now:
            what = "joins" if plan.steps[step]["kind"] != Kind.WAIT else "begins"
            told.append((item, len(floor.visits), Happening(item, what, name)))
        if job is not None and job.begun == now and job.server is not None and job.item in job.server.in_hand:
            what = "starts" if job.started == now else "resumes"
            told.append((item, len(floor.visits), Happening(item, what, name, _team(plan, job.server.number))))
    items = sorted({item for item, _, _ in told} | set(_left_now(floor, now)))
    for item in items:
        if floor.called.get(item, plan.items.arrived[item]) == now:
            yield Happening(item, "arrives", "")
        yield from (one for _, _, one in sorted((t for t in told if t[0] == item), key=lambda t: t[1]))
        if floor.left[item] == now:
            yield Happening(item, f"leaves: {Outcome(floor.outcome[item]).name.lower()}", "")


def _left_now(floor: Floor, now: int) -> Iterator[int]:
    """Items that left at this moment wrote a visit at it, or arrived only to leave."""
    rows = range(len(floor.visits) // COLUMNS - 1, -1, -1)
    for row in rows:
        if floor.visits[row * COLUMNS + 6] != now:
            break
        item = floor.visits[row * COLUMNS]
        if floor.left[item] == now:
            yield item


def _how_it_ended(floor: Floor, step: int, started: int) -> str:
    kind = floor.plan.steps[step]["kind"]
    if kind in (Kind.WORK, Kind.RESERVE) and (kind == Kind.WORK or started == NEVER):
        return "gives up" if started == NEVER else "is done"
    return {Kind.WAIT: "ends", Kind.GATE: "goes", Kind.MEET: "meets its companion", Kind.RESERVE: "is reserved"}[
        Kind(kind)
    ]


def _team(plan: Plan, team: int) -> str:
    return "" if team == NEVER else plan.team_keys[team]


def _teams(floor: Floor) -> dict[str, TeamNow]:
    return {
        key: TeamNow(team.heads, team.busy, tuple(item for *_, item, job in sorted(team.queue) if not job.gave_up))
        for key, team in zip(floor.plan.team_keys, floor.teams, strict=True)
    }
