"""How many wait at each stage, and for how long the one who waits longest has waited, over the whole run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from sim.analysis.words import hours, number
from sim.show.by_stage import ByKey, ByStage
from sim.show.ticks import Duration
from sim.study.replicate import Result
from sim.words import site as say


@dataclass(frozen=True)
class Queues(ByStage):
    """Items that wait for a stage's people."""

    name: ClassVar[str] = "queues"

    @classmethod
    def shown(cls, result: Result) -> tuple[str, tuple[pd.DataFrame, ...]]:
        return "", tuple(curves.queues for curves in result.curves)

    @classmethod
    def measured(cls, result: Result, stages: Sequence[str]) -> tuple[ByKey, ByKey]:
        mean, most = ({key: result.measures[f"queue.{key}.{name}"].mean for key in stages} for name in ("mean", "most"))
        return mean, most

    @property
    def title(self) -> str:
        if self.in_window[self.longest] < 0.005:
            return say.NO_QUEUE
        said = say.mean_and_most(self.said(self.in_window[self.longest]), f"{self.most[self.longest]:,.0f}")
        return say.longest_queue(self.labels[self.longest], said, several=len(self.labels) > 1)

    @property
    def alt(self) -> str:
        says = [f"{label}: {self._aside(key)}" for key, label in self.labels.items()]
        return say.queues_alt(says)

    @property
    def words(self) -> str:
        return say.ITEMS_WAITING

    def said(self, value: float) -> str:
        return number(value)


@dataclass(frozen=True)
class QueueAges(ByStage):
    """For how long the item that waits longest for a stage's people has waited, in the unit that suits it."""

    name: ClassVar[str] = "queue_ages"

    @classmethod
    def shown(cls, result: Result) -> tuple[str, tuple[pd.DataFrame, ...]]:
        frames = [curves.ages_h for curves in result.curves]
        scale = Duration.up_to(max((float(frame.to_numpy().max(initial=0.0)) for frame in frames), default=0.0))
        return scale.unit, tuple(frame * scale.per_hour for frame in frames)

    @classmethod
    def measured(cls, result: Result, stages: Sequence[str]) -> tuple[ByKey, ByKey]:
        clock = result.file.scenario.clock
        begin, end = (pd.Timestamp(clock.start) + pd.Timedelta(at, "ms") for at in clock.window_ms)
        windows = [
            frame[(frame.index >= begin) & (frame.index < end)] for frame in (curves.ages_h for curves in result.curves)
        ]
        known = [window for window in windows if len(window)]
        mean, most = (
            {key: float(np.mean([of(window[key]) for window in known])) if known else 0.0 for key in stages}
            for of in (np.mean, np.max)
        )
        return mean, most

    @property
    def title(self) -> str:
        if self.in_window[self.longest] < 0.005:
            return say.NO_LONG_WAIT
        said = say.mean_and_most(self.said(self.in_window[self.longest]), self.said(self.most[self.longest]))
        return say.oldest(self.labels[self.longest], said, several=len(self.labels) > 1)

    @property
    def alt(self) -> str:
        says = [f"{label}: {self._aside(key)}" for key, label in self.labels.items()]
        return say.ages_alt(says)

    @property
    def words(self) -> str:
        return say.oldest_axis(self.unit)

    def said(self, value: float) -> str:
        return hours(value)
