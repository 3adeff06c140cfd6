"""The specification: what a Plan means, as SimPy processes that one can read, step through and check by hand.

It aims at clarity; the fast engine must return the same Records, row by row. An instant has two halves:

1. *Settle.* Rates change (dated changes first, then what midnight makes of a seller's record); then everything
   due happens (work, waits and patience end, items arrive and move on, stock is put away); last, head-counts
   change. Within each of the three the order makes no difference, because work, gates, meetings and stores never
   let an item pass while things settle.
2. *Dispatch.* In rounds, gates, meetings and stores decide on what waited in them when the round began, and the
   released move on, until a round releases nothing. Then teams start work, once; who stayed in overtime and
   found nothing to do goes home; last, reorder points are looked at.

SimPy handles events of one instant by priority and then in the order of scheduling; the priorities below
are the two halves.
"""

from __future__ import annotations

import gc
import heapq
from array import array
from bisect import insort
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import simpy
from simpy.events import Event

from sim.engine.followers import Follower
from sim.engine.records import (
    NEVER,
    Leavings,
    Records,
    Spells,
    StockLevels,
    Visits,
    ended_ms,
    rates_until,
    sorted_by_item,
    sorted_by_sku,
    too_few_lots,
)
from sim.engine.stores import Reservation, Store
from sim.plan.plan import (
    DUE_DATE,
    FIRST_COME,
    NONE,
    NOT_YET,
    PAUSE,
    PER_MILLE,
    PRIORITY,
    Plan,
    StepRow,
    at_speed,
    opens_until,
)
from sim.plan.steps import Kind

# SimPy's own events are due at priority 1, and its processes begin at 0.
RATES, MIDNIGHT, DUE, HEADS, DISPATCH = -1, 0, 1, 2, 3
PROGRESS_STEPS = 100
FOREVER = 2**62
Journey = Generator[Event, Any, int]
Progress = Callable[[float], None]

Place = tuple[int, int, int, int, "Job"]
"""In a queue: 0 if paused, else 1; rank; time of joining (paused: of the first start); item; and the job itself."""


class Job:
    """One visit of an item to a team's queue, until it is served or gives up."""

    started = begun = due = NEVER
    speed = PER_MILLE
    spells = 0
    first_team = NONE
    server: Team | None = None
    gave_up = False

    def __init__(
        self, item: int, number: int, step: StepRow, attempt: int, work_ms: int, joined: int, done: Event
    ) -> None:
        self.item, self.step, self.attempt, self.crew = item, number, attempt, step.crew
        self.joined, self.remaining, self.done = joined, work_ms, done


