"""Simulator of the cross-border e-commerce import pipeline.

In a notebook:

>>> import sim
>>> base = sim.load("teaching_line", "clock.length=3 d")
>>> found = sim.compare(base, base.changed("teams.clerks.staff=4"), replications=5)
>>> wait = found.frame.query("measure == 'wait.counter.mean'")
>>> wait["verdict"].item()  # doctest: +ELLIPSIS
'teaching_line with clock.length=3 d, teams.clerks.staff=4 is ... min shorter (...)'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, load, promise, run, staff, sweep

__all__ = ["compare", "load", "promise", "run", "staff", "sweep"]


def __getattr__(name: str) -> Any:
    """The functions of ``sim.api``, loaded when first used: ``import sim`` alone stays quick."""
    if name not in __all__:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    from sim import api

    return getattr(api, name)
