"""The engines by name; all of them turn the same Plan into the same Records."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine import simpy_model
from sim.engine.records import Records
from sim.plan.plan import Plan

Progress = Callable[[float], None]


def _fast(plan: Plan, progress: Progress | None, last_use: bool) -> Records:
    """The fast engine; imported when first used, since its compiler takes a while to load."""
    from sim.engine import fast

    return fast.run(plan, progress, last_use=last_use)


def _simpy(plan: Plan, progress: Progress | None, last_use: bool) -> Records:
    del last_use  # its plans are small
    return simpy_model.run(plan, progress)


ENGINES: dict[str, Callable[[Plan, Progress | None, bool], Records]] = {"fast": _fast, "simpy": _simpy}
DEFAULT_ENGINE = "fast"


def run(
    plan: Plan, engine: str = DEFAULT_ENGINE, progress: Progress | None = None, *, last_use: bool = False
) -> Records:
    """Run a Plan on the engine named. Raises ValueError for a name that is no engine.

    With ``last_use`` the Plan's draws are lost: the fast engine gives their memory back on the way.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine '{engine}'; there are {', '.join(ENGINES)}")
    return ENGINES[engine](plan, progress, last_use)
