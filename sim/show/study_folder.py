"""A folder of what a study found: tables as CSV and Parquet, charts as PNG and SVG, and how to repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.show.chart import Picture
from sim.show.image import Kind, image
from sim.show.run_folder import MADE_BY, MANIFEST, version

PICTURES: tuple[Kind, ...] = ("png", "svg")


def write_study(
    folder: Path, tables: Mapping[str, pd.DataFrame], charts: Mapping[str, Picture], manifest: Mapping[str, Any]
) -> None:
    """Write a study into an empty folder. Raises OSError where something cannot be written."""
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
        table.to_parquet(folder / f"{name}.parquet", index=False)
    for name, chart in charts.items():
        for kind in PICTURES:
            (folder / f"{name}.{kind}").write_bytes(image(chart, kind))
    said = {name: {"title": chart.title, "shows": chart.alt} for name, chart in charts.items()}
    whole = {MADE_BY: version(), **manifest, "charts": said}
    (folder / MANIFEST).write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
