"""What one server gives its visitors: places, and how large and how long a question may be.

Each limit is a variable of the environment, so that a container needs no file for it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from sim.ui.texts import many


@dataclass(frozen=True)
class Limits:
    """How many runs at a time, orders in one question, minutes for one job, megabytes of remembered results."""

    places: int = field(default_factory=lambda: max((os.cpu_count() or 2) - 1, 1))
    orders: int = 100_000_000
    minutes: int = 60
    memory_mb: int = 256

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Limits:
        """The limits that ``IMPORTFLOW_PLACES`` and its like say. Raises ValueError naming all that are no numbers.

        >>> Limits.of({"IMPORTFLOW_ORDERS": "2000000", "IMPORTFLOW_MINUTES": "5"}).minutes
        5
        >>> Limits.of({"IMPORTFLOW_PLACES": "none"})
        Traceback (most recent call last):
        ...
        ValueError: IMPORTFLOW_PLACES=none: must be a whole number of at least 1
        """
        said = {limit.name: environment.get(variable(limit.name), "").strip() for limit in fields(cls)}
        said = {name: text for name, text in said.items() if text}
        wrong = [name for name, text in said.items() if not (text.isascii() and text.isdigit() and int(text))]
        if wrong:
            raise ValueError("\n".join(many.no_limit(variable(name), said[name]) for name in wrong))
        return cls(**{name: int(text) for name, text in said.items()})


def variable(limit: str) -> str:
    """The variable of the environment that sets a limit.

    >>> variable("memory_mb")
    'IMPORTFLOW_MEMORY_MB'
    """
    return f"IMPORTFLOW_{limit.upper()}"
