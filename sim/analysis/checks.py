"""What must be true of every run: checked after each one; a failure is an error in the product, never a warning."""

from __future__ import annotations

import numpy as np

from sim.analysis.hours import visit_hours
from sim.analysis.people import heads, jobs_of
from sim.analysis.series import count_inside
from sim.engine.records import NEVER, Records
from sim.plan.plan import PAUSE, Plan


class CheckError(RuntimeError):
    """A run broke a law; please report it with the command that repeats it."""


def check(plan: Plan, records: Records) -> dict[str, bool]:
    """Hold a run against the laws: name of each -> True.

    Raises
    ------
    CheckError
        Naming every law that was broken.

    """
    findings = {
        "conservation": conserved(plan, records),
        "lives_without_gaps": lives_without_gaps(plan, records),
        "little": little(plan, records),
        "no_more_busy_than_staffed": no_more_busy_than_staffed(plan, records),
        "hours_add_up": hours_add_up(plan, records),
    }
    broken = [name for name, holds in findings.items() if not holds]
    if broken:
        raise CheckError(
            f"seed {plan.seed}, replication {plan.replication}: the run breaks {', '.join(broken)};"
            " this is a defect of importflow, please report it"
        )
    return findings


def conserved(plan: Plan, records: Records) -> bool:
    """All that came in went out or is inside: inside is what has exactly one visit under way."""
    came = plan.items.arrived < records.ended_ms
    left = records.items.left != NEVER
    under_way = np.bincount(records.visits.item[records.visits.ended == NEVER], minlength=len(came))
    visited = np.bincount(records.visits.item, minlength=len(came)) > 0
    inside_once = (under_way == 1) | (left & (under_way == 0)) | ~came
    return bool(inside_once.all() and not (left & ~came).any() and not (visited & ~came).any())


def lives_without_gaps(plan: Plan, records: Records) -> bool:
    """An item's visits follow one another from its arrival to its leaving, without a millisecond between."""
    visits = records.visits
    same = visits.item[1:] == visits.item[:-1]
    joined_on = (visits.joined[1:] == visits.ended[:-1])[same].all()
    first = np.concatenate([[True], ~same])[: len(visits)]
    last = np.concatenate([~same, [True]])[: len(visits)]
    began = (visits.joined == plan.items.arrived[visits.item])[first].all()
    finished = (visits.ended == records.items.left[visits.item])[last].all()
    return bool(joined_on and began and finished)


def little(plan: Plan, records: Records) -> bool:
    """Little's law as an identity: the area under the number inside is the time that all spent inside."""
    came = plan.items.arrived < records.ended_ms
    arrived = plan.items.arrived[came]
    left = np.where(records.items.left == NEVER, records.ended_ms, records.items.left)[came]
    inside = count_inside(arrived, left)
    area = int(inside.area(np.array([0]), np.array([records.ended_ms]))[0])
    visits = records.visits
    ended = np.where(visits.ended == NEVER, records.ended_ms, visits.ended)
    return area == int((left - arrived).sum()) == int((ended - visits.joined).sum())


def no_more_busy_than_staffed(plan: Plan, records: Records) -> bool:
    """Nothing starts while a team has as many busy as it has heads; under ``pause`` busy never exceeds heads."""
    jobs = jobs_of(plan, records)
    for team in range(len(plan.teams)):
        own = jobs.team == team
        busy = count_inside(jobs.begin[own], jobs.end[own], jobs.crew[own])
        there = heads(plan, team)
        pauses = plan.teams[team]["at_shift_end"] == PAUSE
        moments = np.union1d(busy.times, there.times) if pauses else jobs.begin[own]
        if (busy.at(moments) > there.at(moments)).any():
            return False
    return True


def hours_add_up(plan: Plan, records: Records) -> bool:
    """The parts of every order's time make its whole, to the millisecond, and none is negative."""
    visits = records.visits
    hours = visit_hours(plan, records)
    spent = np.zeros(len(plan.items), dtype=np.int64)
    np.add.at(spent, visits.item, hours.total())
    left = records.items.left
    done = left != NEVER
    exact = (spent[done] == (left - plan.items.arrived)[done]).all()
    return bool(exact and all((part >= 0).all() for part in hours.parts.values()))
