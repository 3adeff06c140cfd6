"""What a seller may fear, as settings that make the scenario what they say."""

from __future__ import annotations

import pytest

from sim.study.what_if import what_ifs
from sim.world.files import load
from sim.world.scenario import Scenario
from sim.world.shipped import shipped
from sim.world.stages import Customs


def rate(scenario: Scenario) -> float:
    """How many customs select."""
    (customs,) = (stage for stage in scenario.stages.values() if isinstance(stage, Customs))
    return customs.selected_share


@pytest.mark.parametrize(("name", "selected"), [("twice", 0.06), ("tenth", 0.1), ("half", 0.5)])
def test_customs_select_what_is_said(name: str, selected: float) -> None:
    """The small site's credit class has 3 %; the setting changes that class."""
    file = load(shipped("small_site_fortnight"))
    assert rate(file.scenario) == 0.03
    assert rate(file.changed(*what_ifs(file.scenario)[name]).scenario) == pytest.approx(selected)


def test_what_is_no_change_is_not_offered() -> None:
    """A line without customs or orders that vary; a site where customs see every parcel; one that has a peak of its own."""
    assert list(what_ifs(load(shipped("teaching_line")).scenario)) == []
    assert not {"twice", "tenth", "half"} & what_ifs(load(shipped("direct_mail_evening_flights")).scenario).keys()
    assert "peak" not in what_ifs(load(shipped("double_eleven")).scenario)
    assert "tenth" not in what_ifs(load(shipped("customs_opens_ten_percent")).scenario)


def test_a_peak_is_three_days_of_three_times_the_orders() -> None:
    """From the second day that is measured on."""
    file = load(shipped("six_stages"))
    peak = file.changed(*what_ifs(file.scenario)["peak"]).scenario.flows["orders"].arrivals.poisson.peaks[0]  # type: ignore[union-attr]
    assert (peak.begin.isoformat(), peak.end.isoformat(), peak.factor) == (
        "2026-08-30T00:00:00",
        "2026-09-02T00:00:00",
        3,
    )
