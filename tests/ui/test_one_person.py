"""One more person in the tightest team: who is tried, what is said of the best, and that a session's questions go first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.study.replicate import Result, Settings, replicate
from sim.ui import one_person
from sim.ui.choice import Choice
from sim.ui.jobs import Job, Task
from sim.ui.one_person import Aside, in_words, one_more_each, task_of, tightest
from tests.ui.runners import Noted, WhenTold

BUSY = ("clock.length=3 d", "clock.warm_up=6 h")


@pytest.fixture(scope="module")
def line() -> Result:
    """Three clerks, busy 83 % of the time."""
    return replicate(Choice("teaching_line").load(BUSY), Settings(replications=6))


def test_one_more_shortens_the_time_of_a_busy_counter(line: Result) -> None:
    """The task tries a fourth clerk; in words: sooner, with the interval; each run is that of the same change by hand."""
    task = task_of(line)
    assert task is not None
    assert task.gives_way
    tried = task.function(*task.arguments, Noted(Job(task)))
    [(post, found)] = tried
    by_hand = replicate(Choice("teaching_line").load((*BUSY, "teams.clerks.staff=4")), Settings(replications=6))
    assert (post.key, tightest(line)) == ("clerks", "clerks")
    assert found.measures["delivery_time.p95"] == by_hand.measures["delivery_time.p95"]
    assert in_words(line, tried).startswith("One more of the clerks: 95 of 100 are done ")
    assert " sooner (" in in_words(line, tried)


def test_one_who_changes_nothing_is_told_so(line: Result) -> None:
    """No clause without a sure difference."""
    tried = ((one_person.posts(line.file)[0], line),)
    assert in_words(line, tried) == "One more of the clerks: no sure change, neither for buyers nor in cost."


def test_each_shift_of_the_team_is_tried() -> None:
    """Both shifts of the officers; one whose change makes no scenario is left out."""
    file = Choice("small_site_fortnight").load(["clock.length=4 d", "clock.warm_up=1 d", "clock.measure=2 d"])
    tried = one_more_each(file, Settings(replications=2), "officers", Noted(Job(Task("", print, ()))))
    assert [post.key for post, _ in tried] == ["officers.morning", "officers.evening"]
    assert [found.file.settings[-1] for _, found in tried] == [f"{post.path}={post.staff + 1}" for post, _ in tried]


def test_what_would_take_long_is_not_asked_unasked(line: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer replications where that helps; none at all below three."""
    monkeypatch.setattr(one_person, "MOST_VISITS", 4 * one_person.estimate.visits(line.file.scenario))
    task = task_of(line)
    assert task is not None
    assert task.arguments[1].replications == 4
    assert task_of(replace(line, settings=Settings(replications=2))) is None


def test_a_job_that_gave_way_is_asked_again_and_one_that_is_dropped_is_not(line: Result) -> None:
    """Ended without a result it is put again; dropped it is cancelled."""
    pool, aside, task = WhenTold(), Aside(), task_of(line)
    assert task is not None
    assert aside.want(task, pool) is None
    pool.waiting[0].finish()
    assert aside.want(task, pool) is None
    assert len(pool.waiting) == 2
    aside.drop()
    assert [job.cancelled for job in pool.waiting] == [False, True]
