"""What is said about the length of a run before it, held against runs."""

from __future__ import annotations

import pytest

from sim.engine.engines import run
from sim.plan.compile import compile_plan
from sim.ui import estimate
from sim.ui.choice import Choice, offered
from sim.world.units import DAY_MS


@pytest.mark.parametrize("name", ["teaching_line", "six_stages", "small_site_fortnight"])
def test_visits_are_about_those_of_a_run(name: str) -> None:
    """The estimate is within a sixth of the visits that a run of three days records."""
    file = Choice(name).load(estimate.shortened(Choice(name).load().scenario.clock, 3))
    recorded = len(run(compile_plan(file.scenario)).visits)
    assert estimate.visits(file.scenario) == pytest.approx(recorded, rel=1 / 6)


@pytest.mark.parametrize("name", offered())
def test_every_scenario_can_be_shortened(name: str) -> None:
    """Three days of any shipped scenario are a valid scenario, with a window to measure."""
    clock = Choice(name).load().scenario.clock
    short = Choice(name).load(estimate.shortened(clock, 3)).scenario.clock
    assert short.length == 3 * DAY_MS
    assert short.window_ms[0] < short.window_ms[1] <= short.length


@pytest.mark.parametrize("name", offered())
def test_a_first_answer_comes_soon(name: str) -> None:
    """At the pace assumed, no first answer takes more than a minute and a half, and each has an interval."""
    scenario = Choice(name).load().scenario
    days, replications = estimate.first_answer(scenario)
    short = Choice(name).load(estimate.shortened(scenario.clock, days)).scenario
    assert replications >= 2
    assert estimate.visits(short) * replications / estimate.FIRST_PACE < 90


def test_a_quick_scenario_is_run_in_full() -> None:
    """Nothing is left out where it would save no time worth having."""
    scenario = Choice("teaching_line").load().scenario
    assert estimate.first_answer(scenario) == (10.0, 10)
    assert estimate.shortened(scenario.clock, 10.0) == ()
