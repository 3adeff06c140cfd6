"""``importflow capacity``: how much a plan can take."""

from __future__ import annotations

from rich.text import Text

from sim.analysis.intervals import Estimate
from sim.analysis.words import share, with_interval
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
from sim.show.study_answers import capacity_json, capacity_sentence
from sim.study.capacity import Capacity, capacity
from sim.study.target import EXAMPLE, TargetError, parse_target
from sim.words import commands
from sim.world.files import load
from sim.world.shipped import find


@app.command("capacity")
def capacity_command(
    scenario: ScenarioArgument,
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
    """Find the largest multiple of the orders that still keeps the targets, and the stage that overflows first."""
    with study_errors():
        if not target:
            raise TargetError(f"say what has to be kept with --target: {EXAMPLE}")
    with asking(workers, cluster, store, no_store) as evaluate:
        file = load(find(scenario), set_ or ())
        found = capacity(file, [parse_target(text, file.scenario) for text in target], evaluate, seed, replications)
    if out is not None:
        write_tables(out, {"capacity": found.frame}, {}, {"scenario": file.name, "seed": seed})
    if format_ is Format.json:
        print_json(capacity_json(found))
    else:
        _print(found)


def _print(found: Capacity) -> None:
    console = terminal()
    console.print(Text(capacity_sentence(found), style="bold"))
    measures = [target.measure for target in found.targets]
    table = plain_table(
        f"\n{commands.means(found.replications)}",
        commands.DEMAND,
        *measures,
        commands.TIGHTEST_TEAM,
        commands.ITS_LOAD,
    )
    for row in found.frame.to_dict("records"):
        cells = [
            with_interval(
                Estimate(
                    row[target.measure],
                    row[f"{target.measure}_low"],
                    row[f"{target.measure}_high"],
                    target.unit,
                    found.replications,
                )
            )
            for target in found.targets
        ]
        table.add_row(
            f"{row['demand']:.2f}", *cells, found.file.scenario.label("teams", str(row["tightest"])), share(row["load"])
        )
    console.print(table)
