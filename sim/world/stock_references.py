"""What is wrong with stock: where it is missing, SKUs that there are not, consignments that bring nothing or never leave."""

from __future__ import annotations

from collections.abc import Iterator

from sim.world.errors import nearest
from sim.world.scenario import Flow, Path, Scenario
from sim.world.stages import Tally
from sim.world.stock import Amount


def broken_stock_references(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Every place where stock does not fit together: its path, and what is wrong with it."""
    for key, flow in scenario.flows.items():
        yield from _without_stock(scenario, key, flow)
        yield from _planned(scenario, ("flows", key, "arrivals", "planned"), flow)
    yield from _reorders(scenario)
    yield from _skus(scenario)
    for key, stage in scenario.stages.items():
        if isinstance(stage, Tally) and stage.laboratory is not None:
            yield from _laboratory(scenario, ("stages", key, "laboratory"), stage)


def _without_stock(scenario: Scenario, key: str, flow: Flow) -> Iterator[tuple[Path, str]]:
    if scenario.stock is not None:
        return
    if flow.from_stock is not None:
        yield ("flows", key, "from_stock"), "there is no stock to take from: say stock, with its SKUs"
    for way in ("planned", "reorder"):
        if getattr(flow.arrivals, way) is not None:
            yield ("flows", key, "arrivals", way), "brings what is not kept: say stock, with its SKUs"


def _planned(scenario: Scenario, path: Path, flow: Flow) -> Iterator[tuple[Path, str]]:
    for number, one in enumerate(flow.arrivals.planned or ()):
        if one.leaves < scenario.clock.start:
            start = f"{scenario.clock.start:%Y-%m-%d %H:%M}"
            yield (*path, str(number), "leaves"), f"must not be before the clock starts ({start})"
        if not _brings(one.brings):
            yield (*path, str(number), "brings"), "this consignment brings nothing"


def _reorders(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    first = ""
    for key, flow in scenario.flows.items():
        reorder = flow.arrivals.reorder
        if reorder is None:
            continue
        path = ("flows", key, "arrivals", "reorder")
        if first:
            yield path, f"flow '{first}' reorders already, and each SKU is reordered in one way"
        first = first or key
        units = reorder.quantity.units
        known = scenario.stock.sku_keys if scenario.stock is not None else ()
        unsaid = next((sku for sku in known if isinstance(units, dict) and not units.get(sku)), "")
        if not _brings(reorder.quantity):
            yield (*path, "quantity"), "must be 1 or more: a lot of nothing fills no shelf"
        elif unsaid:
            yield (*path, "quantity"), f"must name every SKU with 1 unit or more; '{unsaid}' has none"


def _brings(amount: Amount) -> bool:
    return any(amount.units.values()) if isinstance(amount.units, dict) else amount.units != 0


def _skus(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    if scenario.stock is None:
        return
    amounts: list[tuple[Path, Amount]] = [(("stock", "on_hand"), scenario.stock.on_hand)]
    for key, flow in scenario.flows.items():
        path: Path = ("flows", key, "arrivals")
        for number, one in enumerate(flow.arrivals.planned or ()):
            amounts.append(((*path, "planned", str(number), "brings"), one.brings))
        if flow.arrivals.reorder is not None:
            amounts.append(((*path, "reorder", "point"), flow.arrivals.reorder.point))
            amounts.append(((*path, "reorder", "quantity"), flow.arrivals.reorder.quantity))
    for path, amount in amounts:
        for name in amount.units if isinstance(amount.units, dict) else ():
            if name not in scenario.stock.sku_keys:
                yield (*path, "units", name), f"no SKU '{name}'{nearest(name, scenario.stock.sku_keys)}"


def _laboratory(scenario: Scenario, path: Path, stage: Tally) -> Iterator[tuple[Path, str]]:
    laboratory = stage.laboratory
    assert laboratory is not None
    if laboratory.calendar not in (None, *scenario.calendars):
        wrong = str(laboratory.calendar)
        yield (*path, "calendar"), f"no calendar '{wrong}'{nearest(wrong, scenario.calendars)}"
    classes = {name for flow in scenario.flows.values() for name in flow.classes}
    for number, name in enumerate(laboratory.release_before_result):
        if name not in classes:
            yield (*path, "release_before_result", str(number)), f"no class '{name}'{nearest(name, classes)}"
