"""``importflow report``: one file to hand on, as a page (HTML) or a workbook (XLSX)."""

from __future__ import annotations

import os
import shlex
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import FAILED, ScenarioArgument, SeedOption, SetOption, app, fail, progress_bar, terminal
from sim.cli.studies import WorkersOption, study_errors
from sim.study.replicate import DEFAULT_REPLICATIONS, Progress, Result, Settings, replicate
from sim.words import commands
from sim.world.files import ScenarioFile, load
from sim.world.shipped import find

KINDS = (".html", ".xlsx")


@app.command("report")
def report_command(
    scenario: ScenarioArgument,
    set_: SetOption = None,
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", "-o", help="The file to write, .html or .xlsx. May be given again. [default: NAME.html]"),
    ] = None,
    replications: Annotated[int, typer.Option(min=1, help="Runs, each with its own luck.")] = DEFAULT_REPLICATIONS,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
) -> None:
    """Run a scenario and write a report: the answer, charts, assumptions, checks; with --set, what the changes bring."""
    with study_errors():
        file, unset = load(find(scenario), set_ or ()), load(find(scenario))
        files = out or [Path(f"{file.name}.html")]
        for path in files:
            _refuse(path)
        settings = Settings(seed, replications, workers=workers)
        with progress_bar() as progress:
            result, base = _run(file, unset if set_ else None, settings, progress)
            command = _command(scenario, set_ or (), files, settings)
            written = [_write(path, result, base, command) for path in files]
    for path in written:
        terminal().print(commands.written(str(path)), soft_wrap=True)


def _refuse(path: Path) -> None:
    """A name that says no kind of report, or a place where no file can be."""
    if path.suffix.lower() not in KINDS:
        raise typer.BadParameter(f"{path}: a report ends in {' or '.join(KINDS)}", param_hint="--out")
    if path.is_dir():
        raise typer.BadParameter(f"{path}: is a folder; name a file", param_hint="--out")
    if not path.absolute().parent.is_dir():
        raise typer.BadParameter(f"{path}: there is no folder {path.parent}", param_hint="--out")


def _run(
    file: ScenarioFile, unset: ScenarioFile | None, settings: Settings, progress: Progress
) -> tuple[Result, Result | None]:
    """The scenario, and where something was set, the same without it on the same luck."""
    if unset is None:
        return replicate(file, settings, progress), None
    base = replicate(unset, settings, lambda share: progress(share / 2))
    return replicate(file, settings, lambda share: progress((1 + share) / 2)), base


def _command(scenario: str, settings: Sequence[str], files: Sequence[Path], how: Settings) -> str:
    words = ["importflow", "report", scenario, "--replications", str(how.replications), "--seed", str(how.seed)]
    for setting in settings:
        words += ["--set", setting]
    for path in files:
        words += ["--out", path.name]
    return shlex.join(words)


def _write(path: Path, result: Result, base: Result | None, command: str) -> Path:
    """Write one file whole, or not at all."""
    # Charts take long to import, and every worker process imports this module.
    from sim.show.report import Told, report
    from sim.show.workbook import workbook

    told = Told(result.file.name.replace("_", " "), command)
    page = path.suffix.lower() == ".html"
    content = report(result, told, base).encode() if page else workbook(result, told, base)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.unfinished")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        fail(f"cannot write {path}: {error.strerror}", FAILED)
    return path
