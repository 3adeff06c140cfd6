"""What single charts say and draw, from data written by hand."""

from __future__ import annotations

import math
import re
from datetime import date

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from sim.analysis.curves import PERCENTILES
from sim.analysis.intervals import Estimate
from sim.show.costs import Costs
from sim.show.delivery_time import DeliveryTime
from sim.show.figures import FIGURES
from sim.show.hours import Hours
from sim.show.offered import OfferedLoad
from sim.show.order_hour import OrderHour
from sim.show.palette import BAND, BLUE, ORANGE, VERMILLION
from sim.show.promises import Promises
from sim.show.utilisation import Row, Utilisation
from sim.study.replicate import Result

RISING = PERCENTILES.astype(float)  # the p-th percentile is p hours


def exactly(mean: float, unit: str = "share") -> Estimate:
    """A number without a spread."""
    return Estimate(mean, math.nan, math.nan, unit, 1)


def bars(chart: Utilisation | Promises | Hours | Costs | OfferedLoad) -> list[tuple[float, str]]:
    """Length and colour of each bar, in the order of drawing."""
    patches = [patch for patch in chart.draw().axes[0].patches if isinstance(patch, Rectangle)]
    return [(round(patch.get_width(), 6), to_hex(patch.get_facecolor())) for patch in patches]


def test_delivery_time_says_when_95_of_100_have_their_order() -> None:
    """With the p-th percentile at p hours that is 95 h, which is 3 days 23 h."""
    chart = DeliveryTime({"delivered": RISING[None, :]}, ())
    assert chart.title == "95 of 100 buyers have their order within 3 days 23 h"
    assert chart.table.loc[50, "delivered within (h)"] == 50.0


def test_delivery_time_of_replications_is_their_mean() -> None:
    """Percentiles of 1 and 3 times p hours make a curve at 2 times p hours."""
    chart = DeliveryTime({"delivered": np.array([RISING, 3 * RISING])}, ())
    assert chart.table.loc[40, "delivered within (h)"] == 80.0


def test_delivery_time_stops_where_one_replication_knows_no_more() -> None:
    """From the 61st percentile on a replication has only orders under way: 60 of 100 is the last thing known."""
    open_ended = np.where(PERCENTILES > 60, np.inf, RISING)
    chart = DeliveryTime({"delivered": np.array([RISING, open_ended])}, ())
    assert chart.title.startswith("60 of 100 buyers have their order within 2 days 12 h; the rest are still waiting")
    assert max(chart.draw().axes[0].get_lines()[-1].get_xdata()) == 60.0


def test_promises_are_dashed_lines_with_what_was_kept() -> None:
    """A line at the promised hours in the colour of its curve, its label above the axes; close ones in two rows."""
    chart = DeliveryTime({"delivered": RISING[None, :]}, (("delivered", 48.0, 0.48), ("delivered", 50.0, 0.5)))
    figure = chart.draw()
    FigureCanvasAgg(figure).draw()
    ax = figure.axes[0]
    assert [line.get_xdata()[0] for line in ax.get_lines() if line.is_dashed()] == [48.0, 50.0]
    labels = {text.get_text(): text.get_window_extent() for text in ax.texts}
    first, second = labels["48 h to delivery\n48 % kept"], labels["50 h to delivery\n50 % kept"]
    assert second.y0 >= first.y1, "the second label would lie over the first"


def test_order_hour_names_the_best_and_the_worst_hour() -> None:
    """Tuesday 03:00 is quickest, Friday 18:00 slowest; hours in which nobody ordered are grey."""
    cells = np.full((7, 24), 40.0)
    cells[1, 3], cells[4, 18], cells[6, :] = 30.0, 60.0, np.nan
    chart = OrderHour(cells)
    assert chart.title == (
        "9 of 10 have their order within 30 h if placed on Tuesday at 03:00,"
        " but within 2 d 12 h if placed on Friday at 18:00"
    )
    assert to_hex(chart.draw().axes[0].get_facecolor()) == BAND


def test_order_hour_says_when_much_is_not_known_yet() -> None:
    """Where a whole day is still under way the best hour alone would mislead."""
    cells = np.full((7, 24), 40.0)
    cells[6, :] = np.inf
    assert OrderHour(cells).title.startswith("Of some hours, more than 1 order in 10 is still under way at the end")


def test_utilisation_is_blue_orange_and_never_vermillion() -> None:
    """84 % is blue, 90 % orange; work beyond the shift stands beside the bar as overtime."""
    packers = Row("packers", "", exactly(0.9), exactly(1.5, "h/day"))
    chart = Utilisation((Row("officers", "", exactly(0.84), exactly(0.0, "h/day")), packers))
    assert bars(chart) == [(0.84, BLUE), (0.9, ORANGE)]
    assert chart.title == "Busiest: packers, at work 90 % of the time on shift; most overtime: packers, 1.5 h a day"
    assert "90 %  + 1.5 h overtime a day" in [text.get_text() for text in chart.draw().axes[0].texts]


def test_offered_load_colours_days_and_marks_those_off() -> None:
    """80 blue, 95 orange, 120 vermillion, nobody there grey; the hue of each cell is a tint of its colour."""
    loads = np.array([[0.8, 0.95], [1.2, math.nan]])
    days = (date(2026, 11, 2), date(2026, 11, 3))
    chart = OfferedLoad(("packers", "clerks"), days, loads, np.array([0.88, 1.2]), 1, (1.2, "Mon 2 Nov"))
    assert chart.title == "The tightest team is clerks: 120 % loaded, 120 % on Mon 2 Nov"
    hues = {text.get_text(): patch for text, (_, patch) in zip(chart.draw().axes[0].texts, bars(chart), strict=False)}
    assert hues["-"] == BAND
    assert nearest_hue(hues["80"]) == BLUE
    assert nearest_hue(hues["95"]) == ORANGE
    assert nearest_hue(hues["120"]) == VERMILLION


