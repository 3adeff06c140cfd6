"""The route of each flow: its stages one after another, its ways out, and the documents that run beside it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.plan.disruptions import single_window_calendar
from sim.plan.pieces import a_branch, a_meeting, a_wait, a_way_out, always, drawn, end_key, exit_key, exits, task_time
from sim.plan.stage_steps import stage_steps
from sim.plan.steps import Branch, DrawnTime, Outcome, Put, Reserve, Route, Step, Take, Wait, Work
from sim.world.scenario import Flow, Scenario, first_stage_of
from sim.world.stages import Customs, Delivery, OrderData, Picking, ReleaseForms, Repair, Stage

DOCUMENTS = ".documents"
FORMS = ".forms"


def is_beside(flow: str) -> bool:
    """Whether a flow runs beside goods: the documents of a flow, or the release forms of trucks."""
    return flow.endswith((DOCUMENTS, FORMS))


def routes_of(scenario: Scenario) -> dict[str, Route]:
    """The route of every flow, and of the documents that run beside one, by flow key."""
    routes = {}
    for key, flow in scenario.flows.items():
        routes[key] = _goods_route(scenario, key, flow)
        data = order_data_of(scenario, key)
        if data is not None:
            routes[key + DOCUMENTS] = documents_route(data[0], data[1], single_window_calendar(scenario))
    routes.update({key + FORMS: _forms_route(key, forms) for key, forms in release_forms_of(scenario).items()})
    return routes


def release_forms_of(scenario: Scenario) -> dict[str, ReleaseForms]:
    """The stages on some route where a share of release forms is selected."""
    used = {key for flow in scenario.flows.values() for key in flow.route}
    stages = {key: stage for key, stage in scenario.stages.items() if key in used and isinstance(stage, Delivery)}
    return {key: s.release_forms for key, s in stages.items() if s.release_forms is not None and s.release_forms.share}


def _forms_route(key: str, forms: ReleaseForms) -> Route:
    """A truck's release form goes through, or the truck is opened first."""
    opening = f"{key}.form_opening"
    steps: list[Step] = [
        a_branch(key, "form_select", forms.share, opening, "is the whole truck selected"),
        a_way_out(key, Outcome.ACCEPTED),
        Work(
            key=opening, stage=key, words="the truck is opened", team=forms.team, crew=forms.crew,
            time=task_time(opening, forms), then=exit_key(Outcome.ACCEPTED),
        ),
    ]  # fmt: skip
    return Route(steps, {key: steps[0].key}, {})


def order_data_of(scenario: Scenario, flow: str) -> tuple[str, OrderData] | None:
    """Customs stage and order data of a flow whose documents run beside its goods, or None."""
    key = first_stage_of(scenario, flow, Customs)
    stage = scenario.stages[key] if key else None
    if key is None or not isinstance(stage, Customs) or stage.order_data is None:
        return None
    return key, stage.order_data


def _goods_route(scenario: Scenario, flow_key: str, flow: Flow) -> Route:
    """Stage after stage, then the way out; what lies beside the main way comes after it."""
    route = Route(list(_before(scenario, flow)))
    beside: list[Step] = []
    takes_at = _taking_stage(scenario, flow) if scenario.stock is not None and flow.from_stock is not None else None
    meets_at = _meeting_stage(scenario, flow_key)
    open_ends: list[str] = []
    for key in flow.route:
        stage = scenario.stages[key]
        main, aside = stage_steps(scenario, flow_key, key, stage)
        if key == meets_at:
            main.insert(0, a_meeting(key))
        if key == takes_at:
            main.append(Take(key=f"{key}.take", stage=key, words="the goods leave the shelf"))
        after = list(_after(key, stage, route.entry, main[0].key))
        route.ends.update(dict.fromkeys(open_ends, main[0].key))
        open_ends = [] if after else [end_key(key)]
        route.ends.update({end_key(key): step.key for step in after[:1]})
        route.entry[key] = main[0].key
        route.steps += [*main, *after]
        beside += aside
    last = flow.route[-1]
    done: list[Step] = [a_way_out(last, Outcome.DELIVERED if flow.goods == "order" else Outcome.STOCKED)]
    if scenario.stock is not None and flow.goods == "consignment":
        done.insert(0, Put(key="stock.put", stage=last, words="the goods can be sold"))
    route.ends.update(dict.fromkeys(open_ends, done[0].key))
    route.steps += [*done, *beside]
    route.steps += list(exits(route.steps, last))
    return route


