"""The six stages as steps: all that the engines do not know of the trade is here.

A new rule of the trade is a new arrangement of steps in this file. Where a share is zero its branch
is left out; that moves no random number, since draws are addressed by purpose and not by position.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import assert_never

from sim.plan.steps import (
    Branch,
    Chance,
    DrawnTime,
    Gate,
    Hours,
    Leave,
    Meet,
    Outcome,
    Per,
    Route,
    Step,
    Wait,
    Work,
)
from sim.world.distributions import Time
from sim.world.scenario import Flow, Scenario, first_stage_of
from sim.world.stages import (
    AnyStage,
    Customs,
    Delivery,
    Inspection,
    OrderData,
    Packing,
    Picking,
    Repair,
    Service,
    Stage,
    Tally,
    Task,
)

ACCEPTED_MARK = 1
DOCUMENTS = ".documents"
Parts = tuple[list[Step], list[Step]]
"""Steps of a stage on the main way, and beside it."""


def routes_of(scenario: Scenario) -> dict[str, Route]:
    """The route of every flow, and of the documents that run beside one, by flow key."""
    routes = {}
    for key, flow in scenario.flows.items():
        routes[key] = _goods_route(scenario, key, flow)
        data = order_data_of(scenario, key)
        if data is not None:
            routes[key + DOCUMENTS] = _documents_route(data[0], data[1])
    return routes


def order_data_of(scenario: Scenario, flow: str) -> tuple[str, OrderData] | None:
    """Customs stage and order data of a flow whose documents run beside its goods, or None."""
    key = first_stage_of(scenario, flow, Customs)
    stage = scenario.stages[key] if key else None
    if key is None or not isinstance(stage, Customs) or stage.order_data is None:
        return None
    return key, stage.order_data


def _goods_route(scenario: Scenario, flow_key: str, flow: Flow) -> Route:
    """Stage after stage, then the way out; what lies beside the main way comes after it."""
    route = Route()
    beside: list[Step] = []
    meets_at = _meeting_stage(scenario, flow_key)
    open_ends: list[str] = []
    for key in flow.route:
        stage = scenario.stages[key]
        main, aside = _stage_steps(scenario, flow_key, key, stage)
        if key == meets_at:
            main.insert(0, _meet(key))
        after = list(_after(key, stage, route.entry, main[0].key))
        route.ends.update(dict.fromkeys(open_ends, main[0].key))
        open_ends = [] if after else [_end(key)]
        route.ends.update({_end(key): step.key for step in after[:1]})
        route.entry[key] = main[0].key
        route.steps += [*main, *after]
        beside += aside
    done = _leave(flow.route[-1], Outcome.DELIVERED if flow.goods == "order" else Outcome.STOCKED)
    route.ends.update(dict.fromkeys(open_ends, done.key))
    route.steps += [done, *beside]
    route.steps += list(_exits(route.steps, flow.route[-1]))
    return route


def _documents_route(key: str, data: OrderData) -> Route:
    """Records arrive, are matched, mended where they do not match, and meet the goods."""
    match, repair = f"{key}.match", f"{key}.repair"
    records = (("order", data.order), ("payment", data.payment), ("waybill", data.waybill))
    arriving = DrawnTime(
        parts=tuple((f"{key}.record_{name}", time, "order") for name, time in records if time is not None),
        combine="longest",
    )
    steps: list[Step] = [
        Wait(key=f"{key}.records", stage=key, words="order, payment and waybill records arrive", time=arriving, hours="documents"),
        Wait(key=match, stage=key, words="the three documents are compared", time=_drawn(match, data.match), hours="documents"),
    ]  # fmt: skip
    if data.accuracy < 1 and data.repair is not None:
        first = repair if data.repair.automatic_share > 0 else f"{key}.clerks"
        first = first if data.repair.automatic_share > 0 or data.repair.buyer_share == 0 else f"{key}.ask_buyer"
        steps.append(_branch(key, "mismatch", 1 - data.accuracy, first, "is the list returned", data.repair.at_most))
    steps += [_meet(key, lost=_exit(Outcome.CANCELLED)), _leave(key, Outcome.ACCEPTED)]
    if data.accuracy < 1 and data.repair is not None:
        steps += _repair_steps(key, match, data.repair)
    steps += list(_exits(steps, key))
    return Route(steps, {key: steps[0].key}, {})


def _repair_steps(key: str, match: str, repair: Repair) -> Iterator[Step]:
    """A returned list mends itself, or goes to clerks, some after the buyer has answered; then it is filed again."""
    clerks, automatic, buyer = f"{key}.clerks", f"{key}.automatic", f"{key}.buyer"
    if repair.automatic_share > 0 and repair.automatic is not None:
        share = repair.automatic_share
        yield Branch(
            key=f"{key}.repair",
            stage=key,
            words="does it mend itself",
            to=automatic,
            chance=_always(f"{key}.repair", share),
        )
    if repair.buyer_share > 0 and repair.buyer is not None:
        share = repair.buyer_share
        yield Branch(
            key=f"{key}.ask_buyer",
            stage=key,
            words="must the buyer be asked",
            to=buyer,
            chance=_always(f"{key}.ask_buyer", share),
        )
    if repair.clerks is not None:
        task = repair.clerks
        yield Work(
            key=clerks,
            stage=key,
            words="clerks mend the list",
            team=task.team,
            crew=task.crew,
            time=_task_time(clerks, task),
            then=match,
        )
    if repair.automatic_share > 0 and repair.automatic is not None:
        yield Wait(
            key=automatic,
            stage=key,
            words="the list mends itself",
            time=_drawn(automatic, repair.automatic),
            hours="documents",
            then=match,
        )
    if repair.buyer_share > 0 and repair.buyer is not None:
        yield Wait(
            key=buyer,
            stage=key,
            words="the buyer answers",
            time=_drawn(buyer, repair.buyer),
            hours="documents",
            then=clerks,
        )


def _exits(steps: list[Step], stage: str) -> Iterator[Step]:
    """A leave step for each outcome that some step names and none is there for yet."""
    named = {getattr(step, name, None) for step in steps for name in ("to", "exhausted", "lost", "then")}
    there = {step.key for step in steps}
    for outcome in Outcome:
        if _exit(outcome) in named - there:
            yield _leave(stage, outcome)


def _meeting_stage(scenario: Scenario, flow: str) -> str | None:
    """Where goods wait for their accepted documents: customs, or picking where picking must wait."""
    found = order_data_of(scenario, flow)
    if found is None:
        return None
    customs = scenario.stages[found[0]]
    pickings = (key for key in scenario.flows[flow].route if isinstance(scenario.stages[key], Picking))
    assert isinstance(customs, Customs)
    return found[0] if customs.pick_before_acceptance else next(pickings, found[0])


def _after(key: str, stage: Stage, entry: dict[str, str], own_entry: str) -> Iterator[Step]:
    """What any stage may add at its end: a rejected share, and rework."""
    if stage.reject > 0:
        yield _branch(key, "reject", stage.reject, _exit(Outcome.REJECTED), "is it rejected")
    if stage.rework is not None and stage.rework.share > 0:
        back = own_entry if stage.rework.to == key else entry[stage.rework.to]
        words = f"must it go back to {stage.rework.to}"
        yield _branch(key, "rework", stage.rework.share, back, words, stage.rework.at_most)


def _stage_steps(scenario: Scenario, flow: str, key: str, stage: AnyStage) -> Parts:
    work = _Worker(scenario.flows[flow], key, stage)
    match stage:
        case Service():
            return [work("work", stage, "work")], []
        case Inspection():
            return _inspection(work, key, stage)
        case Tally():
            return _tally(work, stage), []
        case Picking():
            return _picking(work, key, stage), []
        case Packing():
            return [_packing(work, scenario.flows[flow], stage)], []
        case Customs():
            return _customs(work, key, stage, scenario)
        case Delivery():
            return _delivery(work, scenario, flow, key, stage)
    assert_never(stage)


class _Worker:
    """Makes the work steps of one stage on one flow: class factors and patience are the same for all."""

    def __init__(self, flow: Flow, key: str, stage: Stage) -> None:
        self.key, self.patience = key, stage.patience
        self.factors = {name: goods.work[key] for name, goods in flow.classes.items() if key in goods.work}

    def __call__(
        self, name: str, task: Task, words: str, then: str | None = None, factors: dict[str, float] | None = None
    ) -> Work:
        key = f"{self.key}.{name}"
        time = _task_time(key, task, {**self.factors, **(factors or {})})
        lost = None if self.patience is None else _exit(Outcome.CANCELLED)
        return Work(
            key=key, stage=self.key, words=words, then=then, team=task.team, crew=task.crew, time=time,
            patience=self.patience, lost=lost,
        )  # fmt: skip


def _inspection(work: _Worker, key: str, stage: Inspection) -> Parts:
    """Read every declaration; open a share; correct what is wrong and check it again."""
    correction, at_most = f"{key}.correction", stage.correction.at_most
    main: list[Step] = [work("documents", stage.documents, "document check")]
    beside: list[Step] = []
    if stage.accuracy < 1:
        main.append(_branch(key, "accuracy", 1 - stage.accuracy, correction, "is the declaration wrong", at_most))
    physical = stage.physical
    if physical is not None and physical.share > 0:
        main.append(_branch(key, "select", physical.share, f"{key}.physical", "is it physically inspected"))
        beside.append(
            work("physical", physical, "physical inspection", then=None if physical.discrepancy else _end(key))
        )
        if physical.discrepancy > 0:
            found = _branch(
                key, "discrepancy", physical.discrepancy, correction, "is a discrepancy found", at_most, _end(key)
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
                time=_drawn(correction, wait.wait),
                calendar=wait.calendar,
            )
        )
    return main, beside


def _tally(work: _Worker, stage: Tally) -> list[Step]:
    tasks = (
        ("count", stage.count, "tally"),
        ("label_units", stage.label_units, "labelling"),
        ("put_away", stage.put_away, "put-away"),
    )
    return [work(name, task, words) for name, task, words in tasks if task is not None]


def _picking(work: _Worker, key: str, stage: Picking) -> list[Step]:
    """Pick, check, and pick again what the check found wrong."""
    steps: list[Step] = [work("pick", stage.pick, "picking")]
    if stage.check is not None:
        steps.append(work("check", stage.check, "second check"))
        if stage.mispick > 0:
            steps.append(_branch(key, "mispick", stage.mispick, f"{key}.pick", "is it a mispick", stage.at_most))
    return steps


def _packing(work: _Worker, flow: Flow, stage: Packing) -> Step:
    """Protection takes longer, on top of what the class itself does to the work."""
    protection = stage.protection
    named = () if protection is None else protection.classes
    factor = 1.0 if protection is None else protection.work_factor
    factors = {name: factor * work.factors.get(name, 1.0) for name in named if name in flow.classes}
    return work("pack", stage, "packing", factors=factors)


def _customs(work: _Worker, key: str, stage: Customs, scenario: Scenario) -> Parts:
    """Select, look at the image where there is one, open, decide; then the national inspection's own verdict."""
    onward = f"{key}.national_select" if stage.national is not None else _end(key)
    xray = stage.xray if stage.mode == "xray_then_open" else None
    selected_to = f"{key}.xray" if xray is not None else f"{key}.opening"
    main: list[Step] = [
        Branch(
            key=f"{key}.select",
            stage=key,
            words="is it selected for inspection",
            to=selected_to,
            chance=_selection(key, stage, scenario),
        )
    ]
    beside: list[Step] = []
    if xray is not None:
        beside += [
            work("xray", xray.machine, "X-ray"),
            work("image", xray.image, "image review"),
            _branch(key, "doubtful", xray.doubtful, f"{key}.opening", "is the image doubtful", then=onward),
        ]
    beside.append(work("opening", stage.opening, "opening", then=onward if stage.verdict.release == 1 else None))
    beside += _verdict(work, key, stage, onward)
    if stage.national is not None:
        national = stage.national
        main.append(
            _branch(key, "national_select", national.share, f"{key}.national", "does national inspection look at it")
        )
        beside.append(
            work("national", national, "national inspection", then=None if national.refuse > 0 else _end(key))
        )
        if national.refuse > 0:
            beside.append(
                _branch(
                    key, "national_refuse", national.refuse, _exit(Outcome.DESTROYED), "does it fail", then=_end(key)
                )
            )
    return main, beside


