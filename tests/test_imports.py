"""Who may import whom, and which library is for which place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A module may import from its own place and from those before it; the faces do not import each other.
ORDER = ("world", "words", "plan", "engine", "analysis", "study", "show")
FACES = ("api", "cli", "ui")
ONLY_IN = {
    "simpy": ("sim/engine/simpy_model.py",),
    "numba": ("sim/engine/kernel.py", "sim/analysis/passes.py"),
    "streamlit": ("sim/ui/", "app.py"),
    "matplotlib": ("sim/show/",),
    "yaml": ("sim/world/files.py",),
    "distributed": ("sim/study/workers.py",),
}


def imported(source: str) -> Iterator[str]:
    """Dotted names of all that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ("." * node.level + f"{node.module or ''}.{name.name}" for name in node.names)


def broken_rules(path: str, source: str) -> list[str]:
    """What a module imports that it may not; ``path`` counts from the root of the repository."""
    place = path.removeprefix("sim/").removesuffix(".py").split("/")[0]
    above = ORDER[: ORDER.index(place)] if place in ORDER else ORDER
    below = {*ORDER, *FACES} - {*above, place}
    broken = []
    for name in imported(source):
        package, _, module = name.partition(".")
        if package == "":
            broken.append(f"{path}: write {name} in full")
        if package == "sim" and path not in ("app.py", "sim/__init__.py") and module.split(".")[0] in below:
            broken.append(f"{path}: {name} comes after sim.{place}")
        if package in ONLY_IN and not path.startswith(ONLY_IN[package]):
            broken.append(f"{path}: {package} is for {', '.join(ONLY_IN[package])} alone")
    return broken


def test_each_module_imports_only_what_it_may() -> None:
    """Folders import only those before them, and six libraries are each for one place."""
    sources = [ROOT / "app.py", *(ROOT / "sim").rglob("*.py")]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sources}
    assert [rule for path, text in texts.items() for rule in broken_rules(path, text)] == []


def test_every_module_has_its_place_in_the_order() -> None:
    """A new folder or file of sim/ is given a place before others can import it by chance."""
    modules = {
        path.stem for path in (ROOT / "sim").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert modules == {"__init__", *ORDER, *FACES}


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("sim/world/units.py", "from sim.plan.steps import Kind", "sim.plan.steps.Kind comes after sim.world"),
        ("sim/plan/plan.py", "import sim.engine.records", "sim.engine.records comes after sim.plan"),
        ("sim/analysis/checks.py", "from sim import show", "sim.show comes after sim.analysis"),
        ("sim/show/figures.py", "def f():\n    from sim.ui import pages", "sim.ui.pages comes after sim.show"),
        ("sim/cli/basics.py", "from sim.ui import pages", "sim.ui.pages comes after sim.cli"),
        ("sim/plan/plan.py", "from ..show import figures", "write ..show.figures in full"),
        ("sim/engine/records.py", "import simpy.events", "simpy is for sim/engine/simpy_model.py alone"),
        (
            "sim/engine/records.py",
            "from numba import njit",
            "numba is for sim/engine/kernel.py, sim/analysis/passes.py alone",
        ),
        ("sim/cli/basics.py", "import streamlit as st", "streamlit is for sim/ui/, app.py alone"),
        ("sim/ui/pages/run.py", "from matplotlib import pyplot", "matplotlib is for sim/show/ alone"),
        ("sim/world/shipped.py", "import yaml", "yaml is for sim/world/files.py alone"),
    ],
)
def test_a_planted_violation_is_found(path: str, line: str, rule: str) -> None:
    """Each rule notices the import that it forbids."""
    assert broken_rules(path, line) == [f"{path}: {rule}"]
