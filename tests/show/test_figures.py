"""Charts of several small results: they draw, say what they show, and stay within the picture."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.show import figures
from sim.show.figures import FIGURES, charts_of
from sim.show.image import image
from sim.show.palette import DARK, INK, PAPER
from sim.study.replicate import Result
from tests.show.results import MAKERS, made

SLACK_IN = 0.02


def drawn(figure: Figure) -> Figure:
    """The figure laid out and drawn, so that its texts have places."""
    FigureCanvasAgg(figure).draw()
    return figure


def texts(figure: Figure) -> list[str]:
    """All words in a figure that can be read."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "width_in"), [*((name, 10.0) for name in MAKERS), ("site", 3.6), ("nothing delivered", 3.6)]
)
def test_no_word_runs_out_of_the_picture(name: str, width_in: float) -> None:
    """Every text of every chart lies within the figure, on a telephone's width too, and drawing warns of nothing."""
    out = {}
    for chart_name, chart in charts_of(made(name)).items():
        figure = drawn(chart.draw(Figure(figsize=(width_in, 1))))
        needed, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
        over = max(-needed.x0, -needed.y0, needed.x1 - width, needed.y1 - height)
        if over > SLACK_IN:
            out[chart_name] = over
    assert out == {}


def test_every_chart_has_a_title_words_for_the_blind_and_a_table(any_result: Result) -> None:
    """A title that says something with a number or a name in it, a description, and numbers with units behind it."""
    for name, chart in charts_of(any_result).items():
        assert chart.name == name
        assert len(chart.title) > 15, name
        assert len(chart.alt) > 40, name
        assert chart.alt.endswith("."), name
        assert chart.table.shape[0] > 0, name
        assert chart.table.to_csv().count("\n") == len(chart.table) + 1, name


def test_a_given_figure_keeps_its_width_and_its_title_is_that_of_the_chart(site_result: Result) -> None:
    """The app gives figures of its own width; the same words stand in each."""
    for name, chart in charts_of(site_result).items():
        figure = chart.draw(Figure(figsize=(5.5, 1)))
        assert figure.get_figwidth() == 5.5, name
        assert figure.get_suptitle().replace("\n", " ") == chart.title, name


UNITS = {
    "throughput": ["orders a day"],
    "delivery_time": ["time since paying (h)", "orders", "50 %"],
    "promises": ["50 %"],
    "order_hour": ["hour in which the order was placed", "9 of 10 within (h)"],
    "queues": ["items waiting"],
    "queue_ages": ["oldest has waited, h"],
    "utilisation": ["50 %"],
    "shifts": ["people"],
    "offered_load": ["measured\ndays"],
    "hours": ["mean time per order (h)"],
    "costs": ["CNY per order placed"],
    "stock": ["free units", "SKUs short", "units"],
    "selection_rate": ["selected (%)"],
}
OF_STOCK = ("stock", "selection_rate")


def test_axes_carry_units(site_result: Result) -> None:
    """Each chart of the site, with stock and without, says on its axes what is counted, and in what."""
    charts = charts_of(site_result) | {name: charts_of(made("stock"))[name] for name in OF_STOCK}
    assert charts.keys() == UNITS.keys() == FIGURES.keys()
    for name, chart in charts.items():
        words = texts(drawn(chart.draw()))
        assert [unit for unit in UNITS[name] if unit not in words] == [], name


def test_the_unit_of_time_suits_the_times(teaching_result: Result) -> None:
    """People who wait for minutes are shown minutes, wherever a chart shows time."""
    charts = charts_of(teaching_result)
    assert "time since paying (min)" in texts(drawn(charts["delivery_time"].draw()))
    assert "9 of 10 within (min)" in texts(drawn(charts["order_hour"].draw()))
    assert "mean time per order (min)" in texts(drawn(charts["hours"].draw()))


def test_charts_that_would_be_empty_are_left_out(teaching_result: Result) -> None:
    """The teaching line has no promise and no costs; where nothing is delivered there is no map of delays."""
    assert FIGURES.keys() - charts_of(teaching_result).keys() == {"promises", "costs", *OF_STOCK}
    assert FIGURES.keys() - charts_of(made("nothing delivered")).keys() == {"order_hour", *OF_STOCK}


