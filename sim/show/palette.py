"""The colours of all charts, and what each stands for.

The hues are those of Okabe and Ito, "Color Universal Design" (2008), which people with any kind of colour
vision can tell apart. No chart says anything by colour alone.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.analysis.words import BUSY_FROM, FULL_FROM

BLUE, VERMILLION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
SKY, PURPLE, YELLOW, GREY = "#56b4e9", "#cc79a7", "#f0e442", "#7f7f7f"
INK, MUTED, GRID, BAND, PAPER = "#1b1f24", "#57606a", "#dfe3e8", "#eceff2", "#ffffff"
"""Words, lesser words and axes, grid lines, stretches in which nobody is on shift, the ground."""
ON_LIGHT, ON_DARK, STAFFED = "#1a1e23", "#fefefe", "#d2d6db"
"""Words on a light and on a dark colour, whatever the ground; people on shift behind those at work."""

PLACED, DISPATCHED, DELIVERED = GREY, BLUE, GREEN
PARTS = {
    "working": BLUE,
    "queueing": VERMILLION,
    "nobody": GREY,
    "batch": ORANGE,
    "documents": PURPLE,
    "hold": GREEN,
    "stock": YELLOW,
    "transit": SKY,
}

DARK = {
    INK: "#f2f4f7", MUTED: "#a9b1bb", GRID: "#3b424c", BAND: "#262c35", PAPER: "#0e1117", GREY: "#9aa3ad",
    STAFFED: "#4a525d", BLUE: "#2b8ccc",
}  # fmt: skip
PAINTED = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")


def load_colour(load: float) -> str:
    """Blue below 85 %, orange up to 100 %, vermillion above.

    >>> [load_colour(load) == colour for load, colour in ((0.84, BLUE), (1.0, ORANGE), (1.01, VERMILLION))]
    [True, True, True]
    """
    if load > FULL_FROM:
        return VERMILLION
    return ORANGE if load >= BUSY_FROM else BLUE


@cache
def tint(colour: str, strength: float) -> str:
    """A colour mixed with the ground: 0 is the ground, 1 the colour.

    >>> tint(BLUE, 0.0)
    '#ffffff'
    """
    full, ground = np.array(to_rgba(colour)), np.array(to_rgba(PAPER))
    return to_hex(tuple(ground + (full - ground) * strength))


def in_dark(figure: Figure, paper: str = DARK[PAPER]) -> Figure:
    """The same figure for a dark page: neutral colours are swapped, blue is lighter, all others stay.

    Parameters
    ----------
    figure
        A finished chart; it is changed in place.
    paper
        Colour of the page on which it will stand.

    """
    swap = {**DARK, PAPER: paper}
    boxes = [text.get_bbox_patch() for text in figure.findobj(Text)]
    for artist in (figure.patch, *boxes, *figure.findobj()):
        for name in PAINTED:
            _swap(artist, name, swap)
    return figure


def _swap(artist: Any, name: str, swap: dict[str, str]) -> None:
    getter, setter = getattr(artist, f"get_{name}", None), getattr(artist, f"set_{name}", None)
    if getter is None or setter is None:
        return
    colour = getter()
    many = isinstance(colour, np.ndarray) and colour.ndim == 2
    if many and len(colour) == 1:
        colour, many = colour[0], False
    if many or colour is None or (isinstance(colour, str) and colour in ("none", "auto")):
        return
    alpha = to_rgba(colour)[3]
    new = swap.get(to_hex(colour))
    if new is not None and alpha > 0:
        setter(to_rgba(new, alpha))
