"""Charts to be pointed at: they show the numbers of the chart's table, and any reader of Vega-Lite understands them."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

import altair
import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft7Validator

from sim.show.chart import Chart
from sim.show.figures import FIGURES, charts_of
from sim.show.order_days import OrderDays
from sim.show.order_hour import OrderHour
from sim.show.palette import DARK, INK
from sim.show.timelines import in_ms, time_axis
from sim.show.views import View
from tests.show.results import MAKERS, made

BY_CHART = {"stock": "stock", "selection_rate": "stock"}
"""Results that have what a chart shows, where that of the small site has not."""


def chart(name: str) -> Chart:
    """A chart by name."""
    found = charts_of(made(BY_CHART.get(name, "site")))[name]
    assert found.views, name
    return found


def rows(view: View) -> list[dict[str, Any]]:
    """A view's rows as JSON has them; what is not known is null."""
    return list(json.loads(view.data.to_json(orient="records")))


def same(shown: Any, table: Any) -> bool:
    """Whether two columns hold the same numbers, none of them rounded, and neither has an infinite one."""
    one, other = (np.asarray(column, dtype=float) for column in (shown, table))
    return bool(np.array_equal(one, np.where(np.isfinite(other), other, np.nan), equal_nan=True))


@pytest.mark.parametrize("name", ["site", "stock", "many replications"])
def test_every_view_is_vega_lite(name: str) -> None:
    """Each view of each chart keeps to the schema of Vega-Lite that comes with Altair, and its rows are JSON."""
    whole = altair.core.load_schema()
    schema = Draft7Validator({"$ref": "#/definitions/TopLevelLayerSpec", "definitions": whole["definitions"]})
    for one in charts_of(made(name)).values():
        for view in one.views[:2]:  # the other panels differ from these in their numbers
            spec = json.loads(json.dumps(view.on_page(dark=False), allow_nan=False))
            assert not list(schema.iter_errors({**spec, "data": {"values": rows(view)[:1]}})), (one.name, view.heading)
    assert list(schema.iter_errors({"layer": [{"mark": "nonsense"}], "data": {"values": []}}))


def test_every_chart_has_views() -> None:
    """None is left as a picture only."""
    assert [name for name in FIGURES if not chart(name).views] == []


@pytest.mark.parametrize("name", MAKERS)
def test_nothing_is_looked_up_elsewhere(name: str) -> None:
    """No view names an address: neither a schema nor data is fetched. All is JSON, in which every number is one."""
    for one in charts_of(made(name)).values():
        written = json.dumps([view.on_page(dark=False) for view in one.views], allow_nan=False)
        assert "http" not in written
        assert "url" not in written


def test_a_field_that_is_drawn_is_in_the_rows() -> None:
    """Every encoding of every layer reads a column that the view, the layer's own rows or its steps have."""
    for name in FIGURES:
        for view in chart(name).views:
            for layer in view.spec["layer"]:
                own = layer.get("data", {}).get("values")
                known = set(own[0] if own else view.data) | {step.get("as") for step in layer.get("transform", ())}
                channels = [
                    one for part in layer["encoding"].values() for one in (part if isinstance(part, list) else [part])
                ]
                read = {channel["field"] for channel in channels if "field" in channel}
                assert read <= known, (name, read - known)


def test_throughput_shows_its_table() -> None:
    """The first view has a line for each of placed, dispatched and delivered; then a panel for each stage."""
    found = chart("throughput")
    first, *panels = found.views
    above = ["placed (a day)", "dispatched (a day)", "delivered (a day)"]
    for number, column in enumerate(above):
        assert same(first.data[f"mean_{number}"], found.table[column])
    stages = [column for column in found.table if column not in above]
    assert len(panels) == len(stages)
    for panel, column in zip(panels, stages, strict=True):
        last = [name for name in panel.data if name.startswith("mean_")][-1]
        assert same(panel.data[last], found.table[column]), column
    assert first.data["at"].tolist() == [pd.Timestamp(day).timestamp() * 1000 for day in found.table.index]


@pytest.mark.parametrize("name", ["queues", "queue_ages"])
def test_queues_show_their_table_and_when_nobody_is_there(name: str) -> None:
    """A panel for each stage, hour by hour; the grey bands begin and end where its teams come and go."""
    found = chart(name)
    for view, column in zip(found.views, found.table, strict=True):
        assert same(view.data["mean_0"], found.table[column])
        assert (view.data["low_0"] <= view.data["mean_0"] + 1e-9).all()
        assert (view.data["mean_0"] <= view.data["high_0"] + 1e-9).all()
    picking = next(view for view in found.views if view.heading == "picking")
    bands = [
        layer["data"]["values"]
        for layer in picking.spec["layer"]
        if layer["mark"]["type"] == "rect" and "data" in layer
    ]
    closed = found.closed["picking"]  # type: ignore[attr-defined]
    hours = sum((band["to"] - band["at"]) / 3_600_000 for band in bands[0])
    assert hours == closed.sum() > 0


