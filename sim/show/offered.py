"""What each team is offered day by day against what it can give, known before anything runs."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.words import day_label, share
from sim.show.axes import plain, side_labels
from sim.show.chart import Chart
from sim.show.palette import BAND, BLUE, MUTED, ON_LIGHT, ORANGE, PAPER, VERMILLION, load_colour, tint
from sim.show.ticks import DAY_STEPS
from sim.show.views import SMALL_PX, Spec, View, layered, mark, quantity, row_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import people as say

ROW_IN, TOTAL_IN, GAP = 0.36, 0.5, 0.4
ROOM_FOR_NUMBER_IN, ROOM_FOR_NUMBER_PX, NUMBER_PT = 0.24, 24, 7.5
MOST_DAYS = 12
DAY_LABEL_IN = 0.75
STRENGTH = {BLUE: 0.5, ORANGE: 0.65, VERMILLION: 0.8}
"""How strong each colour is behind a number that must stay legible."""


@dataclass(frozen=True)
class OfferedLoad(Chart):
    """A row for each of ``teams``, a column for each of ``days``: offered over staffed hours; NaN where nobody is there.

    ``whole`` are the loads over the measured days (inf: nobody is ever there), ``tightest`` the row of the
    tightest team, ``worst`` the load of its worst day and which day that is.
    """

    name: ClassVar[str] = "offered_load"
    group: ClassVar[str] = charts.PEOPLE

    teams: tuple[str, ...]
    days: tuple[date, ...]
    loads: NDArray[np.float64]
    whole: NDArray[np.float64]
    tightest: int
    worst: tuple[float, str]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario, load = result.file.scenario, result.load
        if load.empty:
            return None
        keys = list(scenario.teams)
        there = load.assign(load=load["load"].where(load["staffed_h"] > 0))
        loads = there.pivot(index="team", columns="day", values="load").reindex(keys)
        teams = result.teams
        worst_load, worst_day = teams["worst_load"].iloc[0], teams["worst_day"].iloc[0]
        return cls(
            teams=tuple(scenario.label("teams", key) for key in keys),
            days=tuple(sorted(set(load["day"]))),
            loads=loads.to_numpy(dtype=float),
            whole=teams["load"].reindex(keys).to_numpy(dtype=float),
            tightest=keys.index(str(teams.index[0])),
            worst=(math.nan, "") if pd.isna(worst_day) else (float(worst_load), day_label(worst_day)),
        )

    @property
    def title(self) -> str:
        who, load = self.teams[self.tightest], float(self.whole[self.tightest])
        if math.isinf(load):
            return say.work_for_nobody(who)
        worst_load, worst_day = self.worst
        if not worst_day or len(self.days) == 1:
            return say.tightest(who, share(load))
        return say.tightest_and_worst_day(who, share(load), share(worst_load), worst_day)

    @property
    def alt(self) -> str:
        loads = zip(self.teams, self.whole.tolist(), strict=True)
        rows = [f"{team}: {share(load) if math.isfinite(load) else say.NOBODY_THERE}" for team, load in loads]
        return say.offered_alt(rows)

    @property
    def table(self) -> pd.DataFrame:
        columns = [f"{day:%Y-%m-%d} (load)" for day in self.days]
        table = pd.DataFrame(self.loads, index=pd.Index(self.teams, name=say.TEAM), columns=columns)
        return table.assign(**{say.MEASURED_DAYS_LOAD: self.whole})

    @property
    def note(self) -> str:
        return say.OFFERED_NOTE

    def height_in(self, width_in: float) -> float:
        return 0.7 + ROW_IN * len(self.teams)

    def paint(self, figure: Figure) -> None:
        ax, width_in = figure.add_subplot(), float(figure.get_figwidth())
        plain(ax, "none")
        ax.spines["bottom"].set_visible(False)
        side_labels(ax, self.teams, width_in)
        column_in = width_in * 0.8 / (len(self.days) + 2)
        total_at, total_width = len(self.days) + GAP, max(1.0, TOTAL_IN / column_in)
        for row, loads in enumerate(self.loads.tolist()):
            for column, load in enumerate(loads):
                self._cell(ax, column, row, load, number=column_in >= ROOM_FOR_NUMBER_IN)
            self._cell(ax, total_at, row, float(self.whole[row]), number=True, width=total_width)
        ax.set_xlim(0, total_at + total_width)
        self._days(ax, width_in)
        ax.annotate(
            say.MEASURED_DAYS_BROKEN, (total_at + total_width / 2, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", fontsize=NUMBER_PT, color=MUTED,
        )  # fmt: skip

    @cached_property
    def views(self) -> tuple[View, ...]:
        y, height = row_axis(self.teams, packed=True)
        begin, end = self._total
        names = json.dumps([day_label(day) for day in self.days])
        places = [*(number + 0.5 for number in self._labelled(MOST_DAYS)), (begin + end) / 2]
        x = quantity(
            "begin", "", (0.0, end), places, f"datum.value > {begin!r} ? {say.ALL!r} : {names}[floor(datum.value)]"
        )
        told = tips({say.TEAM: "team", say.DAY: "day", say.LOADED: "told"})
        cell: Spec = {"x": x, "x2": {"field": "end"}, "y": y, "tooltip": told}
        inside: Spec = {"x": {**x, "field": "middle"}, "y": y, "tooltip": told, "text": {"field": "number"}}
        colour = {"field": "colour", "type": "nominal", "scale": None}
        numbers_shown = {"expr": f"width / {end!r} > {ROOM_FOR_NUMBER_PX} || datum.middle > {begin!r} ? 1 : 0"}
        layers = [
            mark("rect", at=cell, color=BAND, stroke=PAPER),
            {**mark("rect", at={**cell, "color": colour}, stroke=PAPER), "transform": [{"filter": "datum.known"}]},
            mark("text", at=inside, fontSize=SMALL_PX, opacity=numbers_shown, color=ON_LIGHT),
        ]
        return (View(self._rows(), layered(layers, height)),)

    @property
    def _total(self) -> tuple[float, float]:
        """Where the column for all days begins and ends."""
        begin = len(self.days) + GAP
        return begin, begin + max(1.0, len(self.days) / 12)

    def _labelled(self, most: float) -> range:
        """Which days are labelled, so that there are about ``most``; Mondays where that is one a week."""
        step = next((step for step in DAY_STEPS if len(self.days) / step <= most), DAY_STEPS[-1])
        first = next((number for number, day in enumerate(self.days) if step % 7 or day.weekday() == 0), 0)
        return range(first, len(self.days), step)

    def _rows(self) -> pd.DataFrame:
        """A row for each team and day, and for all days of a team."""
        begin, end = self._total
        places = [
            *((float(at), at + 1.0, day_label(day)) for at, day in enumerate(self.days)),
            (begin, end, say.ALL_MEASURED_DAYS),
        ]
        loads = np.column_stack([self.loads, self.whole])
        return pd.DataFrame([
            {"row": row, "team": team, "begin": first, "middle": (first + last) / 2, "end": last, "day": day,
             **_cell_words(float(loads[row, column]))}
            for row, team in enumerate(self.teams)
            for column, (first, last, day) in enumerate(places)
        ])  # fmt: skip

    def _cell(self, ax: Axes, column: float, row: int, load: float, *, number: bool, width: float = 1.0) -> None:
        ax.barh(row, width, left=column, height=1.0, color=_colour(load), edgecolor=PAPER, linewidth=1.0)
        if number:
            ink = MUTED if math.isnan(load) else ON_LIGHT
            ax.text(
                column + width / 2, row, _number(load), ha="center", va="center", fontsize=NUMBER_PT, color=ink
            )  # fmt: skip

    def _days(self, ax: Axes, width_in: float) -> None:
        """Labels of as many days as there is room for."""
        at = self._labelled(width_in * 0.75 / DAY_LABEL_IN)
        ax.set_xticks([number + 0.5 for number in at], [day_label(self.days[number]) for number in at])


def _colour(load: float) -> str:
    """A tint that grows with the load, grey where nobody is on shift."""
    if math.isnan(load):
        return BAND
    hue = load_colour(load)
    return tint(hue, STRENGTH[hue] * (0.5 + 0.5 * min(load, 1.0)))


def _number(load: float) -> str:
    return "-" if math.isnan(load) else say.NO_ONE if math.isinf(load) else f"{100 * load:.0f}"


def _cell_words(load: float) -> dict[str, Any]:
    """What a cell shows, and what it says."""
    said = say.NOBODY_ON_SHIFT if math.isnan(load) else say.NEVER_THERE if math.isinf(load) else share(load)
    return {
        "load": load if math.isfinite(load) else math.nan, "known": not math.isnan(load), "colour": _colour(load),
        "number": _number(load), "told": said,
    }  # fmt: skip
