"""``importflow sweep``, ``sensitivity`` and ``one-more``: what happens when inputs vary."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from sim.analysis.intervals import Estimate
from sim.analysis.words import measured, share, with_interval
from sim.cli.common import (
    WRONG,
    Format,
    FormatOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    app,
    fail,
    print_json,
    terminal,
    warn,
)  # fmt: skip
from sim.cli.studies import (
    DEFAULT_STUDY_REPLICATIONS,
    ClusterOption,
    NoStoreOption,
    OutOption,
    ReplicationsOption,
    StoreOption,
    TargetOption,
    WorkersOption,
    asking,
    plain_table,
    study_errors,
    write_tables,
)  # fmt: skip
from sim.show.study_answers import plain, rows_json
from sim.study.one_more import OneMore, one_more
from sim.study.paired import signed
from sim.study.sensitivity import Sensitivity, sensitivity
from sim.study.sweep import MANY_POINTS, Sweep, grid, parse_vary, points_in, sweep
from sim.study.target import known_measure, parse_target
from sim.words import commands, span
from sim.world.files import load
from sim.world.shipped import find

USUAL = "delivery_time.p90"
LONGEST_HEADING = 12
"""Letters in a line of a heading; twelve leave room for two measures in a terminal of 80 columns."""


@app.command("sweep")
def sweep_command(
    scenario: ScenarioArgument,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="PATH=V1,V2,...", help="Values of one input. Several make a grid."),
    ] = None,
    points: Annotated[
        Path | None, typer.Option("--points", metavar="FILE", help="A CSV file: a column a path, a row a point.")
    ] = None,
    measure: Annotated[str, typer.Option("--measure", help="What is shown; the tables have all.")] = USUAL,
    yes: Annotated[bool, typer.Option("--yes", help=f"Run more than {MANY_POINTS:,} points.")] = False,
    replications: ReplicationsOption = DEFAULT_STUDY_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    out: OutOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Run a scenario at every point of a grid or a list: one tidy table, and the bottleneck at each point."""
    with study_errors():
        file = load(find(scenario), set_ or ())
        chosen = points_in(points) if points is not None else grid(dict(parse_vary(text) for text in vary or ()))
    if not vary and points is None:
        raise typer.BadParameter("say what varies", param_hint="--vary")
    if len(chosen) > MANY_POINTS and not yes:
        fail(
            f"these are {len(chosen):,} points of {replications} runs each; say --yes to run more than {MANY_POINTS:,}",
            WRONG,
        )
    with asking(workers, cluster, store, no_store) as evaluate:
        found = sweep(file, chosen, evaluate, seed, replications)
        measure = known_measure(measure, set(found.frame["measure"]), file.scenario)
    if out is not None:
        from sim.show.sweep_charts import sweep_chart  # charts take long to import

        chart = sweep_chart(found, measure)
        charts = {} if chart is None else {"sweep": chart}
        about = {"scenario": file.name, "varied": list(found.varied), "seed": seed, "replications": replications}
        write_tables(out, {"sweep": found.frame, "points": found.points}, charts, about)
        if chart is None:
            warn("no chart: one is drawn where one or two inputs vary")
    if format_ is Format.json:
        print_json(
            {"scenario": file.name, "seed": seed, "replications": replications, "varied": list(found.varied),
             "points": rows_json(found.points), "rows": rows_json(found.frame)}
        )  # fmt: skip
    else:
        _print_sweep(found, measure)


def _print_sweep(found: Sweep, measure: str) -> None:
    console = terminal()
    table = plain_table(
        commands.at_points(measure, len(found.points)), *found.varied, measure, commands.BOTTLENECK, commands.ITS_LOAD
    )
    own = found.of(measure).to_dict("records")
    for row, point in zip(own, found.points.to_dict("records"), strict=True):
        one = Estimate(row["mean"], row["low"], row["high"], row["unit"], row["replications"])
        team = found.file.scenario.label("teams", point["bottleneck"]) if point["bottleneck"] else "-"
        table.add_row(*(str(point[path]) for path in found.varied), with_interval(one), team, share(point["load"]))
    console.print(table)


