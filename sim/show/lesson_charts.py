"""The charts of a lesson, each under a name of its own: that of its journey, and those of its questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import pandas as pd
from matplotlib.figure import Figure

from sim.show.chart import Chart
from sim.show.figures import FIGURES
from sim.show.journey import JourneyChart
from sim.show.lesson_curve import CurveChart
from sim.show.views import View
from sim.study.lesson import Answers
from sim.study.replicate import Result
from sim.words.charts import QUESTION
from sim.world.errors import nearest
from sim.world.lesson_files import LessonFile


@dataclass(frozen=True)
class Renamed(Chart):
    """A chart under a name of its own, so that a page can show two of a kind."""

    chart: Chart
    name: str  # type: ignore[misc]

    group: ClassVar[str] = QUESTION

    @classmethod
    def of(cls, result: Result) -> Self | None:
        """A name is given to a chart that is there."""
        return None

    @property
    def title(self) -> str:
        return self.chart.title

    @property
    def alt(self) -> str:
        return self.chart.alt

    @property
    def table(self) -> pd.DataFrame:
        return self.chart.table

    @property
    def note(self) -> str:
        return self.chart.note

    @cached_property
    def views(self) -> tuple[View, ...]:
        """Those of the chart."""
        return self.chart.views

    def height_in(self, width_in: float) -> float:
        return self.chart.height_in(width_in)

    def paint(self, figure: Figure) -> None:
        self.chart.paint(figure)


def lesson_charts(file: LessonFile, found: Answers) -> dict[str, Chart]:
    """The charts of a lesson: ``journey``, and ``question_1``, ``question_2``, ... where these have one.

    Raises ScenarioError for a figure that there is not.
    """
    charts: dict[str, Chart] = {}
    if found.journey is not None:
        charts[JourneyChart.name] = JourneyChart(found.journey)
    for number, one in enumerate(found.answered):
        shown = one.question.chart
        chart: Chart | None = None
        if number in found.curves:
            chart = CurveChart(found.curves[number])
        elif shown is not None and shown.figure is not None:
            if shown.figure not in FIGURES:
                rule = f"no figure '{shown.figure}'{nearest(shown.figure, FIGURES)}"
                raise file.wrong(("questions", str(number), "chart", "figure"), rule)
            chart = FIGURES[shown.figure].of(found.results[shown.run or file.lesson.first_run])
        if chart is not None:
            charts[chart_name(number)] = Renamed(chart, chart_name(number))
    return charts


def chart_name(number: int) -> str:
    """What the chart of a question is called; they count from 1."""
    return f"question_{number + 1}"
