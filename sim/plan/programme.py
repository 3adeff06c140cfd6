"""From named steps to numbered rows: the routes of all flows as one table, with its loops checked and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.plan.steps import Branch, Leave, Route, Step, Wait, Work
from sim.world.errors import ScenarioError

Key = tuple[str, str]
"""(flow, step key)."""


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
    return Programme(steps, number, follows, tuple(_visits(bare)))


def _follows(steps: tuple[tuple[str, Step], ...], number: Mapping[Key, int], position: int) -> int:
    """The step named in ``then``, or the next one of the same flow."""
    flow, step = steps[position]
    if isinstance(step, Leave):
        return -1
    if step.then is not None:
        return number[flow, step.then]
    is_last = position + 1 == len(steps) or steps[position + 1][0] != flow
    return -1 if is_last else position + 1


def _targets(programme: Programme, position: int) -> Iterator[tuple[int, bool]]:
    """Where an item can go from a step, and whether by a branch that may be taken only so often."""
    flow, step = programme.steps[position]
    if programme.follows[position] >= 0:
        yield programme.follows[position], False
    if isinstance(step, Branch):
        yield programme.at(flow, step.to), step.at_most is not None
    for name in ("exhausted", "lost"):
        key = getattr(step, name, None)
        if key is not None:
            yield programme.at(flow, key), False


def _visits(programme: Programme) -> Iterator[int]:
    """One visit, and one more for each time that a limited branch can lead back to the step.

    Between two such times no step can come twice, since every loop has a limited branch in it.
    """
    count = len(programme.steps)
    onward = [list(_targets(programme, position)) for position in range(count)]
    everywhere = [_reach(position, onward, limited_too=True) for position in range(count)]
    for position in range(count):
        flow, step = programme.steps[position]
        if position in _reach(position, onward, limited_too=False):
            raise ScenarioError(f"flow '{flow}' can go round '{step.key}' for ever: a way back must say at_most")
        if position in everywhere[position] and not _takes_time(programme, position, everywhere):
            raise ScenarioError(
                f"flow '{flow}' can come back to '{step.key}' in no time: its loop has no work and no wait"
            )
    limited = [
        (position, programme.at(flow, step.to), step.at_most)
        for position, (flow, step) in enumerate(programme.steps)
        if isinstance(step, Branch) and step.at_most is not None
    ]
    for position in range(count):
        yield 1 + sum(
            at_most - 1
            for branch, target, at_most in limited
            if (position == target or position in everywhere[target])
            and (position == branch or branch in everywhere[position])
        )


def _reach(start: int, onward: list[list[tuple[int, bool]]], *, limited_too: bool) -> set[int]:
    """The steps that can follow ``start``, with or without the branches that are limited in number."""
    found: set[int] = set()
    todo = [start]
    while todo:
        for target, limited in onward[todo.pop()]:
            if target not in found and (limited_too or not limited):
                found.add(target)
                todo.append(target)
    return found


def _takes_time(programme: Programme, position: int, everywhere: list[set[int]]) -> bool:
    """Whether some step of the loops through ``position`` is work or a wait."""
    loop = {other for other in everywhere[position] if position in everywhere[other]}
    return any(isinstance(programme.steps[other][1], (Work, Wait)) for other in loop)
