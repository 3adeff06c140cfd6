"""How long buyers wait: until dispatch and delivery, against what was promised, and by when they ordered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.curves import PERCENTILES
from sim.analysis.words import hours, share
from sim.show.axes import axis_label, plain, shares
from sim.show.chart import SMALL_PT, TEXT_PT, Chart
from sim.show.palette import DELIVERED, DISPATCHED, PAPER
from sim.show.panels import FEW, spread_note
from sim.show.promise_labels import Floats, above, beside
from sim.show.ticks import Duration
from sim.show.views import (
    DASHED,
    LINE_PX,
    WIDE_PX,
    Spec,
    View,
    count_words,
    duration_axis,
    layered,
    mark,
    only,
    pointed,
    quantity,
)
from sim.study.replicate import Result
from sim.words import charts
from sim.words import delays as say
from sim.world.units import HOUR_MS

COLOURS = {"dispatched": DISPATCHED, "delivered": DELIVERED}
LETTER_IN, LABEL_ROWS = 0.065, 5
"""Width of a letter of a label; how many percentiles its height covers on either side."""
LETTER_PX, PHONE_PX = 6.0, 270
"""Width of a letter of a label on the page, and of the chart where it is narrowest."""


@dataclass(frozen=True)
class DeliveryTime(Chart):
    """Hours from paying at the percentiles 1 to 99, by what was reached (a row a replication), and the promises."""

    name: ClassVar[str] = "delivery_time"
    group: ClassVar[str] = charts.DELAYS

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
        if mean_h[PERCENTILES == 95][0] < np.inf:
            return say.buyers_within(95, to, hours(mean_h[PERCENTILES == 95][0], long=True))
        percent, latest = int(PERCENTILES[known[-1]]), mean_h[known[-1]]
        return say.rest_waits(percent, to, hours(latest, long=True))

    @property
    def alt(self) -> str:
        says = [say.half_and_most(to, _quantile(rows, 50), _quantile(rows, 95)) for to, rows in self.reached.items()]
        kept = [say.on_time(within, to, share(on_time)) for to, within, on_time in self.promises]
        return say.delivery_time_alt([*says, *kept])

    @property
    def table(self) -> pd.DataFrame:
        columns = {charts.in_unit(say.within(to), "h"): _mean(rows) for to, rows in self.reached.items()}
        return pd.DataFrame(columns, index=pd.Index(PERCENTILES, name=say.PERCENT_OF_ORDERS))

    @property
    def note(self) -> str:
        return spread_note(len(next(iter(self.reached.values())))) + say.LATE_AND_LOST

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
        axis_label(ax, x=charts.in_unit(say.SINCE_PAYING, scale.unit), y=say.ORDERS)
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
            self._word(to),
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
        places = self._above(float(ax.get_xlim()[1]) / scale.per_hour, LETTER_IN / (width_in * 0.85))
        for (to, within, on_time), (at, row) in zip(self.promises, places, strict=True):
            ax.axvline(float(scale.of(within)), color=COLOURS[to], linestyle=(0, (4, 3)), linewidth=1.2)
            ax.annotate(
                "\n".join(_promise_words(to, within, on_time)), (at, 1.0), xycoords="axes fraction",
                xytext=(0, 4 + row * 26), textcoords="offset points", ha="center", va="bottom", fontsize=SMALL_PT,
                color=COLOURS[to],
            )  # fmt: skip

    def _above(self, end_h: float, letter: float) -> list[tuple[float, int]]:
        """Middle and row of each label above an axis that ends there, in which a letter has a share of the width."""
        widths = [letter * max(map(len, _promise_words(*promise))) for promise in self.promises]
        return above([within / end_h for _, within, _ in self.promises], widths)

    @cached_property
    def views(self) -> tuple[View, ...]:
        longest_h = self._longest_h()
        x = duration_axis("hours", say.SINCE_PAYING, longest_h, 1.02 * longest_h, most=12)
        y = quantity("percent", say.ORDERS, (0.0, 100.0), [0, 25, 50, 75, 100], "datum.value + ' %'")
        data: dict[str, Floats] = {"percent": PERCENTILES.astype(np.float64)}
        layers, told, unit = [], {say.OF_100_ORDERS: "datum.percent"}, Duration.up_to(longest_h)
        for to, rows in self.reached.items():
            data |= _columns(to, rows)
            layers += _curve_layers(to, rows, x, y)
            low, high = ("", "") if len(rows) == 1 else (f"{to}_low", f"{to}_high")
            told[say.within(to)] = count_words(to, low, high, unit.per_hour, f" {unit.unit}")
        layers += [*self._promise_layers(x, y), *self._name_layers(x, y), pointed({"y": y}, told)]
        return (View(pd.DataFrame(data), layered(layers, WIDE_PX)),)

    def _promise_layers(self, x: Spec, y: Spec) -> list[Spec]:
        """Dashed lines, each with its label beside it where no curve passes; above the chart where it is narrow."""
        end_h = float(x["scale"]["domain"][1])
        wide = beside(
            [within for _, within, _ in self.promises], [_mean(rows) for rows in self.reached.values()], end_h
        )
        over = self._above(end_h, LETTER_PX / PHONE_PX)
        layers = []
        for (to, within, on_time), (left, percent), (at, line) in zip(self.promises, wide, over, strict=True):
            row = {"hours": within, "percent": percent, "words": _promise_words(to, within, on_time)}
            label, how = {"x": x, "text": {"field": "words"}}, {"color": COLOURS[to], "lineHeight": LINE_PX}
            side = {"align": "right" if left else "left", "dx": -6 if left else 6}
            inside = mark("text", at={**label, "y": y}, rows=[row], **how, **side)
            raised = {"align": "center", "dy": -4 - LINE_PX * (1 + 2.2 * line)}
            outside = mark(
                "text", at={**label, "y": {"value": 0}}, rows=[{**row, "hours": at * end_h}], **how, **raised
            )
            layers.append(mark("rule", at={"x": x}, rows=[row], color=COLOURS[to], strokeDash=DASHED, strokeWidth=1.2))
            layers += [only(inside, narrow=False), only(outside, narrow=True)]
        return layers

    def _name_layers(self, x: Spec, y: Spec) -> list[Spec]:
        """The name of each curve beside it, where there is most room."""
        layers = []
        for to, rows in self.reached.items():
            at = self._roomiest(to, _mean(rows))
            row = {"hours": _mean(rows)[at], "percent": int(PERCENTILES[at]), "words": self._word(to)}
            at_row = {"x": x, "y": y, "text": {"field": "words"}}
            how = {"align": "left", "dx": 9, "dy": 4, "fontWeight": 600}
            ground = {"color": PAPER, "stroke": PAPER, "strokeWidth": 4}  # no line runs through a name
            layers += [mark("text", at=at_row, rows=[row], **how, **kind) for kind in (ground, {"color": COLOURS[to]})]
        return layers

    def _word(self, to: str) -> str:
        """What a curve is called."""
        return to if len(self.reached) > 1 or to == "dispatched" else say.DONE


def _promise_words(to: str, within_h: float, on_time: float) -> list[str]:
    """The two lines of a promise's label."""
    return [say.promise(within_h, to), say.kept(share(on_time))]


