"""The six stages, each as an arrangement of steps: a new rule of the trade is a new arrangement here.

Where a share is zero its branch is left out; that moves no random number, since draws are addressed by purpose
and not by position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from sim.plan.disruptions import transport_calendar
from sim.plan.pieces import Worker, a_branch, a_wait, always, drawn, end_key, exit_key
from sim.plan.steps import Branch, Chance, CountsAs, Gate, Meet, Outcome, Step, Wait
from sim.world.scenario import Flow, Scenario, first_stage_of
from sim.world.stages import AnyStage, Customs, Delivery, Flight, Inspection, Packing, Picking, Service, Tally

Parts = tuple[list[Step], list[Step]]
"""Steps of a stage on the main way, and beside it."""


def stage_steps(scenario: Scenario, flow: str, key: str, stage: AnyStage) -> Parts:
    """The steps of a stage on the main way of a flow, and beside it."""
    work = Worker(scenario.flows[flow], key, stage)
    match stage:
        case Service():
            return [work("work", stage, "work")], []
        case Inspection():
            return _inspection(work, key, stage)
        case Tally():
            return _tally(work, scenario.flows[flow], key, stage)
        case Picking():
            return _picking(work, key, stage), []
        case Packing():
            return [_packing(work, scenario.flows[flow], stage)], []
        case Flight():
            return _flight(work, key, stage, transport_calendar(scenario, key)), []
        case Customs():
            return _customs(work, key, stage, scenario)
        case Delivery():
            return _delivery(work, scenario, flow, key, stage)
    assert_never(stage)


def _inspection(work: Worker, key: str, stage: Inspection) -> Parts:
    """Read every declaration; open a share; correct what is wrong and check it again."""
    correction, at_most = f"{key}.correction", stage.correction.at_most
    main: list[Step] = [work("documents", stage.documents, "document check")]
    beside: list[Step] = []
    if stage.accuracy < 1:
        main.append(a_branch(key, "accuracy", 1 - stage.accuracy, correction, "is the declaration wrong", at_most))
    physical = stage.physical
    if physical is not None and physical.share > 0:
        main.append(a_branch(key, "select", physical.share, f"{key}.physical", "is it physically inspected"))
        beside.append(
            work("physical", physical, "physical inspection", then=None if physical.discrepancy else end_key(key))
        )
        if physical.discrepancy > 0:
            found = a_branch(
                key, "discrepancy", physical.discrepancy, correction, "is a discrepancy found", at_most, end_key(key)
            )
            beside.append(found)
    if any(getattr(step, "to", None) == correction for step in (*main, *beside)):
        wait = stage.correction
        beside.append(
            Wait(
                key=correction,
                stage=key,
                words="the declaration is corrected",
                then=main[0].key,
                hours="hold",
                time=drawn(correction, wait.wait),
                calendar=wait.calendar,
            )
        )
    return main, beside


def _tally(work: Worker, flow: Flow, key: str, stage: Tally) -> Parts:
    """Count, label, put away; a share of lots is held for the laboratory, and some of those are destroyed."""
    tasks = (
        ("count", stage.count, "tally"),
        ("label_units", stage.label_units, "labelling"),
        ("put_away", stage.put_away, "put-away"),
    )
    main: list[Step] = [work(name, task, words) for name, task, words in tasks if task is not None]
    laboratory = stage.laboratory
    if laboratory is None or laboratory.share == 0:
        return main, []
    held = {name: 0.0 if name in laboratory.release_before_result else laboratory.share for name in flow.classes}
    select = Branch(
        key=f"{key}.sample",
        stage=key,
        words="does the laboratory take a sample",
        to=f"{key}.laboratory",
        chance=Chance(f"{key}.sample", by_class=tuple(held.items())),
    )
    hold = Wait(
        key=f"{key}.laboratory",
        stage=key,
        words="held for the laboratory",
        then=None if laboratory.fails else end_key(key),
        hours="hold",
        time=drawn(f"{key}.laboratory", laboratory.wait),
        calendar=laboratory.calendar,
    )
    fails = a_branch(
        key, "fails", laboratory.fails, exit_key(Outcome.DESTROYED), "does the sample fail", then=end_key(key)
    )
    return [*main, select], [hold, *([fails] if laboratory.fails else [])]


def _picking(work: Worker, key: str, stage: Picking) -> list[Step]:
    """Pick, check, and pick again what the check found wrong."""
    steps: list[Step] = [work("pick", stage.pick, "picking")]
    if stage.check is not None:
        steps.append(work("check", stage.check, "second check"))
        if stage.mispick > 0:
            steps.append(a_branch(key, "mispick", stage.mispick, f"{key}.pick", "is it a mispick", stage.at_most))
    return steps


def _packing(work: Worker, flow: Flow, stage: Packing) -> Step:
    """Protection takes longer, on top of what the class itself does to the work."""
    protection = stage.protection
    named = () if protection is None else protection.classes
    factor = 1.0 if protection is None else protection.work_factor
    factors = {name: factor * work.factors.get(name, 1.0) for name in named if name in flow.classes}
    return work("pack", stage, "packing", factors=factors)


def _flight(work: Worker, key: str, stage: Flight, calendar: str | None) -> list[Step]:
    """Packed abroad, held for a flight with room, flown, brought to the site, broken down, tallied."""
    steps: list[Step] = []
    if stage.packed_abroad is not None:
        steps.append(a_wait(key, "packed_abroad", stage.packed_abroad, "packed abroad"))
    steps.append(Gate(key=f"{key}.flights", stage=key, words="wait for the flight", gate=f"{key}.flights"))
    steps.append(a_wait(key, "air", stage.air, "in the air", calendar=calendar))
    if stage.transfer is not None:
        steps.append(a_wait(key, "transfer", stage.transfer, "under seal to the site", calendar=calendar))
    tasks = (("break_down", stage.break_down, "break-down"), ("tally", stage.tally, "parcel tally"))
    return steps + [work(name, task, words) for name, task, words in tasks if task is not None]


def _customs(work: Worker, key: str, stage: Customs, scenario: Scenario) -> Parts:
    """Select, look at the image where there is one, open, decide; then the national inspection's own verdict."""
    onward = f"{key}.national_select" if stage.national is not None else end_key(key)
    xray = stage.xray if stage.mode == "xray_then_open" else None
    selected_to = f"{key}.xray" if xray is not None else f"{key}.opening"
    main: list[Step] = [
        Branch(
            key=f"{key}.select",
            stage=key,
            words="is it selected for inspection",
            to=selected_to,
            chance=_selection(key, stage, scenario),
            counts_as=None if stage.follows_record is None else "selected",
        )
    ]
    beside: list[Step] = []
    if xray is not None:
        beside += [
            work("xray", xray.machine, "X-ray"),
            work("image", xray.image, "image review"),
            a_branch(key, "doubtful", xray.doubtful, f"{key}.opening", "is the image doubtful", then=onward),
        ]
    beside.append(work("opening", stage.opening, "opening", then=onward if stage.verdict.release == 1 else None))
    beside += _verdict(work, key, stage, onward)
    if stage.national is not None:
        national = stage.national
        main.append(
            a_branch(key, "national_select", national.share, f"{key}.national", "does national inspection look at it")
        )
        beside.append(
            work("national", national, "national inspection", then=None if national.refuse > 0 else end_key(key))
        )
        if national.refuse > 0:
            beside.append(
                a_branch(
                    key,
                    "national_refuse",
                    national.refuse,
                    exit_key(Outcome.DESTROYED),
                    "does it fail",
                    then=end_key(key),
                )
            )
    return main, beside


