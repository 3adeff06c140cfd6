"""What all commands share: options, how progress and numbers are printed, and what an error is to the shell."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from sim.analysis.checks import CheckError
from sim.engine.engines import ENGINES
from sim.show.run_folder import FolderRefusedError
from sim.world.errors import ScenarioError, nearest

FAILED, WRONG = 1, 2
REDRAWN_EVERY_S = 0.1
"""So often, at most, a bar is drawn anew."""
app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Simulate the import of goods bought abroad: staffing, inspection rates, delivery dates.",
)  # fmt: skip


class Format(StrEnum):
    """How an answer is written."""

    text = "text"
    json = "json"


def known_engine(name: str) -> str:
    """The name of an engine, if it is one."""
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


@contextmanager
def errors(*, as_json: bool = False) -> Iterator[None]:
    """What can go wrong with a scenario, a run or a folder, as a message and an exit code."""
    try:
        yield
    except ScenarioError as error:
        if as_json:
            print_json({"valid": False, "errors": list(error.findings)})
        fail(str(error), WRONG)
    except FolderRefusedError as error:
        fail(str(error), WRONG)
    except CheckError as error:
        fail(str(error), FAILED)
    except BrokenProcessPool:
        fail("a worker process ended before its run was done, perhaps for want of memory; try fewer --workers", FAILED)
    except MemoryError:
        fail("there is not enough memory for this run; shorten it or try fewer --workers", FAILED)
    except OSError as error:
        fail(f"cannot write the run folder: {error}", FAILED)


def fail(message: str, code: int) -> NoReturn:
    """Say what went wrong, and end."""
    console = Console(stderr=True, markup=False, highlight=False)
    for line in message.splitlines():
        console.print(Text("error: ", style="bold red").append(line, style="not bold default"), soft_wrap=True)
    raise typer.Exit(code)


def warn(message: str) -> None:
    """Say what one must know, and go on."""
    console = Console(stderr=True, markup=False, highlight=False)
    console.print(Text("warning: ", style="bold yellow").append(message, style="not bold default"), soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[Any]:
    """A bar on standard error while it is a terminal; it leaves nothing behind."""
    console = Console(stderr=True)
    columns = (TextColumn("running"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    # Drawn when it is told something, not by a thread of its own: beside one, workers could not begin as copies.
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("run", total=1.0)
        drawn_s = time.monotonic()

        def tell(share: float) -> None:
            nonlocal drawn_s
            due = time.monotonic() - drawn_s > REDRAWN_EVERY_S
            drawn_s = time.monotonic() if due else drawn_s
            bar.update(task, completed=share, refresh=due)

        yield tell


class Terminal(Console):
    """Standard output; a reader who has seen enough (``| head``) ends the command, and that is no failure."""

    def on_broken_pipe(self) -> NoReturn:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered has nowhere to go
        raise SystemExit(0)


def terminal() -> Console:
    """Where answers are printed."""
    return Terminal(markup=False, highlight=False, emoji=False)


def say(text: str) -> None:
    """Print a text as it is, however wide the terminal."""
    terminal().out(text, highlight=False)


def print_json(value: Any) -> None:
    """Print a value for programs."""
    say(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
