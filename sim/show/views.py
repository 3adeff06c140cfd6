"""Charts to be pointed at: Vega-Lite views of the numbers that the pictures are drawn from.

A view is a plain specification and the rows behind it, so that whoever can draw Vega-Lite can show it; nothing here
needs a library for that. Scales, ticks and words are settled here, as in the pictures, and not by the drawing library.

Source of the language: Satyanarayan, Moritz, Wongsuphasawat and Heer, "Vega-Lite: A Grammar of Interactive Graphics",
IEEE Transactions on Visualization and Computer Graphics 23 (2017), https://vega.github.io/vega-lite/docs/
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd
from matplotlib.ticker import MaxNLocator

from sim.show.palette import DARK, GRID, INK, MUTED
from sim.show.ticks import Duration

Spec: TypeAlias = dict[str, Any]

DASHED, DOTTED = [5, 4], [1, 3]
WIDE_PX, PANEL_PX = 240, 120
"""Heights of a chart that fills the page's width, and of one of several panels."""
LABEL_PX, SMALL_PX, LINE_PX = 12, 11, 14
"""Sizes of words and of lesser ones, and the height of a line of them."""
NARROW_PX = 420
"""A chart of fewer pixels between its axes is narrow: words beside its marks are shorter, or below each other."""
LETTERS = 20
"""Names beside rows are broken into lines of so many letters, so that a telephone has room for the chart."""
LEAST_ROW_PX = 30
CONFIG: Spec = {
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED, "labelFontSize": SMALL_PX, "titleColor": MUTED, "titleFontSize": SMALL_PX,
        "titleFontWeight": "normal", "gridColor": GRID, "domainColor": GRID, "ticks": False, "labelPadding": 6,
        "titlePadding": 8,
    },
    "axisX": {"grid": False, "domain": True},
    "axisY": {"grid": True, "domain": False},
    # Room for a number of five digits, so that charts below each other begin at the same place.
    "axisYQuantitative": {"minExtent": 40},
    "legend": {
        "orient": "top", "title": None, "labelColor": INK, "labelFontSize": LABEL_PX, "labelLimit": 320,
        "symbolType": "square", "symbolStrokeWidth": 0, "columnPadding": 14, "offset": 8,
    },
    "title": {
        "anchor": "start", "frame": "group", "color": INK, "fontSize": 13, "fontWeight": 600, "offset": 8,
        "subtitleColor": MUTED, "subtitleFontSize": SMALL_PX, "subtitlePadding": 3,
    },
    "text": {"color": INK, "fontSize": LABEL_PX},
}  # fmt: skip


@dataclass(frozen=True)
class View:
    """One view: its rows, and how they are drawn; ``wide`` where it wants the page's whole width."""

    data: pd.DataFrame
    spec: Spec
    wide: bool = True

    @property
    def heading(self) -> str:
        """Which of several panels it is, or nothing."""
        return str(self.spec.get("title", {}).get("text", ""))

    def on_page(self, *, dark: bool) -> Spec:
        """The specification without its rows, in the colours of a light page or a dark one.

        >>> view = View(pd.DataFrame({"x": [1]}), {"mark": {"type": "point", "color": INK}})
        >>> view.on_page(dark=False)["mark"]["color"], view.on_page(dark=True)["mark"]["color"]
        ('#1b1f24', '#f2f4f7')
        """
        spec = {"autosize": {"type": "fit-x", "contains": "padding"}, "config": CONFIG, **self.spec}
        swapped: Spec = _in_dark(spec) if dark else spec
        return swapped


