"""``--set path=value``: one value of a scenario from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.world.distributions import Time
from sim.world.errors import ScenarioError
from sim.world.files import load
from sim.world.scenario import Scenario
from sim.world.stages import Customs, Packing, Service
from sim.world.units import HOUR_MS, MINUTE_MS

FOLDER = Path(__file__).parents[1] / "scenarios" / "valid"


def changed(name: str, *settings: str) -> Scenario:
    """A valid scenario with settings."""
    return load(FOLDER / f"{name}.yaml", settings).scenario


def stages(*settings: str) -> dict[str, object]:
    """The stages of the scenario that has all of them."""
    return dict(changed("every_stage", *settings).stages)


def test_a_nested_value() -> None:
    """All else stays as it was."""
    base, own = changed("shifts"), changed("shifts", "teams.operators.shifts.early.staff=7")
    assert own.teams["operators"].shifts["early"].staff == 7
    assert own.teams["operators"].shifts["rush"] == base.teams["operators"].shifts["rush"]
    assert own.teams["night_watch"] == base.teams["night_watch"]


def test_an_entry_of_a_list() -> None:
    """Entries count from 0."""
    own = changed(
        "shifts",
        "teams.night_watch.shifts.night.breaks.1.for=45 min",
        "flows.orders.route.0=hotline",
        "flows.orders.route.1=night_desk",
    )
    assert [pause.length for pause in own.teams["night_watch"].shifts["night"].breaks] == [
        30 * MINUTE_MS,
        45 * MINUTE_MS,
    ]
    assert own.flows["orders"].route == ("hotline", "night_desk")


def test_a_list_and_a_map() -> None:
    """The value is YAML; a map replaces what stood there."""
    own = changed("every_stage", "flows.orders.route=[desk, delivery]", "start={orders: {desk: 4}}", "sources={}")
    assert own.flows["orders"].route == ("desk", "delivery")
    assert own.start == {"orders": {"desk": 4}}


def test_a_new_key_of_a_map() -> None:
    """A priority that the file does not say, a promise, and a key of customs."""
    own = changed(
        "every_arrival",
        "flows.real.classes.fragile.priority=2",
        "promises.fast={to: delivered, within: 4 h}",
        "teams.clerks.speed=1.25",
    )
    assert own.flows["real"].classes["fragile"].priority == 2
    assert own.promises["fast"].within == 4 * HOUR_MS
    assert own.teams["clerks"].speed == 1.25


def test_a_scalar_of_a_stage() -> None:
    """Shares with and without percent, a mode, a switch and a time."""
    found = stages(
        "stages.customs.selection_rate=10 %",
        "stages.customs.mode=open_every_selected",
        "stages.customs.pick_before_acceptance=true",
        "stages.packing.work=2 min",
        "stages.desk.reject=0",
    )
    customs, packing, desk = found["customs"], found["packing"], found["desk"]
    assert isinstance(customs, Customs)
    assert isinstance(packing, Packing)
    assert isinstance(desk, Service)
    assert (customs.selection_rate, customs.mode, customs.pick_before_acceptance) == (0.1, "open_every_selected", True)
    assert packing.work.per_order == Time.model_validate("2 min")
    assert desk.reject == 0


def test_one_of_several_shares() -> None:
    """The rate of one credit class; the others stay."""
    customs = stages("stages.customs.selection_rate.normal=5 %")["customs"]
    assert isinstance(customs, Customs)
    assert customs.selection_rate == {"advanced": 0.01, "normal": 0.05, "discredited": 0.3}


def test_another_family_replaces_the_one_in_the_file() -> None:
    """A setting of a family, or of a parameter in it, does not leave two families behind."""
    work = changed("smallest", "stages.counter.work.uniform=[1 min, 2 min]").stages["counter"].work
    assert work.per_order == Time.model_validate({"uniform": ["1 min", "2 min"]})
    work = (
        changed("smallest", "stages.counter.work.gamma.mean=1 min", "stages.counter.work.gamma.cv=2")
        .stages["counter"]
        .work
    )
    assert work.per_order == Time.model_validate({"gamma": {"mean": "1 min", "cv": 2}})
    flow = changed("smallest", "flows.visitors.arrivals.poisson.per_day=100").flows["visitors"]
    assert flow.arrivals.gaps is None


def test_the_scale_of_a_file_that_is_said_by_its_name() -> None:
    """``file: orders.csv`` is short for a map with that path."""
    file = changed("every_arrival", "flows.real.arrivals.file.scale=1.5").flows["real"].arrivals.file
    assert file is not None
    assert (file.path, file.scale, len(file.orders)) == ("data/orders.csv", 1.5, 5)
    file = changed("every_arrival", "flows.real.arrivals.file=data/../data/orders.csv").flows["real"].arrivals.file
    assert file is not None
    assert file.path == "data/../data/orders.csv"


def test_shifts_replace_plain_staff_and_the_other_way_round() -> None:
    """A team is staffed in one way."""
    own = changed("smallest", "teams.clerks.shifts.day={from: 08:00, to: 16:00, staff: 5}")
    assert own.teams["clerks"].staff is None
    assert changed("variant", "teams.clerks.staff=9").teams["clerks"].shifts == {}


def test_the_later_of_two_settings_counts() -> None:
    """They are applied one after the other."""
    assert changed("smallest", "teams.clerks.staff=4", "teams.clerks.staff=5").teams["clerks"].staff == 5


def test_a_setting_of_a_variant_changes_what_its_base_says() -> None:
    """Settings come last."""
    assert changed("variant_of_a_variant", "clock.length=1 d").clock.length == 24 * HOUR_MS


def test_a_setting_does_not_change_the_order_of_the_file() -> None:
    """Items of the same moment are numbered by the order of the flows."""
    assert list(changed("every_arrival", "flows.equal_gaps.label=x").flows) == list(changed("every_arrival").flows)


def test_settings_are_remembered() -> None:
    """In the file as read, and in its digest."""
    file = load(FOLDER / "smallest.yaml", ["teams.clerks.staff=4"])
    assert file.settings == ("teams.clerks.staff=4",)
    assert file.digest != load(FOLDER / "smallest.yaml").digest


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("teams.clerks.staff", "write it as path=value, such as teams.packers.staff=5"),
        ("=5", "write it as path=value, such as teams.packers.staff=5"),
        ("teams..staff=5", "write it as path=value, such as teams.packers.staff=5"),
        ("team.clerks.staff=5", "no 'team' in a scenario; did you mean 'teams'?"),
        ("teams.clarks.staff=5", "no 'clarks' in teams; did you mean 'clerks'?"),
        ("stages.countre.work=5 min", "no 'countre' in stages; did you mean 'counter'?"),
        ("flows.guests.label=x", "no 'guests' in flows; known are visitors"),
        ("extends=other.yaml", "no 'extends' in a scenario; did you mean 'teams'?"),
        ("flows.visitors.route.1=x", "no entry '1' in a list of 1 (they count from 0)"),
        ("flows.visitors.route.first=x", "no entry 'first' in a list of 1 (they count from 0)"),
        ("teams.clerks.staff=", "says nothing"),
        ("teams.clerks.staff=null", "teams.clerks.staff: has no value; write one, or leave the key out"),
        ("teams.clerks.staff=!!int 5", "the tag '!!int' is not allowed; write plain values"),
        ("teams.clerks.staff=&a 5", "anchors and aliases are not allowed; use extends"),
        ("teams.clerks.staff=five", "teams.clerks.staff: must be a whole number, not 'five'"),
        ("teams.clerks.stuff=5", "teams.clerks.stuff: unknown key; did you mean 'staff'?"),
        ("clock.length.days=5", "clock.length: must be one value, such as '6 min', not a map"),
        ("stages.counter.team=clarks", "stages.counter.team: no team 'clarks'; did you mean 'clerks'?"),
        ("flows.visitors.arrivals={poisson: {per_day: 0}}", "flows.visitors.arrivals.poisson.per_day: must be above 0, not '0'"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_named(setting: str, message: str) -> None:
    """The place of the mistake is the setting itself."""
    with pytest.raises(ScenarioError) as refused:
        changed("smallest", setting)
    assert refused.value.findings == (f"--set {setting}: {message}",)


def test_a_setting_that_is_no_yaml_is_named() -> None:
    """With the setting as its place, and no line."""
    with pytest.raises(ScenarioError, match=r"^--set start=\[: not valid YAML: "):
        changed("smallest", "start=[")
