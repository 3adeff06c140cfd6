"""Small random plans full of ties: whole numbers below ten as times, closures, rework, shortages, pauses.

With continuous times two things hardly ever happen at once, and an engine that orders them wrongly passes; here
most instants have several. Every fourth plan is made to pause: long jobs, and a head-count that falls under them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from sim.plan.plan import FAILED, NONE, NOT_YET, PPM, SELECTED, Plan
from sim.plan.steps import Kind, Outcome
from tests.plans import (
    FollowOf,
    GateOf,
    ItemOf,
    SkuOf,
    StepOf,
    TeamOf,
    a_plan,
    branch,
    gate,
    leave,
    meet,
    put,
    reserve,
    take,
    wait,
    work,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]
TEAMS, GATES, CALENDARS = ("ants", "bees", "cats"), ("north", "south"), ("office",)
SKUS = ("milk", "tea")
LOTS = 20  # more than all orders and lost consignments of a plan can call for
RATES = (0, PPM // 3, PPM // 2, PPM)
SPEEDS = (500, 790, 1000, 1000, 1000, 1500)
CLASSES = 2
few = st.integers(0, 9)
some = st.integers(1, 6)


@dataclass(frozen=True)
class Shape:
    """What the steps of a plan may name."""

    teams: dict[str, TeamOf]
    paused: bool
    n_items: int
    stocked: bool = False
    forms: bool = False
    followed: bool = False

    def crew_allowed(self, team: str) -> bool:
        """Crews only in teams that neither help nor are helped."""
        helpers = {name for other in self.teams.values() for name in other.helpers}
        return not self.teams[team].helpers and team not in helpers


@st.composite
def plans(draw: Draw) -> Plan:
    """A plan of one or more flows, with or without documents, stock, release forms and a rate that follows a record."""
    paused = draw(st.integers(0, 3)) == 0
    stocked, forms, followed = (draw(st.integers(0, 2)) == 0 for _ in range(3))
    shape = Shape(draw(_teams(paused)), paused, draw(st.integers(1, 9)), stocked, forms, followed)
    with_documents = draw(st.booleans())
    flows = {"goods": draw(_route(shape, with_documents))}
    if shape.stocked:
        # After a wait, orders of one moment come to the store in another order than that of their numbers.
        begin = draw(st.sampled_from(([], [wait("q", draw(_rows(some, shape, 1)))])))
        flows["goods"] = [*begin, reserve("r", **draw(_patience(shape))), *flows["goods"]]
        flows["goods"].insert(draw(st.integers(len(begin) + 1, len(flows["goods"]) - 3)), take("k"))
    if with_documents:
        flows["papers"] = draw(_route(shape, True))
    if shape.stocked or draw(st.booleans()):
        bulk = draw(_route(shape, False))
        flows["bulk"] = [*bulk[:-3], put("p"), *bulk[-3:]] if shape.stocked else bulk
    if shape.stocked:
        flows["lots"] = [wait("sail", draw(st.integers(1, 9))), put("p"), leave("in", Outcome.STOCKED)]
    skus = draw(_skus())
    gates = {name: draw(_gate(1 if shape.forms else 0)) for name in GATES}
    if shape.forms:
        flows["forms"] = [wait("t", draw(st.integers(1, 9))), *draw(_route(Shape(shape.teams, False, 20), False))]
    items, gates = draw(_items(shape, flows, gates, skus))
    return a_plan(
        flows=flows,
        items=items,
        teams=shape.teams,
        gates=gates,
        calendars={"office": draw(_calendar())},
        skus=skus if shape.stocked else None,
        follows=draw(_follows([step for steps in flows.values() for step in steps])),
        end=draw(st.sampled_from((15, 40, 400))),
        drain=draw(st.booleans()),
    )


@st.composite
def _skus(draw: Draw) -> dict[str, SkuOf]:
    """Little stock; some SKUs are reordered, some are not."""
    return {name: SkuOf(draw(few), draw(st.sampled_from((NONE, 0, 2, 4))), draw(st.integers(6, 9))) for name in SKUS}


@st.composite
def _patience(draw: Draw, shape: Shape) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    return {"patience": draw(_rows(some, shape, 1)), "lost": "gone"}


@st.composite
def _follows(draw: Draw, steps: list[StepOf]) -> list[FollowOf]:
    """The rate of the first branch follows what it and the next one say, if there is a branch at all."""
    first = next((step.name for step in steps if step.columns.get("follow", NONE) != NONE), None)
    if first is None:
        return []
    midnights = sorted(draw(st.sets(st.integers(1, 39), min_size=1, max_size=6)))
    floor, cap = sorted((draw(st.sampled_from(RATES)), draw(st.sampled_from(RATES))))
    return [FollowOf(first, midnights, draw(st.integers(1, 3)), PPM // 2, floor, cap, draw(st.integers(1, 2)))]


@st.composite
def _teams(draw: Draw, paused: bool) -> dict[str, TeamOf]:
    """Three teams whose head-counts change at small whole moments; each may be helped by those after it."""
    found = {}
    for number, name in enumerate(TEAMS):
        changes = {0: draw(st.integers(0, 3))}
        for at in draw(st.lists(st.integers(1, 30), max_size=5)):
            changes[at] = draw(st.integers(0, 3))
        changes[60] = 2
        if paused:
            # Several are at work, begun at different moments, when one of them must stop.
            later = {at: n for at, n in changes.items() if at > 8}
            changes = {0: 3, draw(st.integers(4, 8)): draw(st.integers(1, 2)), **later}
        most = 3 if paused else draw(st.integers(0, 3))
        own_speeds = (NONE, NONE, NONE, *SPEEDS)
        heads = [
            (
                at,
                n,
                min(n, most if at < 60 else 3),
                draw(st.sampled_from((0, 0, 1, 2))),
                draw(st.sampled_from(own_speeds)),
            )
            for at, n in sorted(changes.items())
        ]
        others = TEAMS[number + 1 :] if draw(st.booleans()) else ()
        found[name] = TeamOf(
            heads,
            at_shift_end="pause" if paused or draw(st.booleans()) else "finish",
            order=draw(st.sampled_from(("first_come", "first_come", "priority", "due_date"))),
            speed=draw(st.sampled_from(SPEEDS)),
            helpers=tuple(draw(st.permutations(others))) if others else (),
        )
    return found


@st.composite
def _with_extras(draw: Draw, kinds: list[str], shape: Shape, meets: bool) -> list[str]:
    """A meeting, a wait for the truck's release form, branches that count in a record: where the plan has them."""
    if meets:
        kinds.insert(draw(st.integers(0, len(kinds))), "m")
    if shape.forms:
        # Behind the last gate; who did not leave it with a truck has no form to wait for.
        kinds = kinds if "g" in kinds else ["g", *kinds]
        kinds.insert(max(n + 1 for n, kind in enumerate(kinds) if kind == "g"), "f")
    if shape.followed:
        for _ in range(2):
            kinds.insert(draw(st.integers(0, len(kinds))), "b")
    return kinds