def _in_dark(part: Any) -> Any:
    """A specification with its neutral colours swapped, and blue lighter."""
    if isinstance(part, Mapping):
        return {key: _in_dark(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_in_dark(value) for value in part]
    return DARK.get(part, part) if isinstance(part, str) else part


def layered(layers: Sequence[Spec], height: float, heading: str = "", aside: str = "") -> Spec:
    """Layers on the same axes, with a heading where they are one of several panels."""
    spec: Spec = {"height": height, "layer": list(layers)}
    if heading:
        spec["title"] = {"text": heading, **({"subtitle": aside} if aside else {})}
    return spec


def mark(kind: str, *, at: Mapping[str, Any], rows: Sequence[Mapping[str, Any]] | None = None, **how: Any) -> Spec:
    """A layer of marks of a kind; of ``rows`` of its own where it has any."""
    layer: Spec = {"mark": {"type": kind, **how}, "encoding": dict(at)}
    return layer if rows is None else {"data": {"values": [dict(row) for row in rows]}, **layer}


def number_axis(field: str, title: str, top: float, bottom: float = 0.0, ticks: int = 4) -> Spec:
    """A count on an axis from ``bottom`` to a little above ``top``, round whole numbers with thousands set apart."""
    top = max(1.0, top)
    room = 0.05 * (top - bottom)
    begin, end = bottom - room if bottom < 0 else 0.0, top + room
    places = MaxNLocator(ticks, integer=True, min_n_ticks=1).tick_values(bottom, top)
    return quantity(field, title, (begin, end), [float(place) for place in places], "format(datum.value, ',.0f')")


def share_axis(field: str, title: str = "", top: float = 1.0, room: float = 1.0) -> Spec:
    """A share on an axis labelled in percent up to ``top``, and ``room`` times as long."""
    values = [float(place) / 100 for place in MaxNLocator(4).tick_values(0.0, 100 * top) if place <= 100 * top]
    return quantity(field, title, (0.0, room * top), values, "format(100 * datum.value, '.3~r') + ' %'")


def duration_axis(
    field: str, title: str, longest_h: float, top_h: float, most: int = 10, bottom_h: float = 0.0
) -> Spec:
    """Hours on an axis from ``bottom_h`` to ``top_h``, labelled up to ``longest_h`` in the unit that suits them."""
    scale = Duration.up_to(longest_h)
    locator = scale.round(longest_h - bottom_h, most)
    places = locator.tick_values(bottom_h * scale.per_hour, longest_h * scale.per_hour)
    values = [float(place) / scale.per_hour for place in places if 0 <= place <= top_h * scale.per_hour]
    label = f"format(round(1000 * datum.value * {scale.per_hour!r}) / 1000, ',')"
    return quantity(field, f"{title} ({scale.unit})", (bottom_h, top_h), values, label)


def quantity(field: str, title: str, domain: tuple[float, float], values: Sequence[float], label: str) -> Spec:
    """A number on an axis whose ends, ticks and labels (an expression) are given."""
    return {
        "field": field, "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {
            "title": title or None,
            "values": [value for value in values if domain[0] <= value <= domain[1]],
            "labelExpr": label,
            "labelOverlap": "parity",  # every second, fourth, ... is left out, so that they stay evenly apart
            "labelSeparation": 8,
        },
    }  # fmt: skip


def row_axis(names: Sequence[str], lesser: Sequence[int] = (), *, packed: bool = False) -> tuple[Spec, float]:
    """Rows from the top, the field ``row`` their number from 0, with names in lines; and the height of all of them.

    ``lesser`` are the numbers of rows whose names are set small and grey; ``packed`` rows touch each other.
    """
    lines = [textwrap.wrap(name, LETTERS) or [""] for name in names]
    longest = max(len(one) for one in lines)
    small = f"indexof({json.dumps(list(lesser))}, datum.value) >= 0"
    # Vega sets the first line of a name beside the row, not the middle of all.
    raised = [
        {
            "test": f"{json.dumps([len(one) for one in lines])}[datum.value] == {count}",
            "value": (1 - count) * LINE_PX / 2,
        }
        for count in range(2, longest + 1)
    ]
    axis = {
        "title": None, "grid": False, "labelExpr": f"{json.dumps(lines)}[datum.value]", "labelLimit": 0,
        "labelLineHeight": LINE_PX, "labelOverlap": False, "labelFlush": False,
        "labelOffset": {"condition": raised, "value": 0} if raised else 0,
        "labelColor": {"condition": {"test": small, "value": MUTED}, "value": INK},
        "labelFontSize": {"condition": {"test": small, "value": SMALL_PX}, "value": LABEL_PX},
    }  # fmt: skip
    gap = {"padding": 0} if packed else {"paddingInner": 0.3, "paddingOuter": 0.15}
    scale = {"domain": list(range(len(names))), **gap}
    height = len(names) * max(LEAST_ROW_PX, LINE_PX * longest + 8)
    return {"field": "row", "type": "ordinal", "sort": None, "scale": scale, "axis": axis}, height


