"""One run that starts from a snapshot: what became of the orders that were there, and who had how much to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.run import Run
from sim.analysis.stage_measures import shift_hours
from sim.engine.records import NEVER
from sim.plan.backlog import backlog_items
from sim.plan.steps import Outcome
from sim.world.scenario import Promise
from sim.world.units import HOUR_MS

Ints = NDArray[np.int64]
AT_ALL_HOURS = ""


@dataclass(frozen=True)
class Night:
    """What one run says of a snapshot.

    ``orders``: a row for each order of it, in the order of the Plan: ``order``, ``flow``, ``stage``, ``goods_class``,
    ``placed_ms``, ``dispatched_ms`` and ``delivered_ms`` (NEVER = not), ``lost``, and ``late.<promise>`` for each
    promise that covers any of them (True, False, or None where it was not made to this order).
    ``clear_ms``: when the last of them was dispatched, or left in another way; NEVER = not within the run.
    ``waited_h``: by team, how long these orders waited for it, all together.
    ``idle_h``: by team and shift, person-hours on shift without work until the floor was clear.
    """

    orders: pd.DataFrame
    clear_ms: int
    waited_h: dict[str, float]
    idle_h: dict[tuple[str, str], float]


def night_of(run: Run) -> Night:
    """Follow the orders of the snapshot through a run; new orders come in beside them."""
    orders = _followed(run)
    gone = np.where(orders["dispatched_ms"] != NEVER, orders["dispatched_ms"], orders["left_ms"]).astype(np.int64)
    clear_ms = NEVER if (gone == NEVER).any() else int(gone.max(initial=0))
    until_ms = run.records.ended_ms if clear_ms == NEVER else max(clear_ms, 1)
    return Night(orders, clear_ms, _waited_h(run, orders["item"].to_numpy(dtype=np.int64)), _idle_h(run, until_ms))


def _followed(run: Run) -> pd.DataFrame:
    plan, records = run.plan, run.records
    orders = backlog_items(plan)
    item = orders["item"].to_numpy(dtype=np.int64)
    left, outcome = records.items.left[item], records.items.outcome[item]
    delivered = np.where(outcome == Outcome.DELIVERED, left, NEVER)
    orders = orders.assign(
        dispatched_ms=run.dispatched[item],
        delivered_ms=delivered,
        left_ms=left,
        lost=(left != NEVER) & (outcome != Outcome.DELIVERED) & (outcome != Outcome.STOCKED),
    )
    for key, promise in plan.scenario.promises.items():
        orders[f"late.{key}"] = _late(promise, orders)
    return orders


def _late(promise: Promise, orders: pd.DataFrame) -> NDArray[np.object_]:
    """Whether each order misses a promise; who has not come so far by the end of the run is late."""
    reached = orders[f"{promise.to}_ms"].to_numpy(dtype=np.int64)
    late: NDArray[np.object_] = ((reached == NEVER) | (reached > orders["placed_ms"] + promise.within)).to_numpy(object)
    if promise.classes is not None:
        late[~orders["goods_class"].isin(promise.classes).to_numpy()] = None
    return late


def _waited_h(run: Run, item: Ints) -> dict[str, float]:
    """How long items waited for each team, with somebody there or not."""
    visits, team_of_step = run.records.visits, run.plan.steps["team"]
    ours = np.zeros(len(run.plan.items), dtype=bool)
    ours[item] = True
    waited = np.zeros(len(run.plan.team_keys))
    rows = np.flatnonzero(ours[visits.item] & (team_of_step[visits.step] >= 0))
    np.add.at(waited, team_of_step[visits.step[rows]], run.hours.idle_and_nobody(rows)[0] / HOUR_MS)
    return dict(zip(run.plan.team_keys, waited.tolist(), strict=True))


def _idle_h(run: Run, until_ms: int) -> dict[tuple[str, str], float]:
    idle = {}
    for key, team in run.teams.items():
        shifts = shift_hours(run.plan, key) or {AT_ALL_HOURS: (np.zeros(1, np.int64), np.full(1, until_ms))}
        for shift, (begins, ends) in shifts.items():
            begins, ends = np.minimum(begins, until_ms), np.minimum(ends, until_ms)
            idle_ms = team.staffed_ms(begins, ends) - team.busy_ms(begins, ends)
            idle[key, shift] = float(idle_ms.sum()) / HOUR_MS
    return idle
