"""Runs that a user keeps: each is a name and the link that has it again. What comes from the browser is not trusted.

>>> runs = added((), Kept("two more", "scenario=teaching_line&set=teams.clerks.staff%3D5"))
>>> read(written(runs)) == runs
True
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from sim.ui.link import LONGEST

MOST, MOST_PINNED, LONGEST_NAME = 40, 4, 60
LONGEST_TEXT = MOST * (LONGEST + 20 * LONGEST_NAME)


@dataclass(frozen=True)
class Kept:
    """A run: its name, the text of its link, and whether it stands in the comparison."""

    name: str
    link: str
    pinned: bool = False


def clean(name: str) -> str:
    """A name as it may be: on one line, not too long, of letters that can be seen.

    >>> clean("  two   more packers "), clean("x" * 100) == "x" * 60
    ('two more packers', True)
    """
    seen = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(seen.split())[:LONGEST_NAME].strip()


def added(runs: Sequence[Kept], run: Kept) -> tuple[Kept, ...]:
    """The runs with one more, the newest first; one of the same name gives way, and so do the oldest of too many.

    >>> [one.name for one in added((Kept("a", "x"), Kept("b", "y")), Kept("b", "z"))]
    ['b', 'a']
    """
    name = clean(run.name)
    if not name or not run.link or len(run.link) > LONGEST or not run.link.isascii():
        return tuple(runs)
    return (replace(run, name=name), *(one for one in runs if one.name != name))[:MOST]


def without(runs: Iterable[Kept], name: str) -> tuple[Kept, ...]:
    """The runs but that of a name."""
    return tuple(one for one in runs if one.name != name)


def pinned(runs: Iterable[Kept], names: Sequence[str]) -> tuple[Kept, ...]:
    """The runs, of which those of the names stand in the comparison."""
    return tuple(replace(one, pinned=one.name in names[:MOST_PINNED]) for one in runs)


def written(runs: Iterable[Kept]) -> str:
    """Runs as the text that is kept."""
    return json.dumps([asdict(one) for one in runs], ensure_ascii=False)


def read(text: object) -> tuple[Kept, ...]:
    """Runs from a text that was kept; what is not as it was written is left out.

    >>> read("[{}, 1, null]"), read("no list"), read(None)
    ((), (), ())
    """
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        return ()
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    runs: tuple[Kept, ...] = ()
    for one in reversed(said[:MOST]) if isinstance(said, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str) and isinstance(one.get("link"), str):
            runs = added(runs, Kept(one["name"], one["link"], one.get("pinned") is True))
    return pinned(runs, [one.name for one in runs if one.pinned])
