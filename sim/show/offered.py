"""What each team is offered day by day against what it can give, known before anything runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.load import team_load
from sim.analysis.words import share
from sim.show.axes import DAY_STEPS, day_label, plain
from sim.show.chart import TEXT_PT, Chart, side_label
from sim.show.palette import BAND, BLUE, INK, MUTED, ORANGE, PAPER, VERMILLION, load_colour, tint
from sim.study.replicate import Result

ROW_IN = 0.36
ROOM_FOR_NUMBER_IN = 0.24
STRENGTH = {BLUE: 0.5, ORANGE: 0.65, VERMILLION: 0.8}
"""How strong each colour is behind a number that must stay legible."""


@dataclass(frozen=True)
class OfferedLoad(Chart):
    """A row a team, a column a day: offered over staffed hours; inf or NaN where nobody is there. Totals by team."""

    name: ClassVar[str] = "offered_load"
    group: ClassVar[str] = "People"

    days: pd.DataFrame
    whole: pd.Series[float]
    tightest: str
    worst: tuple[float, str]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario, load = result.file.scenario, result.load
        if load.empty:
            return None
        labels = {key: scenario.label("teams", key) for key in scenario.teams}
        load = load.assign(load=load["load"].where(load["staffed_h"] > 0))
        days = load.pivot(index="team", columns="day", values="load").reindex(list(labels))
        days.columns = pd.DatetimeIndex(days.columns)
        teams = team_load(result.load, scenario)
        first = teams.iloc[0]
        worst_day = first["worst_day"]
        worst = (
            (float(first["worst_load"]), day_label(pd.Timestamp(worst_day))) if pd.notna(worst_day) else (math.nan, "")
        )
        return cls(
            days=days.rename(index=labels),
            whole=teams["load"].reindex(list(labels)).rename(index=labels),
            tightest=labels[str(first.name)],
            worst=worst,
        )

    @property
    def title(self) -> str:
        load = float(self.whole[self.tightest])
        if math.isinf(load):
            return f"There is work for {self.tightest}, and nobody is ever there to do it"
        said = f"The tightest team is {self.tightest}: {share(load)} loaded"
        return (
            f"{said}, {share(self.worst[0])} on {self.worst[1]}"
            if self.worst[1] and len(self.days.columns) > 1
            else said
        )

    @property
    def alt(self) -> str:
        rows = [
            f"{team}: {share(float(load)) if math.isfinite(load) else 'nobody there'}"
            for team, load in self.whole.items()
        ]
        return f"A table of colours, teams by days, of the work that comes in over what the team can do. All days: {'; '.join(rows)}."

    @property
    def table(self) -> pd.DataFrame:
        table = self.days.set_axis([f"{day:%Y-%m-%d} (load)" for day in self.days.columns], axis=1)
        return table.assign(**{"measured days (load)": self.whole}).rename_axis("team")

    @property
    def note(self) -> str:
        return "Percent of what the team can do in its shifts that day, first replication. Blue: below 85; orange: up to 100; vermillion: above. Grey: nobody on shift; that day's work waits for the next."

    def height_in(self, width_in: float) -> float:
        return 0.7 + ROW_IN * len(self.days)

    def paint(self, figure: Figure) -> None:
        ax, count = figure.add_subplot(), len(self.days.columns)
        plain(ax, "none")
        ax.spines["bottom"].set_visible(False)
        wide_in = float(figure.get_figwidth()) * 0.8 / (count + 2)
        ends = self.whole.to_numpy(dtype=float)
        for row, loads in enumerate(self.days.to_numpy(dtype=float)):
            for column, load in enumerate(loads):
                self._cell(ax, column, row, load, number=wide_in >= ROOM_FOR_NUMBER_IN)
            self._cell(ax, count + 0.4, row, ends[row], number=True, wide=max(1.0, 0.5 / wide_in))
        names = [side_label(str(team), float(figure.get_figwidth())) for team in self.days.index]
        ax.set_yticks(np.arange(len(self.days)) + 0.5, names, fontsize=TEXT_PT, color=INK)
        ax.set_ylim(len(self.days), 0)
        ax.set_xlim(0, count + 0.4 + max(1.0, 0.5 / wide_in))
        self._days(ax, float(figure.get_figwidth()), max(1.0, 0.5 / wide_in))

    def _cell(self, ax: Axes, column: float, row: int, load: float, *, number: bool, wide: float = 1.0) -> None:
        known = not math.isnan(load)
        colour = tint(load_colour(load), STRENGTH[load_colour(load)] * (0.5 + 0.5 * min(load, 1.0))) if known else BAND
        ax.barh(row + 0.5, wide, left=column, height=1.0, color=colour, edgecolor=PAPER, linewidth=1.0)
        if number:
            text = "-" if not known else "full" if math.isinf(load) else f"{100 * load:.0f}"
            ax.text(
                column + wide / 2,
                row + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=7.5,
                color=INK if known else MUTED,
            )

    def _days(self, ax: Axes, width_in: float, wide: float) -> None:
        days = self.days.columns
        step = next((step for step in DAY_STEPS if len(days) / step * 0.75 <= width_in * 0.75), DAY_STEPS[-1])
        first = next((number for number, day in enumerate(days) if step % 7 or day.weekday() == 0), 0)
        at = range(first, len(days), step)
        ax.set_xticks([number + 0.5 for number in at], [day_label(days[number]) for number in at])
        ax.annotate(
            "measured\ndays",
            (len(days) + 0.4 + wide / 2, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.5,
            color=MUTED,
        )
