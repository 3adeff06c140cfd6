"""By when one ordered, how long it took: weekday by hour of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.words import hours
from sim.show.axes import Duration, axis_label, plain
from sim.show.chart import NARROW_IN, SMALL_PT, Chart
from sim.show.palette import BAND, BLUE, INK, ON_DARK, ON_LIGHT, PAPER, VERMILLION, tint
from sim.study.replicate import Result

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_TO_LONG = LinearSegmentedColormap.from_list("waits", [tint(BLUE, 0.06), tint(BLUE, 0.5), BLUE, "#003a5c"])
DARK_FROM = 0.5
LEAST_KNOWN = 0.5
"""The share of hours with orders of which something must be known for a chart."""
MANY_OPEN = 0.05
"""From such a share of hours on, those that are still under way are what the chart has to say."""
ROOM_FOR_NUMBERS_IN = 8.0


@dataclass(frozen=True)
class OrderHour(Chart):
    """90th percentile of delivery hours, 7 weekdays by 24 hours; NaN: nobody ordered; inf: most are under way."""

    name: ClassVar[str] = "order_hour"
    group: ClassVar[str] = "Delays"

    p90_h: NDArray[np.float64]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        cells = np.array([curves.by_order_hour.to_numpy(dtype=float) for curves in result.curves])
        ordered = ~np.isnan(cells)
        mean = np.full(cells.shape[1:], np.nan)
        np.divide(np.where(ordered, cells, 0.0).sum(axis=0), ordered.sum(axis=0), out=mean, where=ordered.any(axis=0))
        if np.isfinite(mean).sum() < LEAST_KNOWN * ordered.any(axis=0).sum() or not np.isfinite(mean).any():
            return None
        return cls(mean)

    @property
    def title(self) -> str:
        cells = self._finite()
        if np.isinf(self.p90_h).mean() > MANY_OPEN:
            return f"Of some hours, more than 1 order in 10 is still under way at the end; at best 9 of 10 are delivered within {hours(float(np.nanmin(cells)))}"
        if np.isfinite(cells).sum() == 1 or np.nanmax(cells) < 1.05 * np.nanmin(cells):
            return f"Whenever they order, 9 of 10 buyers have their order within {hours(float(np.nanmax(cells)))}"
        best, worst = self._cell(int(np.nanargmin(cells))), self._cell(int(np.nanargmax(cells)))
        return f"9 of 10 have their order within {best}, but within {worst}"

    def _cell(self, position: int) -> str:
        day, hour = divmod(position, 24)
        return f"{hours(float(self.p90_h[day, hour]))} if placed on {LONG_WEEKDAYS[day]} at {hour:02d}:00"

    @property
    def alt(self) -> str:
        cells = self._finite()
        return (
            "A table of colours, weekdays by hours of the day: the time within which 9 of 10 orders placed in that hour"
            f" are delivered, from {hours(float(np.nanmin(cells)))} to {hours(float(np.nanmax(cells)))}."
        )

    @property
    def table(self) -> pd.DataFrame:
        columns = [f"{hour:02d}:00 (h)" for hour in range(24)]
        return pd.DataFrame(self.p90_h, index=pd.Index(WEEKDAYS, name="placed on"), columns=columns)

    @property
    def note(self) -> str:
        return (
            "Time from paying to delivery that 9 of 10 orders placed in the hour do not exceed."
            " Grey: nobody ordered. Orange: more than 1 in 10 are still under way at the end of the run."
        )

    def _finite(self) -> NDArray[np.float64]:
        return np.where(np.isfinite(self.p90_h), self.p90_h, np.nan)

    def height_in(self, width_in: float) -> float:
        return 3.0

    def paint(self, figure: Figure) -> None:
        ax, cells = figure.add_subplot(), self._finite()
        scale = Duration.up_to(float(np.nanmax(cells)))
        shortest, longest = float(np.nanmin(cells)), float(np.nanmax(cells))
        norm = Normalize(float(scale.of(shortest if shortest < longest else 0.0)), float(scale.of(longest)))
        image = ax.pcolormesh(
            np.arange(25), np.arange(8), scale.of(cells), cmap=SHORT_TO_LONG, norm=norm, edgecolors=PAPER, linewidth=0.8
        )
        ax.set_facecolor(BAND)
        plain(ax, "none")
        ax.spines["bottom"].set_visible(False)
        ax.set_ylim(7, 0)
        ax.set_yticks(np.arange(7) + 0.5, WEEKDAYS)
        step = 3 if float(figure.get_figwidth()) >= NARROW_IN else 6
        ax.set_xticks(np.arange(0, 25, step), [f"{hour:02d}:00" for hour in range(0, 25, step)])
        axis_label(ax, x="hour in which the order was placed")
        self._marks(ax, scale, norm, numbers=float(figure.get_figwidth()) >= ROOM_FOR_NUMBERS_IN)
        bar = figure.colorbar(image, ax=ax, pad=0.01, aspect=18)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0, labelsize=SMALL_PT, colors=INK)
        bar.set_label(f"9 of 10 within ({scale.unit})", fontsize=SMALL_PT, color=INK)

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
                text = f"{shown:.0f}" if norm.vmax is not None and norm.vmax >= 10 else f"{shown:.1f}"
                ax.text(hour + 0.5, day + 0.5, text, ha="center", va="center", fontsize=7, color=ink)
