"""A curve through several runs of a lesson, with the line of a formula beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import Estimate
from sim.show.axes import axis_label, plain
from sim.show.chart import TEXT_PT, Chart
from sim.show.palette import BLUE, MUTED, VERMILLION
from sim.show.views import WIDE_PX, Spec, View, layered, mark, quantity, tips
from sim.study.lesson import Curve
from sim.study.replicate import Result
from sim.words import charts
from sim.words import lessons as say
from sim.words.measures import IN_A_LESSON, of_promise

ONE_OF_EACH = ("utilisation", "wait", "selected", "opened", "queue", "cost")
"""Measures of which a lesson's line has but one, so that what they are of need not be said."""


@dataclass(frozen=True)
class CurveChart(Chart):
    """One measure against another over several runs, each point with its interval, and the line of a formula."""

    name: ClassVar[str] = "curve"
    group: ClassVar[str] = charts.CURVE

    curve: Curve

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A single result is a point and no curve."""
        return None

    @property
    def title(self) -> str:
        first, last = self.curve.points[0], self.curve.points[-1]
        ends = [(_said(point.up), _said(point.across)) for point in (first, last)]
        return say.curve_title(_name(self.curve.shown.up), _name(self.curve.shown.across).lower(), *ends)

    @property
    def alt(self) -> str:
        said = [say.at(_said(point.up), _said(point.across)) for point in self.curve.points]
        line = self.curve.title if self.curve.line else ""
        return say.curve_alt(_name(self.curve.shown.up), _name(self.curve.shown.across).lower(), said, line)

    @property
    def table(self) -> pd.DataFrame:
        (by, _, across), (per, _, up) = _scale(self.curve.points[0].across), self._up
        rows = [
            (point.run, by * point.across.mean, per * point.up.mean, per * point.up.low, per * point.up.high)
            for point in self.curve.points
        ]
        name = charts.in_unit(_name(self.curve.shown.up), up)
        columns = ["run", charts.in_unit(_name(self.curve.shown.across), across), name]
        columns += [charts.low_of(name), charts.high_of(name)]
        table = pd.DataFrame(rows, columns=columns)
        if self.curve.line:
            x, y = np.array(self.curve.line).T
            table[charts.in_unit(self.curve.title, up)] = np.interp(
                [p.across.mean for p in self.curve.points], x, y * per
            )
        return table.set_index("run")

    @property
    def note(self) -> str:
        return say.curve_note(self.curve.points[0].up.replications)

    @cached_property
    def views(self) -> tuple[View, ...]:
        (by, _, across), (per, _, up), points = _scale(self.curve.points[0].across), self._up, self.curve.points
        data = pd.DataFrame(
            {
                "x": [by * point.across.mean for point in points],
                "y": [per * point.up.mean for point in points],
                "low": [per * point.up.low for point in points],
                "high": [per * point.up.high for point in points],
                "told": [_said(point.up) for point in points],
                "at": [_said(point.across) for point in points],
            }
        )
        line = [{"x": by * x, "y": per * y} for x, y in self.curve.line]
        lows = [0.0, *data["low"]] if line else list(data["low"])
        x = _axis(
            "x",
            charts.in_unit(_name(self.curve.shown.across).lower(), across),
            [*data["x"], *(one["x"] for one in line)],
        )
        y = _axis("y", charts.in_unit(_name(self.curve.shown.up).lower(), up), [*lows, *data["high"]])
        told = tips({_name(self.curve.shown.across): "at", _name(self.curve.shown.up): "told"})
        layers = [
            mark("rule", at={"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}, color=BLUE, strokeWidth=2)
        ]
        layers += [mark("point", at={"x": x, "y": y, "tooltip": told}, filled=True, size=80, color=BLUE, opacity=1)]
        if line:
            named = {**line[int(0.72 * len(line))], "words": self.curve.title}
            layers.insert(0, mark("line", at={"x": x, "y": y}, rows=line, color=VERMILLION, strokeWidth=2))
            words = {"x": x, "y": y, "text": {"field": "words"}}
            layers.append(mark("text", at=words, rows=[named], color=VERMILLION, align="right", dx=-6, dy=-10))
        else:
            layers.insert(0, mark("line", at={"x": x, "y": y}, color=MUTED, strokeWidth=1))
        return (View(data, layered(layers, WIDE_PX)),)

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
            x=charts.in_unit(_name(self.curve.shown.across).lower(), across),
            y=charts.in_unit(_name(self.curve.shown.up).lower(), up),
        )


def _axis(field: str, title: str, values: Sequence[float]) -> Spec:
    """An axis on which all values have their place, with round ticks."""
    low, high = min(values), max(values)
    room = 0.05 * (high - low or 1.0)
    ticks = [float(tick) for tick in MaxNLocator(6).tick_values(low, high)]
    return quantity(field, title, (0.0 if low == 0 else low - room, high + room), ticks, "format(datum.value, ',.4~r')")


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
    """A measure in words.

    >>> _name("utilisation.clerks"), _name("on_time.dispatch_48h"), _name("order_cycle.p95")
    ('Utilisation', 'In time (dispatch 48h)', 'Time until it leaves p95')
    """
    group, _, rest = (measure or "").partition(".")
    word, of = IN_A_LESSON.get(group, group.replace("_", " ")), rest.replace("_", " ")
    if group == "on_time":
        return of_promise(of)
    return (word if group in ONE_OF_EACH else f"{word} {of}".strip()).capitalize()
