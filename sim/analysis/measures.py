"""The numbers of one run, each under a dotted name with its unit: functions of Plan and Records alone.

A quantile counts the orders that are still under way as longer than all others, so none is dropped; where it
falls among them it is not known yet, which is infinity here. A mean is over those that finished.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.hours import PARTS, VisitHours, visit_hours
from sim.analysis.orders import Orders, dispatched_at, kept, orders_of, times_h
from sim.analysis.people import Jobs, Working, jobs_of, working
from sim.analysis.series import Level, count_inside
from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.plan.routes import DOCUMENTS
from sim.plan.steps import Kind, Outcome
from sim.world.calendar import step_function
from sim.world.stages import Customs, Inspection, Picking
from sim.world.units import DAY_MS, HOUR_MS

Ints = NDArray[np.int64]
QUANTILES = (50, 90, 95, 99)


class Measure(NamedTuple):
    """One number of one run; the unit is one of h, share, orders/day, items, people, money, h/day."""

    value: float
    unit: str


@dataclass(frozen=True)
class Run:
    """A run with what several measures need of it, worked out once."""

    plan: Plan
    records: Records

    @cached_property
    def window_ms(self) -> tuple[int, int]:
        """The measured stretch, cut at the end of the run."""
        begin, end = self.plan.scenario.clock.window_ms
        return begin, min(end, self.records.ended_ms)

    @property
    def days(self) -> float:
        """Length of the measured window in days."""
        return (self.window_ms[1] - self.window_ms[0]) / DAY_MS

    @cached_property
    def orders(self) -> Orders:
        """The orders placed in the window."""
        return orders_of(self.plan, self.records)

    @cached_property
    def hours(self) -> VisitHours:
        """Every visit's time by part."""
        return visit_hours(self.plan, self.records)

    @cached_property
    def jobs(self) -> Jobs:
        """All stretches of work."""
        return jobs_of(self.plan, self.records)

    @cached_property
    def teams(self) -> dict[str, Working]:
        """Working time by team."""
        return {key: working(self.plan, self.jobs, number) for number, key in enumerate(self.plan.team_keys)}

    @cached_property
    def is_goods(self) -> NDArray[np.bool_]:
        """By step, whether it belongs to goods (not to documents that run beside them)."""
        return np.array([not name.flow.endswith(DOCUMENTS) for name in self.plan.step_names])

    @cached_property
    def stage_of_visit(self) -> NDArray[np.str_]:
        """By visit, the stage of its step."""
        return np.array([name.stage for name in self.plan.step_names])[self.records.visits.step]

    def steps(self, stage: str, *names: str) -> Ints:
        """Numbers of the steps of a stage with these last names, over all flows."""
        wanted = {f"{stage}.{name}" for name in names}
        return np.array([n for n, step in enumerate(self.plan.step_names) if step.key in wanted], dtype=np.int64)

    def visitors(self, stage: str, *names: str) -> Ints:
        """The items that ever came to these steps, those of the measured window only."""
        visits = self.records.visits
        there = np.unique(visits.item[np.isin(visits.step, self.steps(stage, *names))])
        begin, end = self.plan.scenario.clock.window_ms
        arrived = self.plan.items.arrived[there]
        return there[(arrived >= begin) & (arrived < end) & ~self.plan.items.backlog[there]]


def measure(plan: Plan, records: Records) -> dict[str, Measure]:
    """All measures of a run by name, such as ``delivery_time.p95`` or ``utilisation.packers``.

    >>> from sim.engine.simpy_model import run
    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> plan = compile_plan(load(shipped("teaching_line"), ["clock.length=3 d"]).scenario)
    >>> measures = measure(plan, run(plan))
    >>> measures["utilisation.clerks"].unit
    'share'
    """
    run = Run(plan, records)
    found: dict[str, Measure] = {}
    for group in (
        _times,
        _promises,
        _ends,
        _throughput,
        _stages,
        _people,
        _stock,
        _inspections,
        _documents,
        _hours,
        _costs,
    ):
        found.update(group(run))
    return found


Named = Iterator[tuple[str, Measure]]


def _times(run: Run) -> Named:
    yield from _distribution("delivery_time", times_h(run.orders, "delivered"))
    yield from _distribution("order_cycle", times_h(run.orders, "dispatched"))


