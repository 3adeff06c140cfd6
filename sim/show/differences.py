"""What differs between two scenarios, path by path, as a planner would say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.words import scenario

Raw = Mapping[str, Any]


class Difference(NamedTuple):
    """A value that is not the same; None where one of the two does not say it."""

    path: str
    before: Any
    after: Any


def differences(before: Raw, after: Raw) -> list[Difference]:
    """Every path at which two resolved scenarios say something else, in the order of the second.

    Parameters
    ----------
    before, after
        What scenario files say (``ScenarioFile.raw`` or ``ScenarioFile.base``).

    >>> differences({"a": {"b": "3 %", "c": "1"}}, {"a": {"b": "10 %", "c": "1"}})
    [Difference(path='a.b', before='3 %', after='10 %')]

    """
    return list(_between(before, after, ()))


def _between(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*after, *before)):
            yield from _between(before.get(key), after.get(key), (*path, key))
    elif before != after:
        yield Difference(".".join(path), before, after)


def in_words(difference: Difference) -> str:
    """One line: the path, and from what to what.

    >>> in_words(Difference("teams.packers.staff", "3", "5")), in_words(Difference("promises.fast", None, "24 h"))
    ('teams.packers.staff: 3 -> 5', 'promises.fast: added, 24 h')
    """
    path, before, after = difference
    if before is None:
        return scenario.added(path, value_in_words(after))
    if after is None:
        return scenario.left_out(path, value_in_words(before))
    return scenario.changed(path, value_in_words(before), value_in_words(after))


def value_in_words(value: Any) -> str:
    """A value of a scenario file on one line.

    >>> value_in_words({"from": "08:00", "days": ["mon", "tue"]})
    'from 08:00, days mon, tue'
    """
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {value_in_words(part)}" for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(value_in_words(part) for part in value)
    return str(value)
