"""``importflow tonight``: from what is on the floor now to when it is clear."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    Format,
    FormatOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    app,
    errors,
    known_engine,
    print_json,
    progress_bar,
    terminal,
)  # fmt: skip
from sim.engine.engines import DEFAULT_ENGINE, ENGINES
from sim.show.tonight import tonight_json, tonight_told
from sim.study.replicate import DEFAULT_REPLICATIONS, Settings
from sim.study.tonight import DAYS_OF_ORDERS, snapshot_file
from sim.study.tonight import tonight as tonight_of
from sim.world.shipped import find


@app.command()
def tonight(
    scenario: ScenarioArgument,
    backlog: Annotated[Path, typer.Option(help="What is on the floor: a CSV file with order, stage, since, class.")],
    stock: Annotated[Path | None, typer.Option(help="What lies in stock: a CSV file with sku, units.")] = None,
    at: Annotated[datetime | None, typer.Option(help="When that was (default: the scenario's start).")] = None,
    days: Annotated[float, typer.Option(min=0.1, help="For how long new orders keep coming.")] = DAYS_OF_ORDERS,
    replications: Annotated[int, typer.Option(min=1, help="Runs, each with its own luck.")] = DEFAULT_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    engine: Annotated[str, typer.Option(callback=known_engine, help=f"One of {', '.join(ENGINES)}.")] = DEFAULT_ENGINE,
    show: Annotated[int, typer.Option(min=0, help="How many of the endangered orders to show.")] = 10,
    format_: FormatOption = Format.text,
) -> None:
    """Start from what is on the floor: when is it clear, which orders miss a promise, who should move where."""
    with errors():
        file = snapshot_file(find(scenario), backlog, at, days, set_ or (), stock)
        with progress_bar() as progress:
            found = tonight_of(file, Settings(seed, replications, engine), progress)
    if format_ is Format.json:
        print_json(tonight_json(found))
    else:
        console = terminal()
        console.print(tonight_told(found, show, console.width))
