"""Where the ticks of an axis stand: round moments, and round durations in the unit that suits their size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, Locator, MaxNLocator, MultipleLocator
from numpy.typing import NDArray

DAY_STEPS = (1, 2, 3, 7, 14, 28)
HOUR_STEPS = (1, 2, 3, 6, 12)
EPOCH = datetime(1970, 1, 1)
SHORT = timedelta(days=2)
"""Up to such a span hours count, beyond it only days."""


@dataclass(frozen=True)
class Duration:
    """The unit that suits durations of a size: so many of it in an hour, its short name, steps for ticks in it."""

    per_hour: float
    unit: str
    steps: tuple[float, ...]

    @classmethod
    def up_to(cls, longest_h: float) -> Duration:
        """Minutes up to two hours, days from ten days on, else hours.

        >>> [Duration.up_to(hours).unit for hours in (0.5, 60.0, 400.0)]
        ['min', 'h', 'd']
        """
        if longest_h < 2:
            return cls(60.0, "min", (0.5, 1, 2, 5, 10, 15, 30))
        if longest_h < 240:
            return cls(1.0, "h", (0.5, 1, 2, 4, 6, 12, 24, 48))
        return cls(1 / 24, "d", (1, 2, 5, 7, 14, 28))

    def of(self, hours: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Hours in this unit."""
        return np.asarray(hours, dtype=np.float64) * self.per_hour

    def round(self, longest_h: float, most: int = 10) -> Locator:
        """Places at round steps of the unit, ``most`` of them at most."""
        span = longest_h * self.per_hour
        step = next((step for step in self.steps if span / step <= most), self.steps[-1])
        return MultipleLocator(step) if span / step <= 3 * most else MaxNLocator(most)

    def mark(self, axis: Axis, longest_h: float, most: int = 10) -> None:
        """Ticks at round steps, ``most`` of them at most."""
        axis.set_major_locator(self.round(longest_h, most))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def round_moments(begin: datetime, end: datetime, most: int) -> list[datetime]:
    """Midnights, and full hours in a short run, in steps that leave about ``most`` of them.

    >>> [f"{at:%d %H}" for at in round_moments(datetime(2026, 11, 2, 7, 30), datetime(2026, 11, 2, 15), 4)]
    ['02 09', '02 11', '02 13']
    """
    span = end - begin
    if span > SHORT:
        return round_days(begin, end, most)
    step_h = next((step for step in HOUR_STEPS if span / timedelta(hours=step) <= most), 24)
    first = begin.replace(minute=0, second=0, microsecond=0)
    return _every(begin, end, first, timedelta(hours=step_h))


def round_days(begin: datetime, end: datetime, most: int) -> list[datetime]:
    """Midnights, of Mondays where the step is whole weeks.

    >>> [f"{at:%a} {at.day}" for at in round_days(datetime(2026, 11, 3), datetime(2026, 12, 8), 5)]
    ['Mon 9', 'Mon 16', 'Mon 23', 'Mon 30', 'Mon 7']
    """
    span = (end - begin) / timedelta(days=1)
    step_d = next((step for step in DAY_STEPS if span / step <= most), DAY_STEPS[-1])
    return _every(begin, end, _first_day(begin, step_d), timedelta(days=step_d))


def _every(begin: datetime, end: datetime, first: datetime, step: timedelta) -> list[datetime]:
    ticks = [first + number * step for number in range(int((end - first) / step) + 1)]
    return [tick for tick in ticks if begin <= tick < end]


def _first_day(begin: datetime, step_d: int) -> datetime:
    """The first midnight from ``begin`` on; Mondays where the step is whole weeks."""
    midnight = datetime.combine(begin.date(), datetime.min.time())
    midnight += timedelta(days=1 if midnight < begin else 0)
    return midnight + timedelta(days=(-midnight.weekday()) % 7 if step_d % 7 == 0 else 0)