def nearest_hue(colour: str) -> str:
    """The one of three colours whose tint this is: that in whose direction from white it lies."""

    def direction(code: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        away = 255.0 - np.array([int(code[place : place + 2], 16) for place in (1, 3, 5)])
        return away / np.linalg.norm(away)

    return max((BLUE, ORANGE, VERMILLION), key=lambda hue: float(direction(hue) @ direction(colour)))


def test_offered_load_of_a_team_that_is_never_there() -> None:
    """Work that nobody ever does is said in words, not as a percentage."""
    chart = OfferedLoad(
        ("clerks",), (date(2026, 11, 2),), np.array([[math.nan]]), np.array([math.inf]), 0, (math.nan, "")
    )
    assert chart.title == "There is work for clerks, and nobody is ever there to do it"


def test_hours_add_up_to_a_row_for_all_stages() -> None:
    """Two stages of 1 + 2 and 4 + 3 hours make 10 in all, most of it on the way; the longest wait is named."""
    chart = Hours(
        ("packing", "delivery"), ("queueing", "transit"), np.array([[1.0, 0.0], [2.0, 7.0]]), np.array([0.5, 0.0])
    )
    assert bars(chart)[-2:] == [(3.0, VERMILLION), (7.0, "#56b4e9")]
    assert chart.table.loc["all stages", "all (h)"] == 10.0
    assert chart.title == (
        "Of the 10 h that an order takes, 70 % is on the way; most of the rest: queueing behind others at delivery, 2 h"
    )
    assert "1 h (30 min of it again)" in [text.get_text() for text in chart.draw().axes[0].texts]


def test_two_stages_of_the_same_name_stay_two() -> None:
    """A label is free text; nothing is looked up by it."""
    chart = Hours(("desk", "desk"), ("working",), np.array([[1.0], [2.0]]), np.zeros(2))
    assert [length for length, _ in bars(chart)] == [1.0, 2.0, 3.0]


def test_the_promise_broken_most_gives_the_title() -> None:
    """8 % late beats 3 % late; the parts of a bar make a whole."""
    kept = [
        ("24 h to dispatch", {"on_time": exactly(0.97), "late": exactly(0.03), "unknown": exactly(0.0)}),
        ("96 h to delivery", {"on_time": exactly(0.82), "late": exactly(0.08), "unknown": exactly(0.1)}),
    ]
    chart = Promises(tuple(kept))
    assert chart.title == "8 % of orders break the promise of 96 h to delivery"
    assert sum(length for length, _ in bars(chart)[3:]) == pytest.approx(1.0)


def test_costs_name_what_is_dearest() -> None:
    """Money has two digits."""
    chart = Costs({"wages": exactly(3.0, "money"), "couriers": exactly(8.5, "money")}, exactly(11.5, "money"), "CNY")
    assert chart.title == "An order costs 11.50 CNY, most of it for couriers"
    assert [length for length, _ in bars(chart)] == [3.0, 8.5]


@pytest.mark.parametrize("name", ["queues", "queue_ages"])
def test_queue_panels_draw_the_numbers_of_their_table(site_result: Result, name: str) -> None:
    """The thick line of each panel is the mean that stands in the table."""
    chart = FIGURES[name].of(site_result)
    assert chart is not None
    for ax, column in zip(chart.draw().axes, chart.table, strict=True):
        thick = max(ax.get_lines(), key=lambda line: (len(line.get_xdata()) > 2) * line.get_linewidth())
        assert np.array_equal(thick.get_ydata(), chart.table[column].to_numpy())


def test_ages_of_queues_are_in_the_unit_that_suits_them(site_result: Result, teaching_result: Result) -> None:
    """Minutes before a counter, hours at a site; titles say them as people do."""
    line, site = (FIGURES["queue_ages"].of(result) for result in (teaching_result, site_result))
    assert line is not None
    assert site is not None
    assert list(line.table) == ["counter (oldest has waited, min)"]
    assert line.table.to_numpy().max() / 60 == pytest.approx(
        np.mean([curves.ages_h.to_numpy() for curves in teaching_result.curves], axis=0).max()
    )
    assert "(oldest has waited, h)" in site.table.columns[0]
    assert re.fullmatch(r"The oldest in the queue has waited [\d.]+ min on average, [\d.]+ (h|min) at most", line.title)


def test_hours_in_which_no_team_of_a_stage_is_there_are_grey(site_result: Result) -> None:
    """Packers are off from 22:00 to 07:00 and for their break: picking has bands, customs with its day-and-night team has none."""
    panels = {ax.get_title(loc="left"): ax for ax in FIGURES["queues"].of(site_result).draw().axes}  # type: ignore[union-attr]

    def bands(stage: str) -> int:
        return sum(to_hex(band.get_facecolor()[0]) == BAND for band in panels[stage].collections)

    assert bands("picking") == 1
    assert bands("customs and national inspection") == 0


def test_throughput_counts_what_the_measures_say(site_result: Result) -> None:
    """The title has the measured rates, to the digit in which the tables show them."""
    rates = {
        name: site_result.measures[name].mean
        for name in ("demand.per_day", "throughput.dispatched", "throughput.delivered")
    }
    title = FIGURES["throughput"].of(site_result).title  # type: ignore[union-attr]
    placed, dispatched, delivered = (f"{rate:.3g}" for rate in rates.values())
    assert title == f"{placed} orders a day are placed, {dispatched} dispatched and {delivered} delivered"
