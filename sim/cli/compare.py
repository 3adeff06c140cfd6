"""``importflow compare``: the same parcels and luck in several plans."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.words import with_interval
from sim.cli.common import Format, FormatOption, SeedOption, SetOption, app, print_json, terminal
from sim.cli.studies import (
    DEFAULT_STUDY_REPLICATIONS,
    ClusterOption,
    NoStoreOption,
    OutOption,
    ReplicationsOption,
    StoreOption,
    WorkersOption,
    asking,
    plain_table,
    write_tables,
)  # fmt: skip
from sim.show.study_answers import comparison_json, what_differs
from sim.study.compare import Comparison, compare, headline
from sim.study.target import known_measure
from sim.words import commands
from sim.world.files import load
from sim.world.shipped import find

MOST_TOLD = 20


@app.command("compare")
def compare_command(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Two plans or more; or one and --variant.")
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(
            "--variant", metavar="'PATH=VALUE; ...'", help="The first plan with this changed, as one more plan."
        ),
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="Show this measure. May be given again.")
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
    """Compare plans on the same parcels and the same luck, measure by measure, with a verdict for each pair."""
    with asking(workers, cluster, store, no_store) as evaluate:
        files = [load(find(scenario), set_ or ()) for scenario in scenarios]
        for changes in variant or ():
            files.append(files[0].changed(*(change.strip() for change in changes.split(";") if change.strip())))
        if len(files) < 2:
            raise typer.BadParameter("name two scenarios or more, or one and a --variant", param_hint="SCENARIO...")
        found = compare(files, evaluate, seed, replications)
        known = list(dict.fromkeys(found.frame["measure"]))
        shown = [known_measure(name, known, files[0].scenario) for name in measure or ()] or headline(known)
    if out is not None:
        write_tables(out, {"pairs": found.frame}, {}, {"scenarios": list(found.names), "seed": seed})
    if format_ is Format.json:
        print_json(comparison_json(found))
    else:
        _print(found, shown)


def _print_what_differs(console: Console, letter: str, told: list[str]) -> None:
    """One difference to a line; of many, the first."""
    if len(told) <= 1:
        console.print(commands.differs(letter, told[0] if told else commands.IN_NOTHING), soft_wrap=True)
        return
    console.print(commands.differs_in(letter, len(told)))
    for line in told[:MOST_TOLD]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(told) > MOST_TOLD:
        console.print(f"  {commands.more_places(len(told) - MOST_TOLD)}")


def _print(found: Comparison, shown: list[str]) -> None:
    console = terminal()
    letters = {name: ascii_uppercase[number % 26] for number, name in enumerate(found.names)}
    for name, letter in letters.items():
        console.print(Text(letter, style="bold").append(commands.letter_is(name), style="not bold"), soft_wrap=True)
    for name, told in what_differs(found).items():
        _print_what_differs(console, letters[name], told)
    console.print()
    title = commands.mean(found.replications)
    table = plain_table(title, "", *letters.values())
    for measure in shown:
        own = (found.estimates[name].get(measure) for name in found.names)
        table.add_row(measure, *("-" if one is None else with_interval(one) for one in own))
    console.print(table)
    rows = found.frame[found.frame["measure"].isin(shown)]
    for key, pair in rows.groupby(["one", "other"], sort=False):
        one, other = map(str, key)
        helped = pair.loc[(pair["helped"] > 0) & (pair["helped"] < float("inf")), "helped"]
        median = f"{helped.median():,.1f}" if len(helped) else ""
        title = commands.on_equal_luck(letters[one], letters[other], median)
        console.print(Text(title, style="bold"))
        grid = Table.grid(padding=(0, 2))
        for row in pair.to_dict("records"):
            said = str(row["verdict"])
            said = letters[other] + said.removeprefix(other) if said.startswith(other) else said
            grid.add_row(f"  {row['measure']}", said)
        console.print(grid)
        console.print()
