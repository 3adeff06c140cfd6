"""The small instruction set into which stages compile, in words that a compiler of stages can write.

A route is a list of steps. After a step comes the one that follows it in the list, unless ``then``
names another. Names are unique within a flow; numbers come later, in ``compile.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from sim.world.distributions import Time

Per = Literal["order", "line", "unit", "carton"]
CountsAs = Literal["selected", "failed"] | None
Hours = Literal["working", "transit", "hold", "batch", "documents", "stock"]


class Kind(IntEnum):
    """What a step does; engines know these and nothing of the trade."""

    WORK = 0
    WAIT = 1
    GATE = 2
    BRANCH = 3
    MEET = 4
    LEAVE = 5
    RESERVE = 6
    PUT = 7
    TAKE = 8


class Outcome(IntEnum):
    """How an item left; NONE while it has not."""

    NONE = -1
    DELIVERED = 0
    STOCKED = 1
    ACCEPTED = 2
    REJECTED = 3
    CANCELLED = 4
    DELETED = 5
    SEIZED = 6
    RETURNED = 7
    DAMAGED = 8
    REFUSED = 9
    DESTROYED = 10


@dataclass(frozen=True)
class DrawnTime:
    """A time drawn for each item: parts multiplied by what they are per, then added up (or the longest of them).

    ``factors`` multiply by class of goods; ``shared_by`` people split the time.
    """

    parts: tuple[tuple[str, Time, Per], ...]
    combine: Literal["sum", "longest"] = "sum"
    factors: tuple[tuple[str, float], ...] = ()
    shared_by: int = 1


@dataclass(frozen=True)
class Chance:
    """A share in force over time: (ms from the start, share) with the first at 0, one list for each class or for all."""

    purpose: str
    all_classes: tuple[tuple[int, float], ...] = ()
    by_class: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """What every step says: its key, the stage it belongs to, its words for a reader, and what follows it."""

    key: str
    stage: str
    words: str
    then: str | None = None


@dataclass(frozen=True, kw_only=True)
class Work(Step):
    """Queue for a team, be served by ``crew`` of its staff for the drawn time; out of patience, go to ``lost``."""

    team: str
    time: DrawnTime
    crew: int = 1
    patience: Time | None = None
    lost: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wait(Step):
    """Time passes without staff, by the clock or only while a calendar is open."""

    time: DrawnTime
    hours: Hours
    calendar: str | None = None


@dataclass(frozen=True, kw_only=True)
class Gate(Step):
    """Be held until a departure, a full batch, or the end of the longest hold; the key names the gate."""

    gate: str


@dataclass(frozen=True, kw_only=True)
class Branch(Step):
    """By chance go ``to`` another step; the ``at_most``-th time go to ``exhausted`` instead.

    ``counts_as`` says that who goes ``to`` counts as selected or as failed in the seller's record at the stage.
    """

    chance: Chance
    to: str
    at_most: int | None = None
    exhausted: str | None = None
    counts_as: CountsAs = None


@dataclass(frozen=True, kw_only=True)
class Meet(Step):
    """Wait until the companion has come as far; if it left for good before, go to ``lost``.

    Without a mark: wait until the release form of the truck has left.
    """

    mark: int | None
    lost: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reserve(Step):
    """Wait until every line is granted from stock, first come first served for each SKU; out of patience, go to ``lost``."""

    patience: Time | None = None
    lost: str | None = None


@dataclass(frozen=True, kw_only=True)
class Put(Step):
    """What the item brings is in stock from now on."""


@dataclass(frozen=True, kw_only=True)
class Take(Step):
    """What was reserved for the item leaves the stock."""


@dataclass(frozen=True, kw_only=True)
class Leave(Step):
    """The item leaves with an outcome."""

    outcome: Outcome


@dataclass
class Route:
    """The steps of one flow, in the order in which a reader meets them.

    ``entry`` is the first step of each stage; ``ends`` the step that follows each stage's own steps, under
    the name by which steps beside the main way come back to it (``customs.end``).
    """

    steps: list[Step] = field(default_factory=list)
    entry: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
