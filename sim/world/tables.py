"""CSV files that a scenario names: columns of text, with the line on which each value stands."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class CsvTable:
    """The rows of a CSV file under its header; lines that begin with ``#`` and blank ones are left out."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, name: str, parse: Callable[[str], Parsed], wanted: str) -> list[Parsed]:
        """A column, each value parsed. Raises ValueError with the first line that ``parse`` refuses, and how many do."""
        if name not in self.header:
            raise ValueError(f"{self.path} has no column '{name}'; it has {', '.join(self.header)}")
        position = self.header.index(name)
        parsed: list[Parsed] = []
        bad: list[int] = []
        for number, row in enumerate(self.rows):
            try:
                parsed.append(parse(row[position]))
            except ValueError:
                bad.append(number)
        if bad:
            first = self.rows[bad[0]][position]
            raise ValueError(
                f"{self.path}, line {self.lines[bad[0]]}: {name}: '{first}' is not {wanted}"
                f" ({len(bad)} of {len(self.rows)} rows are wrong)"
            )
        return parsed


def read_csv(path: Path) -> CsvTable:
    """Read a whole CSV file. Raises ValueError where it cannot be read, is empty, or a row is longer or shorter.

    >>> read_csv(Path("no_such_file.csv"))
    Traceback (most recent call last):
    ValueError: no_such_file.csv cannot be read: No such file or directory
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            numbered = [(reader.line_num, row) for row in reader if row and not row[0].startswith("#")]
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path} is not a CSV file in UTF-8") from None
    if not numbered:
        raise ValueError(f"{path} is empty: it needs a line of column names and rows below it")
    (_, header), *rest = numbered
    for line, row in rest:
        if len(row) != len(header):
            raise ValueError(f"{path}, line {line}: has {len(row)} values where the header has {len(header)}")
    return CsvTable(path, tuple(header), tuple(tuple(row) for _, row in rest), tuple(line for line, _ in rest))
