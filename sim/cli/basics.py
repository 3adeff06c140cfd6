"""Run, check, explain and step one scenario; list those that come with the product; open the app."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.analysis.load import offered_load, team_load
from sim.analysis.words import FULL_FROM
from sim.cli.common import (
    WRONG,
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
    say,
    terminal,
    warn,
)
from sim.cli.precision import run_until_sure, sure_json, sure_words
from sim.cli.studies import ClusterOption, NoStoreOption, StoreOption, WorkersOption, study_errors
from sim.engine.engines import DEFAULT_ENGINE, ENGINES
from sim.engine.stepper import moments
from sim.plan.compile import compile_file
from sim.show.answer import answer, load_json
from sim.show.differences import differences, in_words
from sim.show.explain import disruptions_told, flows_told, sources_told, stock_told, teams_told
from sim.show.moments import moment_told
from sim.show.records import RecordsWriter
from sim.show.run_folder import run_folder
from sim.show.tables import load_by_day, percent, report
from sim.study.replicate import DEFAULT_REPLICATIONS, Result, Settings, replicate
from sim.study.steady import warnings_of
from sim.words import commands
from sim.words.measures import TRUST
from sim.world.files import ScenarioFile, load
from sim.world.references import left_out
from sim.world.schema import scenario_schema
from sim.world.shipped import find, shipped, shipped_names
from sim.world.units import DAY_MS
from sim.world.written import dotted

GUESS = TRUST["G"]


@app.command()
def run(
    scenario: ScenarioArgument,
    replications: Annotated[int, typer.Option(min=1, help="Runs, each with its own luck.")] = DEFAULT_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    engine: Annotated[str, typer.Option(callback=known_engine, help=f"One of {', '.join(ENGINES)}.")] = DEFAULT_ENGINE,
    workers: WorkersOption = None,
    precision: Annotated[
        str | None, typer.Option(help="Run until this sure: '5 %' (of delivery time P90), 'delivery_time.p95=1 h'.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="With --precision: begin no more runs after so long, such as 60s.")
    ] = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    out: Annotated[Path | None, typer.Option(help="Write charts, tables and records into this folder.")] = None,
    format_: FormatOption = Format.text,
) -> None:
    """Run a scenario and say what comes of it."""
    with study_errors():
        path = find(scenario)
        file = load(path, set_ or ())
        sure = None
        if precision is not None:
            sure = run_until_sure(file, precision, budget, seed, (workers, cluster, store, no_store))
            replications = sure.result.settings.replications
        elif budget is not None:
            raise typer.BadParameter("a budget goes with --precision", param_hint="--budget")
        if sure is not None and out is None:
            result = sure.result
        else:
            result = _run(file, Settings(seed, replications, engine, workers), out, path.parent)
    if format_ is Format.json:
        said = {**answer(result), "warnings": warnings_of(result)}
        print_json(said if sure is None else {**said, **sure_json(sure)})
        return
    console = terminal()
    console.print(report(result, console.width))
    if sure is not None:
        console.print(sure_words(sure))
    for warning in warnings_of(result):
        warn(warning)
    if out is not None:
        console.print(commands.in_folder(str(out)), soft_wrap=True)


def _run(file: ScenarioFile, settings: Settings, out: Path | None, data_folder: Path) -> Result:
    """Run with progress on standard error; into a run folder where one is wanted."""
    if out is None:
        with progress_bar() as progress:
            return replicate(file, settings, progress)
    # Charts take long to import, and every worker process imports this module.
    from sim.show.export import write_result

    with run_folder(out) as draft:
        with progress_bar() as progress:
            result = replicate(file, settings, progress, RecordsWriter(draft / "records"))
        write_result(draft, result, data_folder)
    return result


@app.command()
def check(
    scenario: ScenarioArgument,
    set_: SetOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Overload is an error too (exit 2).")] = False,
    seed: SeedOption = 1,
    format_: FormatOption = Format.text,
) -> None:
    """Check a scenario, and show how loaded each team will be on each day; nothing is run."""
    with errors(as_json=format_ is Format.json):
        file = load(find(scenario), set_ or ())
        plan = compile_file(file, seed)
        found = offered_load(plan)
    teams = team_load(found, file.scenario)
    overloaded = [str(key) for key in teams.index[(teams["load"] > FULL_FROM) | (teams["worst_load"] > FULL_FROM)]]
    if format_ is Format.json:
        print_json({"valid": True, "scenario": file.name, **load_json(found, teams), "overloaded": overloaded})
    else:
        console = terminal()
        orders = int(sum((plan.items.flow == plan.flow_keys.index(key)).sum() for key in file.scenario.order_flows))
        console.print(commands.valid(file.name, orders, file.scenario.clock.length / DAY_MS))
        console.print(Text(f"\n{commands.OFFERED_LOAD}", style="bold"), end="")
        for table in load_by_day(found, file.scenario, console.width):
            console.print("", table, sep="\n")
    for path, rule in left_out(file.scenario):
        warn(f"{file.written.place(path)}: {dotted(path)}: {rule}")
    for key in overloaded:
        warn(_overload(file, key, teams.loc[key]))
    if strict and overloaded:
        raise typer.Exit(WRONG)


def _overload(file: ScenarioFile, key: str, row: Any) -> str:
    who = file.scenario.label("teams", key)
    if row["load"] > FULL_FROM:
        return commands.overload(who, percent(float(row["load"])).plain)
    return commands.overload_on(who, f"{row['worst_day']:%Y-%m-%d}", percent(float(row["worst_load"])).plain)


@app.command()
def explain(scenario: ScenarioArgument, set_: SetOption = None) -> None:
    """Tell a scenario in words: the steps of each flow, where its figures come from, what differs from its base."""
    with errors():
        path = find(scenario)
        file, unset = load(path, set_ or ()), load(path)
        told = flows_told(file.scenario)
    console = terminal()
    console.print(Text(file.scenario.question or file.name, style="bold"))
    for flow in told:
        console.print()
        console.print(Text(flow.heading, style="bold").append(f": {flow.arrivals}", style="not bold"))
        console.print(_steps(flow.steps))
    _print_list(console, commands.DISRUPTIONS, disruptions_told(file.scenario))
    _print_list(console, commands.STOCK, stock_told(file.scenario))
    _print_list(console, commands.PEOPLE, teams_told(file.scenario))
    _print_sources(console, file)
    for heading, before, after in (
        (commands.DIFFERS_FROM_BASE, file.base, unset.raw),
        (commands.SET_HERE, unset.raw, file.raw),
    ):
        changed = [] if before is None else differences(before, after)
        _print_list(console, heading, map(in_words, changed))


def _print_list(console: Console, heading: str, rows: Iterable[str]) -> None:
    """A heading and its rows, or nothing where there are none."""
    for number, row in enumerate(rows):
        if number == 0:
            console.print(Text(f"\n{heading}", style="bold"))
        console.print(f"  {row}")


def _steps(steps: tuple[tuple[int, str, str], ...]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim")
    table.add_column(style="dim", max_width=18)
    table.add_column()
    before = ""
    for number, stage, words in steps:
        table.add_row(str(number), stage if stage != before else "", words)
        before = stage
    return table


def _print_sources(console: Console, file: ScenarioFile) -> None:
    rows = list(sources_told(file))
    if not rows:
        return
    guesses = sum(trust == GUESS for _, trust, _ in rows)
    console.print(Text(f"\n{commands.sources(len(rows), guesses)}", style="bold"))
    for figure, trust, source in rows:
        console.print(Text(figure))
        said = Text(trust, style="bold yellow" if trust == GUESS else "bold").append(
            f": {source}", style="not bold default"
        )
        console.print(Padding(said, (0, 0, 0, 4)))


@app.command()
def step(
    scenario: ScenarioArgument,
    set_: SetOption = None,
    seed: SeedOption = 1,
    begin: Annotated[datetime | None, typer.Option("--from", help="Begin to tell at this date and time.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many moments to tell.")] = 20,
    item: Annotated[int | None, typer.Option(min=0, help="Tell only the moments of this item.")] = None,
) -> None:
    """Tell a run moment by moment: what happens to whom, who is free, who waits. On a terminal, Enter goes on."""
    with errors():
        file = load(find(scenario), set_ or ())
        plan = compile_file(file, seed)
    start = file.scenario.clock.start
    begin_ms = 0 if begin is None else (begin - start) // timedelta(milliseconds=1)
    told = 0
    for moment in moments(plan):
        of_item = item is None or any(one.item == item for one in moment.happenings)
        if moment.now_ms < begin_ms or not of_item:
            continue
        say("\n".join(moment_told(moment, start)))
        told += 1
        if told == count:
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                return
            if typer.prompt(commands.ENTER_OR_Q, default="", show_default=False) == "q":
                return
            told = count - 1


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    print_json(scenario_schema())


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the product, and the question that each asks."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    with errors():
        for name in shipped_names():
            table.add_row(name, load(shipped(name)).scenario.question)
    terminal().print(table)


@app.command("app")
def open_app(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "localhost",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8501,
) -> None:
    """Open the app in the browser, the same as ``streamlit run app.py``."""
    # It becomes the server, so that a signal to end reaches who has to end.
    command = [sys.executable, "-m", "sim.ui.serve", f"--server.address={host}", f"--server.port={port}"]
    os.execv(sys.executable, [*command, "--browser.gatherUsageStats=false"])
