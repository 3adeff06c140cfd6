"""A run as a moving picture: what each station holds at every time step, who works there, and what moves between them.

The picture grows with time steps and not with orders: all its numbers are counts on one grid of moments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.hours import PARTS
from sim.analysis.journeys import Chosen, Journey, chosen, journeys
from sim.analysis.people import heads, spell_visits
from sim.analysis.run import Run
from sim.analysis.stock_levels import StockOverTime
from sim.engine.records import NEVER
from sim.plan.plan import Plan
from sim.plan.routes import DOCUMENTS, FORMS
from sim.plan.steps import Kind, Outcome
from sim.world.units import MINUTE_MS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Carries = Literal["orders", "consignments", "goods", "documents", "forms"]

MOST_STEPS = 9_000
STEPS_MS = tuple(minutes * MINUTE_MS for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))
"""Time steps to choose from: the finest that leaves at most MOST_STEPS. A month has one for each five minutes."""
OUTSIDE, DONE, STOCKED, LOST = -1, -1, -2, -3
"""Where items come from that were nowhere before; and where they end: delivered, in stock, or lost on the way."""
STRETCH = 2**20


@dataclass(frozen=True)
class Lane:
    """Items at a station that nobody works on, by what they wait for: one of the PARTS of the hours."""

    part: str
    items: Ints


@dataclass(frozen=True)
class Crew:
    """People of a team who are at work at a station."""

    team: str
    busy: Ints


@dataclass(frozen=True)
class Station:
    """One stage (or what runs beside its goods) over time: who waits for what, who is worked on, and by how many.

    ``came`` and ``went`` count from the start; at every step ``came - went`` is what is inside.
    """

    stage: str
    carries: Carries
    lanes: tuple[Lane, ...]
    at_work: Ints
    crews: tuple[Crew, ...]
    came: Ints
    went: Ints

    @property
    def inside(self) -> Ints:
        """How many are at the station, waiting or worked on."""
        return np.asarray(sum((lane.items for lane in self.lanes), self.at_work))


@dataclass(frozen=True)
class Move:
    """How many have gone from one station (or OUTSIDE) to another (or DONE, STOCKED, LOST) so far."""

    origin: int
    target: int
    so_far: Ints


@dataclass(frozen=True)
class StockShown:
    """Units that can be sold, and SKUs for which orders wait."""

    free: Ints
    short: Ints


@dataclass(frozen=True)
class Moving:
    """The picture of one run at the moments 0, ``step_ms``, 2 ``step_ms``, ... (every array has one number for each).

    ``heads``: people on shift by team. ``from_step``: where what is measured begins. ``stock`` is None where no stock
    is kept.
    """

    step_ms: int
    steps: int
    from_step: int
    stations: tuple[Station, ...]
    moves: tuple[Move, ...]
    heads: dict[str, Ints]
    stock: StockShown | None
    followed: tuple[Journey, ...]


@dataclass(frozen=True)
class Grid:
    """Moments at equal distances from 0 on.

    >>> Grid(step_ms=10, steps=4).so_far(np.array([0, 10, 11, 99, -1])).tolist()
    [1, 2, 3, 3]
    """

    step_ms: int
    steps: int

    @classmethod
    def over(cls, ended_ms: int) -> Grid:
        """The finest grid over a run that does not have too many moments."""
        fine = (step for step in STEPS_MS if ended_ms <= step * MOST_STEPS)
        step = next(fine, -(-ended_ms // MOST_STEPS))
        return cls(step, max(1, -(-ended_ms // step)))

    @property
    def times(self) -> Ints:
        """All moments."""
        return np.arange(self.steps, dtype=np.int64) * self.step_ms

    def first_at(self, at_ms: Ints) -> Ints:
        """The first moment of the grid at or after each time; ``steps`` where that is beyond the grid."""
        return np.minimum(-(-at_ms // self.step_ms), self.steps)

    def so_far(self, at_ms: Ints) -> Ints:
        """How many of these times are at or before each moment; those that are NEVER do not count."""
        first = self.first_at(at_ms[at_ms != NEVER])
        return np.cumsum(np.bincount(first, minlength=self.steps + 1)[: self.steps])


def moving(run: Run, follow: Sequence[Chosen] | None = None) -> Moving:
    """A run as seen from above, moment by moment.

    Parameters
    ----------
    run
        Plan and Records.
    follow
        Whose journeys to tell; without it some are chosen (the same parcels can so be followed in two scenarios).

    Examples
    --------
    >>> from sim.engine.engines import run as run_engine
    >>> from sim.plan.compile import compile_file
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_file(load(shipped("teaching_line"), ["clock.length=3 d"]), 1, 0)
    >>> picture = moving(Run(plan, run_engine(plan)))
    >>> picture.steps, picture.step_ms, [station.stage for station in picture.stations]
    (4320, 60000, ['counter'])

    """
    grid = Grid.over(run.records.ended_ms)
    places = _places(run.plan)
    of_step = _station_of_steps(run.plan, places)
    moves = tuple(_moves(run, grid, of_step, len(places)))
    views = _Views(run, grid, of_step)
    plan = run.plan
    return Moving(
        step_ms=grid.step_ms,
        steps=grid.steps,
        from_step=int(min(grid.first_at(np.array([run.window_ms[0]]))[0], grid.steps - 1)),
        stations=tuple(views.station(number, place, moves) for number, place in enumerate(places)),
        moves=moves,
        heads={key: heads(plan, number).at(grid.times) for number, key in enumerate(plan.team_keys)},
        stock=_stock(run, grid),
        followed=journeys(run, chosen(run) if follow is None else follow, of_step),
    )


Place = tuple[str, str]
"""A stage, and the ending of the flows beside it: empty for goods."""


def _places(plan: Plan) -> list[Place]:
    """The stations in the order of the scenario; what runs beside goods comes before the stage at which they meet."""
    used = {_place(plan, step) for step in range(len(plan.steps))} - {None}
    return [
        (stage, beside)
        for stage in plan.scenario.stages
        for beside in (DOCUMENTS, FORMS, "")
        if (stage, beside) in used
    ]


def _place(plan: Plan, step: int) -> Place | None:
    """Where a step is done; None for what holds nobody, and for accepted documents, which wait for nothing but goods."""
    name, kind = plan.step_names[step], plan.steps["kind"][step]
    beside = next((ending for ending in (DOCUMENTS, FORMS) if name.flow.endswith(ending)), "")
    if kind not in (Kind.WORK, Kind.WAIT, Kind.GATE, Kind.MEET, Kind.RESERVE) or (beside and kind == Kind.MEET):
        return None
    return name.stage, beside


def _station_of_steps(plan: Plan, places: list[Place]) -> Ints:
    numbers = [_place(plan, step) for step in range(len(plan.steps))]
    return np.array([OUTSIDE if place is None else places.index(place) for place in numbers], dtype=np.int64)


@dataclass(frozen=True)
class _Views:
    """The numbers of stations, from the visits to their steps."""

    run: Run
    grid: Grid
    of_step: Ints

    def station(self, number: int, place: Place, moves: tuple[Move, ...]) -> Station:
        none = np.zeros(self.grid.steps, dtype=np.int64)
        steps = [int(step) for step in np.flatnonzero(self.of_step == number)]
        lanes: dict[str, Ints] = {}
        at_work, busy = none, dict[int, Ints]()
        for step in steps:
            inside, worked = self._inside(step), none
            for team, jobs in self._jobs(step):
                worked = worked + jobs
                busy[team] = busy.get(team, none) + jobs * int(self.run.plan.steps["crew"][step])
            at_work = at_work + worked
            part = self.run.plan.step_names[step].hours
            part = "queueing" if part == "working" else part
            lanes[part] = lanes.get(part, none) + inside - worked
        return Station(
            stage=place[0],
            carries=_carries(self.run.plan, steps, place[1]),
            lanes=tuple(Lane(part, lanes[part]) for part in PARTS if part in lanes),
            at_work=at_work,
            crews=tuple(Crew(self.run.plan.team_keys[team], busy[team]) for team in sorted(busy)),
            came=sum((move.so_far for move in moves if move.target == number), none),
            went=sum((move.so_far for move in moves if move.origin == number), none),
        )

    def _inside(self, step: int) -> Ints:
        rows, visits = self.run.by_step.of(step), self.run.records.visits
        return self.grid.so_far(visits.joined[rows]) - self.grid.so_far(visits.ended[rows])

    def _jobs(self, step: int) -> Iterator[tuple[int, Ints]]:
        """By team, how many jobs of a step are under way: a paused one is not."""
        visits, spells = self.run.records.visits, self.run.records.spells
        own_team = int(self.run.plan.steps["team"][step])
        if own_team < 0:
            return
        rows = self.run.by_step.of(step)
        rows = rows[(visits.started[rows] != NEVER) & ~self._paused[rows]]
        team, own_spells = visits.team[rows], spells.step == step
        here = np.bincount(team, minlength=len(self.run.plan.teams)) + np.bincount(
            spells.team[own_spells], minlength=len(self.run.plan.teams)
        )
        for number in sorted({own_team, *np.flatnonzero(here).tolist()}):
            one, spell = rows[team == number], own_spells & (spells.team == number)
            begun = self.grid.so_far(visits.started[one]) + self.grid.so_far(spells.begin[spell])
            yield number, begun - self.grid.so_far(visits.ended[one]) - self.grid.so_far(spells.end[spell])

    @cached_property
    def _paused(self) -> Bools:
        paused = np.zeros(len(self.run.records.visits), dtype=bool)
        paused[spell_visits(self.run.records)] = True
        return paused


def _carries(plan: Plan, steps: list[int], beside: str) -> Carries:
    """What comes to a station."""
    if beside:
        return "documents" if beside == DOCUMENTS else "forms"
    goods = {plan.scenario.flows[plan.step_names[step].flow].goods for step in steps}
    if len(goods) > 1:
        return "goods"
    return "orders" if goods == {"order"} else "consignments"


def _moves(run: Run, grid: Grid, of_step: Ints, stations: int) -> Iterator[Move]:
    """Who has gone from where to where by each moment, in the order of stations."""
    ends = (DONE, STOCKED, LOST)
    targets = stations + len(ends)
    counted = np.zeros((stations + 1) * targets * (grid.steps + 1), dtype=np.int64)
    for origin, target, at_ms in _goings(run, of_step):
        row = np.where(origin == OUTSIDE, stations, origin) * targets + np.where(
            target < 0, stations - 1 - target, target
        )
        counted += np.bincount(row * (grid.steps + 1) + grid.first_at(at_ms), minlength=len(counted))
    table = counted.reshape(stations + 1, targets, grid.steps + 1)
    for origin in (OUTSIDE, *range(stations)):
        for target in (*range(stations), *ends):
            own = table[origin if origin >= 0 else stations, target if target >= 0 else stations - 1 - target]
            if own.any():
                yield Move(origin, target, np.cumsum(own[: grid.steps]))


def _goings(run: Run, of_step: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Origins, targets and times of all who came to a station, went to another, or left; a stretch of visits at a time."""
    visits, outcome = run.records.visits, run.records.items.outcome
    end = np.full(max(Outcome) + 2, LOST, dtype=np.int64)  # the last one is Outcome.NONE
    end[[Outcome.DELIVERED, Outcome.ACCEPTED]], end[Outcome.STOCKED] = DONE, STOCKED
    for first in range(0, len(visits), STRETCH):
        rows = slice(max(first - 1, 0), first + STRETCH + 1)
        item, at = visits.item[rows], of_step[visits.step[rows]]
        joined, ended = visits.joined[rows], visits.ended[rows]
        same = item[1:] == item[:-1]
        own = np.arange(len(item)) + rows.start
        own_row = (own >= first) & (own < first + STRETCH)
        came = own_row & ~np.concatenate([[False], same]) & (at != OUTSIDE)
        yield np.full(int(came.sum()), OUTSIDE), at[came], joined[came]
        on = np.flatnonzero(own_row[:-1] & same & (at[1:] != at[:-1]))
        yield at[on], at[on + 1], ended[on]
        last = own_row & ~np.concatenate([same, [False]]) & (ended != NEVER) & (at != OUTSIDE)
        yield at[last], end[outcome[item[last]]], ended[last]


def _stock(run: Run, grid: Grid) -> StockShown | None:
    if not run.plan.stock.sku_keys:
        return None
    stock = StockOverTime(run.plan, run.records)
    return StockShown(stock.total("free").at(grid.times), stock.skus_short().at(grid.times))
