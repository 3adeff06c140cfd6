"""Where the hours went: every part of small lives worked out by hand, and adding up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.analysis.curves import curves
from sim.analysis.hours import PARTS
from sim.analysis.run import Run
from sim.engine.records import NEVER
from sim.plan.compile import compile_plan
from tests.analysis.lines import numbers, ran, run_of
from tests.engine.worlds import EVERYTHING, world
from tests.plans import a_plan, gate, item, leave, meet, team, truck, wait, work


def parts_of(run: Run, number: int) -> dict[str, int]:
    """Milliseconds of one item by part, those of no length left out."""
    own = np.flatnonzero(run.records.visits.item == number)
    sums = {name: int(run.hours.part(name, own).sum()) for name in PARTS}
    return {name: spent for name, spent in sums.items() if spent}


def shift(*changes: tuple[int, int], rule: str = "finish") -> dict[str, Any]:
    """One team of packers with these head-counts."""
    return {"packers": team(changes, at_shift_end=rule)}


def test_queueing_is_waiting_behind_others_while_somebody_is_there() -> None:
    """The second comes at 2 and starts at 5, when the first is done."""
    run = ran(a_plan(work("pack", "packers", [5, 3]), teams={"packers": 1}, items=[0, 2]))
    assert [parts_of(run, 0), parts_of(run, 1)] == [{"working": 5}, {"working": 3, "queueing": 3}]


def test_waiting_while_nobody_is_on_shift_is_apart() -> None:
    """Both come at 0, the shift begins at 4: the second waits 4 for it, and then 5 behind the first."""
    run = ran(a_plan(work("pack", "packers", [5, 3]), teams=shift((0, 0), (4, 1)), items=[0, 0]))
    assert parts_of(run, 0) == {"working": 5, "nobody": 4}
    assert parts_of(run, 1) == {"working": 3, "queueing": 5, "nobody": 4}


def test_a_job_paused_over_night_waits_for_the_shift() -> None:
    """Of 5 of work 3 are done when the shift ends at 3; it goes on at 7."""
    run = ran(a_plan(work("pack", "packers", 5), teams=shift((0, 1), (3, 0), (7, 1), rule="pause"), items=[0]))
    assert parts_of(run, 0) == {"working": 5, "nobody": 4}


def test_a_job_paused_while_others_are_there_queues() -> None:
    """From 4 on there is one for two jobs: the second stops until the first is done at 10."""
    run = ran(a_plan(work("pack", "packers", 10), teams=shift((0, 2), (4, 1), rule="pause"), items=[0, 0]))
    assert parts_of(run, 0) == {"working": 10}
    assert parts_of(run, 1) == {"working": 10, "queueing": 6}


def test_overtime_is_work() -> None:
    """The shift ends at 3; under ``finish`` the job in hand goes on to 5."""
    run = ran(a_plan(work("pack", "packers", 5), teams=shift((0, 1), (3, 0), (9, 1)), items=[0]))
    assert parts_of(run, 0) == {"working": 5}


def test_nobody_means_nobody_of_the_queues_own_team() -> None:
    """Helpers come at 4, the team itself never: it was closed until they came, and for the second until its start."""
    teams = {"packers": team(0, helpers=("pickers",)), "pickers": team([(0, 0), (4, 1)])}
    run = ran(a_plan(work("pack", "packers", 3), teams=teams, items=[0, 0]))
    assert [parts_of(run, 0), parts_of(run, 1)] == [{"working": 3, "nobody": 4}, {"working": 3, "nobody": 7}]


def test_somebody_is_there_while_people_work_in_overtime() -> None:
    """The shift ends at 3 and one may stay to 20: the first is packed until 5, the second in overtime until 10.

    The third comes at 12, when all have gone home: it waits until 30 for nobody.
    """
    teams = {"packers": team([(0, 1, 1, 0), (3, 0, 0, 1), (20, 0, 0, 0), (30, 1, 1, 0)])}
    run = ran(a_plan(work("pack", "packers", 5), teams=teams, items=[0, 2, 12]))
    assert run.records.visits.started.tolist() == [0, 5, 30]
    assert [parts_of(run, number) for number in range(3)] == [
        {"working": 5}, {"working": 5, "queueing": 3}, {"working": 5, "nobody": 18},
    ]  # fmt: skip


def test_who_only_finishes_a_job_after_the_shift_is_nobody() -> None:
    """Without overtime the job in hand ends at 5, two after the shift, and the second waits from 3 to 9 for nobody."""
    run = ran(a_plan(work("pack", "packers", 5), teams=shift((0, 1), (3, 0), (9, 1)), items=[0, 2]))
    assert parts_of(run, 1) == {"working": 5, "queueing": 1, "nobody": 6}


def test_who_gave_up_only_queued() -> None:
    """Patience ends at 3, behind a job of 9."""
    plan = a_plan(work("pack", "packers", 9, patience=3, lost="out"), leave("out"), teams={"packers": 1}, items=[0, 0])
    assert parts_of(ran(plan), 1) == {"queueing": 3}


def test_batch_documents_and_transit_have_parts_of_their_own() -> None:
    """To the truck of 9; 4 on the way; goods that come at 0 for papers that take 6."""
    run = ran(a_plan(gate("truck"), wait("road", 4), gates={"truck": truck([(9, 5)])}, items=[2]))
    assert parts_of(run, 0) == {"batch": 7, "transit": 4}
    flows = {"goods": [meet("goods_meet")], "papers": [wait("filing", 6), meet("papers_meet")]}
    run = ran(a_plan(flows=flows, items=[item(0, "goods"), item(0, "papers", companion=0)]))
    assert parts_of(run, 0) == {"documents": 6}


def test_visits_under_way_count_nothing() -> None:
    """At the end at 4 the job of 9 is in hand: where its time goes is not known before it is done."""
    run = ran(a_plan(work("pack", "packers", 9), teams={"packers": 1}, items=[0, 1], end=4))
    assert (parts_of(run, 0), parts_of(run, 1)) == ({}, {})


def test_hold_and_rework_of_a_declaration_that_is_wrong_twice() -> None:
    """Read for 20 min, corrected for 3 h, read again for 20 min (rework), and rejected."""
    run = run_of("""