def _distribution(name: str, hours: NDArray[np.float64]) -> Named:
    """Mean of the finished, quantiles of all."""
    if not len(hours):
        return
    finished = hours[np.isfinite(hours)]
    yield f"{name}.mean", Measure(float(finished.mean()) if len(finished) else np.nan, "h")
    for quantile in QUANTILES:
        value = float(np.quantile(hours, quantile / 100, method="inverted_cdf"))
        yield f"{name}.p{quantile}", Measure(value, "h")


def _promises(run: Run) -> Named:
    for key, promise in run.plan.scenario.promises.items():
        shares = kept(promise, run.orders, run.plan, run.records.ended_ms)
        yield f"on_time.{key}", Measure(shares.on_time, "share")
        yield f"late.{key}", Measure(shares.late, "share")
        yield f"unknown.{key}", Measure(shares.unknown, "share")


def _ends(run: Run) -> Named:
    """How orders ended, over those placed; in full over those that ended."""
    orders = run.orders
    if not len(orders):
        return
    yield "unfinished", Measure(float((orders.left == NEVER).mean()), "share")
    for outcome in Outcome:
        if outcome >= 0 and (outcome == Outcome.DELIVERED or (orders.outcome == outcome).any()):
            yield f"outcome.{outcome.name.lower()}", Measure(float((orders.outcome == outcome).mean()), "share")
    ended = orders.left != NEVER
    in_full = float((orders.outcome[ended] == Outcome.DELIVERED).mean()) if ended.any() else np.nan
    yield "in_full", Measure(in_full, "share")


def _throughput(run: Run) -> Named:
    begin, end = run.window_ms
    yield "demand.per_day", Measure(len(run.orders) / run.days, "orders/day")
    for to in ("dispatched", "delivered"):
        at = _all_reached(run, to)
        yield f"throughput.{to}", Measure(float(((at >= begin) & (at < end)).sum()) / run.days, "orders/day")
    for stage, at in leaving_times(run).items():
        yield f"throughput.{stage}", Measure(float(((at >= begin) & (at < end)).sum()) / run.days, "items/day")


def _all_reached(run: Run, to: str) -> Ints:
    """When any order, whenever placed, was delivered or dispatched."""
    flows = [run.plan.flow_keys.index(key) for key in run.plan.scenario.order_flows]
    is_order = np.isin(run.plan.items.flow, flows)
    if to == "dispatched":
        return dispatched_at(run.plan, run.records)[is_order]
    delivered = run.records.items.outcome == Outcome.DELIVERED
    return run.records.items.left[is_order & delivered]


def leaving_times(run: Run) -> dict[str, Ints]:
    """By stage, the moments at which goods ended their last visit there."""
    visits = run.records.visits
    goods = run.is_goods[visits.step] & (visits.ended != NEVER)
    times = {}
    for stage in run.plan.scenario.stages:
        rows = np.flatnonzero(goods & (run.stage_of_visit == stage))
        if len(rows):
            last = np.concatenate([visits.item[rows][1:] != visits.item[rows][:-1], [True]])
            times[stage] = visits.ended[rows[last]]
    return times


def queue_levels(run: Run) -> dict[str, Level]:
    """By stage, how many items wait for its teams (documents at the clerks included)."""
    visits, plan = run.records.visits, run.plan
    at_work = plan.steps["kind"][visits.step] == Kind.WORK
    ended = np.where(visits.ended == NEVER, run.records.ended_ms, visits.ended)
    served = np.where(visits.started == NEVER, ended, visits.started)
    return {
        stage: count_inside(visits.joined[rows], served[rows])
        for stage in plan.scenario.stages
        if (rows := at_work & (run.stage_of_visit == stage)).any()
    }


def oldest_age_h(run: Run, stage: str, moments_ms: Ints) -> NDArray[np.float64]:
    """At each moment, for how long the item that has waited longest for a stage has waited."""
    visits = run.records.visits
    rows = (run.plan.steps["kind"][visits.step] == Kind.WORK) & (run.stage_of_visit == stage)
    ended = np.where(visits.ended[rows] == NEVER, run.records.ended_ms, visits.ended[rows])
    served = np.where(visits.started[rows] == NEVER, ended, visits.started[rows])
    order = np.argsort(visits.joined[rows], kind="stable")
    joined, served = visits.joined[rows][order], served[order]
    # Who joined first and is still there: the first row whose service lies beyond the moment, among those joined.
    latest = np.maximum.accumulate(served)
    ages = np.zeros(len(moments_ms))
    first = np.searchsorted(latest, moments_ms, side="right")
    for position, (row, moment) in enumerate(zip(first, moments_ms, strict=True)):
        if row < len(joined) and joined[row] <= moment:
            ages[position] = (moment - joined[row]) / HOUR_MS
    return ages


