"""What one session has asked for and got: the last answer stays until a new one has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sim.show.chart import Chart
from sim.show.figures import charts_of
from sim.study.replicate import Result
from sim.ui.jobs import Job, Runner
from sim.ui.running import Request


@dataclass(frozen=True)
class Ask:
    """A question put to the simulator: the scenario with its changes, the same without them, and both in words.

    ``settings`` are all ``path=value`` changes, those that shorten the run included; ``command`` repeats it.
    """

    title: str
    request: Request
    base: Request
    changes: tuple[str, ...]
    days: float
    whole_days: float
    command: str

    @property
    def has_changes(self) -> bool:
        """Whether there is a base to compare with."""
        return self.base.key != self.request.key


@dataclass(frozen=True)
class Answer:
    """A result with the question it belongs to."""

    ask: Ask
    result: Result

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """The charts of the result by name."""
        return charts_of(self.result)


@dataclass
class Desk:
    """One session's job, its last answer, and what went wrong last.

    One job runs at a time. When an answer to changed settings has come and the scenario as it is has not been run
    with the same luck, that run follows, so that the two can be compared.
    """

    job: Job | None = None
    asked: Ask | None = None
    answer: Answer | None = None
    problem: str = ""
    cancelled: bool = False
    given_up: set[object] = field(default_factory=set)

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

    def ask(self, ask: Ask, pool: Runner) -> None:
        """Put a question; a job under way is given up for it."""
        self._drop_job()
        self.problem, self.cancelled = "", False
        self.asked, self.job = ask, pool.submit(ask.request.task)
        self.settle(pool)

    def cancel(self) -> None:
        """Stop the job under way; the last answer stays."""
        if self.for_base and self.job is not None:
            self.given_up.add(self.job.task.key)
        self.cancelled = self.asked is not None
        self._drop_job()

    def show_known(self, ask: Ask, pool: Runner) -> None:
        """Take the answer at once where the same was asked before."""
        known = None if self.asked is not None else pool.known(ask.request.key)
        if known is not None and (self.answer is None or self.answer.ask != ask):
            self.answer, self.problem, self.cancelled = Answer(ask, known), "", False
            self._compare(pool)

    def settle(self, pool: Runner) -> None:
        """Take what a finished job has brought, and begin the run to compare with where it is wanted."""
        if self.job is None or not self.job.look():
            return
        job, ask = self.job, self.asked
        if job.result is None and not job.problem and not job.cancelled:
            self.job = pool.submit(job.task)  # given up while the page was out of sight, and now it is back
            return
        self.job, self.asked = None, None
        if job.result is not None and ask is not None:
            self.answer = Answer(ask, job.result)
        if job.problem:
            self.problem = job.problem
        if job.result is None:
            self.given_up.add(job.task.key)
        self._compare(pool)

    def base(self, pool: Runner) -> Result | None:
        """The result of the answer's scenario as it is, where there are changes and it is known."""
        if self.answer is None or not self.answer.ask.has_changes:
            return None
        known: Result | None = pool.known(self.answer.ask.base.key)
        return known

    def _compare(self, pool: Runner) -> None:
        if self.job is not None or self.answer is None or not self.answer.ask.has_changes:
            return
        base = self.answer.ask.base
        if base.key not in self.given_up and pool.known(base.key) is None:
            self.job = pool.submit(base.task)

    def _drop_job(self) -> None:
        if self.job is not None:
            self.job.cancel()
        self.job, self.asked = None, None
