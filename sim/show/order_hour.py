"""By when one ordered, how long it took: weekday by hour of the day."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.intervals import Estimate, estimate
from sim.analysis.words import hours, with_interval
from sim.show.axes import axis_label, plain
from sim.show.chart import NARROW_IN, SMALL_PT, Chart
from sim.show.palette import BAND, BLUE, INK, ON_DARK, ON_LIGHT, PAPER, VERMILLION, tint
from sim.show.ticks import Duration
from sim.show.views import LABEL_PX, SMALL_PX, Spec, View, layered, mark, quantity, row_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import delays as say

SHORT_TO_LONG_STOPS = (tint(BLUE, 0.06), tint(BLUE, 0.5), BLUE, "#003a5c")
SHORT_TO_LONG = LinearSegmentedColormap.from_list("waits", SHORT_TO_LONG_STOPS)
HOUR_WORDS = "format(datum.value, '02') + ':00'"
CELL_PX = 26
DARK_FROM = 0.5
LEAST_KNOWN = 0.5
"""The share of hours with orders of which something must be known for a chart."""
MANY_OPEN = 0.05
"""From such a share of hours on, those that are still under way are what the chart has to say."""
ROOM_FOR_NUMBERS_IN, ROOM_FOR_NUMBERS_PX = 8.0, 560


@dataclass(frozen=True)
class OrderHour(Chart):
    """90th percentile of delivery hours, 7 weekdays by 24 hours, with its interval across replications.

    NaN: nobody ordered, or no interval; inf: most are under way.
    """

    name: ClassVar[str] = "order_hour"
    group: ClassVar[str] = charts.DELAYS

    p90_h: NDArray[np.float64]
    low_h: NDArray[np.float64] = field(default_factory=lambda: np.full((7, 24), np.nan))
    high_h: NDArray[np.float64] = field(default_factory=lambda: np.full((7, 24), np.nan))

    @classmethod
    def of(cls, result: Result) -> Self | None:
        runs = np.array([curves.by_order_hour.to_numpy(dtype=float).ravel() for curves in result.curves])
        cells = [estimate(cell, "h") for cell in runs.T.tolist()]
        mean, low, high = np.array([[one.mean, one.low, one.high] for one in cells]).T.reshape(3, 7, 24)
        if np.isfinite(mean).sum() < LEAST_KNOWN * (~np.isnan(mean)).sum() or not np.isfinite(mean).any():
            return None
        return cls(mean, low, high)

    @property
    def title(self) -> str:
        cells = self._finite()
        if np.isinf(self.p90_h).mean() > MANY_OPEN:
            return say.hours_not_known(hours(float(np.nanmin(cells))))
        if np.isfinite(cells).sum() == 1 or np.nanmax(cells) < 1.05 * np.nanmin(cells):
            return say.whenever(hours(float(np.nanmax(cells))))
        best, worst = self._cell(int(np.nanargmin(cells))), self._cell(int(np.nanargmax(cells)))
        return say.best_and_worst_hour(best, worst)

    def _cell(self, position: int) -> str:
        day, hour = divmod(position, 24)
        return say.if_placed(hours(float(self.p90_h[day, hour])), day, hour)

    @property
    def alt(self) -> str:
        cells = self._finite()
        return say.by_hour_alt(hours(float(np.nanmin(cells))), hours(float(np.nanmax(cells))))

    @property
    def table(self) -> pd.DataFrame:
        columns = [f"{hour:02d}:00 (h)" for hour in range(24)]
        return pd.DataFrame(self.p90_h, index=pd.Index(say.WEEKDAYS, name=say.PLACED_ON), columns=columns)

    @property
    def note(self) -> str:
        return say.BY_HOUR_NOTE

    def _finite(self) -> NDArray[np.float64]:
        return np.where(np.isfinite(self.p90_h), self.p90_h, np.nan)

    def height_in(self, width_in: float) -> float:
        return 3.0

    def paint(self, figure: Figure) -> None:
        ax, cells = figure.add_subplot(), self._finite()
        scale = Duration.up_to(float(np.nanmax(cells)))
        norm = Normalize(*scale.of(np.array(self._ends_h)).tolist())
        image = ax.pcolormesh(
            np.arange(25), np.arange(8), scale.of(cells), cmap=SHORT_TO_LONG, norm=norm, edgecolors=PAPER, linewidth=0.8
        )
        ax.set_facecolor(BAND)
        plain(ax, "none")
        ax.spines["bottom"].set_visible(False)
        ax.set_ylim(7, 0)
        ax.set_yticks(np.arange(7) + 0.5, say.WEEKDAYS)
        step = 3 if float(figure.get_figwidth()) >= NARROW_IN else 6
        ax.set_xticks(np.arange(0, 25, step), [f"{hour:02d}:00" for hour in range(0, 25, step)])
        axis_label(ax, x=say.HOUR_PLACED)
        self._marks(ax, scale, norm, numbers=float(figure.get_figwidth()) >= ROOM_FOR_NUMBERS_IN)
        bar = figure.colorbar(image, ax=ax, pad=0.01, aspect=18)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0, labelsize=SMALL_PT, colors=INK)
        bar.set_label(charts.in_unit(say.NINE_OF_TEN, scale.unit), fontsize=SMALL_PT, color=INK)

    def _marks(self, ax: Axes, scale: Duration, norm: Normalize, *, numbers: bool) -> None:
        """The number in each cell where there is room; a colour of its own where it is not known yet."""
        for (day, hour), value in np.ndenumerate(self.p90_h):
            if np.isinf(value):
                ax.barh(
                    day + 0.5, 1.0, left=hour, height=1.0, color=tint(VERMILLION, 0.45), edgecolor=PAPER, linewidth=0.8
                )
            elif numbers and not np.isnan(value):
                shown = float(scale.of(value))
                ink = ON_DARK if norm(shown) > DARK_FROM else ON_LIGHT
                text = self._number(float(value), self._ends_h[1])
                ax.text(hour + 0.5, day + 0.5, text, ha="center", va="center", fontsize=7, color=ink)

    @cached_property
    def views(self) -> tuple[View, ...]:
        x = quantity("hour", say.HOUR_PLACED, (0.0, 24.0), range(0, 25, 3), HOUR_WORDS)
        y, _ = row_axis(say.WEEKDAYS, packed=True)
        told = tips({say.PLACED: "when", say.NINE_OF_TEN: "told"})
        cell: Spec = {"x": x, "x2": {"field": "until"}, "y": y, "tooltip": told}
        begin, end = self._ends_h
        dark = {"test": f"datum.h > {begin + DARK_FROM * (end - begin)!r}", "value": ON_DARK}
        inside: Spec = {
            "x": {**x, "field": "middle"}, "y": y, "text": {"field": "number"}, "tooltip": told,
            "color": {"condition": dark, "value": ON_LIGHT},
        }  # fmt: skip
        known = {"transform": [{"filter": "isValid(datum.h)"}]}
        numbers_shown = {"expr": f"width > {ROOM_FOR_NUMBERS_PX} ? 1 : 0"}
        layers = [
            mark("rect", at=cell, color=tint(VERMILLION, 0.45), stroke=PAPER),
            {**known, **mark("rect", at={**cell, "color": self._colour()}, stroke=PAPER)},
            {**known, **mark("text", at=inside, fontSize=SMALL_PX, opacity=numbers_shown)},
        ]
        spec = {**layered(layers, 7 * CELL_PX), "view": {"fill": BAND, "stroke": None}}
        return (View(self._rows(), spec),)

    @property
    def _ends_h(self) -> tuple[float, float]:
        """Where the colours begin and end."""
        shortest, longest = float(np.nanmin(self._finite())), float(np.nanmax(self._finite()))
        return shortest if shortest < longest else 0.0, longest

    def _rows(self) -> pd.DataFrame:
        """A row for each hour in which somebody ordered."""
        longest = self._ends_h[1]
        rows = [
            {
                "row": day, "hour": hour, "middle": hour + 0.5, "until": hour + 1,
                "h": h if np.isfinite(h) else None, "number": self._number(h, longest) if np.isfinite(h) else "",
                "when": say.hour_of_week(int(day), hour), "told": self._told(day, hour),
            }
            for (day, hour), h in np.ndenumerate(self.p90_h)
            if not np.isnan(h)
        ]  # fmt: skip
        return pd.DataFrame(rows).astype({"h": float})

    def _told(self, day: int, hour: int) -> str:
        """The time of a cell in words, with its interval where it is known."""
        h = float(self.p90_h[day, hour])
        if math.isinf(h):
            return say.HOUR_NOT_KNOWN
        return with_interval(Estimate(h, float(self.low_h[day, hour]), float(self.high_h[day, hour]), "h", 0))

    def _colour(self) -> Spec:
        begin, end = self._ends_h
        scale = Duration.up_to(end)
        places = [begin + part * (end - begin) for part in (0, 1 / 3, 2 / 3, 1)]
        legend = {
            "title": charts.in_unit(say.NINE_OF_TEN, scale.unit), "titleColor": INK, "titleFontWeight": "normal", "titleFontSize": LABEL_PX,
            "titleOrient": "left", "gradientLength": 160, "gradientThickness": 10, "tickCount": 4,
            "labelExpr": f"format(round(10 * datum.value * {scale.per_hour!r}) / 10, ',')",
        }  # fmt: skip
        colours = {"domain": places, "range": list(SHORT_TO_LONG_STOPS), "interpolate": "rgb"}
        return {"field": "h", "type": "quantitative", "scale": colours, "legend": legend}

    def _number(self, h: float, longest_h: float) -> str:
        """The number in a cell, in the unit of the colours; a digit behind the point where all are small."""
        scale = Duration.up_to(longest_h)
        return f"{float(scale.of(h)):.{0 if float(scale.of(longest_h)) >= 10 else 1}f}"
