"""Steps as numbered rows: what follows what, how often an item can come to a step, and which loops are refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.plan.programme import Programme, programme_of
from sim.plan.routes import routes_of
from sim.plan.steps import Branch, Chance, DrawnTime, Gate, Leave, Outcome, Route, Step, Wait, Work
from sim.world.distributions import Time
from sim.world.errors import ScenarioError
from sim.world.files import from_text, load
from sim.world.shipped import scenarios_folder, shipped, shipped_names

HOUR = DrawnTime((("hour", Time.model_validate("1 h"), "order"),))


def work(key: str, then: str | None = None) -> Work:
    """A work step."""
    return Work(key=key, stage="line", words="", team="clerks", time=HOUR, then=then)


def wait(key: str, then: str | None = None) -> Wait:
    """A wait."""
    return Wait(key=key, stage="line", words="", time=HOUR, hours="hold", then=then)


def gate(key: str) -> Gate:
    """A gate."""
    return Gate(key=key, stage="line", words="", gate=key)


def back(key: str, to: str, at_most: int | None, exhausted: str | None = "out") -> Branch:
    """A branch, limited where ``at_most`` says so."""
    out = exhausted if at_most is not None else None
    return Branch(
        key=key, stage="line", words="", chance=Chance(key, ((0, 0.5),)), to=to, at_most=at_most, exhausted=out
    )


def leave(key: str = "out") -> Leave:
    """A way out."""
    return Leave(key=key, stage="line", words="", outcome=Outcome.DELIVERED)


def programme(*steps: Step) -> Programme:
    """A programme of one flow."""
    return programme_of({"orders": Route(list(steps))})


def visits(*steps: Step) -> dict[str, int]:
    """How often an item can come to each step of one flow."""
    found = programme(*steps)
    return {step.key: count for (_, step), count in zip(found.steps, found.visits, strict=True)}


def test_a_step_is_followed_by_the_next_unless_it_names_another() -> None:
    """The last one of a flow, and every way out, by none."""
    found = programme(work("a"), work("b", then="d"), leave("out"), work("c"), work("d", then="out"), work("e"))
    assert found.follows == (1, 4, -1, 4, 2, -1)
    assert found.at("orders", "d") == 4
    assert found.at("orders", None) == -1


def test_the_steps_of_flows_stay_apart() -> None:
    """Equal keys in two flows are two steps, and none follows from one flow into the next."""
    found = programme_of({"a": Route([work("x"), work("y")]), "b": Route([work("x")])})
    assert found.follows == (1, -1, -1)
    assert (found.at("a", "x"), found.at("b", "x")) == (0, 2)


def test_the_end_of_a_stage_is_another_name_of_what_follows_it() -> None:
    """Steps beside the main way come back to it by that name."""
    route = Route([work("pick"), leave("out"), work("aside", then="picking.end")], ends={"picking.end": "out"})
    assert programme_of({"orders": route}).follows == (1, -1, 1)


def test_without_a_way_back_each_step_is_visited_once() -> None:
    """A branch forward leads to no second visit."""
    assert visits(work("a"), back("skip", "c", None), work("b"), work("c"), leave()) == dict.fromkeys(
        ("a", "skip", "b", "c", "out"), 1
    )


def test_a_way_back_leads_to_as_many_visits_as_it_says() -> None:
    """At most three failures: three visits within the loop, one before and after it."""
    assert visits(work("before"), work("pick"), back("mispick", "pick", 3), work("pack"), leave()) == {
        "before": 1,
        "pick": 3,
        "mispick": 3,
        "pack": 1,
        "out": 1,
    }


def test_two_ways_back_to_the_same_step_add_up() -> None:
    """Two failures of each sort before the third is the last: 1 + 2 + 2 picks, of which three come to the second check."""
    found = visits(work("pick"), back("one", "pick", 3), back("other", "pick", 3), leave())
    assert found == {"pick": 5, "one": 5, "other": 3, "out": 1}


def test_in_nested_loops_the_inner_steps_are_visited_for_both() -> None:
    """The outer loop may be gone round twice more, the inner one once more: it is counted over the item's whole life."""
    found = visits(work("a"), work("b"), back("inner", "b", 2), work("c"), back("outer", "a", 3), leave())
    assert found == {"a": 3, "b": 4, "inner": 4, "c": 3, "outer": 3, "out": 1}


def test_steps_beside_the_main_way_are_counted_for_their_loop() -> None:
    """A correction is visited once for each failure but the last; the check once more."""
    found = visits(work("check"), back("wrong", "correction", 3), leave(), wait("correction", then="check"))
    assert found == {"check": 3, "wrong": 3, "out": 1, "correction": 2}


def test_what_a_loop_leads_to_when_it_is_given_up_is_visited_once() -> None:
    """The way out of the last failure is no part of the loop."""
    found = visits(work("a"), back("again", "a", 5, exhausted="reject"), leave(), work("reject", then="out"))
    assert (found["a"], found["reject"], found["out"]) == (5, 1, 1)


