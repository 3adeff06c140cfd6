"""Results of small runs: one stage without a promise, a site with everything, and what goes wrong."""

from __future__ import annotations

import pytest

from sim.study.replicate import Result
from tests.show.results import MAKERS, made


@pytest.fixture(params=list(MAKERS))
def any_result(request: pytest.FixtureRequest) -> Result:
    """Each of the results by turns."""
    return made(request.param)


@pytest.fixture
def site_result() -> Result:
    """Two replications of the small site."""
    return made("site")


@pytest.fixture
def teaching_result() -> Result:
    """Three replications of the teaching line, a day and a half long."""
    return made("teaching line")
