"""The steps that stages are made of, with their keys and their draws named alike everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from sim.plan.steps import Branch, Chance, DrawnTime, Hours, Leave, Meet, Outcome, Per, Step, Wait, Work
from sim.world.distributions import Time
from sim.world.scenario import Flow
from sim.world.stages import Stage, Task

ACCEPTED_MARK = 1


class Worker:
    """Makes the work steps of one stage on one flow: class factors and patience are the same for all."""

    def __init__(self, flow: Flow, key: str, stage: Stage) -> None:
        self.key, self.patience = key, stage.patience
        self.factors = {name: goods.work[key] for name, goods in flow.classes.items() if key in goods.work}

    def __call__(
        self, name: str, task: Task, words: str, then: str | None = None, factors: dict[str, float] | None = None
    ) -> Work:
        key = f"{self.key}.{name}"
        time = task_time(key, task, {**self.factors, **(factors or {})})
        lost = None if self.patience is None else exit_key(Outcome.CANCELLED)
        return Work(
            key=key, stage=self.key, words=words, then=then, team=task.team, crew=task.crew, time=time,
            patience=self.patience, lost=lost,
        )  # fmt: skip


def task_time(key: str, task: Task, factors: dict[str, float] | None = None) -> DrawnTime:
    """How long a task takes: its parts per order, line, unit and carton, by class, shared by its crew or not."""
    pers: tuple[Per, ...] = ("order", "line", "unit", "carton")
    parts = tuple(
        (f"{key}.per_{per}", time, per) for per in pers if (time := getattr(task.work, f"per_{per}")) is not None
    )
    return DrawnTime(parts, factors=tuple((factors or {}).items()), shared_by=task.crew if task.share_work else 1)


def drawn(key: str, time: Time) -> DrawnTime:
    """One drawn time for each item."""
    return DrawnTime(((key, time, "order"),))


def always(purpose: str, share: float) -> Chance:
    """A share that never changes."""
    return Chance(purpose, ((0, share),))


def a_wait(stage: str, name: str, time: Time, words: str, then: str | None = None, calendar: str | None = None) -> Wait:
    """A stretch of the way, without staff."""
    key = f"{stage}.{name}"
    hours: Hours = "transit"
    return Wait(key=key, stage=stage, words=words, time=drawn(key, time), hours=hours, then=then, calendar=calendar)


def a_branch(
    stage: str, name: str, share: float, to: str, words: str, at_most: int | None = None,
    then: str | None = None, exhausted: Outcome = Outcome.REJECTED,
) -> Branch:  # fmt: skip
    """A chance to go elsewhere; with ``at_most``, the last time leads to rejection or another way out."""
    key = f"{stage}.{name}"
    out = None if at_most is None else exit_key(exhausted)
    return Branch(
        key=key, stage=stage, words=words, chance=always(key, share), to=to, at_most=at_most, exhausted=out, then=then
    )


def a_meeting(stage: str, lost: str | None = None) -> Meet:
    """A chance to go elsewhere; with ``at_most``, the last time leads to rejection or another way out."""
    words = "wait until goods and accepted documents are both there"
    return Meet(
        key=f"{stage}.meet", stage=stage, words=words, mark=ACCEPTED_MARK, lost=lost or exit_key(Outcome.REJECTED)
    )


def a_way_out(stage: str, outcome: Outcome) -> Leave:
    """The step with which an item leaves."""
    return Leave(key=exit_key(outcome), stage=stage, words=f"leave: {outcome.name.lower()}", outcome=outcome)


def exit_key(outcome: Outcome) -> str:
    """The key of a way out."""
    return f"leave.{outcome.name.lower()}"


def end_key(stage: str) -> str:
    """The name of whatever follows the stage's own steps."""
    return f"{stage}.end"


def exits(steps: list[Step], stage: str) -> Iterator[Step]:
    """A leave step for each outcome that some step names and none is there for yet."""
    named = {getattr(step, name, None) for step in steps for name in ("to", "exhausted", "lost", "then")}
    there = {step.key for step in steps}
    for outcome in Outcome:
        if exit_key(outcome) in named - there:
            yield a_way_out(stage, outcome)
