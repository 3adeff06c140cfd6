"""How busy each team is while it is on shift, by shift, and how much overtime it works."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.intervals import Estimate
from sim.analysis.words import BUSY_FROM, FULL_FROM, hours, share, with_interval
from sim.show.axes import after_bar, plain, shares, side_labels
from sim.show.chart import NARROW_IN, SMALL_PT, TEXT_PT, Chart
from sim.show.palette import INK, MUTED, ORANGE, VERMILLION, load_colour, tint
from sim.show.views import DASHED, SMALL_PX, Spec, View, by_width, layered, mark, row_axis, share_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import people as say

BAR_IN = 0.34
LEAST_OVERTIME_H = 0.005
ROOM_FOR_WORDS = 1.35
"""How far the axis goes, so that the numbers behind the bars have room."""


@dataclass(frozen=True)
class Row:
    """A team, or one shift of it: its utilisation, and the team's overtime (hours a day)."""

    team: str
    shift: str
    utilisation: Estimate
    overtime: Estimate | None


@dataclass(frozen=True)
class Utilisation(Chart):
    """A row for each team, and one for each of its shifts where there are several."""

    name: ClassVar[str] = "utilisation"
    group: ClassVar[str] = charts.PEOPLE

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, result: Result) -> Self | None:
        rows = []
        for key, team in result.file.scenario.teams.items():
            label = result.file.scenario.label("teams", key)
            found = result.measures.get(f"utilisation.{key}")
            if found is None or math.isnan(found.mean):
                continue
            rows.append(Row(label, "", found, result.measures[f"overtime.{key}"]))
            for shift in team.shifts if len(team.shifts) > 1 else ():
                of_shift = result.measures.get(f"utilisation.{key}.{shift}")
                if of_shift is not None and not math.isnan(of_shift.mean):
                    rows.append(Row(label, shift.replace("_", " "), of_shift, None))
        return cls(tuple(rows)) if rows else None

    @property
    def title(self) -> str:
        teams = [row for row in self.rows if not row.shift]
        busiest = max(teams, key=lambda row: row.utilisation.mean)
        said = say.busiest(busiest.team, with_interval(busiest.utilisation))
        overtime = max(
            (row for row in teams if row.overtime), key=lambda row: row.overtime.mean if row.overtime else 0.0
        )
        if overtime.overtime and overtime.overtime.mean >= 0.5:
            said += say.most_overtime(overtime.team, hours(overtime.overtime.mean))
        return said

    @property
    def alt(self) -> str:
        said = [f"{self._name(row)}: {share(row.utilisation.mean)}" for row in self.rows]
        return say.utilisation_alt(said)

    @property
    def table(self) -> pd.DataFrame:
        rows = [
            {
                say.TEAM: row.team,
                say.SHIFT: row.shift or say.ALL,
                say.UTILISATION_SHARE: row.utilisation.mean,
                "low": row.utilisation.low,
                "high": row.utilisation.high,
                say.OVERTIME_HOURS: math.nan if row.overtime is None else row.overtime.mean,
            }
            for row in self.rows
        ]
        return pd.DataFrame(rows).set_index([say.TEAM, say.SHIFT])

    @property
    def note(self) -> str:
        return say.utilisation_note(whiskers=any(not math.isnan(row.utilisation.low) for row in self.rows))

    def height_in(self, width_in: float) -> float:
        return 0.6 + BAR_IN * len(self.rows) * (1.3 if width_in < NARROW_IN else 1)

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        plain(ax, "x")
        width_in = float(figure.get_figwidth())
        for number, row in enumerate(self.rows):
            self._bar(ax, number, row, full=width_in >= NARROW_IN)
        side_labels(ax, [row.shift or row.team for row in self.rows], width_in)
        for tick, row in zip(ax.get_yticklabels(), self.rows, strict=True):
            tick.set_color(MUTED if row.shift else INK)
            tick.set_fontsize(SMALL_PT if row.shift else TEXT_PT)
        ax.set_xlim(0, 1.0)
        shares(ax.xaxis, 0.25)
        for at, colour in ((BUSY_FROM, ORANGE), (FULL_FROM, VERMILLION)):
            ax.axvline(at, color=colour, linewidth=1.0, linestyle=(0, (4, 3)), clip_on=False)

    def _bar(self, ax: Axes, number: int, row: Row, *, full: bool) -> None:
        found = row.utilisation
        colour = load_colour(found.mean)
        ax.barh(
            number, found.mean, height=0.5 if row.shift else 0.66, color=tint(colour, 0.55) if row.shift else colour
        )
        if not math.isnan(found.low):
            ax.plot([found.low, found.high], [number, number], color=INK, linewidth=1.0, solid_capstyle="butt")
        overtime = (
            ""
            if row.overtime is None or row.overtime.mean < LEAST_OVERTIME_H
            else say.overtime_behind(hours(row.overtime.mean))
        )
        text = with_interval(found) + overtime if full else share(found.mean)
        after_bar(ax, text, 1.0, number, small=bool(row.shift))

    @cached_property
    def views(self) -> tuple[View, ...]:
        lesser = [number for number, row in enumerate(self.rows) if row.shift]
        y, height = row_axis([row.shift or row.team for row in self.rows], lesser)
        x, colour = (
            share_axis("utilisation", room=ROOM_FOR_WORDS),
            {"field": "colour", "type": "nominal", "scale": None},
        )
        told: Spec = {
            "tooltip": tips({say.TEAM: "team", say.SHIFT: "shift", say.AT_WORK: "told", say.OVERTIME_A_DAY: "overtime"})
        }
        behind = {"x": {**x, "field": "whole"}, "y": y, "text": {"field": "by_width"}}
        lines = [
            mark("rule", at={"x": x}, rows=[{"utilisation": at}], color=colour, strokeDash=DASHED)
            for at, colour in ((BUSY_FROM, ORANGE), (FULL_FROM, VERMILLION))
        ]
        bars = mark("bar", at={"x": x, "y": y, "color": colour, **told})
        spread = mark("rule", at={"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, **told}, color=INK)
        words = {
            **mark("text", at=behind, align="left", dx=6, fontSize=SMALL_PX),
            "transform": by_width("told", "short"),
        }
        return (
            View(
                pd.DataFrame([self._row(number) for number in range(len(self.rows))]),
                layered([bars, spread, *lines, words], height),
            ),
        )

    def _row(self, number: int) -> dict[str, Any]:
        row = self.rows[number]
        colour = load_colour(row.utilisation.mean)
        return {
            "row": number, "team": row.team, "shift": row.shift or say.ALL, "whole": 1.0,
            "utilisation": row.utilisation.mean, "low": row.utilisation.low, "high": row.utilisation.high,
            "colour": tint(colour, 0.55) if row.shift else colour,
            "told": with_interval(row.utilisation),
            "short": share(row.utilisation.mean),
            "overtime": "-" if row.overtime is None else hours(row.overtime.mean),
        }  # fmt: skip

    def _name(self, row: Row) -> str:
        return say.shift_of(row.team, row.shift) if row.shift else row.team
