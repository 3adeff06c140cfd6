"""When must the next container leave? The latest departure from abroad that keeps the fill rate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sim.analysis.checks import check
from sim.analysis.intervals import Estimate, estimate
from sim.analysis.run import Run
from sim.analysis.stock_measures import stock_measures
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_file
from sim.study.replicate import Progress, Settings
from sim.world.errors import ScenarioError, nearest
from sim.world.files import ScenarioFile
from sim.world.scenario import Scenario
from sim.world.units import DAY_MS

Verdict = Literal["by_then", "infeasible", "no_difference"]


@dataclass(frozen=True)
class Departure:
    """One moment at which the container might leave, and the fill rate that comes of it."""

    leaves: datetime
    fill_rate: Estimate


@dataclass(frozen=True)
class LatestDeparture:
    """The answer, and all departures that were tried, the earliest first.

    ``verdict``: ``by_then`` - the latest departure that keeps the fill rate is ``leaves``, and is between ``earliest``
    (the interval of the fill rate lies above the target until then) and ``latest`` (and below it from then on);
    ``infeasible`` - not even the first departure keeps it; ``no_difference`` - even the last one does.
    ``earliest`` is None where not even the first departure is certain.
    """

    verdict: Verdict
    target: float
    leaves: datetime | None
    earliest: datetime | None
    latest: datetime | None
    tried: tuple[Departure, ...]


def latest_departure(
    file: ScenarioFile,
    flow: str,
    number: int = 1,
    fill_rate: float = 0.95,
    settings: Settings | None = None,
    every_ms: int = DAY_MS,
    progress: Progress | None = None,
) -> LatestDeparture:
    """How late may a planned consignment leave? Until the fill rate would fall below its target.

    Searched by bisection over whole steps from the start of the clock to its end, with the same replications for
    each departure (common random numbers), since an earlier container is taken to fill no fewer orders.

    Parameters
    ----------
    file
        The scenario; some orders take from stock.
    flow, number
        Key of the flow of consignments, and which of those that it plans, from 1 on.
    fill_rate
        Share of the orders of the measured window that find all their lines in stock.
    settings
        Seed, replications, engine.
    every_ms
        Step of the search in milliseconds.
    progress
        Called now and then with the share that is done.

    Raises
    ------
    ScenarioError
        For a flow or number that plans nothing, and a scenario in which no order takes from stock.

    >>> from sim.world.shipped import shipped
    >>> from sim.world.files import load
    >>> file = load(shipped("late_container"), ["flows.orders.arrivals.poisson.per_day=60"])
    >>> latest_departure(file, "bulk", settings=Settings(replications=2), every_ms=7 * DAY_MS).leaves
    datetime.datetime(2026, 5, 18, 0, 0)

    """
    _refuse(file.scenario, flow, number)
    search = _Search(file, flow, number, settings or Settings(), every_ms, progress)
    found = search.last(lambda one: one.mean >= fill_rate)
    verdict: Verdict = "infeasible" if found < 0 else "no_difference" if found == search.steps - 1 else "by_then"
    certain = possible = -1
    if verdict == "by_then":
        certain, possible = (
            search.last(lambda one: one.low >= fill_rate),
            search.last(lambda one: one.high >= fill_rate),
        )
    return LatestDeparture(
        verdict=verdict,
        target=fill_rate,
        leaves=search.moment(found) if verdict == "by_then" else None,
        earliest=search.moment(certain),
        latest=search.moment(possible),
        tried=search.departures,
    )


class _Search:
    """Departures step by step from the start of the clock to its end; each is run only once."""

    def __init__(
        self, file: ScenarioFile, flow: str, number: int, settings: Settings, every_ms: int, progress: Progress | None
    ) -> None:
        self.file, self.flow, self.number, self.settings = file, flow, number, settings
        self.every_ms, self.progress = every_ms, progress
        self.steps = -(-file.scenario.clock.length // every_ms)
        self.tried: dict[int, Estimate] = {}

    def moment(self, step: int) -> datetime | None:
        """When a step is; None before the first."""
        return None if step < 0 else self.file.scenario.clock.start + timedelta(milliseconds=step * self.every_ms)

    @property
    def departures(self) -> tuple[Departure, ...]:
        """All that were tried, the earliest first."""
        moments = {step: self.moment(step) for step in sorted(self.tried)}
        return tuple(Departure(at, self.tried[step]) for step, at in moments.items() if at is not None)

    def last(self, keeps: Callable[[Estimate], bool]) -> int:
        """The last step at which the fill rate keeps what it should; -1 if not even the first does."""
        if not keeps(self._at(0)):
            return -1
        if keeps(self._at(self.steps - 1)):
            return self.steps - 1
        below, above = 0, self.steps - 1
        while above - below > 1:
            middle = (below + above) // 2
            below, above = (middle, above) if keeps(self._at(middle)) else (below, middle)
        return below

    def _at(self, step: int) -> Estimate:
        """The fill rate of a departure, from as many replications as wanted."""
        if step not in self.tried:
            leaves = self.moment(step)
            assert leaves is not None
            file = _leaving(self.file, self.flow, self.number, leaves)
            rates = [self._fill_rate(file, number) for number in range(self.settings.replications)]
            self.tried[step] = estimate(rates, "share")
        return self.tried[step]

    def _fill_rate(self, file: ScenarioFile, number: int) -> float:
        plan = compile_file(file, self.settings.seed, number)
        run = Run(plan, run_engine(plan, self.settings.engine))
        check(run)
        if self.progress is not None:
            # About as many departures as one bisection looks at, twice over, since the interval needs some more.
            most = 2 * math.ceil(math.log2(max(self.steps, 2)))
            self.progress(min((len(self.tried) + (number + 1) / self.settings.replications) / most, 1.0))
        found = dict(stock_measures(run))
        return found["fill_rate"].value if "fill_rate" in found else math.nan


def _refuse(scenario: Scenario, flow: str, number: int) -> None:
    planning = {key: one.arrivals.planned for key, one in scenario.flows.items() if one.arrivals.planned}
    planned = planning.get(flow)
    if planned is None:
        known = nearest(flow, planning) if planning else "; none does"
        raise ScenarioError(f"--flow {flow}: no flow of that name plans consignments{known}")
    if not 1 <= number <= len(planned):
        raise ScenarioError(f"--number {number}: flow '{flow}' plans {len(planned)} (the first is 1)")
    if not any(one.from_stock for one in scenario.flows.values()):
        raise ScenarioError("no order takes from stock: there is no fill rate to keep (say from_stock)")


def _leaving(file: ScenarioFile, flow: str, number: int, leaves: datetime) -> ScenarioFile:
    """The same scenario with another departure of one consignment."""
    own = file.scenario.flows[flow]
    planned = list(own.arrivals.planned or ())
    planned[number - 1] = planned[number - 1].model_copy(update={"leaves": leaves})
    moved = own.model_copy(update={"arrivals": own.arrivals.model_copy(update={"planned": tuple(planned)})})
    scenario = file.scenario.model_copy(update={"flows": {**file.scenario.flows, flow: moved}})
    return replace(file, scenario=scenario)
