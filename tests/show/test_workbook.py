"""The workbook: numbers are numbers, text is text whatever it begins with, and every table has its sheet."""

from __future__ import annotations

import io
import math
from typing import Any

import openpyxl
import pytest

from sim.show.figures import charts_of
from sim.show.report import Told
from sim.show.workbook import workbook
from sim.study.paired import difference_in
from sim.study.replicate import Result, Settings, replicate
from tests.show.results import site

TOLD = Told("Small site", "importflow run small_site")


def opened(content: bytes) -> Any:
    """A workbook as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def column(sheet: Any, heading: str) -> list[Any]:
    """The cells under a heading."""
    place = [cell.value for cell in sheet[1]].index(heading)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def test_every_table_has_a_sheet(any_result: Result) -> None:
    """Of every kind of result; each chart's table with all its rows."""
    book = opened(workbook(any_result, TOLD))
    charts = charts_of(any_result)
    assert book.sheetnames == ["About", "Measures", *charts, "load_by_team_and_day", "Assumptions", "Checks"]
    for name, chart in charts.items():
        assert book[name].max_row == len(chart.table) + 1


def test_measures_are_numbers_with_their_unit_beside_them(site_result: Result) -> None:
    """Mean and interval to the last digit; what is not known is an empty cell; a share looks like one."""
    sheet = opened(workbook(site_result, TOLD))["Measures"]
    assert column(sheet, "measure") == list(site_result.measures)
    for heading, value in (("mean", "mean"), ("low (95 %)", "low"), ("high (95 %)", "high")):
        for cell, found in zip(column(sheet, heading), site_result.measures.values(), strict=True):
            wanted = getattr(found, value)
            # A workbook's numbers are written with 16 digits.
            assert cell == (pytest.approx(wanted, rel=1e-14) if math.isfinite(wanted) else None)
    assert column(sheet, "unit") == [found.unit for found in site_result.measures.values()]
    row = column(sheet, "measure").index("unfinished") + 2
    assert sheet.cell(row, 2).number_format == "0.0 %"


def test_differences_are_those_of_the_paired_intervals(site_result: Result) -> None:
    """Base, plan, difference and its interval for each measure, and the verdict in words."""
    changed = replicate(site("teams.packers.shifts.early.staff=4"), Settings(seed=7, replications=2, engine="simpy"))
    book = opened(workbook(changed, TOLD, site_result))
    sheet = book["Differences"]
    row = column(sheet, "measure").index("delivery_time.p95")
    gap = difference_in("delivery_time.p95", site_result.runs, changed.runs)
    assert gap is not None
    found = [column(sheet, heading)[row] for heading in ("base", "difference", "low", "high")]
    base = site_result.measures["delivery_time.p95"].mean
    assert found == pytest.approx([base, gap.difference, gap.low, gap.high])
    assert ("changed", "teams.packers.shifts.early.staff: 2 -> 4") in book["About"].iter_rows(values_only=True)


def test_text_is_never_a_formula() -> None:
    """Whatever an author or a visitor wrote stays text, in a reader's program and when the cell is edited there."""
    begins = ("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)", "\t=1", "\r=1")
    file = site("question='=1+1'", "sources.costs.source='@SUM(A1)'", "sources.costs.trust=G", "flows.bulk.label='=2'")
    result = replicate(file, Settings(seed=7, replications=1, engine="simpy"))
    book = opened(workbook(result, Told("=t", begins[1], begins, begins[2])))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert {"=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)"} <= {cell.value for cell in cells}


def test_letters_that_a_workbook_cannot_hold_are_left_out(site_result: Result) -> None:
    """A control character in a text does not break the file."""
    about = opened(workbook(site_result, Told("t", "a\x00b\x1bc")))["About"]
    assert ("repeat with", "abc") in about.iter_rows(values_only=True)
