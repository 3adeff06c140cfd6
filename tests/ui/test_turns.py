"""Many sessions at one pool: turns, one job each, the same thing once, and what is too large or too long."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.study.replicate import Settings
from sim.ui import jobs
from sim.ui.choice import Choice
from sim.ui.jobs import Bounds, Job, Pool, Task
from sim.ui.limits import Limits
from sim.ui.promising import Order, PromiseRequest
from sim.ui.running import Request
from sim.ui.shares import once
from sim.ui.turns import Turns

PATIENCE_S = 120.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here looks at a job now and then, as a page does; on a busy machine it would be taken for closed."""
    monkeypatch.setattr(jobs, "MAKE_ROOM_S", PATIENCE_S)


def job(owner: str, key: str) -> Job:
    """A session's job for the result of that key."""
    return Job(Task(key, process_number, ()), owner)


def process_number(progress: Callable[[float], None]) -> int:
    """Which process this is."""
    return os.getpid()


def once_there(path: Path, progress: Callable[[float], None]) -> float:
    """Wait for a file; the moment at which it was there."""
    progress(0.5)
    while not path.exists():
        time.sleep(0.01)
    return time.monotonic()


def order_of(turns: Turns, count: int) -> list[tuple[str, str]]:
    """Who is served with what, one after the other."""
    served = []
    for _ in range(count):
        taken = turns.take()
        served.append((taken.owner, str(taken.task.key)))
        turns.end(taken)
    return served


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that a process is about to do."""
    end = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def looked_at(asked: list[Job]) -> bool:
    """Look at all, as open pages do."""
    return len([one.look() for one in asked]) > 0


def test_who_asks_much_does_not_keep_others_waiting() -> None:
    """Four jobs of one session and two of others: each of the others waits for one job, not for four."""
    turns = Turns()
    for number in range(4):
        turns.put(job("class", f"c{number}"))
    turns.put(job("ann", "a"))
    turns.put(job("bob", "b"))
    assert order_of(turns, 6) == [
        ("class", "c0"), ("ann", "a"), ("bob", "b"), ("class", "c1"), ("class", "c2"), ("class", "c3"),
    ]  # fmt: skip


def test_a_session_has_one_job_under_way() -> None:
    """Its second waits for the first to end, while another session is served."""
    turns = Turns()
    turns.put(job("ann", "a1"))
    turns.put(job("ann", "a2"))
    first = turns.take()
    turns.put(job("bob", "b"))
    second = turns.take()
    assert [first.task.key, second.task.key] == ["a1", "b"]
    turns.end(first)
    assert turns.take().task.key == "a2"


def test_what_is_under_way_for_one_session_is_not_begun_for_another() -> None:
    """The one who asks for the same waits for that result; it is taken out of turn when it is there."""
    turns = Turns()
    turns.put(job("ann", "same"))
    first = turns.take()
    same, other = job("bob", "same"), job("eve", "other")
    turns.put(same)
    turns.put(other)
    assert turns.take() is other
    assert turns.asking_for("same") == [same]
    assert not turns.others_wait()
    turns.end(first)


def test_what_gives_way_waits_for_all_that_does_not() -> None:
    """It is begun last, also before later work of the same session, and is no reason for others of its kind to end."""
    turns = Turns()
    extras = [Job(Task(f"extra {owner}", process_number, (), gives_way=True), owner) for owner in ("ann", "bob")]
    for extra in extras:
        turns.put(extra)
    assert not turns.others_wait()
    turns.put(job("ann", "a"))
    turns.put(job("eve", "e"))
    assert turns.others_wait()
    assert order_of(turns, 4) == [("ann", "a"), ("eve", "e"), ("bob", "extra bob"), ("ann", "extra ann")]


def test_closed_pages_lose_their_turn_where_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that was cancelled, or at which nobody looks, ends without being begun."""
    turns = Turns()
    closed, cancelled = job("gone", "g"), job("ann", "a")
    turns.put(closed)
    turns.put(cancelled)
    cancelled.cancel()
    monkeypatch.setattr(jobs, "MAKE_ROOM_S", 0.0)
    open_job = job("bob", "b")
    turns.put(open_job)
    open_job.forgotten = lambda *, others_wait: False  # type: ignore[method-assign]
    assert turns.take() is open_job
    assert [closed.wait(0), closed.began_s, closed.result, closed.problem] == [True, None, None, ""]
    assert cancelled.wait(0)


