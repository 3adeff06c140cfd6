"""Rosters: how many staff in each team and shift, and when shifts begin; what a search through them may change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.analysis.load import offered_load, team_load
from sim.plan.compile import compile_file
from sim.study.one_more import Post, posts
from sim.study.target import TargetError
from sim.words.studies import count_from
from sim.world.calendar import Shift
from sim.world.errors import ScenarioError, nearest
from sim.world.files import ScenarioFile
from sim.world.scenario import tasks_of
from sim.world.units import DAY_MS, HOUR_MS, clock_text, parse_time_of_day_ms

Roster = tuple[int, ...]
"""The staff of each post that may change, then for each of them which of its shift starts is chosen (0: as it is)."""
Limits = Mapping[str, tuple[int, int]]
SQUARE_ROOT_BETA = 0.5
"""The square-root rule: offered work plus half its root (Halfin and Whitt, Operations Research 29, 1981, for beta = 0.5)."""
ROOM = 3
"""Without a limit a post may have so many times what the rule asks for."""


@dataclass(frozen=True)
class Rosters:
    """What may change, between which limits, and what it costs.

    ``low``, ``high``, ``price`` (money a day for one more) and ``hours`` (person-hours a day for one more) are by
    post; ``starts`` by post are the times (ms after midnight) at which its shift may begin, the present one first;
    ``fixed`` are posts that stay as they are.
    """

    file: ScenarioFile
    free: tuple[Post, ...]
    fixed: tuple[Post, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    price: tuple[float, ...]
    hours: tuple[float, ...]
    starts: tuple[tuple[int, ...], ...]
    needed_h: dict[str, float]
    first: Roster

    @property
    def ceiling(self) -> Roster:
        """Every post at its limit, shifts as they are."""
        return (*self.high, *(0 for _ in self.free))

    @property
    def present(self) -> Roster:
        """Staff as the scenario has them."""
        return (*(post.staff for post in self.free), *(0 for _ in self.free))

    def settings(self, roster: Roster) -> tuple[str, ...]:
        """The ``path=value`` changes that make the scenario have this roster."""
        counts, starts = roster[: len(self.free)], roster[len(self.free) :]
        said = [f"{post.path}={count}" for post, count in zip(self.free, counts, strict=True) if count != post.staff]
        for post, chosen, times in zip(self.free, starts, self.starts, strict=True):
            if chosen:
                said += _moved(self.file, post, times[chosen])
        return tuple(said)

    def scenario(self, roster: Roster) -> ScenarioFile | None:
        """The scenario with this roster, or None where it makes none (a crew larger than its team)."""
        try:
            return self.file.changed(*self.settings(roster))
        except ScenarioError:
            return None

    def allowed(self, roster: Roster) -> bool:
        """Whether a roster lies within the limits, and every team can do, in the days measured, what it is offered."""
        counts = roster[: len(self.free)]
        if any(not low <= count <= high for count, low, high in zip(counts, self.low, self.high, strict=True)):
            return False
        there: dict[str, float] = {}
        for post, count, hours in zip(self.free, counts, self.hours, strict=True):
            there[post.team] = there.get(post.team, 0.0) + count * hours
        return all(there[team] > needed for team, needed in self.needed_h.items())

    def least(self, roster: Roster) -> Roster:
        """The smallest roster of about the same shape in which every team can do what it is offered."""
        count = len(self.free)
        there: dict[str, float] = {}
        for post, staff, hours in zip(self.free, roster, self.hours, strict=False):
            there[post.team] = there.get(post.team, 0.0) + staff * hours
        counts = [
            min(
                max(math.floor(staff * self.needed_h.get(post.team, 0.0) / max(there[post.team], 1e-9)) + 1, low), staff
            )
            for post, staff, low in zip(self.free, roster, self.low, strict=False)
        ]
        return (*counts, *roster[count:])

    def staff_cost(self, roster: Roster) -> float:
        """Wages a day of the posts that may change, before overtime."""
        return sum(count * price for count, price in zip(roster, self.price, strict=False))

    def words(self, roster: Roster) -> dict[str, int | str]:
        """Staff by post, with the new start of a shift that moves."""
        said: dict[str, int | str] = {}
        starts = roster[len(self.free) :]
        for post, count, chosen, times in zip(self.free, roster, starts, self.starts, strict=False):
            said[post.key] = count_from(count, clock_text(times[chosen])) if chosen else count
        return said


def rosters(
    file: ScenarioFile, limits: Limits | None = None, starts: Mapping[str, Sequence[str]] | None = None, seed: int = 1
) -> Rosters:
    """What a search may change: every post that is paid, within limits.

    A team without a wage is not the site's to staff (customs officers), and stays as it is unless a limit names it. The
    search begins from offered load and the square-root rule.

    Parameters
    ----------
    file
        The scenario.
    limits
        Fewest and most staff by post (``packers.late``) or team (``packers``: each of its shifts).
    starts
        Times of day at which the shift of a post may begin; it keeps its length.
    seed
        The luck by which offered load is found.

    Raises
    ------
    TargetError
        For a limit or start of a post that is not there, naming the nearest.

    """
    own = posts(file)
    limits, starts = _by_post(limits or {}, own), _by_post(starts or {}, own)
    free = tuple(post for post in own if post.key in limits or file.scenario.teams[post.team].wage > 0)
    if not free:
        raise TargetError(f"{file.name}: no team has a wage, and no limit names one: there is nothing to search")
    plan = compile_file(file, seed)
    load = {str(team): float(value) for team, value in team_load(offered_load(plan), file.scenario)["load"].items()}
    rows = [_limits_of(file, post, limits.get(post.key), load[post.team]) for post in free]
    low, high, first = (tuple(column) for column in zip(*rows, strict=True))
    hours = tuple(_hours_a_day(file, post) for post in free)
    helped = {key for team in file.scenario.teams.values() for key in team.helps}
    needed = {
        team: load[team] * sum(post.staff * one for post, one in zip(free, hours, strict=True) if post.team == team)
        for team in {post.team for post in free}
        if team not in helped and math.isfinite(load[team])
    }  # fmt: skip
    return Rosters(
        file, free, tuple(post for post in own if post not in free), low, high,
        tuple(file.scenario.teams[post.team].wage * one for post, one in zip(free, hours, strict=True)), hours,
        tuple(_starts_of(file, post, starts.get(post.key, ())) for post in free), needed, (*first, *(0 for _ in free)),
    )  # fmt: skip


def _by_post(said: Mapping[str, Any], own: Sequence[Post]) -> dict[str, Any]:
    """By post what is said by post or by team."""
    known = {post.key for post in own} | {post.team for post in own}
    for key in said:
        if key not in known:
            raise TargetError(f"no team or shift '{key}'{nearest(key, known)}")
    return {post.key: said.get(post.key, said.get(post.team)) for post in own if {post.key, post.team} & said.keys()}


def _limits_of(file: ScenarioFile, post: Post, limit: tuple[int, int] | None, load: float) -> tuple[int, int, int]:
    """Fewest, most, and how many to begin with."""
    work = load * post.staff if math.isfinite(load) else 1.0
    wanted = max(1, math.ceil(work + SQUARE_ROOT_BETA * math.sqrt(work)))
    alone = len(file.scenario.teams[post.team].shifts) <= 1
    fewest = _largest_crew(file, post.team) if alone else 0
    low, high = limit or (fewest, max(ROOM * wanted, 2 * post.staff, fewest))
    return low, high, min(max(wanted, low), high)


def _largest_crew(file: ScenarioFile, team: str) -> int:
    stages = file.scenario.stages.values()
    return max((task.crew for stage in stages for _, task in tasks_of(stage) if task.team == team), default=1)


def _shift(file: ScenarioFile, post: Post) -> Shift | None:
    return None if post.shift is None else file.scenario.teams[post.team].shifts[post.shift]


def _hours_a_day(file: ScenarioFile, post: Post) -> float:
    """Hours that one person works a day, on the mean of a week."""
    shift = _shift(file, post)
    if shift is None:
        return DAY_MS / HOUR_MS
    return sum(end - begin for begin, end in shift.pieces()) / HOUR_MS * len(shift.days) / 7


def _starts_of(file: ScenarioFile, post: Post, said: Sequence[str]) -> tuple[int, ...]:
    shift = _shift(file, post)
    if shift is None:
        if said:
            raise TargetError(f"{post.key} has no shifts that could begin at another time")
        return (0,)
    try:
        times = [parse_time_of_day_ms(text) % DAY_MS for text in said]
    except ValueError as error:
        raise TargetError(f"start of {post.key}: {error}") from None
    return (shift.begin, *(at for at in times if at != shift.begin))


def _moved(file: ScenarioFile, post: Post, begin_ms: int) -> list[str]:
    """The settings that let a shift begin at another time, its length and its breaks kept."""
    shift = _shift(file, post)
    assert shift is not None
    by = begin_ms - shift.begin
    path = f"teams.{post.team}.shifts.{post.shift}"
    said = [f"{path}.from={_time(shift.begin + by)}", f"{path}.to={_time(shift.end + by)}"]
    said += [f"{path}.breaks.{number}.at={_time(one.at + by)}" for number, one in enumerate(shift.breaks)]
    return said


@cache
def _time(at_ms: int) -> str:
    return f"'{clock_text(at_ms % DAY_MS)}'"
