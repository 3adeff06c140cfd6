"""What a planner can ask further of an answer: the cheapest staffing, one more person, how much the plan can take."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pandas as pd

from sim.analysis.intervals import Estimate
from sim.analysis.words import measured, with_interval
from sim.show.study_answers import capacity_sentence, staffing_sentence
from sim.show.tables import PlainTable
from sim.study.capacity import Capacity, capacity
from sim.study.evaluate import Evaluator, evaluator
from sim.study.one_more import OneMore, Post, one_more, posts
from sim.study.paired import Difference, amount, signed
from sim.study.replicate import Settings
from sim.study.staffing import Staffing, staff
from sim.study.target import Target, TargetError
from sim.ui import estimate, texts
from sim.ui.jobs import Task
from sim.ui.texts import planner
from sim.ui.worker import Teller
from sim.words.charts import in_unit
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile
from sim.world.units import HOUR_MS

Kind = Literal["staffing", "one_more", "capacity"]
USUAL_SHARE = 0.95
P95 = "delivery_time.p95"
Found = Staffing | OneMore | Capacity
Row: TypeAlias = dict[str, str]
"""A row of a table, by the headings of its columns."""


@dataclass(frozen=True)
class Goal:
    """A measure that a study can be told to keep: its name, what it is called, and what is proposed."""

    measure: str
    label: str
    at_least: bool
    proposed: float

    def target(self, value: float) -> Target:
        """The target at a value (a share, or hours)."""
        return Target(self.measure, self.at_least, value, "share" if self.at_least else "h")

    def words(self, value: float) -> str:
        """The target as a planner says it."""
        if self.at_least:
            return planner.kept_at_least(self.label, 100 * value)
        return planner.within(self.label, value)


def goals(file: ScenarioFile, p95_h: float) -> list[Goal]:
    r"""What can be kept: each promise for 95 % of orders, and 95 of 100 delivered no later than now, to the full hour.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> [goal.words(goal.proposed).replace("\N{NO-BREAK SPACE}", " ") for goal in goals(load(shipped("six_stages")), 80.2)]
    ['95 % dispatched within 48 h', '95 % delivered within 96 h', '95 of 100 delivered within 81 h']
    """
    found = [
        Goal(f"on_time.{key}", texts.promise(promise.to, promise.within / HOUR_MS), True, USUAL_SHARE)
        for key, promise in file.scenario.promises.items()
    ]
    if math.isfinite(p95_h):
        found.append(Goal(P95, texts.p95(delivers=True), False, float(math.ceil(p95_h))))
    return found


@dataclass(frozen=True)
class Study:
    """A further question about a scenario; ``goal`` and ``value`` are what has to be kept, where it needs that."""

    kind: Kind
    file: ScenarioFile
    settings: Settings
    goal: Goal | None = None
    value: float = 0.0

    @property
    def key(self) -> Hashable:
        """The content: equal for studies that have the same answer."""
        target = None if self.goal is None else self.goal.target(self.value)
        return "study", self.kind, self.file.digest, self.settings, target

    @property
    def task(self) -> Task:
        """The study as a task."""
        orders = estimate.orders(self.file.scenario) * self.settings.replications  # of each plan that it tries
        return Task(self.key, studied, (self,), orders=orders)

    @property
    def target_words(self) -> str:
        """What has to be kept, in words."""
        return "" if self.goal is None else self.goal.words(self.value)


def studied(study: Study, tell: Teller) -> Found:
    """Do a study (in a worker process). Raises ScenarioError for what it cannot be asked."""

    def said(_done: int, _of: int) -> None:
        tell.partial(evaluate.counts.run)

    with evaluator(places=1, said=said) as evaluate:
        try:
            return _found(study, evaluate)
        except TargetError as error:
            raise ScenarioError(str(error)) from None


def _found(study: Study, evaluate: Evaluator) -> Found:
    seed, replications = study.settings.seed, study.settings.replications
    if study.kind == "one_more" or study.goal is None:
        return one_more(study.file, evaluate, (), seed, replications)
    targets = [study.goal.target(study.value)]
    if study.kind == "capacity":
        return capacity(study.file, targets, evaluate, seed, replications)
    return staff(study.file, targets, evaluate, seed=seed, replications=replications)


def sentence(study: Study, found: Found) -> str:
    """The answer in a sentence."""
    if isinstance(found, Staffing):
        return staffing_sentence(found, study.target_words)
    if isinstance(found, Capacity):
        return capacity_sentence(found, study.target_words)
    return _one_more_sentence(found)


def notes(study: Study, found: Found) -> list[str]:
    """What one must know to use the answer."""
    if not isinstance(found, Staffing) or found.roster is None:
        return []
    said = [
        planner.ON_FRESH_LUCK.format(
            measure=study.target_words, value=with_interval(one), verdict=found.verdicts[target]
        )
        for target, one in found.kept.items()
    ]
    if found.fixed:
        names = {post.key: who(found.file, post) for post in posts(found.file)}
        said.append(planner.NOT_SEARCHED + "; ".join(names[key] for key in found.fixed) + ".")
    return said


def table(found: Found) -> PlainTable:
    """The answer in rows, ready to be read."""
    if isinstance(found, Staffing):
        title, rows = planner.STAFFING_TABLE, _staffing_rows(found)
    elif isinstance(found, Capacity):
        title, rows = planner.CAPACITY_TABLE, _capacity_rows(found)
    else:
        title, rows = planner.ONE_MORE_TABLE, _one_more_rows(found)
    return PlainTable(title, tuple(rows[0]) if rows else (), tuple(tuple(row.values()) for row in rows))


def who(file: ScenarioFile, post: Post) -> str:
    """A team and its shift in words."""
    label = file.scenario.label("teams", post.team)
    return texts.sentence_case(label if post.shift is None else texts.shift(label, post.shift))


def _staffing_rows(found: Staffing) -> list[Row]:
    names = {post.key: who(found.file, post) for post in posts(found.file)}
    return [
        {planner.WHO: names[key], planner.NOW: str(found.present[key]), planner.CHEAPEST: str(count),
         planner.CHANGE: _plus(int(count) - int(found.present[key]))}
        for key, count in (found.roster or {}).items()
    ]  # fmt: skip


def _plus(change: int) -> str:
    return f"{change:+d}".replace("-", texts.MINUS) if change else "0"


def _measure_words(file: ScenarioFile, measure: str) -> str:
    group, _, key = measure.partition(".")
    promise = file.scenario.promises.get(key)
    if group == "on_time" and promise is not None:
        return texts.promise(promise.to, promise.within / HOUR_MS)
    return texts.p95(delivers=True, of=int(key.removeprefix("p")))


def _capacity_rows(found: Capacity) -> list[Row]:
    rows = []
    for row in found.frame.to_dict("records"):
        team = found.file.scenario.label("teams", str(row["tightest"]))
        rows.append(
            {
                planner.DEMAND: f"{row['demand']:.2f}",
                **{_measure_words(found.file, one.measure): _with_interval(found, row, one) for one in found.targets},
                planner.KEPT: _kept(row),
                planner.TIGHTEST: team,
                planner.LOAD: planner.load(float(row["load"])),
            }
        )
    return rows


def _kept(row: Mapping[Any, Any]) -> str:
    if row["sure"]:
        return planner.SURELY
    return planner.ON_AVERAGE if row["kept"] else planner.NOT_KEPT


def _with_interval(found: Capacity, row: Mapping[Any, Any], one: Target) -> str:
    mean, low, high = (float(row[f"{one.measure}{end}"]) for end in ("", "_low", "_high"))
    return with_interval(Estimate(mean, low, high, one.unit, found.replications))


def _one_more_rows(found: OneMore) -> list[Row]:
    names = {post.key: who(found.file, post) for post in posts(found.file)}
    a_day = in_unit(planner.A_DAY, found.file.scenario.costs.currency)
    # Who costs nothing comes last: what they bring for their money is without limit, however little it is.
    rows = sorted(found.frame.to_dict("records"), key=lambda row: row["cost"] == 0)
    return [
        {
            planner.WHO: names[row["post"]],
            planner.STAFF: str(row["staff"]),
            planner.CHANGE: _plus(int(row["change"])),
            planner.LOAD: planner.load(float(row["load"])),
            **{_measure_words(found.file, name): _sure(_gap(found, row, name)) for name in found.watched},
            a_day: _signed(row["cost"], "money"),
        }
        for row in rows
    ]


def _gap(found: OneMore, row: Mapping[Any, Any], name: str) -> Difference:
    """How a measure changes in a row."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return Difference(found.units[name], row[name], low, high, math.nan, math.nan, found.replications, math.nan)


