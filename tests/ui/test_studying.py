"""Further questions: the cheapest staffing, one more person and how much a plan can take, as tasks, in words and in rows."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd
import pytest

from sim.show.tables import PlainTable
from sim.study.capacity import Capacity
from sim.study.one_more import OneMore
from sim.study.replicate import Settings
from sim.study.staffing import Staffing
from sim.ui.choice import Choice
from sim.ui.jobs import Job, Task
from sim.ui.studying import Goal, Kind, Study, goals, notes, sentence, studied, table
from sim.ui.texts import planner
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile
from tests.ui.runners import Noted

WITHIN = Goal("delivery_time.p95", "95 of 100 done within", False, 1.0)


P90 = "90 of 100 delivered within"


def column(found: PlainTable, heading: str) -> list[str]:
    """The cells below a heading."""
    return [row[found.headings.index(heading)] for row in found.rows]


def line(*settings: str) -> ScenarioFile:
    """The teaching line with a wage, for three days."""
    return Choice("teaching_line").load(("clock.length=3 d", "clock.warm_up=6 h", "teams.clerks.wage=30", *settings))


def done(kind: Kind, file: ScenarioFile, goal: Goal | None = WITHIN, value: float = 1.0) -> tuple[Study, Any, Job]:
    """A study with its answer and its job."""
    study = Study(kind, file, Settings(replications=4), goal, value)
    job = Job(Task("", print, ()))
    return study, studied(study, Noted(job)), job


def test_the_cheapest_staffing_of_a_counter() -> None:
    """From eight clerks to four, by hand the fewest whose P95 is below an hour; its settings take it over."""
    study, found, job = done("staffing", line("teams.clerks.staff=8"))
    assert isinstance(found, Staffing)
    assert job.partial == found.evaluations
    fewest = int((found.roster or {})["clerks"])
    assert fewest < 8
    assert found.settings == (f"teams.clerks.staff={fewest}",)
    assert "keeps 95 of 100 done within 1 h costs" in sentence(study, found)
    assert table(found).headings == (planner.WHO, planner.NOW, planner.CHEAPEST, planner.CHANGE)
    assert table(found).rows == (("Clerks", "8", str(fewest), f"\N{MINUS SIGN}{8 - fewest}"),)
    assert notes(study, found)[0].startswith("95 of 100 done within 1 h: kept, with ")


def test_one_more_person_says_where_they_bring_most() -> None:
    """With three busy clerks a fourth is sooner for visitors; the table has one row more and one row fewer."""
    study, found, _ = done("one_more", line(), None)
    assert isinstance(found, OneMore)
    assert sentence(study, found).startswith("For its money, one more in clerks brings most: ")
    assert sorted(column(table(found), planner.CHANGE)) == ["+1", "\N{MINUS SIGN}1"]
    changes = dict(zip(column(table(found), planner.CHANGE), column(table(found), P90), strict=True))
    assert re.fullmatch(r"\N{MINUS SIGN}[\d.]+ (h|min) \([\d.]+ to [\d.]+\)", changes["+1"]), changes


@pytest.mark.parametrize(
    ("posts", "named"),
    [
        (
            {"officers.evening": (0.0001, 0.0), "loaders.late": (0.005, 180.0), "clerks.office": (0.001, 90.0)},
            "loaders",
        ),
        ({"officers.evening": (0.0001, 0.0), "officers.morning": (0.002, 0.0)}, "customs officers, morning"),
    ],
)
def test_who_costs_nothing_is_not_said_to_bring_most(posts: dict[str, tuple[float, float]], named: str) -> None:
    """A little for nothing is infinitely much for its money; whoever is paid is told, else who brings most."""
    name = "on_time.dispatch_24h"
    rows = [
        {"post": key, "staff": 1, "change": 1, "load": 0.7, name: gain, f"{name}_low": gain, f"{name}_high": gain, "cost": cost,
         "gain_per_money": gain / cost if cost else math.inf}
        for key, (gain, cost) in posts.items()
    ]  # fmt: skip
    found = OneMore(Choice("small_site_fortnight").load(), (name,), {name: "share"}, pd.DataFrame(rows), 10)
    said = sentence(Study("one_more", found.file, Settings()), found)
    assert f"one more in {named}" in f"{said[:1].lower()}{said[1:]}"
    assert ("that costs 180.00 CNY a day more" in said) == (named == "loaders")
    assert {row[0]: row[-1] for row in table(found).rows}["Customs officers, evening shift"] == "0"
    assert named != "loaders" or table(found).rows[0][0] == "Loaders, late shift"


def test_how_much_a_counter_can_take() -> None:
    """Six clerks take more than today's visitors and less than six times as many; rows rise with the orders."""
    study, found, _ = done("capacity", line("teams.clerks.staff=6"))
    assert isinstance(found, Capacity)
    assert 1 < found.limit < 6
    assert sentence(study, found).startswith(
        f"95 of 100 done within 1 h is kept up to {found.limit:.2f} times today's orders"
    )
    rows = [float(text) for text in column(table(found), planner.DEMAND)]
    assert rows == sorted(rows)
    kept = column(table(found), planner.KEPT)
    assert kept == sorted(kept, key=[planner.SURELY, planner.ON_AVERAGE, planner.NOT_KEPT].index)


def test_a_study_that_cannot_be_asked_is_refused_in_words() -> None:
    """Without a wage no staffing is cheaper than another."""
    with pytest.raises(ScenarioError, match="no team has a wage"):
        done("staffing", Choice("teaching_line").load(["clock.length=3 d"]))


def test_goals_come_from_the_promises() -> None:
    """Each promise for 95 of 100, and the delivery time as it is now, rounded up to the full hour; no time, no goal."""
    file = Choice("small_site_fortnight").load()
    found = goals(file, 103.2)
    assert [goal.measure for goal in found] == [
        *(f"on_time.{key}" for key in file.scenario.promises),
        "delivery_time.p95",
    ]
    assert (found[-1].proposed, found[0].proposed) == (104.0, 0.95)
    assert len(goals(file, float("inf"))) == len(found) - 1


def test_studies_are_equal_by_content() -> None:
    """Another target or another scenario is another study."""
    one, same, other = (Study("capacity", line(), Settings(), WITHIN, value) for value in (1.0, 1.0, 2.0))
    assert one.key == same.key != other.key
    assert one.key != Study("capacity", line("teams.clerks.staff=4"), Settings(), WITHIN, 1.0).key


def test_a_study_is_held_to_the_servers_orders_as_a_run_is() -> None:
    """About 720 visitors a day for three days, four times, for each plan that it tries."""
    study = Study("capacity", line(), Settings(replications=4), WITHIN, 1.0)
    assert study.task.orders == pytest.approx(4 * 3 * 720)
