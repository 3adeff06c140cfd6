"""A run folder holds charts, tables, measures, and a scenario that loads and runs again."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from sim.show.answer import answer
from sim.show.export import manifest, named_files, write_result, write_scenario
from sim.show.figures import charts_of
from sim.study.replicate import Result
from sim.world.files import from_text, load
from tests.show.results import SITE, site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's result, written."""
    from tests.show.results import made

    folder = tmp_path_factory.mktemp("run")
    write_result(folder, made("site"), Path())
    return folder


def test_every_chart_is_there_as_png_svg_and_table(folder: Path, site_result: Result) -> None:
    """Pictures that can be read, beside the numbers that they show."""
    charts = charts_of(site_result)
    assert {path.name for path in (folder / "charts").iterdir()} == {
        f"{name}.{kind}" for name in charts for kind in ("png", "svg")
    }
    for name, chart in charts.items():
        png = (folder / "charts" / f"{name}.png").read_bytes()
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", png[16:24])[0] == 1500, "ten inches at 150 dots"
        assert ElementTree.parse(folder / "charts" / f"{name}.svg").getroot().tag.endswith("svg")
        assert len(pd.read_csv(folder / "tables" / f"{name}.csv")) == len(chart.table)


def test_measures_read_back_are_those_found(folder: Path, site_result: Result) -> None:
    """As a table with every digit, and as the object that the command line prints."""
    table = pd.read_csv(folder / "measures.csv", index_col="measure")
    assert list(table.index) == list(site_result.measures)
    assert table.loc["delivery_time.p95", "mean"] == site_result.measures["delivery_time.p95"].mean
    assert table.loc["delivery_time.p95", "unit"] == "h"
    assert json.loads((folder / "measures.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(answer(site_result))
    )


def test_the_manifest_says_what_ran_and_how_to_repeat_it(folder: Path, site_result: Result) -> None:
    """Version, scenario, digest, settings, command, packages, and what each chart says."""
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert said["scenario"] == "small_site"
    assert said["digest"] == site_result.file.digest
    assert (said["seed"], said["replications"], said["engine"], said["settings"]) == (7, 2, "simpy", [])
    assert said["repeat"] == "importflow run scenario.yaml --replications 2 --seed 7 --engine simpy"
    assert said["resolved"] == site_result.file.raw
    assert said["packages"].keys() >= {"simpy", "numpy", "pandas", "matplotlib"}
    assert said["charts"]["queues"]["title"] == charts_of(site_result)["queues"].title
    assert said.keys() >= {"importflow", "python", "sentence"}


def test_the_manifest_lists_the_settings(site_result: Result) -> None:
    """What --set changed is there in the words in which it was given."""
    changed = site("teams.packers.shifts.early.staff=5")
    assert manifest(Result(**{**vars(site_result), "file": changed}))["settings"] == [
        "teams.packers.shifts.early.staff=5"
    ]


def test_the_resolved_scenario_loads_to_the_same_world(folder: Path) -> None:
    """Nothing is lost on the way to the file and back."""
    again = load(folder / "scenario.yaml")
    assert again.scenario == site().scenario
    assert again.digest == site().digest


ORDERS = "time,lines\n2026-11-02 09:00,1\n2026-11-02 10:00,2\n"
TIMES = "minutes\n3\n4\n"
WITH_FILES = SITE.replace(
    "arrivals: {poisson: {per_day: 90, hours: [1,1,1,1,1,1,2,3,4,5,6,6,5,5,5,5,5,5,5,6,8,9,7,4]}}",
    "arrivals: {file: ORDERS}",
).replace(
    "packing: {team: packers, work: 5 min,",
    "packing: {team: packers, work: {empirical: {file: TIMES, column: minutes}},",
)


@pytest.mark.parametrize(
    ("orders", "times"),
    [
        ("data/orders.csv", "data/times.csv"),
        ("orders.csv", "../elsewhere/times.csv"),
        ("manifest.json", "deep/down/times.csv"),
    ],
)
def test_files_that_a_scenario_names_come_along(tmp_path: Path, orders: str, times: str) -> None:
    """Wherever they lay, copies stand below data, and the copied scenario finds them there."""
    home = tmp_path / "home" / "scenarios"
    for name, text in ((orders, ORDERS), (times, TIMES)):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    file = from_text(WITH_FILES.replace("ORDERS", orders).replace("TIMES", times), home)
    assert sorted(named_files(file.raw)) == sorted([orders, times])
    run = tmp_path / "run"
    run.mkdir()
    write_scenario(run, file, home)
    assert {path.relative_to(run).parts[0] for path in run.rglob("*.*")} == {"data", "scenario.yaml"}
    again = load(run / "scenario.yaml").scenario
    arrivals = again.flows["orders"].arrivals.file
    assert arrivals is not None
    assert list(arrivals.orders["lines"]) == [1, 2]
    assert (run / arrivals.path).read_text() == ORDERS, "comments and layout are kept"


def test_a_file_below_data_keeps_its_name_and_the_scenario_its_digest(tmp_path: Path) -> None:
    """The usual case changes nothing in what the scenario says."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders.csv").write_text(ORDERS)
    (tmp_path / "data" / "times.csv").write_text(TIMES)
    file = from_text(WITH_FILES.replace("ORDERS", "data/orders.csv").replace("TIMES", "data/times.csv"), tmp_path)
    run = tmp_path / "run"
    run.mkdir()
    write_scenario(run, file, tmp_path)
    assert load(run / "scenario.yaml").digest == file.digest
