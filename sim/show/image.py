"""A chart as the bytes of a picture, at the width and in the colours of the page on which it will stand."""

from __future__ import annotations

import io
from typing import Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from sim.show.chart import WIDTH_IN, Picture
from sim.show.palette import in_dark

Kind = Literal["png", "svg"]
DPI = 150


def image(chart: Picture, kind: Kind = "png", width_in: float = WIDTH_IN, *, dark: bool = False) -> bytes:
    r"""Draw a chart and return it as a file.

    Parameters
    ----------
    chart
        What to draw.
    kind
        What kind of file it is to be.
    width_in
        How wide it will be, in inches; a chart for a telephone is laid out anew and not shrunk.
    dark
        Whether it will stand on a dark page.

    >>> from sim.show.figures import charts_of
    >>> from sim.study.replicate import Settings, replicate
    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> result = replicate(load(shipped("teaching_line"), ["clock.length=3 d"]), Settings(replications=2))
    >>> image(charts_of(result)["delivery_time"])[:4]
    b'\x89PNG'

    """
    figure = chart.draw(Figure(figsize=(width_in, 1.0), dpi=DPI))
    if dark:
        in_dark(figure)
    out = io.BytesIO()
    about = {"Title": chart.title, "Description": chart.alt}
    # Words stay words in an SVG, and its identifiers do not change from run to run.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "importflow"}):
        figure.savefig(out, format=kind, metadata={**about, "Date": None} if kind == "svg" else about)
    return out.getvalue()