def test_replications_are_lines_when_few_and_bands_when_many() -> None:
    """One replication: one line a stage. Two: its mean and both of them. Six: its mean before a band."""
    shown = {}
    for name in ("one replication", "site", "many replications"):
        panel = FIGURES["queues"].of(made(name)).draw().axes[2]  # type: ignore[union-attr]
        curves = [line for line in panel.get_lines() if len(line.get_xdata()) > 2]
        bands = [band for band in panel.collections if band.get_alpha() == 0.2]
        shown[name] = (len(curves), len(bands))
    assert shown == {"one replication": (1, 0), "site": (3, 0), "many replications": (1, 1)}


def test_the_same_stages_stand_in_the_same_order_everywhere(site_result: Result) -> None:
    """Panels and rows follow the pipeline as the file tells it."""
    stages = [site_result.file.scenario.label("stages", key) for key in site_result.file.scenario.stages]
    for name in ("throughput", "queues", "hours"):
        chart = charts_of(site_result)[name]
        words = texts(drawn(chart.draw()))
        places = [words.index(stage) for stage in stages if stage in words]
        assert len(places) >= 4, name
        if name == "hours":  # names of rows come first to last with the axis
            assert places == sorted(places)
        else:
            headings = [word for word in words if word in stages]
            assert headings == [stage for stage in stages if stage in headings], name


def test_a_dark_page_gets_light_words_on_its_own_ground(site_result: Result) -> None:
    """No text keeps the ink of a light page, and the ground is the page's."""
    pictures = {dark: image(charts_of(site_result)["hours"], "svg", dark=dark).decode() for dark in (False, True)}
    assert INK in pictures[False]
    assert PAPER in pictures[False]
    assert INK not in pictures[True]
    assert DARK[INK] in pictures[True]
    assert DARK[PAPER] in pictures[True]


def test_pictures_tell_what_they_show(site_result: Result) -> None:
    """The description travels in the file, and two drawings of the same chart are the same file."""
    chart = charts_of(site_result)["costs"]
    svg = image(chart, "svg")
    assert f"<dc:description>{chart.alt}</dc:description>".encode() in svg
    assert svg == image(chart, "svg")


def test_no_chart_leans_on_the_state_of_pyplot() -> None:
    """The app draws in several threads at once, which matplotlib allows for figures but not for pyplot."""
    sources = [path.read_text(encoding="utf-8") for path in Path(figures.__file__).parent.glob("*.py")]
    assert not any(re.search(r"\bpyplot\b|rcParams", source) for source in sources)
    assert matplotlib.rcParams["svg.fonttype"] == "path"  # what image() changes for its own file is back as it was


def test_the_chart_of_stock_says_what_its_curves_show() -> None:
    """Mean of two replications hour by hour; the worst SKU is the one that orders waited for longest in both together."""
    result = made("stock")
    chart = charts_of(result)["stock"]
    both = [curves.stock["free"] for curves in result.curves]
    shared = min(len(one) for one in both)
    mean = (both[0].iloc[:shared].to_numpy() + both[1].iloc[:shared].to_numpy()) / 2
    assert chart.table["free units, mean"].iloc[:shared].tolist() == mean.tolist()
    waited = {
        key: sum(curves.sku_short_h[key] for curves in result.curves) for key in result.curves[0].sku_short_h.index
    }
    worst = max(waited, key=lambda key: waited[key])
    assert waited[worst] > 0
    assert worst.replace("_", " ") in chart.title


def test_the_chart_of_the_selection_rate_ends_with_the_last_rate() -> None:
    """What the title says is the mean over replications of the rate in force at the end."""
    result = made("stock")
    chart = charts_of(result)["selection_rate"]
    last = result.measures["selection_rate.customs.orders.last"].mean
    assert chart.table.iloc[-1, 0] == pytest.approx(last)
    assert chart.table.iloc[0, 0] == pytest.approx(0.1)
