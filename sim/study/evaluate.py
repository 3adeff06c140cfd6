"""The common ground of all studies: points (a scenario, a seed, a replication) and a question, to answers.

Answers come from the store where the same was asked before, and from workers otherwise; each is kept as it comes. So a
study that was killed goes on where it stopped, and nothing depends on where or in which order points were run.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from sim.analysis.checks import check
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.plan.compile import compile_file
from sim.plan.plan import Plan, Table
from sim.plan.tables import staff_table, staff_varies
from sim.study.question import Everything, Measures, Question
from sim.study.store import Address, Store, default_path
from sim.study.workers import PER_PLACE, Kind, Workers, died, given_up, workers_for
from sim.world.files import ScenarioFile

TRIES = 3
LARGEST_KEPT_BYTES = 1_500_000_000
Said = Callable[[int, int], None]
"""Called with how many points are answered, and of how many."""


class Point(NamedTuple):
    """One replication of one scenario; ``like`` is a scenario that differs in staff alone, whose draws serve it too."""

    file: ScenarioFile
    seed: int
    replication: int
    like: ScenarioFile | None = None


@dataclass
class Counts:
    """How many answers were worked out, and how many the store had."""

    run: int = 0
    kept: int = 0


class Evaluator:
    """Answers questions about points, by way of workers and a store.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> file = load(shipped("teaching_line"), ["clock.length=3 d"])
    >>> with evaluator(store=None, places=1) as evaluate:
    ...     answers = evaluate([Point(file, 1, 0), Point(file, 1, 1)])
    >>> len(answers), answers[0]["wait.counter.mean"].unit
    (2, 'h')
    """

    def __init__(self, workers: Workers, store: Store | None = None, said: Said | None = None) -> None:
        self.workers, self.store, self.said = workers, store, said
        self.counts = Counts()
        self._known: dict[Address, Measures] = {}

    def __call__(self, points: Sequence[Point], question: Question | None = None) -> list[Measures]:
        """The answers to one question about points, in their order.

        Raises
        ------
        ScenarioError, CheckError
            As a run of the first point that has one would.
        StoreError
            Where an answer cannot be kept.

        """
        question = question or Everything()
        wanted = {_address(point, question): point for point in points}
        missing = [address for address in wanted if not self._has(address)]
        for done, _ in enumerate(self._worked_out(missing, wanted, question), len(wanted) - len(missing) + 1):
            if self.said is not None:
                self.said(done, len(wanted))
        return [self._known[_address(point, question)] for point in points]

    def replications(
        self, file: ScenarioFile, seed: int, numbers: Iterable[int], question: Question | None = None
    ) -> list[Measures]:
        """The answers of some replications of one scenario."""
        return self([Point(file, seed, number) for number in numbers], question)

    def _has(self, address: Address) -> bool:
        if address in self._known:
            return True
        found = self.store.get(address) if self.store is not None else None
        if found is None:
            return False
        self._known[address] = found
        self.counts.kept += 1
        return True

    def _worked_out(
        self, missing: list[Address], wanted: dict[Address, Point], question: Question
    ) -> Iterator[Address]:
        """Have points run, a few for each place at a time; those whose worker died are run again."""
        todo, tries = missing[::-1], 0
        while todo:
            try:
                for address, found in self._through(todo, wanted, question):
                    self._keep(address, wanted[address], found)
                    yield address
            except Exception as error:
                tries += 1
                if not died(error) or tries >= TRIES:
                    raise given_up(error) from error.__cause__
                self.workers.restart()
                todo = [address for address in missing[::-1] if address not in self._known]

    def _through(
        self, todo: list[Address], wanted: dict[Address, Point], question: Question
    ) -> Iterator[tuple[Address, Measures]]:
        under_way: dict[Future[Measures], Address] = {}
        try:
            while todo or under_way:
                while todo and len(under_way) < self.workers.places * PER_PLACE:
                    address = todo.pop()
                    future = self._submit(wanted[address], question)
                    under_way[future] = address
                    if future.done():  # done in this process
                        break
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    yield under_way.pop(future), future.result()
        finally:
            for future in under_way:
                future.cancel()

    def _submit(self, point: Point, question: Question) -> Future[Measures]:
        file, like = self.workers.share(point.file), point.like
        shared = None if like is None else self.workers.share(like)
        return self.workers.submit(answer_of, file, point.seed, point.replication, shared, question)

    def _keep(self, address: Address, point: Point, found: Measures) -> None:
        self._known[address] = found
        self.counts.run += 1
        if self.store is not None:
            self.store.put(address, found, point.file.name, point.file.settings)


@contextlib.contextmanager
def evaluator(
    *,
    store: Path | None = None,
    places: int | None = None,
    cluster: str | None = None,
    kind: Kind = "processes",
    said: Said | None = None,
) -> Iterator[Evaluator]:
    """An Evaluator with its workers and store opened, and closed again.

    Parameters
    ----------
    store
        The file of answers; None keeps nothing (``sim.study.store.default_path()`` is the user's own).
    places, cluster, kind
        Where to run: see :func:`sim.study.workers.workers_for`.
    said
        Called as answers come.

    """
    with contextlib.ExitStack() as stack:
        kept = stack.enter_context(Store(store)) if store is not None else None
        yield Evaluator(stack.enter_context(workers_for(places, cluster, kind)), kept, said)


def own_store() -> Path:
    """The user's own file of answers."""
    return default_path()


def answer_of(
    file: ScenarioFile, seed: int, replication: int, like: ScenarioFile | None, question: Question
) -> Measures:
    """Draw, run, check and ask one point. This is what workers do."""
    plan = compile_file(file, seed, replication) if like is None else PLANS.restaffed(like, file, seed, replication)
    run = Run(plan, run_engine(plan))
    check(run)
    return question(run)


def differ_in_staff_alone(one: ScenarioFile, other: ScenarioFile) -> bool:
    """Whether two scenarios say the same but for staff and shifts, so that their draws are the same.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> file = load(shipped("small_site_fortnight"))
    >>> more, selected = file.changed("teams.clerks.shifts.office.staff=3"), file.changed("stages.customs.credit=certified")
    >>> differ_in_staff_alone(file, more), differ_in_staff_alone(file, selected)
    (True, False)
    """
    return _without_staff(one) == _without_staff(other)


def _without_staff(file: ScenarioFile) -> dict[str, Any]:
    teams = file.raw.get("teams", {})
    return {**file.raw, "teams": {key: {name: said for name, said in team.items() if name not in ("staff", "shifts")}
                                  for key, team in teams.items()}}  # fmt: skip


class Plans:
    """The Plans used last, as many as fit into so many bytes, and at least one."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.kept: OrderedDict[tuple[str, int, int], Plan] = OrderedDict()
        self._one_at_a_time = threading.Lock()
        self._steady: tuple[tuple[str, int], Table] | None = None

    def of(self, file: ScenarioFile, seed: int, replication: int) -> Plan:
        """The Plan of a replication, compiled where it is not kept."""
        key = file.digest, seed, replication
        with self._one_at_a_time:
            plan = self.kept.pop(key, None)
        plan = plan or compile_file(file, seed, replication)
        with self._one_at_a_time:
            self.kept[key] = plan
            while len(self.kept) > 1 and sum(map(_bytes_of, self.kept.values())) > self.most_bytes:
                self.kept.popitem(last=False)
        return plan

    def restaffed(self, like: ScenarioFile, file: ScenarioFile, seed: int, replication: int) -> Plan:
        """The Plan of a scenario that differs from ``like`` in nothing but when how many staff are there.

        Draws, routes and all else are shared, so that a search through rosters draws once.
        """
        plan = self.of(like, seed, replication)
        return replace(plan, scenario=file.scenario, staff=self._staff(file, plan))

    def _staff(self, file: ScenarioFile, plan: Plan) -> Table:
        """The head-counts; of the scenario asked for last they are kept where they are the same in all replications."""
        key, steady = (file.digest, plan.end_ms), self._steady  # read once: another thread may put another one there
        if steady is not None and steady[0] == key:
            return steady[1]
        staff = staff_table(file.scenario, plan.seed, plan.replication, plan.end_ms)
        staff.flags.writeable = False
        if not staff_varies(file.scenario):
            self._steady = key, staff
        return staff


PLANS = Plans(LARGEST_KEPT_BYTES)


def _bytes_of(plan: Plan) -> int:
    return int(plan.draws.nbytes + sum(getattr(value, "nbytes", 0) for value in vars(plan.items).values()))


def _address(point: Point, question: Question) -> Address:
    return Address(point.file.digest, point.seed, point.replication, question.key)
