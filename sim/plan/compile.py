"""From a Scenario, a seed and a replication to a Plan: the only place where random numbers are drawn."""

from __future__ import annotations

import os
from collections import Counter

import numpy as np

from sim.plan.backlog import snapshot_rows
from sim.plan.demand import expected_items
from sim.plan.items import items_of
from sim.plan.names import Names
from sim.plan.plan import FAILED, FOLLOW, NO_STOCK, NONE, PPM, SELECTED, STEP, Items, Plan, StepName, StepRow, Table
from sim.plan.pool import Crowd, Pool, Where, crowd_of_forms, crowds_of
from sim.plan.programme import Programme, programme_of
from sim.plan.routes import DOCUMENTS, FORMS, release_forms_of, routes_of
from sim.plan.steps import Branch, DrawnTime, Gate, Kind, Leave, Meet, Put, Reserve, Step, Take, Wait, Work
from sim.plan.stocking import Stocking
from sim.plan.tables import (
    Rates,
    calendar_table,
    departure_table,
    gate_table,
    helpers_of,
    highest_ppm,
    midnight_table,
    staff_table,
    team_table,
)
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile
from sim.world.scenario import Scenario
from sim.world.stages import Customs

KINDS = {
    Work: Kind.WORK, Wait: Kind.WAIT, Gate: Kind.GATE, Branch: Kind.BRANCH, Meet: Kind.MEET, Leave: Kind.LEAVE,
    Reserve: Kind.RESERVE, Put: Kind.PUT, Take: Kind.TAKE,
}  # fmt: skip
HOURS = {Gate: "batch", Meet: "documents", Reserve: "stock"}
BYTES_PER_ITEM, BYTES_PER_VISIT = 150, 50
"""Rounded up from what runs took at their peak: about as much as the month of 11.11, a quarter more than a year."""
SHARE_OF_MEMORY = 0.8


def compile_plan(scenario: Scenario, seed: int = 1, replication: int = 0) -> Plan:
    """Turn a scenario into the Plan of one replication.

    Parameters
    ----------
    scenario
        The checked world.
    seed, replication
        Where the random numbers are; the same pair gives the same Plan on every machine.

    Raises
    ------
    ScenarioError
        For a volume that would not fit in memory, a demand without orders, a loop without end,
        or a drawn time of 49 days or more.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line")).scenario)
    >>> [name.key for name in plan.step_names]
    ['counter.work', 'leave.delivered']

    """
    routes = routes_of(scenario)
    programme = programme_of(routes)
    _refuse_too_large(scenario, programme)
    stocking = Stocking(scenario, seed, replication)
    crowds = crowds_of(scenario, seed, replication, stocking)
    names = Names.of(scenario, programme)
    end_ms = scenario.clock.end_ms
    departures = departure_table(scenario, names, end_ms)
    crowds.update({key + FORMS: _forms(key, names, departures) for key in release_forms_of(scenario)})
    items = items_of(scenario, crowds, routes, programme, names)
    pool = Pool(scenario, seed, replication, crowds, _most_draws(programme, crowds))
    rates = Rates()
    steps = step_table(programme, names, pool, rates)
    slots = int(max(steps["visit_slot"].max(initial=-1), steps["taken_slot"].max(initial=-1))) + 1
    follows = _follow_table(scenario, programme, steps)
    return Plan(
        scenario=scenario,
        seed=seed,
        replication=replication,
        end_ms=end_ms,
        drain=scenario.clock.end == "drain",
        items=items,
        steps=_frozen(steps),
        teams=_frozen(team_table(scenario)),
        staff=_frozen(staff_table(scenario, seed, replication, end_ms)),
        helpers=helpers_of(scenario),
        gates=_frozen(gate_table(scenario, names)),
        departures=_frozen(_with_forms(departures, items, names)),
        rates=_frozen(rates.table(end_ms)),
        calendars=_frozen(calendar_table(scenario, end_ms)),
        draws=_frozen(pool.joined()),
        slots=slots,
        step_names=tuple(_step_name(flow, step) for flow, step in programme.steps),
        flow_keys=names.flows,
        team_keys=names.teams,
        class_keys=names.classes,
        gate_keys=names.gates,
        stock=stocking.table(items, names.flows) if scenario.stock is not None else NO_STOCK,
        follows=_frozen(follows),
        midnights=_frozen(midnight_table(scenario, follows, end_ms)),
    )


