"""Names in a scenario that name nothing, and numbers that no part of a scenario can judge by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sim.world.arrivals import OrdersFile
from sim.world.backlog import Backlog
from sim.world.errors import nearest
from sim.world.scenario import Clock, Flow, Path, Scenario, tasks_of
from sim.world.stages import AnyStage, Customs, Delivery, Flight, Inspection, Packing, Rework
from sim.world.stock_references import broken_stock_references
from sim.world.teams import Team


def broken_references(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Every name in the scenario that names nothing: its path, and what is wrong with it."""
    for key, flow in scenario.flows.items():
        yield from _flow_references(scenario, ("flows", key), key, flow)
    for key, stage in scenario.stages.items():
        yield from _stage_references(scenario, ("stages", key), key, stage)
    for key, team in scenario.teams.items():
        yield from _team_references(scenario, ("teams", key), key, team)
    yield from _start_references(scenario)
    yield from broken_stock_references(scenario)
    yield from _disruption_references(scenario)
    if scenario.backlog is not None:
        yield from (
            (("backlog", "orders"), f"{scenario.backlog.place(line)}: {rule}")
            for line, rule in _backlog_references(scenario, scenario.backlog)
        )
    classes = {name for flow in scenario.flows.values() for name in flow.classes}
    for key, promise in scenario.promises.items():
        for number, name in enumerate(promise.classes or ()):
            if name not in classes:
                yield ("promises", key, "classes", str(number)), f"no class '{name}'{nearest(name, classes)}"


