"""A run told moment by moment is the run itself."""

from __future__ import annotations

from sim.engine.stepper import moments
from tests.plans import a_plan, team, wait, work


def told(plan):
    """Each moment as one line: time, then item, what, step and team."""
    return [
        f"{moment.now_ms}: "
        + ", ".join(" ".join(filter(None, (str(h.item), h.what, h.step, h.team))) for h in moment.happenings)
        for moment in moments(plan)
    ]


def test_two_parcels_and_one_packer_are_told_in_order():
    """The second waits for the first, and both travel."""
    plan = a_plan(work("pack", "packers", [5, 3]), wait("travel", 4), teams={"packers": 1}, items=[0, 2])
    assert told(plan) == [
        "0: 0 arrives, 0 joins pack, 0 starts pack packers",
        "2: 1 arrives, 1 joins pack",
        "5: 0 is done pack packers, 0 begins travel, 1 starts pack packers",
        "8: 1 is done pack packers, 1 begins travel",
        "9: 0 ends travel, 0 leaves: delivered",
        "12: 1 ends travel, 1 leaves: delivered",
    ]


def test_it_says_who_is_free_and_who_waits():
    """After each moment: people on shift, busy ones, and the queue in its order."""
    plan = a_plan(work("pack", "packers", 5), teams={"packers": team([(0, 1), (3, 2)])}, items=[0, 1, 2])
    states = {moment.now_ms: moment.teams["packers"] for moment in moments(plan)}
    assert (states[2].heads, states[2].busy, states[2].queue) == (1, 1, (1, 2))
    assert (states[3].heads, states[3].busy, states[3].queue) == (2, 2, (2,))


def test_a_pause_and_who_gives_up_are_told():
    """A paused job resumes; out of patience, an item says so."""
    plan = a_plan(
        work("pack", "packers", 5, patience=3, lost="out"),
        teams={"packers": team([(0, 1), (2, 0), (6, 1)], at_shift_end="pause")},
        items=[0, 1],
    )
    lines = told(plan)
    assert "4: 1 gives up pack, 1 leaves: delivered" in lines
    assert "6: 0 resumes pack packers" in lines
    assert lines[-1] == "9: 0 is done pack packers, 0 leaves: delivered"
