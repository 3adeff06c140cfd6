"""Something of each stage's queue hour by hour: a panel a stage, grey where none of its people is on shift."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.curves import mean_frame
from sim.show.axes import axis_label, closed_bands, counts, heading, moments, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, MUTED
from sim.show.panels import FEW, Panels, across, spread_note
from sim.show.timelines import Curve, Timeline, moment_line, off_shift, time_axis
from sim.show.views import DOTTED, View, number_axis
from sim.study.replicate import Result
from sim.words import charts
from sim.words import site as say
from sim.world.scenario import tasks_of

ByKey = dict[str, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ByStage(Chart):
    """A row an hour, a column a stage, of each replication and of all; and when none of the stage's people is on shift.

    ``unit`` is that of time, or nothing for counts; ``in_window`` and ``most`` are mean and highest value of the
    measured hours.
    """

    group: ClassVar[str] = charts.QUEUES

    unit: str
    each: tuple[pd.DataFrame, ...]
    mean: pd.DataFrame
    closed: pd.DataFrame
    labels: dict[str, str]
    in_window: ByKey
    most: ByKey
    warm_up: timedelta

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario = result.file.scenario
        unit, each = cls.shown(result)
        mean = mean_frame(each)
        stages = [key for key in scenario.stages if key in mean]
        if not stages:
            return None
        heads = mean_frame([curves.heads for curves in result.curves]).reindex(mean.index).fillna(0.0)
        there = {team: heads[team].to_numpy() > 0 for team in heads}
        closed = {
            key: ~np.any([there[task.team] for _, task in tasks_of(scenario.stages[key])], axis=0) for key in stages
        }
        in_window, most = cls.measured(result, stages)
        return cls(
            unit=unit,
            each=each,
            mean=mean[stages],
            closed=pd.DataFrame(closed, mean.index),
            labels={key: scenario.label("stages", key) for key in stages},
            in_window=in_window,
            most=most,
            warm_up=timedelta(milliseconds=scenario.clock.warm_up),
        )

    @classmethod
    @abstractmethod
    def shown(cls, result: Result) -> tuple[str, tuple[pd.DataFrame, ...]]:
        """What is shown of each run, and its unit."""

    @classmethod
    @abstractmethod
    def measured(cls, result: Result, stages: Sequence[str]) -> tuple[ByKey, ByKey]:
        """Mean and highest value of the measured hours, by stage."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What is shown, for axes and columns."""

    @abstractmethod
    def said(self, value: float) -> str:
        """A value in words."""

    @property
    def longest(self) -> str:
        """The stage with the highest mean."""
        return max(self.in_window, key=lambda key: self.in_window[key])

    @property
    def table(self) -> pd.DataFrame:
        columns = {key: charts.in_unit(label, self.words) for key, label in self.labels.items()}
        return self.mean.rename(columns=columns).rename_axis(charts.HOUR)

    @property
    def note(self) -> str:
        return say.by_stage_note(spread_note(len(self.each)), warm_up=bool(self.warm_up))

    def height_in(self, width_in: float) -> float:
        return 3.2 if len(self.labels) == 1 else Panels(len(self.labels), width_in).height_in

    def paint(self, figure: Figure) -> None:
        panels = Panels(len(self.labels), float(figure.get_figwidth()))
        low, high = across(self.each)
        labels = max(2, int(figure.get_figwidth() / panels.columns))
        for ax, (key, label) in zip(panels.alone(figure), self.labels.items(), strict=True):
            plain(ax)
            closed_bands(ax, self.mean.index.to_numpy(), self.closed[key].to_numpy())
            self._curve(ax, key, low, high)
            if len(self.labels) > 1:
                heading(ax, label, self._aside(key))
            first = self.mean.index[0].to_pydatetime()
            moments(ax, first, self.mean.index[-1].to_pydatetime() + timedelta(hours=1), labels)
            if self.warm_up:
                ax.axvline(first + self.warm_up, color=MUTED, linestyle=":", linewidth=1.0)
        for row in range(panels.rows):
            axis_label(figure.axes[row * panels.columns], y=self.words)

    def _aside(self, key: str) -> str:
        return say.on_average(self.said(self.in_window[key]))

    def _curve(self, ax: Axes, key: str, low: pd.DataFrame, high: pd.DataFrame) -> None:
        at = self.mean.index
        if 1 < len(self.each) <= FEW:
            for frame in self.each:
                if key in frame:
                    ax.plot(frame.index, frame[key], color=BLUE, linewidth=0.5, alpha=0.4)
        elif len(self.each) > FEW:
            ax.fill_between(at, low[key], high[key], color=BLUE, alpha=0.2, linewidth=0)
        ax.plot(at, self.mean[key], color=BLUE, linewidth=1.2)
        ax.set_ylim(bottom=0, top=max(1.0, float(ax.get_ylim()[1])))
        counts(ax.yaxis, 3)

    @cached_property
    def views(self) -> tuple[View, ...]:
        low, high = across(self.each)
        return tuple(self._view(key, low[key].to_numpy(), high[key].to_numpy()) for key in self.labels)

    def _view(self, key: str, low: Floats, high: Floats) -> View:
        at, many = self.mean.index, len(self.each) > 1
        panel, first = len(self.labels) > 1, self.mean.index[0].to_pydatetime()
        x = time_axis(first, at[-1].to_pydatetime() + timedelta(hours=1), panel=panel)
        runs = [frame[key].reindex(at) for frame in self.each if key in frame] if 1 < len(self.each) <= FEW else []
        return Timeline(
            at, x, number_axis("height", self.words, float(high.max()), ticks=3),
            [Curve(say.WAITING, BLUE, self.mean[key], low if many else None, high if many else None, tuple(runs))],
            heading=self.labels[key] if panel else "",
            aside=self._aside(key),
            panel=panel,
            unit=f" {self.unit}" if self.unit else "",
            under=off_shift(at, self.closed[key].to_numpy(), x),
            over=[moment_line(first + self.warm_up, x, MUTED, DOTTED)] if self.warm_up else [],
        ).view  # fmt: skip
