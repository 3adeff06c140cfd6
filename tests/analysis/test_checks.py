"""The laws that every run is held against: good runs keep them, and each planted fault breaks the one it should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.analysis import checks
from sim.analysis.checks import CheckError, check
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.engine.records import NEVER, Records, Visits
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.steps import Outcome
from tests.engine.worlds import EVERYTHING, world
from tests.plans import a_plan, leave, team, wait, work

LAWS = {"conserved", "lives_without_gaps", "little", "no_more_busy_than_staffed", "hours_add_up"}

# One packer: item 0 is packed from 0 to 5 and travels to 9; item 1 joins at 2, is packed from 5 to 8 and travels to 12;
# item 2 comes at 6, is packed from 8 to 18 and is on its way when the run ends at 20; item 3 would come at 20.
LINE = a_plan(
    work("pack", "packers", [5, 3, 10, 1]), wait("road", 4), teams={"packers": 1}, items=[0, 2, 6, 20], end=20,
)  # fmt: skip
PACKED, ON_THE_ROAD = 0, 1
NIGHT = a_plan(
    work("pack", "packers", 6),
    teams={"packers": team([(0, 1), (4, 0), (9, 1)], at_shift_end="pause")},
    items=[0],
    end=20,
)


@cache
def records_of(plan: Any) -> Records:
    """The records of one of the plans above, by its name."""
    return run_engine({"line": LINE, "night": NIGHT}[plan], "simpy")


def broken_by(plan: Plan, records: Records) -> set[str]:
    """Names of the laws that do not hold."""
    return {law for law in LAWS if not getattr(checks, law)(Run(plan, records))}


def with_visit(item: int, step: int, **columns: int) -> Records:
    """The records of the line with other values in one visit."""
    records = records_of("line")
    row = np.flatnonzero((records.visits.item == item) & (records.visits.step == step))
    changed = {name: np.array(getattr(records.visits, name)) for name in columns}
    for name, value in columns.items():
        changed[name][row] = value
    return replace(records, visits=replace(records.visits, **changed))


def without(keep: Callable[[Visits], Any]) -> Records:
    """The records of the line with some visits lost."""
    records = records_of("line")
    rows = keep(records.visits)
    kept = {field.name: getattr(records.visits, field.name)[rows] for field in fields(Visits)}
    return replace(records, visits=Visits(**kept))


def with_leaving(item: int, left: int) -> Records:
    """The records of the line with another moment at which an item left."""
    records = records_of("line")
    changed = records.items.left.copy()
    changed[item] = left
    outcome = np.where(changed == NEVER, Outcome.NONE, Outcome.DELIVERED)
    return replace(records, items=replace(records.items, left=changed, outcome=outcome))


def test_the_checks_are_the_five_laws() -> None:
    """What is said under a run's checks is what this file tests."""
    assert set(check(Run(LINE, records_of("line")))) == LAWS


@pytest.mark.parametrize("end", ["horizon", "drain"])
@pytest.mark.parametrize("seed", [1, 2])
def test_good_runs_keep_every_law(end: str, seed: int) -> None:
    """With everything on, to the horizon and until all have left."""
    plan = compile_plan(world(EVERYTHING, f"clock.end={end}", "flows.orders.arrivals.poisson.per_day=150"), seed)
    assert check(Run(plan, run_engine(plan, "fast"))) == dict.fromkeys(LAWS, True)


@pytest.mark.parametrize("plan", ["line", "night"])
def test_the_small_lines_keep_every_law_before_a_fault_is_planted(plan: str) -> None:
    """Otherwise the faults below would prove nothing."""
    assert broken_by({"line": LINE, "night": NIGHT}[plan], records_of(plan)) == set()


