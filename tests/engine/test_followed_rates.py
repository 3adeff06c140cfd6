"""Rates that follow a seller's record, midnight by midnight."""

from __future__ import annotations

from sim.plan.plan import FAILED, PPM, SELECTED
from sim.plan.steps import Outcome
from tests.plans import FollowOf, a_plan, branch, leave, wait

PER_CENT = PPM // 100


def seller(follow, numbers, verdicts, arrivals, rate=20 * PER_CENT):
    """Parcels that are selected by their number, opened for 1, and fail by their verdict."""
    return a_plan(
        branch("select", "opening", numbers, rate=rate, follow=0, counts_as=SELECTED),
        leave("out"),
        wait("opening", 1),
        branch("fail", "seized", verdicts, follow=0, counts_as=FAILED, then="out"),
        leave("seized", Outcome.SEIZED),
        items=arrivals, follows=[follow], end=60,
    )  # fmt: skip


def followed(plan, records):
    """(at, rate in per cent) of the branch that selects."""
    own = records.rates.rate == plan.follows["rate"][0]
    return list(zip(records.rates.at[own].tolist(), (records.rates.ppm[own] // PER_CENT).tolist(), strict=True))


SELECT, PASS, FAIL, HOLD = 0, PPM - 1, 0, PPM - 1


def test_the_rate_is_its_base_times_the_share_of_failures_over_the_usual_one(engine):
    """Day one: four selected, two fail. At 10 the rate is 20 % x (2/4) / 25 % = 40 %; the next day nobody is selected."""
    plan = seller(
        FollowOf("select", [10, 20, 30], days=2, usual=25 * PER_CENT),
        [SELECT] * 4, [FAIL, FAIL, HOLD, HOLD], [1, 2, 3, 4],
    )  # fmt: skip
    assert followed(plan, engine(plan)) == [(0, 20), (10, 40), (30, 20)]


def test_floor_and_cap_hold(engine):
    """All fail: 20 % x 1 / 25 % = 80 %, held at 50 %; then none fails: 0 %, held at 5 %."""
    plan = seller(
        FollowOf("select", [10, 20], days=1, usual=25 * PER_CENT, floor=5 * PER_CENT, cap=50 * PER_CENT),
        [SELECT] * 4, [FAIL, FAIL, HOLD, HOLD], [1, 2, 11, 12],
    )  # fmt: skip
    assert followed(plan, engine(plan)) == [(0, 20), (10, 50), (20, 5)]


def test_too_few_selected_say_nothing(engine):
    """Two are selected and three are needed: the rate stays."""
    plan = seller(FollowOf("select", [10], usual=25 * PER_CENT, at_least=3), [SELECT, SELECT], [FAIL, FAIL], [1, 2])
    assert followed(plan, engine(plan)) == [(0, 20)]


def test_what_happens_at_midnight_itself_counts_for_the_next_day(engine):
    """Who is selected at 10 is not among those that midnight at 10 looks at; the verdict of 9 falls at 10, too."""
    plan = seller(FollowOf("select", [10, 20], days=1, usual=50 * PER_CENT), [SELECT] * 3, [FAIL] * 3, [1, 9, 10])
    # Until 10: two selected, one failed (item 0 at 2): 20 % x 1/2 / 1/2. After: one selected, two failed.
    assert followed(plan, engine(plan)) == [(0, 20), (20, 80)]


def test_a_dated_change_is_another_base(engine):
    """At 10 the record calls for half as often as usual; at 15 the base becomes 40 %, of which it is half again."""
    plan = seller(
        FollowOf("select", [10], days=3, usual=PPM), [SELECT] * 2, [FAIL, HOLD], [1, 2],
        rate=[(0, 20 * PER_CENT), (15, 40 * PER_CENT)],
    )  # fmt: skip
    assert followed(plan, engine(plan)) == [(0, 20), (10, 10), (15, 20)]


def test_the_new_rate_selects_from_the_midnight_on(engine):
    """A parcel of 30 % passes at 9 under a rate of 20 %, and is selected at 10 under one of 40 %."""
    number = 30 * PER_CENT
    plan = seller(
        FollowOf("select", [10], usual=50 * PER_CENT), [SELECT, number, number], [FAIL, FAIL, FAIL], [1, 9, 10]
    )
    records = engine(plan)
    assert records.items.outcome.tolist() == [Outcome.SEIZED, Outcome.DELIVERED, Outcome.SEIZED]
