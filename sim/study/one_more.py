"""What would one more person bring, and what would one fewer cost? Per team and shift, on the same luck."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.study.evaluate import Evaluator, Point
from sim.study.paired import paired
from sim.study.question import STAFF_COST, Everything, Measures
from sim.study.sweep import LOAD
from sim.study.target import TargetError, full_name
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile


class Post(NamedTuple):
    """A team, or one of its shifts, and how many staff it has."""

    team: str
    shift: str | None
    staff: int

    @property
    def path(self) -> str:
        """Where its number stands in a scenario."""
        within = "" if self.shift is None else f".shifts.{self.shift}"
        return f"teams.{self.team}{within}.staff"

    @property
    def key(self) -> str:
        """``packers.late``, or ``clerks`` where a team has no shifts."""
        return self.team if self.shift is None else f"{self.team}.{self.shift}"


@dataclass(frozen=True)
class OneMore:
    """A row for each team and shift, and +1 or -1: what changes, the best gain for its money first.

    ``frame``: post, team, shift, staff (from), change, load (of the team, before), then for each of the ``watched``
    measures its change, and ``_low``, ``_high`` of it; ``cost`` (money a day), ``gain_per_money`` (of the first
    measure, for each 1 of money a day; infinite where it costs nothing, 0 where no change is sure).
    """

    file: ScenarioFile
    watched: tuple[str, ...]
    units: dict[str, str]
    frame: pd.DataFrame
    replications: int


def posts(file: ScenarioFile) -> list[Post]:
    """Every team and shift of a scenario, in its order.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> [post.key for post in posts(load(shipped("teaching_line")))]
    ['clerks']
    """
    return [post for key, team in file.scenario.teams.items() for post in _posts_of(key, team.staff, team.shifts)]


def _posts_of(key: str, staff: int | None, shifts: dict[str, Any]) -> Iterator[Post]:
    if staff is not None:
        yield Post(key, None, staff)
    for name, shift in shifts.items():
        yield Post(key, name, shift.staff)


def one_more(
    file: ScenarioFile, evaluate: Evaluator, measures: tuple[str, ...] = (), seed: int = 1, replications: int = 10
) -> OneMore:
    """Try one more and one fewer in each team and shift, and sort them by what they bring for their money.

    A bottleneck is where one more helps; with offered load it is found here, not by the longest queue. Differences are
    paired on equal luck; more staff can also make things worse, since it brings bunches to the next stage.

    Parameters
    ----------
    file
        The scenario as it is.
    evaluate
        Who runs it.
    measures
        What is watched; without any, the share of the promise that is hardest to keep, and the P90 of delivery.
    seed, replications
        The luck.

    Raises
    ------
    TargetError
        For a measure that is not there.

    """
    tried = [
        (post, change, changed) for post in posts(file) for change in (1, -1) if (changed := _with(file, post, change))
    ]
    points = [Point(file, seed, number) for number in range(replications)]
    points += [Point(one, seed, number, file) for _, _, one in tried for number in range(replications)]
    answers = evaluate(points, Everything())
    base = answers[:replications]
    watched = tuple(full_name(name, file.scenario) for name in measures) or _usual(base)
    for name in watched:
        if name not in base[0]:
            raise TargetError(f"no measure '{name}'")
    units = {name: base[0][name].unit for name in watched}
    rows = [
        _row(post, change, base, answers[begin : begin + replications], units)
        for (post, change, _), begin in zip(tried, range(replications, len(answers), replications), strict=True)
    ]
    frame = pd.DataFrame(rows)
    if len(frame):
        frame = frame.sort_values(["gain_per_money", "load"], ascending=False, kind="stable", ignore_index=True)
    return OneMore(file, watched, units, frame, replications)


def _with(file: ScenarioFile, post: Post, change: int) -> ScenarioFile | None:
    """The scenario with one more or fewer, or None where that is no scenario (fewer than a crew)."""
    try:
        return file.changed(f"{post.path}={post.staff + change}") if post.staff + change >= 0 else None
    except ScenarioError:
        return None


def _usual(base: list[Measures]) -> tuple[str, ...]:
    shares = {
        name: float(np.mean([run[name].value for run in base])) for name in base[0] if name.startswith("on_time.")
    }
    hardest = [min(shares, key=lambda name: shares[name])] if shares else []
    return (*hardest, *(name for name in ("delivery_time.p90",) if name in base[0]))


def _row(post: Post, change: int, base: list[Measures], runs: list[Measures], units: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "post": post.key, "team": post.team, "shift": post.shift or "", "staff": post.staff, "change": change,
        "load": float(np.mean([run[LOAD + post.team].value for run in base])),
    }  # fmt: skip
    for name, unit in units.items():
        gap = paired([run[name].value for run in base], [run[name].value for run in runs], unit)
        row |= {name: gap.difference, f"{name}_low": gap.low, f"{name}_high": gap.high}
    cost = 0.0
    if STAFF_COST in base[0]:
        cost = paired(
            [run[STAFF_COST].value for run in base], [run[STAFF_COST].value for run in runs], "money"
        ).difference
    first = next(iter(units))
    sure = row[f"{first}_low"] > 0 or row[f"{first}_high"] < 0
    gain = 0.0 if not sure else row[first] if units[first] == "share" else -row[first]
    return row | {"cost": cost, "gain_per_money": _per_money(gain, cost)}


def _per_money(gain: float, cost: float) -> float:
    """What 1 of money a day brings; for a saving what 1 saved costs, as a negative number."""
    if cost == 0:
        return math.copysign(math.inf, gain) if gain else 0.0
    return gain / abs(cost)
