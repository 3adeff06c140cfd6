"""Where the scenarios that come with the product are: beside the sources, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from sim.world.errors import ScenarioError, nearest

_HERE = Path(__file__).resolve().parents[1]


def scenarios_folder() -> Path:
    """The folder of shipped scenarios."""
    installed = _HERE / "scenarios"
    return installed if installed.is_dir() else _HERE.parent / "scenarios"


def shipped_names() -> list[str]:
    """Names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in scenarios_folder().glob("*.yaml"))


def shipped(name: str) -> Path:
    """The file of a shipped scenario. Raises ScenarioError with the nearest name where there is none."""
    path = scenarios_folder() / f"{name}.yaml"
    if not path.is_file():
        raise ScenarioError(f"no shipped scenario '{name}'{nearest(name, shipped_names())}")
    return path


def find(name_or_path: str | Path) -> Path:
    """A scenario file by path, or by the name of a shipped one. Raises ScenarioError where there is neither."""
    path = Path(name_or_path)
    looks_like_a_name = path.suffix == "" and path.parent == Path()
    return shipped(path.name) if looks_like_a_name and not path.exists() else path
