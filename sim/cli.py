"""The command line: run, check and explain scenarios.

Results go to standard output, everything else (progress, warnings, errors) to standard error. Exit codes: 0 all went
well; 1 a run could not be finished or written; 2 the scenario or an option is wrong; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.analysis.checks import CheckError
from sim.analysis.load import offered_load, team_load
from sim.analysis.words import FULL_FROM
from sim.engine.engines import DEFAULT_ENGINE, ENGINES
from sim.engine.stepper import moments
from sim.plan.compile import compile_file
from sim.show.answer import answer, load_json
from sim.show.differences import differences, in_words
from sim.show.explain import TRUST, disruptions_told, flows_told, sources_told
from sim.show.moments import moment_told
from sim.show.records import RecordsWriter
from sim.show.run_folder import FolderRefusedError, run_folder, version
from sim.show.tables import load_by_day, percent, report
from sim.show.tonight import tonight_json, tonight_told
from sim.study.replicate import DEFAULT_REPLICATIONS, Result, Settings, replicate
from sim.study.tonight import DAYS_OF_ORDERS, snapshot_file
from sim.study.tonight import tonight as tonight_of
from sim.world.errors import ScenarioError, nearest
from sim.world.files import ScenarioFile, load
from sim.world.schema import scenario_schema
from sim.world.shipped import find, shipped, shipped_names

FAILED, WRONG, TERMINATED = 1, 2, 143
GUESS = TRUST["G"]
app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Simulate the import of goods bought abroad: staffing, inspection rates, delivery dates.",
)  # fmt: skip


class Format(StrEnum):
    """How an answer is written."""

    text = "text"
    json = "json"


def _known_engine(name: str) -> str:
    if name not in ENGINES:
        raise typer.BadParameter(f"no engine '{name}'{nearest(name, ENGINES)}")
    return name


ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change one value, such as teams.packers.staff=5. May be given again."
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Where the random numbers are.")]
FormatOption = Annotated[Format, typer.Option("--format", help="For people or for programs.")]


@app.command()
def run(
    scenario: ScenarioArgument,
    replications: Annotated[int, typer.Option(min=1, help="Runs, each with its own luck.")] = DEFAULT_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    engine: Annotated[str, typer.Option(callback=_known_engine, help=f"One of {', '.join(ENGINES)}.")] = DEFAULT_ENGINE,
    workers: Annotated[int, typer.Option(min=1, help="Runs at the same time, each in a process of its own.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Write charts, tables and records into this folder.")] = None,
    format_: FormatOption = Format.text,
) -> None:
    """Run a scenario and say what comes of it."""
    settings = Settings(seed, replications, engine, workers)
    with _errors():
        path = find(scenario)
        file = load(path, set_ or ())
        result = _run(file, settings, out, path.parent)
    if format_ is Format.json:
        _print_json(answer(result))
        return
    console = _console()
    console.print(report(result, console.width))
    if out is not None:
        console.print(f"Charts, tables, records, and how to repeat the run: {out}", soft_wrap=True)


def _run(file: ScenarioFile, settings: Settings, out: Path | None, data_folder: Path) -> Result:
    """Run with progress on standard error; into a run folder where one is wanted."""
    if out is None:
        with _progress() as progress:
            return replicate(file, settings, progress)
    # Charts take long to import, and every worker process imports this module.
    from sim.show.export import write_result

    with run_folder(out) as draft:
        with _progress() as progress:
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
    with _errors(as_json=format_ is Format.json):
        file = load(find(scenario), set_ or ())
        plan = compile_file(file, seed)
        found = offered_load(plan)
    teams = team_load(found, file.scenario)
    overloaded = [str(key) for key in teams.index[(teams["load"] > FULL_FROM) | (teams["worst_load"] > FULL_FROM)]]
    if format_ is Format.json:
        _print_json({"valid": True, "scenario": file.name, **load_json(found, teams), "overloaded": overloaded})
    else:
        console = _console()
        orders = int(sum((plan.items.flow == plan.flow_keys.index(key)).sum() for key in file.scenario.order_flows))
        console.print(f"{file.name} is valid: {orders:,} orders in {file.scenario.clock.length / 86_400_000:g} days.")
        console.print(Text("\nOffered load: percent of what each team can do", style="bold"), end="")
        for table in load_by_day(found, file.scenario, console.width):
            console.print("", table, sep="\n")
    for key in overloaded:
        _warn(_overload(file, key, teams.loc[key]))
    if strict and overloaded:
        raise typer.Exit(WRONG)


def _overload(file: ScenarioFile, key: str, row: Any) -> str:
    who = file.scenario.label("teams", key)
    if row["load"] > FULL_FROM:
        return f"{who} gets more than it can do: {percent(float(row['load'])).plain} over the measured days"
    return f"{who} gets more than it can do on {row['worst_day']:%Y-%m-%d}: {percent(float(row['worst_load'])).plain}"


@app.command()
def explain(scenario: ScenarioArgument, set_: SetOption = None) -> None:
    """Tell a scenario in words: the steps of each flow, where its figures come from, what differs from its base."""
    with _errors():
        path = find(scenario)
        file, unset = load(path, set_ or ()), load(path)
        told = flows_told(file.scenario)
    console = _console()
    console.print(Text(file.scenario.question or file.name, style="bold"))
    for flow in told:
        console.print()
        console.print(Text(flow.heading, style="bold").append(f": {flow.arrivals}", style="not bold"))
        console.print(_steps(flow.steps))
    _print_list(console, "Disruptions", disruptions_told(file.scenario))
    _print_sources(console, file)
    for heading, before, after in (("Differs from its base", file.base, unset.raw), ("Set here", unset.raw, file.raw)):
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
    console.print(Text(f"\nSources ({len(rows)} figures, {guesses} of them guesses)", style="bold"))
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
    with _errors():
        file = load(find(scenario), set_ or ())
        plan = compile_file(file, seed)
    start = file.scenario.clock.start
    begin_ms = 0 if begin is None else (begin - start) // timedelta(milliseconds=1)
    told = 0
    for moment in moments(plan):
        of_item = item is None or any(one.item == item for one in moment.happenings)
        if moment.now_ms < begin_ms or not of_item:
            continue
        typer.echo("\n".join(moment_told(moment, start)))
        told += 1
        if told == count:
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                return
            if typer.prompt("Enter goes on, q stops", default="", show_default=False) == "q":
                return
            told = count - 1


@app.command()
def tonight(
    scenario: ScenarioArgument,
    backlog: Annotated[Path, typer.Option(help="What is on the floor: a CSV file with order, stage, since, class.")],
    at: Annotated[datetime | None, typer.Option(help="When that was (default: the scenario's start).")] = None,
    days: Annotated[float, typer.Option(min=0.1, help="For how long new orders keep coming.")] = DAYS_OF_ORDERS,
    replications: Annotated[int, typer.Option(min=1, help="Runs, each with its own luck.")] = DEFAULT_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    engine: Annotated[str, typer.Option(callback=_known_engine, help=f"One of {', '.join(ENGINES)}.")] = DEFAULT_ENGINE,
    show: Annotated[int, typer.Option(min=0, help="How many of the endangered orders to show.")] = 10,
    format_: FormatOption = Format.text,
) -> None:
    """Start from what is on the floor: when is it clear, which orders miss a promise, who should move where."""
    with _errors():
        file = snapshot_file(find(scenario), backlog, at, days, set_ or ())
        with _progress() as progress:
            found = tonight_of(file, Settings(seed, replications, engine), progress)
    if format_ is Format.json:
        _print_json(tonight_json(found))
    else:
        console = _console()
        console.print(tonight_told(found, show, console.width))


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    _print_json(scenario_schema())


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the product, and the question that each asks."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    with _errors():
        for name in shipped_names():
            table.add_row(name, load(shipped(name)).scenario.question)
    _console().print(table)


@app.command("app")
def open_app(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "localhost",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8501,
) -> None:
    """Open the planner's page in the browser, the same as ``streamlit run app.py``."""
    command = [sys.executable, "-m", "streamlit", "run", str(_app_file())]
    command += [f"--server.address={host}", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    raise typer.Exit(subprocess.call(command))


def _app_file() -> Path:
    """The app's entry: inside the installed package, or beside the sources."""
    package = Path(__file__).resolve().parent
    return next(path for path in (package / "app.py", package.parent / "app.py") if path.is_file())


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"importflow {version()}")
        raise typer.Exit


