"""What one session has asked for and got: the last answer stays until a new one has come."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from sim.study.replicate import Result
from sim.ui import estimate
from sim.ui.jobs import Job, Runner, Task
from sim.ui.running import Request


class Asked(Protocol):
    """What has to be computed for a question."""

    @property
    def key(self) -> Hashable:
        """The content: equal for what has the same answer."""

    @property
    def task(self) -> Task:
        """The work as a task."""


class AnyAsk(Protocol):
    """A question of whichever page: what to compute for it, and for what it is compared with."""

    @property
    def title(self) -> str:
        """The scenario's name as a title."""

    @property
    def days(self) -> float:
        """For how many days orders arrive."""

    @property
    def request(self) -> Asked:
        """What is asked."""

    @property
    def base(self) -> Asked:
        """What to compare with."""

    @property
    def has_changes(self) -> bool:
        """Whether there is something to compare with."""

    def part(self, found: Any) -> Self:
        """The smaller question to which a partial result is the whole answer."""


AskT = TypeVar("AskT", bound=AnyAsk)
ResultT = TypeVar("ResultT")
Made = TypeVar("Made")
MADE: WeakKeyDictionary[Any, dict[Hashable, Any]] = WeakKeyDictionary()
"""What pages have made of each result. No lock is held meanwhile, as a cached property would hold one for all results: who
comes at the same moment makes the same once more."""


@dataclass(frozen=True)
class Ask:
    """A question put to the simulator: the scenario with its changes, the same without them, and both in words.

    ``settings`` are all ``path=value`` changes, those that shorten the run included; ``command`` repeats it, and so does
    ``link`` in the app: nothing for a file of one's own.
    """

    title: str
    request: Request
    base: Request
    changes: tuple[str, ...]
    days: float
    whole_days: float
    command: str
    link: str = ""

    @property
    def has_changes(self) -> bool:
        """Whether there is a base to compare with."""
        return self.base.key != self.request.key

    def part(self, found: Result) -> Self:
        """The question for as many replications, and as many days, as a result has."""
        settings = replace(self.request.settings, replications=found.settings.replications)
        days = estimate.days_of(found.file.scenario.clock)
        base = Request(self.base.file, settings)
        return replace(self, request=Request(found.file, settings), base=base, days=days)


