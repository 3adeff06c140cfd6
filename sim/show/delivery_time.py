"""How long buyers wait: until dispatch and delivery, against what was promised, and by when they ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.curves import PERCENTILES
from sim.analysis.words import hours, share
from sim.show.axes import Duration, axis_label, plain, shares
from sim.show.chart import SMALL_PT, TEXT_PT, Chart
from sim.show.palette import DELIVERED, DISPATCHED, PAPER
from sim.show.panels import FEW, spread_note
from sim.study.replicate import Result
from sim.world.units import HOUR_MS

Floats = NDArray[np.float64]
COLOURS = {"dispatched": DISPATCHED, "delivered": DELIVERED}
LETTER_IN, LABEL_ROWS = 0.065, 5
"""Width of a letter of a label; how many percentiles its height covers on either side."""
TO = {"dispatched": "dispatch", "delivered": "delivery"}


@dataclass(frozen=True)
class DeliveryTime(Chart):
    """Hours from paying at the percentiles 1 to 99, by what was reached (a row a replication), and the promises."""

    name: ClassVar[str] = "delivery_time"
    group: ClassVar[str] = "Delays"

    reached: dict[str, Floats]
    promises: tuple[tuple[str, float, float], ...]  # what was promised, within how many hours, the share kept

    @classmethod
    def of(cls, result: Result) -> Self | None:
        delivered = np.array([curves.delivery_h for curves in result.curves])
        dispatched = np.array([curves.cycle_h for curves in result.curves])
        reached = {"dispatched": dispatched, "delivered": delivered}
        if np.array_equal(dispatched, delivered, equal_nan=True):
            del reached["dispatched"]
        reached = {to: rows for to, rows in reached.items() if _known(rows).any()}
        if not reached:
            return None
        promises = [
            (promise.to, promise.within / HOUR_MS, result.measures[f"on_time.{key}"].mean)
            for key, promise in result.file.scenario.promises.items()
            if f"on_time.{key}" in result.measures
        ]
        return cls(reached, tuple(sorted(promises, key=lambda promise: promise[1])))

    @property
    def title(self) -> str:
        to = "delivered" if "delivered" in self.reached else "dispatched"
        mean_h = _mean(self.reached[to])
        known = np.flatnonzero(np.isfinite(mean_h))
        reached = "have their order" if to == "delivered" else "have their order dispatched"
        if mean_h[PERCENTILES == 95][0] < np.inf:
            return f"95 of 100 buyers {reached} within {hours(mean_h[PERCENTILES == 95][0], long=True)}"
        percent, latest = int(PERCENTILES[known[-1]]), mean_h[known[-1]]
        return f"{percent} of 100 buyers {reached} within {hours(latest, long=True)}; the rest are still waiting when the run ends"

    @property
    def alt(self) -> str:
        says = [
            f"half of the orders are {to} within {_quantile(rows, 50)}, 95 of 100 within {_quantile(rows, 95)}"
            for to, rows in self.reached.items()
        ]
        kept = [f"{within:g} h to {TO[to]}: {share(on_time)} on time" for to, within, on_time in self.promises]
        return f"Share of orders by time since paying: {'; '.join([*says, *kept])}."

    @property
    def table(self) -> pd.DataFrame:
        columns = {f"{to} within (h)": _mean(rows) for to, rows in self.reached.items()}
        return pd.DataFrame(columns, index=pd.Index(PERCENTILES, name="percent of orders"))

    @property
    def note(self) -> str:
        return f"{spread_note(len(next(iter(self.reached.values()))))}Orders still under way count as longer than all others; orders that were lost are left out."

    def height_in(self, width_in: float) -> float:
        return 4.2

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        longest_h = self._longest_h()
        scale = Duration.up_to(longest_h)
        plain(ax, "both")
        for to, rows in self.reached.items():
            self._curve(ax, to, scale.of(rows))
        ax.set_xlim(0, float(scale.of(longest_h)) * 1.02)
        ax.set_ylim(0, 1)
        scale.mark(ax.xaxis, longest_h, most=int(figure.get_figwidth()) + 2)
        shares(ax.yaxis, 0.25)
        axis_label(ax, x=f"time since paying ({scale.unit})", y="orders")
        self._promise_lines(ax, scale, float(figure.get_figwidth()))
        for to in self.reached:
            self._name(ax, to, scale)

    def _longest_h(self) -> float:
        ends = [float(rows[np.isfinite(rows)].max()) for rows in self.reached.values()]
        return max([*ends, *(within * 1.02 for _, within, _ in self.promises)])

    def _curve(self, ax: Axes, to: str, rows: Floats) -> None:
        """Mean of the replications with each of them, or their spread, behind it. Times are in the unit of the axis."""
        percent, colour, known = PERCENTILES / 100, COLOURS[to], _known(rows)
        if 1 < len(rows) <= FEW:
            for row in rows:
                ax.plot(np.where(np.isfinite(row), row, np.nan), percent, color=colour, linewidth=0.6, alpha=0.5)
        elif len(rows) > FEW:
            low, high = rows[:, known].min(axis=0), rows[:, known].max(axis=0)
            ax.fill_betweenx(percent[known], low, high, color=colour, alpha=0.2, linewidth=0)
        ax.plot(_mean(rows)[known], percent[known], color=colour, linewidth=1.8)

    def _name(self, ax: Axes, to: str, scale: Duration) -> None:
        """The name of a curve beside it, where there is most room."""
        mean_h = _mean(self.reached[to])
        at = self._roomiest(to, mean_h)
        ax.annotate(
            to if len(self.reached) > 1 or to == "dispatched" else "done",
            (float(scale.of(mean_h[at])), PERCENTILES[at] / 100), xytext=(9, -4), textcoords="offset points",
            color=COLOURS[to], fontsize=TEXT_PT, fontweight="bold",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
        )  # fmt: skip

    def _roomiest(self, to: str, mean_h: Floats) -> int:
        """The percentile at which most is free to the right of a curve: no other curve, no promise."""
        lines = [_mean(rows) for other, rows in self.reached.items() if other != to]
        lines += [np.full(len(PERCENTILES), within) for _, within, _ in self.promises]
        lines.append(np.full(len(PERCENTILES), self._longest_h()))
        known = np.flatnonzero(np.isfinite(mean_h))
        middle = known[(PERCENTILES[known] >= 30) & (PERCENTILES[known] <= 90)]
        rooms = [
            min(
                (line[near] - mean_h[at] for line in lines for near in _near(at) if line[near] >= mean_h[near]),
                default=0,
            )
            for at in middle
        ]
        return int(middle[int(np.argmax(rooms))]) if len(middle) else int(known[-1])

    def _promise_lines(self, ax: Axes, scale: Duration, width_in: float) -> None:
        """Dashed lines, each with its label above the axes, in a second row where the first is taken."""
        rows: list[float] = []
        for to, within, on_time in self.promises:
            at = float(scale.of(within)) / ax.get_xlim()[1]
            label = f"{within:g} h to {TO[to]}\n{share(on_time)} kept"
            half = len(label.partition("\n")[0]) / 2 * LETTER_IN / (width_in * 0.85)
            row = next((number for number, taken in enumerate(rows) if taken < at - half), len(rows))
            rows[row:] = [at + half, *rows[row + 1 :]]
            ax.axvline(float(scale.of(within)), color=COLOURS[to], linestyle=(0, (4, 3)), linewidth=1.2)
            ax.annotate(
                label, (at, 1.0), xycoords="axes fraction", xytext=(0, 4 + row * 26), textcoords="offset points",
                ha="center", va="bottom", fontsize=SMALL_PT, color=COLOURS[to],
            )  # fmt: skip


def _near(at: int) -> range:
    """The percentiles that a label beside one of them covers."""
    return range(max(0, at - LABEL_ROWS), min(len(PERCENTILES), at + LABEL_ROWS + 1))


def _known(rows: Floats) -> NDArray[np.bool_]:
    """At which percentiles every replication has a time."""
    return np.asarray(np.isfinite(rows).all(axis=0))


def _mean(rows: Floats) -> Floats:
    """Mean across replications; infinite where one is still under way."""
    return np.asarray(np.where(_known(rows), np.where(np.isfinite(rows), rows, 0.0).mean(axis=0), np.inf))


def _quantile(rows: Floats, percent: int) -> str:
    return hours(float(_mean(rows)[percent == PERCENTILES][0]))