def _forms(stage: str, names: Names, departures: Table) -> Crowd:
    """One release form for each moment at which trucks of a stage depart."""
    gate = names.gates.index(f"{stage}.trucks")
    return crowd_of_forms(stage + FORMS, np.unique(departures["at"][departures["gate"] == gate]))


def _with_forms(departures: Table, items: Items, names: Names) -> Table:
    """Each departure with the item number of its release form."""
    for gate, key in enumerate(names.gates):
        form_flow = key.removesuffix(".trucks") + FORMS
        if form_flow in names.flows:
            forms = np.flatnonzero(items.flow == names.flows.index(form_flow))
            own = departures["gate"] == gate
            departures["form"][own] = forms[np.searchsorted(items.arrived[forms], departures["at"][own])]
    return departures


def _follow_table(scenario: Scenario, programme: Programme, steps: Table) -> Table:
    """The rates that follow a record, one for each flow's branch that selects; its steps are told which it is."""
    rows: list[tuple[int, ...]] = []
    for number, (flow, step) in enumerate(programme.steps):
        if isinstance(step, Branch) and step.counts_as == "selected":
            stage = scenario.stages[step.stage]
            assert isinstance(stage, Customs)
            assert stage.follows_record is not None
            record = stage.follows_record
            shares = (round(share * PPM) for share in (stage.usual_failures, record.floor, record.cap))
            for other, (other_flow, counted) in enumerate(programme.steps):
                counts_as = getattr(counted, "counts_as", None)
                if other_flow == flow and counted.stage == step.stage and counts_as is not None:
                    steps["follow"][other] = len(rows)
                    steps["counts_as"][other] = SELECTED if counts_as == "selected" else FAILED
            rows.append((int(steps["rate"][number]), record.days, *shares, record.at_least))
    return np.array(rows, dtype=FOLLOW)


def compile_file(file: ScenarioFile, seed: int = 1, replication: int = 0) -> Plan:
    """The Plan of a scenario that was read from a file: what is wrong with it is named with file and line.

    Raises ScenarioError as ``compile_plan`` does.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> compile_file(load(shipped("teaching_line"))).team_keys
    ('clerks',)
    """
    try:
        return compile_plan(file.scenario, seed, replication)
    except ScenarioError as error:
        raise file.placed(error) from None


def _frozen(table: Table) -> Table:
    table.flags.writeable = False
    return table


def _step_name(flow: str, step: Step) -> StepName:
    hours = step.hours if isinstance(step, Wait) else HOURS.get(type(step), "working")
    return StepName(flow, step.stage, step.key, step.words, hours)


def _refuse_too_large(scenario: Scenario, programme: Programme) -> None:
    """Estimate the memory of draws and records before anything is drawn."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for key, flow in scenario.flows.items():
        rows = snapshot_rows(scenario, key)
        waiting = sum(scenario.start.get(key, {}).values()) + (0 if rows is None else len(rows))
        items = expected_items(flow, scenario.clock) + waiting
        needed = items * sum(_bytes_per_item(programme, owner) for owner in (key, key + DOCUMENTS))
        if needed > SHARE_OF_MEMORY * machine:
            raise ScenarioError(
                f"flows.{key}: about {items:,.0f} items would need about {needed / 1e9:,.0f} GB of memory;"
                f" this machine has {machine / 1e9:,.0f} GB. Shorten clock.length or lower the arrivals"
            )


def _bytes_per_item(programme: Programme, flow: str) -> float:
    """About what a run and its measures take for an item of a flow: its numbers, its state, the visits of its main way."""
    own = [number for number, (owner, _) in enumerate(programme.steps) if owner == flow]
    if not own:
        return 0.0
    may_come_again = min(sum(highest for _, highest in _limited(programme, flow)) / PPM, 1.0)
    draws = sum(1 + may_come_again * (programme.visits[number] - 1) for number in own)
    visits, here = 0, own[0]
    way: set[int] = set()
    while here >= 0 and here not in way:
        way.add(here)
        visits += isinstance(programme.steps[here][1], (Work, Wait, Gate, Meet, Reserve))
        here = programme.follows[here]
    return 4 * draws + BYTES_PER_ITEM + BYTES_PER_VISIT * visits


def _most_draws(programme: Programme, crowds: dict[str, Crowd]) -> int:
    """Numbers drawn at most: one for each item and attempt at a step, two where there is a patience, and an item's rank."""
    rows = (
        (visits, flow, 2 if getattr(step, "patience", None) is not None else 1)
        for (flow, step), visits in zip(programme.steps, programme.visits, strict=True)
        if isinstance(step, (Work, Wait, Branch, Reserve))
    )
    count = {flow: crowds[flow.removesuffix(DOCUMENTS)].count for flow, _ in programme.steps}
    return sum(count.values()) + sum(1 + visits * count[flow] * draws for visits, flow, draws in rows)


