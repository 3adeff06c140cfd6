"""The built wheel works where the repository is not: its command, its scenarios, its app."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path) -> str:
    """What a command prints when it is run in a folder; fails with all that it said where it fails."""
    outside = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([str(part) for part in command], cwd=folder, env=outside, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository, freshly built."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel alone, and borrows its dependencies from this one.

    A folder named in a .pth file is searched for modules, but .pth files within it are not read: so the
    editable install, which is one, is left behind.
    """
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder)
    bin_folder = folder / "bin"
    run(
        *(sys.executable, "-m", "pip", "--python", bin_folder / "python", "install", "--quiet"),
        *("--no-index", "--no-deps", "--disable-pip-version-check", wheel),
        folder=folder,
    )
    site_packages = next(folder.glob("lib/python*/site-packages"))
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return bin_folder


def test_the_wheel_holds_the_code_the_scenarios_and_the_app_and_nothing_else(wheel: Path) -> None:
    """All of sim/ and scenarios/, and app.py with its settings, each once; no tests."""
    shipped = [path for folder in ("sim", "scenarios") for path in (ROOT / folder).rglob("*.*")]
    kept = [path.relative_to(ROOT) for path in shipped if path.is_file() and "__pycache__" not in path.parts]
    wanted = [f"{'' if path.parts[0] == 'sim' else 'sim/'}{path.as_posix()}" for path in kept]
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert sorted(names) == sorted([*wanted, "sim/app.py", "sim/.streamlit/config.toml"])


def test_it_is_the_wheel_that_runs_and_not_the_repository(environment: Path, tmp_path: Path) -> None:
    """In the environment of these tests, sim is the installed one and the repository is not to be found."""
    where = run(
        environment / "python", "-c", "import sim, sys; print(sim.__file__, *sys.path, sep='\\n')", folder=tmp_path
    )
    module, *searched = where.splitlines()
    assert Path(module).is_relative_to(environment.parent)
    assert not {ROOT, ROOT / "sim"} & {Path(path) for path in searched}


def test_the_command_says_what_it_can_do(environment: Path, tmp_path: Path) -> None:
    """``importflow --help`` names its commands."""
    said = run(environment / "importflow", "--help", folder=tmp_path)
    assert [command for command in ("run", "check", "explain", "app") if command not in said] == []


def test_all_scenarios_come_along(environment: Path, tmp_path: Path) -> None:
    """Every scenario of the repository is found by its name, in the wheel."""
    script = "from sim.world.shipped import *; print(scenarios_folder(), *shipped_names(), sep='\\n')"
    folder, *names = run(environment / "python", "-c", script, folder=tmp_path).splitlines()
    assert Path(folder).is_relative_to(environment.parent)
    assert names == sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


def test_a_shipped_scenario_runs(environment: Path, tmp_path: Path) -> None:
    """A run from anywhere leaves records, charts and a manifest in the folder asked for.

    On the engine that need not be compiled anew for this environment.
    """
    command = (environment / "importflow", "run", "teaching_line", "--engine", "simpy", "--replications", "2")
    said = run(*command, "--out", "out", folder=tmp_path)
    kinds = {path.suffix for path in (tmp_path / "out").rglob("*.*")}
    assert {".png", ".svg", ".parquet", ".json"} <= kinds
    assert "out" in said


def test_the_app_opens(environment: Path, tmp_path: Path) -> None:
    """The page that comes with the wheel shows itself without an error."""
    script = (
        "from pathlib import Path; import sim; from streamlit.testing.v1 import AppTest;"
        "page = AppTest.from_file(Path(sim.__file__).with_name('app.py'), default_timeout=60).run();"
        "print([error.message for error in page.exception], bool(page.main.children))"
    )
    assert run(environment / "python", "-c", script, folder=tmp_path).split("\n")[-2] == "[] True"
