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

SAYINGS = pytest.StashKey[list[str]]()
"""What tests want to be read after a run that passed."""


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what tests had to say, above pytest's own last line."""
    for saying in config.stash.get(SAYINGS, []):
        terminalreporter.write_line(saying)


@pytest.fixture(params=sorted(engines.ENGINES))
def engine(request: pytest.FixtureRequest) -> Callable[[Plan], Records]:
    """Each engine by turns: a function from Plan to Records."""
    return partial(engines.run, engine=request.param)


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds the answers of another, or of the user."""
    monkeypatch.setenv("IMPORTFLOW_STORE", str(tmp_path / "kept" / "store.sqlite"))
