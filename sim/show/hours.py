"""Where the hours of an order went: by stage, and by what it waited for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.analysis.curves import mean_frame
from sim.analysis.hours import PARTS
from sim.analysis.words import hours, share
from sim.show.axes import after_bar, axis_label, plain, side_labels
from sim.show.chart import SMALL_PT, Chart
from sim.show.palette import INK, MUTED, ON_DARK, ON_LIGHT
from sim.show.palette import PARTS as PART_COLOURS
from sim.show.ticks import Duration
from sim.show.views import Spec, View, by_width, duration_axis, layered, legend_columns, mark, row_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import site as say
from sim.words.measures import PART_WORDS

BAR_IN = 0.42
ROOM_FOR_NUMBER = 0.07
ROOM_FOR_WORDS, LEGEND_COLUMNS = 1.3, 3
"""How far the axis goes beyond the longest bar; how many colours are explained in a row."""
LIGHT = ("nobody", "batch", "documents", "stock", "transit")


@dataclass(frozen=True)
class Hours(Chart):
    """Mean hours per finished order: a row for each of ``stages`` in the order of the route, a column a part."""

    name: ClassVar[str] = "hours"
    group: ClassVar[str] = charts.WHERE_HOURS_WENT

    stages: tuple[str, ...]
    parts: tuple[str, ...]
    spent_h: NDArray[np.float64]
    rework_h: NDArray[np.float64]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario = result.file.scenario
        mean = mean_frame([curves.hours for curves in result.curves])
        keys = [key for key in scenario.stages if key in mean.index]
        parts = tuple(part for part in PARTS if part in mean and mean[part].any())
        if not keys or not parts:
            return None
        rows = mean.loc[keys]
        stages = tuple(scenario.label("stages", key) for key in keys)
        return cls(stages, parts, rows[list(parts)].to_numpy(dtype=float), rows["rework"].to_numpy(dtype=float))

    @property
    def rows(self) -> list[tuple[str, NDArray[np.float64], float]]:
        """Name, hours by part, and hours of later attempts, by stage, and of all stages where there are several."""
        own = list(zip(self.stages, self.spent_h, self.rework_h.tolist(), strict=True))
        return own if len(own) == 1 else [*own, (say.ALL_STAGES, self.spent_h.sum(axis=0), float(self.rework_h.sum()))]

    @property
    def title(self) -> str:
        whole = self.spent_h.sum(axis=0)
        most, total = int(whole.argmax()), float(whole.sum())
        said = say.largest_part(share(whole[most] / total), hours(total), PART_WORDS[self.parts[most]])
        if self.parts[most] != "transit":
            where = self.stages[int(self.spent_h[:, most].argmax())]
            return say.most_at(said, where) if len(self.stages) > 1 else said
        is_wait = np.array([part not in ("transit", "working") for part in self.parts])
        waits = np.where(is_wait, self.spent_h, 0.0)
        stage, part = np.unravel_index(int(waits.argmax()), waits.shape)
        if waits[stage, part] == 0:
            return said
        return say.rest_is(said, PART_WORDS[self.parts[part]], self.stages[stage], hours(waits[stage, part]))

    @property
    def alt(self) -> str:
        rows = [
            f"{name}: "
            + ", ".join(f"{hours(h)} {PART_WORDS[part]}" for part, h in zip(self.parts, spent, strict=True) if h)
            for name, spent, _ in self.rows
        ]
        return say.hours_alt(rows)

    @property
    def table(self) -> pd.DataFrame:
        names = pd.Index([name for name, _, _ in self.rows], name=charts.STAGE)
        columns = [charts.in_unit(PART_WORDS[part], "h") for part in self.parts]
        table = pd.DataFrame([spent for _, spent, _ in self.rows], index=names, columns=columns)
        again = [again for _, _, again in self.rows]
        table[say.ALL_HOURS] = table.sum(axis=1)
        table[say.LATER_HOURS] = again
        return table

    @property
    def note(self) -> str:
        return say.HOURS_NOTE

    def height_in(self, width_in: float) -> float:
        return 0.8 + BAR_IN * len(self.rows) + 0.18 * math.ceil(len(self.parts) / self._columns(width_in))

    def _columns(self, width_in: float) -> int:
        """How many colours are explained in a row."""
        count, most = len(self.parts), max(1, int((width_in - 1.5) / 1.7))
        return math.ceil(count / math.ceil(count / most))

    def paint(self, figure: Figure) -> None:
        ax, width_in = figure.add_subplot(), float(figure.get_figwidth())
        longest_h = max(float(spent.sum()) for _, spent, _ in self.rows)
        scale = Duration.up_to(longest_h)
        plain(ax, "x")
        ax.set_xlim(0, longest_h * scale.per_hour * ROOM_FOR_WORDS)
        for row, (_, spent, again) in enumerate(self.rows):
            self._bar(ax, row, spent, scale.per_hour)
            after_bar(ax, self._total(spent, again), float(spent.sum()) * scale.per_hour, row)
        side_labels(ax, [name for name, _, _ in self.rows], width_in)
        if len(self.stages) > 1:
            ax.axhline(len(self.stages) - 0.5, color=MUTED, linewidth=0.8)
        scale.mark(ax.xaxis, longest_h, most=8)
        axis_label(ax, x=charts.in_unit(say.TIME_PER_ORDER, scale.unit))
        self._key(ax, self._columns(width_in))

    def _bar(self, ax: Axes, row: int, spent: NDArray[np.float64], per_hour: float) -> None:
        left, room = 0.0, ROOM_FOR_NUMBER * ax.get_xlim()[1]
        for part, length_h in zip(self.parts, spent.tolist(), strict=True):
            length = length_h * per_hour
            ax.barh(row, length, left=left, height=0.62, color=PART_COLOURS[part])
            if length >= room:
                ink = ON_LIGHT if part in LIGHT else ON_DARK
                ax.text(left + length / 2, row, hours(length_h), ha="center", va="center", fontsize=SMALL_PT, color=ink)
            left += length

    def _key(self, ax: Axes, columns: int) -> None:
        """The colours in words, above the bars."""
        patches = [Patch(color=PART_COLOURS[part], label=PART_WORDS[part]) for part in self.parts]
        ax.legend(
            handles=patches, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, fontsize=SMALL_PT, frameon=False,
            labelcolor=INK, handlelength=1.0, columnspacing=1.2, borderaxespad=0.2,
        )  # fmt: skip

    @cached_property
    def views(self) -> tuple[View, ...]:
        longest_h = max(float(spent.sum()) for _, spent, _ in self.rows)
        names = [name for name, _, _ in self.rows]
        y, height = row_axis(names)
        x = duration_axis("begin", say.TIME_PER_ORDER, longest_h, longest_h * ROOM_FOR_WORDS, most=8)
        words = [PART_WORDS[part] for part in self.parts]
        scale = {"domain": words, "range": [PART_COLOURS[part] for part in self.parts]}
        colour = {
            "field": "part",
            "type": "nominal",
            "scale": scale,
            "legend": legend_columns(LEGEND_COLUMNS),
        }
        told = tips({charts.STAGE: "stage", charts.PART: "part", charts.TIME: "told", say.OF_THE_STAGE: "share"})
        at: Spec = {"x": x, "x2": {"field": "end"}, "y": y, "color": colour, "tooltip": told}
        totals = [
            {
                "row": number,
                "begin": float(spent.sum()),
                "words": self._total(spent, again),
                "short": hours(float(spent.sum())),
            }
            for number, (_, spent, again) in enumerate(self.rows)
        ]
        behind = mark("text", at={"x": x, "y": y, "text": {"field": "by_width"}}, rows=totals, align="left", dx=6)
        behind["transform"] = by_width("words", "short")
        return (View(self._pieces(), layered([mark("bar", at=at), behind], height)),)

    def _total(self, spent: NDArray[np.float64], again: float) -> str:
        """All time of a row in words, and how much of it was spent in later attempts."""
        total = float(spent.sum())
        return hours(total) + (say.again(hours(again)) if again >= 0.01 * total > 0 else "")

    def _pieces(self) -> pd.DataFrame:
        """A row for each part of each bar, and where it begins and ends."""
        rows = []
        for number, (name, spent, _) in enumerate(self.rows):
            ends = np.cumsum(spent)
            for part, length, end in zip(self.parts, spent.tolist(), ends.tolist(), strict=True):
                of_stage = share(length / float(ends[-1])) if ends[-1] else share(0.0)
                rows.append(
                    {"row": number, "stage": name, "part": PART_WORDS[part], "h": length, "begin": end - length,
                     "end": end, "told": hours(length), "share": of_stage}
                )  # fmt: skip
        return pd.DataFrame(rows)
