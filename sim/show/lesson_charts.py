"""The charts of a lesson: an order's journey, a curve through several runs, and charts of single runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.hours import PART_WORDS
from sim.analysis.intervals import Estimate
from sim.analysis.journey import Journey, Leg
from sim.analysis.words import hours, share
from sim.show.axes import axis_label, moments, plain, side_labels
from sim.show.chart import SMALL_PT, TEXT_PT, Chart
from sim.show.figures import FIGURES
from sim.show.lesson_words import HOUR_S, WAITS, journey_told
from sim.show.palette import BLUE, INK, MUTED, VERMILLION
from sim.show.palette import PARTS as PART_COLOURS
from sim.show.views import View
from sim.study.lesson import Answers, Curve
from sim.study.replicate import Result
from sim.world.errors import nearest
from sim.world.lesson_files import LessonFile

NAMES = {
    "utilisation": "utilisation", "wait": "mean wait", "selected": "share selected", "opened": "share opened",
    "on_time": "handed over in time", "delivery_time": "delivery time", "order_cycle": "time until it leaves",
    "cost": "cost per order", "queue": "waiting on average", "outcome": "share",
}  # fmt: skip


@dataclass(frozen=True)
class JourneyChart(Chart):
    """One order until it leaves the site: a row for each leg, by what its time went into."""

    name: ClassVar[str] = "journey"
    group: ClassVar[str] = "One order"

    way: Journey

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A result has many orders and no journey."""
        return None

    @property
    def _on_site(self) -> list[Leg]:
        return [leg for leg in self.way.legs if "transit" not in leg.spent]

    @property
    def _until(self) -> datetime:
        return max(leg.ended or leg.joined for leg in self._on_site)

    @property
    def title(self) -> str:
        site_s = (self._until - self.way.placed).total_seconds()
        worked_s = sum(leg.spent.get("working", timedelta()).total_seconds() for leg in self._on_site)
        return f"{hours(site_s / HOUR_S)} until it leaves the site; for {share(worked_s / site_s)} of them somebody works on it"

    @property
    def alt(self) -> str:
        return f"A bar for each step of one order, from when it joins to when it is done. {' '.join(journey_told(self.way))}"

    @property
    def table(self) -> pd.DataFrame:
        rows = [
            {
                "stage": leg.stage, "step": leg.what, "by": leg.team, "joined": leg.joined.isoformat(" ", "seconds"),
                "began": "" if leg.began is None else leg.began.isoformat(" ", "seconds"),
                "ended": "" if leg.ended is None else leg.ended.isoformat(" ", "seconds"),
                **{f"{PART_WORDS[part]} (min)": round(time.total_seconds() / 60, 2) for part, time in leg.spent.items()},
            }
            for leg in self.way.legs
        ]  # fmt: skip
        return pd.DataFrame(rows).set_index("stage").fillna(0.0)

    @property
    def note(self) -> str:
        rest = self.way.spent("transit").total_seconds() / HOUR_S
        road = f" Then {hours(rest)} on the road, which the chart leaves out." if rest else ""
        return (
            f"Times of the site's clock. Of a wait with two reasons, hours with nobody on shift are drawn first.{road}"
        )

    def height_in(self, width_in: float) -> float:
        return 1.3 + 0.32 * len(self._on_site)

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        plain(ax, "x")
        for row, leg in enumerate(self._on_site):
            self._bar(ax, row, leg)
        side_labels(ax, [f"{leg.stage}: {leg.what}" for leg in self._on_site], float(figure.get_figwidth()))
        moments(ax, self.way.placed, self._until, max(3, int(figure.get_figwidth())))
        parts = [part for part in (*WAITS, "working") if any(part in leg.spent for leg in self._on_site)]
        ax.legend(
            handles=[Patch(color=PART_COLOURS[part], label=PART_WORDS[part]) for part in parts], loc="lower left",
            bbox_to_anchor=(0, 1), ncols=2 if figure.get_figwidth() < 6.5 else 4, fontsize=SMALL_PT, frameon=False,
            labelcolor=INK, handlelength=1.0, columnspacing=1.2, borderaxespad=0.2,
        )  # fmt: skip

    def _bar(self, ax: Axes, row: int, leg: Leg) -> None:
        """Waiting for each reason in turn, then the work; of paused work only the sum is shown."""
        at = leg.joined
        for part in WAITS:
            length = leg.spent.get(part, timedelta())
            if length:
                ax.barh(row, length, left=at, height=0.55, color=PART_COLOURS[part])  # type: ignore[arg-type]
                at += length
        if "working" in leg.spent:
            ax.plot([at, at + leg.spent["working"]], [row, row], color=PART_COLOURS["working"], linewidth=7)  # type: ignore[arg-type]


