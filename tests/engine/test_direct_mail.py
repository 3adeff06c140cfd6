"""Direct mail and disruptions on both engines, against times worked out by hand; times in hours from midnight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.engine import engines
from sim.engine.records import NEVER, Records
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.world.files import from_text
from tests.engine.histories import assert_same
from tests.engine.worlds import EVERYTHING, world

Engine = Callable[[Plan], Records]
HOUR_MS = 3_600_000

DIRECT = """
schema: 1
clock: {start: 2026-11-02, length: 3 d}
flows: {direct: {arrivals: {times: {at: ["08:00", "09:00"], days: mon}}, route: [flight, screening, delivery]}}
stages:
  flight:
    packed_abroad: 6 h
    flights: {departures: ["15:00", "22:00"], capacity: 1}
    air: 4 h
    transfer: 1 h
    break_down: {team: handlers, work: 30 min}
    tally: {team: handlers, work: 15 min}
  screening:
    kind: customs
    order_data: {order: 1 h, match: 1 h}
    mode: xray_then_open
    xray: {machine: {team: machine, work: 3 min}, image: {team: officers, work: 6 min}, doubtful: 0 %}
    opening: {team: officers, work: 1 h}
  delivery: {trucks: {departures: ["06:00", "21:00"]}, line_haul: 2 h, last_mile: 10 h}
teams:
  handlers: {shifts: {day: {from: "08:00", to: "21:00", staff: 1}}}
  machine: {staff: 1}
  officers: {staff: 1}
