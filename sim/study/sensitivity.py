"""How much do the inputs matter of which we are not sure? Each at its low and its high, on the same luck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.study.evaluate import Evaluator, Point
from sim.study.paired import paired
from sim.study.question import Everything, Measures
from sim.study.sweep import bottleneck
from sim.study.target import Target, TargetError, known_measure
from sim.words import studies as say
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile
from sim.world.stages import Customs
from sim.world.units import parse_pace_ms
from sim.world.written import Where, value_at

PACE_WORDS = ("work", "wait")


class Varied(NamedTuple):
    """An input of which a low and a high are stated: the path whose source says so, and the one that is set."""

    source: str
    path: str
    trust: str
    low: str
    high: str


@dataclass(frozen=True)
class Sensitivity:
    """A row for each input, the one that matters most first.

    ``frame``: source, path, trust, low, high (values), at_low, at_high (change of the measure), low_from, low_to,
    high_from, high_to (95 % intervals of these), span (infinite where it is not known), decision_low, decision_high (what changes in the decision, or
    nothing). ``skipped``: inputs that cannot be varied alone, and why. ``base`` is the measure as things are.
    """

    file: ScenarioFile
    measure: str
    unit: str
    base: float
    frame: pd.DataFrame
    skipped: dict[str, str]


def sensitivity(
    file: ScenarioFile,
    measure: str,
    evaluate: Evaluator,
    targets: tuple[Target, ...] = (),
    seed: int = 1,
    replications: int = 10,
) -> Sensitivity:
    """Set each uncertain input to its low and its high: which of them does an answer rest on.

    Each input for which the scenario's ``sources`` state a low and a high is set to either, all else the same, one at a
    time (so effects that only appear together are not seen). Differences are paired on equal luck.

    Parameters
    ----------
    file
        A scenario with sources.
    measure
        What is watched, such as ``delivery_time.p90``.
    evaluate
        Who runs it.
    targets
        A decision: whether these are kept. Without any, it is which team is the tightest.
    seed, replications
        The luck.

    Raises
    ------
    TargetError
        For a measure that is not there, naming the nearest; or where no input states low and high.

    """
    inputs, skipped = _inputs(file)
    if not inputs:
        raise TargetError(f"{file.name}: no source of the scenario states a low and a high that can be set")
    files = [file, *(one for ends in inputs.values() for one in ends)]
    answers = evaluate([Point(one, seed, number) for one in files for number in range(replications)], Everything())
    runs = [answers[begin : begin + replications] for begin in range(0, len(answers), replications)]
    measure = known_measure(measure, runs[0][0], file.scenario)
    unit = runs[0][0][measure].unit
    rows = [
        _row(varied, runs[0], runs[1 + 2 * number], runs[2 + 2 * number], measure, unit, targets)
        for number, varied in enumerate(inputs)
    ]
    frame = pd.DataFrame(rows).sort_values("span", ascending=False, kind="stable", ignore_index=True)
    base = float(pd.Series([run[measure].value for run in runs[0]]).mean())
    return Sensitivity(file, measure, unit, base, frame, skipped)


def _inputs(file: ScenarioFile) -> tuple[dict[Varied, tuple[ScenarioFile, ScenarioFile]], dict[str, str]]:
    found, skipped = {}, {}
    for key, source in file.scenario.sources.items():
        if source.low is None or source.high is None:
            continue
        path = where_to_set(file, tuple(key.split(".")))
        if path is None:
            skipped[key] = say.NO_SINGLE_NUMBER
            continue
        try:
            low, high = (
                file.changed(f"{'.'.join(path)}={_as_time(path, value)}") for value in (source.low, source.high)
            )
        except ScenarioError as error:
            skipped[key] = error.findings[0]
            continue
        found[Varied(key, ".".join(path), source.trust, source.low, source.high)] = low, high
    return found, skipped


def _as_time(path: Where, value: str) -> str:
    """The mean of a distribution is a time, where sources often state a pace (``60 / h``)."""
    return f"{parse_pace_ms(value)} ms" if path[-1] == "mean" and "/" in value else value


def where_to_set(file: ScenarioFile, where: Where) -> Where | None:
    """The path of the one number that a source speaks of: of a distribution its mean, of a task its work.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> file = load(shipped("small_site_fortnight"))
    >>> where_to_set(file, ("stages", "picking", "pick"))
    ('stages', 'picking', 'pick', 'work', 'per_line', 'lognormal', 'mean')
    """
    said = value_at(file.raw, where)
    if isinstance(said, str):
        return where
    if not isinstance(said, dict):
        return None
    if "mean" in said:
        return (*where, "mean")
    for key in _onward(file, where, said):
        return where_to_set(file, (*where, key))
    return None


def _onward(file: ScenarioFile, where: Where, said: dict[str, Any]) -> Iterator[str]:
    """The part of a map that holds its number: the rate of the company's own credit, the work of a task, the only one."""
    if where[-1] == "selection_rate":
        stage = file.scenario.stages[where[1]]
        if isinstance(stage, Customs) and stage.credit in said:
            yield stage.credit
    yield from (word for word in PACE_WORDS if word in said)
    if len(said) == 1:
        yield from said


def _row(
    varied: Varied,
    base: list[Measures],
    low: list[Measures],
    high: list[Measures],
    measure: str,
    unit: str,
    targets: tuple[Target, ...],
) -> dict[str, Any]:
    values = [[run[measure].value for run in runs] for runs in (base, low, high)]
    at_low, at_high = (paired(values[0], other, unit) for other in values[1:])
    changes = np.array([at_low.difference, at_high.difference, at_high.difference - at_low.difference])
    return {
        **varied._asdict(),
        "at_low": at_low.difference, "low_from": at_low.low, "low_to": at_low.high,
        "at_high": at_high.difference, "high_from": at_high.low, "high_to": at_high.high,
        "span": float(np.nan_to_num(np.abs(changes), nan=np.inf).max()),
        "decision_low": _decision(base, low, targets), "decision_high": _decision(base, high, targets),
    }  # fmt: skip


def _decision(base: list[Measures], other: list[Measures], targets: tuple[Target, ...]) -> str:
    """What changes in the decision, in words."""
    if not targets:
        before, after = bottleneck(base)[0], bottleneck(other)[0]
        return "" if before == after else say.tightest_is(after)
    changed = [
        say.target_is(str(target), kept=target.met(target.values(other)))
        for target in targets
        if target.met(target.values(base)) != target.met(target.values(other))
    ]
    return "; ".join(changed)
