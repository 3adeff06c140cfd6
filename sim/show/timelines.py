"""Curves over time to be pointed at, with the spread of replications and grey bands where nobody is on shift.

Moments are the site's civil time written as milliseconds of UTC, for a browser would otherwise move them to the time
zone of whoever looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.show.axes import spread, within_axes
from sim.show.palette import BAND
from sim.show.ticks import SHORT, round_days, round_moments
from sim.show.views import (
    NARROW_PX,
    PANEL_PX,
    WIDE_PX,
    Spec,
    View,
    count_words,
    covered,
    layered,
    mark,
    pointed,
    quantity,
)
from sim.words.charts import HOUR_FROM

AT = "at"
MOST_DAYS, MOST_DAYS_OF_PANEL, MOST_WEEKDAYS = 12, 3, 5
"""Labels of days on a whole chart and on one of several panels, and there of weekdays, which are shorter."""
MOST_POINTS = 31
QUARTER_H = 6
"""Where few hours can be named, those at which a quarter of the day begins are, so that midnight is among them."""
"""Up to so many moments each is marked by a point."""
LEAST_GAP = 0.1
"""That between two names beside lines, as a share of the height."""
MILLISECOND, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
DAY_WORDS = f"utcFormat(datum.{AT}, '%a %-d %b')"
MOMENT_WORDS = f"utcFormat(datum.{AT}, '%a %-d %b, %H:%M')"
WEEK_WORDS = f"utcFormat(datum.{AT}, '%A %H:%M')"


@dataclass(frozen=True)
class Curve:
    """A line: the words before its numbers, its colour, its mean; the spread around it, or each replication."""

    words: str
    colour: str
    mean: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    runs: tuple[ArrayLike, ...] = ()
    lesser: bool = False


@dataclass(frozen=True)
class Timeline:
    """Curves over the moments ``at``; ``y`` is the axis of them all, ``x`` that of time; ``height`` in pixels, or usual.

    ``step`` where values hold until the next moment; ``when`` is the expression that tells the moment; values are
    told times ``factor`` with ``unit`` behind them; ``named`` lines have their words beside their end. ``under`` and ``over`` are layers below and above the curves.
    """

    at: pd.Index[Any]
    x: Spec
    y: Spec
    curves: Sequence[Curve]
    heading: str = ""
    aside: str = ""
    panel: bool = False
    height: float = 0.0
    step: bool = False
    points: bool = False
    when: tuple[str, str] = (HOUR_FROM, MOMENT_WORDS)
    factor: float = 1.0
    unit: str = ""
    named: bool = False
    under: Sequence[Spec] = field(default=())
    over: Sequence[Spec] = field(default=())

    @property
    def view(self) -> View:
        """The curves as a view."""
        data = {AT: in_ms(self.at)}
        layers, told = list(self.under), dict([self.when])
        for number, curve in enumerate(self.curves):
            fields = _columns(data, number, curve)
            layers += self._layers(curve, fields, len(self.at))
            told[curve.words] = count_words(fields[0], fields[1], fields[2], self.factor, self.unit)
        if self.named:
            layers.append(self._names())
        layers += [*self.over, pointed_at(data, self.x, told)]
        height = self.height or (PANEL_PX if self.panel else WIDE_PX)
        spec = {**layered(layers, height, self.heading, self.aside), **drawn(len(self.at))}
        return View(pd.DataFrame(data), spec, wide=not self.panel)

    def _layers(self, curve: Curve, fields: tuple[str, ...], points: int) -> list[Spec]:
        mean, low, high, *runs = fields
        how: Spec = {"color": curve.colour, "clip": True, **({"interpolate": "step-after"} if self.step else {})}
        layers = [self._line(run, strokeWidth=0.7, opacity=0.45, **how) for run in runs]
        if low and not runs:
            at = {"x": self.x, "y": {**self.y, "field": low}, "y2": {"field": high}}
            layers.append(mark("area", at=at, opacity=0.2, line=False, **how))
        if self.points and points <= MOST_POINTS and not curve.lesser:
            how["point"] = {"size": 18, "color": curve.colour}
        return [*layers, self._line(mean, strokeWidth=1.0 if curve.lesser else 1.6, **how)]

    def _names(self) -> Spec:
        """The words of each curve to the right of its end, moved apart where they would overlap."""
        (bottom, top), right = self.y["scale"]["domain"], self.x["scale"]["domain"][1]
        ends = {number: values[np.isfinite(values)] for number, values in enumerate(map(_floats, self.curves))}
        known = {number: float(values[-1]) for number, values in ends.items() if len(values)}
        rising = [self.curves[number] for number in sorted(known, key=lambda number: known[number])]
        shares = [(end - bottom) / (top - bottom) for end in sorted(known.values())]
        places = within_axes(spread(shares, LEAST_GAP), LEAST_GAP)
        rows = [
            {AT: right, self.y["field"]: bottom + place * (top - bottom), "words": curve.words, "colour": curve.colour}
            for curve, place in zip(rising, places, strict=True)
        ]
        colour = {"field": "colour", "type": "nominal", "scale": None}
        at = {"x": self.x, "y": self.y, "text": {"field": "words"}, "color": colour}
        return mark("text", at=at, rows=rows, align="left", dx=8, fontWeight=600, clip=False)

    def _line(self, column: str, **how: Any) -> Spec:
        return mark("line", at={"x": self.x, "y": {**self.y, "field": column}}, **how)


def _floats(curve: Curve) -> NDArray[np.float64]:
    return np.asarray(curve.mean, dtype=np.float64)


def pointed_at(data: dict[str, NDArray[np.float64]], x: Spec, told: Mapping[str, str]) -> Spec:
    """What appears beside the pointer; where there are many moments, each reaches to the next, which is put into the rows."""
    at = data[AT]
    if len(at) <= MOST_POINTS:
        return pointed({"x": x}, told)
    data["until"] = np.append(at[1:], at[-1] + (at[-1] - at[-2]))
    return covered(x, "until", told)


def drawn(moments: int) -> Spec:
    """Curves of many moments are drawn as one picture, which is quicker than an element for each mark."""
    return {"usermeta": {"embedOptions": {"renderer": "canvas"}}} if moments > MOST_POINTS else {}


def _columns(data: dict[str, NDArray[np.float64]], number: int, curve: Curve) -> tuple[str, ...]:
    """Put a curve's numbers into the rows; the names of their columns, empty where there is no spread."""
    names = []
    for name, values in (("mean", curve.mean), ("low", curve.low), ("high", curve.high)):
        names.append(f"{name}_{number}" if values is not None else "")
        if values is not None:
            data[names[-1]] = np.asarray(values, dtype=np.float64)
    for run, values in enumerate(curve.runs):
        names.append(f"run_{number}_{run}")
        data[names[-1]] = np.asarray(values, dtype=np.float64)
    return tuple(names)


