"""How often was it looked, how often was something found, and how long did clearance take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.grouped import among
from sim.analysis.run import Measure, Run
from sim.engine.records import NEVER
from sim.plan.steps import Kind, Outcome
from sim.world.stages import Customs, Delivery, Inspection, Picking
from sim.world.units import HOUR_MS

Bools = NDArray[np.bool_]
Named = Iterator[tuple[str, Measure]]


def inspection_measures(run: Run) -> Named:
    """Realised inspection and selection rates with finds per look; what was picked and delivered again."""
    for key, stage in run.plan.scenario.stages.items():
        if isinstance(stage, Inspection):
            came = run.came_to(key, "documents") & run.in_window
            yield from _share(f"inspected.{key}", came & run.came_to(key, "physical"), came)
            looked = came & run.done_with(key, "physical")
            yield from _share(f"hit_rate.{key}", looked & _found_in_bulk(run, key, stage), looked)
        elif isinstance(stage, Customs):
            yield from _selection(run, key, stage)
        elif isinstance(stage, Picking) and stage.mispick > 0:
            visits = run.records.visits
            picked = run.visits_to(run.steps(key, "pick"))
            own = run.in_window[visits.item[picked]]
            yield from _share(f"picked_again.{key}", own & (visits.attempt[picked] > 0), own)
        elif isinstance(stage, Delivery) and stage.attempt_fails > 0:
            tried = run.in_window & run.done_with(key, "last_mile" if stage.couriers is None else "couriers")
            failed = run.came_to(key, "retry") | (run.records.items.outcome == Outcome.RETURNED)
            yield from _share(f"first_attempt.{key}", tried & ~failed, tried)


def _share(name: str, part: Bools, whole: Bools) -> Named:
    if whole.any():
        yield name, Measure(float(part.sum() / whole.sum()), "share")


def _found_in_bulk(run: Run, key: str, stage: Inspection) -> Bools:
    """By item, whether a physical inspection was followed at once by a correction (or by rejection, where the first is)."""
    visits = run.records.visits
    opened = run.visits_to(run.steps(key, "physical"))
    opened = opened[visits.ended[opened] != NEVER]
    following = np.minimum(opened + 1, len(visits) - 1)
    corrected = (visits.item[following] == visits.item[opened]) & run.steps(key, "correction")[visits.step[following]]
    last = (opened + 1 == len(visits)) | (visits.item[following] != visits.item[opened])
    rejected = last & (run.records.items.outcome[visits.item[opened]] == Outcome.REJECTED)
    rejected &= (
        stage.correction.at_most == 1
    )  # later ones were corrected before; the stage may reject for other reasons
    found = np.zeros(len(run.plan.items), dtype=bool)
    found[visits.item[opened[corrected | rejected]]] = True
    return found


def _selection(run: Run, key: str, stage: Customs) -> Named:
    """Of the parcels that came past customs: selected, opened; and how often something was found, per what was looked at.

    Three failure rates must not be taken for each other (docs/questions.md): per parcel, whoever it was; per X-ray
    image or opened parcel; and per sample, which national inspection chooses.
    """
    first = "xray" if stage.mode == "xray_then_open" else "opening"
    came = _passed_customs(run, key)
    opened, looked = came & run.came_to(key, "opening"), came & run.done_with(key, "opening")
    outcome = run.records.items.outcome
    found = run.came_to(key, "amendment") | among(outcome, (Outcome.SEIZED, Outcome.DELETED))
    yield from _share(f"selected.{key}", came & run.came_to(key, first), came)
    yield from _share(f"opened.{key}", opened, came)
    yield from _share(f"failures.per_parcel.{key}", came & found, came)
    if stage.mode == "xray_then_open":
        images = came & run.done_with(key, "image")
        yield from _share(f"failures.per_image.{key}", images & found, images)
    yield from _share(f"failures.per_opened_parcel.{key}", looked & found, looked)
    if stage.national is not None:
        samples = came & run.done_with(key, "national")
        yield from _share(f"failures.per_sample.{key}", samples & (outcome == Outcome.DESTROYED), samples)


def _passed_customs(run: Run, key: str) -> Bools:
    """Goods of the window that came to the selection: they visited customs beyond the meeting, or a later stage."""
    visits, scenario = run.records.visits, run.plan.scenario
    beyond = run.carries_goods & (run.plan.steps["kind"] != Kind.MEET) & run.steps_of_stages({key})
    came = np.zeros(len(run.plan.items), dtype=bool)
    for flow_key, flow in scenario.flows.items():
        if key in flow.route:
            later = set(flow.route[flow.route.index(key) + 1 :])
            own = run.plan.items.flow == run.plan.flow_keys.index(flow_key)
            there = run.visits_to(beyond | (run.carries_goods & run.steps_of_stages(later)))
            reached = np.zeros(len(own), dtype=bool)
            reached[visits.item[there]] = True
            done = among(run.records.items.outcome, (Outcome.DELIVERED, Outcome.STOCKED))
            came |= own & (reached | done)
    return came & run.in_window


def document_measures(run: Run) -> Named:
    """First-pass yield of lists, and clearance time by channel.

    Clearance is the time for the documents to be accepted plus the time that the goods spend in customs
    beyond waiting for them, of the goods that came to the selection. Channels: ``released`` at once, ``opened``,
    and ``list_returned`` (whatever happened to the goods). Goods still in customs at the end count as longer than
    all others in the quantile, and not in the mean.
    """
    for key, stage in run.plan.scenario.stages.items():
        if isinstance(stage, Customs) and stage.order_data is not None:
            filed = run.done_with(key, "match") & run.in_window
            refused = run.records.items.outcome == Outcome.REJECTED
            returned = filed & (run.came_to(key, "automatic", "clerks", "buyer") | refused)
            yield from _share(f"first_pass_yield.{key}", filed & ~returned, filed)
            yield from _clearance(run, key, filed, returned)


def _clearance(run: Run, key: str, filed: Bools, returned: Bools) -> Named:
    visits, plan = run.records.visits, run.plan
    accepted = np.full(len(plan.items), NEVER, dtype=np.int64)
    meets = run.visits_to(run.steps(key, "meet") & ~run.carries_goods)
    accepted[visits.item[meets]] = visits.joined[meets]
    came = _passed_customs(run, key)
    documents = np.flatnonzero(filed & (accepted != NEVER))
    documents = documents[came[plan.items.companion[documents]]]
    goods = plan.items.companion[documents]
    spent, under_way = np.zeros(len(plan.items), dtype=np.int64), np.zeros(len(plan.items), dtype=bool)
    for step in np.flatnonzero(run.steps_of_stages({key}) & (plan.steps["kind"] != Kind.MEET)).tolist():
        rows = run.by_step.of(step)
        np.add.at(spent, visits.item[rows], run.hours.total(rows))
        under_way[visits.item[rows[visits.ended[rows] == NEVER]]] = True
    hours = (accepted[documents] - plan.items.arrived[documents] + spent[goods]) / HOUR_MS
    hours[under_way[goods]] = np.inf
    opened, mended = run.came_to(key, "opening")[goods], returned[documents]
    channels = {"released": ~opened & ~mended, "opened": opened & ~mended, "list_returned": mended}
    for channel, members in channels.items():
        if members.any():
            cleared = hours[members & np.isfinite(hours)]
            yield f"clearance.{channel}.mean", Measure(float(cleared.mean()) if len(cleared) else np.nan, "h")
            p95 = float(np.quantile(hours[members], 0.95, method="inverted_cdf"))
            yield f"clearance.{channel}.p95", Measure(p95, "h")
