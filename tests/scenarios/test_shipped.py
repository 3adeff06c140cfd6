"""The scenarios that come with importflow: each opens with its question, names its sources, runs, and runs as it did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.checks import check
from sim.analysis.load import offered_load, team_load
from sim.analysis.run import Run
from sim.engine import engines
from sim.engine.records import NEVER, Records
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.steps import Outcome
from sim.world.files import ScenarioFile, load
from sim.world.shipped import shipped, shipped_names

DIGESTS = Path(__file__).with_name("digests.txt")
FIGURES_IN = ("flows", "stages", "teams", "calendars", "promises", "costs")
HOUR_MS = 3_600_000

# Long ones are cut to a stretch in which every stage is at work, and for 11.11 the first minutes of the festival.
SHORTENED = {
    "bonded_beside_direct_mail": "clock={start: 2026-08-24, length: 2 d}",
    "customs_opens_ten_percent": "clock={start: 2026-09-06, length: 2 d}",
    "direct_mail_evening_flights": "clock={start: 2026-08-24, length: 4 d}",
    "new_seller_returned_lists": "clock={start: 2026-08-24, length: 2 d}",
    "rating_lost": "clock={start: 2026-09-06, length: 2 d}",
    "single_window_down": "clock={start: 2026-11-10 12:00, length: 24 h}",
    "double_eleven": "clock={start: 2026-10-31 21:30, length: 160 min}",
    "medium_site_fortnight": "clock={start: 2026-08-24 06:30, length: 4 h}",
    "six_stages": "clock={start: 2026-08-24, length: 3 d}",
    "small_site_fortnight": "clock={start: 2026-08-24, length: 2 d}",
}


def file_of(name: str) -> ScenarioFile:
    """A shipped scenario, cut short where it is long."""
    return load(shipped(name), [SHORTENED[name]] if name in SHORTENED else [])


@cache
def ran(name: str, engine: str = engines.DEFAULT_ENGINE) -> tuple[Plan, Records]:
    """Plan and records of replication 0 of seed 1."""
    plan = compile_plan(file_of(name).scenario)
    return plan, engines.run(plan, engine)


def digest(records: Records) -> str:
    """SHA-256 over all columns of the records, as little-endian int64."""
    content = hashlib.sha256(str(records.ended_ms).encode())
    for table in (records.visits, records.spells, records.items):
        for column in fields(table):
            content.update(getattr(table, column.name).astype("<i8").tobytes())
    return content.hexdigest()


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every single value of a scenario's text with its path."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from leaves(below, (*path, str(number)))
    else:
        yield path, str(value)


def test_all_that_the_readme_promises_is_shipped() -> None:
    """A teaching line, six stages, two normal sites, the festival, real orders, direct mail and its twin, and what goes wrong."""
    assert shipped_names() == [
        "bonded_beside_direct_mail",
        "customs_opens_ten_percent",
        "direct_mail_evening_flights",
        "double_eleven",
        "medium_site_fortnight",
        "new_seller_returned_lists",
        "rating_lost",
        "real_orders_november_2010",
        "single_window_down",
        "six_stages",
        "small_site_fortnight",
        "teaching_line",
    ]


@pytest.mark.parametrize("name", shipped_names())
def test_it_opens_with_the_question_it_asks(name: str) -> None:
    """The first line is the question as a comment, the same as in ``question``."""
    question = load(shipped(name)).scenario.question
    assert question.endswith("?")
    assert shipped(name).read_text(encoding="utf-8").splitlines()[0] == f"# {question}"


@pytest.mark.parametrize("name", shipped_names())
def test_every_figure_has_a_source(name: str) -> None:
    """Each value with a digit in it is covered by an entry of ``sources``, by its path or that of a part above it."""
    file = load(shipped(name))
    known = {tuple(key.split(".")) for key in file.scenario.sources}
    figures = [
        path
        for path, text in leaves({key: file.raw[key] for key in FIGURES_IN if key in file.raw})
        if path[-1] not in ("label", "file") and any(sign.isdigit() for sign in text)
    ]
    bare = [".".join(path) for path in figures if not any(path[:end] in known for end in range(1, len(path) + 1))]
    assert len(figures) > 1
    assert bare == []


@pytest.mark.parametrize("name", shipped_names())
def test_every_source_names_something_in_the_scenario(name: str) -> None:
    """No entry of ``sources`` is left over from a figure that is gone, and each says more than a word."""
    file = load(shipped(name))
    for key, source in file.scenario.sources.items():
        below: Any = file.raw
        for part in key.split("."):
            assert part in below, key
            below = below[part]
        assert len(source.source.split()) > 1, key


@pytest.mark.parametrize("name", shipped_names())
def test_it_runs_and_breaks_no_law(name: str) -> None:
    """Orders leave, and the checks that follow every run hold."""
    plan, records = ran(name)
    assert (records.items.left != NEVER).any()
    outcomes = check(Run(plan, records))
    assert outcomes
    assert all(outcomes.values())


def expected_digests() -> dict[str, str]:
    """The digests on file, by scenario."""
    lines = DIGESTS.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("engine_name", sorted(engines.ENGINES))
@pytest.mark.parametrize("name", shipped_names())
def test_it_gives_the_results_it_gave(name: str, engine_name: str) -> None:
    """On every engine the records of replication 0 are those on file; digests.txt says what to do where they are not."""
    found = digest(ran(name, engine_name)[1])
    assert found == expected_digests()[name], f"new digest of {name}: {found}"


def test_no_digest_is_left_over() -> None:
    """One digest for each scenario, none for others."""
    assert sorted(expected_digests()) == shipped_names()


def loads(name: str, clock: str, replications: int) -> pd.DataFrame:
    """Mean load of each team over the measured days and some replications."""
    scenario = load(shipped(name), [clock]).scenario
    runs = [
        team_load(offered_load(compile_plan(scenario, 1, number)), scenario)["load"] for number in range(replications)
    ]
    return pd.concat(runs, axis=1).mean(axis=1)


# Worked out by hand from the figures in the scenario files: hours needed a day / hours staffed. Lines 1.5, units 1.8 an
# order; 2 % are picked again; classes make packing 1.15 times as long (80 % x 1 + 15 % x 1.667 + 5 % x 2).
SMALL_BY_HAND = {
    "tally_crew": (158 / 120 + 3780 / 150 + 158 / 80) / 37.5,
    "labellers": 3780 / 250 / 22.5,
    "pickers": 1500 * 1.5 / 100 * 1.02 / 30,
    "packers": (1500 * 1.15 / 60 + 1500 * 1.02 / 180) / 52.5,
    "loaders": 1500 / 400 / 5.5,
}
MEDIUM_BY_HAND = {
    "tally_crew": 7 * (438 / 120 + 10_500 / 150 + 438 / 80) / 720,
    "labellers": 7 * 10_500 / 250 / 375,
    "pickers": 35_000 * 1.5 / 100 * 1.02 / 690,
    "packers": (35_000 * 1.15 / 60 + 35_000 * 1.02 / 180) / 1110,
    "loaders": 35_000 / 400 / 112.5,
}


def test_the_small_site_is_busy_but_not_overloaded_on_normal_days() -> None:
    """Every team is 60 to 90 % loaded: the scenario's own aim is 65 to 85 % (``sources.teams``), and chance adds some."""
    found = loads("small_site_fortnight", "clock={start: 2026-08-24, length: 21 d, warm_up: 7 d}", 6)
    assert found.between(0.60, 0.90).all(), found
    for team, by_hand in SMALL_BY_HAND.items():
        assert found[team] == pytest.approx(by_hand, rel=0.02), team


