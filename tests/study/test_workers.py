"""How processes begin: as copies where that is safe, anew elsewhere; the numbers are the same."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from sim.cli.common import REDRAWN_EVERY_S, progress_bar
from sim.study import workers

BOTH_WAYS = """
import threading
import time
from sim.study.replicate import Settings, replicate
from sim.study.workers import processes
from sim.world.files import load
from sim.world.shipped import shipped

file = load(shipped("teaching_line"), ["clock.length=3 d"])
seen = [repr(replicate(file, Settings(replications=4, engine="simpy", workers=number)).measures) for number in (1, 2)]
print(processes().get_start_method(), seen[0] == seen[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_who_has_one_thread_begins_processes_as_copies_and_gets_the_same_numbers():
    """As the command line does."""
    said = subprocess.run([sys.executable, "-c", BOTH_WAYS], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["fork", "True"]


def test_who_has_other_threads_begins_processes_anew():
    """A lock that another thread holds would stay held in a copy for ever."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not workers.can_be_copied()
        assert workers.processes().get_start_method() == "spawn"
        assert workers.worth_starting_s() == workers.LOADING_S
    finally:
        done.set()
        other.join()


def test_a_progress_bar_has_no_thread(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """With one, the command line could not begin processes as copies when somebody watches it."""
    monkeypatch.setenv("FORCE_COLOR", "1")  # to the bar this is a terminal
    before = threading.active_count()
    with progress_bar() as tell:
        tell(0.0)
        time.sleep(2 * REDRAWN_EVERY_S)
        tell(0.5)
        assert threading.active_count() == before
    assert "50 %" in capsys.readouterr().err
