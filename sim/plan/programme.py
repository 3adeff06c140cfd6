"""From named steps to numbered rows: the routes of all flows as one table, with its loops checked and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.plan.steps import Branch, Leave, Route, Step, Wait, Work
from sim.world.errors import ScenarioError

Key = tuple[str, str]
"""(flow, step key)."""
Ways = tuple[tuple[tuple[int, int], ...], ...]
"""For each step, where an item can go from it, and how often in its life."""
ENDLESS = 1_000_000


@dataclass(frozen=True)
class Programme:
    """All steps with their numbers, where each goes on, and how often an item can come to it at most."""

    steps: tuple[tuple[str, Step], ...]
    number: Mapping[Key, int]
    follows: tuple[int, ...]
    visits: tuple[int, ...]

    def at(self, flow: str, key: str | None) -> int:
        """The number of a step, or -1 where no step is named."""
        return -1 if key is None else self.number[flow, key]


def programme_of(routes: Mapping[str, Route]) -> Programme:
    """Number the steps and bound the visits to each. Raises ScenarioError where a loop has no end or no time in it."""
    steps = tuple((flow, step) for flow, route in routes.items() for step in route.steps)
    number = {(flow, step.key): position for position, (flow, step) in enumerate(steps)}
    for flow, route in routes.items():
        number.update({(flow, end): number[flow, key] for end, key in route.ends.items()})
    follows = tuple(_follows(steps, number, position) for position in range(len(steps)))
    bare = Programme(steps, number, follows, ())
    onward = tuple(tuple(_targets(bare, position)) for position in range(len(steps)))
    _refuse_endless(bare, onward)
    entries = tuple(
        number[flow, key] for flow, route in routes.items() for key in (route.steps[0].key, *route.entry.values())
    )
    return Programme(steps, number, follows, _visits(onward, entries))


def _follows(steps: tuple[tuple[str, Step], ...], number: Mapping[Key, int], position: int) -> int:
    """The step named in ``then``, or the next one of the same flow."""
    flow, step = steps[position]
    if isinstance(step, Leave):
        return -1
    if step.then is not None:
        return number[flow, step.then]
    is_last = position + 1 == len(steps) or steps[position + 1][0] != flow
    return -1 if is_last else position + 1


def _targets(programme: Programme, position: int) -> Iterator[tuple[int, int]]:
    """Where an item can go from a step, and how often it can go there in its life."""
    flow, step = programme.steps[position]
    if programme.follows[position] >= 0:
        yield programme.follows[position], ENDLESS
    if isinstance(step, Branch):
        yield programme.at(flow, step.to), ENDLESS if step.at_most is None else step.at_most - 1
    for name in ("exhausted", "lost"):
        key = getattr(step, name, None)
        if key is not None:
            yield programme.at(flow, key), ENDLESS


@lru_cache(maxsize=64)  # all replications of a scenario have the same ways, and so has what differs in staff or rates
def _visits(onward: Ways, entries: tuple[int, ...]) -> tuple[int, ...]:
    """How often an item that enters at one of ``entries`` can come to each step."""
    return tuple(
        _most_visits(position, onward, entries) if position in _reach(position, onward) else 1
        for position in range(len(onward))
    )


def _refuse_endless(programme: Programme, onward: Ways) -> None:
    """Each way back must be limited in number, and must pass through work or a wait."""
    takes_time = [isinstance(step, (Work, Wait)) for _, step in programme.steps]
    unlimited = tuple(tuple(way for way in ways if way[1] == ENDLESS) for ways in onward)
    at_once = tuple(() if takes_time[position] else ways for position, ways in enumerate(onward))
    for position, (flow, step) in enumerate(programme.steps):
        if position in _reach(position, unlimited):
            raise ScenarioError(
                f"stages.{step.stage}: flow '{flow}' can go round '{step.key}' for ever: a way back must say at_most"
            )
        if position in _reach(position, at_once):
            raise ScenarioError(
                f"stages.{step.stage}: flow '{flow}' can come back to '{step.key}' in no time:"
                f" some way back passes through no work and no wait"
            )


def _reach(start: int, onward: Ways) -> set[int]:
    """The steps to which an item can come from ``start``."""
    found: set[int] = set()
    todo = [start]
    while todo:
        for target, _ in onward[todo.pop()]:
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def _most_visits(position: int, onward: Ways, entries: tuple[int, ...]) -> int:
    """How often an item can come to a step that lies on a loop: the largest flow into it from outside and from itself.

    An item enters once, then comes back; each way takes some limited branches once more, and all ways
    together none more often than it may be taken. How many ways there can be is a maximum flow
    (Ford and Fulkerson 1956).
    """
    # Only routes with loops need it, and it takes a tenth of a second to load.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    into, out_of, outside = range(len(onward), len(onward) + 3)
    capacity = np.zeros((len(onward) + 3,) * 2, dtype=np.int32)
    ways = [(start, *way) for start, targets in enumerate(onward) for way in targets]
    for start, target, times in [(out_of, outside, 1), *((outside, entry, 1) for entry in entries), *ways]:
        capacity[out_of if start == position else start, into if target == position else target] += times
    return max(1, int(maximum_flow(csr_array(capacity), out_of, into).flow_value))