def _before(scenario: Scenario, flow: Flow) -> Iterator[Step]:
    """What comes before the first stage: the way from abroad, or the wait for stock."""
    first = flow.route[0]
    if flow.lead_time is not None:
        yield a_wait(first, "lead_time", flow.lead_time, "on the way from abroad")
    if scenario.stock is not None and flow.from_stock is not None:
        patience = flow.from_stock.patience
        lost = None if patience is None else exit_key(Outcome.CANCELLED)
        yield Reserve(key="stock.reserve", stage=first, words="wait for stock", patience=patience, lost=lost)


def _taking_stage(scenario: Scenario, flow: Flow) -> str:
    """Where the goods leave the shelf: the first picking, or else the first stage."""
    return next((key for key in flow.route if isinstance(scenario.stages[key], Picking)), flow.route[0])


def documents_route(key: str, data: OrderData, calendar: str | None = None) -> Route:
    """Records arrive, are matched, mended where they do not match, and meet the goods.

    The calendar holds what needs the single window.
    """
    match, repair = f"{key}.match", f"{key}.repair"
    records = (("order", data.order), ("payment", data.payment), ("waybill", data.waybill))
    arriving = DrawnTime(
        parts=tuple((f"{key}.record_{name}", time, "order") for name, time in records if time is not None),
        combine="longest",
    )
    steps: list[Step] = [
        Wait(key=f"{key}.records", stage=key, words="order, payment and waybill records arrive", time=arriving, hours="documents", calendar=calendar),
        Wait(key=match, stage=key, words="the three documents are compared", time=drawn(match, data.match), hours="documents", calendar=calendar),
    ]  # fmt: skip
    if data.accuracy < 1 and data.repair is not None:
        first = repair if data.repair.automatic_share > 0 else f"{key}.clerks"
        first = first if data.repair.automatic_share > 0 or data.repair.buyer_share == 0 else f"{key}.ask_buyer"
        steps.append(a_branch(key, "mismatch", 1 - data.accuracy, first, "is the list returned", data.repair.at_most))
    steps += [a_meeting(key, lost=exit_key(Outcome.CANCELLED)), a_way_out(key, Outcome.ACCEPTED)]
    if data.accuracy < 1 and data.repair is not None:
        steps += _repair_steps(key, match, data.repair, calendar)
    steps += list(exits(steps, key))
    return Route(steps, {key: steps[0].key}, {})


def _repair_steps(key: str, match: str, repair: Repair, calendar: str | None) -> Iterator[Step]:
    """A returned list mends itself, or goes to clerks, some after the buyer has answered; then it is filed again."""
    clerks, automatic, buyer = f"{key}.clerks", f"{key}.automatic", f"{key}.buyer"
    if repair.automatic_share > 0 and repair.automatic is not None:
        share = repair.automatic_share
        yield Branch(
            key=f"{key}.repair",
            stage=key,
            words="does it mend itself",
            to=automatic,
            chance=always(f"{key}.repair", share),
        )
    if repair.buyer_share > 0 and repair.buyer is not None:
        share = repair.buyer_share
        yield Branch(
            key=f"{key}.ask_buyer",
            stage=key,
            words="must the buyer be asked",
            to=buyer,
            chance=always(f"{key}.ask_buyer", share),
        )
    if repair.clerks is not None:
        task = repair.clerks
        yield Work(
            key=clerks,
            stage=key,
            words="clerks mend the list",
            team=task.team,
            crew=task.crew,
            time=task_time(clerks, task),
            then=match,
        )
    if repair.automatic_share > 0 and repair.automatic is not None:
        yield Wait(
            key=automatic,
            stage=key,
            words="the list mends itself",
            time=drawn(automatic, repair.automatic),
            hours="documents",
            calendar=calendar,
            then=match,
        )
    if repair.buyer_share > 0 and repair.buyer is not None:
        yield Wait(
            key=buyer,
            stage=key,
            words="the buyer answers",
            time=drawn(buyer, repair.buyer),
            hours="documents",
            then=clerks,
        )


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
        yield a_branch(key, "reject", stage.reject, exit_key(Outcome.REJECTED), "is it rejected")
    if stage.rework is not None and stage.rework.share > 0:
        back = own_entry if stage.rework.to == key else entry[stage.rework.to]
        words = f"must it go back to {stage.rework.to}"
        yield a_branch(key, "rework", stage.rework.share, back, words, stage.rework.at_most)