def _stages(run: Run) -> Named:
    """Queue, oldest wait, and mean waiting and working time of those who came to each stage."""
    begin, end = run.window_ms
    hourly = np.arange(begin, end, HOUR_MS, dtype=np.int64)
    for stage, level in queue_levels(run).items():
        yield f"queue.{stage}.mean", Measure(level.mean(begin, end), "items")
        yield f"queue.{stage}.most", Measure(float(level.most(begin, end)), "items")
        yield f"oldest.{stage}.most", Measure(float(oldest_age_h(run, stage, hourly).max(initial=0.0)), "h")
    chosen = _of_window(run) & run.is_goods[run.records.visits.step] & (run.records.visits.ended != NEVER)
    for stage in run.plan.scenario.stages:
        rows = chosen & (run.stage_of_visit == stage)
        if not rows.any():
            continue
        waited = _per_visitor_h(run, rows, "queueing", "nobody")
        yield f"wait.{stage}.mean", Measure(float(waited.mean()), "h")
        yield f"wait.{stage}.p95", Measure(float(np.quantile(waited, 0.95, method="inverted_cdf")), "h")
        yield f"work.{stage}.mean", Measure(float(_per_visitor_h(run, rows, "working").mean()), "h")


def _of_window(run: Run) -> NDArray[np.bool_]:
    """By visit, whether its item came within the measured window."""
    begin, end = run.plan.scenario.clock.window_ms
    items = run.plan.items
    inside = (items.arrived >= begin) & (items.arrived < end) & ~items.backlog
    return np.asarray(inside[run.records.visits.item])


def _per_visitor_h(run: Run, rows: NDArray[np.bool_], *parts: str) -> NDArray[np.float64]:
    """Hours of some parts by item, over the visits chosen."""
    item, position = np.unique(run.records.visits.item[rows], return_inverse=True)
    spent = np.zeros(len(item), dtype=np.int64)
    for part in parts:
        np.add.at(spent, position, run.hours.parts[part][rows])
    return spent / HOUR_MS


def _people(run: Run) -> Named:
    """Busy over staffed time by team and by the hours of each shift; overtime apart."""
    begin, end = run.window_ms
    for key, team in run.teams.items():
        yield f"utilisation.{key}", Measure(_ratio(team.busy_h(begin, end), team.staffed_h(begin, end)), "share")
        yield f"overtime.{key}", Measure(team.overtime_h(begin, end) / run.days, "h/day")
        for shift, on_duty in shift_levels(run.plan, key).items():
            busy, staffed = _within(team, on_duty, begin, end)
            yield f"utilisation.{key}.{shift}", Measure(_ratio(busy, staffed), "share")


def shift_levels(plan: Plan, team: str) -> dict[str, Level]:
    """By shift of a team, 1 in its hours and 0 outside them."""
    scenario = plan.scenario
    described = scenario.teams[team]
    levels = {}
    for key, shift in described.shifts.items():
        changes = [
            change
            for _, midnight in described.days_worked(shift, scenario.clock.start, plan.end_ms)
            for begin, end in shift.pieces()
            for change in ((midnight + begin, 1), (midnight + end, -1))
        ]
        levels[key] = Level(*step_function(changes, plan.end_ms))
    return levels


def _within(team: Working, on_duty: Level, begin: int, end: int) -> tuple[float, float]:
    """Busy (overtime apart) and staffed person-hours while a shift is on duty."""
    times = np.unique(np.concatenate([[begin, end], team.staffed.times, team.busy.times, on_duty.times]))
    times = times[(times >= begin) & (times <= end)]
    lengths, at = np.diff(times), times[:-1]
    on = on_duty.at(at)
    regular = np.minimum(team.busy.at(at), team.staffed.at(at))
    return float((regular * on * lengths).sum()) / HOUR_MS, float((team.staffed.at(at) * on * lengths).sum()) / HOUR_MS


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else np.nan


