"""``importflow promise``: by when a buyer has an order, and by when to order."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.text import Text

from sim.analysis.words import hours, share, with_interval
from sim.cli.common import Format, FormatOption, ScenarioArgument, SeedOption, SetOption, app, print_json, terminal
from sim.cli.studies import (
    DEFAULT_STUDY_REPLICATIONS,
    ClusterOption,
    NoStoreOption,
    OutOption,
    ReplicationsOption,
    StoreOption,
    WorkersOption,
    asking,
    plain_table,
    study_errors,
    write_tables,
)  # fmt: skip
from sim.show.study_answers import promised_json
from sim.study.promise import Promised, day_of, promise
from sim.study.target import TargetError
from sim.words import commands, span
from sim.world.files import load
from sim.world.shipped import find
from sim.world.units import WEEKDAYS, parse_share

FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]


@app.command("promise")
def promise_command(
    scenario: ScenarioArgument,
    placed: Annotated[datetime | None, typer.Option(formats=FORMATS, help="When the order is placed.")] = None,
    wanted: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, help="When it should be there; a date alone is the end of that day."),
    ] = None,
    probability: Annotated[str, typer.Option(help="How sure the promise has to be.")] = "95 %",
    class_: Annotated[str | None, typer.Option("--class", help="Only orders of this class of goods.")] = None,
    replications: ReplicationsOption = DEFAULT_STUDY_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    out: OutOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Say by when a buyer has an order with which chance, and by when to order to have it in time."""
    with study_errors():
        try:
            chance = parse_share(probability)
        except ValueError as error:
            raise TargetError(f"--probability: {error}") from None
    with asking(workers, cluster, store, no_store) as evaluate:
        file = load(find(scenario), set_ or ())
        found = promise(file, evaluate, placed, wanted, chance, class_, seed, replications)
    if out is not None:
        table = found.table.rename_axis("weekday").rename(columns=str).reset_index()
        write_tables(out, {"dates": found.dates, "by_order_hour": table}, {}, {"scenario": file.name, "seed": seed})
    if format_ is Format.json:
        print_json(promised_json(found))
    else:
        _print(found)


def _print(found: Promised) -> None:
    console = terminal()
    for line in told(found):
        console.print(Text(line, style="bold"))
    if len(found.dates):
        table = plain_table(
            f"\n{commands.orders_like_it(found.orders, found.like, found.replications)}",
            *commands.DATES,
        )
        for row in found.dates.to_dict("records"):
            between = "" if pd.isna(row["low"]) else span(_moment(row["low"]), _moment(row["high"]))
            table.add_row(share(row["chance"]), _moment(row["date"]), between)
        console.print(table)
    console.print(Text(f"\n{commands.BY_ORDER_HOUR}", style="bold"))
    table = plain_table("", commands.PLACED, *WEEKDAYS)
    for hour, hours_by_day in enumerate(found.table.to_numpy().T):
        table.add_row(
            f"{hour:02d}:00",
            *("-" if math.isnan(one) else "?" if math.isinf(one) else f"{one:.0f}" for one in hours_by_day),
        )
    console.print(table)
    console.print(Text(commands.BY_ORDER_HOUR_KEY, style="dim"))


def told(found: Promised) -> list[str]:
    """The answers in words."""
    said = []
    if found.placed is not None:
        row = found.dates[found.dates["chance"] == found.chance].iloc[0]
        said.append(commands.there_by(_moment(found.placed), _moment(row["date"]), share(found.chance)))
        if not found.orders:
            said.append(commands.NO_ORDER_THEN)
    if found.wanted is not None:
        by = f"{day_of(found.wanted):%a %Y-%m-%d}" if found.wanted.hour == 0 else _moment(found.wanted)
        if found.kept is not None:
            said.append(commands.chance_by(by, with_interval(found.kept)))
        late = commands.NOT_POSSIBLE if found.latest is None else commands.order_by(_moment(found.latest))
        said.append(commands.to_have_it_by(by, share(found.chance), late))
    if not said:
        low, high = (hours(float(one)) for one in np.nanquantile(found.table.to_numpy(float), [0, 1]))
        said.append(commands.nine_of_ten(span(low, high)))
    return said


def _moment(value: datetime) -> str:
    return commands.NOT_KNOWN if pd.isna(value) else f"{value:%a %Y-%m-%d %H:%M}"
