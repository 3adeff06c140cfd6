"""The common ground of studies: the same answers wherever they come from, kept, and never a wrong one."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.run import Measure, Run
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_file
from sim.study.evaluate import Evaluator, Plans, Point, evaluator
from sim.study.question import Everything, Measures, OrdersAndMoney
from sim.study.store import Store, StoreError
from sim.study.workers import Here, Local
from sim.world.errors import ScenarioError
from tests.study.worlds import desk

FILE = desk()
THREE = [Point(FILE, 1, number) for number in range(3)]


@pytest.fixture(scope="module")
def answers() -> list[Measures]:
    """Three replications, worked out one after the other."""
    with evaluator(places=1) as evaluate:
        return evaluate(THREE)


@dataclass(frozen=True)
class DiesOnce:
    """A question whose worker dies at the second replication, the first time that it is asked."""

    mark: str
    key: str = "dies once"

    def __call__(self, run: Run) -> Measures:
        """How many items there were."""
        if run.plan.replication == 1 and not Path(self.mark).exists():
            Path(self.mark).touch()
            os._exit(1)
        return {"items": Measure(float(len(run.plan.items)), "items")}


def kept_in(store: Path, points: list[Point]) -> tuple[list[Measures], int]:
    """Answers by way of a store, and how many of them were worked out anew."""
    with evaluator(places=1, store=store) as evaluate:
        found = evaluate(points)
        return found, evaluate.counts.run


def test_threads_find_the_same_answers_in_the_same_order(answers: list[Measures]) -> None:
    """Whichever ends first."""
    with evaluator(places=2, kind="threads") as evaluate:
        assert repr(evaluate(THREE[::-1])) == repr(answers[::-1])


def test_a_process_that_dies_is_replaced_and_the_answers_are_the_same(tmp_path: Path) -> None:
    """The point is run again by another, and nothing is lost."""
    question = DiesOnce(str(tmp_path / "mark"))
    workers = Local(2, patience_s=0.0)
    try:
        found = Evaluator(workers)(THREE, question)
    finally:
        workers.close()
    assert (tmp_path / "mark").exists()
    expected = [float(len(compile_file(FILE, 1, number).items)) for number in range(3)]
    assert [one["items"].value for one in found] == expected


def test_a_worker_that_always_dies_is_an_error_and_not_a_loop() -> None:
    """After three tries."""

    class Dying(Here):
        tries = 0

        def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
            self.tries += 1
            future: Future[Any] = Future()

            future.set_exception(BrokenProcessPool("gone"))
            return future

    workers = Dying()
    with pytest.raises(RuntimeError, match="gone"):
        Evaluator(workers)(THREE[:1])
    assert workers.tries == 3


def test_what_was_asked_before_is_not_run_again(tmp_path: Path, answers: list[Measures]) -> None:
    """A study that was stopped after one point goes on with the other two; asked again, nothing runs."""
    store = tmp_path / "store.sqlite"
    assert kept_in(store, THREE[:1])[1] == 1
    found, run = kept_in(store, THREE)
    assert run == 2
    assert kept_in(store, THREE)[1] == 0
    assert repr(found) == repr(kept_in(store, THREE)[0]) == repr(answers)  # NaN and infinity too


def test_each_point_is_kept_as_it_comes(tmp_path: Path) -> None:
    """A study that breaks at its last point has kept the others."""
    impossible = desk().changed("stages.desk.work=40 d")  # a drawn time of 49 days or more is refused
    bad = impossible.changed("stages.desk.work=50 d")
    with pytest.raises(ScenarioError), evaluator(places=1, store=tmp_path / "store.sqlite") as evaluate:
        evaluate([*THREE[:2], Point(bad, 1, 0)])
    assert kept_in(tmp_path / "store.sqlite", THREE[:2])[1] == 0


def test_a_damaged_answer_is_worked_out_again(tmp_path: Path, answers: list[Measures]) -> None:
    """Its checksum does not match: one of three is run, and the numbers are right."""
    store = tmp_path / "store.sqlite"
    kept_in(store, THREE)
    with sqlite3.connect(store) as file:
        file.execute("update points set answer = replace(answer, '0.9', '0.8') where replication = 1")
    file.close()
    found, run = kept_in(store, THREE)
    assert run == 1
    assert repr(found) == repr(answers)


def test_answers_of_another_seed_scenario_question_or_model_are_not_taken(tmp_path: Path) -> None:
    """Each has its own address."""
    path = tmp_path / "store.sqlite"
    kept_in(path, THREE[:1])
    assert kept_in(path, [Point(FILE, 2, 0)])[1] == 1
    assert kept_in(path, [Point(desk("teams.clerks.wage=31"), 1, 0)])[1] == 1
    with Store(path, model="another") as store:
        evaluate = Evaluator(Here(), store)
        evaluate(THREE[:1])
        assert evaluate.counts.run == 1
    with evaluator(places=1, store=path) as evaluate:
        evaluate(THREE[:1], OrdersAndMoney())
        assert evaluate.counts.run == 1


def test_the_store_can_be_queried_with_sql(tmp_path: Path, answers: list[Measures]) -> None:
    """A view with a row for each measure."""
    kept_in(tmp_path / "store.sqlite", THREE)
    file = sqlite3.connect(tmp_path / "store.sqlite")
    rows = file.execute("select avg(value), unit from measures where measure = 'wait.desk.mean'").fetchall()
    file.close()
    mean = np.mean([one["wait.desk.mean"].value for one in answers])
    assert rows == [(pytest.approx(mean), "h")]


def test_a_store_that_is_no_database_or_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    """Naming the file and what to do."""
    (tmp_path / "letter.txt").write_text("dear all, " * 200)
    with pytest.raises(StoreError, match=r"letter.txt: cannot keep answers here: .*it is damaged; delete it"):
        Store(tmp_path / "letter.txt")
    with pytest.raises(StoreError, match="name another with --store"):
        Store(tmp_path / "letter.txt" / "store.sqlite")


def test_a_full_disk_is_a_clear_error(tmp_path: Path) -> None:
    """SQLite is told that its file may not grow."""
    store = Store(tmp_path / "store.sqlite")
    store._file.execute("pragma max_page_count = 1")
    with pytest.raises(StoreError, match="full"):
        Evaluator(Here(), store)(THREE[:1])
    store.__exit__(None, None, None)


def test_a_plan_with_other_staff_is_that_of_the_changed_scenario() -> None:
    """Its Records are equal, row by row, to those of a Plan that was drawn anew."""
    changed = FILE.changed("teams.clerks.shifts.day.staff=2", "teams.clerks.shifts.night.from='13:00'")
    plan, like = compile_file(changed, 1, 0), compile_file(FILE, 1, 0)
    records, shared = run_engine(plan), run_engine(Plans(10**9).restaffed(FILE, changed, 1, 0))
    assert np.array_equal(records.items.left, shared.items.left)
    assert np.array_equal(records.visits.started, shared.visits.started)
    assert not np.array_equal(records.items.left, run_engine(like).items.left)


def test_the_same_answers_come_by_way_of_a_plan_that_is_shared() -> None:
    """``like`` saves drawing, and changes nothing."""
    changed = FILE.changed("teams.clerks.shifts.day.staff=2")
    with evaluator(places=1) as one, evaluator(places=1) as other:
        assert repr(one([Point(changed, 1, 0, FILE)])) == repr(other([Point(changed, 1, 0)], Everything()))


def test_staff_that_is_absent_by_chance_differs_from_replication_to_replication() -> None:
    """Head-counts are kept from one to the next only where they are the same."""
    plans, sick = Plans(10**9), FILE.changed("teams.clerks.absence=30 %")
    found = [plans.restaffed(FILE, sick, 1, number) for number in range(3)]
    assert all(np.array_equal(one.staff, compile_file(sick, 1, number).staff) for number, one in enumerate(found))
    assert not np.array_equal(found[0].staff, found[1].staff)
    steady = [plans.restaffed(FILE, FILE, 1, number).staff for number in range(2)]
    assert steady[0] is steady[1]
