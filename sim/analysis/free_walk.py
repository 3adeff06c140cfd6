"""The work that a Plan brings to its teams, found without running it: every item walks through as if nobody waited.

Draws, branches, rates, attempts and opening hours are those of the Plan, so that what a step is offered
equals what a run with ample staff records for it. Left out is what only a run can know: queues, gates, stock
and meetings let everyone pass at once, nobody gives up or loses the other half of an order, no reorder point
calls a lot, and a rate that follows a record stays as it is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan.plan import NONE, PER_MILLE, Plan, StepRow, Table, at_speed
from sim.plan.steps import Kind

Ints = NDArray[np.int64]
NOT_OPEN = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Offers:
    """Visits to one work step: which item, when it is there (ms), and how much work it is (person-ms, whole crew)."""

    step: int
    item: Ints
    offered_ms: Ints
    person_ms: Ints


def free_walk(plan: Plan) -> Iterator[Offers]:
    """What work is offered, when, and at which step? One group of visits after another.

    Parameters
    ----------
    plan
        What would be run.

    Yields
    ------
    Offers
        The visits of a group; a step comes again when items come back to it. Visits at or after the end of the
        run are left out.

    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=2 d"]).scenario)
    >>> [(plan.step_names[offers.step].key, len(offers.item) == len(plan.items)) for offers in free_walk(plan)]
    [('counter.work', True)]

    """
    walk = _Walk(plan)
    while walk.here:
        # The lowest number first keeps the groups large: routes go mostly forward.
        number = min(walk.here)
        items = np.concatenate(walk.here.pop(number))
        offers = walk.take(number, items)
        if offers is not None:
            yield offers


class _Walk:
    """Where every item is, what time it has there, and how often it has passed each counted step."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.steps = [StepRow(*row.item()) for row in plan.steps]
        self.now: Ints = plan.items.arrived.astype(np.int64)
        self.counts = np.zeros((plan.slots, len(plan.items)), dtype=np.uint16)
        self.rates = [plan.rates[plan.rates["rate"] == number] for number in range(plan.n_rates)]
        self.here: dict[int, list[Ints]] = {}
        for number in np.unique(plan.items.first_step):
            self._send(int(number), np.flatnonzero(plan.items.first_step == number))

    def take(self, number: int, items: Ints) -> Offers | None:
        """Let all items at a step pass it; returns what it offers if it is work."""
        step, offers = self.steps[number], None
        if step.kind == Kind.WORK:
            offers = self._work(number, step, items)
            self.now[items] += offers.person_ms // step.crew
        elif step.kind == Kind.WAIT:
            self.now[items] = self._after_wait(step, items)
        if step.kind == Kind.BRANCH:
            self._branch(step, items)
        elif step.kind != Kind.LEAVE:
            self._send(step.next, items)
        return offers

    def _send(self, number: int, items: Ints) -> None:
        inside = items[self.now[items] < self.plan.end_ms]
        if len(inside):
            self.here.setdefault(number, []).append(inside)

    def _work(self, number: int, step: StepRow, items: Ints) -> Offers:
        speed: Any = self._speed_now(step.team, items)  # the formula of the engines, for many items at once
        work_ms = at_speed(self._drawn(step, items), PER_MILLE, speed)
        return Offers(number, items, self.now[items], work_ms * step.crew)

    def _speed_now(self, team: int, items: Ints) -> Ints:
        """How fast the team is (per mille) at each item's time: new people become faster."""
        changes = self.plan.staff[(self.plan.staff["team"] == team) & (self.plan.staff["speed"] != NONE)]
        if not len(changes):
            return np.full(len(items), self.plan.teams[team]["speed"], dtype=np.int64)
        last = np.searchsorted(changes["at"], self.now[items], side="right") - 1
        return np.asarray(changes["speed"][np.maximum(last, 0)], dtype=np.int64)

    def _after_wait(self, step: StepRow, items: Ints) -> Ints:
        wait_ms = self._drawn(step, items)
        if step.calendar == NONE:
            return self.now[items] + wait_ms
        hours = self.plan.calendars[self.plan.calendars["calendar"] == step.calendar]
        return after_open_time(hours["begin"], hours["end"], hours["open_before"], self.now[items], wait_ms)

    def _branch(self, step: StepRow, items: Ints) -> None:
        """Send items on, to the target, or the ``at_most``-th time to where it leads when exhausted."""
        taken = items[self._drawn(step, items) < self._rate_now(step, items)]
        self._send(step.next, np.setdiff1d(items, taken, assume_unique=True))
        if step.at_most != NONE:
            last = self._counted(step.taken_slot, taken) + 1 == step.at_most
            self._send(step.exhausted, taken[last])
            taken = taken[~last]
        self._send(step.target, taken)

    def _rate_now(self, step: StepRow, items: Ints) -> Ints:
        """The rate in force (parts per million) for each item, at its own time and for its own class."""
        if not step.rate_by_class:
            return _in_force(self.rates[step.rate], self.now[items])
        goods_class = self.plan.items.goods_class[items]
        ppm = np.zeros(len(items), dtype=np.int64)
        for number in np.unique(goods_class):
            own = goods_class == number
            ppm[own] = _in_force(self.rates[step.rate + int(number)], self.now[items[own]])
        return ppm

    def _drawn(self, step: StepRow, items: Ints) -> Ints:
        """The times (ms) or numbers drawn for this attempt of each item."""
        attempt, index = self._counted(step.visit_slot, items), self.plan.items.index[items]
        at = step.draw + index * np.int64(step.draw_per_item)
        again = np.flatnonzero(attempt) if step.draw_per_item else np.zeros(0, dtype=np.int64)
        if len(again):
            ranks = self.plan.draws[step.ranks + index[again]].astype(np.int64)
            at[again] = step.draw_again + (attempt[again] - 1) * step.draw_per_attempt + ranks - 1
        drawn: Ints = self.plan.draws[at].astype(np.int64)
        return drawn

    def _counted(self, slot: int, items: Ints) -> Ints:
        """How often this was counted before for each item; and count it."""
        if slot == NONE:
            return np.zeros(len(items), dtype=np.int64)
        before = self.counts[slot, items]
        self.counts[slot, items] = before + 1
        known: Ints = before.astype(np.int64)
        return known


