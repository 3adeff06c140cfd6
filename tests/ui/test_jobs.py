"""Tasks in real worker processes: results, progress, cancelling, and what is said when something goes wrong."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from types import FrameType

import pytest

from sim.study.replicate import Result, Settings
from sim.ui import jobs, learning, one_person, pictures, promising, reporting, running, studying, watching, worker
from sim.ui.choice import Choice
from sim.ui.jobs import Bounds, Job, Pool, Task
from sim.ui.memory import Memory
from sim.ui.running import Request
from sim.ui.worker import Line, StoppedError, Teller

PATIENCE_S = 120.0


def slow(seconds: float, progress: Callable[[float], None]) -> int:
    """Half done at once, then nothing for a long time; says which process it is."""
    progress(0.5)
    time.sleep(seconds)
    return os.getpid()


def process_number(progress: Callable[[float], None]) -> int:
    """Which process this is."""
    return os.getpid()


def broken(progress: Callable[[float], None]) -> None:
    """A defect."""
    raise ZeroDivisionError("a planted defect")


def killed(progress: Callable[[float], None]) -> None:
    """What the machine does to a process for which it has no memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def counting(to: int, tell: Teller) -> int:
    """Tells every number on its way; says which process it is."""
    for number in range(to):
        tell.partial(number)
        time.sleep(0.01)
    return os.getpid()


@pytest.fixture(scope="module")
def pool() -> Pool:
    """One place, as on a small machine."""
    return Pool(1, Bounds(results=2))


def done(job: Job) -> Job:
    """The job when it has ended."""
    assert job.wait(PATIENCE_S)
    return job


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that a process is about to do."""
    end = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def test_a_scenario_runs_in_another_process(pool: Pool) -> None:
    """The result is that of the same run here; the second time it comes from memory."""
    file = Choice("teaching_line").load(["clock.length=6 h", "clock.warm_up=1 h"])
    request = Request(file, Settings(replications=2, engine="simpy"))
    job = done(pool.submit(request.task))
    assert isinstance(job.result, Result)
    assert job.result.measures["wait.counter.mean"].replications == 2
    assert job.progress == 1.0
    again = pool.submit(Request(file, Settings(replications=2, engine="simpy")).task)
    assert again.look()
    assert again.result is job.result


def test_one_process_serves_one_job_after_another(pool: Pool) -> None:
    """It is started once, and it is not this process."""
    first, second = (done(pool.submit(Task(key, process_number, ()))).result for key in ("one", "two"))
    assert first == second != os.getpid()


def test_a_cancelled_job_ends_at_once_and_its_place_is_free(pool: Pool) -> None:
    """It does not wait for the quarter of an hour that its work would take, and the next job is done."""
    job = pool.submit(Task("slow", slow, (1000.0,)))
    until(lambda: job.progress == 0.5)
    job.cancel()
    assert (done(job).result, job.problem) == (None, "")
    assert isinstance(done(pool.submit(Task("next", process_number, ()))).result, int)


def test_what_is_known_so_far_comes_before_the_result(pool: Pool) -> None:
    """The last thing told stays with the job."""
    assert done(pool.submit(Task("to five", counting, (5,)))).partial == 4


def test_a_job_that_tells_what_it_does_is_stopped_without_ending_its_process(pool: Pool) -> None:
    """A new process would take seconds to start; what was found so far is kept."""
    before = done(pool.submit(Task("before", process_number, ()))).result
    job = pool.submit(Task("to many", counting, (100_000,)))
    until(lambda: (job.partial or 0) > 3)
    job.cancel()
    assert done(job).result is None
    assert job.partial > 3
    assert done(pool.submit(Task("the same?", process_number, ()))).result == before


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no signal by which to stop a task")
def test_a_job_that_tells_nothing_is_stopped_without_ending_its_process(pool: Pool) -> None:
    """A long measurement between two things told; what it has built up, such as kept draws, is there for the next."""
    before = done(pool.submit(Task("before a deaf one", process_number, ()))).result
    job = pool.submit(Task("deaf", slow, (1000.0,)))
    until(lambda: job.progress == 0.5)
    job.cancel()
    assert done(job).result is None
    assert done(pool.submit(Task("still the same?", process_number, ()))).result == before


def test_a_process_that_has_just_begun_is_not_ended_by_being_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it has said anything the signal would be the end of it; it reads that it is to stop when it is there."""
    monkeypatch.setattr(jobs, "STOP_S", PATIENCE_S)
    child = jobs._Child()
    try:
        child.line.send((counting, (100_000,)))
        assert child.stopped()
        assert child.process.is_alive()
    finally:
        child.end()


