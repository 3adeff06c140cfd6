"""What tests of the app share."""

from __future__ import annotations

import pytest

from sim.ui import jobs
from tests.ui.runners import AtOnce


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    """Runs are done at once and in this process."""
    runner = AtOnce()
    monkeypatch.setattr(jobs, "runs", lambda: runner)
    return runner
