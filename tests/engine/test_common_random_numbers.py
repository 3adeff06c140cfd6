"""Every draw has an address: a change somewhere in a scenario moves no number elsewhere."""

from __future__ import annotations

import numpy as np

from sim.engine.engines import run
from sim.plan.compile import compile_plan
from sim.plan.plan import NONE, PPM
from sim.plan.steps import Kind
from tests.engine.histories import assert_same, history
from tests.engine.worlds import EVERYTHING, changed, world

TIMED = (Kind.WORK, Kind.WAIT, Kind.BRANCH)


def drawn(plan, flow, key):
    """The numbers of a step for all items of its flow: of the first attempt, and of the second for who may make it."""
    step = plan.steps[plan.step_number[flow, key]]
    items = np.arange((plan.items.flow == plan.flow_keys.index(flow)).sum())
    first = plan.draws[step["draw"] + items * step["draw_per_item"]].tolist()
    if step["visit_slot"] == NONE or step["draw_per_item"] == 0:
        return first, {}
    ranks = plan.draws[step["ranks"] + items].astype(int)
    again = items[ranks > 0]
    return first, dict(zip(again.tolist(), plan.draws[step["draw_again"] + ranks[again] - 1].tolist(), strict=True))


def same_numbers(one, other):
    """Whether all have the same numbers; who may come again may differ, but whoever may in both has the same there, too."""
    (first, again), (same, known) = one, other
    return first == same and all(number == known.get(item, number) for item, number in again.items())


def demand(plan, flow):
    """What arrives in a flow, in the order of index."""
    own = np.flatnonzero(plan.items.flow == plan.flow_keys.index(flow))
    own = own[np.argsort(plan.items.index[own])]
    columns = ("arrived", "goods_class", "lines", "units", "value", "backlog")
    return {column: getattr(plan.items, column)[own].tolist() for column in columns}


def assert_same_draws(one, other, flows=None):
    """Every step that both have in these flows draws the same numbers, for the same demand."""
    compared = 0
    for name in one.step_names:
        there = (name.flow, name.key) in other.step_number and name.flow in (flows or one.flow_keys)
        if there and one.steps[one.step_number[name.flow, name.key]]["kind"] in TIMED:
            assert same_numbers(drawn(one, name.flow, name.key), drawn(other, name.flow, name.key)), name.key
            compared += 1
    for flow in flows or one.flow_keys:
        assert demand(one, flow) == demand(other, flow)
    assert compared > 0


def test_a_further_stage_moves_no_draw():
    """A sorting stage in the middle of the orders' route."""

    def add(raw):
        raw["stages"]["sorting"] = {
            "team": "sorters",
            "work": {"exponential": "30 s"},
            "rework": {"share": "5 %", "to": "sorting"},
        }
        raw["teams"]["sorters"] = {"staff": "1"}
        raw["flows"]["orders"]["route"].insert(1, "sorting")

    assert_same_draws(compile_plan(world()), compile_plan(changed(add)))


def test_a_stage_left_out_moves_no_draw():
    """Without packing; what the orders then have in common is all the rest."""

    def remove(raw):
        raw["flows"]["orders"]["route"].remove("packing")
        raw["start"]["orders"] = {"picking": "12", "delivery": "5"}

    one, other = compile_plan(world()), compile_plan(changed(remove))
    assert_same_draws(one, other, ["bulk"])
    for key in ("picking.pick", "picking.mispick", "customs.select", "customs.opening", "delivery.line_haul"):
        assert same_numbers(drawn(one, "orders", key), drawn(other, "orders", key))


def test_the_order_of_a_file_moves_no_draw():
    """All mappings of flows, stages, teams and classes turned round."""

    def turn(raw):
        for part in ("flows", "stages", "teams"):
            raw[part] = dict(reversed(raw[part].items()))

    assert_same_draws(compile_plan(world()), compile_plan(changed(turn)))


def test_the_order_of_stages_and_teams_in_a_file_changes_no_history():
    """The route says what comes after what, not the place in the file."""

    def turn(raw):
        for part in ("stages", "teams"):
            raw[part] = dict(reversed(raw[part].items()))

    one, other = compile_plan(world()), compile_plan(changed(turn))
    assert history(one, run(one)) == history(other, run(other))


