"""How many wait at each stage, over the whole run."""

from __future__ import annotations

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
from sim.analysis.words import number
from sim.show.axes import axis_label, closed_bands, counts, heading, moments, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, MUTED
from sim.show.panels import FEW, Panels, across, spread_note
from sim.show.timelines import Curve, Timeline, moment_line, off_shift, time_axis
from sim.show.views import DOTTED, View, number_axis
from sim.study.replicate import Result
from sim.world.scenario import tasks_of


@dataclass(frozen=True)
class Queues(Chart):
    """A row an hour, a column a stage: items that wait for its people; and when none of these is on shift."""

    name: ClassVar[str] = "queues"
    group: ClassVar[str] = "Queues"

    each: tuple[pd.DataFrame, ...]
    mean: pd.DataFrame
    closed: pd.DataFrame
    labels: dict[str, str]
    in_window: dict[str, float]
    most: dict[str, float]
    warm_up: timedelta

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario = result.file.scenario
        each = tuple(curves.queues for curves in result.curves)
        mean = mean_frame(each)
        stages = [key for key in scenario.stages if key in mean]
        if not stages:
            return None
        heads = mean_frame([curves.heads for curves in result.curves]).reindex(mean.index).fillna(0.0)
        there = {team: heads[team].to_numpy() > 0 for team in heads}
        closed = {
            key: ~np.any([there[task.team] for _, task in tasks_of(scenario.stages[key])], axis=0) for key in stages
        }
        return cls(
            each=each,
            mean=mean[stages],
            closed=pd.DataFrame(closed, mean.index),
            labels={key: scenario.label("stages", key) for key in stages},
            in_window={key: result.measures[f"queue.{key}.mean"].mean for key in stages},
            most={key: result.measures[f"queue.{key}.most"].mean for key in stages},
            warm_up=timedelta(milliseconds=scenario.clock.warm_up),
        )

    @property
    def title(self) -> str:
        longest = max(self.in_window, key=lambda key: self.in_window[key])
        if self.in_window[longest] < 0.005:
            return "Nowhere does a queue form"
        said = f"{number(self.in_window[longest])} on average, {self.most[longest]:,.0f} at most"
        return f"The {'longest ' if len(self.labels) > 1 else ''}queue is for {self.labels[longest]}: {said}"

    @property
    def alt(self) -> str:
        says = [f"{label}: {number(self.in_window[key])} on average" for key, label in self.labels.items()]
        return f"A panel for each stage with the number of items waiting hour by hour. {'; '.join(says)}."

    @property
    def table(self) -> pd.DataFrame:
        columns = {key: f"{label} (items waiting)" for key, label in self.labels.items()}
        return self.mean.rename(columns=columns).rename_axis("hour")

    @property
    def note(self) -> str:
        warm_up = " Dotted: measured from here; averages are from then on." if self.warm_up else ""
        return f"{spread_note(len(self.each))}Grey: nobody of the stage's teams is on shift.{warm_up} Each panel has its own scale."

    def height_in(self, width_in: float) -> float:
        return 3.2 if len(self.labels) == 1 else Panels(len(self.labels), width_in).height_in

    def paint(self, figure: Figure) -> None:
        panels = Panels(len(self.labels), float(figure.get_figwidth()))
        low, high = across(self.each)
        labels = max(2, int(figure.get_figwidth() / panels.columns))
        for ax, (key, label) in zip(panels.alone(figure), self.labels.items(), strict=True):
            plain(ax)
            closed_bands(ax, self.mean.index.to_numpy(), self.closed[key].to_numpy())
            self._queue(ax, key, low, high)
            if len(self.labels) > 1:
                heading(ax, label, f"{number(self.in_window[key])} on average")
            first = self.mean.index[0].to_pydatetime()
            moments(ax, first, self.mean.index[-1].to_pydatetime() + timedelta(hours=1), labels)
            if self.warm_up:
                ax.axvline(first + self.warm_up, color=MUTED, linestyle=":", linewidth=1.0)
        for row in range(panels.rows):
            axis_label(figure.axes[row * panels.columns], y="items waiting")

    def _queue(self, ax: Axes, key: str, low: pd.DataFrame, high: pd.DataFrame) -> None:
        at = self.mean.index
        if 1 < len(self.each) <= FEW:
            for frame in self.each:
                if key in frame:
                    ax.plot(frame.index, frame[key], color=BLUE, linewidth=0.5, alpha=0.4)
        elif len(self.each) > FEW:
            ax.fill_between(at, low[key], high[key], color=BLUE, alpha=0.2, linewidth=0)
        ax.plot(at, self.mean[key], color=BLUE, linewidth=1.2)
        ax.set_ylim(bottom=0, top=max(1.0, ax.get_ylim()[1]))
        counts(ax.yaxis, 3)

    @cached_property
    def views(self) -> tuple[View, ...]:
        low, high = across(self.each)
        return tuple(self._view(key, low[key].to_numpy(), high[key].to_numpy()) for key in self.labels)

    def _view(self, key: str, low: NDArray[np.float64], high: NDArray[np.float64]) -> View:
        at, many = self.mean.index, len(self.each) > 1
        panel, first = len(self.labels) > 1, self.mean.index[0].to_pydatetime()
        x = time_axis(first, at[-1].to_pydatetime() + timedelta(hours=1), panel=panel)
        runs = [frame[key].reindex(at) for frame in self.each if key in frame] if 1 < len(self.each) <= FEW else []
        return Timeline(
            at, x, number_axis("height", "items waiting", float(high.max()), ticks=3),
            [Curve("waiting", BLUE, self.mean[key], low if many else None, high if many else None, tuple(runs))],
            heading=self.labels[key] if panel else "",
            aside=f"{number(self.in_window[key])} on average",
            panel=panel,
            under=off_shift(at, self.closed[key].to_numpy(), x),
            over=[moment_line(first + self.warm_up, x, MUTED, DOTTED)] if self.warm_up else [],
        ).view  # fmt: skip