def _in_force(changes: Table, now: Ints) -> Ints:
    """The latest change at or before each moment; before the first one a rate is 0."""
    last = np.searchsorted(changes["at"], now, side="right") - 1
    return np.where(last >= 0, changes["ppm"][np.maximum(last, 0)], 0).astype(np.int64)


def after_open_time(begins: Ints, ends: Ints, open_before: Ints, now: Ints, wait_ms: Ints) -> Ints:
    """When has each item waited for its open time? The same as ``plan.opens_until``, for many items at once.

    Parameters
    ----------
    begins, ends, open_before
        The open stretches of a calendar, rising (ms), and the open time before each.
    now, wait_ms
        For each item, when it begins to wait and for how much open time (ms, of the same shape).

    Returns
    -------
    ndarray
        Moments (ms); NOT_OPEN where the calendar ends before.

    >>> after_open_time(np.array([0, 100]), np.array([10, 110]), np.array([0, 10]), np.array([5, 5]), np.array([8, 99]))
    array([                103, 9223372036854775807])

    """
    if not len(begins):
        return np.full(len(now), NOT_OPEN)
    at = np.minimum(np.searchsorted(ends, now, side="right"), len(ends) - 1)
    wanted = open_before[at] + np.clip(now - begins[at], 0, ends[at] - begins[at]) + wait_ms
    last = np.searchsorted(open_before, wanted, side="left") - 1
    until: Ints = begins[last] + wanted - open_before[last]
    return np.where(until <= ends[last], until, NOT_OPEN)