flows: {orders: {arrivals: {times: {at: [08:00]}}, route: [inspection]}}
stages: {inspection: {documents: {team: officers, work: 20 min}, accuracy: 0 %, correction: {wait: 3 h, at_most: 2}}}
teams: {officers: {staff: 1}}
""")
    found = numbers(run)
    expected = {"working": 2 / 3, "hold": 3.0, "rework": 1 / 3, "queueing": 0.0, "transit": 0.0}
    assert {name: found[f"hours.{name}"] for name in expected} == pytest.approx(expected)
    assert found["outcome.rejected"] == 1.0


def test_hours_by_stage_are_means_over_the_orders_that_ended() -> None:
    """Packed in 30 min each, the second after 30 min behind the first; both wait for the 10:00 truck, and ride 2 h."""
    run = run_of("""
flows: {orders: {arrivals: {times: {at: [08:00]}, batch: 2}, route: [packing, delivery]}}
stages:
  packing: {team: packers, work: 30 min}
  delivery: {trucks: {departures: [10:00]}, line_haul: 2 h}
teams: {packers: {staff: 1}}
""")
    table = curves(run).hours
    assert table.loc["packing", ["working", "queueing", "batch"]].tolist() == [0.5, 0.25, 0.0]
    assert table.loc["delivery", ["working", "batch", "transit", "rework"]].tolist() == [0.0, 1.25, 2.0, 0.0]


@pytest.mark.parametrize("end", ["horizon", "drain"])
def test_the_parts_of_every_order_add_up_to_the_millisecond(end: str) -> None:
    """With everything on, each item that left spent in its parts, one by one, exactly the time from coming to leaving."""
    run = ran(compile_plan(world(EVERYTHING, f"clock.end={end}")))
    sums = np.zeros(len(run.plan.items), dtype=np.int64)
    rows = np.arange(len(run.records.visits))
    for name in PARTS:
        part = run.hours.part(name, rows)
        assert (part >= 0).all()
        np.add.at(sums, run.records.visits.item, part)
    left = run.records.items.left
    done = left != NEVER
    assert done.sum() > 500
    assert (sums[done] == (left - run.plan.items.arrived)[done]).all()