def _verdict(work: _Worker, key: str, stage: Customs, onward: str) -> Iterator[Step]:
    """One draw decides between seize, delete, amend and release: the branches test rising parts of it."""
    verdict, purpose = stage.verdict, f"{key}.verdict"
    amend = f"{key}.amendment"
    parts = (
        ("seize", verdict.seize, _exit(Outcome.SEIZED), "is it seized"),
        ("delete", verdict.delete, _exit(Outcome.DELETED), "is the order deleted"),
        ("amend", verdict.amend, amend, "is the list amended"),
    )
    steps: list[Step] = []
    below = 0.0
    for name, share, to, words in parts:
        below += share
        if share > 0:
            steps.append(Branch(key=f"{key}.{name}", stage=key, words=words, to=to, chance=_always(purpose, below)))
    for position, step in enumerate(steps):
        last = position == len(steps) - 1
        assert isinstance(step, Branch)
        yield Branch(
            key=step.key, stage=key, words=step.words, to=step.to, chance=step.chance, then=onward if last else None
        )
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


def _delivery(work: _Worker, scenario: Scenario, flow: str, key: str, stage: Delivery) -> Parts:
    """Load, leave with a truck, travel, attempt until it is taken in; then damage and refusal show."""
    main: list[Step] = []
    beside: list[Step] = []
    if stage.loading is not None:
        main.append(work("loading", stage.loading, "loading"))
    if stage.trucks is not None:
        main.append(Gate(key=f"{key}.trucks", stage=key, words="wait for the truck", gate=f"{key}.trucks"))
    if stage.line_haul is not None:
        main.append(_wait(key, "line_haul", stage.line_haul, "line-haul"))
    attempt = [*([_wait(key, "last_mile", stage.last_mile, "last mile")] if stage.last_mile else [])]
    main += attempt
    if stage.couriers is not None:
        main.append(work("couriers", stage.couriers, "courier's round"))
    if stage.attempt_fails > 0 and stage.retry is not None:
        again = f"{key}.couriers" if stage.couriers is not None else f"{key}.attempted"
        retry = f"{key}.retry"
        main.append(
            _branch(
                key,
                "attempted",
                stage.attempt_fails,
                retry,
                "does the attempt fail",
                stage.retry.at_most,
                exhausted=Outcome.RETURNED,
            )
        )
        beside.append(_wait(key, "retry", stage.retry.wait, "wait for the next attempt", then=again))
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
                key=f"{key}.damage", stage=key, words="is it damaged", to=_exit(Outcome.DAMAGED), chance=chance
            )
    if stage.refused > 0:
        yield _branch(key, "refused", stage.refused, _exit(Outcome.REFUSED), "does the buyer refuse it")