def _columns(to: str, rows: Floats) -> dict[str, Floats]:
    """The columns of a curve: its mean, and each replication or their spread; nothing where it is not known."""
    known = _known(rows)
    columns = {to: np.where(known, _mean(rows), np.nan)}
    if len(rows) > 1:
        columns |= {f"{to}_low": np.where(known, rows.min(axis=0), np.nan)}
        columns |= {f"{to}_high": np.where(known, rows.max(axis=0), np.nan)}
    if 1 < len(rows) <= FEW:
        columns |= {f"{to}_{number}": np.where(np.isfinite(row), row, np.nan) for number, row in enumerate(rows)}
    return columns


def _curve_layers(to: str, rows: Floats, x: Spec, y: Spec) -> list[Spec]:
    """The curve of the mean over each replication, or over their spread."""

    def line(field: str, width: float, opacity: float) -> Spec:
        at = {"x": {**x, "field": field}, "y": y, "order": {"field": "percent", "type": "quantitative"}}
        return mark("line", at=at, color=COLOURS[to], strokeWidth=width, opacity=opacity)

    layers = [line(f"{to}_{number}", 0.7, 0.5) for number in range(len(rows))] if 1 < len(rows) <= FEW else []
    if len(rows) > FEW:
        at = {"x": {**x, "field": f"{to}_low"}, "x2": {"field": f"{to}_high"}, "y": y}
        layers.append(mark("area", at=at, orient="horizontal", color=COLOURS[to], opacity=0.2, line=False))
    return [*layers, line(to, 1.8, 1.0)]


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
