"""Plans compared on the same luck."""

from __future__ import annotations

import pytest

from sim.study.compare import compare, distinct_names
from sim.study.evaluate import evaluator
from tests.study.worlds import desk


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing() -> None:
    """Every measure that has a value, in every replication."""
    with evaluator(places=1) as evaluate:
        frame = compare([desk(), desk()], evaluate, replications=3).frame
    known = frame[frame["difference"].notna()]
    assert len(known) > 30
    assert (known[["difference", "low", "high"]] == 0).all(axis=None)
    assert set(known["verdict"]) == {"no difference: equal in every replication"}


@pytest.mark.slow
def test_more_staff_is_faster_and_dearer_and_equal_luck_helps() -> None:
    """Of three plans each pair is told; the sign is that of other minus one; the verdict follows the interval."""
    base = desk()
    files = [
        base,
        base.changed("teams.clerks.shifts.day.staff=5"),
        base.changed("stages.desk.work.exponential=12.1 min"),
    ]
    with evaluator(places=1) as evaluate:
        found = compare(files, evaluate, replications=6)
    assert found.names[0] == "desk"
    rows = found.frame.set_index(["one", "other", "measure"])
    more = found.names[1]
    assert rows.loc[("desk", more, "delivery_time.mean"), "high"] < 0
    assert rows.loc[("desk", more, "cost.wages"), "low"] > 0
    assert f"{more} is " in rows.loc[("desk", more, "delivery_time.mean"), "verdict"]
    assert "faster" in rows.loc[("desk", more, "delivery_time.mean"), "verdict"]
    assert rows.loc[("desk", found.names[2], "delivery_time.mean"), "helped"] > 5
    assert len(found.frame[found.frame["measure"] == "unfinished"]) == 3
    assert set(found.estimates) == set(found.names)


def test_one_plan_alone_is_no_comparison() -> None:
    """It takes two."""
    with evaluator(places=1) as evaluate, pytest.raises(ValueError, match="two scenarios or more"):
        compare([desk()], evaluate)


def test_plans_of_one_name_are_told_apart() -> None:
    """By what was set, or by a number."""
    base = desk()
    assert distinct_names([base, base, base.changed("teams.clerks.wage=31")]) == (
        "desk", "desk (2)", "desk with teams.clerks.wage=31",
    )  # fmt: skip
