"""Tonight, from a snapshot: a floor of two teams whose evening can be worked out by hand, on both engines."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.night import night_of
from sim.analysis.run import Run
from sim.engine import engines
from sim.plan.backlog import backlog_items
from sim.plan.compile import compile_plan
from sim.show.tonight import sentence, tonight_json
from sim.study.replicate import Settings
from sim.study.tonight import Move, Tonight, snapshot_file, tonight, with_moved
from sim.world.errors import ScenarioError
from sim.world.files import from_text

HOUR_MS = 3_600_000
# One packer for an hour an order, two loaders for ten minutes; one new order at 8:30.
FLOOR = """
schema: 1
clock: {start: 2026-11-02 08:00, length: 1 d}
flows:
  orders:
    arrivals: {times: {at: ["08:30"]}}
    route: [packing, delivery]
    classes: {normal: {share: 1}, express: {share: 0}}
stages:
  packing: {team: packers, work: 1 h}
  delivery: {loading: {team: loaders, work: 10 min}, last_mile: 5 h}
teams:
  packers: {staff: 1}
  loaders: {staff: 2}
promises:
  within_3h: {to: dispatched, within: 3 h}
  express_6h: {to: delivered, within: 6 h, classes: [express]}
"""
# B was placed first and is packed first, until 9; loaded at 9:10, ten minutes late. A is packed until 10, and late by ten
# minutes too. C is loaded at once.
SNAPSHOT = """order,stage,since,class
A,packing,2026-11-02 07:00,
B,packing,2026-11-02 06:00,express
C,delivery,2026-11-02 05:30,normal
"""


@pytest.fixture
def floor(tmp_path: Path) -> tuple[Path, Path]:
    """The files of the scenario and of the snapshot."""
    scenario, backlog = tmp_path / "floor.yaml", tmp_path / "tonight.csv"
    scenario.write_text(FLOOR, encoding="utf-8")
    backlog.write_text(SNAPSHOT, encoding="utf-8")
    return scenario, backlog


@pytest.fixture(params=sorted(engines.ENGINES))
def found(request: pytest.FixtureRequest, floor: tuple[Path, Path]) -> Tonight:
    """The answer, on either engine."""
    return tonight(snapshot_file(*floor), Settings(replications=3, engine=request.param))


def order(found: Tonight, name: str) -> pd.Series:
    """The row of one order."""
    return found.orders.set_index("order").loc[name]


def test_the_floor_is_clear_when_its_last_order_is_dispatched(found: Tonight) -> None:
    """A, at 10:10; the new order of 8:30, packed after A, does not belong to it."""
    assert found.clear_h.mean == pytest.approx(2 + 10 / 60)
    assert sentence(found).startswith("The floor is clear on Mon 2 Nov 10:10")


def test_promises_count_from_when_an_order_was_placed(found: Tonight) -> None:
    """Two of three are dispatched more than 3 h after they were placed, in every replication."""
    assert found.promise == "within_3h"
    assert found.late is not None
    assert found.late.mean == 2
    assert [order(found, name)["late.within_3h"] for name in "ABC"] == [1, 1, 0]
    assert order(found, "B")["dispatched"] == pd.Timestamp("2026-11-02 09:10")
    assert order(found, "B")["delivered"] == pd.Timestamp("2026-11-02 14:10")
    assert order(found, "C")["placed"] == pd.Timestamp("2026-11-02 05:30")
    # Wilson's interval for 3 of 3 is 1 / (1 + 1.96^2 / 3) to 1.
    assert order(found, "A")["late_low.within_3h"] == pytest.approx(1 / (1 + 1.959964**2 / 3), rel=1e-6)


def test_a_promise_to_one_class_says_nothing_of_others(found: Tonight) -> None:
    """Only B is express; it is delivered eight hours after it was placed. A's class is drawn: normal, the only one with a share."""
    assert order(found, "B")["late.express_6h"] == 1
    assert np.isnan(order(found, "A")["late.express_6h"])
    assert order(found, "A")["goods_class"] == "normal"


def test_it_names_who_is_waited_for_and_who_is_idle(found: Tonight) -> None:
    """A waits an hour for the packer, who is never idle; the loaders work half an hour of twice 2 h 10 min."""
    assert found.teams.index[0] == "packers"
    assert found.teams.loc["packers"].tolist() == pytest.approx([1, 0])
    assert found.teams.loc["loaders"].tolist() == pytest.approx([0, 2 * 130 / 60 - 0.5])


def test_it_tries_what_moving_one_person_does(found: Tonight) -> None:
    """A loader who packs: A and B are packed by 9 and loaded by 9:20, so that A is in time."""
    [moved] = found.moves
    assert moved.move == Move("loaders", "", "packers")
    assert moved.clear_h.mean == pytest.approx(-50 / 60)
    assert moved.late.mean == -1


def test_the_answer_as_json_holds_every_order(found: Tonight) -> None:
    """Plain values, with null for what has no value."""
    said = json.loads(json.dumps(tonight_json(found), allow_nan=False))
    assert {row["order"] for row in said["orders"]} == {"A", "B", "C"}
    [express] = [row["late.express_6h"] for row in said["orders"] if row["order"] == "A"]
    assert express is None
    assert said["moves"][0]["from"] == "loaders"
    assert said["at"] == "2026-11-02T08:00:00"


