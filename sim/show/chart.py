"""What every chart is: a title that says one thing, a picture, words for who cannot see it, and a table behind it."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar, Self

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.words import in_lines
from sim.show.palette import INK, MUTED, PAPER
from sim.show.views import View
from sim.study.replicate import Result

WIDTH_IN, NARROW_IN = 10.0, 6.5
"""The usual width, and that below which side labels are broken and asides left out."""
TITLE_PT, NOTE_PT, TEXT_PT, SMALL_PT = 13, 8, 9, 8
POINTS_PER_IN = 72
LETTER, BOLD_LETTER = 0.53, 0.63
"""Mean width of a letter of the font, as a share of its size."""


class Picture(ABC):
    """A picture with its data prepared, drawn as often as wanted."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What the chart says, in words."""

    @property
    @abstractmethod
    def alt(self) -> str:
        """What the chart shows, for who cannot see it."""

    @property
    @abstractmethod
    def table(self) -> pd.DataFrame:
        """The numbers behind the chart, columns with their units."""

    @property
    def note(self) -> str:
        """What one must know to read the chart, in small print below it."""
        return ""

    @abstractmethod
    def height_in(self, width_in: float) -> float:
        """How high the chart wants to be at a width."""

    @abstractmethod
    def paint(self, figure: Figure) -> None:
        """Put axes and all that is in them into an empty figure."""

    def draw(self, figure: Figure | None = None) -> Figure:
        """Draw the chart, into ``figure`` where one is given (its width is kept, its height is set).

        >>> from sim.show.figures import FIGURES
        >>> from sim.study.replicate import Settings, replicate
        >>> from sim.world.files import load
        >>> from sim.world.shipped import shipped
        >>> result = replicate(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2))
        >>> chart = FIGURES["queues"].of(result)
        >>> len(chart.draw().axes)
        1
        """
        figure = figure or Figure(figsize=(WIDTH_IN, 1.0), dpi=150)
        figure.set_layout_engine("constrained", h_pad=0.06, w_pad=0.06, hspace=0.05, wspace=0.04)
        width_in = float(figure.get_figwidth())
        title, note = (
            wrapped(self.title, TITLE_PT * BOLD_LETTER, width_in),
            wrapped(self.note, NOTE_PT * LETTER, width_in),
        )
        lines_in = (TITLE_PT * (title.count("\n") + 1) + NOTE_PT * (note.count("\n") + 1)) * 1.35 / POINTS_PER_IN
        figure.set_figheight(self.height_in(width_in) + lines_in)
        figure.set_facecolor(PAPER)
        figure.suptitle(title, x=0.01, ha="left", fontsize=TITLE_PT, fontweight="bold", color=INK)
        if note:
            figure.supxlabel(note, x=0.01, ha="left", fontsize=NOTE_PT, color=MUTED)
        self.paint(figure)
        return figure


class Chart(Picture):
    """One picture of a result; made by ``of``.

    ``name`` is its key and the name of its files, ``group`` the heading under which it belongs.
    """

    name: ClassVar[str]
    group: ClassVar[str]

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The same numbers as views to be pointed at on a page, one for each panel; none where there is only a picture."""
        return ()

    @classmethod
    @abstractmethod
    def of(cls, result: Result) -> Self | None:
        """The chart of a result, or None where the result has nothing to show in it."""


def wrapped(text: str, letter_pt: float, width_in: float) -> str:
    r"""Text in lines that fit a width, judged by the mean width of letters.

    >>> wrapped("Half of all waiting is for an officer", 7, 2.5)
    'Half of all waiting is\nfor an officer'
    """
    return in_lines(text, max(12, int(width_in * POINTS_PER_IN / letter_pt) - 2))


def side_label(text: str, width_in: float) -> str:
    r"""A label beside a chart, in lines of which a narrow chart has room for.

    >>> side_label("customs and national inspection", 4.0)
    'customs and\nnational\ninspection'
    """
    return textwrap.fill(text, 13 if width_in < NARROW_IN else 32)
