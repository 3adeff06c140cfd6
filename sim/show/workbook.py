"""A result as a workbook (XLSX): measures, differences, the tables behind the charts, assumptions; a sheet each.

Numbers are numbers, with their units in the headings or beside them. Text stays text, whatever it begins with: a
scenario's author must not be able to put a formula into the reader's spreadsheet.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from sim.show.differences import value_in_words
from sim.show.export import manifest
from sim.show.figures import charts_of
from sim.show.report import Told, changes_in_words
from sim.study.compare import COLUMNS, headline
from sim.study.paired import difference_in, verdict
from sim.study.replicate import Result
from sim.words import tables as say
from sim.words.measures import CHECK_WORDS, TRUST
from sim.world.written import value_at

LONGEST_NAME, LONGEST_TEXT, WIDEST = 31, 32_000, 60
"""What a spreadsheet takes: letters in the name of a sheet and in a cell; and the width of a column."""
FORMATS = {"share": "0.0 %", "money": "#,##0.00"}
Row = Sequence[Any]


def workbook(result: Result, told: Told, base: Result | None = None) -> bytes:
    r"""The workbook of a result as the bytes of a file.

    Parameters
    ----------
    result
        What was found.
    told
        Title, changes, command and link, as for the report.
    base
        The same scenario without the changes, run with the same seed.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> result = replicate(load(shipped("teaching_line"), ["clock.length=2 d"]), Settings(replications=2))
    >>> workbook(result, Told("Teaching line", "importflow run teaching_line"))[:2]
    b'PK'

    """
    book = Workbook(write_only=True)
    _sheet(book, *say.ABOUT, _about(result, told, base))
    _sheet(book, *say.MEASURES, _measures(result))
    if base is not None:
        headings = [*COLUMNS[2:4], say.IN_BASE, say.IN_PLAN, *COLUMNS[4:8], *COLUMNS[9:]]
        _sheet(book, say.DIFFERENCES, headings, _differences(result, base))
    for name, chart in charts_of(result).items():
        _frame(book, name, chart.table)
    _frame(book, "load_by_team_and_day", result.load.rename(columns=say.LOAD))
    _sheet(book, *say.ASSUMPTIONS, _assumptions(result))
    _sheet(book, *say.CHECKS, _checks(result))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _about(result: Result, told: Told, base: Result | None) -> Iterator[Row]:
    made = manifest(result)
    yield "question", result.file.scenario.question or told.title
    yield "answer", result.sentence
    for change in told.changes or changes_in_words(result, base):
        yield "changed", change
    yield "scenario", result.file.name
    for name in ("seed", "replications", "engine", "importflow", "python", "digest"):
        yield name, made[name]
    yield say.REPEAT_WITH, told.command
    if told.link:
        yield say.OPEN_WITH, told.link


def _measures(result: Result) -> Iterator[Row]:
    for name, found in result.measures.items():
        yield name, *_of_unit(found.unit, found.mean, found.low, found.high), found.unit, found.replications


def _differences(result: Result, base: Result) -> Iterator[Row]:
    """Every measure of both, those that planners ask for first at the top."""
    first = headline(list(result.measures))
    for name in [*first, *(name for name in result.measures if name not in first)]:
        gap = difference_in(name, base.runs, result.runs)
        before = base.measures.get(name)
        if before is not None and gap is not None:
            values = (before.mean, result.measures[name].mean, gap.difference, gap.low, gap.high)
            said = verdict(gap, name, say.BASE, say.PLAN)
            yield name, gap.unit, *_of_unit(gap.unit, *values), gap.p, gap.replications, said


def _assumptions(result: Result) -> Iterator[Row]:
    """Each figure that names its source, as the scenario's file writes it; guesses at the end."""
    sources = result.file.scenario.sources
    for path, source in sorted(sources.items(), key=lambda item: item[1].trust == "G"):
        value = value_at(result.file.raw, path.split("."))
        yield path, value_in_words(value), source.low or "", source.high or "", TRUST[source.trust], source.source


def _checks(result: Result) -> Iterator[Row]:
    for name, holds in result.checks.items():
        yield CHECK_WORDS.get(name, name), say.YES if holds else say.NO


class Formatted(float):
    """A number with the format of its cell."""

    number_format: str

    @classmethod
    def of(cls, value: float, number_format: str) -> Formatted:
        """The number in that format."""
        made = cls(value)
        made.number_format = number_format
        return made


def _of_unit(unit: str, *values: float) -> list[float]:
    number_format = FORMATS.get(unit)
    return [value if number_format is None else Formatted.of(value, number_format) for value in values]


def _frame(book: Workbook, name: str, table: pd.DataFrame) -> None:
    """The table behind a chart; its headings have the units."""
    plain = table if isinstance(table.index, pd.RangeIndex) and table.index.name is None else table.reset_index()
    _sheet(book, name, [str(column) for column in plain.columns], plain.itertuples(index=False, name=None))


def _sheet(book: Workbook, name: str, headings: Sequence[str], rows: Iterable[Row]) -> None:
    sheet: WriteOnlyWorksheet = book.create_sheet(name[:LONGEST_NAME])
    sheet.freeze_panes = "B2"
    lines = [[_cell(sheet, value) for value in row] for row in rows]
    top = [_cell(sheet, heading) for heading in headings]
    for cell in top:
        cell.font = Font(bold=True)
    for number, column in enumerate(zip(top, *lines, strict=False), start=1):
        longest = max(len(str(cell.value or "")) for cell in column if not isinstance(cell.value, float))
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, 10), WIDEST)
    for line in [top, *lines]:
        sheet.append(line)


def _cell(sheet: WriteOnlyWorksheet, value: Any) -> WriteOnlyCell:
    """A value as a cell: what is not known stays empty, and text is text."""
    value = value.item() if hasattr(value, "item") else value
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return WriteOnlyCell(sheet)
    if isinstance(value, (bool, int, float, datetime, date)):
        cell = WriteOnlyCell(sheet, value.to_pydatetime() if isinstance(value, pd.Timestamp) else value)
        if isinstance(value, Formatted):
            cell.number_format = value.number_format
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_TEXT])
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