def in_ms(moments: list[datetime] | pd.Index[Any]) -> NDArray[np.float64]:
    """Moments as Vega counts them.

    >>> in_ms([datetime(1970, 1, 2)]).tolist()
    [86400000.0]
    """
    return np.asarray(moments, dtype="datetime64[ms]").astype(np.float64)


def time_axis(
    begin: datetime, end: datetime, *, panel: bool = False, only_days: bool = False, weekdays: bool = False
) -> Spec:
    """The axis of time: days with their weekday (alone where ``weekdays``), and hours in a short run."""
    most = MOST_DAYS if not panel else MOST_WEEKDAYS if weekdays else MOST_DAYS_OF_PANEL
    ticks = (round_days if only_days else round_moments)(begin, end, most)
    day = "utcFormat(datum.value, '%a')" if weekdays else "utcFormat(datum.value, '%a %-d %b')"
    time = "utcFormat(datum.value, '%H:%M')"
    label = f"utchours(datum.value) ? {time} : [{time}, {day}]" if end - begin <= SHORT and not only_days else day
    if label != day and sum(tick.hour % QUARTER_H == 0 for tick in ticks) > 1:
        label = f"width < {NARROW_PX} && utchours(datum.value) % {QUARTER_H} ? '' : {label}"
    first, last = in_ms([begin, end]).tolist()
    spec = quantity(AT, "", (first, last), in_ms(ticks).tolist(), label)
    # Moved in from the edge, the first label could push the second out, and weeks would seem to be of unequal length.
    return {**spec, "axis": {**spec["axis"], "labelFlush": False}}


def off_shift(at: pd.Index[Any], closed: NDArray[np.bool_], x: Spec) -> list[Spec]:
    """Grey bands over the hours that begin at ``at`` and in which it is closed."""
    if not closed.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], closed, [False]])))
    begins = in_ms(at)
    ends = np.append(begins, begins[-1] + HOUR / MILLISECOND)
    rows = [{AT: ends[begin], "to": ends[end]} for begin, end in edges.reshape(-1, 2).tolist()]
    return [mark("rect", at={"x": x, "x2": {"field": "to"}}, rows=rows, color=BAND, opacity=1)]


def moment_line(at: datetime, x: Spec, colour: str, dash: Sequence[int]) -> Spec:
    """A line across the axes at a moment."""
    return mark("rule", at={"x": x}, rows=[{AT: in_ms([at])[0]}], color=colour, strokeDash=list(dash), strokeWidth=1.2)


def level_line(at: float, y: Spec, colour: str, dash: Sequence[int] = ()) -> Spec:
    """A line across the axes at a height."""
    row = {y["field"]: at}
    return mark("rule", at={"y": y}, rows=[row], color=colour, strokeDash=list(dash), strokeWidth=1.0)
