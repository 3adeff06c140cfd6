"""Answers that are kept: finished points in one SQLite file, addressed by what was asked.

SQLite, not DuckDB over Parquet: points come one at a time and each must be safe at once, which is what a transaction is;
it needs nothing installed, several studies may write to one file, and any tool can query it:

    sqlite3 store.sqlite "select measure, avg(value) from measures where scenario = 'small_site_fortnight' group by measure"
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sim.analysis.run import Measure
from sim.study.question import Measures

MODEL_FOLDERS = ("world", "plan", "engine", "analysis", "study")
BUSY_S = 30.0
SCHEMA = """
create table if not exists points (
    digest text, model text, seed integer, replication integer, question text,
    scenario text, settings text, answer text, crc integer,
    primary key (digest, model, seed, replication, question)
) without rowid;
create view if not exists measures as
    select scenario, settings, digest, model, seed, replication, question, one.key as measure,
           json_extract(one.value, '$[0]') as value, json_extract(one.value, '$[1]') as unit
    from points, json_each(answer) as one;
"""


class StoreError(RuntimeError):
    """The store cannot be read or written; the message says which file, and what to do."""


class Address(NamedTuple):
    """Where an answer is kept: what was run (``digest`` of the scenario, ``seed``, ``replication``) and asked."""

    digest: str
    seed: int
    replication: int
    question: str


class Store:
    """Answers by address, in a file that may be shared by studies and outlives them.

    Every answer carries a checksum; one that does not match is as good as none, and is worked out again. Answers of
    another version of the model are kept apart.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Store(Path(folder) / "store.sqlite") as store:
    ...     store.put(Address("abc", 1, 0, "everything"), {"wait": Measure(1.5, "h")}, "line", ())
    ...     store.get(Address("abc", 1, 0, "everything"))
    {'wait': Measure(value=1.5, unit='h')}
    """

    def __init__(self, path: Path, model: str | None = None) -> None:
        self.path, self.model = path, model or model_version()
        with self._said():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        try:
            with self._said():
                self._file.executescript(SCHEMA)
        except StoreError:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def get(self, address: Address) -> Measures | None:
        """What was found before, or None where nothing (or nothing whole) is kept."""
        wanted = (address.digest, self.model, *address[1:])
        with self._said(), closing(self._file.cursor()) as cursor:
            row = cursor.execute(
                "select answer, crc from points where (digest, model, seed, replication, question) = (?, ?, ?, ?, ?)",
                wanted,
            ).fetchone()
        return None if row is None else _read(*row)

    def put(self, address: Address, found: Measures, scenario: str, settings: tuple[str, ...]) -> None:
        """Keep an answer; it is there whole or not at all."""
        answer = _written(found)
        row = (address.digest, self.model, *address[1:], scenario, json.dumps(settings), answer, _crc(answer))
        with self._said():
            self._file.execute("insert or replace into points values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            hint = "it is damaged; delete it, or name another" if _is_damaged(error) else "name another"
            raise StoreError(
                f"{self.path}: cannot keep answers here: {error} ({hint} with --store, or go without: --no-store)"
            ) from None


def default_path() -> Path:
    """The user's own store: IMPORTFLOW_STORE, or one below the user's folder of caches."""
    said = os.environ.get("IMPORTFLOW_STORE")
    if said:
        return Path(said)
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "importflow" / "store.sqlite"


@cache
def model_version() -> str:
    """A digest of the code that turns scenarios into numbers: answers of other code are never taken for its own."""
    root, content = Path(__file__).resolve().parents[1], hashlib.sha256()
    for folder in MODEL_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            content.update(path.read_bytes())
    return content.hexdigest()[:16]


def _is_damaged(error: Exception) -> bool:
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _crc(answer: str) -> int:
    return zlib.crc32(answer.encode())


def _written(found: Measures) -> str:
    """As JSON that SQLite reads too: NaN is null, and infinity a number too large for any float."""
    parts = (
        f"{json.dumps(name)}: [{_number(measure.value)}, {json.dumps(measure.unit)}]" for name, measure in found.items()
    )
    return "{" + ", ".join(parts) + "}"


def _number(value: float) -> str:
    if math.isnan(value):
        return "null"
    return ("9e999" if value > 0 else "-9e999") if math.isinf(value) else repr(float(value))


def _read(answer: str, crc: int) -> Measures | None:
    if not isinstance(answer, str) or _crc(answer) != crc:
        return None
    found = json.loads(answer)
    return {name: Measure(math.nan if value is None else value, unit) for name, (value, unit) in found.items()}
