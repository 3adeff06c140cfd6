"""The selection rate over time where it follows a seller's record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.words import share
from sim.show.axes import axis_label, heading, moments, plain
from sim.show.chart import Chart
from sim.show.palette import BLUE, MUTED
from sim.show.panels import Panels
from sim.show.spread import spread
from sim.show.timelines import Curve, Timeline, level_line, time_axis
from sim.show.views import DOTTED, View, share_axis
from sim.study.replicate import Result
from sim.words import charts
from sim.words import site as say
from sim.world.scenario import Scenario
from sim.world.stages import Customs


@dataclass(frozen=True)
class SelectionRate(Chart):
    """Mean, P10 and P90 across replications of each rate that follows a record, and the rate that is planned."""

    name: ClassVar[str] = "selection_rate"
    group: ClassVar[str] = charts.INSPECTION

    rates: dict[str, pd.DataFrame]
    usual: dict[str, float]
    replications: int

    @classmethod
    def of(cls, result: Result) -> Self | None:
        scenario, each = result.file.scenario, [curves.selection_rate for curves in result.curves]
        names = list(each[0].columns)
        if not names:
            return None
        return cls(
            rates={_label(scenario, name): spread([frame[[name]] for frame in each]) for name in names},
            usual={_label(scenario, name): _usual(scenario, name) for name in names},
            replications=len(each),
        )

    @property
    def title(self) -> str:
        name = max(self.rates, key=lambda one: self.rates[one]["mean"].iloc[-1])
        last = float(self.rates[name]["mean"].iloc[-1])
        return say.selected_at_the_end(name, share(last), share(self.usual[name]))

    @property
    def alt(self) -> str:
        says = [
            say.rate_told(
                name, share(self.usual[name]), share(float(frame["mean"].max())), share(float(frame["mean"].iloc[-1]))
            )
            for name, frame in self.rates.items()
        ]  # fmt: skip
        return say.selection_alt(says)

    @property
    def table(self) -> pd.DataFrame:
        columns = {
            say.selection_column(name, str(part)): frame[part] for name, frame in self.rates.items() for part in frame
        }
        return pd.DataFrame(columns).rename_axis(charts.HOUR)

    @property
    def note(self) -> str:
        return say.selection_note(charts.most_of_them(self.replications))

    def height_in(self, width_in: float) -> float:
        return 2.8 if len(self.rates) == 1 else Panels(len(self.rates), width_in).height_in

    def paint(self, figure: Figure) -> None:
        panels = Panels(len(self.rates), float(figure.get_figwidth()))
        labels = max(2, int(figure.get_figwidth() / panels.columns))
        for ax, (name, frame) in zip(panels.alone(figure), self.rates.items(), strict=True):
            plain(ax)
            at = frame.index
            if self.replications > 1:
                low, high = 100 * frame["low"], 100 * frame["high"]
                ax.fill_between(at, low, high, color=BLUE, alpha=0.2, linewidth=0, step="post")
            ax.step(at, 100 * frame["mean"], color=BLUE, linewidth=1.4, where="post")
            ax.axhline(100 * self.usual[name], color=MUTED, linestyle=":", linewidth=1.0)
            ax.set_ylim(bottom=0, top=max(110 * float(frame["high"].max()), 1.0))
            moments(ax, at[0].to_pydatetime(), at[-1].to_pydatetime(), labels)
            if len(self.rates) > 1:
                heading(ax, name)
            axis_label(ax, y=say.SELECTED_PERCENT)

    @cached_property
    def views(self) -> tuple[View, ...]:
        return tuple(self._view(name, frame) for name, frame in self.rates.items())

    def _view(self, name: str, frame: pd.DataFrame) -> View:
        panel = len(self.rates) > 1
        x = time_axis(frame.index[0].to_pydatetime(), frame.index[-1].to_pydatetime(), panel=panel)
        y = share_axis("height", say.SELECTED, max(float(frame["high"].max()), 0.01), room=1.1)
        spread = (frame["low"], frame["high"]) if self.replications > 1 else (None, None)
        return Timeline(
            frame.index, x, y, [Curve(say.SELECTED, BLUE, frame["mean"], *spread)], name if panel else "", panel=panel,
            step=True, factor=100.0, unit=" %", under=[level_line(self.usual[name], y, MUTED, DOTTED)],
        ).view  # fmt: skip


def _label(scenario: Scenario, name: str) -> str:
    return scenario.label("flows", name.partition(".")[2])


def _usual(scenario: Scenario, name: str) -> float:
    stage = scenario.stages[name.partition(".")[0]]
    assert isinstance(stage, Customs)
    return stage.selected_share