@st.composite
def _route(draw: Draw, shape: Shape, meets: bool) -> list[StepOf]:
    """Up to six steps and the ways out; back only to work or a wait, and only so many times."""
    kinds = draw(st.lists(st.sampled_from("wwwwtggb"), min_size=1, max_size=6))
    if shape.paused:
        kinds.insert(0, "w")
    kinds = draw(_with_extras(kinds, shape, meets))
    back = [draw(st.booleans()) for _ in kinds]
    limits = [draw(st.integers(1, 3)) for _ in kinds]
    attempts = 1 + sum(limit - 1 for kind, limit in zip(kinds, limits, strict=True) if kind == "b")
    following = 0
    steps: list[StepOf] = []
    for number, kind in enumerate(kinds):
        timed = [step.name for step in steps if step.kind in (Kind.WORK, Kind.WAIT)]
        name = f"{kind}{number}"
        if kind == "w":
            steps.append(draw(_work(name, shape, attempts)))
        elif kind == "t":
            calendar = draw(st.sampled_from((None, *CALENDARS)))
            steps.append(wait(name, draw(_times(shape, attempts)), calendar=calendar))
        elif kind == "g":
            steps.append(gate(name, draw(st.sampled_from(GATES))))
        elif kind == "m":
            steps.append(meet(name, lost=draw(st.sampled_from((None, "lost")))))
        elif kind == "f":
            steps.append(meet(name, NONE))
        else:
            to = draw(st.sampled_from(timed)) if back[number] and timed else "out"
            numbers = draw(_rows(st.sampled_from((0, PPM // 3, PPM // 2, PPM - 1)), shape, attempts))
            limit = {"at_most": limits[number], "exhausted": "lost"}
            if shape.followed and following < 2 and shape.n_items < 20:
                limit |= {"follow": 0, "counts_as": (SELECTED, FAILED)[following]}
                following += 1
            steps.append(branch(name, to, numbers, **limit, **draw(_rates())))
    return [*steps, leave("out"), leave("lost", Outcome.REJECTED), leave("gone", Outcome.CANCELLED)]


@st.composite
def _work(draw: Draw, name: str, shape: Shape, attempts: int) -> StepOf:
    team = draw(st.sampled_from(TEAMS))
    crew = draw(st.sampled_from((1, 1, 2))) if shape.crew_allowed(team) else 1
    patience = draw(_rows(some, shape, attempts)) if draw(st.integers(0, 3)) == 0 else None
    lost = "gone" if patience is not None else None
    return work(name, team, draw(_times(shape, attempts)), crew=crew, patience=patience, lost=lost)


def _times(shape: Shape, attempts: int) -> st.SearchStrategy[Any]:
    return _rows(st.integers(5, 15) if shape.paused else some, shape, attempts)


def _rows(values: st.SearchStrategy[int], shape: Shape, attempts: int) -> st.SearchStrategy[Any]:
    """A row for each attempt, an entry for each item; or one value for all."""
    row = st.lists(values, min_size=shape.n_items, max_size=shape.n_items)
    return values | st.lists(row, min_size=attempts, max_size=attempts)


@st.composite
def _rates(draw: Draw) -> dict[str, Any]:
    changing = st.sampled_from(RATES) | st.lists(
        st.tuples(st.integers(1, 20), st.sampled_from(RATES)), max_size=3, unique_by=lambda change: change[0]
    ).map(lambda changes: [(0, PPM // 2), *changes])
    if draw(st.booleans()):
        return {"by_class": [draw(changing) for _ in range(CLASSES)]}
    return {"rate": draw(changing)}


@st.composite
def _gate(draw: Draw, at_least: int) -> GateOf:
    """A truck by departures, by a full load, by a longest hold, or by several of them."""
    departures = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3)), min_size=at_least, max_size=4))
    full = draw(st.sampled_from((NONE, NONE, 2, 3)))
    hold = draw(st.sampled_from((NONE, 4, 9)))
    return GateOf(departures, full, hold)


@st.composite
def _calendar(draw: Draw) -> list[tuple[int, int]]:
    """Opening times: a few short ones, and one long."""
    edges = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return [*pairs, (50, 300)]


@st.composite
def _lines(draw: Draw) -> list[tuple[str, int]]:
    return draw(st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 3)), min_size=1, max_size=2))


