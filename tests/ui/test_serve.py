"""The server as ``importflow app`` starts it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

LONG_S = 120.0


def workers_of(process: int) -> list[str]:
    """The command lines of a process's workers."""
    children = Path(f"/proc/{process}/task").glob("*/children")
    numbers = [number for file in children for number in file.read_text().split()]
    lines = [Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ") for number in numbers]
    return [line for line in lines if "spawn_main" in line]


@pytest.mark.skipif(sys.platform != "linux", reason="a process's children are read where Linux tells them")
def test_a_worker_is_woken_before_anybody_comes(tmp_path: Path) -> None:
    """Nobody opens a page, and yet there is a worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sim.ui.serve", f"--server.port={port}", "--server.headless=true"]
    with (tmp_path / "log.txt").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            end = time.monotonic() + LONG_S
            while not workers_of(server.pid):
                assert server.poll() is None, (tmp_path / "log.txt").read_text()
                assert time.monotonic() < end
                time.sleep(0.1)
        finally:
            server.terminate()
            server.wait(LONG_S)
