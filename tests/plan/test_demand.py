"""Who orders what, and when: counts, moments, classes, lines and units as the scenario says.

Where a share or count is held against what was drawn, the bound is four standard errors of the binomial,
Poisson or sample mean in question; the seeds are fixed, so that a pass stays one.
"""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.plan.demand import Address, Demand, demand_of, expected_items
from sim.world.arrivals import Arrivals
from sim.world.scenario import Clock, Flow
from sim.world.units import DAY_MS, HOUR_MS

ADDRESS = Address(1, 0, "orders")
CLOCK = {"start": "2026-11-02", "length": "1 d"}


def flow(arrivals: Any, folder: Path | None = None, **says: Any) -> Flow:
    """A flow that arrives in a certain way."""
    return Flow.model_validate({"arrivals": arrivals, "route": ["desk"], **says}, context={"folder": folder})


def demand(arrivals: Any, clock: dict[str, str] = CLOCK, address: Address = ADDRESS, **says: Any) -> Demand:
    """What comes of it."""
    return demand_of(flow(arrivals, **says), Clock.model_validate(clock), address)


def test_equal_gaps_count_from_the_start() -> None:
    """Every six hours of a day: at six, twelve and eighteen; midnight is the end."""
    assert (demand({"gaps": "6 h"}).arrived / HOUR_MS).tolist() == [6, 12, 18]


def test_a_pace_of_gaps_is_exact() -> None:
    """Seven an hour are gaps of 514,285.71 ms, each rounded up once: 167 fit into a day."""
    arrived = demand({"gaps": "7 / h"}).arrived
    assert np.diff(arrived).tolist() == [514_286] * 166
    assert np.diff(demand({"gaps": "1.1 / h"}).arrived)[0] == math.ceil(HOUR_MS / 1.1)


def test_gaps_of_no_time_are_a_millisecond() -> None:
    """The clock moves on."""
    assert demand({"gaps": "0 s"}, {"start": "2026-11-02", "length": "5 ms"}).arrived.tolist() == [1, 2, 3, 4]


def test_a_gap_longer_than_the_run_lets_nothing_come() -> None:
    """However long: the largest that a wide distribution draws is cut at the length of the run."""
    assert demand({"gaps": "25 h"}).arrived.tolist() == []
    wide = demand({"gaps": {"weibull": {"scale": "36525 d", "shape": 0.1}}})
    assert (wide.arrived < DAY_MS).all()


def test_drawn_gaps_have_their_mean() -> None:
    """Gamma gaps of two minutes with a variation of 0.5 over thirty days: 21,600 within four standard errors."""
    arrived = demand(
        {"gaps": {"gamma": {"mean": "2 min", "cv": 0.5}}}, {"start": "2026-11-02", "length": "30 d"}
    ).arrived
    assert abs(len(arrived) - 21_600) < 4 * 0.5 * math.sqrt(21_600)
    assert np.diff(arrived).std() / np.diff(arrived).mean() == pytest.approx(0.5, rel=0.03)


