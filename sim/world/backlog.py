"""What is on the floor when the run starts, order by order, from a CSV file: tonight's snapshot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import PrivateAttr, ValidationInfo, model_validator

from sim.world.tables import CsvTable, read_csv
from sim.world.units import Model, parse_moment


class Backlog(Model):
    """Orders that are inside at the start, a row each in the file ``orders``.

    Columns: ``order`` (its name), ``stage`` (where it is; its work there begins anew), ``since`` (when it was placed:
    its promises count from then, and who was placed first is served first), and if wanted ``class`` and ``flow``.
    A class that is not said is drawn; a flow need not be said where only one carries orders.
    """

    orders: str
    _table: pd.DataFrame = PrivateAttr()
    _path: Path = PrivateAttr()

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Backlog:
        self._path = (info.context or {}).get("folder", Path()) / self.orders
        self._table = _orders_in(read_csv(self._path))
        return self

    def __eq__(self, other: object) -> bool:
        """Equal are those that say the same and found the same orders."""
        return isinstance(other, Backlog) and dict(self) == dict(other) and self._table.equals(other._table)

    @property
    def table(self) -> pd.DataFrame:
        """Columns order, stage, since (datetime), class and flow ('' = not said), line; who came first is first."""
        return self._table

    def place(self, line: int) -> str:
        """File and line, as messages name them."""
        return f"{self._path}, line {line}"

    def of_flow(self, flow: str, only: bool) -> pd.DataFrame:
        """The rows of one flow; rows that name none belong to it if it is the ``only`` one."""
        named = self._table["flow"]
        return self._table[(named == flow) | ((named == "") & only)]


def _orders_in(table: CsvTable) -> pd.DataFrame:
    columns: dict[str, Any] = {
        "order": table.column("order", _name, "the name of an order"),
        "stage": table.column("stage", _name, "the key of a stage"),
        "since": np.array(table.column("since", parse_moment, "a date and time without a zone"), "M8[us]"),
    }
    for name in ("class", "flow"):
        columns[name] = table.column(name, str.strip, "a key") if name in table.header else [""] * len(table.rows)
    columns["line"] = list(table.lines)
    first: dict[str, int] = {}
    for order, line in zip(columns["order"], table.lines, strict=True):
        if order in first:
            raise ValueError(f"{table.path}, line {line}: order '{order}' stands on line {first[order]} already")
        first[order] = line
    if not table.rows:
        raise ValueError(f"{table.path} has no orders")
    return pd.DataFrame(columns).sort_values("since", kind="stable", ignore_index=True)


def _name(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text.strip()


def since_ms(rows: pd.DataFrame, start: datetime) -> np.ndarray[Any, np.dtype[np.int64]]:
    """When each row's order was placed, in milliseconds from the start: at most 0."""
    return np.asarray(
        (rows["since"].to_numpy() - np.datetime64(start, "us")) // np.timedelta64(1, "ms"), dtype=np.int64
    )
