"""``importflow run --precision``: replications until the answer is sure enough, the narrowing shown live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from sim.analysis.intervals import Estimate
from sim.analysis.words import measured, with_interval
from sim.cli.studies import quiet_asking
from sim.show.study_answers import rows_json
from sim.study.target import TargetError
from sim.study.until_sure import Sure, parse_precision, until_sure
from sim.words import commands
from sim.world.files import ScenarioFile
from sim.world.units import SECOND_MS, parse_duration_ms

Where = tuple[int | None, str | None, Path | None, bool]


def run_until_sure(file: ScenarioFile, precision: str, budget: str | None, seed: int, where: Where) -> Sure:
    """Run until sure, and show on standard error how the interval narrows. Raises TargetError."""
    wanted = parse_precision(precision, file.scenario)
    try:
        budget_s = None if budget is None else parse_duration_ms(budget) / SECOND_MS
    except ValueError as error:
        raise TargetError(f"--budget: {error}") from None
    console = Console(stderr=True)
    with quiet_asking(*where) as evaluate:
        if not console.is_terminal:
            return until_sure(file, wanted, evaluate, seed, budget_s)
        with Live(console=console, transient=True, auto_refresh=False) as live:

            def told(count: int, found: Estimate) -> None:
                live.update(Text(commands.so_far(count, wanted.measure, with_interval(found))), refresh=True)

            return until_sure(file, wanted, evaluate, seed, budget_s, told)


def sure_words(found: Sure) -> str:
    """Whether the precision was reached, and with how many replications."""
    count = found.result.settings.replications
    last = found.history.iloc[-1]
    half = (last["high"] - last["low"]) / 2
    unit = found.result.measures[found.precision.measure].unit
    if found.sure:
        return commands.sure(count, found.precision.measure, measured(half, unit))
    budget = found.ended_by == "budget"
    return commands.not_sure(count, found.precision.measure, measured(half, unit), budget=budget)


def sure_json(found: Sure) -> dict[str, Any]:
    """The precision asked for, whether it was reached, and how the interval narrowed."""
    return {
        "precision": {**found.precision._asdict(), "reached": found.sure, "ended_by": found.ended_by},
        "history": rows_json(found.history),
    }
