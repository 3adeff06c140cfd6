"""All charts that a result can have, by name, in the order in which they are read; the command line and the app share them.

for name, kind in FIGURES.items():
chart = kind.of(result)          # None where there is nothing to show
if chart is not None:
chart.title, chart.alt, chart.table, chart.draw()
"""

from __future__ import annotations

from sim.show.chart import Chart
from sim.show.costs import Costs
from sim.show.delivery_time import DeliveryTime
from sim.show.hours import Hours
from sim.show.offered import OfferedLoad
from sim.show.order_hour import OrderHour
from sim.show.promises import Promises
from sim.show.queues import QueueAges, Queues
from sim.show.selection_rate import SelectionRate
from sim.show.shifts import Shifts
from sim.show.stock import Stock
from sim.show.throughput import Throughput
from sim.show.utilisation import Utilisation
from sim.study.replicate import Result

KINDS: tuple[type[Chart], ...] = (
    Throughput,
    DeliveryTime,
    Promises,
    OrderHour,
    Queues,
    QueueAges,
    Utilisation,
    Shifts,
    OfferedLoad,
    Hours,
    Stock,
    SelectionRate,
    Costs,
)
FIGURES: dict[str, type[Chart]] = {kind.name: kind for kind in KINDS}
GROUPS = {
    heading: tuple(kind for kind in KINDS if kind.group == heading)
    for heading in dict.fromkeys(kind.group for kind in KINDS)
}
"""The charts that stand under each heading."""


def charts_of(result: Result) -> dict[str, Chart]:
    """The charts of a result by name, without those that would be empty."""
    charts = {name: kind.of(result) for name, kind in FIGURES.items()}
    return {name: chart for name, chart in charts.items() if chart is not None}