@app.command("sensitivity")
def sensitivity_command(
    scenario: ScenarioArgument,
    measure: Annotated[str, typer.Option("--measure", help="What is watched.")] = USUAL,
    target: TargetOption = None,
    replications: ReplicationsOption = DEFAULT_STUDY_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    out: OutOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Set each input whose source states a low and a high to either, and show on which the answer rests."""
    with asking(workers, cluster, store, no_store) as evaluate:
        file = load(find(scenario), set_ or ())
        targets = tuple(parse_target(text, file.scenario) for text in target or ())
        found = sensitivity(file, measure, evaluate, targets, seed, replications)
    if out is not None:
        from sim.show.tornado import Tornado  # charts take long to import

        write_tables(
            out, {"sensitivity": found.frame}, {"tornado": Tornado(found)}, {"scenario": file.name, "seed": seed}
        )
    if format_ is Format.json:
        print_json(
            {"scenario": file.name, "measure": found.measure, "unit": found.unit, "base": plain(found.base),
             "inputs": rows_json(found.frame), "skipped": found.skipped}
        )  # fmt: skip
    else:
        _print_sensitivity(found)


def _print_sensitivity(found: Sensitivity) -> None:
    console = terminal()
    title = commands.doubtful(found.measure, measured(found.base, found.unit))
    table = plain_table(title, *commands.SENSITIVITY)
    for row in found.frame.to_dict("records"):
        decision = "; ".join(
            commands.decision_at(row[end], row[f"decision_{end}"]) for end in ("low", "high") if row[f"decision_{end}"]
        )
        low, high = (signed(row[f"at_{end}"], found.unit) for end in ("low", "high"))
        table.add_row(
            f"{row['source']} ({row['trust']})", row["low"], low, row["high"], high, decision or commands.THE_SAME
        )
    console.print(table)
    for path, why in found.skipped.items():
        console.print(Text(commands.not_varied(path, why), style="dim"), soft_wrap=True)


@app.command("one-more")
def one_more_command(
    scenario: ScenarioArgument,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="What is watched; the first decides the order.")
    ] = None,
    replications: ReplicationsOption = DEFAULT_STUDY_REPLICATIONS,
    seed: SeedOption = 1,
    set_: SetOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    out: OutOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Try one more and one fewer person in each team and shift: what changes, sorted by gain per money."""
    with asking(workers, cluster, store, no_store) as evaluate:
        file = load(find(scenario), set_ or ())
        found = one_more(file, evaluate, tuple(measure or ()), seed, replications)
    if out is not None:
        write_tables(out, {"one_more": found.frame}, {}, {"scenario": file.name, "seed": seed})
    if format_ is Format.json:
        print_json({"scenario": file.name, "watched": list(found.watched), "posts": rows_json(found.frame)})
    else:
        _print_one_more(found)


def _print_one_more(found: OneMore) -> None:
    console = terminal()
    title = commands.one_more(found.replications)
    table = plain_table(title, *commands.ONE_MORE, *map(_in_lines, found.watched), commands.COST_A_DAY)
    for row in found.frame.to_dict("records"):
        cells = [_change(row, name, found.units[name]) for name in found.watched]
        staff = span(str(row["staff"]), str(row["staff"] + row["change"]))
        table.add_row(row["post"], staff, share(row["load"]), *cells, signed(row["cost"], "money"))
    console.print(table)


def _in_lines(name: str) -> str:
    r"""A measure's name in lines that end where its parts do.

    >>> _in_lines("on_time.delivery_96h"), _in_lines("delivery_time.p90")
    ('on_time.\ndelivery_96h', 'delivery_\ntime.p90')
    """
    lines = [""]
    for part in re.findall(r"[^._]+[._]?", name):
        if len(lines[-1] + part) > LONGEST_HEADING:
            lines.append("")
        lines[-1] += part
    return "\n".join(line for line in lines if line)


def _change(row: dict[Any, Any], name: str, unit: str) -> str:
    if row[f"{name}_low"] <= 0 <= row[f"{name}_high"]:
        return commands.NOT_SURE
    return signed(row[name], unit)
