"""Which of several plans is better? The same parcels and the same luck in each, and a verdict for every measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import Estimate, estimates
from sim.study.evaluate import Evaluator, Point
from sim.study.paired import ALPHA, Difference, paired, verdict
from sim.study.question import Everything, Measures
from sim.words.studies import named_with
from sim.world.files import ScenarioFile

COLUMNS = ["one", "other", "measure", "unit", "difference", "low", "high", "p", "helped", "replications", "verdict"]
HEADLINE = ("delivery_time.mean", "delivery_time.p50", "delivery_time.p90", "delivery_time.p95", "order_cycle.p95")
HEADLINE_GROUPS = ("on_time", "unfinished", "in_full", "fill_rate", "lost_for_stock", "cost.per_order", "capital")


@dataclass(frozen=True)
class Comparison:
    """What each plan does, and how every pair of them differs.

    ``names`` tell the plans apart; ``estimates`` are theirs by name and measure; ``frame`` has a row for each pair and
    measure (see ``compare``).
    """

    files: tuple[ScenarioFile, ...]
    names: tuple[str, ...]
    seed: int
    replications: int
    estimates: dict[str, dict[str, Estimate]]
    frame: pd.DataFrame


def compare(files: Sequence[ScenarioFile], evaluate: Evaluator, seed: int = 1, replications: int = 10) -> Comparison:
    """Run several plans on the same luck and say how each pair differs, measure by measure.

    Shares and quantiles are taken within each replication, then compared across replications by paired-t intervals
    (:func:`sim.study.paired.paired`). For each measure Holm's procedure (S. Holm, "A simple sequentially rejective
    multiple test procedure", Scandinavian Journal of Statistics 6, 1979) holds the chance that any pair is wrongly
    called different at 5 %; the interval of a pair has the level at which Holm's procedure tested it, so that interval
    and verdict always agree.

    Parameters
    ----------
    files
        Two plans or more.
    evaluate
        Who runs them.
    seed, replications
        The luck, the same for each plan.

    Returns
    -------
    Comparison
        ``frame`` has the columns one, other, measure, unit, difference (other minus one), low, high, p (Holm's),
        helped (by what equal luck divided the variance), replications, verdict.

    Raises
    ------
    ValueError
        For fewer than two plans.

    >>> from sim.study.evaluate import evaluator
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> base = load(shipped("teaching_line"), ["clock.length=4 d"])
    >>> with evaluator(places=1) as evaluate:
    ...     found = compare([base, base.changed("teams.clerks.staff=5")], evaluate, replications=5)
    >>> wait = found.frame.set_index("measure").loc["wait.counter.mean"]
    >>> bool(wait["high"] < 0)
    True

    """
    if len(files) < 2:
        raise ValueError("a comparison needs two scenarios or more")
    names = distinct_names(files)
    points = [Point(file, seed, number) for file in files for number in range(replications)]
    answers = evaluate(points, Everything())
    runs = {
        name: answers[position * replications : (position + 1) * replications] for position, name in enumerate(names)
    }
    found = {name: estimates(own) for name, own in runs.items()}
    measures = list(dict.fromkeys(measure for own in found.values() for measure in own))
    rows = [row for measure in measures for row in _rows(runs, found, measure)]
    return Comparison(tuple(files), names, seed, replications, found, pd.DataFrame(rows, columns=COLUMNS))


def distinct_names(files: Sequence[ScenarioFile]) -> tuple[str, ...]:
    """A name for each plan: its scenario's; where that is another's too, with what was set, or a number."""
    names: list[str] = []
    for file in files:
        name = file.name
        if name in names and file.settings:
            name = named_with(file.name, file.settings)
        number, plain = 2, name
        while name in names:
            name, number = f"{plain} ({number})", number + 1
        names.append(name)
    return tuple(names)


def headline(measures: Sequence[str]) -> list[str]:
    """Of the measures those that a planner asks for first."""
    return [name for name in measures if name in HEADLINE or name.startswith(HEADLINE_GROUPS)]


def _rows(runs: dict[str, list[Measures]], found: dict[str, dict[str, Estimate]], measure: str) -> list[list[Any]]:
    """The pairs of all plans that have a measure."""
    names = [name for name in runs if measure in found[name]]
    if len(names) < 2:
        return []
    unit = found[names[0]][measure].unit
    values = {name: [_value(run, measure) for run in runs[name]] for name in names}
    pairs = list(combinations(names, 2))
    first = [paired(values[one], values[other], unit) for one, other in pairs]
    levels, corrected = holm([difference.p for difference in first])
    rows = []
    for (one, other), level, p in zip(pairs, levels, corrected, strict=True):
        gap = paired(values[one], values[other], unit, level)
        said = verdict(gap, measure, one, other)
        rows.append([one, other, measure, *_numbers(gap, p), said])
    return rows


def _numbers(gap: Difference, p: float) -> list[Any]:
    return [gap.unit, gap.difference, gap.low, gap.high, p, gap.helped, gap.replications]


def _value(run: Measures, measure: str) -> float:
    return run[measure].value if measure in run else np.nan


def holm(p_values: Sequence[float]) -> tuple[list[float], list[float]]:
    """For each of several tests the confidence level at which Holm's procedure tests it, and its corrected p.

    The smallest of k p-values is tested at 5 % / k, the next at 5 % / (k - 1), and so on to the first that fails; it
    and all after it are held to that level. Tests without a p (NaN) are no tests.

    >>> levels, corrected = holm([0.04, 0.001, float("nan")])
    >>> [round(level, 3) for level in levels], [round(p, 3) for p in corrected[:2]]
    ([0.95, 0.975, 0.95], [0.04, 0.002])
    """
    p = np.array(p_values, dtype=float)
    levels, corrected = np.full(len(p), 1 - ALPHA), np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if len(known) == 1:
        corrected[known] = p[known]  # one test needs no correction, nor the seconds that the import takes
    elif len(known):
        from statsmodels.stats.multitest import multipletests

        rejected, corrected[known], _, _ = multipletests(p[known], ALPHA, method="holm")
        rank = np.argsort(np.argsort(p[known], kind="stable"))
        rank = np.where(rejected, rank, int(rejected.sum()))
        levels[known] = 1 - ALPHA / (len(known) - np.minimum(rank, len(known) - 1))
    return levels.tolist(), corrected.tolist()
