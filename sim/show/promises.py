"""How each promise was kept: on time, late, or not known yet when the run ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.intervals import Estimate
from sim.analysis.words import share, with_interval
from sim.show.axes import after_bar, plain, shares, side_labels
from sim.show.chart import SMALL_PT, Chart
from sim.show.palette import BLUE, GREY, ON_DARK, ON_LIGHT, VERMILLION, tint
from sim.show.views import Spec, View, layered, mark, row_axis, share_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import delays as say
from sim.world.units import HOUR_MS

COLOURS = {"on_time": BLUE, "late": VERMILLION, "unknown": tint(GREY, 0.6)}
ENDS = {end: (words, COLOURS[end]) for end, words in say.ENDS.items()}
BAR_IN = 0.55
LETTERS_PER_IN = 9.5
"""About so many letters fit an inch of the figure's width, beside labels and margins."""


@dataclass(frozen=True)
class Promises(Chart):
    """A row for each promise, with its three shares; they make a whole."""

    name: ClassVar[str] = "promises"
    group: ClassVar[str] = charts.DELAYS

    kept: tuple[tuple[str, dict[str, Estimate]], ...]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        kept = []
        for key, promise in result.file.scenario.promises.items():
            shares_of = {end: result.measures.get(f"{end}.{key}") for end in ENDS}
            known = {end: found for end, found in shares_of.items() if found is not None and found.mean == found.mean}
            if len(known) == len(ENDS):
                kept.append((say.promise(promise.within / HOUR_MS, promise.to, promise.classes), known))
        return cls(tuple(kept)) if kept else None

    @property
    def title(self) -> str:
        name, ends = max(self.kept, key=lambda promise: promise[1]["late"].mean)
        late = ends["late"].mean
        if late == 0:
            return say.NONE_LATE
        return say.promise_broken(share(late), name)

    @property
    def alt(self) -> str:
        rows = [
            f"{name}: " + ", ".join(f"{share(found.mean)} {ENDS[end][0]}" for end, found in ends.items())
            for name, ends in self.kept
        ]
        return say.promises_alt(rows)

    @property
    def table(self) -> pd.DataFrame:
        rows = [
            {f"{words}{column}": value for end, (words, _) in ENDS.items() for column, value in _columns(ends[end])}
            for _, ends in self.kept
        ]
        return pd.DataFrame(rows, index=pd.Index([name for name, _ in self.kept], name=say.PROMISE))

    @property
    def note(self) -> str:
        return say.NOT_KNOWN_YET

    def height_in(self, width_in: float) -> float:
        return 0.5 + BAR_IN * len(self.kept)

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        plain(ax, "x")
        for row, (_, ends) in enumerate(self.kept):
            self._bar(ax, row, ends, LETTERS_PER_IN * float(figure.get_figwidth()))
        side_labels(ax, [name for name, _ in self.kept], float(figure.get_figwidth()))
        ax.set_xlim(0, 1)
        shares(ax.xaxis, 0.25)

    @cached_property
    def views(self) -> tuple[View, ...]:
        y, height = row_axis([name for name, _ in self.kept])
        words, colours = zip(*ENDS.values(), strict=True)
        colour = {"field": "end", "type": "nominal", "scale": {"domain": words, "range": colours}}
        told = tips({say.PROMISE: "promise", say.ORDERS: "end", say.SHARE: "told"})
        x = share_axis("from")
        at: Spec = {"x": x, "x2": {"field": "to"}, "y": y, "color": colour, "tooltip": told}
        kept = [
            {"row": row, "from": 0.0, "words": share(ends["on_time"].mean)} for row, (_, ends) in enumerate(self.kept)
        ]
        inside = {"x": x, "y": y, "text": {"field": "words"}}
        number = mark("text", at=inside, rows=kept, align="left", dx=8, color=ON_DARK)
        return (View(self._pieces(), layered([mark("bar", at=at), number], height)),)

    def _pieces(self) -> pd.DataFrame:
        """A row for each part of each bar, and where it begins and ends."""
        rows: list[dict[str, Any]] = []
        for row, (name, ends) in enumerate(self.kept):
            begin = 0.0
            for end, (words, _) in ENDS.items():
                found = ends[end]
                rows.append(
                    {
                        "row": row,
                        "promise": name,
                        "end": words,
                        "share": found.mean,
                        "told": with_interval(found),
                        "from": begin,
                        "to": begin + found.mean,
                    }
                )
                begin += found.mean
        return pd.DataFrame(rows)

    def _bar(self, ax: Axes, row: int, ends: dict[str, Estimate], letters: float) -> None:
        left, small = 0.0, []
        for end, (words, colour) in ENDS.items():
            value = ends[end].mean
            ax.barh(row, value, left=left, height=0.6, color=colour)
            text = f"{share(value)} {words}"
            if value * letters > len(text):
                ink = ON_LIGHT if end == "unknown" else ON_DARK
                ax.text(left + value / 2, row, text, ha="center", va="center", fontsize=SMALL_PT, color=ink)
            elif value > 0:
                small.append(text)
            left += value
        after_bar(ax, ", ".join(small), 1.0, row, small=True)


def _columns(found: Estimate) -> tuple[tuple[str, float], ...]:
    mean, low, high = say.PROMISE_COLUMNS
    return (mean, found.mean), (low, found.low), (high, found.high)