def test_one_moves_with_the_hours_of_a_shift() -> None:
    """From 07-15 with three there are two left, and the other team has one more from 07 to 15."""
    text = FLOOR.replace(
        "loaders: {staff: 2}",
        "loaders: {shifts: {early: {from: '07:00', to: '15:00', staff: 3}, late: {from: '15:00', to: '22:00', staff: 1}}}",
    )
    moved = with_moved(from_text(text, Path()).scenario, Move("loaders", "early", "packers"))
    start, end_ms = datetime(2026, 11, 2), 24 * HOUR_MS

    def there(team: str) -> list[tuple[float, int]]:
        times, heads = moved.teams[team].head_counts(start, end_ms, lambda *_: 0)
        return [(at / HOUR_MS, int(count)) for at, count in zip(times, heads, strict=True)]

    assert there("loaders") == [(0, 0), (7, 2), (15, 1), (22, 0)]
    assert there("packers") == [(0, 1), (7, 2), (15, 1)]


def test_a_floor_that_is_not_clear_in_the_run_is_not_called_clear(floor: tuple[Path, Path]) -> None:
    """A drain of one hour ends before A is packed."""
    file = snapshot_file(*floor, settings=["stages.packing.work.per_order=30 d"])
    plan = compile_plan(
        file.scenario.model_copy(update={"clock": file.scenario.clock.model_copy(update={"drain_limit": HOUR_MS})})
    )
    night = night_of(Run(plan, engines.run(plan)))
    assert night.clear_ms == -1
    assert night.orders.set_index("order")["dispatched_ms"].tolist().count(-1) == 2
    assert night.orders["late.within_3h"].tolist().count(True) == 2


def test_the_snapshot_comes_after_what_the_start_counts(floor: tuple[Path, Path]) -> None:
    """``start`` puts one nameless order at packing; the rows of the file are the other items, who was placed first is first."""
    text = FLOOR + f"start: {{orders: {{packing: 1}}}}\nbacklog: {{orders: {floor[1]}}}\n"
    plan = compile_plan(from_text(text, Path()).scenario)
    table = backlog_items(plan)
    assert table["order"].tolist() == ["C", "B", "A"]
    assert table["placed_ms"].tolist() == [-2.5 * HOUR_MS, -2 * HOUR_MS, -1 * HOUR_MS]
    assert table["item"].tolist() == [1, 2, 3]
    # The due moment counts from when it was placed, although an engine lets it join at 0.
    assert plan.items.due[:4].tolist() == [at * HOUR_MS for at in (3, 0.5, 1, 2)]
    assert plan.items.arrived[:4].tolist() == [0, 0, 0, 0]


def test_the_time_of_the_snapshot_moves_the_start(floor: tuple[Path, Path]) -> None:
    """An hour later nothing has been packed yet, and the floor is clear an hour later."""
    found = tonight(snapshot_file(*floor, at=datetime(2026, 11, 2, 9)), Settings(replications=1))
    assert sentence(found).startswith("The floor is clear on Mon 2 Nov 11:10.")


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ("B,packing", "B,packin", "line 3: stage: flow 'orders' does not visit 'packin'; did you mean 'packing'?"),
        ("06:00", "6 o'clock", "line 3: since: '2026-11-02 6 o'clock' is not a date and time without a zone (1 of 3 rows are wrong)"),
        ("C,delivery", "A,delivery", "line 4: order 'A' stands on line 2 already"),
        ("2026-11-02 07:00", "2026-11-02 08:01", "line 2: since: 2026-11-02 08:01 is after the scenario's start, 2026-11-02 08:00"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_snapshot_is_named_by_its_line(
    floor: tuple[Path, Path], before: str, after: str, finding: str
) -> None:
    """The file and the line come first, not the setting by which the file came in."""
    floor[1].write_text(SNAPSHOT.replace(before, after), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        snapshot_file(*floor)
    assert refused.value.findings == (f"{floor[1]}, {finding}",)


def test_without_a_snapshot_there_is_no_tonight() -> None:
    """A scenario as such has none."""
    with pytest.raises(ScenarioError, match="no snapshot"):
        tonight(from_text(FLOOR, Path()))


STOCKED = (
    FLOOR.replace("    route: [packing, delivery]", "    route: [packing, delivery]\n    from_stock: {}")
    + """
stock: {skus: {milk: 50 %, tea: 50 %}, on_hand: 100}
"""
)


def test_stock_is_what_the_snapshot_says(tmp_path: Path) -> None:
    """Of milk five units lie there, of tea, which the file does not name, none."""
    scenario, floor, stock = tmp_path / "floor.yaml", tmp_path / "floor.csv", tmp_path / "stock.csv"
    scenario.write_text(STOCKED, encoding="utf-8")
    floor.write_text("order,stage,since\nA,packing,2026-11-02 07:00\n", encoding="utf-8")
    stock.write_text("sku,units\nmilk,5\n", encoding="utf-8")
    plan = compile_plan(snapshot_file(scenario, floor, stock=stock).scenario)
    assert plan.stock.skus["on_hand"].tolist() == [5, 0]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("sku,units\nmilk,5\nmikl,3\n", "line 3: no SKU 'mikl'; did you mean 'milk'?"),
        ("sku,units\nmilk,5\nmilk,3\n", "line 3: SKU 'milk' stands on line 2 already"),
        ("sku,units\nmilk,-5\n", "line 2: units: '-5' is not a whole number of units"),
        ("sku,number\nmilk,5\n", "has no column 'units'"),
    ],
)
def test_a_wrong_snapshot_of_stock_is_named_by_line(tmp_path: Path, text: str, rule: str) -> None:
    """File, line and rule."""
    scenario, floor, stock = tmp_path / "floor.yaml", tmp_path / "floor.csv", tmp_path / "stock.csv"
    scenario.write_text(STOCKED, encoding="utf-8")
    floor.write_text("order,stage,since\nA,packing,2026-11-02 07:00\n", encoding="utf-8")
    stock.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        snapshot_file(scenario, floor, stock=stock)
    assert str(stock) in str(told.value)
    assert rule in str(told.value)
