"""The Plan's tables of who is there, what leaves, and what is open, over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan.disruptions import disrupted_calendars, disrupted_team, leaves, open_intervals
from sim.plan.draws import uniforms
from sim.plan.names import Names
from sim.plan.plan import (
    DEPARTURE,
    DUE_DATE,
    FINISH,
    FIRST_COME,
    GATE,
    MIDNIGHT,
    NONE,
    OPEN,
    PAUSE,
    PER_MILLE,
    PPM,
    PRIORITY,
    RATE,
    STAFF,
    TEAM,
    Table,
)  # fmt: skip
from sim.plan.steps import Chance
from sim.world.arrivals import FixedTimes
from sim.world.calendar import lowest_within
from sim.world.scenario import Scenario
from sim.world.stages import Trucks, departures_of
from sim.world.teams import Absent, Team

END_RULES = {"finish": FINISH, "pause": PAUSE}
ORDERS = {"first_come": FIRST_COME, "priority": PRIORITY, "due_date": DUE_DATE}
FAR_MS = 2**62

Ints = NDArray[np.int64]


def highest_ppm(chance: Chance) -> int:
    """The highest share that is ever in force, for anybody (parts per million)."""
    shares = [share for _, share in chance.by_class or chance.all_classes]
    return max(round(share * PPM) for share in shares)


class Rates:
    """The shares of all branches as rates in parts per million, numbered as they come."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int]] = []
        self.count = 0

    def add(self, chance: Chance, classes: Iterable[str]) -> tuple[int, int]:
        """The number of the first rate, and 1 if there is one for each class."""
        first = self.count
        shares = dict(chance.by_class)
        lists = [((0, shares.get(name, 0.0)),) for name in classes] if shares else [chance.all_classes]
        for changes in lists:
            self.rows += [(at, self.count, round(share * PPM)) for at, share in changes]
            self.count += 1
        return first, int(bool(shares))

    def table(self, end_ms: int) -> Table:
        """Changes of rates sorted by time; cut before the end of the run."""
        return np.array(sorted(row for row in self.rows if row[0] < end_ms), dtype=RATE)


def team_table(scenario: Scenario) -> Table:
    """The rules of each team."""
    rows = [
        (END_RULES[team.at_shift_end], ORDERS[team.order], int(per_mille(np.array([team.speed]))[0]))
        for team in scenario.teams.values()
    ]
    return np.array(rows, dtype=TEAM)


def staff_varies(scenario: Scenario) -> bool:
    """Whether how many are there differs from replication to replication."""
    return any(team.absence for team in scenario.teams.values())


def staff_table(scenario: Scenario, seed: int, replication: int, end_ms: int) -> Table:
    """Head-counts and how many may begin something new, team by team, merged and sorted by time."""
    rows: list[tuple[int, ...]] = []
    for number, key in enumerate(scenario.teams):
        team = disrupted_team(scenario, key)
        absent = _absent(team, key, seed, replication)
        there = team.head_counts(scenario.clock.start, end_ms, absent)
        may_start = lowest_within(*there, team.last_start)
        may_stay = team.may_stay(scenario.clock.start, end_ms, absent)
        speeds = team.speeds(scenario.clock.start, end_ms)
        edges = reduce(np.union1d, [times for times, _ in (there, may_start, may_stay, speeds)])
        edges = edges[edges < end_ms]
        columns = [_at(edges, *there), _at(edges, *may_start), _at(edges, *may_stay), per_mille(_at(edges, *speeds))]
        rows += [(int(at), number, *map(int, row)) for at, *row in zip(edges, *columns, strict=True)]
    return np.array(sorted(rows), dtype=STAFF)


def _at(moments: Ints, times: Ints, levels: NDArray[Any]) -> NDArray[Any]:
    """The level of a step function at each of the moments."""
    return np.asarray(levels[np.searchsorted(times, moments, side="right") - 1])


def per_mille(speeds: NDArray[np.float64]) -> Ints:
    """Speeds in whole per mille, at least one."""
    return np.maximum(np.rint(speeds * PER_MILLE).astype(np.int64), 1)


def _absent(team: Team, key: str, seed: int, replication: int) -> Absent:
    """How many of a shift stay away on a day: binomial, at the address of team, shift and day."""

    def absent(shift: str, day: int, staff: int) -> int:
        if team.absence == 0:
            return 0
        from scipy import stats  # takes half a second to load, and few scenarios need it

        # Days count from the day before the start, whose night shift may run into the first morning.
        u = uniforms(seed, replication, f"{key}.absence.{shift}", day + 2)[-1]
        return int(stats.binom.ppf(u, staff, team.absence)) if staff else 0

    return absent


def helpers_of(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """For each team the numbers of those that may help it, in the order of the file."""
    keys = list(scenario.teams)
    return tuple(
        tuple(number for number, (_, helper) in enumerate(scenario.teams.items()) if key in helper.helps)
        for key in keys
    )


def _trucks(scenario: Scenario, names: Names) -> list[Trucks]:
    found = [departures_of(scenario.stages[gate.rpartition(".")[0]]) for gate in names.gates]
    return [trucks for _, trucks in filter(None, found)]


def gate_table(scenario: Scenario, names: Names) -> Table:
    """The rules of each gate."""
    rows = [(trucks.full or NONE, trucks.longest_hold or NONE) for trucks in _trucks(scenario, names)]
    return np.array(rows, dtype=GATE)


def departure_table(scenario: Scenario, names: Names, end_ms: int) -> Table:
    """Each departure of each gate up to the end; a truck without a capacity takes all."""
    start = scenario.clock.start
    rows = [
        (at, number, trucks.capacity or FAR_MS, NONE)
        for number, trucks in enumerate(_trucks(scenario, names))
        for at in _departures_ms(trucks, scenario, end_ms)
        if (start + timedelta(milliseconds=at)).date() not in trucks.cancelled
        and leaves(scenario, names.gates[number].rpartition(".")[0], at)
    ]
    return np.array(sorted(rows), dtype=DEPARTURE)


def _departures_ms(trucks: Trucks, scenario: Scenario, end_ms: int) -> list[int]:
    if not trucks.departures:
        return []
    times = FixedTimes(at=trucks.departures, days=trucks.days)
    return [int(at) for at in times.moments_ms(scenario.clock.start, end_ms)]


def midnight_table(scenario: Scenario, follows: Table, end_ms: int) -> Table:
    """When rates follow the record of the days before: at each midnight after the start."""
    moments = FixedTimes(at=(0,)).moments_ms(scenario.clock.start, end_ms)
    rows = [(int(at), follow) for at in moments[moments > 0] for follow in range(len(follows))]
    return np.array(rows, dtype=MIDNIGHT)


def calendar_table(scenario: Scenario, end_ms: int) -> Table:
    """When each named calendar is open, and how long it was open before."""
    rows = []
    hours = [calendar.intervals(scenario.clock.start, end_ms) for calendar in scenario.calendars.values()]
    hours += [open_intervals(scenario, key, end_ms) for key in disrupted_calendars(scenario)]
    for number, intervals in enumerate(hours):
        open_ms = 0
        for begin, end in intervals:
            rows.append((number, begin, end, open_ms))
            open_ms += end - begin
    return np.array(rows, dtype=OPEN)
