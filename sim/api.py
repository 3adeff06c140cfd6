"""The Python face: scenarios in, plain result objects with tidy tables out.

Every function takes a scenario as a file that was loaded, the path of one, or the name of a shipped one; ``workers``
runs at the same time (default: as the machine has cores); a ``cluster`` by the address of its Dask scheduler; and a
``store``, a file in which answers are kept and looked up (none if not said).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

from sim.study.compare import Comparison
from sim.study.compare import compare as _compare
from sim.study.evaluate import evaluator
from sim.study.promise import Promised
from sim.study.promise import promise as _promise
from sim.study.replicate import DEFAULT_REPLICATIONS, Result, Settings, replicate
from sim.study.staffing import Staffing
from sim.study.staffing import staff as _staff
from sim.study.sweep import Sweep, grid
from sim.study.sweep import sweep as _sweep
from sim.study.target import parse_target
from sim.world import files
from sim.world.files import ScenarioFile
from sim.world.shipped import find

Scenario = ScenarioFile | str | Path


class Where(TypedDict, total=False):
    """Where studies run, and where their answers are kept."""

    workers: int | None
    cluster: str | None
    store: Path | None


def load(scenario: Scenario, *settings: str) -> ScenarioFile:
    """A scenario by path or by the name of a shipped one, with ``path=value`` changes. Raises ScenarioError.

    >>> load("teaching_line", "teams.clerks.staff=4").scenario.teams["clerks"].staff
    4
    """
    if isinstance(scenario, ScenarioFile):
        return scenario.changed(*settings) if settings else scenario
    return files.load(find(scenario), settings)


def run(
    scenario: Scenario, replications: int = DEFAULT_REPLICATIONS, seed: int = 1, workers: int | None = None
) -> Result:
    """Replications of one scenario: the sentence, measures with intervals, curves.

    >>> found = run(load("teaching_line", "clock.length=3 d"), replications=3)
    >>> found.frame.loc["utilisation.clerks", "unit"]
    'share'
    """
    return replicate(load(scenario), Settings(seed, replications, workers=workers))


def compare(
    *scenarios: Scenario, replications: int = DEFAULT_REPLICATIONS, seed: int = 1, **where: Unpack[Where]
) -> Comparison:
    """Several plans on the same luck: see :func:`sim.study.compare.compare`.

    >>> base = load("teaching_line", "clock.length=3 d")
    >>> bool((compare(base, base, replications=3).frame["difference"].fillna(0) == 0).all())
    True
    """
    with evaluator(**_places(where)) as evaluate:
        return _compare([load(one) for one in scenarios], evaluate, seed, replications)


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]],
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    **where: Unpack[Where],
) -> Sweep:
    """A grid (path to values) or a list of points (path to value each): see :func:`sim.study.sweep.sweep`.

    >>> found = sweep(load("teaching_line", "clock.length=3 d"), {"teams.clerks.staff": [3, 4]}, replications=3)
    >>> found.of("utilisation.clerks")["mean"].is_monotonic_decreasing
    True
    """
    if isinstance(vary, Mapping):
        points = grid({path: [str(value) for value in values] for path, values in vary.items()})
    else:
        points = [{path: str(value) for path, value in point.items()} for point in vary]
    with evaluator(**_places(where)) as evaluate:
        return _sweep(load(scenario), points, evaluate, seed, replications)


def staff(
    scenario: Scenario,
    *targets: str,
    limits: Mapping[str, tuple[int, int]] | None = None,
    starts: Mapping[str, Sequence[str]] | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    **where: Unpack[Where],
) -> Staffing:
    """The cheapest staffing that keeps targets: see :func:`sim.study.staffing.staff`.

    >>> line = load("teaching_line", "clock.length=3 d", "teams.clerks.wage=30", "teams.clerks.staff=6")
    >>> found = staff(line, "delivery_time.p90 <= 30 min", replications=3)
    >>> found.roster
    {'clerks': 4}
    """
    file = load(scenario)
    with evaluator(**_places(where)) as evaluate:
        wanted = [parse_target(text, file.scenario) for text in targets]
        return _staff(file, wanted, evaluate, limits, starts, seed, replications)


def promise(
    scenario: Scenario,
    placed: datetime | None = None,
    wanted: datetime | None = None,
    chance: float = 0.95,
    goods_class: str | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    **where: Unpack[Where],
) -> Promised:
    """By when an order is there, and by when to order: see :func:`sim.study.promise.promise`.

    >>> found = promise(load("teaching_line", "clock.length=3 d"), datetime(2026, 11, 4, 21), replications=3)
    >>> found.dates["chance"].tolist()
    [0.5, 0.8, 0.9, 0.95]
    """
    with evaluator(**_places(where)) as evaluate:
        return _promise(load(scenario), evaluate, placed, wanted, chance, goods_class, seed, replications)


def _places(where: Where) -> Any:
    return {"places": where.get("workers"), "cluster": where.get("cluster"), "store": where.get("store")}
