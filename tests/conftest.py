"""What all tests share: the engines, each of which must pass every test of an engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from sim.engine import engines
from sim.engine.records import Records
from sim.plan.plan import Plan


@pytest.fixture(params=sorted(engines.ENGINES))
def engine(request: pytest.FixtureRequest) -> Callable[[Plan], Records]:
    """Each engine by turns: a function from Plan to Records."""
    return partial(engines.run, engine=request.param)
