"""A result as tables for a terminal, 80 columns wide and up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.analysis.hours import PARTS
from sim.analysis.intervals import Estimate
from sim.analysis.load import team_load
from sim.analysis.words import BUSY_FROM, FULL_FROM, day_label, hours, in_lines, number, share, with_interval
from sim.show.answer import rows_of
from sim.study.replicate import Result
from sim.words import tables as say
from sim.words.charts import in_unit
from sim.words.measures import CHECK_WORDS, DELIVERY, FAILURES, HEADLINE, IN_MONEY, PART_WORDS, promise_done
from sim.world.scenario import Scenario
from sim.world.units import HOUR_MS

WIDE, DAY_COLUMN = 110, 10
"""From so many columns on there is room for intervals in every table."""
NONE = "-"


def report(result: Result, width: int = 80) -> Group:
    """All tables of a result, the sentence first.

    Parameters
    ----------
    result
        What to show.
    width
        Columns of the terminal.

    """
    shown: list[RenderableType] = [Text(in_lines(result.sentence, width), style="bold")]
    shown += [part for table in tables_of(result, width) for part in (Text(), table)]
    return Group(*shown, Text(), checks(result.checks))


def tables_of(result: Result, width: int = 80) -> list[Table]:
    """The tables of a result that have something to say; wide ones have intervals in every column."""
    tables = (
        headline(result),
        promises(result, width),
        recovery(result),
        failures(result),
        stages(result, width),
        teams(result, width),
        where_hours_went(result),
    )
    return [table for table in tables if table.row_count]


class PlainTable(NamedTuple):
    """A table without a terminal: its title, its headings (none where a row says it all), its rows as text."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain_tables(result: Result) -> tuple[PlainTable, ...]:
    """The same tables as text, wide, for whoever draws them elsewhere.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> result = replicate(load(shipped("teaching_line"), ["clock.length=2 d"]), Settings(replications=2))
    >>> [(table.title, table.headings[:2]) for table in plain_tables(result)[1:]]
    [('Stages', ('stage', 'done a day')), ('Teams', ('team', 'offered load')), ('Where the hours went', ('spent on', 'time'))]
    """
    return tuple(_as_text(table) for table in tables_of(result, WIDE))


def _as_text(table: Table) -> PlainTable:
    columns = [
        [cell.plain if isinstance(cell, Text) else str(cell) for cell in column.cells] for column in table.columns
    ]
    headings = tuple(" ".join(str(column.header).split()) for column in table.columns) if table.show_header else ()
    return PlainTable(str(table.title), headings, tuple(zip(*columns, strict=True)))


def headline(result: Result) -> Table:
    """What buyers, sellers and the owner ask first, each with its 95 % interval."""
    table = plain_table(say.headline(result.settings.replications), "", "", headings=False)
    for name in HEADLINE:
        if name in result.measures and not (name.startswith("order_cycle") and _same_times(result.measures)):
            table.add_row(measure_words(name, result.file.scenario), with_interval(result.measures[name]))
    return table


def measure_words(name: str, scenario: Scenario) -> str:
    """What a measure that planners ask for is called; others by their name.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> site = load(shipped("small_site_fortnight")).scenario
    >>> measure_words("delivery_time.p95", site), measure_words("on_time.dispatch_48h", site)
    ('95 of 100 delivered within', 'dispatched within 48 h')
    """
    group, _, key = name.partition(".")
    promise = scenario.promises.get(key) if group == "on_time" else None
    if promise is not None:
        return promise_done(promise.to, promise.within / HOUR_MS)
    words = HEADLINE.get(name, name)
    return in_unit(words, scenario.costs.currency) if name in IN_MONEY else words


def _same_times(measures: Mapping[str, Estimate]) -> bool:
    """Whether dispatch is delivery, as where there is no delivery stage."""
    return all(
        measures[f"order_cycle.{part}"].mean == measures[f"delivery_time.{part}"].mean
        for part in DELIVERY
        if f"delivery_time.{part}" in measures and not math.isnan(measures[f"order_cycle.{part}"].mean)
    )