def test_a_poisson_stream_has_its_rate_in_each_hour() -> None:
    """Forty weeks: each of the 168 hours of a week, peaks and night included, within 4.5 standard errors."""
    hours = [1, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 6, 5, 5, 5, 4, 4, 4, 6, 8, 8, 6, 3]
    says = {"poisson": {"per_day": 400, "hours": hours, "weekdays": {"sat": 0.5, "sun": 0}}}
    arrived = demand(says, {"start": "2026-11-02", "length": "280 d"}).arrived
    found = np.bincount(arrived // HOUR_MS % 168, minlength=168)
    factors = np.repeat([1, 1, 1, 1, 1, 0.5, 0], 24)
    wanted = np.tile(hours, 7) / sum(hours) * 400 * 40 * factors
    assert (found[wanted == 0] == 0).all()
    assert (np.abs(found - wanted)[wanted > 0] < 4.5 * np.sqrt(wanted[wanted > 0])).all()


def test_a_poisson_stream_is_one() -> None:
    """Counts of 2,000 hours vary as much as their mean (index of dispersion 1, standard error 0.032)."""
    arrived = demand({"poisson": {"per_day": 240}}, {"start": "2026-11-02", "length": "2000 h"}).arrived
    counts = np.bincount(arrived // HOUR_MS, minlength=2000)
    assert abs(counts.var(ddof=1) / counts.mean() - 1) < 4 * math.sqrt(2 / 1999)


def test_batches_come_at_one_moment() -> None:
    """Two trucks of three, and half of them of one and half of five."""
    trucks = {"times": {"at": ["07:00", "14:30"]}}
    assert (demand({**trucks, "batch": 3}).arrived / HOUR_MS).tolist() == [7, 7, 7, 14.5, 14.5, 14.5]
    drawn = demand({"gaps": "1 min", "batch": {"shares": {1: 0.5, 5: 0.5}}}, {"start": "2026-11-02", "length": "7 d"})
    sizes = np.unique(np.unique(drawn.arrived, return_counts=True)[1])
    assert sizes.tolist() == [1, 5]


def test_the_expected_count_is_the_one_that_comes() -> None:
    """What the memory is estimated with, for each way to arrive: exact where nothing is drawn, else within 4 errors."""
    clock = Clock.model_validate({"start": "2026-11-02", "length": "20 d"})
    peaks = [{"from": "2026-11-10", "to": "2026-11-11", "factor": 3}]
    cases: list[tuple[Any, float]] = [
        ({"gaps": "10 min"}, 1),
        ({"times": {"at": ["07:00", "14:30"], "days": "mon-fri"}, "batch": 7}, 0),
        ({"gaps": {"exponential": "10 min"}}, 4 * math.sqrt(2880)),
        ({"poisson": {"per_day": 150, "weekdays": {"sun": 0}, "peaks": peaks}}, 4 * math.sqrt(3150)),
        ({"poisson": {"per_day": 150}, "batch": {"shares": {1: 0.5, 3: 0.5}}}, 4 * math.sqrt(3000 * 5)),
    ]
    for arrivals, error in cases:
        one = flow(arrivals)
        found = len(demand_of(one, clock, ADDRESS).arrived)
        assert abs(expected_items(one, clock) - found) <= error, arrivals


def test_classes_have_their_shares() -> None:
    """80, 15 and 5 percent of fifty thousand, within four standard errors."""
    shares = {"normal": 0.8, "fragile": 0.15, "chilled": 0.05}
    classes = {name: {"share": share} for name, share in shares.items()}
    found = demand({"gaps": "1 s"}, {"start": "2026-11-02", "length": "50001 s"}, classes=classes)
    counts = np.bincount(found.goods_class, minlength=3)
    for count, share in zip(counts, shares.values(), strict=True):
        assert abs(count - 50_000 * share) < 4 * math.sqrt(50_000 * share * (1 - share))


def test_the_order_of_classes_in_the_file_moves_nothing() -> None:
    """An order is of the same class wherever that class is written."""
    classes = {"normal": {"share": 0.8}, "fragile": {"share": 0.15}, "chilled": {"share": 0.05}}
    turned = dict(reversed(classes.items()))
    one, other = demand({"gaps": "1 min"}, classes=classes), demand({"gaps": "1 min"}, classes=turned)
    named = [[list(said)[number] for number in found.goods_class] for said, found in ((classes, one), (turned, other))]
    assert named[0] == named[1]
    assert len(set(named[0])) == 3


def test_lines_and_units_have_their_means() -> None:
    """1.5 lines of 1.2 units each: 1.5 and 1.8 in the mean of 50,000, within four standard errors."""
    says = {"lines": {"shares": {1: "50 %", 2: "50 %"}}, "units_per_line": {"shares": {1: "90 %", 3: "10 %"}}}
    found = demand({"gaps": "1 s"}, {"start": "2026-11-02", "length": "50001 s"}, **says)
    assert abs(found.lines.mean() - 1.5) < 4 * 0.5 / math.sqrt(50_000)
    assert abs(found.units.mean() - 1.8) < 4 * found.units.std() / math.sqrt(50_000)
    assert set(found.units[found.lines == 1].tolist()) == {1, 3}
    assert set(found.units[found.lines == 2].tolist()) == {2, 4, 6}


def test_units_of_a_plain_number_are_so_many_for_each_line() -> None:
    """Forty lines of 24 are 960."""
    found = demand({"times": {"at": ["07:00"]}}, lines=40, units_per_line=24)
    assert (found.lines.tolist(), found.units.tolist()) == ([40], [960])


def test_a_class_may_have_a_value_of_its_own() -> None:
    """All else has that of the flow."""
    classes = {"normal": {"share": 0.5}, "fragile": {"share": 0.5, "value": 500}}
    found = demand({"gaps": "1 min"}, classes=classes, value=200)
    assert set(zip(found.goods_class.tolist(), found.value.tolist(), strict=True)) == {(0, 200.0), (1, 500.0)}


def test_the_same_demand_is_the_same_in_every_scenario() -> None:
    """What is drawn for an order depends on the demand's name and the order's number alone: more orders add some."""
    short = demand({"gaps": {"exponential": "5 min"}}, lines={"shares": {1: 0.5, 2: 0.5}})
    long = demand({"gaps": {"exponential": "5 min"}}, {**CLOCK, "length": "2 d"}, lines={"shares": {1: 0.5, 2: 0.5}})
    count = len(short.arrived)
    np.testing.assert_array_equal(long.arrived[:count], short.arrived)
    np.testing.assert_array_equal(long.lines[:count], short.lines)
    other = demand({"gaps": {"exponential": "5 min"}}, address=Address(1, 0, "others"))
    assert other.arrived[0] != short.arrived[0]
    again = demand({"gaps": {"exponential": "5 min"}}, address=Address(1, 1, "orders"))
    assert again.arrived[0] != short.arrived[0]


ROWS = "time,lines,units,class\n" + "".join(
    f"2026-11-02 {hour:02d}:{minute:02d},{1 + minute // 20},{3 + minute % 5},{'fragile' if hour == 12 else ''}\n"
    for hour in range(24)
    for minute in range(60)
)
CLASSES = {"normal": {"share": 0.7}, "fragile": {"share": 0.3}}


def real(folder: Path, scale: float = 1.0, text: str = ROWS, **says: Any) -> Demand:
    """The demand of a file with an order every minute of a day."""
    (folder / "orders.csv").write_text(text, encoding="utf-8")
    one = flow({"file": {"path": "orders.csv", "scale": scale}}, folder, **{"classes": CLASSES, **says})
    return demand_of(one, Clock.model_validate(CLOCK), ADDRESS)


def test_real_orders_come_as_they_stand_in_the_file(tmp_path: Path) -> None:
    """Moments, lines and units of each; classes where they are said, and else drawn by share."""
    found = real(tmp_path)
    assert found.arrived.tolist() == [minute * 60_000 for minute in range(1440)]
    assert found.lines[:41:20].tolist() == [1, 2, 3]
    assert found.units[:6].tolist() == [3, 4, 5, 6, 7, 3]
    assert found.goods_class[720:780].tolist() == [1] * 60
    drawn = np.delete(found.goods_class, np.s_[720:780])
    assert abs(drawn.sum() - 1380 * 0.3) < 4 * math.sqrt(1380 * 0.3 * 0.7)


def test_what_a_file_does_not_say_is_drawn(tmp_path: Path) -> None:
    """Lines by their shares, and units for the lines of each order, said or drawn."""
    units = {"units_per_line": {"shares": {1: 0.5, 2: 0.5}}}
    found = real(tmp_path, text="time,lines\n" + "2026-11-02 08:00,3\n" * 400, **units)
    assert set(found.lines.tolist()) == {3}
    assert set(found.units.tolist()) == {3, 4, 5, 6}
    assert abs(found.units.mean() - 4.5) < 4 * math.sqrt(3 * 0.25 / 400)
    found = real(
        tmp_path, text="time\n" + "2026-11-02 08:00\n" * 400, lines={"shares": {2: 0.5, 5: 0.5}}, units_per_line=4
    )
    assert set(zip(found.lines.tolist(), found.units.tolist(), strict=True)) == {(2, 8), (5, 20)}


def test_orders_outside_the_clock_do_not_come(tmp_path: Path) -> None:
    """The day before and the day after are left out, and not counted as expected either."""
    text = "time\n2026-11-01 23:59:59\n2026-11-02 00:00\n2026-11-02 23:59:59\n2026-11-03 00:00\n"
    assert real(tmp_path, text=text).arrived.tolist() == [0, DAY_MS - 1000]
    one = flow({"file": {"path": "orders.csv", "scale": 1.5}}, tmp_path)
    assert expected_items(one, Clock.model_validate(CLOCK)) == 3


def test_half_the_orders_are_chosen_by_chance(tmp_path: Path) -> None:
    """About 720 of 1440, each at its own moment and at most once."""
    arrived = real(tmp_path, 0.5).arrived
    assert abs(len(arrived) - 720) < 4 * math.sqrt(1440 * 0.25)
    assert (arrived % 60_000 == 0).all()
    assert (np.diff(arrived) > 0).all()


@pytest.mark.parametrize("scale", [1.5, 2.0, 2.25])
def test_more_than_all_orders_are_all_and_copies_before_the_next(tmp_path: Path, scale: float) -> None:
    """Each order once at its moment; whole copies of all, and one more of a part of them, within its minute."""
    found = real(tmp_path, scale)
    part = scale % 1
    assert abs(len(found.arrived) - 1440 * scale) <= 4 * math.sqrt(1440 * part * (1 - part))
    assert (np.diff(found.arrived) >= 0).all()
    in_time = found.arrived[found.arrived % 60_000 == 0]
    assert set(in_time.tolist()) == {minute * 60_000 for minute in range(1440)}
    copies = np.bincount(found.arrived // 60_000, minlength=1440)
    assert set(copies.tolist()) == {math.floor(scale), math.ceil(scale)}
    assert (found.units == 3 + found.arrived // 60_000 % 60 % 5).all()


def test_the_same_orders_are_chosen_at_every_scale(tmp_path: Path) -> None:
    """What is replayed at 0.3 is replayed at 0.5 as well."""
    few, many = real(tmp_path, 0.3).arrived, real(tmp_path, 0.5).arrived
    assert set(few.tolist()) < set(many.tolist())


def test_the_clock_of_a_file_is_the_scenarios(tmp_path: Path) -> None:
    """Milliseconds count from the start, also where it lies within a day."""
    (tmp_path / "orders.csv").write_text(ROWS, encoding="utf-8")
    one = flow({"file": "orders.csv"}, tmp_path, classes=CLASSES)
    clock = Clock(start=datetime(2026, 11, 2, 12, 30), length=2 * HOUR_MS)
    arrived = demand_of(one, clock, ADDRESS).arrived
    assert (len(arrived), arrived[0], arrived[-1]) == (120, 0, 2 * HOUR_MS - 60_000)
    assert isinstance(one.arrivals, Arrivals)
