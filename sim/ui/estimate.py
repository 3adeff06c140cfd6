"""How long a run will take, and how much of a large scenario a first answer should cover."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sim.engine.engines import DEFAULT_ENGINE
from sim.plan.demand import expected_items
from sim.plan.routes import DOCUMENTS, FORMS, routes_of
from sim.plan.steps import Branch, Chance, Leave, Route
from sim.study.replicate import DEFAULT_REPLICATIONS
from sim.world.scenario import Clock, Scenario
from sim.world.units import DAY_MS, HOUR_MS

PACES = {"fast": 800_000.0, "simpy": 40_000.0}
"""Visits to a step per second by engine, measurement included, as they were on one core of a small server."""
AT_ONCE_VISITS = 5_000_000
"""So many visits in all replications, and a first look takes about a second there."""
WHOLE_AT_ONCE_VISITS = 600_000
"""So many, and the whole answer takes no longer than a first look."""
LOOK_VISITS = 2_500_000
"""A replication of more visits than this is looked at for one week first, where that leaves enough out."""
LOOK_WARM_UP_DAYS, LOOK_DAYS = 3, 7
LEFT_OUT = 0.75
"""A week that is more than this share of the whole run saves too little."""
IN_MEMORY_VISITS = 12_000_000
"""So many at a time, and the replications that a first look runs side by side take about 2 GB."""
FIRST_PACE = PACES[DEFAULT_ENGINE]
"""What is assumed before this machine's own pace is known."""
PROMISE_PACE = 700_000.0
"""The same for a seller's question, which measures far less of a run."""
FIRST_ANSWER_S, LONGEST_S = 10.0, 60.0
"""What an answer should take that comes all at once, and two replications of one before days are left out of it."""
REFINED_S = 120.0
"""What an answer should take of which something is seen after a few seconds."""
FEWEST_REPLICATIONS = 2
FEWEST_DAYS = 3


def visits(scenario: Scenario) -> float:
    """About how many visits to a step one replication has: what its run time goes with.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> visits(load(shipped("teaching_line")).scenario)  # 10 days of a visitor every 2 minutes
    7200.0
    """
    return sum(
        _visits_per_item(route) * expected_items(scenario.flows[key.removesuffix(DOCUMENTS)], scenario.clock)
        for key, route in routes_of(scenario).items()
        if not key.endswith(FORMS)
    )


def orders(scenario: Scenario) -> float:
    """About how many orders arrive in one replication.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> round(orders(load(shipped("six_stages")).scenario))
    12000
    """
    return sum(expected_items(scenario.flows[key], scenario.clock) for key in scenario.order_flows)


def _visits_per_item(route: Route) -> float:
    """Steps on an item's way, each counted by the chance that it comes there; ways back are left out."""
    arrives = defaultdict(float, {route.steps[0].key: 1.0})
    total = 0.0
    for step, after in zip(route.steps, [*route.steps[1:], None], strict=True):
        here = arrives[step.key]
        if isinstance(step, Leave):
            continue
        if isinstance(step, Branch):
            taken = here * _share(step.chance)
            arrives[route.ends.get(step.to, step.to)] += taken
            here -= taken
        else:
            total += here
        onward = step.then or (after.key if after else "")
        arrives[route.ends.get(onward, onward)] += here
    return total


def _share(chance: Chance) -> float:
    shares = [share for _, share in chance.all_classes] or [share for _, share in chance.by_class]
    return sum(shares) / len(shares)


def days_of(clock: Clock) -> float:
    """Days for which orders arrive."""
    return clock.length / DAY_MS