def _stock(run: Run) -> Named:
    """Dock-to-stock of the consignments that arrived in the window."""
    plan, begin, end = run.plan, *run.plan.scenario.clock.window_ms
    flows = [plan.flow_keys.index(key) for key, flow in plan.scenario.flows.items() if flow.goods == "consignment"]
    items = plan.items
    chosen = np.isin(items.flow, flows) & ~items.backlog & (items.arrived >= begin) & (items.arrived < end)
    left, outcome = run.records.items.left[chosen], run.records.items.outcome[chosen]
    lost = (left != NEVER) & (outcome != Outcome.STOCKED)
    hours = np.where(left == NEVER, np.inf, (left - items.arrived[chosen]) / HOUR_MS)[~lost]
    yield from _distribution("dock_to_stock", hours)


def _inspections(run: Run) -> Named:
    """How often it was looked, how often something was found, what the second check found."""
    for key, stage in run.plan.scenario.stages.items():
        if isinstance(stage, Inspection):
            yield from _found(run, key, "documents", "physical", _with(run, run.steps(key, "correction")))
        if isinstance(stage, Customs):
            found = np.union1d(
                _with(run, run.steps(key, "amendment")),
                np.flatnonzero(np.isin(run.records.items.outcome, (Outcome.SEIZED, Outcome.DELETED))),
            )
            yield from _selected(run, key, stage, found)
        if isinstance(stage, Picking) and stage.mispick > 0:
            visits = run.records.visits
            picked = np.isin(visits.step, run.steps(key, "pick")) & _of_window(run)
            again = float((visits.attempt[picked] > 0).mean()) if picked.any() else np.nan
            yield f"picked_again.{key}", Measure(again, "share")
    visits = run.records.visits
    for stage_key in run.plan.scenario.stages:
        rounds = np.isin(visits.step, run.steps(stage_key, "retry")) & _of_window(run)
        tried = len(run.visitors(stage_key, "last_mile", "couriers"))
        if tried and rounds.any():
            failed = len(np.unique(visits.item[rounds]))
            yield f"first_attempt.{stage_key}", Measure(1 - failed / tried, "share")


def _selected(run: Run, key: str, stage: Customs, found: Ints) -> Named:
    """Realised selection and opening rates, and finds per opening, of the parcels that came to customs."""
    came = _passed_customs(run, key)
    first = "xray" if stage.mode == "xray_then_open" else "opening"
    selected, opened = run.visitors(key, first), run.visitors(key, "opening")
    if len(came):
        yield f"selected.{key}", Measure(len(selected) / len(came), "share")
        yield f"opened.{key}", Measure(len(opened) / len(came), "share")
    if len(opened):
        yield f"hit_rate.{key}", Measure(float(np.isin(opened, found).mean()), "share")


def _passed_customs(run: Run, key: str) -> Ints:
    """Orders of the window that came past the selection: they left the stage before, and were not lost there."""
    visits, plan = run.records.visits, run.plan
    came = [run.visitors(key, "meet", "opening", "xray", "national")]
    for flow in plan.scenario.flows.values():
        if key not in flow.route:
            continue
        after = flow.route[flow.route.index(key) + 1 :]
        later = np.isin(run.stage_of_visit, after) & _of_window(run)
        came.append(np.unique(visits.item[later]))
        if not after:
            done = np.flatnonzero(run.records.items.outcome == Outcome.DELIVERED)
            came.append(np.intersect1d(done, run.orders.item))
    everyone = np.unique(np.concatenate(came))
    return everyone[run.is_goods[plan.items.first_step[everyone]]]


def _found(run: Run, key: str, first: str, opened: str, found: Ints) -> Named:
    came, looked = run.visitors(key, first), run.visitors(key, opened)
    if len(came):
        yield f"inspected.{key}", Measure(len(looked) / len(came), "share")
    if len(looked):
        yield f"hit_rate.{key}", Measure(float(np.isin(looked, found).mean()), "share")


def _with(run: Run, steps: Ints) -> Ints:
    """Items that ever came to some steps."""
    return np.unique(run.records.visits.item[np.isin(run.records.visits.step, steps)])


