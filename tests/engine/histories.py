"""Records as lines of text that a test can write out by hand, and as bytes that can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.records import NEVER, Records
from sim.plan.plan import NONE, NOT_YET, Plan
from sim.plan.steps import Outcome


def history(plan: Plan, records: Records) -> list[str]:
    """All that was written down, item by item: its visits, its spells of work, and how it left.

    A visit is ``item step team joined started ended``, with ``step#1`` for the second visit to the step, no team
    where none began, and ``-`` for what never happened. A spell is ``item step spell number team begin end``.
    The last line of an item is ``item outcome left``, ``item inside``, or ``item never came`` for a lot not ordered.
    """
    for table in (records.visits, records.spells):
        assert (np.diff(table.item) >= 0).all(), "rows must be sorted by item"
    lines = []
    for number in range(len(plan.items)):
        lines += [f"{number} {text}" for text in _visits(plan, records, number)]
        lines += [f"{number} {text}" for text in _spells(plan, records, number)]
        left, outcome = records.items.left[number], records.items.outcome[number]
        assert (left == NEVER) == (outcome == Outcome.NONE)
        inside = "never came" if records.items.arrived[number] == NOT_YET else "inside"
        lines.append(f"{number} {inside}" if left == NEVER else f"{number} {Outcome(outcome).name.lower()} {left}")
    return lines


def stock_history(plan: Plan, records: Records) -> list[str]:
    """How each SKU stood after each moment at which it changed: ``sku at free reserved short on_order``."""
    table = records.stock
    columns = (table.sku, table.at, table.free, table.reserved, table.short, table.on_order)
    return [_line(plan.stock.sku_keys[sku], *numbers) for sku, *numbers in zip(*columns, strict=True)]


def lines(text: str) -> list[str]:
    """A history written by hand: more blanks than one do not count, and what follows ``#`` set apart is a remark."""
    rows = (" ".join(row.partition(" # ")[0].split()) for row in text.splitlines())
    return [row for row in rows if row]


def tables(records: Records) -> dict[str, NDArray[np.int64]]:
    """Every column of the Records by its name."""
    found = {
        f"{name}.{column.name}": getattr(getattr(records, name), column.name)
        for name in ("visits", "spells", "items", "stock", "rates")
        for column in fields(getattr(records, name))
    }
    return {**found, "ended_ms": np.array([records.ended_ms], dtype=np.int64)}


def assert_same(one: Records, other: Records) -> None:
    """Every row and every column, exactly."""
    others = tables(other)
    for name, column in tables(one).items():
        np.testing.assert_array_equal(column, others[name], err_msg=name, strict=True)


def digest(records: Records) -> str:
    """A fingerprint of every row and column."""
    content = hashlib.sha256()
    for name, column in tables(records).items():
        content.update(f"{name} {column.dtype} {len(column)}".encode())
        content.update(np.ascontiguousarray(column).tobytes())
    return content.hexdigest()


def _visits(plan: Plan, records: Records, item: int) -> list[str]:
    rows = records.visits
    return [
        _line(_step(plan, rows, row), _team(plan, rows.team[row]), rows.joined[row], rows.started[row], rows.ended[row])
        for row in np.flatnonzero(rows.item == item)
    ]


def _spells(plan: Plan, records: Records, item: int) -> list[str]:
    rows = records.spells
    return [
        _line(
            _step(plan, rows, row), f"spell {rows.spell[row]}", _team(plan, rows.team[row]), rows.begin[row], rows.end[row]
        )
        for row in np.flatnonzero(rows.item == item)
    ]  # fmt: skip


def _step(plan: Plan, rows: Any, row: int) -> str:
    attempt = rows.attempt[row]
    return plan.step_names[rows.step[row]].key + (f"#{attempt}" if attempt else "")


def _team(plan: Plan, number: int) -> str:
    return "" if number == NONE else plan.team_keys[number]


def _line(*words: Any) -> str:
    return " ".join("-" if word == NEVER else str(word) for word in words if word != "")