@dataclass(frozen=True)
class CurveChart(Chart):
    """One measure against another over several runs, each point with its interval, and the line of a formula."""

    name: ClassVar[str] = "curve"
    group: ClassVar[str] = "Curve"

    curve: Curve

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A single result is a point and no curve."""
        return None

    @property
    def title(self) -> str:
        first, last = self.curve.points[0], self.curve.points[-1]
        return (
            f"{_name(self.curve.shown.up)}: from {_said(first.up)} at {_said(first.across)} {_name(self.curve.shown.across).lower()}"
            f" to {_said(last.up)} at {_said(last.across)}"
        )

    @property
    def alt(self) -> str:
        said = [f"{_said(point.up)} at {_said(point.across)}" for point in self.curve.points]
        line = f" A line shows {self.curve.title}." if self.curve.line else ""
        return (
            f"{_name(self.curve.shown.up)} against {_name(self.curve.shown.across).lower()}: {'; '.join(said)}.{line}"
        )

    @property
    def table(self) -> pd.DataFrame:
        (by, _, across), (per, _, up) = _scale(self.curve.points[0].across), self._up
        rows = [
            (point.run, by * point.across.mean, per * point.up.mean, per * point.up.low, per * point.up.high)
            for point in self.curve.points
        ]
        name = f"{_name(self.curve.shown.up)} ({up})"
        columns = ["run", f"{_name(self.curve.shown.across)} ({across})", name, f"{name}, low", f"{name}, high"]
        table = pd.DataFrame(rows, columns=columns)
        if self.curve.line:
            x, y = np.array(self.curve.line).T
            table[f"{self.curve.title} ({up})"] = np.interp([p.across.mean for p in self.curve.points], x, y * per)
        return table.set_index("run")

    @property
    def note(self) -> str:
        return f"Each point is the mean of {self.curve.points[0].up.replications} replications with its 95 % interval."

    @property
    def _up(self) -> tuple[float, float, str]:
        return _scale(max((point.up for point in self.curve.points), key=lambda found: found.mean))

    def height_in(self, width_in: float) -> float:
        return 3.4

    def paint(self, figure: Figure) -> None:
        ax, points = figure.add_subplot(), self.curve.points
        (by, _, across), (per, _, up) = _scale(points[0].across), self._up
        plain(ax, "both")
        x = [by * point.across.mean for point in points]
        y = [per * point.up.mean for point in points]
        if self.curve.line:
            line = np.array(self.curve.line)
            ax.plot(line[:, 0] * by, line[:, 1] * per, color=VERMILLION, linewidth=1.4)
            at = int(0.72 * len(line))
            ax.annotate(
                self.curve.title, (line[at, 0] * by, line[at, 1] * per), xytext=(-6, 8), textcoords="offset points",
                color=VERMILLION, fontsize=TEXT_PT, fontweight="bold", ha="right",
            )  # fmt: skip
        else:
            ax.plot(x, y, color=MUTED, linewidth=1.0)
        ax.vlines(
            x,
            [per * point.up.low for point in points],
            [per * point.up.high for point in points],
            color=BLUE,
            linewidth=1.6,
        )
        ax.plot(x, y, "o", color=BLUE, markersize=6)
        axis_label(
            ax,
            x=f"{_name(self.curve.shown.across).lower()} ({across})",
            y=f"{_name(self.curve.shown.up).lower()} ({up})",
        )


@dataclass(frozen=True)
class Renamed(Chart):
    """A chart under a name of its own, so that a page can show two of a kind."""

    chart: Chart
    name: str  # type: ignore[misc]

    group: ClassVar[str] = "Question"

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A name is given to a chart that is there."""
        return None

    @property
    def title(self) -> str:
        return self.chart.title

    @property
    def alt(self) -> str:
        return self.chart.alt

    @property
    def table(self) -> pd.DataFrame:
        return self.chart.table

    @property
    def note(self) -> str:
        return self.chart.note

    @cached_property
    def views(self) -> tuple[View, ...]:
        """Those of the chart."""
        return self.chart.views

    def height_in(self, width_in: float) -> float:
        return self.chart.height_in(width_in)

    def paint(self, figure: Figure) -> None:
        self.chart.paint(figure)


def _scale(found: Estimate) -> tuple[float, int, str]:
    """By what to multiply, and in which unit an axis is then."""
    if found.unit == "share":
        return 100.0, 1, "%"
    if found.unit == "h" and found.mean < 1:
        return 60.0, 1, "min"
    return 1.0, 1, found.unit.replace("/", " a ")


def _said(found: Estimate) -> str:
    factor, _, unit = _scale(found)
    return f"{factor * found.mean:.3g} {unit}"


def _name(measure: str | None) -> str:
    """A measure in words."""
    group, _, rest = (measure or "").partition(".")
    word = NAMES.get(group, group.replace("_", " "))
    last = "" if group in ("utilisation", "wait", "selected", "opened", "queue", "cost") else rest.replace("_", " ")
    return f"{word} {last}".strip().capitalize()


def lesson_charts(file: LessonFile, found: Answers) -> dict[str, Chart]:
    """The charts of a lesson: ``journey``, and ``question_1``, ``question_2``, ... where these have one.

    Raises ScenarioError for a figure that there is not.
    """
    charts: dict[str, Chart] = {}
    if found.journey is not None:
        charts[JourneyChart.name] = JourneyChart(found.journey)
    for number, one in enumerate(found.answered):
        shown = one.question.chart
        chart: Chart | None = None
        if number in found.curves:
            chart = CurveChart(found.curves[number])
        elif shown is not None and shown.figure is not None:
            if shown.figure not in FIGURES:
                rule = f"no figure '{shown.figure}'{nearest(shown.figure, FIGURES)}"
                raise file.wrong(("questions", str(number), "chart", "figure"), rule)
            chart = FIGURES[shown.figure].of(found.results[shown.run or file.lesson.first_run])
        if chart is not None:
            charts[chart_name(number)] = Renamed(chart, chart_name(number))
    return charts


def chart_name(number: int) -> str:
    """What the chart of a question is called; they count from 1."""
    return f"question_{number + 1}"
