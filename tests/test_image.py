"""The Dockerfile, as far as it can be tested without Docker: what it copies is there, and its health check works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).resolve().parents[1]
LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def instructions(kind: str) -> list[str]:
    """What stands after each instruction of that kind."""
    return [line.removeprefix(kind).strip() for line in LINES if line.startswith(f"{kind} ")]


def reaches_docker(path: str) -> bool:
    """Whether .dockerignore lets a path at the root through; the last line that fits decides."""
    fitting = [line for line in IGNORED if fnmatch(path, line.lstrip("!"))]
    return not fitting or fitting[-1].startswith("!")


def test_all_that_is_copied_is_there_and_nothing_else_is_sent() -> None:
    """Every source of COPY is in the repository and passes .dockerignore; a folder such as tests/ does not."""
    sources = [source for line in instructions("COPY") for source in line.split()[:-1]]
    assert {"app.py", "sim", "scenarios", ".streamlit", "constraints.txt"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists() or not reaches_docker(source)] == []
    assert [path for path in ("tests", ".git", "runs", "docs", ".venv") if reaches_docker(path)] == []
    assert ".streamlit/secrets.toml" in IGNORED


def test_it_installs_what_the_product_needs_in_the_pinned_versions(tmp_path: Path) -> None:
    """The list that the image makes of pyproject.toml holds every dependency and the login; all of it is constrained."""
    install = next(line for line in instructions("RUN") if "needed.txt" in line)
    program = re.search(r'python -c "(.*?)"', install)
    assert program is not None
    listed = subprocess.run(
        [sys.executable, "-c", re.sub(r"; +print", "; print", program[1])],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert listed == [*project["dependencies"], "streamlit[auth]>=1.67"]
    assert [
        line for line in instructions("RUN") if "pip install" in line and "--constraint constraints.txt" not in line
    ] == []


def test_it_runs_as_somebody_without_rights_and_serves_all() -> None:
    """The last user is not root; the command is one that importflow knows."""
    assert instructions("USER")[-1] == "importflow"
    name, *arguments = json.loads(instructions("CMD")[0])
    assert (name, arguments) == ("importflow", ["app", "--host", "0.0.0.0", "--port", "8501"])
    assert CliRunner().invoke(app, [arguments[0], "--help"]).exit_code == 0


class Health(BaseHTTPRequestHandler):
    """A server that is well, or not."""

    well = True

    def do_GET(self) -> None:
        self.send_response(200 if self.well and self.path == "/_stcore/health" else 503)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where that server listens."""
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_health_check_tells_well_from_unwell(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with 0 while the server says ok, and with another code where it does not, or is gone."""
    check = next(line for line in LINES if line.startswith("HEALTHCHECK "))
    command = json.loads(check.partition("CMD ")[2])
    asks = [sys.executable, "-c", command[2].replace("8501", str(port))]
    assert subprocess.run(asks, capture_output=True).returncode == 0
    monkeypatch.setattr(Health, "well", False)
    assert subprocess.run(asks, capture_output=True).returncode != 0
    assert subprocess.run([asks[0], asks[1], asks[2].replace(str(port), "9")], capture_output=True).returncode != 0