@app.callback()
def _options(
    version_: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of no command."""


@contextmanager
def _errors(*, as_json: bool = False) -> Iterator[None]:
    """What can go wrong with a scenario, a run or a folder, as a message and an exit code."""
    try:
        yield
    except ScenarioError as error:
        if as_json:
            _print_json({"valid": False, "errors": list(error.findings)})
        _fail(str(error), WRONG)
    except FolderRefusedError as error:
        _fail(str(error), WRONG)
    except CheckError as error:
        _fail(str(error), FAILED)
    except BrokenProcessPool:
        _fail("a worker process ended before its run was done, perhaps for want of memory; try fewer --workers", FAILED)
    except MemoryError:
        _fail("there is not enough memory for this run; shorten it or try fewer --workers", FAILED)
    except OSError as error:
        _fail(f"cannot write the run folder: {error}", FAILED)


def _fail(message: str, code: int) -> NoReturn:
    console = Console(stderr=True, markup=False, highlight=False)
    for line in message.splitlines():
        console.print(Text("error: ", style="bold red").append(line, style="not bold default"), soft_wrap=True)
    raise typer.Exit(code)


def _warn(message: str) -> None:
    console = Console(stderr=True, markup=False, highlight=False)
    console.print(Text("warning: ", style="bold yellow").append(message, style="not bold default"), soft_wrap=True)


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on standard error while it is a terminal; it leaves nothing behind."""
    console = Console(stderr=True)
    columns = (TextColumn("running"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("run", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _console() -> Console:
    return Console(markup=False, highlight=False, emoji=False)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)


def main() -> None:
    """The entry point ``importflow``."""
    signal.signal(signal.SIGTERM, _terminated)
    app()