def test_patience_may_lead_back_without_making_more_visits_than_the_loop() -> None:
    """Where it leads on, as in every scenario, it adds nothing."""
    impatient = Work(
        key="a", stage="line", words="", team="clerks", time=HOUR, patience=Time.model_validate("1 h"), lost="out"
    )
    assert visits(impatient, back("again", "a", 2), leave()) == {"a": 2, "again": 2, "out": 1}


def most_visits(found: Programme, wanted: int) -> int:
    """The most visits to a step on any way that an item can take: all ways are tried."""
    branches = [number for number, (_, step) in enumerate(found.steps) if isinstance(step, Branch)]

    @cache
    def onward(position: int, taken: tuple[int, ...]) -> int:
        flow, step = found.steps[position]
        ways = [(found.follows[position], taken)] if found.follows[position] >= 0 else []
        if isinstance(step, Branch):
            more = tuple(count + (branches[index] == position) for index, count in enumerate(taken))
            is_last = more[branches.index(position)] == step.at_most
            ways.append((found.at(flow, step.exhausted if is_last else step.to), more if step.at_most else taken))
        return (position == wanted) + max((onward(*way) for way in ways), default=0)

    return onward(0, (0,) * len(branches))


def random_steps(rng: np.random.Generator) -> list[Step]:
    """Six steps of any sort that go anywhere, and a way out."""
    keys = [*"abcdef", "out"]
    makers = (
        lambda key: work(key, then=None if rng.random() < 0.7 else str(rng.choice(keys))),
        lambda key: back(key, str(rng.choice(keys)), int(rng.integers(1, 4))),
        lambda key: back(key, str(rng.choice(keys)), None),
    )
    return [*(makers[rng.choice(3, p=[0.5, 0.35, 0.15])](key) for key in keys[:-1]), leave()]


def test_the_visits_are_the_most_that_any_way_makes() -> None:
    """Neither one too few nor one too many, for the steps that can be reached in a thousand random routes."""
    rng = np.random.default_rng(7)
    tried = looped = 0
    for _ in range(1_000):
        try:
            found = programme(*random_steps(rng))
        except ScenarioError:
            continue
        reached = [(count, most_visits(found, position)) for position, count in enumerate(found.visits)]
        assert all(count == most for count, most in reached if most > 0), found.steps
        tried, looped = tried + 1, looped + (max(found.visits) > 1)
    assert tried > 150
    assert looped > 40


@pytest.mark.parametrize(
    "steps",
    [
        (work("a"), back("again", "a", None), leave()),
        (work("a"), back("again", "a", 2), back("for_ever", "again", None), leave()),
        (work("a"), work("b", then="a")),
        (work("a"), back("again", "a", 2, exhausted="a"), leave()),
    ],
)
def test_a_loop_without_end_is_refused(steps: tuple[Step, ...]) -> None:
    """Some way back is not limited in number."""
    with pytest.raises(ScenarioError, match=r"^stages\.line: flow 'orders' can go round '.*' for ever"):
        programme(*steps)


@pytest.mark.parametrize(
    "steps",
    [
        (gate("trucks"), back("again", "trucks", 3), leave()),
        (work("a"), gate("trucks"), back("again", "trucks", 3), back("all", "a", 3), leave()),
        (back("selected", "opening", None), back("again", "selected", 3), leave(), work("opening", then="again")),
    ],
)
def test_a_loop_that_takes_no_time_is_refused(steps: tuple[Step, ...]) -> None:
    """Also where another way round the same steps has work in it."""
    with pytest.raises(ScenarioError, match=r"^stages\.line: flow 'orders' can come back to '.*' in no time"):
        programme(*steps)


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenarios_have_programmes(name: str) -> None:
    """Each step can be visited, and no more than a hundred times."""
    counts = programme_of(routes_of(load(shipped(name)).scenario)).visits
    assert min(counts) >= 1
    assert max(counts) <= 100


def test_rework_over_several_stages_counts_for_all_of_them() -> None:
    """From the third of three stages back to the first, at most four times: each is visited up to four times."""
    text = """
schema: 1
clock: {start: 2026-11-02, length: 1 d}
flows: {orders: {arrivals: {gaps: 1 h}, route: [a, b, c]}}
stages:
  a: {team: clerks, work: 1 min}
  b: {team: clerks, work: 1 min}
  c: {team: clerks, work: 1 min, rework: {share: 10 %, to: a, at_most: 4}}
teams: {clerks: {staff: 1}}
"""
    found = programme_of(routes_of(from_text(text, scenarios_folder()).scenario))
    counts = {step.key: count for (_, step), count in zip(found.steps, found.visits, strict=True)}
    assert {key: counts[f"{key}.work"] for key in "abc"} == {"a": 4, "b": 4, "c": 4}
    assert counts["leave.rejected"] == 1
