"""The begin and the end of a run: work already waiting at the start, the horizon, the drain."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.plan.steps import Outcome
from tests.engine.histories import history, lines, tables
from tests.plans import PPM, a_plan, branch, gate, item, leave, meet, team, truck, wait, work


def test_the_backlog_joins_at_the_start_before_who_arrives_at_the_start(engine):
    """Two wait at packing and one at picking; who arrives at 0 picks after the latter and packs after the former."""
    plan = a_plan(
        work("pick", "pickers", 2), work("pack", "packers", 3), teams={"pickers": 1, "packers": 1},
        items=[
            item(0, first="pack", backlog=True), item(0, first="pack", backlog=True), item(0, first="pick", backlog=True), 0,
        ],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 3
        0 delivered 3
        1 pack packers 0 3 6
        1 delivered 6
        2 pick pickers 0 0 2
        2 pack packers 2 6 9
        2 delivered 9
        3 pick pickers 0 2 4
        3 pack packers 4 9 12
        3 delivered 12
    """)


def test_what_waits_at_a_gate_at_the_start_leaves_first(engine):
    """One place at 0, one at 5."""
    plan = a_plan(
        wait("haul", 1), gate("truck"), gates={"truck": truck([(0, 1), (5, 1)])},
        items=[item(0, first="truck", backlog=True), item(0, first="truck", backlog=True)],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 truck 0 0 0
        0 delivered 0
        1 truck 0 5 5
        1 delivered 5
    """)


def test_head_counts_rates_and_departures_of_the_first_moment_hold_at_it(engine):
    """All of them are in force at 0."""
    plan = a_plan(
        branch("select", "open", 3, rate=[(0, PPM), (1, 0)]), leave("out"), work("open", "officers", 4), gate("truck"),
        gates={"truck": truck([(0, 1), (4, 1)])}, teams={"officers": [(0, 1), (1, 0)]}, items=[0, 1],
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 open officers 0 0 4
        0 truck 4 4 4
        0 delivered 4
        1 delivered 1
    """)


def test_nothing_at_the_horizon_happens(engine):
    """The run covers [0, 10): work that would end, patience that would run out, a wait that would be over at 10 do not."""
    plan = a_plan(
        flows={
            "work": [work("pack", "packers", 10)],
            "impatient": [work("pack", "packers", 1, patience=10, lost="gone"), leave("gone", Outcome.CANCELLED)],
            "transit": [wait("haul", 10)],
            "held": [gate("dock")],
        },
        gates={"dock": truck([(10, 5)], longest_hold=10)},
        teams={"packers": 1},
        items=[item(0, "work"), item(0, "impatient"), item(0, "transit"), item(0, "held"), item(10, "transit")],
        end=10,
    )
    records = engine(plan)
    assert history(plan, records) == lines("""
        0 pack packers 0 0 -
        0 inside
        1 pack 0 - -
        1 inside
        2 haul 0 0 -
        2 inside
        3 dock 0 - -
        3 inside
        4 inside
    """)
    assert records.ended_ms == 10


def test_all_of_the_last_millisecond_happens(engine):
    """The same one millisecond earlier: everything ends at 9."""
    plan = a_plan(
        flows={
            "work": [work("pack", "packers", 9)],
            "impatient": [work("pack", "packers", 1, patience=9, lost="gone"), leave("gone", Outcome.CANCELLED)],
            "transit": [wait("haul", 9)],
            "held": [gate("dock")],
        },
        gates={"dock": truck([(9, 5)])},
        teams={"packers": 1},
        items=[item(0, "work"), item(0, "impatient"), item(0, "transit"), item(0, "held"), item(9, "held")],
        end=10,
    )
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 9
        0 delivered 9
        1 pack 0 - 9
        1 cancelled 9
        2 haul 0 0 9
        2 delivered 9
        3 dock 0 9 9
        3 delivered 9
        4 dock 9 9 9
        4 delivered 9
    """)


def test_a_paused_job_that_is_never_resumed_has_its_spell_and_no_end(engine):
    """It stops at 5, and the run ends at 10."""
    plan = a_plan(
        work("pack", "packers", 8), teams={"packers": team([(0, 1), (5, 0)], at_shift_end="pause")}, items=[0], end=10
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 -
        0 pack spell 0 packers 0 5
        0 inside
    """)


def test_a_resumed_job_that_is_at_work_at_the_end_has_a_spell_without_end(engine):
    """It stops at 5, goes on at 7, and the run ends at 10, when it would be done."""
    plan = a_plan(
        work("pack", "packers", 8), teams={"packers": team([(0, 1), (5, 0), (7, 1)], at_shift_end="pause")}, items=[0], end=10
    )  # fmt: skip
    assert history(plan, engine(plan)) == lines("""
        0 pack packers 0 0 -
        0 pack spell 0 packers 0 5
        0 pack spell 1 packers 7 -
        0 inside
    """)


def test_a_drain_ends_with_the_moment_in_which_the_last_item_leaves(engine):
    """The last leaves at 12: that moment is part of the run, which covers [0, 13)."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": 1}, items=[0, 7], end=1000, drain=True)
    records = engine(plan)
    assert history(plan, records)[-1] == "1 delivered 12"
    assert records.ended_ms == 13


def test_a_drain_that_never_empties_ends_with_the_calendars(engine):
    """Nobody comes after 10: what waits is unfinished, and the run covers all of [0, 50)."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": [(0, 1), (10, 0)]}, items=[0, 11], end=50, drain=True)
    records = engine(plan)
    assert history(plan, records)[-1] == "1 inside"
    assert records.ended_ms == 50


def test_without_drain_the_run_goes_on_to_the_horizon(engine):
    """Everybody has left by 5, but the hours until 50 belong to the run."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": 1}, items=[0], end=50)
    assert engine(plan).ended_ms == 50


def test_a_drain_and_a_horizon_write_the_same_rows(engine):
    """How the run ends does not change what happened before."""
    plan = a_plan(work("pack", "packers", [5, 9]), meet("meet"), teams={"packers": 1}, items=[0, 7], end=50)
    one, other = tables(engine(plan)), tables(engine(dataclasses.replace(plan, drain=True)))
    assert one.pop("ended_ms") == 50
    assert other.pop("ended_ms") == 17
    for name, column in one.items():
        np.testing.assert_array_equal(column, other[name])


@pytest.mark.parametrize("end", [1, 7, 99, 100, 101, 250])
def test_a_run_of_any_length_covers_all_of_it(engine, end):
    """Arrivals at every millisecond of the run are served at once, whatever the length is divided into."""
    plan = a_plan(wait("haul", 1), items=range(end), end=end)
    visits = engine(plan).visits
    assert visits.joined.tolist() == list(range(end))
    assert visits.ended.tolist() == [*range(1, end), -1]


def test_times_are_whole_milliseconds_in_64_bits(engine):
    """No column is a float, and none that holds a time is narrower."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": 1}, items=[0])
    columns = tables(engine(plan))
    times = ("joined", "started", "ended", "begin", "end", "left")
    assert {column.dtype.kind for column in columns.values()} == {"i"}
    assert {str(column.dtype) for name, column in columns.items() if name.endswith(times)} == {"int64"}


def test_times_beyond_what_32_bits_hold_are_exact(engine):
    """24.8 days are 2,147,483,647 ms; a parcel that arrives after 40 days and one more that waits 30."""
    day = 86_400_000
    plan = a_plan(wait("haul", [1, 30 * day]), items=[40 * day, 40 * day + 1], end=100 * day)
    assert engine(plan).visits.ended.tolist() == [40 * day + 1, 70 * day + 1]