def test_the_medium_site_is_busy_but_not_overloaded_on_normal_days() -> None:
    """The same for the medium site, but for the X-ray machine, which must be there and is seldom used."""
    found = loads("medium_site_fortnight", "clock={start: 2026-08-24, length: 8 d, warm_up: 1 d}", 1)
    assert found.drop("xray_machine").between(0.60, 0.90).all(), found
    assert found["xray_machine"] == pytest.approx(1050 * 6 / 3600 / 12.5, rel=0.1)
    for team, by_hand in MEDIUM_BY_HAND.items():
        # Half a day of bulk goods more or less at the edges of a week is 4 % of it.
        assert found[team] == pytest.approx(by_hand, rel=0.05), team


def test_the_festival_falls_into_the_first_hour() -> None:
    """200,000 orders on 1 November, 37 % of them from 0 to 1 (Tmall 2019, in the scenario's sources)."""
    plan, _ = ran("double_eleven")
    orders = plan.items.arrived[plan.items.flow == plan.flow_keys.index("orders")]
    first_ten_minutes = (orders >= 2.5 * HOUR_MS).sum()
    assert first_ten_minutes == pytest.approx(0.37 * 200_000 / 6, rel=0.03)
    peaks = load(shipped("double_eleven")).scenario.flows["orders"].arrivals.poisson
    assert peaks is not None
    assert sum(peak.orders or 0 for peak in peaks.peaks[:3]) == 200_000


