"""What one more person in the tightest team would bring: asked when an answer stands, and only while nobody else waits."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sim.analysis.intervals import CONFIDENCE
from sim.study.first_look import first_look
from sim.study.one_more import Post, posts
from sim.study.paired import difference_in
from sim.study.replicate import Result, Settings
from sim.ui import estimate, texts
from sim.ui.headline import clauses
from sim.ui.jobs import Job, Runner, Task
from sim.ui.texts import planner
from sim.ui.worker import Teller
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile

MOST_VISITS = 60_000_000
"""What is worth being worked out unasked: about half a minute on a small server."""
FEWEST_REPLICATIONS = 3

Tried = tuple[tuple[Post, Result], ...]
"""Each post of the team with the result of one more there."""


@dataclass
class Aside:
    """A session's job beside its questions: begun when nothing else is under way, dropped when something is."""

    job: Job | None = None

    def want(self, task: Task, pool: Runner) -> Any:
        """The result of a task, or None while it is under way."""
        if self.job is None or self.job.task.key != task.key:
            self.drop()
            self.job = pool.submit(task)
        if self.job.look() and self.job.result is None and not self.job.problem:
            self.job = pool.submit(task)  # it gave way
        return self.job.result

    @property
    def failed(self) -> bool:
        """Whether there will be no result."""
        return self.job is not None and bool(self.job.problem)

    def drop(self) -> None:
        """Give it up."""
        if self.job is not None:
            self.job.cancel()
        self.job = None


def task_of(result: Result) -> Task | None:
    """The task to try one more in each shift of the tightest team; None where that would take long, or nobody works."""
    team, scenario = tightest(result), result.file.scenario
    places = [post for post in posts(result.file) if post.team == team]
    if not places:
        return None
    fitting = int(MOST_VISITS / max(estimate.visits(scenario) * len(places), 1.0))
    replications = min(result.settings.replications, fitting)
    if replications < FEWEST_REPLICATIONS:
        return None
    side_by_side = max(int(estimate.IN_MEMORY_VISITS / max(estimate.visits(scenario), 1.0)), 1)
    settings = replace(result.settings, replications=replications, workers=side_by_side)
    key: Hashable = ("one more person", result.file.digest, settings)
    return Task(key, one_more_each, (result.file, settings, team), gives_way=True)


def tightest(result: Result) -> str:
    """The team with the highest load."""
    loads = result.teams["load"]
    return str(loads.index[0]) if len(loads) else ""


def one_more_each(file: ScenarioFile, settings: Settings, team: str, tell: Teller) -> Tried:
    """Try one more in each shift of a team (in a worker process)."""
    own = [post for post in posts(file) if post.team == team]
    return tuple(_tried(file, settings, own, tell))


def _tried(file: ScenarioFile, settings: Settings, own: list[Post], tell: Teller) -> Iterator[tuple[Post, Result]]:
    for number, post in enumerate(own):
        begin = number / len(own)

        def said(share: float, begin: float = begin) -> None:
            tell(begin + share / len(own))

        try:
            more = file.changed(f"{post.path}={post.staff + 1}")
        except ScenarioError:
            continue
        yield post, first_look(more, settings, file, said)


def in_words(result: Result, tried: Tried) -> str:
    """What the best of the posts brings; its intervals allow for its having been chosen among them."""
    if not tried:
        return ""
    level = 1 - (1 - CONFIDENCE) / len(tried)
    post, found = max(tried, key=lambda one: _gain(result, one[1]))
    scenario = result.file.scenario
    label = scenario.label("teams", post.team)
    who = label if post.shift is None else texts.shift(label, post.shift)
    said = clauses(found, result, level)
    return planner.one_more(who, [words for words, gap in said if gap.decided])


def _gain(result: Result, found: Result) -> float:
    """By how much the promise that is hardest to keep, or else the delivery time, is better."""
    kept = {
        name: one.mean for name, one in result.measures.items() if name.startswith("on_time.") and one.mean == one.mean
    }
    name = min(kept, key=lambda one: kept[one]) if kept else "delivery_time.p95"
    gap = difference_in(name, result.runs, found.runs)
    if gap is None or gap.difference != gap.difference:
        return float("-inf")
    return gap.difference if kept else -gap.difference
