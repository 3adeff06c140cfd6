"""Passes over the records, compiled by Numba: what would take NumPy a dozen passes over millions of visits, in one.

Each walks once through the visits item by item, or through the changes of a number in time. Times are in milliseconds,
NEVER where a thing has not happened. They raise nothing; what they find is for the laws and the measures to say.

Nothing is allocated here: who calls brings the tables in which answers are written. So Numba need not count who holds
which table, which made these passes five times as slow. As in ``sim/engine/kernel.py`` no constant of another file is
used, because Numba's cache looks at the date of this one only.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

# What compiled functions return: Numba finds the types, mypy need not.
Found: TypeAlias = Any
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NONE = NEVER = -1
FAR = 2**62
HOUR_MS = 3_600_000
CALLED_FROM_PYTHON: dict[str, Any] = {"_nrt": False, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
CALLED_FROM_COMPILED: dict[str, Any] = {**CALLED_FROM_PYTHON, "no_cpython_wrapper": True}


def entry(function: Any) -> Any:
    """Compile a function that Python calls, and keep what was compiled."""
    return njit(function, cache=True, **CALLED_FROM_PYTHON)


def inlined(function: Any) -> Any:
    """Compile a function into whoever calls it."""
    return njit(function, forceinline=True, **CALLED_FROM_COMPILED)


class Stays(NamedTuple):
    """The visits, column by column, as in ``sim.engine.records.Visits``."""

    item: NDArray[np.int32]
    step: NDArray[np.int16]
    attempt: NDArray[np.int16]
    team: NDArray[np.int16]
    joined: Ints
    started: Ints
    ended: Ints


@entry
def put_in_groups(column: NDArray[np.int16], begins: Ints, places: Ints, rows: NDArray[np.int32]) -> None:
    """Rows by the small number in a column, group after group; ``begins``, all 0 at first, says where those of each begin."""
    for row in range(len(column)):
        begins[column[row] + 1] += 1
    for group in range(len(places)):
        begins[group + 1] += begins[group]
        places[group] = begins[group]
    for row in range(len(column)):
        rows[places[column[row]]] = row
        places[column[row]] += 1


class Split(NamedTuple):
    """What says how much of a visit was idle.

    ``team``: by step whose queue it is, NONE where nothing is to be split. From ``times`` on nobody of a team is there
    (``absent`` 1) or somebody is (0); until then nobody was there for ``absent_ms``; ``first`` says where the rows of each
    team begin. ``pauses``: of each visit that ended and was paused its row (rising), for how long, and for how long of
    that nobody was there.
    """

    team: Ints
    first: Ints
    times: Ints
    absent: Ints
    absent_ms: Ints
    pauses: Ints


@inlined
def place_in(times: Any, low: Any, high: Any, moment: Any) -> Found:
    """The last place from ``low`` to before ``high`` whose time is not after the moment."""
    while high - low > 1:
        middle = (low + high) // 2
        if times[middle] <= moment:
            low = middle
        else:
            high = middle
    return low


@inlined
def nobody_between(split: Any, team: Any, begin: Any, end: Any) -> Found:
    """For how long nobody of a team was there between two moments."""
    last = split.first[team + 1] - 1
    place = place_in(split.times, split.first[team], last + 1, begin)
    before = split.absent_ms[place] + split.absent[place] * (begin - split.times[place])
    while place < last and split.times[place + 1] <= end:
        place += 1
    return split.absent_ms[place] + split.absent[place] * (end - split.times[place]) - before


@inlined
def idle_time(stays: Any, split: Any, row: Any, pause: Any) -> Found:
    """For how long a visit that has ended was idle, for how long of that nobody was there, and the next pause to come."""
    idle, nobody, team = np.int64(0), np.int64(0), split.team[stays.step[row]]
    if team != NONE:
        joined, started = stays.joined[row], stays.started[row]
        served = stays.ended[row] if started == NEVER else started
        idle = served - joined
        if idle != 0 and split.first[team] != split.first[team + 1]:
            nobody = nobody_between(split, team, joined, served)
    if pause < len(split.pauses) and split.pauses[pause, 0] == row:
        idle, nobody, pause = idle + split.pauses[pause, 1], nobody + split.pauses[pause, 2], pause + 1
    return idle, nobody, pause


@entry
def idle_of(stays: Stays, split: Split, rows: Ints, idle: Ints, nobody: Ints) -> None:
    """For how long the visits chosen (rising) were idle, and of that with nobody there; 0 for those that have not ended."""
    pause = np.int64(0)
    for place in range(len(rows)):
        row = rows[place]
        while pause < len(split.pauses) and split.pauses[pause, 0] < row:
            pause += 1
        if stays.ended[row] != NEVER:
            idle[place], nobody[place], pause = idle_time(stays, split, row, pause)


@entry
def lives(stays: Stays, split: Split, arrived: Ints, left: Ints, run_ends: int) -> Found:
    """Whether all items are accounted for, live without a gap, and spend their whole time on its parts."""
    accounted, without_gaps, adds_up = True, True, True
    row, pause = np.int64(0), np.int64(0)
    for item in range(len(arrived)):
        clock, under_way, spent, first_row = arrived[item], 0, np.int64(0), row
        while row < len(stays.item) and stays.item[row] == item:
            without_gaps &= stays.joined[row] == clock
            clock = stays.ended[row]
            if clock == NEVER:
                under_way += 1
            else:
                total = clock - stays.joined[row]
                idle, nobody, pause = idle_time(stays, split, row, pause)
                adds_up &= nobody >= 0 and nobody <= idle and idle <= total
                spent += total
            row += 1
        came, gone = arrived[item] < run_ends, left[item] != NEVER
        accounted &= under_way == (came and not gone) and (came or (not gone and row == first_row))
        without_gaps &= row == first_row or clock == left[item]
        adds_up &= not gone or spent == left[item] - arrived[item]
    return accounted and row == len(stays.item), without_gaps, adds_up


@entry
def spent_by_step(stays: Stays, split: Split, of_item: Bools, sums: Ints) -> None:
    """Sum up the visits of the items chosen that have ended.

    ``sums``, by step: ms in all, idle, idle with nobody there, of later attempts; and how many visits.
    """
    pause = np.int64(0)
    for row in range(len(stays.item)):
        if stays.ended[row] != NEVER:
            idle, nobody, pause = idle_time(stays, split, row, pause)
            if of_item[stays.item[row]]:
                step, total = stays.step[row], stays.ended[row] - stays.joined[row]
                sums[0, step] += total
                sums[1, step] += idle
                sums[2, step] += nobody
                sums[3, step] += total if stays.attempt[row] > 0 else 0
                sums[4, step] += 1


class Goods(NamedTuple):
    """What says where goods stay.

    ``stage``: by step, the number of its stage, NONE where goods do not stay there. ``working``: by step, 1 where it is work.
    ``way``: by flow, the stages of its way in their order, then NONE. By item: its ``flow``, whether it was there at the
    start, whether its times are measured, whether it came to the end of its way, and when it ``left``.
    """

    stage: Ints
    working: Ints
    way: Ints
    flow: NDArray[np.int16]
    backlog: Bools
    measured: Bools
    arrived_there: Bools
    left: Ints


class AtStages(NamedTuple):
    """What became of goods at the stages.

    For each item that is measured and each stage of which a visit of it has ended: the ``stage``, and for how long it
    ``waited`` there. By stage: for how long these ``worked``, and how many goods left it from each of the moments of
    ``since`` (rising, the first at or before all) to the next. ``came`` to ``visits`` are places for one item at a time.
    """

    stage: NDArray[np.int8]
    waited: Ints
    worked: Ints
    since: Ints
    leaving: Ints
    came: Ints
    went: Ints
    waits: Ints
    visits: Ints


@inlined
def stay_of(stays: Any, split: Any, goods: Any, found: Any, row: Any, pause: Any, measured: Any) -> Found:
    """Note a visit of the item at hand; returns the next pause to come."""
    step, ended, idle = stays.step[row], stays.ended[row], np.int64(0)
    if ended != NEVER:
        idle, _, pause = idle_time(stays, split, row, pause)
    stage = goods.stage[step]
    if stage != NONE:
        found.came[stage] = min(found.came[stage], stays.joined[row])
        found.went[stage] = ended
        if ended != NEVER and measured:
            found.waits[stage] += idle
            found.visits[stage] += 1
            found.worked[stage] += (ended - stays.joined[row] - idle) * goods.working[step]
    return pause


@inlined
def pass_by(goods: Any, found: Any, item: Any) -> None:
    """When the item at hand left the stages of its way at which nothing held it: when it came to a later one, or to the end."""
    flow, came_later = goods.flow[item], np.int64(FAR)
    passed = goods.left[item] if goods.arrived_there[item] else np.int64(NEVER)
    for place in range(goods.way.shape[1] - 1, -1, -1):
        stage = goods.way[flow, place]
        if stage != NONE:
            if found.came[stage] == FAR:
                found.went[stage] = passed if came_later == FAR else came_later
            came_later = min(came_later, found.came[stage])


@entry
def at_stages(stays: Stays, split: Split, goods: Goods, found: AtStages) -> Found:
    """Find what became of goods at the stages; returns how many rows of ``stage`` and ``waited`` there are."""
    row, pause, rows = np.int64(0), np.int64(0), np.int64(0)
    for item in range(len(goods.flow)):
        while row < len(stays.item) and stays.item[row] == item:
            pause = stay_of(stays, split, goods, found, row, pause, goods.measured[item])
            row += 1
        if not goods.backlog[item]:
            pass_by(goods, found, item)
        for stage in range(len(found.came)):
            left = found.went[stage]
            if left != NEVER:
                found.leaving[stage, place_in(found.since, 0, len(found.since), left)] += 1
            if found.visits[stage]:
                found.stage[rows], found.waited[rows] = stage, found.waits[stage]
                rows += 1
            found.came[stage], found.went[stage], found.waits[stage], found.visits[stage] = FAR, NEVER, 0, 0
    return rows


@entry
def level_of(changes: Ints, bits: int, most: int, times: Ints, levels: NDArray[np.int32]) -> Found:
    """What becomes of a number that is 0 at first, from its changes in the order of time; returns how many rows there are.

    A change has its moment above ``bits``, and below what it adds, more ``most``.
    """
    last, place, level, below = 0, 0, np.int64(0), (np.int64(1) << bits) - 1
    times[0], levels[0] = 0, 0
    while place < len(changes):
        at = changes[place] >> bits
        while place < len(changes) and changes[place] >> bits == at:
            level += (changes[place] & below) - most
            place += 1
        if level != levels[last]:
            last += 1
            times[last], levels[last] = at, level
    return last + 1


@entry
def changes_of_team(
    stays: Stays, team: int, paused: Ints, crew: Ints, run_ends: int, bits: int, most: int, changes: Ints
) -> Found:
    """When people of a team begin and end the work of visits that were not paused, as ``level_of`` reads it; returns how many.

    ``paused``: the rows of the other visits, rising. ``crew``: by step, how many work together.
    """
    found, pause = 0, 0
    for row in range(len(stays.team)):
        if stays.team[row] == team:
            while pause < len(paused) and paused[pause] < row:
                pause += 1
            if pause == len(paused) or paused[pause] != row:
                people = crew[stays.step[row]]
                ended = run_ends if stays.ended[row] == NEVER else stays.ended[row]
                changes[found] = (stays.started[row] << bits) + most + people
                changes[found + 1] = (ended << bits) + most - people
                found += 2
    return found


@entry
def late_visits(stays: Stays, paused: Ints, watched: Ints, run_ends: int, rows: Ints) -> Found:
    """Rows of the visits that were not paused and whose work lasted beyond a moment that is watched; returns how many there are.

    ``watched``: by team and hour in which the work began, the first such moment. What ``rows`` has no room for is only counted.
    """
    found, pause = 0, 0
    for row in range(len(stays.team)):
        team = stays.team[row]
        if team != NONE:
            ended = run_ends if stays.ended[row] == NEVER else stays.ended[row]
            if watched[team, stays.started[row] // HOUR_MS] < ended:
                while pause < len(paused) and paused[pause] < row:
                    pause += 1
                if pause == len(paused) or paused[pause] != row:
                    if found < len(rows):
                        rows[found] = row
                    found += 1
    return found


class People(NamedTuple):
    """From ``at`` on so many of a team are on shift, and so many may be at work."""

    at: Ints
    heads: Ints
    allowed: Ints


class Worked(NamedTuple):
    """What a team did.

    ``worked``: person-milliseconds up to each of the ``moments`` (rising). From ``over_at`` on so many were busy beyond
    the head-count; from ``away_at`` on nobody was there (1) or somebody was (0).
    """

    moments: Ints
    worked: Ints
    over_at: Ints
    over: Ints
    away_at: Ints
    away: Ints


@entry
def work_of_team(changes: Any, bits: int, most: int, people: Any, pauses: bool, done: Any) -> Found:
    """Find what a team did, from the changes of how many are busy, in the order of time.

    Returns whether it kept its rule, and how many rows ``over_at`` and ``away_at`` have. The rule: under ``pauses`` never more
    are busy than may be, else nothing begins while more are.
    """
    place, shift, moment, overs, aways = 0, 0, 0, 0, 0
    lawful: Any = True
    busy, there, may, so_far, now = np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    below = (np.int64(1) << bits) - 1
    while place < len(changes) or shift < len(people.at):
        before, now = now, changes[place] >> bits if place < len(changes) else np.int64(FAR)
        if shift < len(people.at):
            now = min(now, people.at[shift])
        while moment < len(done.moments) and done.moments[moment] < now:
            done.worked[moment] = so_far + busy * (done.moments[moment] - before)
            moment += 1
        so_far += busy * (now - before)
        begins: Any = False
        while place < len(changes) and changes[place] >> bits == now:
            change = (changes[place] & below) - most
            busy, begins, place = busy + change, begins or change > 0, place + 1
        if shift < len(people.at) and people.at[shift] == now:
            there, may, shift = people.heads[shift], people.allowed[shift], shift + 1
        lawful &= busy <= may or not (pauses or begins)
        beyond, absent = max(busy - there, 0), there == 0 and (may == 0 or busy == 0)
        if overs == 0 or done.over[overs - 1] != beyond:
            done.over_at[overs], done.over[overs], overs = now, beyond, overs + 1
        if aways == 0 or done.away[aways - 1] != absent:
            done.away_at[aways], done.away[aways], aways = now, absent, aways + 1
    while moment < len(done.moments):
        done.worked[moment] = so_far + busy * (done.moments[moment] - now)
        moment += 1
    return lawful, overs, aways
