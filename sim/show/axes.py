"""What several charts need of their axes: a light grid, time with weekdays, counts, durations, labels beside lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, MultipleLocator, PercentFormatter
from numpy.typing import NDArray

from sim.analysis.words import day_label
from sim.show.chart import SMALL_PT, TEXT_PT, side_label
from sim.show.palette import BAND, GRID, INK, MUTED
from sim.show.ticks import EPOCH, SHORT, round_days, round_moments


def plain(ax: Axes, grid: str = "y") -> None:
    """No frame but the lower edge; a light grid along ``x``, ``y``, ``both`` or ``none``; small grey tick labels."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(GRID)
    ax.tick_params(length=0, labelsize=SMALL_PT, colors=MUTED)
    ax.set_axisbelow(True)
    if grid in ("x", "both"):
        ax.grid(axis="x", color=GRID, linewidth=0.8)
    if grid in ("y", "both"):
        ax.grid(axis="y", color=GRID, linewidth=0.8)


def heading(ax: Axes, text: str, aside: str = "") -> None:
    """The name of one of several panels above it, with a number or remark below the name."""
    ax.set_title(text, loc="left", fontsize=TEXT_PT, color=INK, fontweight="bold", pad=17 if aside else 6)
    if aside:
        ax.annotate(
            aside, (0, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points",
            fontsize=SMALL_PT, color=MUTED,
        )  # fmt: skip


def axis_label(ax: Axes, *, x: str = "", y: str = "") -> None:
    """Labels of the axes, with their units."""
    if x:
        ax.set_xlabel(x, fontsize=SMALL_PT, color=MUTED)
    if y:
        ax.set_ylabel(y, fontsize=SMALL_PT, color=MUTED)


def counts(axis: Axis, ticks: int = 4) -> None:
    """Whole numbers with thousands set apart, from zero."""
    axis.set_major_locator(MaxNLocator(ticks, integer=True, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def shares(axis: Axis, step: float) -> None:
    """Percent."""
    axis.set_major_locator(MultipleLocator(step))
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))


def moments(ax: Axes, begin: datetime, end: datetime, most: int) -> None:
    """A time axis from ``begin`` to ``end``: days with their weekday, and hours in a short run; ``most`` labels."""
    _ticks(ax, begin, end, round_moments(begin, end, most))
    label = _moment if end - begin <= SHORT else day_label
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: label(moment_at(value))))


def days(ax: Axes, begin: datetime, end: datetime, most: int) -> None:
    """A time axis on which only days count; ``most`` labels."""
    _ticks(ax, begin, end, round_days(begin, end, most))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: day_label(moment_at(value))))


def _ticks(ax: Axes, begin: datetime, end: datetime, ticks: Sequence[datetime]) -> None:
    ax.set_xlim(_number(begin), _number(end))
    ax.xaxis.set_major_locator(FixedLocator([_number(tick) for tick in ticks]))


def closed_bands(ax: Axes, at: NDArray[np.datetime64], closed: NDArray[np.bool_]) -> None:
    """Grey bands over the hours that begin at ``at`` and in which it is closed."""
    if not closed.any():
        return
    edges = np.append(at, at[-1] + np.timedelta64(1, "h"))
    ax.fill_between(
        edges, 0, 1, where=np.append(closed, closed[-1]), step="post", transform=ax.get_xaxis_transform(),
        color=BAND, linewidth=0, zorder=0,
    )  # fmt: skip


def after_bar(ax: Axes, text: str, end: float, row: int, *, small: bool = False) -> None:
    """A number or remark behind the end of a bar; ``small`` for a lesser one."""
    ax.annotate(
        text, (end, row), xytext=(6, 0), textcoords="offset points", va="center", annotation_clip=False,
        fontsize=SMALL_PT if small else TEXT_PT, color=MUTED if small else INK,
    )  # fmt: skip


def side_labels(ax: Axes, labels: Sequence[str], width_in: float) -> None:
    """The names of rows, from the top, in lines for which a figure of this width has room."""
    names = [side_label(label, width_in) for label in labels]
    ax.set_yticks(range(len(names)), names, fontsize=TEXT_PT, color=INK)
    ax.set_ylim(len(names) - 0.5, -0.5)


def beside_lines(ax: Axes, labels: Sequence[tuple[float, str, str]], *, least_gap: float = 0.075) -> None:
    """Labels (height in data, text, colour) at the right edge, moved apart where they would overlap.

    ``least_gap`` is that between two labels as a share of the height of the axes.
    """
    bottom, top = ax.get_ylim()
    wanted = sorted(((value - bottom) / (top - bottom), text, colour) for value, text, colour in labels)
    heights = within_axes(spread([height for height, _, _ in wanted], least_gap), least_gap)
    for (_, text, colour), height in zip(wanted, heights, strict=True):
        ax.annotate(
            text, (1.0, height), xycoords="axes fraction", xytext=(6, 0), textcoords="offset points", va="center",
            fontsize=TEXT_PT, color=colour, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def spread(heights: Sequence[float], least_gap: float) -> list[float]:
    """Rising heights moved apart to at least ``least_gap``, each group about its middle.

    >>> spread([0.0, 0.5, 0.5], 0.1)
    [0.0, 0.45, 0.55]
    """
    groups: list[tuple[float, int]] = []
    for height in heights:
        groups.append((height, 1))
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], least_gap):
            (low, few), (high, more) = groups[-2:]
            groups[-2:] = [((low * few + high * more) / (few + more), few + more)]
    return [
        round(middle + (place - (count - 1) / 2) * least_gap, 6) for middle, count in groups for place in range(count)
    ]


def within_axes(heights: Sequence[float], least_gap: float) -> list[float]:
    """Rising heights moved in from below 0 and above 1, the gaps between them kept.

    >>> within_axes([-0.1, 0.0, 0.9], 0.1)
    [0.0, 0.1, 0.9]
    """
    from_below = [max(height, place * least_gap) for place, height in enumerate(heights)]
    places = range(len(from_below) - 1, -1, -1)
    return [min(height, 1 - place * least_gap) for place, height in zip(places, from_below, strict=True)]


def _overlap(lower: tuple[float, int], upper: tuple[float, int], gap: float) -> bool:
    return upper[0] - (upper[1] - 1) / 2 * gap < lower[0] + (lower[1] + 1) / 2 * gap - 1e-9


def _number(moment: datetime) -> float:
    """A moment as matplotlib counts it: days since the beginning of 1970."""
    return (moment - EPOCH) / timedelta(days=1)


def moment_at(value: float) -> datetime:
    """The moment at a place on a time axis, to the minute.

    >>> moment_at(20759.5)
    datetime.datetime(2026, 11, 2, 12, 0)
    """
    return EPOCH + timedelta(minutes=round(value * 24 * 60))


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M}" if moment.hour else f"{moment:%H:%M}\n{day_label(moment)}"