def test_labels_change_nothing():
    """Another label for a stage, a team and a flow."""

    def label(raw):
        raw["stages"]["packing"]["label"] = "Verpackung"
        raw["teams"]["packers"]["label"] = "Team Blau"
        raw["flows"]["orders"]["label"] = "Bestellungen"

    assert_same(run(compile_plan(changed(label))), run(compile_plan(world())))


def test_a_further_flow_moves_no_draw_of_the_others():
    """Samples that share the packers; they come first in the file and have a backlog of their own."""

    def add(raw):
        samples = {"arrivals": {"gaps": {"exponential": "1 h"}}, "route": ["packing"]}
        raw["flows"] = {"samples": samples, **raw["flows"]}
        raw["start"]["samples"] = {"packing": "3"}

    one = compile_plan(world())
    assert_same_draws(one, compile_plan(changed(add)), one.flow_keys)


def test_more_staff_and_other_hours_move_no_draw():
    """Staff is not chance; and absence of one team has nothing to do with another's."""
    settings = ("teams.packers.shifts.day.staff=5", "teams.officers.shifts.late.to=23:00", "teams.tally.absence=20 %")
    assert_same_draws(compile_plan(world()), compile_plan(world(EVERYTHING, *settings)))


def test_a_higher_selection_rate_opens_a_superset_of_the_parcels():
    """Whoever is opened at 10 % is opened at 11 %, and whoever at 11 % is at 30 %."""
    opened = []
    for rate in (10, 11, 30):

        def select(raw, rate=rate):
            del raw["stages"]["customs"]["rate_changes"]
            raw["stages"]["customs"]["selection_rate"] = f"{rate} %"

        plan = compile_plan(changed(select))
        visits = run(plan).visits
        at_opening = visits.step == plan.step_number["orders", "customs.opening"]
        opened.append(set(plan.items.index[visits.item[at_opening]].tolist()))
    assert opened[0] < opened[1] < opened[2]


def test_the_share_selected_is_the_rate():
    """Of the orders' numbers about 10 % lie below the rate: within 4 standard errors of a binomial share."""
    plan = compile_plan(world(EVERYTHING, "clock.length=20 d"))
    numbers = np.array(drawn(plan, "orders", "customs.select")[0])
    error = (0.1 * 0.9 / len(numbers)) ** 0.5
    assert abs((numbers < 0.1 * PPM).mean() - 0.1) < 4 * error


def test_a_longer_run_begins_with_the_shorter_one():
    """The orders of the first two days are the same orders when the run takes a week."""
    one, other = compile_plan(world()), compile_plan(world(EVERYTHING, "clock.length=7 d"))
    short, long = demand(one, "orders"), demand(other, "orders")
    new = len(short["arrived"]) - sum(short["backlog"])
    assert {column: values[:new] for column, values in long.items()} == {c: values[:new] for c, values in short.items()}
    assert drawn(one, "orders", "packing.pack")[0][:new] == drawn(other, "orders", "packing.pack")[0][:new]


def test_two_flows_of_one_demand_have_the_same_orders():
    """A comparison of two routes for the same orders: same arrivals, same sizes, same luck at the stages they share."""

    def twin(raw):
        raw["flows"]["twin"] = {**raw["flows"]["orders"], "demand": "orders", "route": ["packing", "delivery"]}
        del raw["start"]

    plan = compile_plan(changed(twin))
    assert demand(plan, "twin") == demand(plan, "orders")
    for key in ("packing.pack", "delivery.line_haul", "delivery.attempted"):
        assert same_numbers(drawn(plan, "twin", key), drawn(plan, "orders", key))


def test_different_purposes_are_independent():
    """Luck at one stage says nothing of luck at another: rank correlation within 4 standard errors of none."""
    plan = compile_plan(world(EVERYTHING, "clock.length=20 d"))
    keys = ("packing.pack", "customs.select", "customs.opening", "delivery.line_haul", "picking.mispick")
    rows = [np.argsort(np.argsort(drawn(plan, "orders", key)[0])) for key in keys]
    others = np.corrcoef(rows)[np.triu_indices(len(rows), 1)]
    assert np.abs(others).max() < 4 / len(rows[0]) ** 0.5
    second = drawn(plan, "orders", "picking.mispick")[1]
    of_those = np.corrcoef([list(second.values()), *(row[list(second)] for row in rows[:-1])])[0, 1:]
    assert len(second) > 100
    assert np.abs(of_those).max() < 4 / len(second) ** 0.5