class Team:
    """Staff with one strict queue: (paused first, priority or due date, time joined, item number)."""

    def __init__(self, floor: Floor, number: int, pauses: bool, speed: int, rank: Any) -> None:
        self.floor, self.number, self.pauses, self.speed, self.rank = floor, number, pauses, speed, rank
        self.heads = self.may_start = self.busy = self.overtime = self.planned = 0
        self.queue: list[Place] = []
        self.in_hand: dict[int, Job] = {}
        self.helpers: tuple[Team, ...] = ()

    def join(self, job: Job) -> None:
        """A new job at its place in the queue."""
        rank = 0 if self.rank is None else self.rank[job.item]
        heapq.heappush(self.queue, (1, rank, job.joined, job.item, job))
        self.floor.look_at(self)

    def give_up(self, job: Job) -> None:
        """Patience ends; it counts only while nobody has begun the job."""
        if job.started == NEVER:
            job.gave_up = True
            job.done.succeed(False)
            self.floor.look_at(self)

    def release(self, job: Job) -> None:
        """A job of this team's is done; its staff are free."""
        del self.in_hand[job.item]
        self.busy -= job.crew
        if job.spells:
            self.floor.write_spell(job, self.floor.env.now)
        self.floor.look_at(self)

    def set_heads(self, heads: int, may_start: int, stay: int, speed: int) -> None:
        """Another head-count; of those whose shift ends some may stay; under ``pause``, the latest started stop."""
        self.overtime = min(stay, self.overtime + max(0, self.planned - heads))
        self.planned = heads
        self.heads, self.may_start = heads + self.overtime, may_start + self.overtime
        self.speed = self.speed if speed == NONE else speed
        while self.pauses and self.busy > self.heads:
            self._pause(max(self.in_hand.values(), key=lambda job: (job.started, job.item)))
        self.floor.look_at(self)

    def go_home(self) -> None:
        """Who stayed in overtime and found nothing to do leaves."""
        leaving = min(self.overtime, max(0, self.heads - self.busy))
        self.overtime -= leaving
        self.heads -= leaving
        self.may_start -= leaving

    def _pause(self, job: Job) -> None:
        """Stop a job; it goes to the head of its own queue with what is left to do."""
        now = self.floor.env.now
        del self.in_hand[job.item]
        self.busy -= job.crew
        self.floor.write_spell(job, now)
        job.spells += 1
        job.remaining = job.due - now
        # The event of the old end cannot be taken back: whoever waits on it now waits on a new one.
        waiting, job.done.callbacks = job.done.callbacks, []
        job.done = self.floor.env.event()
        job.done.callbacks = waiting
        home = self.floor.teams[self.floor.steps[job.step].team]
        heapq.heappush(home.queue, (0, 0, job.started, job.item, job))
        self.floor.look_at(home)

    def first(self) -> Job | None:
        """The head of the queue, past those who gave up."""
        queue = self.queue
        while queue and queue[0][-1].gave_up:
            heapq.heappop(queue)
        return queue[0][-1] if queue else None

    def can_take(self, job: Job) -> bool:
        """Whether enough staff are free; a paused job is not new, so ``last_start`` does not hold it."""
        return self.busy + job.crew <= (self.may_start if job.started == NEVER else self.heads)

    def serve_own(self) -> None:
        """Start from the head of the queue; if the head cannot start, nobody behind it passes."""
        while self.queue and (job := self.first()) is not None and self.can_take(job):
            heapq.heappop(self.queue)
            self.start(job)

    def start(self, job: Job) -> None:
        """Begin or resume a job with this team's staff, at this team's speed."""
        now = self.floor.env.now
        if job.speed != self.speed:
            job.remaining, job.speed = at_speed(job.remaining, job.speed, self.speed), self.speed
        job.server, job.begun, job.due = self, now, now + job.remaining
        if job.started == NEVER:
            job.started, job.first_team = now, self.number
        self.in_hand[job.item] = job
        self.busy += job.crew
        # ``Event.succeed`` could only let it happen now, and with one priority.
        job.done._ok = job.done._value = True
        self.floor.env.schedule(job.done, DUE, job.remaining)

    def able_helper(self) -> Team | None:
        """The first helping team that could take the head of this queue."""
        job = self.first()
        return None if job is None else next((team for team in self.helpers if team.can_take(job)), None)


class Gate:
    """Holds items until a departure, a full batch, or the end of the longest hold."""

    def __init__(self, full: int, longest_hold: int) -> None:
        self.full, self.longest_hold = full, longest_hold
        self.capacity = 0
        self.form = NONE
        self.waiting: list[tuple[int, int, Event]] = []

    def decide(self, now: int, form_of: dict[int, int]) -> list[Event]:
        """Who may go in this round, of those who wait at its start; who leaves with a truck shares its release form."""
        count = min(self.capacity, len(self.waiting))
        self.capacity -= count
        form_of.update({item: self.form for _, item, _ in self.waiting[:count]} if self.form != NONE else {})
        if self.full != NONE:
            count += (len(self.waiting) - count) // self.full * self.full
        if self.longest_hold != NONE and count < len(self.waiting):
            oldest = self.waiting[count][0]
            count = len(self.waiting) if now - oldest >= self.longest_hold else count
        released = [ticket for _, _, ticket in self.waiting[:count]]
        del self.waiting[:count]
        return released


