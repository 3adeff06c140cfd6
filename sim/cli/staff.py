"""``importflow staff``: the cheapest staffing that keeps a promise."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from rich.text import Text

from sim.analysis.words import measured, with_interval
from sim.cli.common import Format, FormatOption, ScenarioArgument, SeedOption, SetOption, app, print_json, terminal
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
from sim.show.study_answers import staffing_json, staffing_sentence
from sim.study.staffing import Staffing, staff
from sim.study.target import EXAMPLE, TargetError, parse_target
from sim.words import commands
from sim.world.files import load
from sim.world.shipped import find

_LIMIT = re.compile(r"\s*([\w.-]+)\s*=\s*(\d+)\s*\.\.\s*(\d+)\s*")
_STARTS = re.compile(r"\s*([\w.-]+)\s*=\s*(\S.*)")


@app.command("staff")
def staff_command(
    scenario: ScenarioArgument,
    target: TargetOption = None,
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="TEAM[.SHIFT]=FROM..TO", help="Fewest and most staff. May be given again."),
    ] = None,
    shifts: Annotated[
        list[str] | None,
        typer.Option("--shifts", metavar="TEAM.SHIFT=13:00,14:00", help="When a shift may begin. May be given again."),
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
    """Find the cheapest staffing that keeps a promise, and run the winner again on fresh luck."""
    with study_errors():
        if not target:
            raise TargetError(f"say what has to be kept with --target: {EXAMPLE}")
        limits, starts = dict(map(_limit, limit or ())), dict(map(_starts, shifts or ()))
    with asking(workers, cluster, store, no_store) as evaluate:
        file = load(find(scenario), set_ or ())
        targets = [parse_target(text, file.scenario) for text in target]
        found = staff(file, targets, evaluate, limits, starts, seed, replications)
    if out is not None:
        from sim.show.frontier import Frontier  # charts take long to import

        charts = {"frontier": Frontier(found)} if len(found.frontier) else {}
        about = {
            "scenario": file.name,
            "targets": list(map(str, targets)),
            "settings": list(found.settings),
            "seed": seed,
        }
        write_tables(out, {"frontier": found.frontier, "equals": found.equals}, charts, about)
    if format_ is Format.json:
        print_json(staffing_json(found))
    else:
        _print(found)


def _limit(text: str) -> tuple[str, tuple[int, int]]:
    match = _LIMIT.fullmatch(text)
    if match is None or int(match[2]) > int(match[3]):
        raise TargetError(f"limit '{text}': write it as packers.late=2..8, the fewest first")
    return match[1], (int(match[2]), int(match[3]))


def _starts(text: str) -> tuple[str, list[str]]:
    match = _STARTS.fullmatch(text)
    if match is None:
        raise TargetError(f"shifts '{text}': write it as packers.late=13:00,14:00")
    return match[1], [one.strip() for one in match[2].split(",")]


def _print(found: Staffing) -> None:
    console = terminal()
    console.print(Text(staffing_sentence(found), style="bold"))
    effort = commands.effort(found.evaluations, found.rosters_tried)
    if found.roster is None:
        for target, one in found.kept.items():
            console.print(commands.at_the_limit(target, with_interval(one)))
        console.print(Text(effort, style="dim"))
        return
    title, *headings = commands.ROSTER
    table = plain_table(f"\n{title}", *headings)
    for post, count in found.roster.items():
        table.add_row(post, str(found.present[post]), str(count))
    console.print(table)
    for target, one in found.kept.items():
        searched = with_interval(found.screened[target])
        console.print(commands.on_fresh_luck(target, with_interval(one), found.verdicts[target], searched))
    if len(found.equals):
        console.print(Text(f"\n{commands.EQUALS}", style="bold"))
        for row in found.equals.to_dict("records"):
            console.print(f"  {commands.equal(_roster_words(row, found), measured(row['cost'], 'money'))}")
    if found.fixed:
        console.print(Text(commands.not_searched(found.fixed), style="dim"))
    console.print(Text(effort, style="dim"))
    if found.settings:
        console.print(commands.to_use(" ".join(f"--set {one}" for one in found.settings)), soft_wrap=True)


def _roster_words(row: dict[Any, Any], found: Staffing) -> str:
    return ", ".join(f"{post} {row[post]}" for post in found.roster or ())
