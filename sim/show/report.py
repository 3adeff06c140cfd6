"""A report in one HTML file: the question, the answer, what it rests on, what differs from the base, and how to repeat it.

A pure function of results: the same results give the same text. The file asks nobody for anything - styles and
pictures are in it, and its own policy forbids to load more - and it prints well.
"""

from __future__ import annotations

import math
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.table import Table
from rich.text import Text

from sim.analysis.words import day_label, with_interval
from sim.show.chart import Chart
from sim.show.differences import differences, in_words
from sim.show.explain import disruptions_told, flows_told, sources_told, stock_told, teams_told
from sim.show.export import manifest
from sim.show.figures import charts_of
from sim.show.image import image
from sim.show.tables import WIDE, measure_words, tables_of
from sim.study.compare import headline
from sim.study.paired import difference_in, verdict
from sim.study.replicate import Progress, Result
from sim.study.steady import warnings_of
from sim.words import report as around
from sim.words import tables as say
from sim.words.measures import CHECK_WORDS, NEVER_KNOWN, TRUST

TEMPLATE = "report.html"
MOST_ROWS = 200


@dataclass(frozen=True)
class Told:
    """What a report says that is not in the results.

    ``title`` is the scenario's name as people say it, ``changes`` are in words what was changed, ``command`` repeats
    the run, and ``link`` opens it in the app.
    """

    title: str
    command: str
    changes: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: a heading above it, headings of columns, rows of text; ``more`` rows are left out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


def report(result: Result, told: Told, base: Result | None = None, progress: Progress | None = None) -> str:
    """The report of a result as the text of an HTML file.

    Parameters
    ----------
    result
        What was found.
    told
        Title, changes, command and link.
    base
        The same scenario without the changes, run with the same seed: then the report says what the changes bring.
    progress
        Called with the share that is done.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> result = replicate(load(shipped("teaching_line"), ["clock.length=2 d"]), Settings(replications=2))
    >>> text = report(result, Told("Teaching line", "importflow run teaching_line"))
    >>> text.startswith("<!doctype html>"), "http:" in text, "https:" in text
    (True, False, False)

    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(TEMPLATE).render(**contents(result, told, base, progress))


def contents(result: Result, told: Told, base: Result | None, progress: Progress | None = None) -> dict[str, Any]:
    """All that the report's template fills in, by name."""
    scenario = result.file.scenario
    sources = list(sources_told(result.file))
    return {
        "say": around,
        "told": told,
        "question": scenario.question or told.title,
        "sentence": result.sentence,
        "warnings": list(warnings_of(result)),
        "window": _window(result),
        "changes": told.changes or changes_in_words(result, base),
        "differences": None if base is None else difference_grid(result, base),
        "tables": [_grid_of(table) for table in tables_of(result, WIDE)],
        "charts": _charts(result, progress),
        "sources": sources,
        "guess": TRUST["G"],
        "guesses": sum(trust == TRUST["G"] for _, trust, _ in sources),
        "flows": flows_told(scenario),
        "also": [*stock_told(scenario), *teams_told(scenario), *disruptions_told(scenario)],
        "checks": [(CHECK_WORDS.get(name, name), holds) for name, holds in result.checks.items()],
        "made": manifest(result),
        "scenario_text": result.file.text(),
    }


def changes_in_words(result: Result, base: Result | None) -> tuple[str, ...]:
    """Every path at which the scenario says something else than the base."""
    if base is None:
        return result.file.settings
    return tuple(in_words(one) for one in differences(base.file.raw, result.file.raw))


def difference_grid(result: Result, base: Result) -> Grid:
    """The measures that planners ask for first, in both plans, and for each a verdict on equal luck.

    Each interval is at 95 % for itself; of twenty differences that are none, about one looks like one.
    """
    rows = []
    for name in headline(list(result.measures)):
        gap = difference_in(name, base.runs, result.runs)
        if name in base.measures and gap is not None:
            both = (with_interval(one.measures[name]) for one in (base, result))
            said = verdict(gap, name, say.BASE, say.PLAN)
            rows.append((measure_words(name, result.file.scenario), *both, said))
    return Grid("", ("", say.BASE, say.PLAN, say.DIFFERENCE), tuple(rows))


def frame_grid(frame: pd.DataFrame, title: str = "") -> Grid:
    """A table of numbers as text, its index in front; of a long one the first rows."""
    table = frame if _has_no_names(frame.index) else frame.reset_index()
    rows = tuple(tuple(map(cell, row)) for row in table.head(MOST_ROWS).itertuples(index=False, name=None))
    return Grid(title, tuple(str(column).replace("_", " ") for column in table.columns), rows, max(len(table) - MOST_ROWS, 0))  # fmt: skip


def cell(value: Any) -> str:
    """A value of a table as text.

    >>> cell(1234.5678), cell(0.00012), cell(7), cell(float("nan")), cell(datetime(2026, 11, 2, 14))
    ('1,235', '0.00012', '7', '', 'Mon 2 Nov 14:00')
    """
    if isinstance(value, datetime):
        return "" if pd.isna(value) else f"{day_label(value)} {value:%H:%M}"
    if isinstance(value, float):
        return "" if math.isnan(value) else NEVER_KNOWN if math.isinf(value) else f"{value:,.4g}"
    return "" if value is None or value is pd.NaT else str(value)


def _has_no_names(index: pd.Index) -> bool:
    return isinstance(index, pd.RangeIndex) and index.name is None


def _grid_of(table: Table) -> Grid:
    """A table that was made for a terminal."""
    columns = [[_plain(one) for one in column.cells] for column in table.columns]
    headings = tuple(_plain(column.header) for column in table.columns) if table.show_header else ()
    return Grid(_plain(table.title or ""), headings, tuple(zip(*columns, strict=True)))


def _plain(text: Any) -> str:
    return text.plain if isinstance(text, Text) else str(text)


@dataclass(frozen=True)
class Drawn:
    """A chart with its picture, as text that can stand in a page."""

    chart: Chart
    picture: str
    grid: Grid


def _charts(result: Result, progress: Progress | None) -> list[Drawn]:
    charts = list(charts_of(result).values())
    drawn = []
    for number, chart in enumerate(charts, 1):
        drawn.append(Drawn(chart, b64encode(image(chart)).decode(), frame_grid(chart.table)))
        if progress is not None:
            progress(number / len(charts))
    return drawn


def _window(result: Result) -> str:
    clock = result.file.scenario.clock
    begin, end = (cell(pd.Timestamp(clock.start) + pd.Timedelta(at, "ms")) for at in clock.window_ms)
    return say.window(begin, end, result.settings.replications)
