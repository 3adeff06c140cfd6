"""Small lines whose numbers can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

from sim.analysis.checks import check
from sim.analysis.measures import measure
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.world.files import from_text

HOUR = 3_600_000


def ran(plan: Plan) -> Run:
    """A plan, run and held against the laws."""
    run = Run(plan, run_engine(plan, "simpy"))
    assert all(check(run).values())
    return run


def run_of(text: str, *settings: str) -> Run:
    """A scenario, run and held against the laws; a day from Monday, 2 November 2026, unless it says otherwise."""
    head = "schema: 1\n" if "clock:" in text else "schema: 1\nclock: {start: 2026-11-02, length: 24 h}\n"
    return ran(compile_plan(from_text(head + text, Path(), settings=settings).scenario))


def numbers(run: Run) -> dict[str, float]:
    """Its measures without their units."""
    return {name: one.value for name, one in measure(run).items()}
