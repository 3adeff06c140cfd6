"""The last answer stays until a new one has come, and a changed scenario is compared with the scenario as it is."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from threading import Event, Thread

import pytest

from sim.show.figures import KINDS
from sim.study.replicate import Result, Settings, replicate
from sim.ui.choice import Choice
from sim.ui.components.checks import badges
from sim.ui.desk import Answer, Ask, Desk
from sim.ui.one_person import task_of
from sim.ui.running import Request
from sim.ui.stage_map import stations
from tests.ui.runners import WhenTold

SHORT = ("clock.length=6 h", "clock.warm_up=1 h")


def ask(*settings: str, seed: int = 1) -> Ask:
    """A question about six hours of the teaching line."""
    line, how = Choice("teaching_line"), Settings(seed=seed, replications=2)
    request, base = Request(line.load((*SHORT, *settings)), how), Request(line.load(SHORT), how)
    return Ask("Teaching line", request, base, settings, days=0.25, whole_days=10, command="")


@pytest.fixture
def pool() -> WhenTold:
    """Nothing is done before a test says so."""
    return WhenTold()


def test_an_answer_comes_when_its_job_is_done(pool: WhenTold) -> None:
    """Before: no answer and a job; after: the answer to what was asked."""
    desk, question = Desk(), ask()
    desk.ask(question, pool)
    assert desk.running
    assert desk.answer is None
    pool.finish()
    desk.settle(pool)
    assert not desk.running
    assert desk.answer is not None
    assert desk.answer.ask == question


def test_the_last_answer_stays_while_the_next_is_computed(pool: WhenTold) -> None:
    """Asking anew, failing or cancelling takes nothing away."""
    desk, first = Desk(), ask()
    desk.ask(first, pool)
    pool.finish()
    desk.settle(pool)
    desk.ask(ask("teams.clerks.staff=4"), pool)
    assert desk.answer is not None
    assert desk.answer.ask == first
    desk.cancel()
    assert desk.cancelled
    assert not desk.running
    assert desk.answer.ask == first


def test_a_new_question_replaces_the_job_under_way(pool: WhenTold) -> None:
    """One job at a time: the one before is cancelled."""
    desk = Desk()
    desk.ask(ask(), pool)
    desk.ask(ask("teams.clerks.staff=4"), pool)
    assert [job.cancelled for job in pool.waiting] == [True, False]


def test_the_base_is_run_after_changed_settings(pool: WhenTold) -> None:
    """A changed scenario is answered first; then the scenario as it is, to compare, and it replaces nothing."""
    desk, changed = Desk(), ask("teams.clerks.staff=4")
    desk.ask(changed, pool)
    pool.finish()
    desk.settle(pool)
    assert desk.for_base
    assert desk.base(pool) is None
    pool.finish()
    desk.settle(pool)
    assert not desk.running
    assert desk.answer is not None
    assert desk.answer.ask == changed
    assert desk.base(pool) is pool.known(changed.base.key)


def test_a_cancelled_comparison_is_not_begun_again(pool: WhenTold) -> None:
    """Who does not want to wait for the base is not asked to."""
    desk = Desk()
    desk.ask(ask("teams.clerks.staff=4"), pool)
    pool.finish()
    desk.settle(pool)
    desk.cancel()
    desk.settle(pool)
    desk.show_known(ask("teams.clerks.staff=4"), pool)
    assert not desk.running
    assert not desk.cancelled


def test_what_was_asked_before_is_answered_at_once(pool: WhenTold) -> None:
    """Going back to settings that were run shows their answer without a run."""
    desk, first, second = Desk(), ask(), ask(seed=2)
    for question in (first, second):
        desk.ask(question, pool)
        pool.finish()
        desk.settle(pool)
    desk.show_known(first, pool)
    assert desk.answer is not None
    assert desk.answer.ask == first
    assert not desk.running


def test_a_refused_scenario_says_why_and_keeps_the_answer(pool: WhenTold) -> None:
    """The reason is kept until the next question."""
    desk = Desk()
    desk.ask(ask(), pool)
    pool.finish()
    desk.settle(pool)
    desk.ask(ask("flows.visitors.arrivals.gaps.exponential=20 d"), pool)
    pool.finish()
    desk.settle(pool)
    assert "nothing arrives within the clock" in desk.problem
    assert desk.answer is not None
    desk.ask(ask(seed=3), pool)
    assert desk.problem == ""


def test_a_job_that_was_given_up_begins_again_when_its_page_is_back(pool: WhenTold) -> None:
    """A page that was out of sight for long loses time, not its question."""
    desk, question = Desk(), ask()
    desk.ask(question, pool)
    pool.waiting.pop().finish()
    desk.settle(pool)
    assert desk.running
    pool.finish()
    desk.settle(pool)
    assert desk.answer is not None
    assert desk.answer.ask == question


def part(question: Ask, replications: int) -> Result:
    """What a run of a question has found after so many replications."""
    return replicate(question.request.file, replace(question.request.settings, replications=replications))


def test_what_is_found_so_far_is_the_answer_until_more_is(pool: WhenTold) -> None:
    """It is the answer to the question for so many replications, and says of which whole it is a part."""
    desk, question = Desk(), ask()
    desk.ask(question, pool)
    assert not desk.has_news
    pool.waiting[0].partial = part(question, 1)
    assert desk.has_news
    desk.settle(pool)
    assert not desk.has_news
    assert desk.running
    assert desk.answer is not None
    assert desk.answer.whole == question
    assert desk.answer.ask.request.settings.replications == 1
    assert desk.answer.ask == question.part(desk.answer.result)
    pool.finish()
    desk.settle(pool)
    assert (desk.answer.ask, desk.answer.whole) == (question, None)


def test_cancel_keeps_what_was_found(pool: WhenTold) -> None:
    """And begins nothing to compare it with."""
    desk, question = Desk(), ask("teams.clerks.staff=4")
    desk.ask(question, pool)
    pool.waiting[0].partial = part(question, 1)
    desk.cancel()
    desk.settle(pool)
    assert desk.cancelled
    assert not desk.running
    assert desk.answer is not None
    assert desk.answer.whole == question


def test_a_part_is_compared_with_the_base_that_is_known(pool: WhenTold) -> None:
    """The base was run before; a part of the same days has it to compare with, a look at fewer days has not."""
    desk, base, question = Desk(), ask(), ask("teams.clerks.staff=4")
    desk.ask(base, pool)
    pool.finish()
    desk.settle(pool)
    desk.ask(question, pool)
    pool.waiting[0].partial = part(question, 1)
    desk.settle(pool)
    assert desk.base(pool) is pool.known(base.request.key)
    shorter = replace(question.request, file=question.request.file.changed("clock.length=5 h"))
    pool.waiting[0].partial = part(replace(question, request=shorter), 1)
    desk.settle(pool)
    assert desk.answer is not None
    assert not desk.answer.same_days
    assert desk.base(pool) is None


def test_the_base_is_compared_with_while_it_is_run(pool: WhenTold) -> None:
    """What it has found so far serves at once."""
    desk, question = Desk(), ask("teams.clerks.staff=4")
    desk.ask(question, pool)
    pool.finish()
    desk.settle(pool)
    assert desk.for_base
    pool.waiting[0].partial = found = part(ask(), 1)
    assert desk.has_news
    desk.settle(pool)
    assert desk.base(pool) is found


def test_what_is_made_of_a_result_is_shared_and_goes_with_it() -> None:
    """Two visitors who are told the same find it made; nothing of it keeps a result that nobody needs any more."""
    result = replicate(
        Choice("six_stages").load(("clock.length=4 d", "clock.warm_up=1 d", "clock.measure=2 d")),
        Settings(replications=2),
    )
    first, second = Answer(ask(), result), Answer(ask(seed=2), result)
    for make in (stations, badges, task_of, *(kind.of for kind in KINDS)):
        assert first.once(make) is second.once(make)
    for kind in KINDS:
        chart = first.once(kind.of)
        assert chart is None or all(view.on_page(dark=True) for view in chart.views)
    left = weakref.ref(result)
    del result, first, second, chart
    gc.collect()
    assert left() is None


def test_charts_are_made_once_and_wait_for_nobody() -> None:
    """While another session's charts are made, one's own are; drawn again, the page finds them made."""
    first, second = (Answer(question, part(question, 2)) for question in (ask(), ask(seed=2)))
    begun, go_on, made = Event(), Event(), []

    def chart(result: Result) -> object:
        if result.settings.seed == 1:
            begun.set()
            assert go_on.wait(20)
        made.append(result.settings.seed)
        return object()

    other = Thread(target=lambda: first.once(chart))
    other.start()
    assert begun.wait(20)
    assert second.once(chart) is second.once(chart)
    assert made == [2]
    go_on.set()
    other.join()
    assert made == [2, 1]
