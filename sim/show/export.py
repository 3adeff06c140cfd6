"""A run folder: charts, tables, measures, the resolved scenario and how to repeat it, beside the raw records."""

from __future__ import annotations

import json
import platform
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from sim.show.answer import answer
from sim.show.figures import charts_of
from sim.show.image import Kind, image
from sim.show.run_folder import MADE_BY, MANIFEST, version
from sim.study.replicate import Result
from sim.words import tables as say
from sim.world.files import ScenarioFile
from sim.world.written import FILE_NAMES, Where

SCENARIO, RECORDS, DATA = "scenario.yaml", "records", "data"
PICTURES: tuple[Kind, ...] = ("png", "svg")


def write_result(folder: Path, result: Result, data_folder: Path) -> None:
    """Write a result into an empty folder (or one that has its records already).

    Parameters
    ----------
    folder
        Where to write: ``charts`` (PNG, SVG), ``tables`` (the numbers behind them, CSV), ``measures.csv``,
        ``measures.json``, ``scenario.yaml`` (resolved; it loads again, with the files it names in ``data``) and
        ``manifest.json``.
    result
        What was found.
    data_folder
        Where the scenario's own files, such as real orders, are looked for.

    Raises
    ------
    OSError
        Where something cannot be written.

    """
    charts = write_charts(folder, result)
    write_measures(folder, result)
    write_scenario(folder, result.file, data_folder)
    _write_json(folder / MANIFEST, {**manifest(result), "charts": charts})


def write_charts(folder: Path, result: Result) -> dict[str, dict[str, str]]:
    """Every chart as pictures, its numbers as CSV; returns title and description of each by name."""
    (folder / "charts").mkdir()
    (folder / "tables").mkdir()
    said = {}
    for name, chart in charts_of(result).items():
        for kind in PICTURES:
            (folder / "charts" / f"{name}.{kind}").write_bytes(image(chart, kind))
        chart.table.to_csv(folder / "tables" / f"{name}.csv")
        said[name] = {"title": chart.title, "shows": chart.alt}
    result.load.to_csv(folder / "tables" / "load_by_team_and_day.csv", index=False)
    return said


def write_measures(folder: Path, result: Result) -> None:
    """All measures as a table and as one object."""
    rows = {name: asdict(found) for name, found in result.measures.items()}
    pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure").to_csv(folder / "measures.csv")
    _write_json(folder / "measures.json", answer(result))


def write_scenario(folder: Path, file: ScenarioFile, data_folder: Path) -> None:
    """The resolved scenario, and a copy of each file it names, so that it loads on its own."""
    names = {path: _own_name(path) for path in named_files(file.raw)}
    for path, own in names.items():
        (folder / own).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data_folder / path, folder / own)
    own_text = replace(file, written=replace(file.written, raw=_renamed(file.raw, names))).text()
    (folder / SCENARIO).write_text(own_text, encoding="utf-8")


def manifest(result: Result) -> dict[str, Any]:
    """What ran, on what, and how to run it again."""
    file, settings = result.file, result.settings
    return {
        MADE_BY: version(),
        "scenario": file.name,
        "digest": file.digest,
        "settings": list(file.settings),
        "seed": settings.seed,
        "replications": settings.replications,
        "engine": settings.engine,
        "sentence": result.sentence,
        "repeat": repeat_command(result),
        "repeat_in": say.REPEAT_IN,
        "python": platform.python_version(),
        "packages": _packages(),
        "records": say.RECORDS_NOTE,
        "resolved": file.raw,
    }


def _packages() -> dict[str, str]:
    """The packages on which importflow stands, and their versions; none where it was not installed."""
    try:
        lines = metadata.requires(MADE_BY) or []
    except metadata.PackageNotFoundError:
        return {}
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines if "extra ==" not in line]
    return {name: metadata.version(name) for name in sorted(names)}


def repeat_command(result: Result) -> str:
    """What to type in the run folder to get the same numbers again."""
    settings = result.settings
    return (
        f"importflow run {SCENARIO} --replications {settings.replications} --seed {settings.seed}"
        f" --engine {settings.engine}"
    )


def named_files(raw: Any, where: Where = ()) -> Iterator[str]:
    """The files that a scenario's text names: real orders, and observed times.

    >>> list(named_files({"flows": {"orders": {"arrivals": {"file": {"path": "data/orders.csv"}}}}}))
    ['data/orders.csv']
    """
    if isinstance(raw, str):
        if _is_file_name(where):
            yield raw
        return
    for key, value in raw.items() if isinstance(raw, Mapping) else enumerate(raw):
        yield from named_files(value, (*where, str(key)))


def _is_file_name(where: Where) -> bool:
    return any(where[-len(end) :] == end for end in FILE_NAMES)


def _own_name(path: str) -> str:
    """Where a copy stands in the run folder: where it stood if that is below ``data``, else there with its path as a name."""
    parts = PurePosixPath(path).parts
    if parts[0] == DATA and ".." not in parts:
        return path
    return f"{DATA}/" + "_".join(part for part in parts if part not in ("..", "/", "."))


def _renamed(raw: Any, names: Mapping[str, str], where: Where = ()) -> Any:
    if isinstance(raw, str):
        return names[raw] if _is_file_name(where) else raw
    if isinstance(raw, list):
        return [_renamed(value, names, (*where, str(number))) for number, value in enumerate(raw)]
    return {key: _renamed(value, names, (*where, key)) for key, value in raw.items()}


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
