"""What all tests share: the engines, each of which must pass every test of an engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from sim.engine import engines
from sim.engine.records import Records
from sim.plan.plan import Plan

SAID = "said"
"""The property under which a test records what is to be read after a run that passed."""


class ByFile(LoadScopeScheduling):
    """Hands out tests file by file, so that each is prepared for once, and all that need the browser to one process.

    Beside each other they would wait for each other; so they wait beside those that compute.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "browser" if "browser" in file else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Who runs which test, where several processes do."""
    return ByFile(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores, for the one with the browser mostly waits."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("browser", "slow")])


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