FAULTS: dict[str, tuple[Callable[[], Records], set[str]]] = {
    "a visit in the middle of a life is lost": (
        lambda: without(lambda visits: ~((visits.item == 0) & (visits.step == PACKED))),
        {"lives_without_gaps", "little", "hours_add_up"},
    ),
    "the last visit of a life is lost": (
        lambda: without(lambda visits: ~((visits.item == 1) & (visits.step == ON_THE_ROAD))),
        {"lives_without_gaps", "little", "hours_add_up"},
    ),
    "the visit under way is lost": (
        lambda: without(lambda visits: visits.ended != NEVER),
        {"conserved", "lives_without_gaps", "little"},
    ),
    "all visits of an item that left are lost": (
        lambda: without(lambda visits: visits.item != 0),
        {"little", "hours_add_up"},
    ),
    "all visits of an item inside are lost": (lambda: without(lambda visits: visits.item != 2), {"conserved", "little"}),
    "a millisecond between two visits": (
        lambda: with_visit(0, ON_THE_ROAD, joined=6),
        {"lives_without_gaps", "little", "hours_add_up"},
    ),
    "a life that begins after the arrival": (
        lambda: with_visit(1, PACKED, joined=3),
        {"lives_without_gaps", "little", "hours_add_up"},
    ),
    "an item that left a millisecond before its last visit ended": (
        lambda: with_leaving(1, 11),
        {"lives_without_gaps", "little", "hours_add_up"},
    ),
    "an item that left while a visit of it is under way": (
        lambda: with_leaving(2, 18),
        {"conserved", "lives_without_gaps", "little"},
    ),
    "an item inside whose visits have all ended": (lambda: with_leaving(0, NEVER), {"conserved", "lives_without_gaps", "little"}),
    "an item that left before it came": (lambda: with_leaving(3, 25), {"conserved", "hours_add_up"}),
    "two visits of one item under way": (
        lambda: with_visit(2, PACKED, ended=NEVER),
        {"conserved", "lives_without_gaps", "little"},
    ),
    "one more at work than there are": (lambda: with_visit(1, PACKED, started=4), {"no_more_busy_than_staffed"}),
    "work that begins before it was joined": (
        lambda: with_visit(2, PACKED, started=5),
        {"no_more_busy_than_staffed", "hours_add_up"},
    ),
    "work that begins after it has ended": (lambda: with_visit(1, PACKED, started=9), {"hours_add_up"}),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "broken"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_breaks_exactly_these_laws(fault: Callable[[], Records], broken: set[str]) -> None:
    """One fault in otherwise good records; a law that no fault could break would be no law."""
    assert broken_by(LINE, fault()) == broken


def test_every_law_is_broken_by_some_fault() -> None:
    """So none of the checks is empty."""
    assert set().union(*(broken for _, broken in FAULTS.values())) == LAWS


def test_work_that_goes_on_after_a_shift_that_pauses_breaks_the_law() -> None:
    """Under ``pause`` there is no overtime: the spell from 0 ends with the shift at 4, not at 5."""
    records = records_of("night")
    assert records.spells.end.tolist() == [4, 11]
    longer = replace(records, spells=replace(records.spells, end=np.array([5, 11])))
    assert broken_by(NIGHT, longer) == {"no_more_busy_than_staffed"}


def test_finishing_in_overtime_is_allowed_and_beginning_then_is_not() -> None:
    """The first works from 0 to 6 over the end of the shift at 4; the second may begin at 9, and not at 5 or at 6."""
    teams = {"packers": team([(0, 1), (4, 0), (9, 1)])}
    plan = a_plan(work("pack", "packers", 6), leave("out"), teams=teams, items=[0, 1], end=40)
    records = run_engine(plan, "simpy")
    assert broken_by(plan, records) == set()
    assert records.visits.started.tolist() == [0, 9]
    for begun in (5, 6):
        early = replace(records, visits=replace(records.visits, started=np.array([0, begun])))
        assert broken_by(plan, early) == {"no_more_busy_than_staffed"}


def test_a_broken_law_is_an_error_that_names_law_seed_and_replication() -> None:
    """So that whoever reads it can say which run to repeat."""
    fault = with_visit(1, PACKED, started=4)
    with pytest.raises(CheckError, match=r"seed 7, replication 3: .* no_more_busy_than_staffed;"):
        check(Run(replace(LINE, seed=7, replication=3), fault))
    with pytest.raises(CheckError, match="lives_without_gaps, little, hours_add_up"):
        check(Run(LINE, with_leaving(1, 11)))
