"""``importflow container`` says when the next container must leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.text import Text

from sim.analysis.words import in_lines
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
from sim.show.departures import departure_json, departure_told, departures
from sim.study.container import latest_departure
from sim.study.replicate import DEFAULT_REPLICATIONS, Settings
from sim.words import commands
from sim.world.files import load
from sim.world.shipped import find
from sim.world.units import parse_duration_ms, parse_share


def _parsed(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _share(text: str) -> float:
    return float(_parsed(parse_share, text))


def _duration(text: str) -> int:
    length = int(_parsed(parse_duration_ms, text))
    if length == 0:
        raise typer.BadParameter("must be above zero")
    return length


@app.command()
def container(
    scenario: ScenarioArgument,
    flow: Annotated[str, typer.Option("--flow", help="Key of the flow that plans the container.")],
    number: Annotated[int, typer.Option("--number", help="Which of its planned consignments, from 1 on.")] = 1,
    fill_rate: Annotated[
        float, typer.Option(parser=_share, metavar="SHARE", help="Orders that find all their lines, such as 95%.")
    ] = "95%",  # type: ignore[assignment]
    every: Annotated[
        int, typer.Option(parser=_duration, metavar="TIME", help="Step of the search, such as 6h.")
    ] = "1d",  # type: ignore[assignment]
    replications: Annotated[int, typer.Option(min=2, help="Runs of each departure.")] = DEFAULT_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    engine: Annotated[str, typer.Option(callback=known_engine, help=f"One of {', '.join(ENGINES)}.")] = DEFAULT_ENGINE,
    format_: FormatOption = Format.text,
) -> None:
    """Say when a planned container must leave abroad at the latest for orders to find their goods in stock."""
    with errors():
        file = load(find(scenario), set_ or ())
        with progress_bar() as progress:
            settings = Settings(seed, replications, engine)
            found = latest_departure(file, flow, number, fill_rate, settings, every, progress)
    if format_ is Format.json:
        print_json(departure_json(found))
        return
    console = terminal()
    who = commands.numbered(file.scenario.label("flows", flow), number)
    console.print(Text(in_lines(departure_told(found, who), console.width), style="bold"))
    console.print(departures(found))