def test_the_real_orders_are_all_there() -> None:
    """2,868 orders with 76,596 lines and 733,705 units, as counted in scenarios/data/README.md; all of them leave."""
    plan, records = ran("real_orders_november_2010")
    assert (len(plan.items), plan.items.lines.sum(), plan.items.units.sum()) == (2868, 76_596, 733_705)
    assert (records.items.left != NEVER).all()


def test_direct_mail_and_its_bonded_twin_have_the_same_orders() -> None:
    """The same orders come at the same moments with the same lines and values, and have the same luck on the last mile."""
    names = {"direct_mail_evening_flights": "direct", "bonded_beside_direct_mail": "orders"}
    found = []
    for name, flow in names.items():
        plan = compile_plan(load(shipped(name), ["clock.length=9 d", "clock.measure=1 d"]).scenario)
        own = plan.items.flow == plan.flow_keys.index(flow)
        step = plan.steps[plan.step_number[flow, "delivery.last_mile"]]
        luck = plan.draws[step["draw"] + plan.items.index[own]]
        found.append(
            [plan.items.arrived[own], plan.items.lines[own], plan.items.units[own], plan.items.value[own], luck]
        )
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
        assert len(np.unique(one)) > 3
    assert len(found[0][0]) == pytest.approx(9 * 1500, rel=0.05)


def test_the_small_site_is_as_quick_as_an_independent_model_of_it() -> None:
    """Order cycle and delivery time against a separate scratch model of the outbound side, from the same figures.

    That model (one seed, made before this one) had an order cycle of P50 8 h and P95 20 h, delivery in P50 60 h
    and P95 102 h, and 93 % delivered within 96 h.
    """
    scenario = load(shipped("small_site_fortnight"), ["clock.length=20 d", "clock.measure=7 d"]).scenario
    plan = compile_plan(scenario)
    records = engines.run(plan)
    begin, end = scenario.clock.window_ms
    measured = (plan.items.flow == plan.flow_keys.index("orders")) & (plan.items.arrived >= begin)
    measured &= plan.items.arrived < end
    visits = records.visits
    loaded = visits.ended[visits.step == plan.step_number["orders", "delivery.trucks"]]
    truck = np.full(len(plan.items), NEVER)
    truck[visits.item[visits.step == plan.step_number["orders", "delivery.trucks"]]] = loaded
    left = measured & (truck != NEVER)
    cycle_h = (truck - plan.items.arrived)[left] / HOUR_MS
    arrived = measured & (records.items.outcome == Outcome.DELIVERED)
    delivery_h = (records.items.left - plan.items.arrived)[arrived] / HOUR_MS
    assert np.quantile(cycle_h, [0.5, 0.95]) == pytest.approx([8, 20], rel=0.1)
    assert np.quantile(delivery_h, [0.5, 0.95]) == pytest.approx([60, 102], rel=0.05)
    assert (delivery_h <= 96).mean() == pytest.approx(0.93, abs=0.02)
