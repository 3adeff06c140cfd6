"""Every measure once more, as plain loops over the rows of a small run: slow, and easy to read against the definitions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from itertools import pairwise

import numpy as np

from sim.engine.records import NEVER, Records
from sim.plan.plan import Plan
from sim.plan.steps import Kind, Outcome
from sim.world.stages import Customs, Delivery, Inspection, Picking

HOUR = 3_600_000
DAY = 24 * HOUR
PARTS = ("working", "queueing", "nobody", "batch", "documents", "hold", "stock", "transit")
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Visit:
    """One visit with the names of its step; ``spells`` are its stretches of work: who worked, from, to."""

    key: str
    stage: str
    kind: int
    hours: str
    queue: int
    crew: int
    attempt: int
    joined: int
    started: int
    ended: int
    spells: tuple[tuple[int, int, int], ...]

    @property
    def name(self) -> str:
        return self.key.partition(".")[2]


@dataclass(frozen=True)
class Life:
    """All that happened to one item."""

    number: int
    flow: str
    arrived: int
    backlog: bool
    goods_class: str
    companion: int
    left: int
    outcome: int
    visits: tuple[Visit, ...]

    def came_to(self, stage: str, *names: str) -> bool:
        return any(visit.stage == stage and visit.name in names for visit in self.visits)

    def done_with(self, stage: str, *names: str) -> bool:
        return any(visit.stage == stage and visit.name in names and visit.ended != NEVER for visit in self.visits)


class Loop:
    """The measures of one run, worked out by loops."""

    def __init__(self, plan: Plan, records: Records) -> None:
        self.plan, self.records, self.scenario = plan, records, plan.scenario
        begin, end = plan.scenario.clock.window_ms
        self.placed = begin, end
        self.begin, self.end = begin, end
        self.days = (self.end - self.begin) / DAY
        self.lives = self._lives()
        self.orders = [life for life in self.lives if life.flow in self.scenario.order_flows and self.inside(life)]

    def inside(self, life: Life) -> bool:
        """Whether an item came in the window."""
        return not life.backlog and self.placed[0] <= life.arrived < self.placed[1]

    def _lives(self) -> list[Life]:
        plan, visits, spells = self.plan, self.records.visits, self.records.spells
        stretches = defaultdict(list)
        for row in range(len(spells)):
            key = int(spells.item[row]), int(spells.step[row]), int(spells.attempt[row])
            stretches[key].append((int(spells.team[row]), int(spells.begin[row]), int(spells.end[row])))
        rows = defaultdict(list)
        for row in range(len(visits)):
            item, step, attempt = int(visits.item[row]), int(visits.step[row]), int(visits.attempt[row])
            name, started, ended = plan.step_names[step], int(visits.started[row]), int(visits.ended[row])
            whole = [(int(visits.team[row]), started, ended)] if plan.steps[step]["team"] >= 0 <= started else []
            before = plan.steps[step]["kind"] == Kind.RESERVE or name.key.endswith(".lead_time")
            rows[item].append(
                Visit(
                    name.key, "" if before else name.stage, int(plan.steps[step]["kind"]), name.hours, int(plan.steps[step]["team"]),
                    int(plan.steps[step]["crew"]), attempt, int(visits.joined[row]), started, ended,
                    tuple(stretches.get((item, step, attempt), whole)),
                )
            )  # fmt: skip
        items, leavings = plan.items, self.records.items
        return [
            Life(
                number, plan.flow_keys[items.flow[number]], int(leavings.arrived[number]), bool(items.backlog[number]),
                plan.class_keys[items.goods_class[number]], int(items.companion[number]), int(leavings.left[number]),
                int(leavings.outcome[number]), tuple(rows[number]),
            )
            for number in range(len(items))
        ]  # fmt: skip

    def measures(self) -> dict[str, float]:
        """All of them by name."""
        groups = (
            self.order_times, self.promises, self.ends, self.throughput, self.stages, self.people, self.bulk,
            self.inspections, self.documents, self.where_the_hours_went, self.capital, self.costs,
            self.stock_of_orders, self.stock_of_skus, self.rates, self.trucks,
        )  # fmt: skip
        return {name: float(value) for group in groups for name, value in group()}

    # Orders ---------------------------------------------------------------------------------------------

    def dispatched(self, life: Life) -> int:
        """The truck, else the loading, else the end of all."""
        stages = [
            key for key in self.scenario.flows[life.flow].route if isinstance(self.scenario.stages[key], Delivery)
        ]
        stage = self.scenario.stages[stages[0]] if stages else None
        if isinstance(stage, Delivery) and (stage.trucks or stage.loading):
            name = "trucks" if stage.trucks else "loading"
            ends = [visit.ended for visit in life.visits if visit.key == f"{stages[0]}.{name}"]
            return ends[-1] if ends else NEVER
        return life.left if life.outcome == Outcome.DELIVERED else NEVER

    def reached(self, life: Life, to: str) -> int:
        """When an order was dispatched or delivered."""
        if to == "dispatched":
            return self.dispatched(life)
        return life.left if life.outcome == Outcome.DELIVERED else NEVER

    def order_times(self) -> Iterator[tuple[str, float]]:
        for name, to in (("delivery_time", "delivered"), ("order_cycle", "dispatched")):
            hours = []
            for life in self.orders:
                at = self.reached(life, to)
                if at != NEVER:
                    hours.append((at - life.arrived) / HOUR)
                elif life.left == NEVER:
                    hours.append(math.inf)
            yield from _distribution(name, hours)

    def promises(self) -> Iterator[tuple[str, float]]:
        for key, promise in self.scenario.promises.items():
            counts = {"on_time": 0, "late": 0, "unknown": 0}
            for life in self.orders:
                if promise.classes is None or life.goods_class in promise.classes:
                    counts[self.verdict(life, promise.to, life.arrived + promise.within)] += 1
            total = sum(counts.values())
            for name, count in counts.items():
                yield f"{name}.{key}", count / total if total else math.nan

    def verdict(self, life: Life, to: str, due: int) -> str:
        """Whether an order was on time."""
        at = self.reached(life, to)
        if at != NEVER:
            return "on_time" if at <= due else "late"
        if life.left != NEVER or due < self.records.ended_ms:
            return "late"
        return "unknown"

    def ends(self) -> Iterator[tuple[str, float]]:
        ended = [life for life in self.orders if life.left != NEVER]
        yield "unfinished", 1 - len(ended) / len(self.orders)
        rows = zip(self.plan.steps, self.plan.step_names, strict=True)
        ways = {int(row["outcome"]) for row, name in rows if name.flow in self.scenario.order_flows} - {NEVER}
        for way in ways:
            share = sum(life.outcome == way for life in ended) / len(self.orders)
            yield f"outcome.{Outcome(way).name.lower()}", share
        yield "in_full", _share(life.outcome == Outcome.DELIVERED for life in ended)

    # Stages ---------------------------------------------------------------------------------------------

    def goods(self) -> list[Life]:
        """All but documents and release forms."""
        return [life for life in self.lives if not life.flow.endswith((".documents", ".forms"))]

    def throughput(self) -> Iterator[tuple[str, float]]:
        yield "demand.per_day", len(self.orders) / self.days
        orders = [life for life in self.lives if life.flow in self.scenario.order_flows]
        for to in ("dispatched", "delivered"):
            yield f"throughput.{to}", sum(self.now(self.reached(life, to)) for life in orders) / self.days
        for stage in self.scenario.stages:
            left = [self.left_stage(life, stage) for life in self.goods()]
            yield f"throughput.{stage}", sum(self.now(moment) for moment in left) / self.days

    def left_stage(self, life: Life, stage: str) -> int:
        """When goods left a stage, or passed it without a visit; NEVER if they did neither."""
        own = [visit for visit in life.visits if visit.stage == stage]
        route = self.scenario.flows[life.flow].route
        if own or life.backlog or stage not in route:
            return own[-1].ended if own else NEVER
        later = route[route.index(stage) + 1 :]
        end = life.left if life.outcome in (Outcome.DELIVERED, Outcome.STOCKED) else NEVER
        return next((visit.joined for visit in life.visits if visit.stage in later), end)

    def now(self, moment: int) -> bool:
        """Whether a moment lies in the window."""
        return self.begin <= moment < self.end

    def stages(self) -> Iterator[tuple[str, float]]:
        for stage in self.scenario.stages:
            waits = [
                (visit.joined, self._served(visit))
                for life in self.lives
                for visit in life.visits
                if visit.stage == stage and visit.kind == Kind.WORK
            ]
            yield f"queue.{stage}.mean", _overlap(waits, self.begin, self.end) / (self.end - self.begin)
            moments = [self.begin, *(joined for joined, _ in waits if self.now(joined))]
            yield f"queue.{stage}.most", max(sum(a <= at < b for a, b in waits) for at in moments)
            hourly = range(self.begin, self.end, HOUR)
            ages = [max((at - a for a, b in waits if a <= at < b), default=0) for at in hourly]
            yield f"oldest.{stage}.most", max(ages) / HOUR
            yield from self._wait_and_work(stage)

    def _served(self, visit: Visit) -> int:
        ended = self.records.ended_ms if visit.ended == NEVER else visit.ended
        return ended if visit.started == NEVER else visit.started

    def _wait_and_work(self, stage: str) -> Iterator[tuple[str, float]]:
        waited, worked = [], []
        for life in self.goods():
            own = [self.parts(visit) for visit in life.visits if visit.stage == stage and visit.ended != NEVER]
            if own and self.inside(life):
                waited.append(sum(parts["queueing"] + parts["nobody"] for parts in own) / HOUR)
                worked.append(sum(parts["working"] for parts in own) / HOUR)
        if waited:
            yield f"wait.{stage}.mean", sum(waited) / len(waited)
            yield f"wait.{stage}.p95", _quantile(waited, 95)
            yield f"work.{stage}.mean", sum(worked) / len(worked)

    def parts(self, visit: Visit) -> dict[str, int]:
        """Milliseconds of an ended visit by part."""
        parts = dict.fromkeys(PARTS, 0)
        if visit.kind != Kind.WORK:
            parts[visit.hours] = visit.ended - visit.joined
            return parts
        ready = [visit.joined, *(end for _, _, end in visit.spells)]
        begun = [*(begin for _, begin, _ in visit.spells), visit.ended]
        for joined, started in zip(ready, begun, strict=True):
            nobody = sum(_overlap([closed], joined, started) for closed in self.closed[visit.queue])
            parts["nobody"] += nobody
            parts["queueing"] += started - joined - nobody
        parts["working"] = sum(end - begin for _, begin, end in visit.spells)
        return parts

    # People ---------------------------------------------------------------------------------------------

    @cached_property
    def heads(self) -> list[list[tuple[int, int, int]]]:
        """By team, stretches (from, to, people there)."""
        found = []
        for team in range(len(self.plan.teams)):
            rows = [(int(row["at"]), int(row["heads"])) for row in self.plan.staff if row["team"] == team]
            ends = [*(at for at, _ in rows[1:]), self.plan.end_ms]
            found.append([(at, end, heads) for (at, heads), end in zip(rows, ends, strict=True)])
        return found

    @cached_property
    def closed(self) -> list[list[Stretch]]:
        """By team, when nobody was there, nor at work in overtime."""
        found: list[list[Stretch]] = []
        for team, heads in enumerate(self.heads):
            stays = {int(row["at"]): int(row["stay"]) for row in self.plan.staff if row["team"] == team}
            found.append([])
            for begin, end, people in heads:
                overlapping = [(a, b) for a, b, _ in self.busy[team] if stays[begin] and a < end and b > begin]
                at_work = sorted((max(a, begin), min(b, end)) for a, b in overlapping)
                at = begin
                for first, last in at_work:
                    if people == 0 and at < min(first, end):
                        found[team].append((at, first))
                    at = max(at, last)
                if people == 0 and at < end:
                    found[team].append((at, end))
        return found

    @cached_property
    def busy(self) -> list[list[tuple[int, int, int]]]:
        """By team, stretches (from, to, people working)."""
        found: list[list[tuple[int, int, int]]] = [[] for _ in self.plan.teams]
        for life in self.lives:
            for visit in life.visits:
                for team, begin, end in visit.spells:
                    found[team].append((begin, self.records.ended_ms if end == NEVER else end, visit.crew))
        return found

    def worked(self, team: int, begin: int, end: int) -> tuple[float, float, float]:
        """Person-hours there, busy within the head-count, and busy beyond it, within a stretch."""
        changes = defaultdict(lambda: [0, 0])
        for which, stretches in enumerate((self.heads[team], self.busy[team])):
            for first, last, people in stretches:
                changes[min(max(first, begin), end)][which] += people
                changes[min(max(last, begin), end)][which] -= people
        there = busy = at = 0
        sums = [0, 0, 0]
        for moment in sorted(changes):
            for which, people in enumerate((there, min(busy, there), max(busy - there, 0))):
                sums[which] += people * (moment - at)
            at, there, busy = moment, there + changes[moment][0], busy + changes[moment][1]
        return sums[0] / HOUR, sums[1] / HOUR, sums[2] / HOUR

    def people(self) -> Iterator[tuple[str, float]]:
        for number, key in enumerate(self.plan.team_keys):
            there, busy, beyond = self.worked(number, self.begin, self.end)
            yield f"utilisation.{key}", busy / there if there else math.nan
            yield f"overtime.{key}", beyond / self.days
            team = self.scenario.teams[key]
            for name, shift in team.shifts.items():
                sums = np.zeros(3)
                for _, midnight in team.days_worked(shift, self.scenario.clock.start, self.plan.end_ms):
                    for begin, end in shift.pieces():
                        first, last = max(midnight + begin, self.begin), min(midnight + end, self.end)
                        if first < last:
                            sums += self.worked(number, first, last)
                yield f"utilisation.{key}.{name}", sums[1] / sums[0] if sums[0] else math.nan

    # The trade ------------------------------------------------------------------------------------------

    def bulk(self) -> Iterator[tuple[str, float]]:
        hours = []
        for life in self.goods():
            flow = self.scenario.flows[life.flow]
            if flow.goods != "consignment" or life.backlog:
                continue
            way = [visit.ended for visit in life.visits if visit.key == f"{flow.route[0]}.lead_time"]
            docked = life.arrived if flow.lead_time is None else way[0] if way else NEVER
            if self.now(docked):
                if life.outcome == Outcome.STOCKED:
                    hours.append((life.left - docked) / HOUR)
                elif life.left == NEVER:
                    hours.append(math.inf)
        yield from _distribution("dock_to_stock", hours)

    def inspections(self) -> Iterator[tuple[str, float]]:
        own = [life for life in self.lives if self.inside(life)]
        for key, stage in self.scenario.stages.items():
            if isinstance(stage, Inspection):
                came = [life for life in own if life.came_to(key, "documents")]
                yield f"inspected.{key}", _share(life.came_to(key, "physical") for life in came)
                looked = [life for life in came if life.done_with(key, "physical")]
                yield f"hit_rate.{key}", _share(_found(life, key) for life in looked)
            elif isinstance(stage, Customs):
                came = [life for life in own if self.selected_or_not(life, key)]
                first = "xray" if stage.mode == "xray_then_open" else "opening"
                yield f"selected.{key}", _share(life.came_to(key, first) for life in came)
                yield f"opened.{key}", _share(life.came_to(key, "opening") for life in came)
                looked = [life for life in came if life.done_with(key, "opening")]
                caught = (Outcome.SEIZED, Outcome.DELETED)
                found = {id(x) for x in self.lives if x.came_to(key, "amendment") or x.outcome in caught}
                yield f"failures.per_parcel.{key}", _share(id(x) in found for x in came)
                yield f"failures.per_opened_parcel.{key}", _share(id(x) in found for x in looked)
                images = [life for life in came if life.done_with(key, "image")]
                yield f"failures.per_image.{key}", _share(id(x) in found for x in images)
                samples = [life for life in came if life.done_with(key, "national")]
                yield f"failures.per_sample.{key}", _share(x.outcome == Outcome.DESTROYED for x in samples)
            elif isinstance(stage, Picking) and stage.mispick > 0:
                picked = [visit for life in own for visit in life.visits if visit.key == f"{key}.pick"]
                yield f"picked_again.{key}", _share(visit.attempt > 0 for visit in picked)
            elif isinstance(stage, Delivery) and stage.attempt_fails > 0:
                tried = [life for life in own if life.done_with(key, "couriers" if stage.couriers else "last_mile")]
                missed = [life.came_to(key, "retry") or life.outcome == Outcome.RETURNED for life in tried]
                yield f"first_attempt.{key}", 1 - _share(missed)

    def selected_or_not(self, life: Life, key: str) -> bool:
        """Whether goods came to the selection of a customs stage."""
        if life.flow.endswith((".documents", ".forms")) or key not in self.scenario.flows[life.flow].route:
            return False
        route = self.scenario.flows[life.flow].route
        later = route[route.index(key) + 1 :]
        beyond = any(v.stage in later or (v.stage == key and v.kind != Kind.MEET) for v in life.visits)
        return beyond or life.outcome in (Outcome.DELIVERED, Outcome.STOCKED)

    def documents(self) -> Iterator[tuple[str, float]]:
        for key, stage in self.scenario.stages.items():
            if not isinstance(stage, Customs) or stage.order_data is None:
                continue
            own = [life for life in self.lives if life.flow.endswith(".documents") and self.inside(life)]
            filed = [life for life in own if life.done_with(key, "match")]
            yield f"first_pass_yield.{key}", 1 - _share(_returned(life, key) for life in filed)
            channels: dict[str, list[float]] = {"released": [], "opened": [], "list_returned": []}
            for life in filed:
                goods = self.lives[life.companion]
                meets = [visit.joined for visit in life.visits if visit.name == "meet"]
                if meets and self.selected_or_not(goods, key):
                    opened = "opened" if goods.came_to(key, "opening") else "released"
                    channel = "list_returned" if _returned(life, key) else opened
                    channels[channel].append((meets[-1] - life.arrived + _in_customs(goods, key)) / HOUR)
            for channel, hours in channels.items():
                if hours:
                    yield f"clearance.{channel}.mean", _mean_of_finite(hours)
                    yield f"clearance.{channel}.p95", _quantile(hours, 95)

    def stock_of_orders(self) -> Iterator[tuple[str, float]]:
        asked = [visit for life in self.orders for visit in life.visits if visit.key == "stock.reserve"]
        if not asked:
            return
        yield "fill_rate", _share(visit.started == visit.joined for visit in asked)
        yield "stock_wait.share", _share(visit.started != visit.joined for visit in asked)
        yield "lost_for_stock", _share(visit.started == NEVER and visit.ended != NEVER for visit in asked)
        late = [v for v in asked if v.started != v.joined and (v.started != NEVER or v.ended == NEVER)]
        hours = [math.inf if visit.started == NEVER else (visit.started - visit.joined) / HOUR for visit in late]
        if hours:
            yield "stock_wait.mean", _mean_of_finite(hours)
            yield "stock_wait.p95", _quantile(hours, 95)

    def stock_of_skus(self) -> Iterator[tuple[str, float]]:
        stock, plan = self.records.stock, self.plan
        if self.scenario.stock is None:
            return
        midnight = (
            self.scenario.clock.start - datetime.combine(self.scenario.clock.start.date(), time())
        ).seconds * 1000
        every_day = range((self.begin + midnight) // DAY, (self.end - 1 + midnight) // DAY + 1)
        free_area = held_area = 0
        short_days, first_short = set(), math.nan
        for sku, row in enumerate(plan.stock.skus):
            own = [number for number in range(len(stock)) if stock.sku[number] == sku]
            points = [(0, int(row["on_hand"]), 0, 0)] + [
                (int(stock.at[n]), int(stock.free[n]), int(stock.reserved[n]), int(stock.short[n])) for n in own
            ]
            ends = [*(point[0] for point in points[1:]), max(self.end, self.records.ended_ms)]
            for (at, free, reserved, short), end in zip(points, ends, strict=True):
                lasts = _overlap([(at, end)], self.begin, self.end)
                free_area, held_area = free_area + free * lasts, held_area + reserved * lasts
                if short and at < min(end, self.records.ended_ms):
                    first_short = at / HOUR if math.isnan(first_short) else min(first_short, at / HOUR)
                    for day in every_day:
                        begins, finishes = (
                            max(day * DAY - midnight, self.begin),
                            min((day + 1) * DAY - midnight, self.end),
                        )
                        if max(begins, at) < min(finishes, end, self.records.ended_ms):
                            short_days.add((sku, day))
        yield "stock_out.any", bool(short_days)
        yield "stock_out.skus", len({sku for sku, _ in short_days})
        yield "stock_out.sku_days", len(short_days) / len(plan.stock.skus) / len(every_day)
        yield "stock_out.first", first_short
        yield "stock.units", (free_area + held_area) / (self.end - self.begin)
        expected = 0.0
        for flow in self.scenario.flows.values():
            if flow.from_stock is not None and flow.arrivals.poisson is not None:
                edges, rate = flow.arrivals.poisson.rate(self.scenario.clock.start, self.scenario.clock.length)
                orders = sum(per_ms * (b - a) for per_ms, (a, b) in zip(rate, pairwise(edges), strict=True))
                expected += orders * flow.lines.mean * flow.units_per_line.mean
        per_day = expected / self.scenario.clock.length * DAY
        yield "stock.cover", free_area / (self.end - self.begin) / per_day if per_day else math.nan

    def rates(self) -> Iterator[tuple[str, float]]:
        records = self.records.rates
        for step, row in zip(self.plan.step_names, self.plan.steps, strict=True):
            if row["follow"] != NEVER and step.key.endswith(".select"):
                area, now, since = 0, 0, 0
                for at, rate, ppm in zip(records.at, records.rate, records.ppm, strict=True):
                    if rate == row["rate"]:
                        area += now * _overlap([(since, int(at))], self.begin, self.end)
                        now, since = int(ppm), int(at)
                area += now * _overlap([(since, self.end)], self.begin, self.end)
                yield f"selection_rate.{step.stage}.{step.flow}.last", now / 1e6
                yield f"selection_rate.{step.stage}.{step.flow}.mean", area / (self.end - self.begin) / 1e6

    def trucks(self) -> Iterator[tuple[str, float]]:
        for flow in (key for key in self.plan.flow_keys if key.endswith(".forms")):
            stage = flow.removesuffix(".forms")
            forms = [life for life in self.lives if life.flow == flow and self.inside(life)]
            held = [life for life in forms if any(v.key == f"{stage}.form_opening" for v in life.visits)]
            yield f"truck_selected.{stage}", len(held) / len(forms) if forms else math.nan
            hours = [math.inf if life.left == NEVER else (life.left - life.arrived) / HOUR for life in held]
            if hours:
                yield f"truck_held.{stage}.mean", _mean_of_finite(hours)
                yield f"truck_held.{stage}.p95", _quantile(hours, 95)

    def where_the_hours_went(self) -> Iterator[tuple[str, float]]:
        ended = [life for life in self.orders if life.left != NEVER]
        sums, again = dict.fromkeys(PARTS, 0), 0
        for life in ended:
            for visit in life.visits:
                for name, spent in self.parts(visit).items():
                    sums[name] += spent
                again += visit.ended - visit.joined if visit.attempt > 0 else 0
        for name, spent in (*sums.items(), ("rework", again)):
            yield f"hours.{name}", spent / len(ended) / HOUR

    def tied(self, life: Life) -> float:
        """Value times hours for which it is tied up."""
        until = self.records.ended_ms if life.left == NEVER else life.left
        cover = self.scenario.flows[life.flow].stock_cover
        return float(self.plan.items.value[life.number]) * (cover + until - life.arrived) / HOUR

    def capital(self) -> Iterator[tuple[str, float]]:
        tied = sum(self.tied(life) for life in self.orders)
        yield "capital.tied_up", tied / 24 / self.days
        yield "capital.time", tied / sum(float(self.plan.items.value[life.number]) for life in self.orders)

    def costs(self) -> Iterator[tuple[str, float]]:
        prices, parts = (
            self.scenario.costs,
            dict.fromkeys(("wages", "overtime", "opening", "courier", "penalty", "refund", "freight", "interest"), 0.0),
        )
        for number, key in enumerate(self.plan.team_keys):
            team, (there, _, beyond) = self.scenario.teams[key], self.worked(number, self.begin, self.end)
            parts["wages"] += team.wage * there
            parts["overtime"] += team.wage * team.overtime_factor * beyond
        for key, stage in self.scenario.stages.items():
            if isinstance(stage, Customs):
                opened = sum(life.came_to(key, "opening") for life in self.lives if self.inside(life))
                parts["opening"] += prices.opening * opened
        for life in self.orders:
            parts["courier"] += prices.courier * (self.dispatched(life) != NEVER)
            parts["freight"] += prices.freight
            parts["interest"] += prices.interest * self.tied(life) / (365 * 24)
            parts["refund"] += prices.refund * (life.left != NEVER and life.outcome != Outcome.DELIVERED)
            for promise in self.scenario.promises.values():
                if promise.classes is None or life.goods_class in promise.classes:
                    late = self.verdict(life, promise.to, life.arrived + promise.within) == "late"
                    parts["penalty"] += promise.penalty * late
        if any(parts.values()):
            for name, money in (*parts.items(), ("per_order", sum(parts.values()))):
                yield f"cost.{name}", money / len(self.orders)


def _distribution(name: str, hours: list[float]) -> Iterator[tuple[str, float]]:
    if hours:
        yield f"{name}.mean", _mean_of_finite(hours)
        for percent in (50, 90, 95, 99):
            yield f"{name}.p{percent}", _quantile(hours, percent)


def _mean_of_finite(hours: list[float]) -> float:
    finite = [value for value in hours if math.isfinite(value)]
    return sum(finite) / len(finite) if finite else math.nan


def _quantile(values: list[float], percent: int) -> float:
    """The smallest value that at least ``percent`` of a hundred do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def _share(values: Iterable[bool]) -> float:
    values = list(values)
    return sum(values) / len(values) if values else math.nan


def _overlap(stretches: list[Stretch], begin: int, end: int) -> int:
    return sum(max(0, min(b, end) - max(a, begin)) for a, b in stretches)


def _found(life: Life, key: str) -> bool:
    """Whether a physical inspection was followed by a correction."""
    keys = [visit.key for visit in life.visits]
    return any(a == f"{key}.physical" and b == f"{key}.correction" for a, b in pairwise(keys))


def _returned(life: Life, key: str) -> bool:
    return life.came_to(key, "automatic", "clerks", "buyer") or life.outcome == Outcome.REJECTED


def _in_customs(goods: Life, key: str) -> float:
    """How long goods spent in customs beyond the meeting; without end for those still there."""
    own = [visit for visit in goods.visits if visit.stage == key and visit.kind != Kind.MEET]
    return math.inf if any(visit.ended == NEVER for visit in own) else sum(v.ended - v.joined for v in own)