@dataclass(frozen=True)
class AnyAnswer(Generic[AskT, ResultT]):
    """A result with the question it belongs to; ``whole`` is the one of which that is a part, while more is to come."""

    ask: AskT
    result: ResultT
    whole: AskT | None = None

    def once(self, make: Callable[[ResultT], Made]) -> Made:
        """What a function makes of the result, made once however often it is drawn, and by however many visitors."""
        return self.kept(make, lambda: make(self.result))

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is made of the result for a page, kept as long as the result is."""
        known = MADE.setdefault(self.result, {})
        if key not in known:
            known[key] = make()
        made: Made = known[key]
        return made

    @property
    def question(self) -> AskT:
        """What was asked."""
        return self.whole or self.ask

    @property
    def same_days(self) -> bool:
        """Whether it covers the days that were asked for."""
        return self.ask.days == self.question.days


@dataclass
class AnyDesk(Generic[AskT, ResultT]):
    """One session's job, its last answer, and what went wrong last.

    One job runs at a time. While it does, the answer is what it has found so far. When an answer to changed settings
    has come and the scenario as it is has not been run with the same luck, that run follows, so that the two can be
    compared. ``tried`` is the question put last, and ``charted`` the
    last answer of which there were charts.
    """

    job: Job | None = None
    asked: AskT | None = None
    answer: AnyAnswer[AskT, ResultT] | None = None
    problem: str = ""
    cancelled: bool = False
    given_up: set[object] = field(default_factory=set)
    tried: Hashable = None
    charted: AnyAnswer[AskT, ResultT] | None = None
    _shown: object = None

    @property
    def running(self) -> bool:
        """Whether a job is under way."""
        return self.job is not None

    @property
    def untouched(self) -> bool:
        """Whether nothing has been asked yet."""
        return self.job is None and self.answer is None and not self.problem and not self.cancelled

    @property
    def for_base(self) -> bool:
        """Whether the job under way is the one to compare with."""
        return self.job is not None and self.asked is None

    def ask(self, ask: AskT, pool: Runner) -> None:
        """Put a question; a job under way is given up for it."""
        self._drop_job()
        self.problem, self.cancelled = "", False
        self.asked, self.job, self.tried = ask, pool.submit(ask.request.task), ask.request.key
        self.settle(pool)

    def cancel(self) -> None:
        """Stop the job under way; what it has found stays, or else the last answer."""
        self._take_part()
        if self.for_base and self.job is not None:
            self.given_up.add(self.job.task.key)
        self.cancelled = self.asked is not None
        self._drop_job()

    def drop(self) -> None:
        """Give up the job under way, for nobody waits for it any more."""
        self._take_part()
        self._drop_job()

    def show_known(self, ask: AskT, pool: Runner) -> None:
        """Take the answer at once where the same was asked before."""
        known = None if self.asked is not None else pool.known(ask.request.key)
        if known is not None and (self.answer is None or self.answer.ask != ask):
            self.answer, self.problem, self.cancelled = AnyAnswer(ask, known), "", False
            self._compare(pool)

    def settle(self, pool: Runner) -> None:
        """Take what a finished job has brought, and begin the run to compare with where it is wanted."""
        if self.job is None:
            return
        if not self.job.look():
            self._take_part()
            return
        job, ask = self.job, self.asked
        if job.result is None and not job.problem and not job.cancelled:
            self.job = pool.submit(job.task)  # given up while the page was out of sight, and now it is back
            return
        self.job, self.asked = None, None
        if job.result is not None and ask is not None:
            self.answer = AnyAnswer(ask, job.result)
        if job.problem:
            self.problem = job.problem
        if job.result is None:
            self.given_up.add(job.task.key)
        self._compare(pool)

    def base(self, pool: Runner) -> ResultT | None:
        """The result of the answer's scenario as it is, as far as it is known, where there is something to compare."""
        if self.answer is None or not self.answer.ask.has_changes or not self.answer.same_days:
            return None
        base = self.answer.question.base.key
        known: ResultT | None = pool.known(base)
        return known if known is not None else self._base_so_far(base)

    def _base_so_far(self, base: Hashable) -> ResultT | None:
        """What the run to compare with has found of the same days."""
        if self.job is None or self.asked is not None or self.job.task.key != base or self.answer is None:
            return None
        found: ResultT | None = self.job.partial
        same = found is not None and self.answer.question.part(found).days == self.answer.ask.days
        return found if same else None

    @property
    def has_news(self) -> bool:
        """Whether the job has ended, or found more than is shown."""
        job = self.job
        return job is None or job.look() or (job.partial is not None and job.partial is not self._shown)

    def _take_part(self) -> None:
        """Show what the job has found so far."""
        if self.job is None or self.job.partial is None:
            return
        self._shown = found = self.job.partial
        if self.asked is not None:
            self.answer = AnyAnswer(self.asked.part(found), found, self.asked)

    def _compare(self, pool: Runner) -> None:
        """Begin the run to compare with, after a whole answer."""
        if self.job is not None or self.answer is None or not self.answer.ask.has_changes or self.answer.whole:
            return
        base = self.answer.ask.base
        if base.key not in self.given_up and pool.known(base.key) is None:
            self.job = pool.submit(base.task)

    def _drop_job(self) -> None:
        if self.job is not None:
            self.job.cancel()
        self.job, self.asked = None, None


Answer: TypeAlias = AnyAnswer[Ask, Result]
Desk: TypeAlias = AnyDesk[Ask, Result]
"""Those of the planner's page."""
