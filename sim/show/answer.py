"""A result as plain values for programs: what ``importflow run --format json`` prints and ``measures.json`` holds."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from sim.analysis.intervals import Estimate
from sim.study.replicate import Result
from sim.world.scenario import tasks_of

Json = dict[str, Any]
OF_STAGE = {
    "throughput": "throughput.{}",
    "queue": "queue.{}.mean",
    "longest_queue": "queue.{}.most",
    "wait": "wait.{}.mean",
    "wait_p95": "wait.{}.p95",
    "work": "work.{}.mean",
}


def answer(result: Result) -> Json:
    """One object with all that a run found; what is infinite or has no value is null.

    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> found = answer(replicate(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2)))
    >>> found["scenario"], found["measures"]["utilisation.clerks"]["unit"], found["stages"]["counter"]["teams"]
    ('teaching_line', 'share', ['clerks'])
    """
    return {
        "scenario": result.file.name,
        "seed": result.settings.seed,
        "replications": result.settings.replications,
        "engine": result.settings.engine,
        "sentence": result.sentence,
        "measures": {name: estimate_json(found) for name, found in result.measures.items()},
        "stages": _stages(result),
        "teams": _teams(result),
        "checks": dict(result.checks),
    }


def estimate_json(found: Estimate) -> Json:
    """Mean, low, high and unit; null where there is no number."""
    return {"mean": finite(found.mean), "low": finite(found.low), "high": finite(found.high), "unit": found.unit}


def finite(value: float) -> float | None:
    """A number that JSON can hold, or None."""
    return float(value) if math.isfinite(value) else None


def _stages(result: Result) -> Json:
    scenario = result.file.scenario
    return {
        key: {
            "label": scenario.label("stages", key),
            "kind": stage.kind,
            "teams": list(dict.fromkeys(task.team for _, task in tasks_of(stage))),
            **_named(result, {field: name.format(key) for field, name in OF_STAGE.items()}),
        }
        for key, stage in scenario.stages.items()
    }


def _teams(result: Result) -> Json:
    scenario = result.file.scenario
    load = _load(result.teams)
    return {
        key: {
            "label": scenario.label("teams", key),
            **load.get(key, {}),
            **_named(result, {"utilisation": f"utilisation.{key}", "overtime": f"overtime.{key}"}),
            "shifts": _named(result, {shift: f"utilisation.{key}.{shift}" for shift in team.shifts}),
        }
        for key, team in scenario.teams.items()
    }


def load_json(load: pd.DataFrame, teams: pd.DataFrame) -> Json:
    """Offered load by team and day, and by team over the measured days.

    Parameters
    ----------
    load
        The table of ``sim.analysis.load.offered_load``.
    teams
        The table of ``sim.analysis.load.team_load``.

    """
    days = [{"team": row.team, "day": str(row.day), **_hours(row)} for row in rows_of(load)]
    return {"load": days, "teams": _load(teams)}


def rows_of(table: pd.DataFrame) -> Iterable[Any]:
    """The rows of a table as named tuples; their columns have no types that could be checked."""
    return table.itertuples()


def _hours(row: Any) -> Json:
    return {"offered_h": finite(row.offered_h), "staffed_h": finite(row.staffed_h), "load": finite(row.load)}


def _load(teams: pd.DataFrame) -> Json:
    return {
        str(row.Index): {
            **_hours(row),
            "worst_load": finite(row.worst_load),
            "worst_day": None if pd.isna(row.worst_day) else str(row.worst_day),
        }
        for row in rows_of(teams)
    }


def _named(result: Result, names: dict[str, str]) -> Json:
    """The measures that were found, each under a shorter name."""
    return {field: estimate_json(result.measures[name]) for field, name in names.items() if name in result.measures}