"""


def journeys(engine: Engine, text: str, *settings: str) -> dict[str, list[tuple[str, float, float]]]:
    """By flow and index, the steps of each item with the hours at which it joined and ended."""
    plan = compile_plan(from_text(text, Path(), settings=settings).scenario)
    visits = engine(plan).visits
    told: dict[str, list[tuple[str, float, float]]] = {}
    for row in range(len(visits)):
        item = int(visits.item[row])
        name = f"{plan.flow_keys[plan.items.flow[item]]} {plan.items.index[item]}"
        ended = np.nan if visits.ended[row] == NEVER else visits.ended[row] / HOUR_MS
        key = plan.step_names[visits.step[row]].key
        told.setdefault(name, []).append((key, round(visits.joined[row] / HOUR_MS, 3), round(float(ended), 3)))
    return told


def test_a_parcel_is_packed_flown_broken_down_screened_and_sent_on(engine: Engine) -> None:
    """Ordered at 8, packed at 14, off at 15, at the site at 20; X-rayed although no rate is said; two h and ten on the road."""
    assert journeys(engine, DIRECT)["direct 0"] == [
        ("flight.packed_abroad", 8, 14),
        ("flight.flights", 14, 15),
        ("flight.air", 15, 19),
        ("flight.transfer", 19, 20),
        ("flight.break_down", 20, 20.5),
        ("flight.tally", 20.5, 20.75),
        ("screening.meet", 20.75, 20.75),
        ("screening.xray", 20.75, 20.8),
        ("screening.image", 20.8, 20.9),
        ("delivery.trucks", 20.9, 21),
        ("delivery.line_haul", 21, 23),
        ("delivery.last_mile", 23, 33),
    ]


def test_who_finds_no_room_takes_the_next_flight_and_waits_for_the_handlers(engine: Engine) -> None:
    """The flight of 15 holds one. The next, at 22, brings it to the site at 3, where nobody is before 8; the truck is at 21."""
    second = journeys(engine, DIRECT)["direct 1"]
    assert second[1:5] == [
        ("flight.flights", 15, 22),
        ("flight.air", 22, 26),
        ("flight.transfer", 26, 27),
        ("flight.break_down", 27, 32.5),
    ]
    assert ("delivery.trucks", 32.9, 45) in second


def test_the_documents_are_accepted_while_the_parcel_is_still_abroad(engine: Engine) -> None:
    """An hour for the record and an hour to match, from the moment of the order; then they wait for the goods."""
    assert journeys(engine, DIRECT)["direct.documents 0"] == [
        ("screening.records", 8, 9), ("screening.match", 9, 10), ("screening.meet", 10, 20.75),
    ]  # fmt: skip


def down(begin: str, end: str, what: str) -> str:
    """A disruption as a setting."""
    return f"disruptions.outage={{from: 2026-11-{begin}, to: 2026-11-{end}, {what}}}"


def test_while_the_single_window_is_down_nothing_arrives_and_nothing_is_compared(engine: Engine) -> None:
    """Down from 8:30 to 20:00: of the first record half an hour is left for 20:00, the second needs all of its hour."""
    told = journeys(engine, DIRECT, down("02 08:30", "02 20:00", "single_window: yes"))
    assert told["direct.documents 0"][:2] == [("screening.records", 8, 20.5), ("screening.match", 20.5, 21.5)]
    assert told["direct.documents 1"][:2] == [("screening.records", 9, 21), ("screening.match", 21, 22)]
    # The goods are there at 20:45, wait for their documents until 21:30, and miss the truck of 21:00.
    assert told["direct 0"][6:10] == [
        ("screening.meet", 20.75, 21.5),
        ("screening.xray", 21.5, 21.55),
        ("screening.image", 21.55, 21.65),
        ("delivery.trucks", 21.65, 30),
    ]


def test_where_transport_stands_no_departure_leaves_and_who_is_on_the_way_stands_still(engine: Engine) -> None:
    """From 22 to 4 nobody drives: the first parcel, on the road since 21, still has one of its two hours to go at 4."""
    told = journeys(engine, DIRECT, down("02 22:00", "03 04:00", "transport: [delivery]"))
    assert told["direct 0"][-2:] == [("delivery.line_haul", 21, 29), ("delivery.last_mile", 29, 39)]
    grounded = journeys(engine, DIRECT, down("02 15:00", "02 16:00", "transport: [flight]"))
    assert grounded["direct 0"][1] == ("flight.flights", 14, 22)
    assert grounded["direct 1"][1] == ("flight.flights", 15, 39)


def test_a_departure_at_the_end_of_a_disruption_leaves(engine: Engine) -> None:
    """A disruption is [from, to), as everything is."""
    told = journeys(engine, DIRECT, down("02 12:00", "02 15:00", "transport: [flight]"))
    assert told["direct 0"][1] == ("flight.flights", 14, 15)


def test_teams_that_a_disruption_takes_away_come_back_after_it(engine: Engine) -> None:
    """No handlers from 20 to 9 of the next day, and on top of an outage of their own until 10."""
    settings = (
        down("02 20:00", "03 09:00", "teams: [handlers]"),
        "teams.handlers.outages=[{from: 2026-11-03 08:30, to: 2026-11-03 10:00}]",
    )
    told = journeys(engine, DIRECT, *settings)
    assert told["direct 0"][4:6] == [("flight.break_down", 20, 34.5), ("flight.tally", 34.5, 35.25)]
    assert told["direct 1"][4:6] == [("flight.break_down", 27, 35), ("flight.tally", 35, 35.5)]


@pytest.mark.parametrize("what", ["single_window: yes", "transport: [delivery, flight]", "teams: [handlers]"])
def test_a_disruption_before_the_start_changes_nothing(engine: Engine, what: str) -> None:
    """It was over when the run began; a calendar that is always open lets waits pass as the clock does."""
    assert journeys(engine, DIRECT, down("01", "01 12:00", what)) == journeys(engine, DIRECT)


STORM = (
    "disruptions.storm={from: 2026-11-09 14:00, to: 2026-11-10 11:00, transport: [delivery], teams: [tally, officers]}",
    "disruptions.window={from: 2026-11-09 09:30, to: 2026-11-09 21:00, single_window: yes}",
    "disruptions.again={from: 2026-11-09 20:00, to: 2026-11-10 02:00, single_window: yes, teams: [packers]}",
)


def test_engines_agree_on_a_world_with_everything_on_and_all_of_it_disrupted() -> None:
    """Every row and column, with two outages of the single window that overlap, and jobs paused when their team is gone."""
    plan = compile_plan(world(EVERYTHING, *STORM))
    records = engines.run(plan, "simpy")
    assert_same(engines.run(plan, "fast"), records)
    assert len(records.spells) > 0
    match = plan.step_number["orders.documents", "customs.match"]
    ended_h = records.visits.ended[records.visits.step == match] / HOUR_MS
    assert not ((ended_h > 9.5) & (ended_h < 26)).any()
    assert (ended_h > 26).any()
    trucks = records.visits.ended[records.visits.step == plan.step_number["orders", "delivery.trucks"]]
    assert not np.isin(trucks, [18 * HOUR_MS, 22 * HOUR_MS]).any(), "no truck leaves at 18 and 22 of the first day"
