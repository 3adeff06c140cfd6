"""The raw records of a run as Parquet files: one for each table and replication, numbers of things as their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.engine.records import Records
from sim.plan.plan import Plan
from sim.plan.steps import Outcome

Ints = NDArray[np.int64]
OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome if outcome >= 0)


@dataclass(frozen=True)
class RecordsWriter:
    """Writes the records of each replication into a folder as soon as it is done, in the process that ran it.

    ``folder/visits``, ``folder/spells`` and ``folder/items`` get a file each; a library that reads Parquet takes
    such a folder for one table. Times are whole milliseconds since the start (which the file names in its
    metadata), -1 = has not happened. Names are flow, stage, step, team, class and outcome; null = none.

    >>> from tempfile import TemporaryDirectory
    >>> from sim.engine.simpy_model import run
    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=2 d"]).scenario)
    >>> with TemporaryDirectory() as folder:
    ...     RecordsWriter(Path(folder))(plan, run(plan))
    ...     pq.read_table(Path(folder) / "visits").column_names[:4]
    ['replication', 'item', 'flow', 'class']
    """

    folder: Path

    def __call__(self, plan: Plan, records: Records) -> None:
        """Write one replication."""
        for name, columns in _tables(plan, records).items():
            folder = self.folder / name
            folder.mkdir(parents=True, exist_ok=True)
            rows = len(next(iter(columns.values())))
            replication = pa.array(np.full(rows, plan.replication, dtype=np.int32))
            table = pa.table({"replication": replication, **columns})
            about = {
                "start": plan.scenario.clock.start.isoformat(),
                "seed": str(plan.seed),
                "ended_ms": str(records.ended_ms),
            }
            path = folder / f"replication-{plan.replication:04d}.parquet"
            pq.write_table(table.replace_schema_metadata(about), path, compression="zstd")


def _tables(plan: Plan, records: Records) -> dict[str, dict[str, Any]]:
    items, visits, spells = plan.items, records.visits, records.spells
    return {
        "items": {
            "item": np.arange(len(items), dtype=np.int64),
            **_kind(plan, np.arange(len(items))),
            "outcome": _named(OUTCOMES, records.items.outcome),
            "arrived_ms": items.arrived,
            "left_ms": records.items.left,
            "due_ms": items.due,
            "priority": items.priority,
            "lines": items.lines,
            "units": items.units,
            "value": items.value,
            "companion": items.companion,
            "backlog": items.backlog,
        },
        "visits": {
            "item": visits.item,
            **_kind(plan, visits.item),
            **_place(plan, visits.step, visits.team),
            "attempt": visits.attempt,
            "joined_ms": visits.joined,
            "started_ms": visits.started,
            "ended_ms": visits.ended,
        },
        "spells": {
            "item": spells.item,
            **_kind(plan, spells.item),
            **_place(plan, spells.step, spells.team),
            "attempt": spells.attempt,
            "spell": spells.spell,
            "begin_ms": spells.begin,
            "end_ms": spells.end,
        },
    }


def _kind(plan: Plan, item: Ints) -> dict[str, Any]:
    return {
        "flow": _named(plan.flow_keys, plan.items.flow[item]),
        "class": _named(plan.class_keys, plan.items.goods_class[item]),
    }


def _place(plan: Plan, step: Ints, team: Ints) -> dict[str, Any]:
    stages = list(dict.fromkeys(name.stage for name in plan.step_names))
    keys = list(dict.fromkeys(name.key for name in plan.step_names))
    stage_of = np.array([stages.index(name.stage) for name in plan.step_names], dtype=np.int64)
    key_of = np.array([keys.index(name.key) for name in plan.step_names], dtype=np.int64)
    return {
        "stage": _named(stages, stage_of[step]),
        "step": _named(keys, key_of[step]),
        "team": _named(plan.team_keys, team),
    }


def _named(names: Sequence[str], numbers: NDArray[np.integer]) -> Any:
    """Numbers of things as their names, each name stored once; -1 becomes null."""
    indices = pa.array(numbers.astype(np.int32), mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), type=pa.string()))
