"""What all tests share: the engines, each of which must pass every test of an engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sim.engine import engines
from sim.engine.records import Records
from sim.plan.plan import Plan

SAID = "said"
"""The property under which a test records what is to be read after a run that passed."""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests had to say, above pytest's own last line; in whichever process they ran."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == SAID:
                terminalreporter.write_line(value)


@pytest.fixture(params=sorted(engines.ENGINES))
def engine(request: pytest.FixtureRequest) -> Callable[[Plan], Records]:
    """Each engine by turns: a function from Plan to Records."""
    return partial(engines.run, engine=request.param)


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds the answers of another, or of the user."""
    monkeypatch.setenv("IMPORTFLOW_STORE", str(tmp_path / "kept" / "store.sqlite"))