def promises(result: Result, width: int = 80) -> Table:
    """Each promise: shares of orders on time, late, and not known yet."""
    table = plain_table(*say.PROMISES)
    for key, promise in result.file.scenario.promises.items():
        found = [result.measures.get(f"{end}.{key}") for end in ("on_time", "late", "unknown")]
        said = [_kept(one, full=number == 0 or width >= WIDE) for number, one in enumerate(found)]
        table.add_row(promise_done(promise.to, promise.within / HOUR_MS), *said)
    return table


def _kept(found: Estimate | None, *, full: bool) -> str:
    if found is None:
        return NONE
    return with_interval(found) if full else share(found.mean)


def recovery(result: Result) -> Table:
    """Each disruption: how long after its end until the orders inside are back at their usual number."""
    table = plain_table(*say.RECOVERY)
    for key, disruption in result.file.scenario.disruptions.items():
        found = [result.measures.get(f"recovery.{key}.{until}") for until in ("dispatch", "delivery")]
        table.add_row(
            disruption.label or key.replace("_", " "), *(NONE if one is None else with_interval(one) for one in found)
        )
    return table


def failures(result: Result) -> Table:
    """How often something was found, by what was looked at: rates that must not be taken for each other."""
    known = {
        name: words for name, words in FAILURES.items() if any(f"failures.{name}." in key for key in result.measures)
    }
    table = plain_table(*say.FAILURES, *known.values())
    for key in result.file.scenario.stages:
        found = [result.measures.get(f"failures.{name}.{key}") for name in known]
        if any(one is not None for one in found):
            said = (NONE if one is None else with_interval(one) for one in found)
            table.add_row(result.file.scenario.label("stages", key), *said)
    return table


def stages(result: Result, width: int = 80) -> Table:
    """Each stage: what passes it, who waits, for how long, and how long the work takes."""
    table = plain_table(*say.STAGES)
    scenario, measures = result.file.scenario, result.measures
    for key in scenario.stages:
        names = ("throughput.{}", "queue.{}.mean", "queue.{}.most", "wait.{}.mean", "wait.{}.p95", "work.{}.mean")
        found = [measures.get(name.format(key)) for name in names]
        if any(one is not None for one in found):
            table.add_row(scenario.label("stages", key), *(_short(one, width) for one in found))
    return table


def _short(found: Estimate | None, width: int) -> str:
    """A number without its unit where the heading says it; with its interval where there is room."""
    if found is None:
        return NONE
    if found.unit == "h":
        return with_interval(found) if width >= WIDE else hours(found.mean)
    return number(found.mean)


def teams(result: Result, width: int = 80) -> Table:
    """Each team: what it is offered over what it can do, its worst day, how much of its time it works, by shift."""
    scenario, measures = result.file.scenario, result.measures
    load = {str(row.Index): row for row in rows_of(result.teams)}
    table = plain_table(*say.TEAMS)
    for key, team in scenario.teams.items():
        busy, overtime = measures.get(f"utilisation.{key}"), measures.get(f"overtime.{key}")
        table.add_row(
            scenario.label("teams", key), *_load_words(load, key), _busy(busy, width),
            NONE if overtime is None else hours(overtime.mean),
        )  # fmt: skip
        for shift in team.shifts if len(team.shifts) > 1 else ():
            of_shift = measures.get(f"utilisation.{key}.{shift}")
            table.add_row(f"  {shift.replace('_', ' ')}", "", "", _busy(of_shift, width), "", style="dim")
    return table


def _load_words(rows: Mapping[str, Any], team: str) -> tuple[Text, Text]:
    row = rows.get(team)
    if row is None:
        return Text(NONE), Text(NONE)
    if pd.isna(row.worst_day):
        return percent(row.load), Text(NONE)
    return percent(row.load), percent(row.worst_load).append(f" {day_label(pd.Timestamp(row.worst_day))}")


def percent(load: float) -> Text:
    """A load in percent, yellow from 85 %, red above 100 %; nobody there is said in words.

    >>> percent(0.874).plain, percent(math.inf).plain
    ('87 %', 'nobody there')
    """
    if math.isinf(load):
        return Text(say.NOBODY_THERE, style="bold red")
    style = "bold red" if load > FULL_FROM else "yellow" if load >= BUSY_FROM else ""
    return Text(f"{100 * load:.0f} %", style=style)


