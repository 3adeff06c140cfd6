"""What the repository promises about itself: its pins, its dependencies, and what no file of it names."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNNING: list[str] = PYPROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
BUILDING: list[str] = PYPROJECT["build-system"]["requires"]

HOSTS = [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("anaconda", "org"), ("npmjs", "org"))]
PLACES = r"(?:file://|(?<![\w.~)}*/-]))/(?:work|root|home|Users)\b(?![.-])"
FORBIDDEN = re.compile("|".join([PLACES, *map(re.escape, HOSTS)]))
UNTRACKED = {".git", ".venv", ".hypothesis", "__pycache__", "build", "dist", "runs"}


def names(requirements: Iterable[str]) -> set[str]:
    """The packages that lines such as ``pydantic>=2`` name."""
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def pins() -> dict[str, str]:
    """Package -> version, as constraints.txt says."""
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == [], "names and versions only"
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def needed(requirements: Iterable[str]) -> set[str]:
    """The packages to which requirements lead on this machine, directly or by way of others."""
    found: set[str] = set()
    todo = {(line, "") for line in requirements}
    done: set[tuple[str, str]] = set()
    while todo:
        line, extra = todo.pop()
        done.add((line, extra))
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            found.add(canonicalize_name(requirement.name))
            onward = metadata.requires(requirement.name) or []
            todo |= {(below, wanted) for below in onward for wanted in ("", *requirement.extras)} - done
    return found


def test_every_package_that_is_installed_is_pinned() -> None:
    """All that running, building and testing needs, directly or by way of others, has its version in constraints.txt."""
    assert needed([*RUNNING, *EXTRAS["dev"], *BUILDING]) - pins().keys() == set()
    assert needed([*EXTRAS["cluster"]]) - pins().keys() == set()
    assert names(EXTRAS["bench"]) - pins().keys() == set()


def test_nothing_is_pinned_that_is_older_than_allowed() -> None:
    """The versions in constraints.txt satisfy the bounds in pyproject.toml."""
    versions = pins()
    lines = [*RUNNING, *BUILDING, *(line for extra in EXTRAS.values() for line in extra)]
    bounds = [Requirement(line) for line in lines]
    assert [str(bound) for bound in bounds if versions[canonicalize_name(bound.name)] not in bound.specifier] == []


def test_the_package_declares_all_that_it_imports() -> None:
    """What sim/ and app.py import is Python's own or a dependency named in pyproject.toml: no luck with what others bring."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "app.py", *(ROOT / "sim").rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    foreign = {module.split(".")[0] for module in modules} - sys.stdlib_module_names - {"sim"}
    providers = metadata.packages_distributions()
    declared = names([*RUNNING, *EXTRAS["cluster"]])  # what only a cluster needs is imported when there is one
    assert {name for name in foreign if not names(providers.get(name, [])) & declared} == set()


def files(folder: Path) -> Iterator[Path]:
    """All files of the repository, without what tools and runs leave in it."""
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif path.name not in UNTRACKED and not path.name.endswith("_cache"):
            yield from files(path)


def test_no_file_names_a_package_host_or_a_place_on_a_machine() -> None:
    """Where packages come from and where the repository lies is each user's own affair."""
    texts = {path: path.read_bytes().decode("utf-8", errors="replace") for path in files(ROOT)}
    assert [f"{path}: {match[0]}" for path, text in texts.items() for match in FORBIDDEN.finditer(text)] == []


@pytest.mark.parametrize(
    "text", ["see /" + "work/main", "'/" + "root/.venv'", "file:///" + "home/me", "cd /" + "work", "from " + HOSTS[0]]
)
def test_a_planted_host_or_place_is_found(text: str) -> None:
    """The search of the test above meets absolute paths and hosts."""
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["pick/work", "../" + "work", "sim/home", "~/" + "work", "10 / work_ms"])
def test_relative_paths_are_no_places(text: str) -> None:
    """Nor does it take a relative path or a division for one."""
    assert not FORBIDDEN.search(text)