def test_in_the_midst_of_an_import_or_a_message_a_task_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends at the next that it tells: half a module or half a message would break all that comes after."""
    near, far = Pipe()
    line, told = Line(near), []

    def found(frame: FrameType | None) -> bool:
        told.append(frame)
        return True

    monkeypatch.setattr(worker, "_imports", found)
    line.stop(None)
    assert told == [None]
    with pytest.raises(StoppedError):
        line(0.5)
    assert not far.poll()


def test_an_import_is_seen_in_the_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own names of the frames between a module and who imports it."""
    lines = "import sys", "from sim.ui import worker", "inside = worker._imports(sys._getframe())"
    (tmp_path / "looks_around.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert importlib.import_module("looks_around").inside
    assert not worker._imports(sys._getframe())


def test_a_job_that_gives_way_is_stopped_when_another_comes(pool: Pool) -> None:
    """It is not cancelled: whoever wants it asks again."""
    idle = pool.submit(Task("idle", counting, (100_000,), gives_way=True))
    until(lambda: idle.partial is not None)
    assert isinstance(done(pool.submit(Task("question", process_number, ()))).result, int)
    assert (done(idle).result, idle.cancelled, idle.problem) == (None, False, "")


def test_a_job_that_waits_can_be_cancelled(pool: Pool) -> None:
    """It never begins."""
    first = pool.submit(Task("long", slow, (1000.0,)))
    second = pool.submit(Task("behind", process_number, ()))
    second.cancel()
    first.cancel()
    assert done(second).began_s is None
    assert second.result is None


def test_a_job_at_which_nobody_looks_is_given_up(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has closed the page keeps no place busy."""
    monkeypatch.setattr(jobs, "FORGOTTEN_S", 0.0)
    job = done(pool.submit(Task("forgotten", slow, (1000.0,))))
    assert (job.result, job.problem) == (None, "")


def test_a_closed_page_makes_room_for_one_that_waits(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody else waits for the place, patience is short."""
    monkeypatch.setattr(jobs, "MAKE_ROOM_S", 0.5)
    closed = pool.submit(Task("closed", slow, (1000.0,)))
    until(lambda: closed.progress == 0.5)
    assert not closed.look()
    assert isinstance(done(pool.submit(Task("waiting", process_number, ()))).result, int)
    assert (done(closed).result, closed.cancelled) == (None, False)


def test_a_scenario_that_cannot_be_run_is_refused_in_its_own_words(pool: Pool) -> None:
    """What the author can mend is said as everywhere, without a trace."""
    file = Choice("teaching_line").load(["flows.visitors.arrivals.gaps.exponential=40 d"])
    job = done(pool.submit(Request(file, Settings(replications=1)).task))
    assert job.problem.endswith("flows: nothing arrives within the clock, and nothing is there at the start")


def test_a_defect_is_shown_with_its_trace(pool: Pool) -> None:
    """It asks for a report, and the process goes on serving."""
    job = done(pool.submit(Task("broken", broken, ())))
    assert job.problem.startswith("The run stopped because of a defect in importflow.")
    assert "ZeroDivisionError: a planted defect" in job.problem
    assert done(pool.submit(Task("after", process_number, ()))).problem == ""


def test_a_process_that_was_killed_is_explained_and_replaced(pool: Pool) -> None:
    """Most likely for want of memory: say so, and what to do."""
    job = done(pool.submit(Task("killed", killed, ())))
    assert "was ended from outside (exit code -9)" in job.problem
    assert "Run fewer days or replications" in job.problem
    assert isinstance(done(pool.submit(Task("afterwards", process_number, ()))).result, int)


def test_memory_forgets_what_was_used_longest_ago() -> None:
    """Looking at a result counts as using it."""
    memory = Memory(2, most_bytes=100)
    memory.put("a", 1, 10)
    memory.put("b", 2, 10)
    assert memory.get("a") == 1
    memory.put("c", 3, 10)
    assert [memory.get(key) for key in "abc"] == [1, None, 3]


def test_requests_are_equal_by_content() -> None:
    """The same scenario said in another way has the same answer; another seed has another."""
    line = Choice("teaching_line")
    text = Path(__file__).parents[2].joinpath("scenarios/teaching_line.yaml").read_text(encoding="utf-8")
    plain, uploaded = (Request(choice.load(), Settings()) for choice in (line, Choice("mine", text)))
    assert plain.key == uploaded.key
    assert plain.key != Request(line.load(), Settings(seed=2)).key
    assert plain.key != Request(line.load(["teams.clerks.staff=4"]), Settings()).key


def test_a_worker_loads_no_streamlit_for_any_task() -> None:
    """It would take half a second and tens of megabytes in each of them, and draws no page."""
    tasks = (running.run, pictures.draw, watching.watched, reporting.make, one_person.one_more_each, promising.answered,
             learning.answered, studying.studied)  # fmt: skip
    modules = ", ".join(sorted({task.__module__ for task in tasks}))
    loads = f"import sys, sim.ui.worker, {modules}; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0
