"""What goes wrong with a scenario, said so that its author can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ScenarioError(Exception):
    """A scenario that cannot be run; the message names file, line, path, value and rule.

    One error can carry several findings, a line each, so that an author mends them in one go.
    """

    def __init__(self, *findings: str) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[str, ...]]:
        """So that the findings stay apart on their way from a worker process."""
        return type(self), self.findings


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the valid name closest to a wrong one.

    >>> nearest("pakers", ["packers", "clerks"])
    "; did you mean 'packers'?"
    """
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(known) or 'none'}"
