"""Where the labels of promises stand: beside their lines where the chart is wide, above it where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.curves import PERCENTILES

Floats: TypeAlias = NDArray[np.float64]
Box: TypeAlias = tuple[float, float, int]
"""From where to where a label reaches on the axis of hours, and the percentile of its first line."""
LABEL_SHARE, LABEL_PERCENT, LABEL_PERCENTS = 0.18, 12, (93, 78, 63, 48, 33, 18)
"""About how much of the width and of the height a label of two lines takes, and where it may begin, best first."""


def beside(promised_h: Sequence[float], curves: Sequence[Floats], end_h: float) -> list[tuple[bool, int]]:
    """For each label: whether it is to the left of its line, and at which percentile it begins; where no curve passes.

    >>> beside([48.0], [np.linspace(0.0, 90.0, 99)], 100.0)
    [(False, 93)]
    """
    taken: list[Box] = []
    places = []
    for number, within in enumerate(promised_h):
        others = [other for other in promised_h if other != within]
        options = {}
        for percent, left in product(LABEL_PERCENTS, (False, True)):
            begin = within - left * LABEL_SHARE * end_h
            box = (begin, begin + LABEL_SHARE * end_h, percent)
            if begin >= 0 and box[1] <= end_h and _free(box, curves, others, taken):
                options[left, percent] = box
        place = next(iter(options), (within > end_h / 2, LABEL_PERCENTS[number % len(LABEL_PERCENTS)]))
        taken += [options[place]] if place in options else []
        places.append(place)
    return places


def above(places: Sequence[float], widths: Sequence[float]) -> list[tuple[float, int]]:
    """The middle of each label above a chart of width 1, and its row: a further one where the ones before are in the way.

    >>> above([0.2, 0.4, 0.98], [0.3, 0.3, 0.3])
    [(0.2, 0), (0.4, 1), (0.85, 0)]
    """
    ends: list[float] = []
    found = []
    for at, width in zip(places, widths, strict=True):
        middle = max(min(at, 1 - width / 2), width / 2)
        row = next((number for number, end in enumerate(ends) if end < middle - width / 2), len(ends))
        ends[row:] = [middle + width / 2, *ends[row + 1 :]]
        found.append((middle, row))
    return found


def _free(box: Box, curves: Sequence[Floats], lines: Sequence[float], taken: Sequence[Box]) -> bool:
    """Whether no curve, no other promise and no other label lies in a label's box."""
    begin, end, percent = box
    near = (percent - LABEL_PERCENT < PERCENTILES) & (percent + LABEL_PERCENT / 2 >= PERCENTILES)
    crossed = any(bool(((curve[near] > begin) & (curve[near] < end)).any()) for curve in curves)
    met = any(begin < line < end for line in lines)
    return not (crossed or met) and all(
        end <= first or begin >= last or abs(percent - at) >= LABEL_PERCENT * 1.2 for first, last, at in taken
    )