class Floor:
    """One run of a Plan: its clock, teams, gates, rates, and the items inside.

    Another environment than SimPy's own may be given: one to step through, or one that shuffles what is due together.
    """

    def __init__(self, plan: Plan, env: Any = None) -> None:
        self.plan = plan
        self.env: Any = simpy.Environment() if env is None else env  # SimPy's clock may be a float, ours never is
        self.steps = [StepRow(*row.item()) for row in plan.steps]
        self.walk: dict[int, Callable[[int, int, StepRow], Journey]] = {
            Kind.WORK: self.work, Kind.WAIT: self.wait, Kind.GATE: self.gate, Kind.MEET: self.meet,
            Kind.RESERVE: self.reserve,
        }  # fmt: skip
        self.passed: dict[int, Callable[[int, StepRow], int]] = {
            Kind.BRANCH: self.branch, Kind.PUT: self.put, Kind.TAKE: self.take,
        }  # fmt: skip
        items = plan.items
        # Views give Python's own whole numbers without keeping a list of them.
        self.index: memoryview[int] = memoryview(items.index.data)
        self.goods_class: memoryview[int] = memoryview(items.goods_class.data)
        self.companion: memoryview[int] = memoryview(items.companion.data)
        self.draws: memoryview[int] = memoryview(plan.draws.data)
        ranks: dict[int, Any] = {
            FIRST_COME: None, PRIORITY: memoryview(items.priority.data), DUE_DATE: memoryview(items.due.data),
        }  # fmt: skip
        self.teams = [
            Team(self, number, row["at_shift_end"] == PAUSE, int(row["speed"]), ranks[int(row["order"])])
            for number, row in enumerate(plan.teams)
        ]
        for team, helpers in zip(self.teams, plan.helpers, strict=True):
            team.helpers = tuple(self.teams[number] for number in helpers)
        self.helped = [team for team in self.teams if team.helpers]
        self.gates = [Gate(int(row["full"]), int(row["longest_hold"])) for row in plan.gates]
        self.rates = [0] * plan.n_rates
        self.followers = [Follower(row) for row in plan.follows]
        self.follower_of = {follower.rate: follower for follower in self.followers}
        self.stores = [Store(number, row, self.touch) for number, row in enumerate(plan.stock.skus)]
        self.calendars = [
            plan.calendars[plan.calendars["calendar"] == n] for n in range(int(plan.steps["calendar"].max()) + 1)
        ]
        self.slots = plan.slots
        self.counts = array("H", bytes(2 * plan.slots * len(items)))
        self.reached = array("h", bytes(2 * len(items)))
        self.at_meeting: dict[int, tuple[int, Event]] = {}
        self.form_of: dict[int, int] = {}
        self.wait_for_form: dict[int, set[int]] = {}
        self.brings: dict[int, list[tuple[Store, int]]] = {}
        self.holds: dict[int, list[tuple[Store, int]]] = {}
        self.reserving: dict[int, Reservation] = {}
        self.left, self.outcome = array("q", [NEVER]) * len(items), array("q", [NONE]) * len(items)
        self.called: dict[int, int] = {}
        self.visits, self.spells, self.rate_rows, self.stock_rows = array("q"), array("q"), array("q"), array("q")
        self.inside: dict[int, tuple[int, int, int, Job | None]] = {}
        self.patience: list[tuple[int, int, int, int]] = []
        self.patience_watched = FOREVER
        self.awake = False
        self.stirred_teams: dict[int, Team] = {}
        self.stirred_meetings: set[int] = set()
        self.stirred_stores: dict[int, Store] = {}
        self.touched_stores: dict[int, Store] = {}

    def run(self, progress: Progress | None = None) -> Records:
        """Run to the end and return what happened."""
        self.begin()
        for stop in sorted({-(-self.plan.end_ms * step // PROGRESS_STEPS) for step in range(1, PROGRESS_STEPS + 1)}):
            self.env.run(until=stop)
            if progress is not None:
                progress(stop / self.plan.end_ms)
        return self.records()

    def begin(self) -> None:
        """Set everything going; nothing has happened yet."""
        self.follow(self.plan.rates, RATES, self.change_rate)
        self.follow(self.plan.midnights, MIDNIGHT, self.midnight)
        self.env.process(self.arrivals())
        self.follow(self.plan.staff, HEADS, self.change_heads)
        self.follow(self.plan.departures, DUE, self.depart)

    # What an item does -------------------------------------------------------------------------------

    def arrivals(self) -> Generator[Event, Any, None]:
        """Items arrive in the order of the Plan and set out on their way."""
        firsts: Any = memoryview(self.plan.items.first_step.data)
        for item, at in enumerate(self.plan.items.arrived.tolist()):
            if at == NOT_YET:
                return
            if at > self.env.now:
                yield self.env.timeout(at - self.env.now)
            self.env.process(self.journey(item, firsts[item]))

    def journey(self, item: int, number: int) -> Generator[Event, Any, None]:
        """One item's life: step after step, until it leaves."""
        if self.steps[number].brings != NONE and item not in self.called:
            self.bring(item)
        while True:
            step = self.steps[number]
            if step.kind in self.walk:
                number = yield from self.walk[step.kind](item, number, step)
            elif step.kind in self.passed:
                number = self.passed[step.kind](item, step)
            else:
                self.leave(item, step)
                return

    def work(self, item: int, number: int, step: StepRow) -> Journey:
        """Join a team's queue; be served, or give up."""
        now, attempt = self.env.now, self.count(item, step.visit_slot)
        job = Job(item, number, step, attempt, self.drawn(item, step, attempt), now, Event(self.env))
        self.inside[item] = (number, attempt, now, job)
        team = self.teams[step.team]
        team.join(job)
        if step.patience != NONE:
            heapq.heappush(self.patience, (now + self.drawn_patience(item, step, attempt), item, number, now))
            self.watch_patience()
        served = yield job.done
        if served:
            assert job.server is not None
            job.server.release(job)
        del self.inside[item]
        self.visits.extend((item, number, attempt, job.first_team, now, job.started, self.env.now))
        return step.next if served else step.target

    def watch_patience(self) -> None:
        """See that something happens when the first patience ends; an event for each would cost most of the memory."""
        if self.patience and self.patience[0][0] < self.patience_watched:
            self.patience_watched = self.patience[0][0]
            self.after(self.patience_watched - self.env.now, DUE, self.lose_patience)

    def lose_patience(self, _: Event) -> None:
        """Patience ends: whoever still is where it was when it began to wait may give up."""
        while self.patience and self.patience[0][0] <= self.env.now:
            _ends, item, number, joined = heapq.heappop(self.patience)
            here = self.inside.get(item)
            if here is None or (here[0], here[2]) != (number, joined):
                continue
            if here[3] is not None:
                self.teams[self.steps[number].team].give_up(here[3])
            else:
                self.reserving[item].give_up()
        self.patience_watched = FOREVER
        self.watch_patience()

    def wait(self, item: int, number: int, step: StepRow) -> Journey:
        """Let time pass, by the clock or only while a calendar is open."""
        now, attempt = self.env.now, self.count(item, step.visit_slot)
        self.inside[item] = (number, attempt, now, None)
        wait_ms = self.drawn(item, step, attempt)
        if step.calendar != NONE:
            calendar = self.calendars[step.calendar]
            until = opens_until(calendar["begin"], calendar["end"], calendar["open_before"], now, wait_ms)
            if until == NONE:
                yield self.env.event()  # it does not open long enough before the run ends
            wait_ms = until - now
        yield self.env.timeout(wait_ms)
        self.write_visit(item, self.env.now)
        return step.next

    def gate(self, item: int, number: int, step: StepRow) -> Journey:
        """Be held at a gate."""
        now, gate = self.env.now, self.gates[step.gate]
        self.inside[item] = (number, self.count(item, step.visit_slot), now, None)
        ticket = self.env.event()
        insort(gate.waiting, (now, item, ticket))
        self.wake()
        if gate.longest_hold != NONE:
            self.after(gate.longest_hold, DUE, self.wake)
        yield ticket
        self.write_visit(item, self.env.now)
        return step.next

    def meet(self, item: int, number: int, step: StepRow) -> Journey:
        """Wait until the companion has come as far, or, without a mark, until the truck's release form has left.

        A companion that left counts as having come as far.
        """
        now = self.env.now
        self.inside[item] = (number, self.count(item, step.visit_slot), now, None)
        ticket = self.env.event()
        self.at_meeting[item] = (step.mark, ticket)
        if step.mark == NONE:
            if item in self.form_of:
                self.wait_for_form.setdefault(self.form_of[item], set()).add(item)
            self.stirred_meetings.add(item)
            self.wake()
        else:
            self.reached[item] = max(self.reached[item], step.mark)
            self.stir_meeting(item)
        together = yield ticket
        self.write_visit(item, self.env.now)
        return step.next if together or step.target == NONE else step.target

    def reserve(self, item: int, number: int, step: StepRow) -> Journey:
        """Wait until every line is granted, or patience ends."""
        now, attempt = self.env.now, self.count(item, step.visit_slot)
        self.inside[item] = (number, attempt, now, None)
        reservation = Reservation(item, self.lines_of(item), self.env.event())
        self.reserving[item] = reservation
        for line, (store, units) in enumerate(reservation.wanted):
            store.ask(line, units, now, reservation)
        if step.patience != NONE:
            heapq.heappush(self.patience, (now + self.drawn_patience(item, step, attempt), item, number, now))
            self.watch_patience()
        granted = yield reservation.ticket
        del self.inside[item], self.reserving[item]
        if granted:
            self.holds[item] = reservation.wanted
        self.visits.extend((item, number, attempt, NONE, now, self.env.now if granted else NEVER, self.env.now))
        return step.next if granted else step.target

    def take(self, item: int, step: StepRow) -> int:
        """What was reserved for the item leaves the stock."""
        for store, units in self.holds.pop(item, ()):
            store.move(reserved=-units)
        return step.next

    def put(self, item: int, step: StepRow) -> int:
        """What the item brings is in stock."""
        for store, units in self.brings.pop(item, ()):
            store.move(free=units, on_order=-units)
        return step.next

    def bring(self, item: int) -> None:
        """From its arrival on, what an item brings is on order."""
        self.brings[item] = self.lines_of(item)
        for store, units in self.brings[item]:
            store.move(on_order=units)

    def lines_of(self, item: int) -> list[tuple[Store, int]]:
        """What an item takes out of stock, or brings: store and units of each line."""
        stock = self.plan.stock
        return [(self.stores[stock.lines["sku"][row]], int(stock.lines["units"][row])) for row in stock.lines_of(item)]

    def branch(self, item: int, step: StepRow) -> int:
        """Go where the item's number and the rate in force send it."""
        number = self.drawn(item, step, self.count(item, step.visit_slot))
        rate = self.rates[step.rate + (self.goods_class[item] if step.rate_by_class else 0)]
        if number >= rate:
            return step.next
        if step.follow != NONE:
            self.followers[step.follow].count(step.counts_as)
        taken = self.count(item, step.taken_slot) + 1
        return step.exhausted if NONE != step.at_most <= taken else step.target

    def leave(self, item: int, step: StepRow) -> None:
        """Leave with an outcome; a companion that waits need wait no longer."""
        self.left[item], self.outcome[item] = self.env.now, step.outcome
        for store, units in self.holds.pop(item, ()):
            store.move(free=units, reserved=-units)
        for store, units in self.brings.pop(item, ()):
            store.move(on_order=-units)
        if self.companion[item] != NONE:
            self.stir_meeting(item)
        if item in self.wait_for_form:
            self.stirred_meetings |= self.wait_for_form.pop(item)
            self.wake()

    def count(self, item: int, slot: int) -> int:
        """How often this was counted before for the item; and count it."""
        if slot == NONE:
            return 0
        at = item * self.slots + slot
        self.counts[at] = counted = self.counts[at] + 1
        return counted - 1

    def drawn(self, item: int, step: StepRow, attempt: int) -> int:
        """The item's drawn time or number for this attempt."""
        if attempt == 0 or step.draw_per_item == 0:
            return self.draws[step.draw + self.index[item] * step.draw_per_item]
        return self.draws[step.draw_again + (attempt - 1) * step.draw_per_attempt + self.place_again(item, step)]

    def drawn_patience(self, item: int, step: StepRow, attempt: int) -> int:
        """How long the item's buyer waits in this queue."""
        if attempt == 0 or step.patience_per_item == 0:
            return self.draws[step.patience + self.index[item] * step.patience_per_item]
        return self.draws[
            step.patience_again + (attempt - 1) * step.patience_per_attempt + self.place_again(item, step)
        ]

    def place_again(self, item: int, step: StepRow) -> int:
        """Which place, from 0 on, an item has among those of its flow that may come to a step again."""
        rank = self.draws[step.ranks + self.index[item]]
        assert rank > 0, f"item {item} was not expected to come to step {step} again"
        return rank - 1

    # What happens around the items --------------------------------------------------------------------

    def change_rate(self, row: Any) -> None:
        """A dated change; a rate that follows a record has it as its base from now on."""
        rate, ppm = int(row["rate"]), int(row["ppm"])
        follower = self.follower_of.get(rate)
        if follower is not None:
            follower.base = ppm
            ppm = follower.in_force
        self.set_rate(rate, ppm)

    def midnight(self, row: Any) -> None:
        """A rate follows the record of the days before."""
        follower = self.followers[row["follow"]]
        follower.midnight()
        if follower.in_force != self.rates[follower.rate]:
            self.set_rate(follower.rate, follower.in_force)

    def set_rate(self, rate: int, ppm: int) -> None:
        """Another rate is in force."""
        self.rates[rate] = ppm
        self.rate_rows.extend((self.env.now, rate, ppm))

    def change_heads(self, row: Any) -> None:
        """Another head-count, and how fast the team is."""
        heads, may_start, stay, speed = (int(row[name]) for name in ("heads", "may_start", "stay", "speed"))
        self.teams[row["team"]].set_heads(heads, may_start, stay, speed)

    def depart(self, row: Any) -> None:
        """A truck comes with its room and its release form."""
        gate = self.gates[row["gate"]]
        gate.capacity += int(row["capacity"])
        gate.form = int(row["form"])
        self.wake()

    def touch(self, store: Store) -> None:
        """Something changed in a store: let it look at its queue when all has settled."""
        self.stirred_stores[store.number] = self.touched_stores[store.number] = store
        self.wake()

    def look_at(self, team: Team) -> None:
        """Something changed at a team: let it look for work when all has settled."""
        self.stirred_teams[team.number] = team
        if not self.awake:
            self.wake()

    def stir_meeting(self, item: int) -> None:
        """An item came to a meeting or left: it and its companion may go on."""
        self.stirred_meetings |= {item, self.companion[item]} & self.at_meeting.keys()
        self.wake()

    def wake(self, _: Event | None = None) -> None:
        """See that this instant has a dispatch after everything has settled."""
        if not self.awake:
            self.awake = True
            self.after(0, DISPATCH, self.dispatch)

    def dispatch(self, _: Event) -> None:
        """A round of gates, meetings and stores; the released move on before the next. When none is, teams start."""
        self.awake = False
        released = self.meetings_decide() if self.stirred_meetings else []
        for gate in self.gates:
            released += [(ticket, True) for ticket in gate.decide(self.env.now, self.form_of)]
        released += self.stores_decide() if self.stirred_stores else []
        for ticket, value in released:
            ticket.succeed(value)
        if released:
            self.wake()
        else:
            self.start_work()
            self.look_at_stock()

    def stores_decide(self) -> list[tuple[Event, bool]]:
        """Who has all its lines now."""
        granted = [reservation for store in self.stirred_stores.values() for reservation in store.grant()]
        self.stirred_stores = {}
        return [(reservation.ticket, True) for reservation in granted]

    def look_at_stock(self) -> None:
        """Where stock has changed: order lots up to the reorder point, and write down how things stand."""
        for store in self.touched_stores.values():
            while store.wants_a_lot:
                lot = store.order_lot()
                if lot == NONE:
                    raise too_few_lots(self.plan, store.number)
                self.called[lot], self.brings[lot] = self.env.now, self.lines_of(lot)
                self.env.process(self.journey(lot, int(self.plan.items.first_step[lot])))
            row = (self.env.now, store.number, store.free, store.reserved, store.short, store.on_order)
            self.stock_rows.extend(row)
        self.touched_stores = {}

    def meetings_decide(self) -> list[tuple[Event, bool]]:
        """Whose companion has come as far or has left, of those at a meeting; False where it was lost on the way."""
        released = []
        for item in self.stirred_meetings:
            mark, ticket = self.at_meeting[item]
            other = self.form_of.get(item, NONE) if mark == NONE else self.companion[item]
            together = other == NONE or (self.left[other] != NEVER if mark == NONE else self.reached[other] >= mark)
            if together or self.left[other] != NEVER:
                del self.at_meeting[item]
                released.append((ticket, together))
        self.stirred_meetings = set()
        return released

    def start_work(self) -> None:
        """First each team serves its own queue; then free helpers take the smallest heads they may."""
        for gate in self.gates:
            gate.capacity = 0
        for team in self.stirred_teams.values():
            team.serve_own()
        self.stirred_teams.clear()
        while waiting := [team for team in self.helped if team.able_helper() is not None]:
            team = min(waiting, key=lambda team: team.queue[0])
            helper = team.able_helper()
            assert helper is not None
            helper.start(heapq.heappop(team.queue)[-1])
        for team in self.teams:
            if team.overtime:
                team.go_home()

    # How it is arranged with SimPy ----------------------------------------------------------------------

    def after(self, delay: int, priority: int, action: Callable[[Event], None]) -> None:
        """Do something later or at once, in its place among the events of that moment."""
        event = Event(self.env)
        event.callbacks = [action]
        event._ok = event._value = True
        self.env.schedule(event, priority, delay)

    def follow(self, table: Any, priority: int, change: Callable[[Any], None]) -> None:
        """Make the changes of a table that is sorted by time, each at its own."""

        def from_row(row: int) -> None:
            while row < len(table) and table[row]["at"] <= self.env.now:
                change(table[row])
                row += 1
            if row < len(table):
                self.after(int(table[row]["at"]) - self.env.now, priority, lambda _: from_row(row))

        self.after(0, priority, lambda _: from_row(0))

    # What is written down -------------------------------------------------------------------------------

    def write_visit(self, item: int, ended: int) -> None:
        step, attempt, joined, job = self.inside.pop(item)
        if job is None:
            started = NEVER if ended == NEVER else ended
            started = joined if self.steps[step].kind == Kind.WAIT else started
            self.visits.extend((item, step, attempt, NONE, joined, started, ended))
        else:
            self.visits.extend((item, step, attempt, job.first_team, joined, job.started, ended))

    def write_spell(self, job: Job, ended: int) -> None:
        assert job.server is not None
        row = (job.item, job.step, job.attempt, job.server.number, job.spells, job.begun, ended)
        self.spells.extend(row)

    def records(self) -> Records:
        """The tables, with the visits that were under way at the end."""
        for team in self.teams:
            for job in team.in_hand.values():
                if job.spells:
                    self.write_spell(job, NEVER)
        for item in list(self.inside):
            self.write_visit(item, NEVER)
        left, outcome = np.array(self.left, dtype=np.int64), np.array(self.outcome, dtype=np.int8)
        arrived = self.plan.items.arrived.copy()
        arrived[list(self.called)] = list(self.called.values())
        ended = ended_ms(arrived, left, self.plan.end_ms, drain=self.plan.drain)
        return Records(
            Visits(*sorted_by_item(np.frombuffer(self.visits, dtype=np.int64), Visits)),
            Spells(*sorted_by_item(np.frombuffer(self.spells, dtype=np.int64), Spells)),
            Leavings(arrived, left, outcome),
            StockLevels(*sorted_by_sku(np.frombuffer(self.stock_rows, dtype=np.int64))),
            rates_until(ended, np.frombuffer(self.rate_rows, dtype=np.int64)),
            ended,
        )


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Nothing of a run is garbage before it ends: looking for some costs half again as much time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def run(plan: Plan, progress: Progress | None = None) -> Records:
    """Run a Plan on the SimPy engine.

    Parameters
    ----------
    plan
        What to run.
    progress
        Called with the share of simulated time that is done, about a hundred times.

    >>> from sim.plan.compile import compile_plan
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> records = run(compile_plan(load(shipped("teaching_line"), ["clock.length=2 d"]).scenario))
    >>> bool((records.visits.started >= records.visits.joined)[records.visits.started >= 0].all())
    True

    """
    with _without_garbage_collection():
        return Floor(plan).run(progress)
