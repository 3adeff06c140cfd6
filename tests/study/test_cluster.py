"""A study on a real cluster: a Dask scheduler and two worker processes on loopback, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.analysis.run import Measure, Run
from sim.study.evaluate import Point, evaluator
from sim.study.question import Everything, Measures
from sim.study.workers import ClusterError, workers_for
from tests.study.worlds import desk

pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[2]
FILE = desk("clock.length=2 d")
POINTS = [Point(FILE, 1, number) for number in range(6)]
PATIENCE_S = 120
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """A process of the cluster."""
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def scheduler_file_of(folder: Path) -> Path:
    """Where the scheduler says at which address it listens."""
    return folder / "scheduler.json"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on a free port of loopback, and two workers with one thread each."""
    import json

    folder = tmp_path_factory.mktemp("cluster")
    said = scheduler_file_of(folder)
    local = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [started("dask_scheduler", *local, "--port", "0", "--scheduler-file", str(said))]
    try:
        ends = time.monotonic() + PATIENCE_S
        while not (said.exists() and said.read_text()) and time.monotonic() < ends:
            time.sleep(0.2)
        address = json.loads(said.read_text())["address"]
        workers = [
            started("dask_worker", address, *local, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
            for _ in range(2)
        ]
        processes += workers
        yield address, workers
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


@dataclass(frozen=True)
class Kills:
    """A question in the middle of which the worker that works on the third replication is killed, once."""

    mark: str
    key: str = "kills"

    def __call__(self, run: Run) -> Measures:
        """All measures, and which process found them."""
        if run.plan.replication == 2 and not Path(self.mark).exists():
            Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return {**Everything()(run), "process": Measure(float(os.getpid()), "")}


def test_a_worker_that_is_killed_in_the_middle_changes_no_number(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    """The point is done by the other worker; all numbers are those of this process, to the last digit."""
    address, workers = cluster
    with workers_for(cluster=address) as connected:
        connected._client.wait_for_workers(2, timeout=PATIENCE_S)  # type: ignore[attr-defined]
    store = tmp_path / "store.sqlite"
    with evaluator(cluster=address, store=store) as evaluate:
        found = evaluate(POINTS, Kills(str(tmp_path / "mark")))
    with evaluator(places=1) as evaluate:
        here = evaluate(POINTS)
    processes = {one.pop("process").value for one in found}
    assert repr(found) == repr(here)
    assert sum(worker.poll() is not None for worker in workers) == 1
    assert processes <= {float(worker.pid) for worker in workers}
    assert float(os.getpid()) not in processes


def test_an_address_at_which_no_scheduler_answers_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Naming it."""
    monkeypatch.setattr("sim.study.workers.CONNECT_S", 1)
    with (
        pytest.raises(ClusterError, match=r"tcp://127.0.0.1:9: no scheduler answers there"),
        workers_for(cluster="tcp://127.0.0.1:9"),
    ):
        pass
