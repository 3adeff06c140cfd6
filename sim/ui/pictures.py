"""Charts as pictures: drawn by a process of their own, wide and narrow, for light pages and dark ones."""

from __future__ import annotations

from collections.abc import Hashable

from sim.show.chart import WIDTH_IN, Chart
from sim.show.image import Kind, image
from sim.study.replicate import Progress
from sim.ui import texts
from sim.ui.jobs import Bounds, Pool, Runner, Task
from sim.ui.shares import once, share_of

BOUNDS = Bounds(results=1000, result_bytes=64e6, job_s=60.0)
SHAPES = {"wide": WIDTH_IN, "narrow": 4.6}
"""Widths in inches, for a desk and for a telephone."""
FILES: dict[Kind, str] = {"png": "image/png", "svg": "image/svg+xml"}
LONGEST_WAIT_S = 60.0


def task(result: Hashable, chart: Chart, kind: Kind, shape: str, *, dark: bool) -> Task:
    """The drawing of a chart of the result of that key."""
    key = ("picture", result, chart.name, kind, shape, dark)
    return Task(key, draw, (chart, kind, SHAPES[shape], dark))


def draw(chart: Chart, kind: Kind, width_in: float, dark: bool, _progress: Progress) -> bytes:
    """Draw a chart (in a worker process)."""
    return image(chart, kind, width_in, dark=dark)


def file(result: Hashable, chart: Chart, kind: Kind) -> bytes:
    """A chart to take away: as it looks on paper; waits until it is drawn."""
    job = place().submit(task(result, chart, kind, "wide", dark=False))
    if not job.wait(LONGEST_WAIT_S) or not isinstance(job.result, bytes):
        raise TimeoutError(job.problem or texts.not_made(LONGEST_WAIT_S, chart.name))
    return job.result


def place() -> Runner:
    """The session's share of the one place of this server for drawing, in whose way no long run is."""
    return share_of(_pool())


@once
def _pool() -> Pool:
    return Pool(1, BOUNDS)