def test_delivery_time_shows_its_table_and_the_promises() -> None:
    """The curve of each kind in hours; a dashed line at each promise with what was kept."""
    found = chart("delivery_time")
    (view,) = found.views
    for to in ("dispatched", "delivered"):
        assert same(view.data[to], found.table[f"{to} within (h)"])
    assert view.data["percent"].tolist() == list(range(1, 100))
    dashed = [layer for layer in view.spec["layer"] if layer["mark"].get("strokeDash")]
    assert [layer["data"]["values"][0]["hours"] for layer in dashed] == [24.0, 48.0]
    assert dashed[0]["data"]["values"][0]["words"][0] == "24 h to dispatch"


def test_promises_are_named_once_at_every_width() -> None:
    """Beside their lines where the chart is wide, above it where it is narrow."""
    (view,) = chart("delivery_time").views
    labels = [layer for layer in view.spec["layer"] if "filter" in layer.get("transform", [{}])[0]]
    wide, narrow = ([label for label in labels if label["transform"][0]["filter"][0] == sign] for sign in ("!", "w"))
    for found in (wide, narrow):
        assert [label["data"]["values"][0]["words"][0] for label in found] == ["24 h to dispatch", "48 h to delivery"]


def test_promises_show_their_table() -> None:
    """The three shares of each promise; they begin where the one before ends, and end at the whole."""
    found = chart("promises")
    (view,) = found.views
    shares = view.data.pivot(index="row", columns="end", values="share")
    for end in ("on time", "late", "not known yet"):
        assert same(shares[end], found.table[f"{end} (share)"])
    assert view.data.groupby("row")["to"].max().tolist() == pytest.approx([1.0] * len(found.table))


def test_the_map_of_order_hours_shows_its_table_and_its_interval() -> None:
    """A cell for each hour in which somebody ordered, with what nine of ten waited, and how sure that is."""
    found = chart("order_hour")
    (view,) = found.views
    cells = np.full((7, 24), np.nan)
    cells[view.data["row"], view.data["hour"]] = view.data["h"]
    assert same(cells, found.table)
    days, starts = np.full((7, 24), 40.0), np.full((7, 24), 38.0)
    days[0, 0], days[0, 1] = math.inf, math.nan
    (told,) = OrderHour(days, starts, starts + 4).views
    words = told.data.set_index(["row", "hour"])["told"]
    assert words[1, 0] == "40 h (38 to 42)"
    assert words[0, 0] == "not known: more than 1 in 10 are still under way"
    assert (0, 1) not in words.index


def test_utilisation_shows_its_table() -> None:
    """A bar for each team and shift with its interval."""
    found = chart("utilisation")
    (view,) = found.views
    for column in ("low", "high"):
        assert same(view.data[column], found.table[column])
    assert same(view.data["utilisation"], found.table["utilisation (share)"])
    assert view.data["shift"].tolist() == found.table.index.get_level_values("shift").tolist()


def test_shifts_show_their_table() -> None:
    """People on shift and at work, hour by hour; the last hour is held to its end."""
    found = chart("shifts")
    for view, heads, busy in zip(found.views, list(found.table)[::2], list(found.table)[1::2], strict=True):
        assert same(view.data["heads"].iloc[:-1], found.table[heads])
        assert same(view.data["busy"].iloc[:-1], found.table[busy])
        assert (view.data["within"] == view.data[["heads", "busy"]].min(axis=1)).all()


def test_offered_load_shows_its_table() -> None:
    """A cell for each team and day, and one for all measured days."""
    found = chart("offered_load")
    (view,) = found.views
    assert same(view.data["load"].to_numpy().reshape(len(found.table), -1), found.table)


def test_hours_show_their_table() -> None:
    """The parts of each bar in hours; each begins where the one before ends."""
    found = chart("hours")
    (view,) = found.views
    parts = [column for column in found.table if column not in ("all (h)", "of it in later attempts (h)")]
    assert same(view.data["h"].to_numpy().reshape(len(found.table), -1), found.table[parts])
    assert same(view.data.groupby("row")["end"].max().round(9), found.table["all (h)"].round(9))
    assert (view.data["end"] - view.data["begin"] - view.data["h"]).abs().max() < 1e-9


def test_costs_show_their_table() -> None:
    """Money for each thing with its interval; the whole stands in the title."""
    found = chart("costs")
    (view,) = found.views
    for shown, column in (("mean", found.table.columns[0]), ("low", "low"), ("high", "high")):
        assert same(view.data[shown], found.table[column].iloc[:-1])


