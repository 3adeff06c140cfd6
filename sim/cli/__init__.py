"""The command line: run, check and explain scenarios, and ask what many runs say together.

Results go to standard output, everything else (progress, warnings, errors) to standard error. Exit codes: 0 all went
well; 1 a run could not be finished or written; 2 the scenario or an option is wrong; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import Annotated, NoReturn

import typer

from sim.cli import basics, capacity, compare, container, lessons, promise, report, staff, sweep, tonight
from sim.cli.common import app
from sim.show.run_folder import version
from sim.study.memory import keep_freed

__all__ = ["app", "main"]
TERMINATED = 143
COMMANDS = (basics, report, tonight, compare, sweep, staff, promise, capacity, container, lessons)
"""The files whose commands belong to ``importflow``, in the order in which ``--help`` lists them."""


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


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)


def main() -> None:
    """The entry point ``importflow``."""
    signal.signal(signal.SIGTERM, _terminated)
    keep_freed()
    app()
