"""A scenario as its author wrote it: nested maps and lists of text, with the file and line of every part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.world.arrivals import Arrivals
from sim.world.distributions import Time
from sim.world.stages import Work

Raw = dict[str, Any]
Where = tuple[str, ...]

# What is said in one of several ways: another way replaces the one that the base took.
FAMILIES = frozenset(Time.model_fields)
PARTS_OF_WORK = frozenset(Work.model_fields)
RIVALS = (
    (FAMILIES, FAMILIES | PARTS_OF_WORK),
    (PARTS_OF_WORK, FAMILIES),
    (frozenset(Arrivals.model_fields) - {"batch"},) * 2,
    (frozenset({"staff", "shifts"}),) * 2,
)
FILE_NAMES = (("backlog", "orders"), ("arrivals", "file"), ("arrivals", "file", "path"), ("empirical", "file"))


@dataclass(frozen=True)
class Written:
    """What a scenario says, and for each path in it the place where that stands; ``name`` is the file as a whole."""

    raw: Raw
    places: Mapping[Where, str]
    name: str

    def place(self, where: Where) -> str:
        """File and line of a path, or of the nearest part above it that is said."""
        above = (where[:length] for length in range(len(where), 0, -1))
        return next((self.places[path] for path in above if path in self.places), self.name)

    def over(self, base: Written) -> Written:
        """What this says as the difference from another scenario."""
        return Written(merged(base.raw, self.raw), {**base.places, **self.places}, self.name)

    def changed(self, where: Where, value: Any, places: Mapping[Where, str]) -> Written:
        """The same with ``value`` at one path. Raises ValueError for an entry that a list does not have."""
        kept = {path: place for path, place in self.places.items() if path[: len(where)] != where}
        above = (where[:length] for length in range(1, len(where)))
        made = {path: places[where] for path in above if not isinstance(value_at(self.raw, path), (dict, list))}
        return Written(_put(self.raw, where, value), {**kept, **made, **places}, self.name)


def value_at(raw: Any, where: Iterable[str]) -> Any:
    """What stands at a path, or None.

    >>> value_at({"teams": [{"staff": "3"}]}, ("teams", "0", "staff"))
    '3'
    """
    for part in where:
        if isinstance(raw, Mapping) and part in raw:
            raw = raw[part]
        elif isinstance(raw, list) and part.isdigit() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return None
    return raw


def dotted(where: Iterable[str]) -> str:
    """A path as messages and settings write it."""
    return ".".join(where) or "scenario"


def merged(base: Any, own: Any) -> Any:
    """``own`` over ``base``: maps are merged, all else is replaced; another way to say a thing replaces the base's.

    >>> merged({"work": {"uniform": ["1 min", "2 min"]}, "crew": "2"}, {"work": {"exponential": "5 min"}})
    {'work': {'exponential': '5 min'}, 'crew': '2'}
    """
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    kept = _without_rivals(base, own)
    return {**kept, **{key: merged(_in_full(key, kept.get(key)), value) for key, value in own.items()}}


def _in_full(key: str, value: Any) -> Any:
    """``file: orders.csv`` as the map for which it is short, so that a difference can add a scale to it."""
    return {"path": value} if key == "file" and isinstance(value, str) else value


def _without_rivals(base: Raw, own: Iterable[str]) -> Raw:
    own = set(own)
    rivals = {key for said, replaced in RIVALS if said & own for key in replaced - own}
    return {key: value for key, value in base.items() if key not in rivals}


def _put(raw: Any, where: Sequence[str], value: Any) -> Any:
    """Put ``value`` at a path; maps that are not there yet are made on the way."""
    if not where:
        return value
    key, *below = where
    if isinstance(raw, list):
        if not key.isdigit() or int(key) >= len(raw):
            raise ValueError(f"no entry '{key}' in a list of {len(raw)} (they count from 0)")
        return [_put(entry, below, value) if number == int(key) else entry for number, entry in enumerate(raw)]
    there = raw if isinstance(raw, dict) else {}
    return {**_without_rivals(there, [key]), key: _put(_in_full(key, there.get(key)), below, value)}


def moved(raw: Any, folder: str, where: Where = ()) -> Any:
    """The names of files as seen from another place, from which the old one is reached by way of ``folder``.

    >>> moved({"arrivals": {"file": "orders.csv"}}, "../base")
    {'arrivals': {'file': '../base/orders.csv'}}
    """
    if isinstance(raw, str):
        return Path(folder, raw).as_posix() if any(where[-len(end) :] == end for end in FILE_NAMES) else raw
    if isinstance(raw, list):
        return [moved(entry, folder, (*where, str(number))) for number, entry in enumerate(raw)]
    return {key: moved(value, folder, (*where, key)) for key, value in raw.items()}
