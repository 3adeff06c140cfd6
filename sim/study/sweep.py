"""What happens when inputs vary: every point of a grid or a list, as one tidy table, with the bottleneck of each."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.intervals import estimates
from sim.study.evaluate import Evaluator, Point
from sim.study.question import Everything, Measures
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile

MANY_POINTS = 1_000
"""More points than these are run only when asked for twice."""
LOAD = "load."
_OUTSIDE_BRACKETS = re.compile(r",(?![^\[{]*[\]}])")
Values = dict[str, str]
"""Path -> value, of one point."""


@dataclass(frozen=True)
class Sweep:
    """Points and what was found at each.

    ``varied`` are the paths; ``frame`` has a row for each point and measure: ``point`` (number), a column for each
    path, ``measure``, ``unit``, ``mean``, ``low``, ``high``, ``replications``; ``points`` has a row for each point: the
    paths' values, ``bottleneck`` (team) and its ``load``, both by offered load.
    """

    file: ScenarioFile
    varied: tuple[str, ...]
    frame: pd.DataFrame
    points: pd.DataFrame
    seed: int
    replications: int

    def of(self, measure: str) -> pd.DataFrame:
        """The rows of one measure."""
        return self.frame[self.frame["measure"] == measure].reset_index(drop=True)


def sweep(
    file: ScenarioFile, points: Sequence[Mapping[str, str]], evaluate: Evaluator, seed: int = 1, replications: int = 10
) -> Sweep:
    """Run a scenario at many points, all on the same luck.

    Parameters
    ----------
    file
        The scenario from which points differ.
    points
        Path to value for each point, as ``grid`` makes them; all with the same paths.
    evaluate
        Who runs them.
    seed, replications
        The luck, the same at each point.

    Raises
    ------
    ScenarioError
        Naming path, value and rule, for a point that is no scenario; before anything is run.

    >>> from sim.study.evaluate import evaluator
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> file = load(shipped("teaching_line"), ["clock.length=3 d"])
    >>> with evaluator(places=1) as evaluate:
    ...     found = sweep(file, grid({"teams.clerks.staff": ["3", "4"]}), evaluate, replications=2)
    >>> found.points[["teams.clerks.staff", "bottleneck"]].values.tolist()
    [['3', 'clerks'], ['4', 'clerks']]

    """
    varied = tuple(points[0]) if points else ()
    files = [file.changed(*(f"{path}={value}" for path, value in point.items())) for point in points]
    answers = evaluate([Point(one, seed, number) for one in files for number in range(replications)], Everything())
    rows: list[dict[str, Any]] = []
    tightest: list[dict[str, Any]] = []
    for number, point in enumerate(points):
        own = answers[number * replications : (number + 1) * replications]
        rows += _rows(number, point, own)
        tightest.append({"point": number, **point, **_bottleneck(own)})
    return Sweep(file, varied, pd.DataFrame(rows), pd.DataFrame(tightest), seed, replications)


def grid(vary: Mapping[str, Sequence[str]]) -> list[Values]:
    """Every combination of the values of several paths.

    >>> grid({"a": ["1", "2"], "b": ["x"]})
    [{'a': '1', 'b': 'x'}, {'a': '2', 'b': 'x'}]
    """
    return [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]


def parse_vary(text: str) -> tuple[str, list[str]]:
    """A path and its values; commas within brackets belong to a value. Raises ScenarioError.

    >>> parse_vary("stages.customs.selection_rate=1 %, 3 %,10 %")
    ('stages.customs.selection_rate', ['1 %', '3 %', '10 %'])
    """
    path, equals, values = text.partition("=")
    said = [value.strip() for value in _OUTSIDE_BRACKETS.split(values)]
    if not equals or not path.strip() or not all(said):
        raise ScenarioError(f"--vary {text}: write it as path=value,value,..., such as teams.packers.staff=3,4,5")
    return path.strip(), said


def points_in(path: Path) -> list[Values]:
    """The points of a CSV file: a column for each path, a row for each point. Raises ScenarioError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(f"{path}: cannot be read: {error}") from None
    if not rows:
        raise ScenarioError(f"{path}: has no points; write a column for each path and a row for each point")
    for number, row in enumerate(rows, 2):
        if None in row or not all(row.values()):
            raise ScenarioError(f"{path}, line {number}: has not one value for each of {', '.join(rows[0])}")
    return rows


def _rows(number: int, point: Mapping[str, str], runs: Sequence[Measures]) -> list[dict[str, Any]]:
    return [
        {"point": number, **point, "measure": name, "unit": one.unit, "mean": one.mean, "low": one.low,
         "high": one.high, "replications": one.replications}
        for name, one in estimates(runs).items()
    ]  # fmt: skip


def _bottleneck(runs: Sequence[Measures]) -> dict[str, Any]:
    team, load = bottleneck(runs)
    return {"bottleneck": team, "load": load}


def bottleneck(runs: Sequence[Measures]) -> tuple[str, float]:
    """The team with the highest offered load, and that load; not the one with the longest queue."""
    loads = {name.removeprefix(LOAD): one.mean for name, one in estimates(runs).items() if name.startswith(LOAD)}
    team = max(loads, key=lambda key: loads[key], default="")
    return team, loads.get(team, 0.0)
