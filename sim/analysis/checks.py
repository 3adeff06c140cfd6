"""What must be true of every run: checked after each one; a failure is an error in the product, never a warning."""

from __future__ import annotations

import numpy as np

from sim.analysis.people import allowed
from sim.analysis.run import Run
from sim.analysis.series import Level, combined, count_inside
from sim.engine.records import NEVER
from sim.plan.plan import PAUSE


class CheckError(RuntimeError):
    """A run broke a law; please report it with the command that repeats it."""


def check(run: Run) -> dict[str, bool]:
    """Hold a run against the laws: name of each -> True.

    Raises
    ------
    CheckError
        Naming every law that was broken.

    """
    laws = (conserved, lives_without_gaps, little, no_more_busy_than_staffed, hours_add_up)
    findings = {law.__name__: law(run) for law in laws}
    broken = [name for name, holds in findings.items() if not holds]
    if broken:
        raise CheckError(
            f"seed {run.plan.seed}, replication {run.plan.replication}: the run breaks {', '.join(broken)};"
            " this is a defect of importflow, please report it"
        )
    return findings


def conserved(run: Run) -> bool:
    """All that came in went out or is inside: inside is what has exactly one visit under way."""
    visits, count = run.records.visits, len(run.plan.items)
    came = run.records.items.arrived < run.records.ended_ms
    left = run.records.items.left != NEVER
    under_way = np.bincount(visits.item[visits.ended == NEVER], minlength=count)
    visited = np.bincount(visits.item, minlength=count) > 0
    accounted = np.where(left, under_way == 0, under_way == came)
    return bool(accounted.all() and not (left & ~came).any() and not (visited & ~came).any())


def lives_without_gaps(run: Run) -> bool:
    """An item's visits follow one another from its arrival to its leaving, without a millisecond between."""
    visits = run.records.visits
    same = visits.item[1:] == visits.item[:-1]
    first = np.concatenate([np.ones(min(len(visits), 1), dtype=bool), ~same])
    last = np.concatenate([~same, np.ones(min(len(visits), 1), dtype=bool)])
    follows_on = (visits.joined[1:] == visits.ended[:-1]) | ~same
    began = visits.joined[first] == run.records.items.arrived[visits.item[first]]
    finished = visits.ended[last] == run.records.items.left[visits.item[last]]
    return bool(follows_on.all() and began.all() and finished.all())


def little(run: Run) -> bool:
    """Little's law as an identity: the area under the number inside is the time that all spent inside."""
    records, ended = run.records, run.records.ended_ms
    came = run.records.items.arrived < ended
    arrived = run.records.items.arrived[came]
    left = np.where(records.items.left == NEVER, ended, records.items.left)[came]
    visits = records.visits
    under_way = int((visits.ended == NEVER).sum())
    spent = int(visits.ended.sum()) + under_way * (ended - NEVER) - int(visits.joined.sum())
    return count_inside(arrived, left).area(0, ended) == int((left - arrived).sum()) == spent


def no_more_busy_than_staffed(run: Run) -> bool:
    """Nothing starts while a team has as many busy as it has heads; under ``pause`` busy never exceeds heads."""
    for number, key in enumerate(run.plan.team_keys):
        beyond = run.teams[key].overtime
        if run.plan.staff["stay"][run.plan.staff["team"] == number].any():
            times, busy, there = combined(run.jobs.of_team(number), allowed(run.plan, number))
            beyond = Level(times, np.maximum(busy - there, 0))
        if run.plan.teams[number]["at_shift_end"] == PAUSE:
            if beyond.levels.any():
                return False
        # Who finishes in overtime is allowed to; who begins while too many are busy is not.
        elif beyond.at(run.jobs.begun(number)).any():
            return False
    return True


def hours_add_up(run: Run) -> bool:
    """The parts of every order's time make its whole, to the millisecond, and none is negative."""
    hours, left = run.hours, run.records.items.left
    total = hours.total()
    spent = np.bincount(run.records.visits.item, weights=total, minlength=len(left))
    done = left != NEVER
    exact = spent[done] == (left - run.records.items.arrived)[done]
    none_negative = (hours.nobody >= 0).all() and (hours.nobody <= hours.idle).all() and (hours.idle <= total).all()
    return bool(exact.all() and none_negative)
