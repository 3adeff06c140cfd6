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


CTRL_C_AT_THE_START = """
import os, signal
from sim.study.workers import ignoring_ctrl_c
try:
    with ignoring_ctrl_c():
        os.kill(os.getpid(), signal.SIGINT)
        print("started")
except KeyboardInterrupt:
    print("heeded", signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


def test_ctrl_c_while_processes_start_is_not_lost():
    """It is heeded when they have started."""
    said = subprocess.run([sys.executable, "-c", CTRL_C_AT_THE_START], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["started", "heeded", "False"]


def test_processes_that_were_started_do_not_heed_ctrl_c():
    """It reaches them too, and who started them ends them."""
    ask = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    with workers.ignoring_ctrl_c():
        child = subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE, text=True)
    assert child.communicate()[0] == "True\n"
