"""The moving picture against plain loops over the rows of the records, and the choice of parcels to follow."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.journeys import QUANTILES, chosen
from sim.analysis.moving import DONE, LOST, MOST_STEPS, OUTSIDE, STOCKED, Grid, Moving, moving
from sim.analysis.run import Run
from sim.engine import engines
from sim.engine.records import NEVER
from sim.plan.compile import compile_file, compile_plan
from sim.plan.steps import Kind, Outcome
from sim.world.files import load
from sim.world.shipped import shipped
from tests.analysis.test_measures_by_loop import FEWER, SLOW, WORLDS, of

HELD = (Kind.WORK, Kind.WAIT, Kind.GATE, Kind.MEET, Kind.RESERVE)
SOME = (
    "to the horizon", "until the last has left", "with X-ray and couriers", "picking waits for the documents",
    "rework and rejects", "all of these at once",
)  # fmt: skip


@pytest.fixture(scope="module", params=SOME)
def ran(request: pytest.FixtureRequest) -> tuple[Run, Moving]:
    """A small run with everything on, and its picture."""
    plan = compile_plan(of(FEWER, SLOW, *WORLDS[request.param]))
    found = Run(plan, engines.run(plan))
    return found, moving(found)


@pytest.fixture(scope="module")
def small_site() -> tuple[Run, Moving]:
    """The shipped six stages, six days of them."""
    plan = compile_file(
        load(shipped("six_stages"), ["clock.length=12 d", "clock.warm_up=3 d", "clock.measure=4 d"]), 1, 0
    )
    found = Run(plan, engines.run(plan))
    return found, moving(found)


def place(run: Run, step: int) -> tuple[str, str] | None:
    """Stage of a step and what runs beside it, by its names alone."""
    name, kind = run.plan.step_names[step], Kind(int(run.plan.steps["kind"][step]))
    beside = name.flow.partition(".")[2]
    return None if kind not in HELD or (beside and kind == Kind.MEET) else (name.stage, beside)


def looked_at(picture: Moving) -> list[int]:
    """Some moments of a picture, the first and the last among them."""
    return sorted({0, picture.steps - 1, *range(7, picture.steps, max(1, picture.steps // 9))})


def test_every_number_of_a_station_equals_a_loop_over_the_rows(ran: tuple[Run, Moving]) -> None:
    """At several moments: who is in which lane, who is worked on, and how many people of each team are at work."""
    run, picture = ran
    visits, spells, plan = run.records.visits, run.records.spells, run.plan
    paused = {(spells.item[row], spells.step[row], spells.attempt[row]) for row in range(len(spells))}
    for moment in looked_at(picture):
        t = moment * picture.step_ms
        inside: Counter[object] = Counter()
        people: Counter[object] = Counter()
        for row in range(len(visits)):
            step, where = int(visits.step[row]), place(run, int(visits.step[row]))
            if where is None or not visits.joined[row] <= t or NEVER != visits.ended[row] <= t:
                continue
            whole = (visits.item[row], step, visits.attempt[row]) not in paused
            part = plan.step_names[step].hours
            if part == "working" and whole and NEVER != visits.started[row] <= t:
                inside[where, "at work"] += 1
                people[where, plan.team_keys[visits.team[row]]] += int(plan.steps["crew"][step])
            else:
                inside[where, "queueing" if part == "working" else part] += 1
        for row in range(len(spells)):
            if spells.begin[row] <= t and (spells.end[row] == NEVER or t < spells.end[row]):
                where = place(run, int(spells.step[row]))
                inside[where, "queueing"] -= 1  # counted above as one who waits
                inside[where, "at work"] += 1
                people[where, plan.team_keys[spells.team[row]]] += int(plan.steps["crew"][spells.step[row]])
        found: dict[object, int] = {}
        busy: dict[object, int] = {}
        for station in picture.stations:
            beside = {"documents": "documents", "forms": "forms"}.get(station.carries, "")
            where = (station.stage, beside)
            found |= {(where, lane.part): int(lane.items[moment]) for lane in station.lanes}
            found[where, "at work"] = int(station.at_work[moment])
            busy |= {(where, crew.team): int(crew.busy[moment]) for crew in station.crews}
        assert {key: n for key, n in found.items() if n} == {key: n for key, n in inside.items() if n}
        assert {key: n for key, n in busy.items() if n} == {key: n for key, n in people.items() if n}


def test_who_came_and_has_not_gone_is_inside(ran: tuple[Run, Moving]) -> None:
    """At every moment, at every station; nobody is there a negative number of times."""
    _, picture = ran
    for station in picture.stations:
        assert (station.came - station.went == station.inside).all()
        assert all((lane.items >= 0).all() for lane in station.lanes)


def test_moves_equal_a_loop_over_the_lives(ran: tuple[Run, Moving]) -> None:
    """Up to the last moment: who went from where to where, told item by item."""
    run, picture = ran
    visits, left = run.records.visits, run.records.items
    last = (picture.steps - 1) * picture.step_ms
    names = [(one.stage, {"documents": "documents", "forms": "forms"}.get(one.carries, "")) for one in picture.stations]
    counted: Counter[tuple[int, int]] = Counter()
    for row in range(len(visits)):
        here = place(run, int(visits.step[row]))
        at = OUTSIDE if here is None else names.index(here)
        first = row == 0 or visits.item[row - 1] != visits.item[row]
        if first and at != OUTSIDE and visits.joined[row] <= last:
            counted[OUTSIDE, at] += 1
        if visits.ended[row] == NEVER or visits.ended[row] > last:
            continue
        ends = row + 1 == len(visits) or visits.item[row + 1] != visits.item[row]
        if ends and at != OUTSIDE:
            outcome = Outcome(int(left.outcome[visits.item[row]]))
            kept = outcome in (Outcome.DELIVERED, Outcome.ACCEPTED)
            counted[at, DONE if kept else STOCKED if outcome == Outcome.STOCKED else LOST] += 1
        elif not ends:
            there = place(run, int(visits.step[row + 1]))
            to = DONE if there is None else names.index(there)
            if at != to and not (at == OUTSIDE and there is None):
                counted[at, to] += 1
    assert {(move.origin, move.target): int(move.so_far[-1]) for move in picture.moves if move.so_far[-1]} == counted


def test_these_runs_show_what_the_loops_are_for() -> None:
    """A comparison of nothing with nothing would pass: pauses, crews, lost orders, stock and documents occur."""
    plan = compile_plan(of(FEWER, SLOW, *WORLDS["all of these at once"]))
    found = Run(plan, engines.run(plan))
    picture = moving(found)
    assert len(found.records.spells) > 0
    assert plan.steps["crew"].max() > 1
    assert {station.carries for station in picture.stations} >= {"documents", "forms", "orders"}
    assert {move.target for move in picture.moves} >= {DONE, STOCKED, LOST}
    assert picture.stock is not None
    assert picture.stock.short.max() > 0


@given(st.lists(st.integers(-1, 500), max_size=30), st.integers(1, 60), st.integers(1, 12))
def test_what_happened_so_far_is_counted_at_each_moment(at: list[int], step_ms: int, steps: int) -> None:
    """A moment counts what happened at it and before; -1 never happened."""
    counted = Grid(step_ms, steps).so_far(np.array(at, dtype=np.int64))
    assert counted.tolist() == [sum(0 <= one <= k * step_ms for one in at) for k in range(steps)]


@given(st.integers(1, 400 * 86_400_000))
def test_a_grid_covers_the_run_with_a_bounded_number_of_moments(ended_ms: int) -> None:
    """The last moment lies within the run, the next would not; 9,000 moments at most, however long the run."""
    grid = Grid.over(ended_ms)
    assert (grid.steps - 1) * grid.step_ms < ended_ms <= grid.steps * grid.step_ms
    assert grid.steps <= MOST_STEPS


def test_stations_stand_in_the_order_of_the_scenario(small_site: tuple[Run, Moving]) -> None:
    """Six stages; a month would have a moment each five minutes, these twelve days have one each two."""
    _, picture = small_site
    assert [station.stage for station in picture.stations] == [
        "inspection", "tally", "picking", "packing", "customs", "delivery",
    ]  # fmt: skip
    assert picture.step_ms == 2 * 60_000
    assert picture.from_step * picture.step_ms == 3 * 24 * 3_600_000
    assert Grid.over(28 * 24 * 3_600_000).step_ms == 5 * 60_000


def test_the_parcels_to_follow_are_quick_usual_and_late_ones(small_site: tuple[Run, Moving]) -> None:
    """Each quantile's parcel took exactly that quantile of all delivery times."""
    run, picture = small_site
    orders = run.orders
    took = np.sort((orders.delivered - orders.placed)[orders.delivered != NEVER])
    by_share = {one.chosen.share: one for one in picture.followed if one.chosen.why == "quantile"}
    for share in QUANTILES:
        journey = by_share[share]
        assert journey.left - journey.placed == np.quantile(took, share, method="inverted_cdf")