def test_a_class_that_asks_the_same_is_answered_by_one_run(tmp_path: Path) -> None:
    """Twelve sessions ask for one thing: it is computed once, and all get that result when it comes."""
    begun: list[Job] = []
    pool, go = Pool(2, Bounds(results=10), begun.append), tmp_path / "go"
    asked = [pool.submit(Task("lesson", once_there, (go,)), f"pupil {number}") for number in range(12)]
    until(lambda: looked_at(asked) and any(one.progress for one in asked))
    go.touch()
    until(lambda: looked_at(asked) and all(one.look() for one in asked))
    assert len({one.result for one in asked}) == 1
    assert len(begun) == 1
    assert sum(one.began_s is not None for one in asked) == 1


def test_one_session_cannot_take_all_places(tmp_path: Path) -> None:
    """With two places and a session that has asked three times, one who comes later is served at once."""
    pool, never = Pool(2, Bounds(results=10)), tmp_path / "never"
    greedy = [pool.submit(Task(number, once_there, (never,)), "greedy") for number in range(3)]
    late = pool.submit(Task("late", process_number, ()), "late")
    until(late.look)
    assert isinstance(late.result, int)
    assert [one.began_s is not None for one in greedy] == [True, False, False]
    for one in greedy:
        one.cancel()


def test_too_many_orders_are_refused_before_they_are_run() -> None:
    """The refusal says how many they are, how many may be, and what would do; what fits is not refused."""
    pool = Pool(0, Bounds(results=10, orders=100_000))
    site = Choice("six_stages").load()
    refused = pool.submit(Request(site, Settings(replications=10)).task)
    assert refused.problem == (
        "This asks for about 120,000 orders; this server takes up to 100,000 in one question. "
        "Set fewer days or replications: 83 % of them would do."
    )
    assert pool.submit(Request(site, Settings(replications=8)).task).problem == ""


def test_a_sellers_question_counts_like_a_planners() -> None:
    """Both name the orders of all replications together: 12,000 a replication."""
    site, settings = Choice("six_stages").load(), Settings(replications=3)
    start = site.scenario.clock.start
    seller = PromiseRequest(site, settings, Order(start, start, 0.9)).task
    assert seller.orders == Request(site, settings).task.orders == pytest.approx(36_000)


def test_a_job_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """It is stopped with a reason, and its place is free for the next."""
    pool = Pool(1, Bounds(results=10, job_s=0.3))
    long = pool.submit(Task("long", once_there, (tmp_path / "never",)), "ann")
    after = pool.submit(Task("after", process_number, ()), "bob")
    assert long.wait(PATIENCE_S)
    assert long.problem.startswith("This was stopped after 0.005 min, the longest that this server works on one")
    until(lambda: after.began_s is not None)


def test_all_limits_are_read_and_all_mistakes_are_named() -> None:
    """A typo in one variable does not hide that in another."""
    said = {
        "IMPORTFLOW_PLACES": "3",
        "IMPORTFLOW_ORDERS": " 5000 ",
        "IMPORTFLOW_MINUTES": "2",
        "IMPORTFLOW_MEMORY_MB": "9",
    }
    assert Limits.of(said) == Limits(places=3, orders=5000, minutes=2, memory_mb=9)
    assert Limits.of({"IMPORTFLOW_ORDERS": ""}).orders == 100_000_000
    with pytest.raises(ValueError, match="IMPORTFLOW_PLACES=0: must be a whole number") as error:
        Limits.of({"IMPORTFLOW_PLACES": "0", "IMPORTFLOW_MINUTES": "1.5"})
    assert "IMPORTFLOW_MINUTES=1.5" in str(error.value)


def test_the_first_visitors_who_come_at_the_same_moment_share_one_pool() -> None:
    """What is made for all sessions is made once, however many ask for it before it is there."""
    made: list[object] = []

    def make() -> object:
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    the_one = once(make)
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: the_one(), range(8)))
    assert len(made) == 1
    assert set(map(id, got)) == {id(made[0])}