def _sure(gap: Difference) -> str:
    """A change with its interval, where that leaves no doubt that there is one."""
    if not gap.decided:
        return planner.CANNOT_TELL
    size, between = amount(gap)
    return f"{'+' if gap.difference > 0 else texts.MINUS}{size}{between}"


def _signed(value: float, unit: str) -> str:
    return signed(value, unit).replace("-", texts.MINUS)


def _one_more_sentence(found: OneMore) -> str:
    frame = found.frame
    helpful = frame[(frame["change"] > 0) & (frame["gain_per_money"] > 0)] if len(frame) else frame
    if helpful.empty:
        return planner.NOBODY_HELPS
    row = _best(found, helpful).to_dict()
    names = {post.key: who(found.file, post) for post in posts(found.file)}
    gains = "; ".join(_gains(found, row))
    label = names[row["post"]]
    says = planner.ONE_MORE_SENTENCE if row["cost"] > 0 else planner.ONE_MORE_UNPAID
    cost, currency = measured(abs(row["cost"]), "money"), found.file.scenario.costs.currency
    return says.format(who=f"{label[:1].lower()}{label[1:]}", gains=gains, cost=cost, currency=currency)


def _best(found: OneMore, helpful: pd.DataFrame) -> pd.Series[Any]:
    """Who brings most for their money; whoever costs nothing brings infinitely much for it, and is named only alone."""
    paid = helpful[helpful["cost"] != 0]
    if len(paid):
        return paid.iloc[0]
    first = found.watched[0]
    gain = helpful[first] if found.units[first] == "share" else -helpful[first]
    return helpful.iloc[int(gain.to_numpy().argmax())]


def _gains(found: OneMore, row: Mapping[Any, Any]) -> Iterator[str]:
    """What a person more changes for sure, in clauses."""
    for name in found.watched:
        gap = _gap(found, row, name)
        if gap.decided:
            what = _measure_words(found.file, name)
            yield planner.difference(name, gap, f"{what[:1].lower()}{what[1:]}", delivers=True)
