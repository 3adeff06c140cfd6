"""The engines by name; all of them turn the same Plan into the same Records."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine import simpy_model
from sim.engine.records import Records
from sim.plan.plan import Plan

Progress = Callable[[float], None]


def _fast(plan: Plan, progress: Progress | None) -> Records:
    """The fast engine; imported when first used, since its compiler takes a while to load."""
    from sim.engine import fast

    return fast.run(plan, progress)


ENGINES: dict[str, Callable[[Plan, Progress | None], Records]] = {"fast": _fast, "simpy": simpy_model.run}
DEFAULT_ENGINE = "fast"


def run(plan: Plan, engine: str = DEFAULT_ENGINE, progress: Progress | None = None) -> Records:
    """Run a Plan on the engine named. Raises ValueError for a name that is no engine."""
    if engine not in ENGINES:
        raise ValueError(f"no engine '{engine}'; there are {', '.join(ENGINES)}")
    return ENGINES[engine](plan, progress)