def left_out(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """What the run leaves out because it ends before: no mistake, since a clock may be cut short, but worth a word."""
    clock = scenario.clock
    for key, flow in scenario.flows.items():
        for number, one in enumerate(flow.arrivals.planned or ()):
            last = clock.start + timedelta(milliseconds=clock.length)
            if one.leaves >= last:
                path: Path = ("flows", key, "arrivals", "planned", str(number), "leaves")
                yield path, f"leaves after the clock has ended ({last:%Y-%m-%d %H:%M}) and is left out"
    end = clock.start + timedelta(milliseconds=clock.end_ms)
    said = f"begins after the run has ended ({end:%Y-%m-%d %H:%M}) and is left out"
    for key, team in scenario.teams.items():
        yield from ((("teams", key, "outages", str(n)), said) for n, one in enumerate(team.outages) if one.begin >= end)
    yield from ((("disruptions", key), said) for key, one in scenario.disruptions.items() if one.begin >= end)


def _flow_references(scenario: Scenario, path: Path, key: str, flow: Flow) -> Iterator[tuple[Path, str]]:
    for number, stage in enumerate(flow.route):
        if stage not in scenario.stages:
            yield (*path, "route", str(number)), f"no stage '{stage}'{nearest(stage, scenario.stages)}"
    for name, goods in flow.classes.items():
        for stage in goods.work:
            if stage not in scenario.stages:
                yield (
                    (*path, "classes", name, "work", stage),
                    f"no stage '{stage}'{nearest(stage, scenario.stages)}",
                )
    if flow.arrivals.file is not None:
        yield from _file_references(scenario.clock, (*path, "arrivals", "file"), flow, flow.arrivals.file)


def _file_references(clock: Clock, path: Path, flow: Flow, file: OrdersFile) -> Iterator[tuple[Path, str]]:
    for name in sorted(set(file.orders["class"]) - set(flow.classes) - {""}):
        yield path, f"{file.path} has orders of class '{name}'{nearest(name, flow.classes)}"
    if file.within(clock.start, clock.length).empty:
        first, last = file.orders["time"].iloc[[0, -1]].dt.strftime("%Y-%m-%d %H:%M")
        yield path, f"{file.path} has no orders within the clock; its {len(file.orders):,} run from {first} to {last}"


def _stage_references(scenario: Scenario, path: Path, key: str, stage: AnyStage) -> Iterator[tuple[Path, str]]:
    for below, task in tasks_of(stage):
        team = scenario.teams.get(task.team)
        if team is None:
            yield (*path, *below, "team"), f"no team '{task.team}'{nearest(task.team, scenario.teams)}"
        elif task.crew > _most_staff(team):
            yield (
                (*path, *below, "crew"),
                f"a crew of {task.crew} is larger than team '{task.team}' ever is ({_most_staff(team)})",
            )
        elif task.crew > 1 and (team.helps or any(task.team in other.helps for other in scenario.teams.values())):
            yield (*path, *below, "crew"), f"team '{task.team}' helps or is helped: its jobs take one person each"
    if stage.rework is not None:
        yield from _rework_references(scenario, path, key, stage.rework)
    if isinstance(stage, Packing):
        classes = {name for flow in scenario.flows.values() for name in flow.classes}
        damaged = stage.damage if isinstance(stage.damage, dict) else {}
        named: list[tuple[Path, str]] = [(("damage", name), name) for name in damaged]
        protected = stage.protection.classes if stage.protection else ()
        named += [(("protection", "classes", str(number)), name) for number, name in enumerate(protected)]
        for below, name in named:
            if name not in classes:
                yield (*path, *below), f"no class '{name}'{nearest(name, classes)}"
    if isinstance(stage, Inspection) and stage.correction.calendar not in (None, *scenario.calendars):
        wrong = str(stage.correction.calendar)
        yield (*path, "correction", "calendar"), f"no calendar '{wrong}'{nearest(wrong, scenario.calendars)}"


def _rework_references(scenario: Scenario, path: Path, key: str, rework: Rework) -> Iterator[tuple[Path, str]]:
    for flow_key, flow in scenario.flows.items():
        if key not in flow.route:
            continue
        earlier = flow.route[: flow.route.index(key) + 1]
        if rework.to not in earlier:
            yield (
                (*path, "rework", "to"),
                f"'{rework.to}' is not this stage or an earlier one of flow '{flow_key}'{nearest(rework.to, earlier)}",
            )


def _most_staff(team: Team) -> int:
    """The most people who can be there at once, if all shifts that may overlap do."""
    if team.staff is not None:
        return team.staff
    counts = [shift.staff for shift in team.shifts.values()]
    return sum(counts) if team.overlap == "add" else max(counts)


def _team_references(scenario: Scenario, path: Path, key: str, team: Team) -> Iterator[tuple[Path, str]]:
    for number, helped in enumerate(team.helps):
        if helped not in scenario.teams:
            yield (*path, "helps", str(number)), f"no team '{helped}'{nearest(helped, scenario.teams)}"
        if helped == key:
            yield (*path, "helps", str(number)), "a team cannot help itself"


def _start_references(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    for key, waiting in scenario.start.items():
        flow = scenario.flows.get(key)
        if flow is None:
            yield ("start", key), f"no flow '{key}'{nearest(key, scenario.flows)}"
            continue
        for stage in waiting:
            if stage not in flow.route:
                yield ("start", key, stage), f"flow '{key}' does not visit '{stage}'{nearest(stage, flow.route)}"


def _disruption_references(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    on_the_way = [key for key, stage in scenario.stages.items() if isinstance(stage, (Delivery, Flight))]
    for key, disruption in scenario.disruptions.items():
        path = ("disruptions", key)
        for number, team in enumerate(disruption.teams):
            if team not in scenario.teams:
                yield (*path, "teams", str(number)), f"no team '{team}'{nearest(team, scenario.teams)}"
        for number, stage in enumerate(disruption.transport):
            if stage not in on_the_way:
                yield (
                    (*path, "transport", str(number)),
                    f"'{stage}' is not a stage of delivery or flight{nearest(stage, on_the_way)}",
                )
        files = any(isinstance(stage, Customs) and stage.order_data for stage in scenario.stages.values())
        if disruption.single_window and not files:
            yield (*path, "single_window"), "no customs stage has order_data: nothing goes through the single window"


def _backlog_references(scenario: Scenario, backlog: Backlog) -> Iterator[tuple[int, str]]:
    """Line and rule of each row of the snapshot that does not fit the scenario."""
    flows = scenario.order_flows
    for row in backlog.table.to_dict("records"):
        line, key = int(row["line"]), row["flow"] or flows[0]
        if not row["flow"] and len(flows) > 1:
            yield line, f"flow: must be said, since several flows carry orders: {', '.join(flows)}"
        elif key not in scenario.flows:
            yield line, f"flow: no flow '{key}'{nearest(key, scenario.flows)}"
        else:
            flow = scenario.flows[key]
            if row["stage"] not in flow.route:
                yield line, f"stage: flow '{key}' does not visit '{row['stage']}'{nearest(row['stage'], flow.route)}"
            if row["class"] and row["class"] not in flow.classes:
                yield line, f"class: no class '{row['class']}'{nearest(row['class'], flow.classes)}"
        if row["since"] > scenario.clock.start:
            yield (
                line,
                f"since: {row['since']:%Y-%m-%d %H:%M} is after the scenario's start, {scenario.clock.start:%Y-%m-%d %H:%M}",
            )
