"""What the commands share that ask many runs: how many, where they are run, and where answers are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sim.cli.common import FAILED, WRONG, errors, fail
from sim.show.run_folder import run_folder
from sim.study.evaluate import Evaluator, evaluator
from sim.study.replicate import DEFAULT_REPLICATIONS
from sim.study.store import StoreError, default_path
from sim.study.target import TargetError
from sim.study.workers import ClusterError

ReplicationsOption = Annotated[
    int, typer.Option("--replications", min=2, help="Runs of each plan, each with its own luck.")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Runs at the same time; as many as there are cores if not said.")
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://scheduler:8786.")
]
StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="FILE", help="Where answers are kept (SQLite) and looked up.")
]
NoStoreOption = Annotated[bool, typer.Option("--no-store", help="Keep no answers, and look none up.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Write tables and charts into this folder.")]
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="'MEASURE >= VALUE'", help="What the plan has to keep. May be given again."),
]
DEFAULT_STUDY_REPLICATIONS = DEFAULT_REPLICATIONS


@contextmanager
def asking(workers: int | None, cluster: str | None, store: Path | None, no_store: bool) -> Iterator[Evaluator]:
    """An evaluator with progress on standard error; what goes wrong becomes a message and an exit code."""
    console = Console(stderr=True)
    columns = (TextColumn("running"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with study_errors(), Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("runs", total=None)
        kept = None if no_store else store or default_path()
        with evaluator(
            store=kept,
            places=workers,
            cluster=cluster,
            said=lambda done, of: bar.update(task, completed=done, total=of),
        ) as evaluate:
            yield evaluate


@contextmanager
def quiet_asking(workers: int | None, cluster: str | None, store: Path | None, no_store: bool) -> Iterator[Evaluator]:
    """An evaluator without progress."""
    with evaluator(store=None if no_store else store or default_path(), places=workers, cluster=cluster) as evaluate:
        yield evaluate


@contextmanager
def study_errors() -> Iterator[None]:
    """What can go wrong with a study, as a message and an exit code."""
    try:
        with errors():
            yield
    except (StoreError, ClusterError) as error:
        fail(str(error), FAILED)
    except TargetError as error:
        fail(str(error), WRONG)


def write_tables(out: Path, tables: dict[str, pd.DataFrame], charts: dict[str, Any], manifest: dict[str, Any]) -> None:
    """Tables as CSV and Parquet, charts as PNG and SVG, into a folder that is there whole or not at all."""
    from sim.show.study_folder import write_study  # charts take long to import

    with study_errors(), run_folder(out) as draft:
        write_study(draft, tables, charts, manifest)


def plain_table(title: str, *columns: str) -> Table:
    """A table in the manner of the others: the first column to the left, numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number == 0, overflow="fold")
    return table
