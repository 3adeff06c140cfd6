"""What a seller may fear: that customs select more, or that everybody orders at once. As settings of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sim.study.promise import measured_days
from sim.world.scenario import Scenario
from sim.world.stages import Customs

PEAK_FACTOR, PEAK_DAYS = 3, 3
"""A peak where the scenario has none of its own: so many times the usual orders for so many days."""
TIMES, SHARES = {"twice": 2.0}, {"tenth": 0.1, "half": 0.5}


def what_ifs(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """What may change, by name, and the settings that change it: only what makes a difference to this scenario.

    ``twice``: customs select twice as many orders; ``tenth`` and ``half``: at least every tenth, every second one;
    ``peak``: three days from the second measured day on with three times the orders.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> for name, settings in what_ifs(load(shipped("six_stages")).scenario).items():
    ...     print(name, *settings)
    twice stages.customs.selection_rate=0.11
    tenth stages.customs.selection_rate=0.1
    half stages.customs.selection_rate=0.5
    peak flows.orders.arrivals.poisson.peaks=[{from: 2026-08-30, to: 2026-09-02, factor: 3}]
    """
    found = {name: tuple(_selected(scenario, times, 0.0)) for name, times in TIMES.items()}
    found |= {name: tuple(_selected(scenario, 1.0, share)) for name, share in SHARES.items()}
    found["peak"] = tuple(_peaks(scenario))
    return {name: settings for name, settings in found.items() if settings}


def _selected(scenario: Scenario, times: float, at_least: float) -> Iterator[str]:
    """Each rate at which customs select, so many times as high as at its highest; from the first day to the last."""
    for key, stage in scenario.stages.items():
        if not isinstance(stage, Customs):
            continue
        usual = max([stage.selected_share, *(change.rate for change in stage.rate_changes)])
        wanted = min(1.0, max(times * usual, at_least))
        if wanted > usual:
            by_credit = f".{stage.credit}" if isinstance(stage.selection_rate, dict) else ""
            yield f"stages.{key}.selection_rate{by_credit}={wanted:g}"
            if stage.rate_changes:
                yield f"stages.{key}.rate_changes=[]"


def _peaks(scenario: Scenario) -> Iterator[str]:
    """A peak in each flow of orders that has none of its own."""
    days = measured_days(scenario)
    if len(days) < PEAK_DAYS + 1:
        return
    begin = scenario.clock.start.date() + timedelta(days=days[1])
    peak = f"[{{from: {begin}, to: {begin + timedelta(days=PEAK_DAYS)}, factor: {PEAK_FACTOR}}}]"
    for key in scenario.order_flows:
        poisson = scenario.flows[key].arrivals.poisson
        if poisson is not None and not poisson.peaks:
            yield f"flows.{key}.arrivals.poisson.peaks={peak}"
