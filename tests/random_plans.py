"""Random small plans full of ties, pauses and dead ends of patience: for tests of rules that hold for every Plan."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from sim.plan.plan import NONE, PER_MILLE, PPM, Plan
from sim.plan.steps import Outcome
from tests.plans import GateOf, ItemOf, StepOf, TeamOf, a_plan, branch, gate, leave, meet, wait, work

LAST_CHANGE = 30
ENDS = (20, 60, 200)
MARKS = (1, 2)
CLASSES = (0, 1, 2)
WORKERS = ("a", "b", "c")
CREW = "crew"  # the team that works in crews; it neither helps nor is helped
GATES = ("dock", "wave")
CALENDARS = ("lab", "never")

def _tenth(number: int) -> int:
    return number % 10 * PPM // 10


moments = st.integers(0, LAST_CHANGE)
short = st.integers(1, 6)
tenths = st.integers(0, 9).map(_tenth)
rates = st.lists(st.tuples(moments, tenths), max_size=2, unique_by=lambda change: change[0]).map(
    lambda changes: sorted({**{0: PPM // 2}, **dict(changes)}.items())
)


def _rows(visits: int, items: int) -> st.SearchStrategy[list[bytes]]:
    """A byte for each visit and item; drawn at once, since drawing them one by one takes most of the time."""
    length = max(items, 1)
    whole = st.binary(min_size=visits * length, max_size=visits * length)
    return whole.map(lambda drawn: [drawn[at : at + length] for at in range(0, len(drawn), length)])


@st.composite
def random_plans(draw: st.DrawFn) -> Plan:
    """One to three flows of up to six steps, up to ten items, four teams, two gates, all at whole small times."""
    flow_keys = [f"flow {number}" for number in range(draw(st.integers(1, 3)))]
    items = draw(st.lists(_items(flow_keys), min_size=1, max_size=10))
    items.sort(key=lambda one: (not one.backlog, one.at, flow_keys.index(str(one.flow))))
    counts = {key: sum(one.flow == key for one in items) for key in flow_keys}
    flows = {key: draw(_routes(counts[key])) for key in flow_keys}
    return a_plan(
        flows=flows,
        items=draw(_with_companions(items)),
        teams=draw(_teams()),
        gates={key: draw(_gates()) for key in GATES},
        calendars={"lab": draw(_openings()), "never": []},
        end=draw(st.sampled_from(ENDS)),
        drain=draw(st.booleans()),
    )


@st.composite
def _items(draw: st.DrawFn, flows: list[str]) -> ItemOf:
    backlog = draw(st.integers(0, 9)) == 0
    return ItemOf(
        at=0 if backlog else draw(st.integers(0, 12)),
        flow=draw(st.sampled_from(flows)),
        goods_class=draw(st.sampled_from(CLASSES)),
        priority=draw(st.integers(0, 2)),
        due=draw(st.integers(0, 20)),
        backlog=backlog,
    )


@st.composite
def _with_companions(draw: st.DrawFn, items: list[ItemOf]) -> list[ItemOf]:
    """Some neighbours belong together."""
    paired = list(items)
    for number in range(0, len(items) - 1, 2):
        if draw(st.booleans()):
            one = items[number]
            paired[number] = ItemOf(
                one.at, one.flow, one.goods_class, one.priority, one.due, number + 1, one.first, one.backlog
            )
    return paired


@st.composite
def _teams(draw: st.DrawFn) -> dict[str, TeamOf]:
    teams = {}
    for key in (*WORKERS, CREW):
        others = [other for other in WORKERS if other != key and key != CREW]
        teams[key] = TeamOf(
            heads=draw(_head_counts()),
            at_shift_end=draw(st.sampled_from(("pause", "finish"))),
            order=draw(st.sampled_from(("first_come", "priority", "due_date"))),
            speed=draw(st.sampled_from((PER_MILLE, 500, 790, 1500))),
            helpers=tuple(draw(st.lists(st.sampled_from(others), unique=True, max_size=2))) if others else (),
        )
    return teams


@st.composite
def _head_counts(draw: st.DrawFn) -> Sequence[tuple[int, int, int]]:
    changes = draw(st.dictionaries(moments, st.integers(0, 3), max_size=6))
    levels = {**{0: draw(st.integers(0, 3)), LAST_CHANGE + 1: 3}, **changes}
    return [(at, heads, draw(st.integers(max(0, heads - 1), heads))) for at, heads in sorted(levels.items())]


@st.composite
def _gates(draw: st.DrawFn) -> GateOf:
    return GateOf(
        departures=draw(st.lists(st.tuples(moments, st.integers(1, 3)), max_size=4)),
        full=draw(st.sampled_from((NONE, 2, 3))),
        longest_hold=draw(st.sampled_from((NONE, 4, 7))),
    )


@st.composite
def _openings(draw: st.DrawFn) -> list[tuple[int, int]]:
    edges = sorted(draw(st.sets(moments, max_size=6)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def _routes(draw: st.DrawFn, items: int) -> list[StepOf]:
    """Steps with ways on, ways back and ways out; only work and waits are led back to, so that a loop takes time."""
    length = draw(st.integers(1, 6))
    names = [f"step {number}" for number in range(length)]
    kinds = [draw(st.sampled_from(("work", "work", "work", "wait", "gate", "meet", "branch"))) for _ in names]
    backs = {number: draw(st.integers(1, 3)) for number, kind in enumerate(kinds) if kind == "branch"}
    visits = 1 + sum(at_most - 1 for at_most in backs.values())
    timed = [number for number, kind in enumerate(kinds) if kind in ("work", "wait")]
    steps = [draw(_steps(kinds, number, names, timed, backs, items, visits)) for number in range(length)]
    return [*steps, leave("out"), leave("lost", Outcome.CANCELLED), leave("rejected", Outcome.REJECTED)]


@st.composite
def _steps(
    draw: st.DrawFn, kinds: list[str], number: int, names: list[str], timed: list[int], backs: dict[int, int],
    items: int, visits: int,
) -> StepOf:  # fmt: skip
    name, onward = names[number], st.sampled_from([*names[number + 1 :], "out", "lost"])
    times = st.one_of(short, _rows(visits, items).map(lambda rows: [[1 + byte % 6 for byte in row] for row in rows]))
    match kinds[number]:
        case "work" if draw(st.integers(0, 3)) == 0:
            return work(name, CREW, draw(times), crew=draw(st.integers(1, 3)))
        case "work":
            patience = draw(st.one_of(st.none(), times))
            lost = None if patience is None else draw(onward)
            return work(name, draw(st.sampled_from(WORKERS)), draw(times), patience=patience, lost=lost)
        case "wait":
            return wait(name, draw(times), calendar=draw(st.sampled_from((None, None, None, *CALENDARS))))
        case "gate":
            return gate(name, draw(st.sampled_from(GATES)))
        case "meet":
            return meet(name, draw(st.sampled_from(MARKS)), lost=draw(st.one_of(st.none(), onward)))
    back = [names[earlier] for earlier in timed if earlier < number]
    return branch(
        name,
        draw(st.sampled_from(back) if back else onward),
        draw(_rows(visits, items).map(lambda rows: [[_tenth(byte) for byte in row] for row in rows])),
        rate=draw(rates),
        by_class=draw(st.one_of(st.just([]), st.lists(rates, min_size=len(CLASSES), max_size=len(CLASSES)))),
        at_most=backs[number],
        exhausted=draw(st.sampled_from(["rejected", *names[number + 1 :]])),
    )
