"""One order's journey as a picture: a bar for each step, by what its time went into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.way import Stop, Way
from sim.analysis.words import hours, share
from sim.show.axes import moments, plain, side_labels
from sim.show.chart import SMALL_PT, Chart
from sim.show.lesson_words import HOUR_S, WAITS, journey_told
from sim.show.palette import INK
from sim.show.palette import PARTS as PART_COLOURS
from sim.show.timelines import AT, in_ms, time_axis
from sim.show.views import Spec, View, layered, legend_columns, mark, row_axis, tips
from sim.study.replicate import Result
from sim.words import charts
from sim.words import lessons as say
from sim.words.measures import PART_WORDS


@dataclass(frozen=True)
class JourneyChart(Chart):
    """One order until it leaves the site: a row for each stop, by what its time went into."""

    name: ClassVar[str] = "journey"
    group: ClassVar[str] = charts.ONE_ORDER

    way: Way

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A result has many orders and no journey."""
        return None

    @property
    def _on_site(self) -> list[Stop]:
        return [stop for stop in self.way.stops if "transit" not in stop.spent]

    @property
    def _until(self) -> datetime:
        return max(stop.ended or stop.joined for stop in self._on_site)

    @property
    def title(self) -> str:
        site_s = (self._until - self.way.placed).total_seconds()
        worked_s = sum(stop.spent.get("working", timedelta()).total_seconds() for stop in self._on_site)
        return say.until_it_leaves(hours(site_s / HOUR_S), share(worked_s / site_s))

    @property
    def alt(self) -> str:
        return say.journey_alt(journey_told(self.way))

    @property
    def table(self) -> pd.DataFrame:
        rows = [
            {
                "stage": stop.stage, "step": stop.what, "by": stop.team, "joined": stop.joined.isoformat(" ", "seconds"),
                "began": "" if stop.began is None else stop.began.isoformat(" ", "seconds"),
                "ended": "" if stop.ended is None else stop.ended.isoformat(" ", "seconds"),
                **{charts.in_unit(PART_WORDS[part], "min"): round(time.total_seconds() / 60, 2) for part, time in stop.spent.items()},
            }
            for stop in self.way.stops
        ]  # fmt: skip
        return pd.DataFrame(rows).set_index("stage").fillna(0.0)

    @property
    def note(self) -> str:
        rest = self.way.spent("transit").total_seconds() / HOUR_S
        return say.journey_note(hours(rest) if rest else "")

    @cached_property
    def views(self) -> tuple[View, ...]:
        y, height = row_axis([f"{stop.stage}: {stop.what}" for stop in self._on_site])
        pieces = [piece for row, stop in enumerate(self._on_site) for piece in _pieces(row, stop)]
        x = time_axis(self.way.placed, self._until)
        parts = [part for part in PART_WORDS if any(piece["part"] == PART_WORDS[part] for piece in pieces)]
        scale = {"domain": [PART_WORDS[part] for part in parts], "range": [PART_COLOURS[part] for part in parts]}
        colour = {"field": "part", "type": "nominal", "scale": scale, "legend": legend_columns(2)}
        told = tips({say.STEP: "step", say.WHAT: "part", say.TIME: "told"})
        at: Spec = {"x": x, "x2": {"field": "to"}, "y": y, "color": colour, "stroke": colour, "tooltip": told}
        return (View(pd.DataFrame(pieces), layered([mark("bar", at=at, strokeWidth=2)], height)),)

    def height_in(self, width_in: float) -> float:
        return 1.3 + 0.32 * len(self._on_site)

    def paint(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        plain(ax, "x")
        for row, stop in enumerate(self._on_site):
            self._bar(ax, row, stop)
        side_labels(ax, [f"{stop.stage}: {stop.what}" for stop in self._on_site], float(figure.get_figwidth()))
        moments(ax, self.way.placed, self._until, max(3, int(figure.get_figwidth())))
        parts = [part for part in (*WAITS, "working") if any(part in stop.spent for stop in self._on_site)]
        ax.legend(
            handles=[Patch(color=PART_COLOURS[part], label=PART_WORDS[part]) for part in parts], loc="lower left",
            bbox_to_anchor=(0, 1), ncols=2 if figure.get_figwidth() < 6.5 else 4, fontsize=SMALL_PT, frameon=False,
            labelcolor=INK, handlelength=1.0, columnspacing=1.2, borderaxespad=0.2,
        )  # fmt: skip

    def _bar(self, ax: Axes, row: int, stop: Stop) -> None:
        """Waiting as bars; work, which takes minutes, as a line that is thick enough to be seen."""
        for part, begin, end in _parts(stop):
            if part == "working":
                ax.plot([begin, end], [row, row], color=PART_COLOURS[part], linewidth=7)  # type: ignore[arg-type]
            else:
                ax.barh(row, end - begin, left=begin, height=0.55, color=PART_COLOURS[part])  # type: ignore[arg-type]


def _parts(stop: Stop) -> Iterator[tuple[str, datetime, datetime]]:
    """Waiting for each reason in turn, then the work; of paused work only the sum is shown."""
    at = stop.joined
    for part in (*WAITS, "working"):
        if part in stop.spent:
            yield part, at, at + stop.spent[part]
            at += stop.spent[part]


def _pieces(row: int, stop: Stop) -> Iterator[dict[str, Any]]:
    """A row for each part of a bar."""
    for part, begin, end in _parts(stop):
        begin_ms, end_ms = in_ms([begin, end]).tolist()
        told = hours((end - begin).total_seconds() / HOUR_S)
        yield {
            "row": row,
            "step": f"{stop.stage}: {stop.what}",
            "part": PART_WORDS[part],
            AT: begin_ms,
            "to": end_ms,
            "told": told,
        }
