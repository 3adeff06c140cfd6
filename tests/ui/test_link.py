"""What a link says is read as data: names and values of bounded number and length, and all else is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ui.choice import Choice
from sim.ui.link import LONGEST, LONGEST_SETTING, MOST_SETTINGS, Link, parsed, read
from sim.ui.opened import opened
from sim.world.errors import ScenarioError

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(st.lists(words, max_size=5), words, words)
def test_a_link_is_read_as_it_was_written(settings: list[str], scenario: str, days: str) -> None:
    """Any text comes back letter for letter: equals signs, ampersands, blanks and letters of any language."""
    link = Link(scenario, tuple(settings), {"days": days})
    assert read(parsed(link.text), ["days"]) == (link, ())


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands behind the question mark, there is a link, and it holds no more than was said."""
    link, _ = read(parsed(text), ["days"])
    assert len(link.settings) <= text.count("=")
    assert set(link.fields or {}) <= {"days"}


def test_a_link_that_is_too_long_is_not_read() -> None:
    """Neither as a text nor as the parts of an address; the page says so."""
    long = Link("six_stages", tuple(f"teams.pickers.staff={number}" for number in range(LONGEST // 20)))
    assert parsed(long.text) == {}
    link, problems = read(long.query, [])
    assert link == Link()
    assert problems == ("The link is too long to be read; the page opens without it.",)


def test_number_and_length_of_settings_are_bounded() -> None:
    """The first are used, the long ones are not, and both are said."""
    settings = ["a=" + "x" * LONGEST_SETTING, *(f"a={number}" for number in range(MOST_SETTINGS + 5))]
    link, problems = read({"set": settings}, [])
    assert link.settings == tuple(f"a={number}" for number in range(MOST_SETTINGS))
    assert problems == (
        "a setting of more than 500 letters is left out",
        "too many settings; the first 200 are used",
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"colour": ["red"]}, "colour=red: this page knows no such field"),
        ({"days": ["3", "4"]}, "days=4: is said more than once; none of them is used"),
        ({"days": ["9" * 101]}, f"days={'9' * 59}…: is not offered"),
    ],
)
def test_a_field_that_cannot_be_used_is_left_out_and_named(parts: dict[str, list[str]], said: str) -> None:
    """One line, with the name and why; a long value is cut short."""
    link, problems = read({"scenario": ["six_stages"], **parts}, ["days"])
    assert (link, problems) == (Link("six_stages", (), {}), (said,))


def test_settings_become_values_of_controls() -> None:
    """Written as a scenario file may write them; those for which no control stands are kept apart."""
    site = Choice("small_site_fortnight")
    settings = ["stages.packing.damage.fragile=10%", "stages.customs.credit=certified", "costs.courier=9"]
    settings += ["stages.customs.pick_before_acceptance=no"]
    found = opened(site, settings)
    assert [(control.path, value) for control, value in found.values] == [
        ("stages.packing.damage.fragile", 0.1),
        ("stages.customs.credit", "certified"),
        ("stages.customs.pick_before_acceptance", False),
    ]
    assert found.beyond == ("costs.courier=9",)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("teams.clerks.staff=-1", "teams.clerks.staff: must be 0 or more"),
        ("teams.clerks.staff=200000", "must be from 0 to 100,000"),
        ("teams.clerks.staff=many", "teams.clerks.staff"),
        ("teams.nobody.staff=1", "no 'nobody' in teams"),
        ("clock.length=400 d", "how long a run is, is said by days"),
        ("nothing", "write it as path=value"),
        ("flows.visitors.arrivals.file.path=/etc/hostname", "lies outside the folder of scenarios"),
        ("flows.visitors.arrivals.file.path=../README.md", "lies outside the folder of scenarios"),
        ("question=!!python/object/apply:os.system [ls]", "is not allowed"),
        ("question=&a [*a]", "anchors and aliases are not allowed"),
    ],
)
def test_a_setting_that_breaks_a_rule_is_refused_and_the_others_stay(setting: str, said: str) -> None:
    """The words of the scenario's own rule; nothing is read from elsewhere on the server, nothing is built from tags."""
    found = opened(Choice("teaching_line"), [setting, "teams.clerks.wage=20"])
    assert said in found.problems[0]
    assert (found.values, found.beyond) == ((), ("teams.clerks.wage=20",))


def test_settings_that_are_valid_only_together_are_taken_together() -> None:
    """A crew of five cannot be made of four; smaller crews can, and the order of the settings is no matter."""
    site = Choice("small_site_fortnight")
    crew = ["teams.tally_crew.shifts.early.staff=4", "stages.tally.count.crew=4", "stages.tally.put_away.crew=4"]
    with pytest.raises(ScenarioError):
        site.load(crew[:1])
    found = opened(site, crew)
    assert [value for _, value in found.values] == [4]
    assert found.beyond == ("stages.tally.count.crew=4", "stages.tally.put_away.crew=4")