def test_rare_stops_and_lost_parcels_are_among_them(small_site: tuple[Run, Moving]) -> None:
    """One that was opened by customs, one that was lost, and every stop of each is in the records."""
    run, picture = small_site
    visits = run.records.visits
    assert {"opening", "physical inspection"} <= {one.chosen.step for one in picture.followed}
    assert any(
        one.chosen.why == "lost" and one.outcome not in (Outcome.NONE, Outcome.DELIVERED) for one in picture.followed
    )
    assert len(picture.followed) <= 25
    for journey in picture.followed:
        if journey.chosen.why == "step":
            assert journey.chosen.step in {run.plan.step_names[leg.step].words for leg in journey.legs}
        item = np.flatnonzero(run.plan.items.index == journey.chosen.address.number)[0]
        rows = np.flatnonzero(visits.item == item)
        assert [(leg.step, leg.joined, leg.ended) for leg in journey.legs] == list(
            zip(visits.step[rows], visits.joined[rows], visits.ended[rows], strict=True)
        )


def test_the_same_parcels_are_followed_in_another_scenario(small_site: tuple[Run, Moving]) -> None:
    """With another picker the same orders are placed at the same moments, and some of them arrive at others."""
    run, picture = small_site
    settings = ["clock.length=12 d", "clock.warm_up=3 d", "clock.measure=4 d", "teams.pickers.shifts.day.staff=2"]
    other = compile_file(load(shipped("six_stages"), settings), 1, 0)
    again = moving(Run(other, engines.run(other)), chosen(run))
    assert [one.chosen.address for one in again.followed] == [one.chosen.address for one in picture.followed]
    assert [one.placed for one in again.followed] == [one.placed for one in picture.followed]
    assert [one.left for one in again.followed] != [one.left for one in picture.followed]