def shortened(clock: Clock, days: float) -> tuple[str, ...]:
    """The settings that cut a clock to ``days``, its warm-up and measured window in proportion.

    >>> clock = Clock.model_validate({"start": "2026-08-24", "length": "28 d", "warm_up": "7 d", "measure": "14 d"})
    >>> shortened(clock, 4)
    ('clock.length=4 d', 'clock.warm_up=24 h', 'clock.measure=48 h')
    """
    part = days / days_of(clock)
    if part >= 1:
        return ()
    settings = [f"clock.length={days:g} d"]
    for name, value in (("warm_up", clock.warm_up), ("measure", clock.measure)):
        if value:
            settings.append(f"clock.{name}={max(int(value * part / HOUR_MS), 1)} h")
    return tuple(settings)


@dataclass(frozen=True)
class Look:
    """What to look at before the whole is run: so many replications, side by side so many, of a shorter clock or the whole."""

    shorter: tuple[str, ...]
    replications: int
    threads: int


def runs_at_once(scenario: Scenario, replications: int) -> bool:
    """Whether a first look takes so little that it can follow every change of a control.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> small, medium = (load(shipped(f"{size}_site_fortnight")).scenario for size in ("small", "medium"))
    >>> runs_at_once(small, 10), runs_at_once(medium, 10)
    (True, False)
    """
    return visits(scenario) * replications <= AT_ONCE_VISITS


def first_look(scenario: Scenario, replications: int) -> Look | None:
    """What to look at first, so that something is seen within seconds; None where the whole comes as soon.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> small, medium = (load(shipped(f"{size}_site_fortnight")).scenario for size in ("small", "medium"))
    >>> first_look(small, 10)
    Look(shorter=(), replications=10, threads=10)
    >>> first_look(medium, 10)
    Look(shorter=('clock.warm_up=72 h', 'clock.measure=7 d', 'clock.length=360 h'), replications=2, threads=2)
    """
    count = visits(scenario)
    if count * replications <= WHOLE_AT_ONCE_VISITS or replications < FEWEST_REPLICATIONS:
        return None
    shorter = _a_week_of(scenario.clock) if count > LOOK_VISITS else ()
    most = replications if count * replications <= AT_ONCE_VISITS else int(AT_ONCE_VISITS / count)
    chosen = min(max(most, FEWEST_REPLICATIONS), replications)
    return Look(shorter, chosen, min(max(int(IN_MEMORY_VISITS / count), 1), chosen) if not shorter else chosen)


def _a_week_of(clock: Clock) -> tuple[str, ...]:
    """The settings that measure a week only, and warm up for no longer than half of one; the end stays as it is."""
    begin, end = clock.window_ms
    warm_up = min(begin, LOOK_WARM_UP_DAYS * DAY_MS)
    length = warm_up + LOOK_DAYS * DAY_MS + clock.length - end
    if clock.end == "drain" or end - begin <= LOOK_DAYS * DAY_MS or length > LEFT_OUT * clock.length:
        return ()
    said = (f"clock.warm_up={warm_up // HOUR_MS} h",) if warm_up else ()
    return (*said, f"clock.measure={LOOK_DAYS} d", f"clock.length={length // HOUR_MS} h")


def first_answer(scenario: Scenario, pace: float = FIRST_PACE, wanted_s: float = FIRST_ANSWER_S) -> tuple[float, int]:
    """How many days and replications to begin with, so that an answer comes soon.

    The whole scenario where two replications of it take no more than a minute, with as many more as fit
    into ``wanted_s``; else two replications of its first days.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> teaching_line = load(shipped("teaching_line")).scenario
    >>> first_answer(teaching_line), first_answer(teaching_line, pace=200)
    ((10.0, 10), (8.0, 2))
    """
    days = days_of(scenario.clock)
    one_s = max(visits(scenario) / pace, 1e-3)
    if FEWEST_REPLICATIONS * one_s <= LONGEST_S:
        fitting = int(wanted_s / one_s)
        return days, min(max(fitting, FEWEST_REPLICATIONS), DEFAULT_REPLICATIONS)
    fitting_days = int(days * LONGEST_S / FEWEST_REPLICATIONS / one_s)
    return min(days, float(max(fitting_days, FEWEST_DAYS))), FEWEST_REPLICATIONS
