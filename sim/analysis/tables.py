"""The records as the compiled passes read them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from sim.engine.records import COMPACT, Visits


def compiled() -> ModuleType:
    """The compiled passes; imported when first used, since their compiler takes a while to load."""
    from sim.analysis import passes

    return passes


def fixed(column: ArrayLike, kind: DTypeLike = np.int64) -> NDArray[Any]:
    """A column to be read only, in one width and without gaps: each other kind of table would be another compilation.

    >>> fixed([1, 2]).flags.writeable
    False
    """
    table = np.ascontiguousarray(column, dtype=kind).view()
    table.flags.writeable = False
    return table


def stays(visits: Visits) -> Any:
    """The visits."""
    passes = compiled()
    return passes.Stays(*(fixed(getattr(visits, name), COMPACT.get(name, np.int64)) for name in passes.Stays._fields))