def _busy(found: Estimate | None, width: int) -> str:
    if found is None or math.isnan(found.mean):
        return NONE
    return with_interval(found) if width >= WIDE else share(found.mean)


def where_hours_went(result: Result) -> Table:
    """Mean time of the finished orders by what it was spent on; the parts make the whole."""
    found = {part: result.measures[f"hours.{part}"].mean for part in PARTS if f"hours.{part}" in result.measures}
    whole = sum(found.values())
    table = plain_table(*say.HOURS)
    for part, spent in found.items():
        if spent > 0:
            table.add_row(PART_WORDS[part], hours(spent), share(spent / whole))
    if whole > 0:
        table.add_row(say.ALL, hours(whole), share(1.0), style="bold")
        again = result.measures["hours.rework"].mean
        if again > 0:
            table.add_row(say.LATER, hours(again), share(again / whole), style="dim")
    return table


def checks(found: Mapping[str, bool]) -> Text:
    """Whether the laws held that every run must keep."""
    said = Text()
    for heading, wanted, style in ((say.BROKEN, False, "bold red"), (say.HOLDS, True, "dim")):
        words = [CHECK_WORDS.get(name, name) for name, holds in found.items() if holds is wanted]
        if words:
            said.append(f"{heading}: {'; '.join(words)}. ", style=style)
    return said


def load_by_day(load: pd.DataFrame, scenario: Scenario, width: int = 80) -> list[Table]:
    """Offered load of every team on every day, over the measured days, and on the worst day.

    Parameters
    ----------
    load
        The table of ``sim.analysis.load.offered_load``.
    scenario
        Its scenario.
    width
        Columns of the terminal; teams that do not fit beside each other come in a further table.

    """
    whole = team_load(load, scenario)
    groups = [{key: scenario.label("teams", key) for key in group} for group in _beside(scenario, width)]
    return [_load_of(load, whole, labels) for labels in groups]


def _beside(scenario: Scenario, width: int) -> Iterator[list[str]]:
    """Teams in groups whose columns fit a width with no word of a heading broken."""
    group: list[str] = []
    room = width - DAY_COLUMN
    for key in scenario.teams:
        needed = max(len("100 %"), *(len(word) for word in scenario.label("teams", key).split())) + 2
        if group and needed > room:
            yield group
            group, room = [], width - DAY_COLUMN
        group.append(key)
        room -= needed
    yield group


def _load_of(load: pd.DataFrame, whole: pd.DataFrame, labels: Mapping[str, str]) -> Table:
    # A word a line: left to itself the table would break words before it broke lines.
    table = plain_table(None, say.DAY, *(label.replace(" ", "\n") for label in labels.values()))
    for day, rows in load.groupby("day", sort=True):
        loads = {str(row.team): _of_day(row) for row in rows_of(rows)}
        table.add_row(day_label(pd.Timestamp(str(day))), *(loads[key] for key in labels))
    table.add_section()
    teams_of = {str(row.Index): row for row in rows_of(whole)}
    table.add_row(say.MEASURED, *(percent(teams_of[key].load) for key in labels), style="bold")
    table.add_row(say.WORST_DAY, *(_worst(teams_of[key])[0] for key in labels))
    table.add_row("", *(_worst(teams_of[key])[1] for key in labels), style="dim")
    return table


def _worst(row: Any) -> tuple[Text, str]:
    """Load and date of a team's worst day, of those on which it is there."""
    if pd.isna(row.worst_day):
        return Text(NONE), ""
    day = pd.Timestamp(row.worst_day)
    return percent(row.worst_load), f"{day.day} {day:%b}"


def _of_day(row: Any) -> Text:
    if row.staffed_h == 0:
        return Text(NONE, style="dim")
    load = percent(row.load)
    load.right_crop(2)
    return load


def plain_table(title: str | None, *columns: str, headings: bool = True) -> Table:
    """The first column is words, the others are numbers."""
    table = Table(
        title=title, title_justify="left", title_style="bold", header_style="dim", show_header=headings,
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True,
    )  # fmt: skip
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position == 0 else "right", overflow="fold")
    return table