def _verdict(work: Worker, key: str, stage: Customs, onward: str) -> Iterator[Step]:
    """One draw decides between seize, delete, amend and release: the branches test rising parts of it."""
    verdict, purpose = stage.verdict, f"{key}.verdict"
    amend = f"{key}.amendment"
    parts = (
        ("seize", verdict.seize, exit_key(Outcome.SEIZED), "is it seized"),
        ("delete", verdict.delete, exit_key(Outcome.DELETED), "is the order deleted"),
        ("amend", verdict.amend, amend, "is the list amended"),
    )
    steps: list[Branch] = []
    below = 0.0
    for name, share, to, words in parts:
        below += share
        if share > 0:
            counts_as: CountsAs = None if stage.follows_record is None else "failed"
            steps.append(
                Branch(
                    key=f"{key}.{name}",
                    stage=key,
                    words=words,
                    to=to,
                    chance=always(purpose, below),
                    counts_as=counts_as,
                )
            )
    for position, step in enumerate(steps):
        last = position == len(steps) - 1
        yield replace(step, then=onward if last else None)
    if verdict.amend > 0 and stage.amendment is not None:
        yield work("amendment", stage.amendment, "the list is amended", then=onward)


def _selection(key: str, stage: Customs, scenario: Scenario) -> Chance:
    """The share in force from the start, and from each dated change on."""
    start = scenario.clock.start
    changes = sorted((change.begin, change.rate) for change in stage.rate_changes)
    dated = [((begin - start) // timedelta(milliseconds=1), rate) for begin, rate in changes]
    before = [rate for at, rate in dated if at <= 0]
    first = before[-1] if before else stage.selected_share
    return Chance(f"{key}.select", ((0, first), *((at, rate) for at, rate in dated if at > 0)))


def _delivery(work: Worker, scenario: Scenario, flow: str, key: str, stage: Delivery) -> Parts:
    """Load, leave with a truck, travel, attempt until it is taken in; then damage and refusal show."""
    main: list[Step] = []
    beside: list[Step] = []
    calendar = transport_calendar(scenario, key)
    if stage.loading is not None:
        main.append(work("loading", stage.loading, "loading"))
    if stage.trucks is not None:
        main.append(Gate(key=f"{key}.trucks", stage=key, words="wait for the truck", gate=f"{key}.trucks"))
    if stage.release_forms is not None and stage.release_forms.share > 0:
        main.append(
            Meet(key=f"{key}.form", stage=key, words="wait until the truck's release form is through", mark=None)
        )
    if stage.line_haul is not None:
        main.append(a_wait(key, "line_haul", stage.line_haul, "line-haul", calendar=calendar))
    if stage.last_mile is not None:
        main.append(a_wait(key, "last_mile", stage.last_mile, "last mile", calendar=calendar))
    if stage.couriers is not None:
        main.append(work("couriers", stage.couriers, "courier's round"))
    if stage.attempt_fails > 0 and stage.retry is not None:
        again = f"{key}.couriers" if stage.couriers is not None else f"{key}.attempted"
        retry = f"{key}.retry"
        main.append(
            a_branch(
                key,
                "attempted",
                stage.attempt_fails,
                retry,
                "does the attempt fail",
                stage.retry.at_most,
                exhausted=Outcome.RETURNED,
            )
        )
        beside.append(a_wait(key, "retry", stage.retry.wait, "wait for the next attempt", again, calendar))
    main += _faults(scenario, flow, key, stage)
    return main, beside


def _faults(scenario: Scenario, flow: str, key: str, stage: Delivery) -> Iterator[Step]:
    """Damaged and refused parcels leave as such; how many are damaged is decided by how they were packed."""
    packing_key = first_stage_of(scenario, flow, Packing)
    packing = scenario.stages[packing_key] if packing_key else None
    if isinstance(packing, Packing):
        damage = {name: _damage(packing, name) for name in scenario.flows[flow].classes}
        if any(share > 0 for share in damage.values()):
            chance = Chance(f"{packing_key}.damage", by_class=tuple(damage.items()))
            yield Branch(
                key=f"{key}.damage", stage=key, words="is it damaged", to=exit_key(Outcome.DAMAGED), chance=chance
            )
    if stage.refused > 0:
        yield a_branch(key, "refused", stage.refused, exit_key(Outcome.REFUSED), "does the buyer refuse it")


def _damage(packing: Packing, goods_class: str) -> float:
    share = packing.damage.get(goods_class, 0.0) if isinstance(packing.damage, dict) else packing.damage
    protected = packing.protection is not None and goods_class in packing.protection.classes
    return share * (packing.protection.damage_factor if protected and packing.protection else 1.0)