def test_stock_shows_its_table() -> None:
    """Free units and SKUs that are short, with their spread; then the SKU for which orders wait longest."""
    found = chart("stock")
    for view, name in zip(found.views[:2], ("free units", "SKUs short"), strict=True):
        for part in ("mean", "low", "high"):
            assert same(view.data[f"{part}_0"], found.table[f"{name}, {part}"])
    assert found.views[2].heading in found.title


def test_selection_rates_show_their_table() -> None:
    """Shares, of which the axis makes percent."""
    found = chart("selection_rate")
    for view, part in ((found.views[0], part) for part in ("mean", "low", "high")):
        assert same(view.data[f"{part}_0"], found.table[f"orders, {part} (share)"])


def test_moments_are_the_sites_own_wherever_the_page_is_read() -> None:
    """Midnight of the site is midnight of UTC in the rows, and all words of moments are written in UTC."""
    assert in_ms([pd.Timestamp("2026-11-02").to_pydatetime()]) == [
        pd.Timestamp("2026-11-02", tz="UTC").timestamp() * 1000
    ]
    for name in ("throughput", "queues", "shifts", "stock", "selection_rate"):
        words = json.dumps([view.spec for view in chart(name).views])
        assert "utcFormat(" in words, name
        assert "timeFormat(" not in words, name


def test_a_dark_page_gets_light_words() -> None:
    """No neutral colour of a light page is left."""
    for name in FIGURES:
        for view in chart(name).views:
            dark = json.dumps(view.on_page(dark=True))
            assert INK not in dark
            assert DARK[INK] in dark


def test_names_beside_lines_do_not_lie_over_each_other() -> None:
    """Three lines that end at the same height have their names a line of words apart."""
    first = chart("throughput").views[0]
    (names,) = (layer["data"]["values"] for layer in first.spec["layer"] if layer["mark"]["type"] == "text")
    heights = sorted(row["height"] for row in names)
    top = first.spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    assert [name["words"] for name in names].count("placed") == 1
    assert min(np.diff(heights)) >= 0.0999 * top


def test_weeks_that_are_named_keep_their_distance() -> None:
    """Four weeks on a panel have two labels, for which there is room; the first stands where its moment is."""
    axis = time_axis(datetime(2026, 8, 24), datetime(2026, 9, 21), panel=True)["axis"]
    assert axis["values"] == in_ms([datetime(2026, 8, 24), datetime(2026, 9, 7)]).tolist()
    assert axis["labelFlush"] is False


def test_days_of_an_order_begin_where_something_happens() -> None:
    """Nobody has it within three days: the axis begins on the third, in the picture too; of hours it begins at none."""
    days = pd.date_range("2026-11-02", periods=2)
    late = OrderDays({"as it is": pd.DataFrame([[91.0, 92.0], [93.0, 94.0]], index=days)})
    soon = OrderDays({"as it is": pd.DataFrame([[5.0, 6.0], [7.0, 8.0]], index=days)})
    for chart, begin in ((late, 72.0), (soon, 0.0)):
        (view,) = chart.views
        axis = next(layer["encoding"]["y"] for layer in view.spec["layer"] if "axis" in layer["encoding"].get("y", {}))
        assert axis["scale"]["domain"][0] == chart.draw().axes[0].get_ylim()[0] == begin
        assert axis["axis"]["values"][0] == begin
        assert len(axis["axis"]["values"]) >= 3


def test_days_of_which_nothing_is_known_leave_a_gap() -> None:
    """Of the last day most orders are under way: no number, no point, and the name stands at the last one known."""
    days = pd.date_range("2026-11-02", periods=3)
    usual = pd.DataFrame([[10.0, 12.0], [20.0, 22.0], [30.0, 32.0]], index=days)
    worse = usual.copy()
    worse.iloc[-1] = math.inf
    found = OrderDays({"as it is": usual, "worse": worse})
    (view,) = found.views
    json.dumps(view.on_page(dark=False), allow_nan=False)
    assert same(view.data["mean_0"], found.table["as it is: 9 of 10 within (h)"])
    assert same(view.data["mean_1"], [11.0, 21.0, math.nan])
    (names,) = (layer["data"]["values"] for layer in view.spec["layer"] if layer["mark"]["type"] == "text")
    assert {row["words"]: row["height"] for row in names} == pytest.approx({"as it is": 31.0, "worse": 21.0}, abs=3.0)
    assert len(found.draw().axes) == 1
    assert found.title == "Of Wed 4 Nov more than 1 order in 10 is still under way at the end"
