"""Records as Parquet: what is read back is what was run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.engine import simpy_model
from sim.engine.records import Records
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.steps import Outcome
from sim.show.records import RecordsWriter
from tests.show.results import site


@pytest.fixture(scope="module")
def ran() -> tuple[Plan, Records]:
    """One replication of the site, which has pauses, documents and orders that are lost."""
    plan = compile_plan(site().scenario, 7, 3)
    return plan, simpy_model.run(plan)


@pytest.fixture(scope="module")
def folder(ran: tuple[Plan, Records], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its records, written."""
    folder = tmp_path_factory.mktemp("records")
    RecordsWriter(folder)(*ran)
    return folder


def read(folder: Path, table: str) -> pd.DataFrame:
    """One table, as a notebook reads it: all files of its folder."""
    return pd.read_parquet(folder / table)


def test_visits_read_back_are_those_of_the_run(ran: tuple[Plan, Records], folder: Path) -> None:
    """Every row and column, with flow and step as names that lead to the same step."""
    (plan, records), visits = ran, read(folder, "visits")
    steps = [plan.step_number[key] for key in zip(visits["flow"], visits["step"], strict=True)]
    assert np.array_equal(steps, records.visits.step)
    teams = [-1 if pd.isna(name) else plan.team_keys.index(name) for name in visits["team"]]
    assert np.array_equal(teams, records.visits.team)
    assert [plan.step_names[step].stage for step in steps] == list(visits["stage"])
    for column, own in (
        ("item", "item"),
        ("attempt", "attempt"),
        ("joined_ms", "joined"),
        ("started_ms", "started"),
        ("ended_ms", "ended"),
    ):
        assert np.array_equal(visits[column], getattr(records.visits, own)), column
    assert set(visits["replication"]) == {3}


def test_spells_read_back_are_those_of_the_run(ran: tuple[Plan, Records], folder: Path) -> None:
    """The site's packers are paused at the end of their shifts, so there are some."""
    (_, records), spells = ran, read(folder, "spells")
    assert len(spells) > 0
    for column, own in (("item", "item"), ("spell", "spell"), ("begin_ms", "begin"), ("end_ms", "end")):
        assert np.array_equal(spells[column], getattr(records.spells, own)), column


def test_items_read_back_are_those_of_the_plan_with_their_ends(ran: tuple[Plan, Records], folder: Path) -> None:
    """Arrival, class and what became of each; who is inside has no outcome."""
    (plan, records), items = ran, read(folder, "items")
    assert np.array_equal(items["arrived_ms"], plan.items.arrived)
    assert np.array_equal(items["left_ms"], records.items.left)
    assert list(items["flow"]) == [plan.flow_keys[flow] for flow in plan.items.flow]
    assert list(items["class"]) == [plan.class_keys[number] for number in plan.items.goods_class]
    named = [None if outcome < 0 else Outcome(outcome).name.lower() for outcome in records.items.outcome]
    assert [None if pd.isna(outcome) else outcome for outcome in items["outcome"]] == named
    assert set(items["outcome"]) >= {"delivered", "stocked", "accepted"}


def test_the_file_says_when_its_clock_starts(ran: tuple[Plan, Records], folder: Path) -> None:
    """Start, seed and end of the run travel with the table."""
    about = pq.read_schema(folder / "visits" / "replication-0003.parquet").metadata
    assert about[b"start"] == b"2026-11-02T00:00:00"
    assert about[b"seed"] == b"7"
    assert about[b"ended_ms"] == str(ran[1].ended_ms).encode()


def test_replications_stand_beside_each_other(ran: tuple[Plan, Records], tmp_path: Path) -> None:
    """A second replication is a second file, and a reader of the folder gets both."""
    write = RecordsWriter(tmp_path)
    write(*ran)
    other = compile_plan(site().scenario, 7, 4)
    write(other, simpy_model.run(other))
    items = read(tmp_path, "items")
    assert items["replication"].value_counts().to_dict() == {3: len(ran[0].items), 4: len(other.items)}