def _damage(packing: Packing, goods_class: str) -> float:
    share = packing.damage.get(goods_class, 0.0) if isinstance(packing.damage, dict) else packing.damage
    protected = packing.protection is not None and goods_class in packing.protection.classes
    return share * (packing.protection.damage_factor if protected and packing.protection else 1.0)


def _task_time(key: str, task: Task, factors: dict[str, float] | None = None) -> DrawnTime:
    pers: tuple[Per, ...] = ("order", "line", "unit", "carton")
    parts = tuple(
        (f"{key}.per_{per}", time, per) for per in pers if (time := getattr(task.work, f"per_{per}")) is not None
    )
    return DrawnTime(parts, factors=tuple((factors or {}).items()), shared_by=task.crew if task.share_work else 1)


def _drawn(key: str, time: Time) -> DrawnTime:
    return DrawnTime(((key, time, "order"),))


def _always(purpose: str, share: float) -> Chance:
    return Chance(purpose, ((0, share),))


def _wait(stage: str, name: str, time: Time, words: str, then: str | None = None) -> Wait:
    key = f"{stage}.{name}"
    hours: Hours = "transit"
    return Wait(key=key, stage=stage, words=words, time=_drawn(key, time), hours=hours, then=then)


def _branch(
    stage: str, name: str, share: float, to: str, words: str, at_most: int | None = None,
    then: str | None = None, exhausted: Outcome = Outcome.REJECTED,
) -> Branch:  # fmt: skip
    key = f"{stage}.{name}"
    out = None if at_most is None else _exit(exhausted)
    return Branch(
        key=key, stage=stage, words=words, chance=_always(key, share), to=to, at_most=at_most, exhausted=out, then=then
    )


def _meet(stage: str, lost: str | None = None) -> Meet:
    words = "wait until goods and accepted documents are both there"
    return Meet(key=f"{stage}.meet", stage=stage, words=words, mark=ACCEPTED_MARK, lost=lost or _exit(Outcome.REJECTED))


def _leave(stage: str, outcome: Outcome) -> Leave:
    return Leave(key=_exit(outcome), stage=stage, words=f"leave: {outcome.name.lower()}", outcome=outcome)


def _exit(outcome: Outcome) -> str:
    return f"leave.{outcome.name.lower()}"


def _end(stage: str) -> str:
    """The name of whatever follows the stage's own steps."""
    return f"{stage}.end"