def step_table(programme: Programme, names: Names, pool: Pool, rates: Rates) -> Table:
    """One row for each step."""
    steps = np.full((len(programme.steps), len(StepRow._fields)), NONE, dtype=np.int64).view(STEP)[:, 0]
    slots = Counter[str]()  # of each flow, since an item makes only the steps of its own
    _who_may_come_again(programme, pool)
    for number, (flow, step) in enumerate(programme.steps):
        row, visits = steps[number], programme.visits[number]
        row["kind"], row["next"] = KINDS[type(step)], programme.follows[number]
        row["ranks"] = pool.ranks.get(flow, NONE)
        if visits > 1 and isinstance(step, (Work, Wait, Gate, Branch, Meet, Reserve)):
            row["visit_slot"] = slots[flow]
            slots[flow] += 1
        match step:
            case Work():
                _fill_work(row, flow, step, programme, names, pool, visits)
            case Wait():
                row["calendar"] = NONE if step.calendar is None else names.calendars.index(step.calendar)
                _fill_draw(row, "draw", pool.times(flow, step.key, step.time, visits))
            case Gate():
                row["gate"] = names.gates.index(step.gate)
            case Branch():
                row["target"], row["exhausted"] = programme.at(flow, step.to), programme.at(flow, step.exhausted)
                row["rate"], row["rate_by_class"] = rates.add(step.chance, names.classes)
                _fill_draw(row, "draw", pool.numbers(flow, step.chance.purpose, visits))
                if step.at_most is not None:
                    row["at_most"], row["taken_slot"] = step.at_most, slots[flow]
                    slots[flow] += 1
            case Meet():
                row["mark"] = NONE if step.mark is None else step.mark
                row["target"] = programme.at(flow, step.lost)
            case Reserve():
                _fill_patience(row, flow, step, programme, pool, visits)
            case Leave():
                row["outcome"] = step.outcome
    bringing = {flow for flow, step in programme.steps if isinstance(step, Put)}
    steps["brings"] = [1 if flow in bringing else NONE for flow, _ in programme.steps]
    return steps


def _fill_work(row: Table, flow: str, step: Work, programme: Programme, names: Names, pool: Pool, visits: int) -> None:
    row["team"], row["crew"] = names.teams.index(step.team), step.crew
    _fill_draw(row, "draw", pool.times(flow, step.key, step.time, visits))
    _fill_patience(row, flow, step, programme, pool, visits)


def _fill_patience(row: Table, flow: str, step: Work | Reserve, programme: Programme, pool: Pool, visits: int) -> None:
    if step.patience is not None:
        row["target"] = programme.at(flow, step.lost)
        key = f"{step.key}.patience"
        _fill_draw(row, "patience", pool.times(flow, key, DrawnTime(((key, step.patience, "order"),)), visits))


def _fill_draw(row: Table, name: str, where: Where) -> None:
    row[name] = where.first
    for column in ("per_item", "again", "per_attempt"):
        row[f"{name}_{column}"] = getattr(where, column)


def _who_may_come_again(programme: Programme, pool: Pool) -> None:
    """Tell the pool, for each flow with a way back, whose later attempts have to be drawn.

    Each way back passes through a branch that may be taken only so often. The first such branch that an item takes it takes
    at its first attempt there: nobody comes again whose first numbers are at or above the highest share of all of them.
    """
    for flow in {flow: None for (flow, _), visits in zip(programme.steps, programme.visits, strict=True) if visits > 1}:
        pool.may_come_again(flow, _limited(programme, flow))


def _limited(programme: Programme, flow: str) -> list[tuple[str, int]]:
    """The branches of a flow that may be taken only so often: purpose, and the highest share ever in force (ppm)."""
    own = [step for owner, step in programme.steps if owner == flow]
    limited = [step for step in own if isinstance(step, Branch) and step.at_most is not None]
    # Where the share follows a record, any may come to be in force.
    return [(one.chance.purpose, PPM if one.counts_as == "selected" else highest_ppm(one.chance)) for one in limited]
