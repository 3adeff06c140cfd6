"""What to promise: dates by chance, the chance of a date, and by when to order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from sim.study.evaluate import evaluator
from sim.study.promise import Promised, promise
from sim.study.target import TargetError
from sim.world.files import ScenarioFile, from_text

# An order every 10 min takes 5 h on the road, and is there; nobody queues.
ROAD = """
schema: 1
clock: {start: 2026-11-02 06:00, length: 8 d, measure: 7 d}
flows: {orders: {arrivals: {gaps: 10 min}, route: [road], classes: {plain: {share: 0.8}, chilled: {share: 0.2}}}}
stages: {road: {kind: delivery, line_haul: 5 h}}
"""


def road(*settings: str) -> ScenarioFile:
    """A road of five hours."""
    return from_text(ROAD, Path(), "road", settings)


def asked(file: ScenarioFile, **question: object) -> Promised:
    """The answer of two replications."""
    with evaluator(places=1) as evaluate:
        return promise(file, evaluate, replications=2, **question)  # type: ignore[arg-type]


def test_an_order_that_takes_five_hours_is_there_five_hours_later() -> None:
    """At every chance, with an interval of no width, and by every hour of the week."""
    found = asked(road(), placed=datetime(2026, 11, 3, 21))
    assert set(found.dates["date"]) == {pd.Timestamp(2026, 11, 4, 2)}
    assert set(found.dates["low"]) == {pd.Timestamp(2026, 11, 4, 2)}
    assert found.orders == 6
    assert found.like == "orders placed on Tuesday 3 November 2026 from 21:00 to 21:59"
    assert (found.table == 5).all(axis=None)


@pytest.mark.parametrize(
    ("wanted", "kept", "latest"),
    [
        (datetime(2026, 11, 4, 2), 1.0, datetime(2026, 11, 3, 20, 59)),
        (datetime(2026, 11, 4, 1), 0.0, datetime(2026, 11, 3, 19, 59)),
        (datetime(2026, 11, 4), 1.0, datetime(2026, 11, 4, 18, 59)),  # a date alone is the end of that day
    ],
)
def test_the_chance_of_a_date_and_the_latest_order_time(wanted: datetime, kept: float, latest: datetime) -> None:
    """Five hours before, to the end of the last whole hour."""
    found = asked(road(), placed=datetime(2026, 11, 3, 21), wanted=wanted)
    assert found.kept is not None
    assert (found.kept.mean, found.latest) == (kept, latest)


def test_a_day_outside_the_run_is_answered_by_its_weekday() -> None:
    """All Wednesdays, here one."""
    found = asked(road(), placed=datetime(2026, 12, 9, 21))
    assert found.like == "orders placed on Wednesdays from 21:00 to 21:59"
    assert found.dates["date"].iloc[0] == pd.Timestamp(2026, 12, 10, 2)


def test_orders_that_are_not_there_at_the_end_are_not_left_out() -> None:
    """Placed in the last 5 h of the run they are under way when it ends: no date can be promised, none is kept."""
    file = road("clock.length=7 d")
    found = asked(file, placed=datetime(2026, 11, 9, 5), wanted=datetime(2026, 11, 9, 12))
    assert found.dates["date"].isna().all()
    assert found.kept is not None
    assert found.kept.mean == 0.0


def test_the_share_that_is_there_decides_up_to_which_chance_a_date_is_known() -> None:
    """A truck at 22:00 takes who came by then: who comes later waits for the next day."""
    file = road("stages.road={kind: delivery, trucks: {departures: ['21:30'], capacity: 1000}, line_haul: 1 h}")
    dates = asked(file, placed=datetime(2026, 11, 3, 21)).dates.set_index("chance")["hours"]
    assert dates[0.5] <= 1.5
    assert dates[0.95] > 24


def test_a_class_is_asked_for_by_name() -> None:
    """One fifth of the orders; an unknown one names the nearest."""
    found = asked(road(), placed=datetime(2026, 11, 3, 21), goods_class="chilled")
    assert found.orders < 6
    with pytest.raises(TargetError, match="did you mean 'chilled'"):
        asked(road(), goods_class="chiled")
    with pytest.raises(TargetError, match="between 0 % and 100 %"):
        asked(road(), chance=1.0)


def test_days_have_their_own_times() -> None:
    """Five hours for each of the six whole days that are measured, 144 orders a day: one each 10 minutes."""
    found = asked(road())
    assert [day.day for day in found.by_day.index] == [3, 4, 5, 6, 7, 8]
    assert (found.by_day == 5).all(axis=None)
    assert found.by_day.shape == (6, 2)
    assert set(found.a_day) == {144.0}


def test_orders_of_a_day_that_are_still_under_way_count() -> None:
    """Where everything takes ten days nobody has an order by the end: for every day that is for ever."""
    found = asked(road("stages.road.line_haul=10 d", "clock.end=horizon"))
    assert (found.by_day == float("inf")).all(axis=None)