def by_width(wide: str, narrow: str) -> list[Spec]:
    """The step that takes one field or the other, as the chart is when it is drawn: what it takes is called ``by_width``."""
    return [{"calculate": f"width < {NARROW_PX} ? datum.{narrow} : datum.{wide}", "as": "by_width"}]


def legend_columns(wide: int) -> Spec:
    """A legend in so many columns, one below the other where the chart is narrow."""
    return {"columns": {"expr": f"width < {NARROW_PX} ? 1 : {wide}"}}


def only(layer: Spec, *, narrow: bool) -> Spec:
    """A layer that is drawn only where the chart is narrow, or only where it is not."""
    is_narrow = f"width < {NARROW_PX}"
    return {**layer, "transform": [{"filter": is_narrow if narrow else f"!({is_narrow})"}]}


def tips(told: Mapping[str, str]) -> list[Spec]:
    """What stands beside the pointer: fields by the words before them."""
    return [{"field": field, "type": "nominal", "title": words} for words, field in told.items()]


def pointed(axis: Mapping[str, Spec], told: Mapping[str, str]) -> Spec:
    """What appears beside the pointer for the nearest row: an expression for each of the words before it.

    ``axis`` is ``{"x": ...}`` or ``{"y": ...}``: along which the nearest row is sought.
    """
    (channel,) = axis
    fields, steps = _told(told)
    shown = {"condition": {"param": "pointed", "empty": False, "value": 0.6}, "value": 0}
    pick = {"type": "point", "nearest": True, "on": "pointerover", "clear": "pointerout", "encodings": [channel]}
    layer = mark("rule", at={**axis, "opacity": shown, "tooltip": tips(fields)}, color=MUTED, strokeWidth=1.0)
    return {"params": [{"name": "pointed", "select": pick}], "transform": steps, **layer}


def covered(axis: Spec, until: str, told: Mapping[str, str]) -> Spec:
    """The same for many rows: what appears beside the pointer while it is over a row, which reaches to ``until``.

    Nothing is marked, for to look for the nearest of hundreds of rows at every move of the pointer would make it stick.
    """
    fields, steps = _told(told)
    at = {"x": axis, "x2": {"field": until}, "opacity": {"value": 0}, "tooltip": tips(fields)}
    return {"transform": steps, **mark("rect", at=at, color=MUTED)}


def _told(told: Mapping[str, str]) -> tuple[dict[str, str], list[Spec]]:
    """A field for each of the words, and the steps that work it out."""
    fields = {words: f"told_{number}" for number, words in enumerate(told)}
    return fields, [{"calculate": told[words], "as": field} for words, field in fields.items()]


def count_words(mean: str, low: str = "", high: str = "", factor: float = 1.0, unit: str = "") -> str:
    """The expression for a number of a row with its spread: ``12.4 (9 to 15)``; no digit behind the point from 100 on."""

    def words(field: str) -> str:
        value = f"datum.{field}" if factor == 1 else f"({factor!r} * datum.{field})"
        return f"format({value}, abs({value}) >= 100 ? ',.0f' : ',.1~f')"

    spread = f" + ' (' + {words(low)} + ' to ' + {words(high)} + ')'" if low else ""
    after = f" + '{unit}'" if unit else ""
    return f"(isValid(datum.{mean}) ? {words(mean)}{after}{spread} : '-')"
