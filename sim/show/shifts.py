"""When people are there and when they work: on shift and busy by hour, for each team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.curves import mean_frame
from sim.analysis.words import number
from sim.show.axes import axis_label, counts, heading, moment_at, moments, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, STAFFED, VERMILLION
from sim.show.panels import Panels
from sim.show.timelines import AT, MOMENT_WORDS, WEEK_WORDS, drawn, in_ms, pointed_at, time_axis
from sim.show.views import PANEL_PX, WIDE_PX, View, count_words, layered, mark, number_axis
from sim.study.replicate import Result
from sim.words import charts
from sim.words import people as say

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Shifts(Chart):
    """A row an hour, a column a team: people on shift, and at work (overtime included). A typical week of a long run."""

    name: ClassVar[str] = "shifts"
    group: ClassVar[str] = charts.PEOPLE

    heads: pd.DataFrame
    busy: pd.DataFrame
    labels: dict[str, str]
    typical: bool

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario = result.file.scenario
        begin_ms, end_ms = scenario.clock.window_ms
        first, last = (pd.Timestamp(scenario.clock.start) + pd.Timedelta(at, "ms") for at in (begin_ms, end_ms))
        heads, busy = (_within(mean_frame(frames), first, last) for frames in (
            [curves.heads for curves in result.curves], [curves.busy for curves in result.curves]
        ))  # fmt: skip
        if not len(heads):
            return None
        typical = last - first > WEEK
        if typical:
            heads, busy = _week(heads), _week(busy)
        labels = {key: scenario.label("teams", key) for key in scenario.teams}
        return cls(heads[list(labels)], busy[list(labels)], labels, typical)

    @property
    def title(self) -> str:
        there_h, worked_h = self.heads.to_numpy().sum(), self.busy.clip(upper=self.heads).to_numpy().sum()
        if there_h == 0:
            return say.NOBODY_EVER_ON_SHIFT
        days = len(self.heads) / 24
        return say.worked_of_hours(number(there_h / days), number(worked_h / days))

    @property
    def alt(self) -> str:
        return say.shifts_alt(self.labels.values())

    @property
    def table(self) -> pd.DataFrame:
        both = {
            say.people_column(label, what): frame[key]
            for key, label in self.labels.items()
            for what, frame in ((say.ON_SHIFT, self.heads), (say.AT_WORK, self.busy))
        }
        table = pd.DataFrame(both)
        return (
            table.set_axis([f"{at:%a %H:%M}" for at in table.index]).rename_axis(charts.HOUR)
            if self.typical
            else table.rename_axis(charts.HOUR)
        )

    @property
    def note(self) -> str:
        return say.shifts_note(typical=self.typical)

    def height_in(self, width_in: float) -> float:
        return 2.4 if len(self.labels) == 1 else Panels(len(self.labels), width_in).height_in

    def paint(self, figure: Figure) -> None:
        panels = Panels(len(self.labels), float(figure.get_figwidth()))
        for ax, (key, label) in zip(panels.alone(figure), self.labels.items(), strict=True):
            self._panel(ax, key, labels=4 if panels.columns > 1 else 8)
            heading(ax, label)
        for row in range(panels.rows):
            axis_label(figure.axes[row * panels.columns], y=say.PEOPLE)

    @cached_property
    def views(self) -> tuple[View, ...]:
        return tuple(self._view(key, label) for key, label in self.labels.items())

    def _view(self, key: str, label: str) -> View:
        panel = len(self.labels) > 1
        at, heads, busy = self._edges(key)
        x = time_axis(at[0].to_pydatetime(), at[-1].to_pydatetime(), panel=panel, weekdays=self.typical)
        y = number_axis("heads", say.PEOPLE, max(heads + busy), ticks=3)
        data = {AT: in_ms(at), "heads": np.array(heads), "busy": np.array(busy), "within": np.minimum(heads, busy)}
        areas = [
            mark("area", at={"x": x, "y": {**y, "field": column}}, color=colour, interpolate="step-after", opacity=1, line=False)
            for column, colour in (("heads", STAFFED), ("busy", VERMILLION), ("within", BLUE))
        ]  # fmt: skip
        when = WEEK_WORDS if self.typical else MOMENT_WORDS
        told = {charts.HOUR_FROM: when, say.ON_SHIFT: count_words("heads"), say.AT_WORK: count_words("busy")}
        layers = [*areas, pointed_at(data, x, told)]
        spec = {**layered(layers, PANEL_PX if panel else WIDE_PX, label), **drawn(len(at))}
        return View(pd.DataFrame(data), spec, wide=not panel)

    def _edges(self, key: str) -> tuple[pd.DatetimeIndex, list[float], list[float]]:
        """The hours, and people on shift and at work from each on; the last is held for its hour."""
        at = pd.DatetimeIndex([*self.heads.index, self.heads.index[-1] + timedelta(hours=1)])
        heads, busy = ([*frame[key].tolist(), float(frame[key].iloc[-1])] for frame in (self.heads, self.busy))
        return at, heads, busy

    def _panel(self, ax: Axes, key: str, labels: int) -> None:
        plain(ax)
        at, heads, busy = self._edges(key)
        ax.fill_between(at, heads, step="post", color=STAFFED, linewidth=0)
        ax.fill_between(at, busy, step="post", color=VERMILLION, linewidth=0)
        ax.fill_between(at, np.minimum(heads, busy), step="post", color=BLUE, linewidth=0)
        ax.set_ylim(0, max(1.0, *heads, *busy) * 1.08)
        counts(ax.yaxis, 3)
        moments(ax, at[0].to_pydatetime(), at[-1].to_pydatetime(), labels)
        if self.typical:
            ax.xaxis.set_major_formatter(lambda value, _: f"{moment_at(value):%a}")


def _within(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    return frame[(frame.index >= first) & (frame.index < last)]


def _week(frame: pd.DataFrame) -> pd.DataFrame:
    """Means by hour of the week, set on the week of Monday 5 January 1970."""
    at = pd.DatetimeIndex(frame.index)
    means = frame.groupby(at.day_of_week * 24 + at.hour).mean()
    return means.set_axis(pd.Timestamp("1970-01-05") + pd.to_timedelta(means.index.to_numpy(), unit="h"))
