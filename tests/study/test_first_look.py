"""What is known before a run is whole has the numbers that the run will have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.analysis import checks
from sim.analysis.checks import CheckError
from sim.analysis.run import Run
from sim.study import first_look as looks
from sim.study import replicate as module
from sim.study.evaluate import differ_in_staff_alone
from sim.study.first_look import PLANS, first_look, look_then_whole
from sim.study.replicate import Result, Settings, replicate
from sim.ui.choice import Choice
from sim.world.errors import ScenarioError

SHORT = ("clock.length=9 d", "clock.warm_up=2 d", "clock.measure=3 d")
SITE = Choice("small_site_fortnight")


def alike(one: Result, other: Result) -> bool:
    """Whether two results say the same; estimates and tables are compared as text, in which NaN equals NaN."""
    same = repr(one.measures) == repr(other.measures) and repr(one.runs) == repr(other.runs)
    return same and (one.sentence, one.settings, one.checks) == (other.sentence, other.settings, other.checks)


def test_so_far_is_what_a_run_of_so_many_replications_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """After 2, 3 and 4 of 5 replications: sentence, measures, intervals and checks of a run of 2, 3 and 4."""
    monkeypatch.setattr(module, "TOLD_EVERY_S", -1.0)
    file, told = SITE.load(SHORT), list[Result]()
    whole = replicate(file, Settings(replications=5), so_far=told.append)
    assert [len(one.curves) for one in told] == [2, 3, 4]
    for one in told:
        assert alike(one, replicate(file, Settings(replications=len(one.curves))))
    assert whole.settings.replications == len(whole.runs) == 5


@pytest.mark.slow
def test_in_processes_only_replications_without_a_gap_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """However they come, what is told is of the first so many."""
    monkeypatch.setattr(module, "TOLD_EVERY_S", -1.0)
    file, told = Choice("teaching_line").load(["clock.length=2 d"]), list[Result]()
    whole = replicate(file, Settings(replications=4, workers=2), so_far=told.append)
    assert all(one.runs == whole.runs[: len(one.runs)] for one in told)
    assert alike(whole, replicate(file, Settings(replications=4, workers=2)))


@pytest.mark.parametrize(
    "change", ["teams.officers.shifts.morning.staff=2", "stages.customs.selection_rate.normal=9 %"]
)
def test_a_first_look_has_the_numbers_of_the_whole(change: str) -> None:
    """Each measure and the sentence, where draws are shared (staff) and where they are not (rates)."""
    base = SITE.load(SHORT)
    file = base.changed(change)
    look = first_look(file, Settings(replications=2), like=base)
    whole = replicate(file, Settings(replications=2))
    assert {name: repr(one) for name, one in look.measures.items()} == {
        name: repr(one) for name, one in whole.measures.items() if name in look.measures
    }
    assert look.sentence == whole.sentence
    assert {"delivery_time.p95", "on_time.dispatch_48h", "cost.per_order", "throughput.delivered"} <= set(look.measures)


@pytest.mark.parametrize(("large", "workers"), [(100_000, 1), (100_000, 3), (0, 3)])
def test_the_whole_of_a_look_is_what_replicate_finds(large: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the look by itself, then all: of the same runs, in whatever threads, and with the exact sentence at the end."""
    monkeypatch.setattr(looks, "LARGE", large)
    base, told, shares = SITE.load(SHORT), list[Result](), list[float]()
    file = base.changed("teams.officers.shifts.morning.staff=2")
    settings = Settings(replications=3, workers=workers)
    whole = look_then_whole(file, settings, told.append, base, shares.append)
    assert [alike(one, first_look(file, settings, base)) for one in told] == [True]
    once = replicate(file, Settings(replications=3))
    assert alike(replace(whole, settings=once.settings), once)
    assert [repr(vars(one)) for one in whole.curves] == [repr(vars(one)) for one in once.curves]
    assert whole.load.equals(once.load)
    assert whole.teams.equals(once.teams)
    assert shares == sorted(shares)
    assert max(shares) <= 1.0


def test_a_run_that_breaks_a_law_is_shown_but_does_not_become_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look holds no laws against its runs; what follows does, and says which replication it was."""

    def little(run: Run) -> bool:
        return run.plan.replication != 1

    told = list[Result]()
    monkeypatch.setattr(checks, "little", little)
    with pytest.raises(CheckError, match="seed 1, replication 1: the run breaks little"):
        look_then_whole(SITE.load(SHORT), Settings(replications=3, workers=2), told.append)
    assert len(told) == 1


def test_draws_are_kept_from_look_to_look() -> None:
    """A second look at other staff compiles nothing: the Plans of the scenario to which it is like are there."""
    base = SITE.load((*SHORT, "clock.start=2026-08-31"))
    first_look(base, Settings(replications=2), like=base)
    kept = dict(PLANS.kept)
    more = base.changed("teams.officers.shifts.morning.staff=3")
    first_look(more, Settings(replications=2), like=base)
    assert differ_in_staff_alone(base, more)
    assert dict(PLANS.kept) == kept
    assert (base.digest, 1, 0) in kept


def test_a_look_that_is_not_wanted_any_more_ends() -> None:
    """What the progress raises comes out, and no further replication is begun."""
    asked: list[float] = []

    def stop(share: float) -> None:
        asked.append(share)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        first_look(SITE.load(SHORT), Settings(replications=50), progress=stop)
    assert len(asked) < 10


def test_a_scenario_that_cannot_be_run_is_refused_here_too() -> None:
    """With the place in the file, as everywhere."""
    with pytest.raises(ScenarioError, match="flows: nothing arrives within the clock"):
        first_look(Choice("teaching_line").load(["flows.visitors.arrivals.gaps.exponential=40 d"]), Settings())
