"""The search for the cheapest roster that keeps its targets, on a few replications of equal luck."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from sim.study.evaluate import Evaluator, Point
from sim.study.question import STAFF_COST, Measures, OrdersAndMoney
from sim.study.roster import Roster, Rosters
from sim.study.target import Target
from sim.world.files import ScenarioFile

WORST = -1e9
"""The margin of a roster whose measure is not known, since too many orders are under way at the end."""
POINT = 0.01
"""A margin is counted in hundredths of a share, or in hundredths of the target's value."""
PATTERNS = 16
"""So many of the most promising joint moves are tried at a time, and by default twice as many in all."""
MOST_ROUNDS = 60
ON_THE_WAY = 16
"""Into so many steps the way to the smallest roster is divided."""
PARTS = (4, 8, 16, 32, 64)
"""By a quarter, an eighth, ... of a post at a time, until single people are left."""
ASK = OrdersAndMoney()


@dataclass
class Tried:
    """What is known of a roster: its runs, the mean of its staff cost, and by how much it keeps each target."""

    roster: Roster
    file: ScenarioFile
    runs: list[Measures] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Wages and overtime pay, money a day."""
        return float(np.mean([run[STAFF_COST].value for run in self.runs]))

    def margin(self, targets: Sequence[Target]) -> float:
        """By how much the target that is hardest to keep is kept: zero or more where all are, in points."""
        return min(margin(self.runs, target) for target in targets)


def margin(runs: Sequence[Measures], target: Target) -> float:
    """By how much the mean of some runs keeps a target, in hundredths (of a share, or of the target's value)."""
    short = target.shortfall(float(np.mean(target.values(runs))))
    if not math.isfinite(short):
        return WORST
    return -short / (POINT if target.unit == "share" else POINT * max(abs(target.value), 1e-9))


class Search:
    """A walk over rosters: up until the targets are kept, then down while they are, by single and by joint moves.

    All rosters have the same draws, so that differences are those of the rosters. A candidate is run once first, and
    no more where that shows it to be hopeless (racing; compare Kleijnen, *Design and Analysis of Simulation
    Experiments*, 2015, section 6.2). Joint moves (one or two fewer here, one or two more there) are tried in the order
    of what the single moves promise together.
    """

    def __init__(
        self,
        among: Rosters,
        targets: Sequence[Target],
        evaluate: Evaluator,
        seed: int,
        replications: int,
        patterns: int = 2 * PATTERNS,
    ) -> None:
        self.among, self.targets, self.evaluate = among, tuple(targets), evaluate
        self.seed, self.replications, self.patterns = seed, replications, patterns
        self.tried: dict[Roster, Tried | None] = {}

    def run(self, wanted: Iterable[Roster], bar: float = -math.inf) -> list[Tried]:
        """Rosters with all their replications; those left out fell below ``bar`` at the first, or make no scenario."""
        new = [roster for roster in dict.fromkeys(wanted) if self.among.allowed(roster)]
        for roster in new:
            if roster not in self.tried:
                file = self.among.scenario(roster)
                self.tried[roster] = None if file is None else Tried(roster, file)
        known = [one for one in (self.tried[roster] for roster in new) if one is not None]
        self._extend(known, 1)
        hopeful = [one for one in known if len(one.runs) > 1 or one.margin(self.targets) >= bar]
        self._extend(hopeful, self.replications)
        return hopeful

    def _extend(self, those: Sequence[Tried], until: int) -> None:
        missing = [(one, number) for one in those for number in range(len(one.runs), until)]
        points = [Point(one.file, self.seed, number, self.among.file) for one, number in missing]
        for (one, _), found in zip(missing, self.evaluate(points, ASK), strict=True):
            one.runs.append(found)

    def reach(self, begin: Roster) -> Tried | None:
        """A roster that keeps the targets, from ``begin`` upwards; None where even the ceiling does not."""
        found = self.run([begin])
        now = found[0] if found else self._at(self.among.ceiling)
        if now is None:
            return None
        for _ in range(MOST_ROUNDS):
            if now.margin(self.targets) >= 0:
                return now
            better = self._best_step_up(now)
            if better is None:
                middle = tuple(-(-(a + b) // 2) for a, b in zip(now.roster, self.among.ceiling, strict=True))
                better = self._at(middle if middle != now.roster else self.among.ceiling)
                if better is None or better.roster == now.roster:
                    return None
            now = better
        return None

    def _at(self, roster: Roster) -> Tried | None:
        found = self.run([roster])
        return found[0] if found else None

    def _best_step_up(self, now: Tried) -> Tried | None:
        """Of one more, or a quarter more, in each post the one that brings most for its money."""
        steps = {
            moved(now.roster, {post: size}) for post in self._posts() for size in (1, max(1, now.roster[post] // 4))
        }
        gains = []
        for one in self.run(sorted(steps | self._later(now.roster))):
            gain = one.margin(self.targets) - now.margin(self.targets)
            if gain > 0:
                enough = min(gain, -now.margin(self.targets))
                gains.append((enough / max(self._price(one) - self._price(now), 1e-9), one.roster, one))
        return max(gains, key=lambda entry: entry[:2])[2] if gains else None

    def descend(self, now: Tried) -> Tried:
        """The cheapest roster that moves lead to from one that keeps the targets."""
        now = self._shrunk(now)
        for part in PARTS:
            for _ in range(MOST_ROUNDS):
                steps = {post: max(1, now.roster[post] // part) for post in self._posts()}
                cheaper = self._many_fewer(now, steps)
                if cheaper is None:
                    break
                now = cheaper
            if max(steps.values()) == 1:
                break
        for _ in range(MOST_ROUNDS):
            cheaper = self._one_fewer(now) or self._joint(now)
            if cheaper is None:
                return now
            now = cheaper
        return now

    def _shrunk(self, now: Tried) -> Tried:
        """On the way from a roster to the smallest that is allowed, all posts alike, the smallest that keeps the targets."""
        least = self.among.least(now.roster)
        best, low, high = now, 0, ON_THE_WAY
        while high - low > 1:
            middle = (low + high) // 2
            there = tuple(b + -(-(a - b) * middle // ON_THE_WAY) for a, b in zip(now.roster, least, strict=True))
            one = next(iter(self.run([there], self._bar(now))), None)
            if one is not None and (self._better(one, now) or one.roster == now.roster):
                best, high = one, middle
            else:
                low = middle
        return best

    def _many_fewer(self, now: Tried, steps: dict[int, int]) -> Tried | None:
        """Fewer in as many posts at once as the single steps, added up, allow; half as many where that was too much."""
        effects = self._effects(now, [moved(now.roster, {post: -size}) for post, size in steps.items()])
        posts = {moved(now.roster, {post: -size}): post for post, size in steps.items()}
        order = sorted(effects, key=lambda one: (-effects[one] / max(self._saved(now, one), 1e-9), one))
        left = now.margin(self.targets)
        chosen: list[Roster] = []
        for one in order:
            taken = {posts[other]: -steps[posts[other]] for other in (*chosen, one)}
            if left + effects[one] >= 0 and self.among.allowed(moved(now.roster, taken)):
                left, chosen = left + effects[one], [*chosen, one]
        while chosen:
            taken = {posts[other]: -steps[posts[other]] for other in chosen}
            found = self.run([moved(now.roster, taken)], self._bar(now))
            if found and self._better(found[0], now):
                return found[0]
            chosen = chosen[: len(chosen) // 2]
        return None

    def _one_fewer(self, now: Tried) -> Tried | None:
        """One fewer in a post, whichever saves most and still keeps the targets."""
        steps = [moved(now.roster, {post: -1}) for post in self._posts()]
        kept = [one for one in self.run(steps, self._bar(now)) if self._better(one, now)]
        return min(kept, key=lambda one: (one.cost, one.roster), default=None)

    def _saved(self, now: Tried, roster: Roster) -> float:
        return self.among.staff_cost(now.roster) - self.among.staff_cost(roster)

    def _joint(self, now: Tried) -> Tried | None:
        """One or two fewer, and one or two more or a shift at another time, in the order of what they promise."""
        base = now.margin(self.targets)
        ups = self._effects(
            now, [moved(now.roster, {post: 1}) for post in self._posts()] + sorted(self._later(now.roster))
        )
        downs = self._effects(now, [moved(now.roster, {post: -1}) for post in self._posts()])
        promising = []
        for roster, effect in _joined(now.roster, downs, ups):
            saved = self.among.staff_cost(now.roster) - self.among.staff_cost(roster)
            if saved > 0 and roster not in self.tried:
                promising.append((min(base + effect, 0.0), saved, roster))
        promising.sort(reverse=True)
        for begin in range(0, min(len(promising), self.patterns), PATTERNS):
            chosen = [roster for _, _, roster in promising[begin : min(begin + PATTERNS, self.patterns)]]
            kept = [one for one in self.run(chosen, self._bar(now)) if self._better(one, now)]
            if kept:
                return min(kept, key=lambda one: (one.cost, one.roster))
        return None

    def _effects(self, now: Tried, wanted: Sequence[Roster]) -> dict[Roster, float]:
        """What single moves do to the margin, by the first replication."""
        self.run(wanted, math.inf)
        first = replace(now, runs=now.runs[:1]).margin(self.targets)
        effects = {}
        for roster in wanted:
            one = self.tried.get(roster)
            if one is not None and one.runs:
                effects[roster] = max(replace(one, runs=one.runs[:1]).margin(self.targets), WORST) - first
        return effects

    def _later(self, roster: Roster) -> set[Roster]:
        """The same staff with the shift of one post at another time."""
        count = len(self.among.free)
        return {
            (*roster[: count + post], chosen, *roster[count + post + 1 :])
            for post in self._posts()
            for chosen in range(len(self.among.starts[post]))
            if chosen != roster[count + post]
        }

    def _posts(self) -> range:
        return range(len(self.among.free))

    def _price(self, one: Tried) -> float:
        return self.among.staff_cost(one.roster)

    def _better(self, one: Tried, now: Tried) -> bool:
        return one.margin(self.targets) >= 0 and one.cost < now.cost

    def _bar(self, now: Tried) -> float:
        """Below this margin in its first replication a roster is hopeless: the spread of those of ``now``."""
        singles = [replace(now, runs=[run]).margin(self.targets) for run in now.runs]
        return min(singles[0] - float(np.mean(singles)), 0.0) - (max(singles) - min(singles)) - POINT


def moved(roster: Roster, steps: dict[int, int]) -> Roster:
    """A roster with some entries changed.

    >>> moved((3, 4, 0, 0), {1: -1})
    (3, 3, 0, 0)
    """
    return tuple(count + steps.get(number, 0) for number, count in enumerate(roster))


def _joined(now: Roster, downs: dict[Roster, float], ups: dict[Roster, float]) -> Iterator[tuple[Roster, float]]:
    """All joint moves of one or two down and none, one or two up, with the sum of their effects."""
    gaps = {roster: tuple(a - b for a, b in zip(roster, now, strict=True)) for roster in (*downs, *ups)}
    lower = [(one,) for one in downs] + list(combinations(downs, 2)) + [(one, one) for one in downs]
    higher: list[tuple[Roster, ...]] = [(), *((one,) for one in ups), *combinations(ups, 2)]
    for below in lower:
        for above in higher:
            change = np.sum([gaps[one] for one in (*below, *above)], axis=0)
            effect = sum(downs[one] for one in below) + sum(ups[one] for one in above)
            yield tuple(int(a + b) for a, b in zip(now, change, strict=True)), effect
