"""Where the hours of an order went: by stage, and by what it waited for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.curves import mean_frame
from sim.analysis.hours import PART_WORDS, PARTS
from sim.analysis.words import hours, share
from sim.show.axes import Duration, axis_label, plain
from sim.show.chart import SMALL_PT, TEXT_PT, Chart, side_label
from sim.show.palette import INK, MUTED, PAPER
from sim.show.palette import PARTS as PART_COLOURS
from sim.study.replicate import Result

ALL = "all stages"
BAR_IN = 0.42
ROOM_FOR_NUMBER = 0.07
DARK_INK = ("batch", "documents", "transit")


@dataclass(frozen=True)
class Hours(Chart):
    """Mean hours per finished order: a row a stage in the order of the route, a column a part, and all stages."""

    name: ClassVar[str] = "hours"
    group: ClassVar[str] = "Where the hours went"

    spent_h: pd.DataFrame
    rework_h: pd.Series[float]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario = result.file.scenario
        mean = mean_frame([curves.hours for curves in result.curves])
        stages = [key for key in scenario.stages if key in mean.index]
        if not stages or mean.to_numpy().sum() == 0:
            return None
        rows = mean.loc[stages].rename(index={key: scenario.label("stages", key) for key in stages})
        if len(stages) > 1:
            rows = pd.concat([rows, rows.sum().to_frame(ALL).T])
        parts = [part for part in PARTS if rows[part].any()]
        return cls(rows[parts], rows["rework"])

    @property
    def title(self) -> str:
        whole = self.spent_h.iloc[-1]
        part = str(whole.idxmax())
        total = float(whole.sum())
        said = f"{share(float(whole[part]) / total)} of the {hours(total)} that an order takes is {PART_WORDS[part]}"
        stages = self.spent_h.drop(index=ALL, errors="ignore")
        if part != "transit":
            return f"{said}, most of it at {stages[part].idxmax()}" if len(stages) > 1 else said
        waits = stages.drop(columns=["transit", "working"], errors="ignore").stack()
        if waits.empty or waits.max() == 0:
            return said
        stage, wait = waits.idxmax()
        return f"{said}; the longest wait is {PART_WORDS[str(wait)]} at {stage}, {hours(float(waits.max()))}"

    @property
    def alt(self) -> str:
        rows = [
            f"{stage}: "
            + ", ".join(f"{hours(float(row[part]))} {PART_WORDS[str(part)]}" for part in row.index if row[part] > 0)
            for stage, row in self.spent_h.iterrows()
        ]
        return f"Bars of the mean time per order by stage. {'; '.join(rows)}."

    @property
    def table(self) -> pd.DataFrame:
        table = self.spent_h.rename(columns={part: f"{PART_WORDS[part]} (h)" for part in self.spent_h})
        return table.assign(**{"all (h)": table.sum(axis=1), "of it in later attempts (h)": self.rework_h}).rename_axis(
            "stage"
        )

    @property
    def note(self) -> str:
        return "Mean of the orders that were finished, whatever became of them; the parts add up to the whole for every order."

    def height_in(self, width_in: float) -> float:
        return 0.8 + BAR_IN * len(self.spent_h) + 0.18 * math.ceil(len(self.spent_h.columns) / self._columns(width_in))

    def _columns(self, width_in: float) -> int:
        """How many colours are explained in a row."""
        count, most = len(self.spent_h.columns), max(1, int((width_in - 1.5) / 1.7))
        return math.ceil(count / math.ceil(count / most))

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        plain(ax, "x")
        totals = self.spent_h.sum(axis=1)
        scale = Duration.up_to(float(totals.max()))
        ax.set_xlim(0, float(totals.max()) * scale.per_hour * 1.22)
        for row, (stage, parts) in enumerate(self.spent_h.iterrows()):
            self._bar(ax, row, parts, scale.per_hour)
            again = float(self.rework_h[stage])
            text = hours(float(totals[stage])) + (
                f" ({hours(again)} of it again)" if again >= 0.01 * totals[stage] > 0 else ""
            )
            ax.annotate(
                text,
                (float(totals[stage]) * scale.per_hour, row),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=TEXT_PT,
                color=INK,
            )
        names = [side_label(str(stage), float(figure.get_figwidth())) for stage in self.spent_h.index]
        ax.set_yticks(range(len(self.spent_h)), names, fontsize=TEXT_PT, color=INK)
        ax.set_ylim(len(self.spent_h) - 0.5, -0.5)
        if len(self.spent_h) > 1:
            ax.axhline(len(self.spent_h) - 1.5, color=MUTED, linewidth=0.8)
        scale.mark(ax.xaxis, float(totals.max()), most=8)
        axis_label(ax, x=f"mean time per order ({scale.unit})")
        self._key(ax, self._columns(float(figure.get_figwidth())))

    def _bar(self, ax: Axes, row: int, parts: pd.Series[float], per_hour: float) -> None:
        left, room = 0.0, ROOM_FOR_NUMBER * ax.get_xlim()[1]
        for part, length in parts.items():
            ax.barh(row, length * per_hour, left=left, height=0.62, color=PART_COLOURS[str(part)])
            if length * per_hour >= room:
                ink = INK if part in DARK_INK else PAPER
                at = left + length * per_hour / 2
                ax.text(at, row, hours(length), ha="center", va="center", fontsize=SMALL_PT, color=ink)
            left += length * per_hour

    def _key(self, ax: Axes, columns: int) -> None:
        """The colours in words, above the bars."""
        patches = [Patch(color=PART_COLOURS[part], label=PART_WORDS[part]) for part in self.spent_h]
        ax.legend(
            handles=patches, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, fontsize=SMALL_PT, frameon=False,
            labelcolor=INK, handlelength=1.0, columnspacing=1.2, borderaxespad=0.2,
        )  # fmt: skip