@st.composite
def _items(
    draw: Draw, shape: Shape, flows: dict[str, list[StepOf]], gates: dict[str, GateOf], skus: dict[str, SkuOf]
) -> tuple[list[ItemOf], dict[str, GateOf]]:
    """Items of all flows in the order of the Plan; documents arrive with their goods, release forms with their truck."""
    wanted: list[tuple[Any, ...]] = []
    for number in range(shape.n_items):
        backlog = draw(st.integers(0, 5)) == 0
        at = 0 if backlog else draw(few)
        columns = {
            "goods_class": draw(st.integers(0, CLASSES - 1)),
            "priority": draw(st.integers(0, 1)),
            "due": draw(few),
            "lines": draw(_lines()) if shape.stocked else (),
        }
        first = draw(st.sampled_from([step.name for step in flows["goods"][:-3]])) if backlog else None
        wanted.append((not backlog, at, 0, number, {**columns, "flow": "goods", "backlog": backlog, "first": first}))
        if "papers" in flows and not backlog:
            wanted.append((True, at, 1, number, {**columns, "lines": (), "flow": "papers", "beside": number}))
    if "bulk" in flows:
        wanted += [
            (True, draw(few), 2, number, {"flow": "bulk", "priority": draw(st.integers(0, 1)), "lines": lines})
            for number in range(draw(st.integers(0, shape.n_items)))
            for lines in [draw(_lines()) if shape.stocked else ()]
        ]
    if shape.stocked:
        lots = [SKUS[number % len(SKUS)] for number in range(LOTS * len(SKUS))]
        wanted += [
            (True, NOT_YET, 3, number, {"flow": "lots", "lines": [(name, skus[name].quantity)]})
            for number, name in enumerate(lots)
        ]
    if shape.forms:
        trucks = [(at, name) for name, one in gates.items() for at, _ in one.departures]
        wanted += [
            (True, at, 4, number, {"flow": "forms", "truck": (at, name)}) for number, (at, name) in enumerate(trucks)
        ]
    return _in_order(wanted, gates)


def _in_order(wanted: list[tuple[Any, ...]], gates: dict[str, GateOf]) -> tuple[list[ItemOf], dict[str, GateOf]]:
    """Sorted by (backlog first, arrival, flow), documents pointing at their goods, trucks at their release forms."""
    wanted = sorted(wanted, key=lambda one: one[:4])
    goods = {one[3]: position for position, one in enumerate(wanted) if one[4]["flow"] == "goods"}
    forms = {columns.pop("truck"): position for position, (*_, columns) in enumerate(wanted) if "truck" in columns}
    items = []
    for _, at, _, _, columns in wanted:
        beside = columns.pop("beside", None)
        companion = NONE if beside is None else goods[beside]
        items.append(ItemOf(at, companion=companion, **columns))
    departures = {
        name: [(at, room, forms.get((at, name), NONE)) for at, room in one.departures] for name, one in gates.items()
    }
    return items, {name: replace(one, departures=departures[name]) for name, one in gates.items()}