def _documents(run: Run) -> Named:
    """First-pass yield of lists, and clearance time by channel.

    Clearance is the time for the documents to be accepted plus the time that the goods spend in customs
    beyond waiting for them. Channels: ``released`` at once, ``opened``, and ``list_returned`` (whatever
    happened to the goods).
    """
    visits, plan = run.records.visits, run.plan
    for key, stage in plan.scenario.stages.items():
        if not isinstance(stage, Customs) or stage.order_data is None:
            continue
        filed = run.visitors(key, "match")
        if not len(filed):
            continue
        returned = np.intersect1d(filed, _with(run, run.steps(key, "automatic", "clerks", "buyer")))
        yield f"first_pass_yield.{key}", Measure(1 - len(returned) / len(filed), "share")
        accepted = np.full(len(plan.items), NEVER, dtype=np.int64)
        meets = np.isin(visits.step, run.steps(key, "meet")) & ~run.is_goods[visits.step]
        accepted[visits.item[meets]] = visits.joined[meets]
        done = filed[accepted[filed] != NEVER]
        goods = plan.items.companion[done]
        inside = _inside_stage_ms(run, key)[goods]
        clearance = (accepted[done] - plan.items.arrived[done] + inside) / HOUR_MS
        opened = np.isin(goods, run.visitors(key, "opening"))
        was_returned = np.isin(done, returned)
        channels = {
            "released": ~opened & ~was_returned,
            "opened": opened & ~was_returned,
            "list_returned": was_returned,
        }
        for channel, members in channels.items():
            if members.any():
                yield f"clearance.{channel}.mean", Measure(float(clearance[members].mean()), "h")
                p95 = float(np.quantile(clearance[members], 0.95, method="inverted_cdf"))
                yield f"clearance.{channel}.p95", Measure(p95, "h")


def _inside_stage_ms(run: Run, key: str) -> Ints:
    """By item, the time of its ended visits to a stage, but for meeting its documents."""
    visits = run.records.visits
    rows = (run.stage_of_visit == key) & (visits.ended != NEVER)
    rows &= run.plan.steps["kind"][visits.step] != Kind.MEET
    spent = np.zeros(len(run.plan.items), dtype=np.int64)
    np.add.at(spent, visits.item[rows], (visits.ended - visits.joined)[rows])
    return spent


def _hours(run: Run) -> Named:
    """Mean hours of the orders that ended, by part; ``hours.rework`` is what of them went into later attempts."""
    orders = run.orders
    ended = orders.item[orders.left != NEVER]
    if not len(ended):
        return
    rows = np.isin(run.records.visits.item, ended)
    for part in PARTS:
        yield f"hours.{part}", Measure(float(run.hours.parts[part][rows].sum()) / len(ended) / HOUR_MS, "h")
    again = rows & (run.records.visits.attempt > 0)
    yield "hours.rework", Measure(float(run.hours.total()[again].sum()) / len(ended) / HOUR_MS, "h")


def _costs(run: Run) -> Named:
    """Money for each order placed: wages of the window, and what its own orders cost.

    Wages are paid for the staffed time, overtime at the overtime factor; a refund goes to every order that
    ended in any other way than delivered.
    """
    scenario, orders = run.plan.scenario, run.orders
    begin, end = run.window_ms
    if not len(orders):
        return
    teams = [(scenario.teams[key], team) for key, team in run.teams.items()]
    parts = {
        "wages": sum(team.wage * work.staffed_h(begin, end) for team, work in teams),
        "overtime": sum(team.wage * team.overtime_factor * work.overtime_h(begin, end) for team, work in teams),
        "opening": scenario.costs.opening * sum(_openings(run)),
        "courier": scenario.costs.courier * int((orders.dispatched != NEVER).sum()),
        "penalty": sum(
            promise.penalty * kept(promise, orders, run.plan, run.records.ended_ms).late_orders
            for promise in scenario.promises.values()
        ),
        "refund": scenario.costs.refund * int(((orders.left != NEVER) & (orders.outcome != Outcome.DELIVERED)).sum()),
    }
    if not any(parts.values()):
        return
    for name, money in parts.items():
        yield f"cost.{name}", Measure(money / len(orders), "money")
    yield "cost.per_order", Measure(sum(parts.values()) / len(orders), "money")


def _openings(run: Run) -> Iterator[int]:
    """How many parcels of the window were opened, stage by stage."""
    for key, stage in run.plan.scenario.stages.items():
        if isinstance(stage, Customs):
            yield len(run.visitors(key, "opening"))
