"""The controls are those that the scenario has, and each makes a setting that the scenario takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.ui.choice import Choice, offered
from sim.ui.controls import Control, Group, Value, changed, groups_of

ALL = [name for name in offered() if name != "real_orders_november_2010"]  # a large file, and nothing of its own


def groups(name: str) -> dict[str, Group]:
    """The groups of a shipped scenario by key."""
    return {group.key: group for group in groups_of(Choice(name).load())}


def paths(group: Group) -> list[str]:
    """Where the controls of a group stand, without the stage's own path."""
    return [control.path.removeprefix(f"stages.{group.key}.") for control in group.controls]


def test_groups_follow_the_pipeline() -> None:
    """Orders first, then the small site's stages in the order in which goods pass through them, promises last."""
    keys = ["orders", "inspection", "tally", "picking", "packing", "customs", "delivery", "promises"]
    assert list(groups("small_site_fortnight")) == keys


def test_customs_has_its_people_rates_and_switches() -> None:
    """At customs: officers of both shifts, clerks, every share the scenario says, and the two switches."""
    found = paths(groups("small_site_fortnight")["customs"])
    for wanted in (
        "teams.officers.shifts.morning.staff",
        "teams.officers.shifts.evening.staff",
        "teams.clerks.shifts.office.staff",
        "order_data.accuracy",
        "selection_rate.normal",
        "credit",
        "mode",
        "pick_before_acceptance",
    ):
        assert wanted in found


def test_a_verdict_cannot_be_moved_share_by_share() -> None:
    """Its four shares make a whole, so that moving one alone would always be refused."""
    assert not [path for path in paths(groups("small_site_fortnight")["customs"]) if "verdict" in path]


def test_a_team_of_two_stages_stands_at_the_last_and_the_first_says_so() -> None:
    """Officers inspect consignments too; their number is set at customs, and inspection points there."""
    inspection = groups("small_site_fortnight")["inspection"]
    assert not [path for path in paths(inspection) if path.startswith("teams.officers")]
    assert inspection.note == "Also at work here: customs officers (set at customs and national inspection)"


def test_a_mode_that_lacks_its_machine_cannot_be_chosen() -> None:
    """X-ray first is offered where the scenario has an X-ray, and explained where it has none."""
    modes = {
        name: next(control for control in groups(name)["customs"].controls if control.path.endswith(".mode"))
        for name in ("small_site_fortnight", "medium_site_fortnight")
    }
    assert modes["medium_site_fortnight"].possible
    assert not modes["small_site_fortnight"].possible
    assert "xray" in modes["small_site_fortnight"].help


def other(control: Control) -> Value:
    """A value that the file does not say."""
    if control.kind == "people":
        return int(control.value) + 1
    if control.kind == "share":
        return 0.125
    if control.kind in ("days", "hours", "orders", "times"):
        return float(control.value) + 0.5
    if control.kind == "switch":
        return not control.value
    return next(option for option in control.options if option != control.value)


def every_control() -> Iterator[tuple[str, Control]]:
    """Each control of each scenario that can be moved."""
    for name in ALL:
        for group in groups_of(Choice(name).load()):
            yield from ((name, control) for control in group.controls if control.possible)


@pytest.mark.parametrize("name", ALL)
def test_every_control_moves_what_it_says(name: str) -> None:
    """Each setting loads, and the control then finds the new value in the scenario."""
    for scenario, control in every_control():
        if scenario == name:
            value = other(control)
            moved = {
                c.path: c.value for g in groups_of(Choice(name).load([control.setting(value)])) for c in g.controls
            }
            assert moved[control.path] == value


def test_no_label_is_a_path() -> None:
    """Every control has words of its own: no underscores, no dots."""
    labels = [control.label for _, control in every_control()]
    assert [label for label in labels if "_" in label or "." in label] == []


def test_only_moved_controls_count_as_changed() -> None:
    """A value equal to the file's is no change."""
    line = tuple(groups("teaching_line").values())
    staff = line[0].controls[0]
    assert changed(line, {staff.path: 3}) == []
    assert changed(line, {staff.path: 4}) == [(staff, 4)]
    assert staff.change(2) == "\N{MINUS SIGN}1 clerks, at all hours (3 \N{RIGHTWARDS ARROW} 2)"


def test_stock_is_set_in_days_of_demand() -> None:
    """Where the scenario says cover; the reorder point too. Both are settings that the scenario takes."""
    assert [(c.path, c.value) for c in groups("late_container")["stock"].controls] == [("stock.on_hand", 35.0)]
    [point] = groups("bonded_fortnight_with_stock")["stock"].controls
    assert (point.path, point.value) == ("flows.bulk.arrivals.reorder.point", 16.0)
    assert point.setting(20.5) == "flows.bulk.arrivals.reorder.point=20.5 d"
    assert point.change(20.5) == "Reordered when there is left 16 d → 20.5 d"
    assert "stock" not in groups("small_site_fortnight")


def test_orders_and_each_peak_can_be_set() -> None:
    """As many as come on a usual day; a peak in the way the file says it: how many orders, or times the usual."""
    found = {control.path: control for control in groups("double_eleven")["orders"].controls}
    peaks = "flows.orders.arrivals.poisson.peaks"
    assert (
        found["flows.orders.arrivals.poisson.per_day"].setting(31_000.0)
        == "flows.orders.arrivals.poisson.per_day=31000"
    )
    assert found[f"{peaks}.0.orders"].change(80_000.0) == "Peak 1 November, 00:00 to 01:00, orders 74,000 → 80,000"
    assert found[f"{peaks}.3.factor"].change(3.0) == "Peak 2 November, times the usual 2.3 → 3"


def test_each_promise_can_be_set() -> None:
    """In hours, whatever the unit of the file."""
    found = {control.path: control for control in groups("double_eleven")["promises"].controls}
    assert found["promises.delivery_168h.within"].value == 168.0
    assert found["promises.dispatch_48h.within"].change(24.0) == "Promise 2: dispatched within 48 h → 24 h"


def test_what_a_file_says_is_within_the_ends_of_its_control() -> None:
    """A promise of ten weeks can be drawn, though nobody can move another one as far."""
    file = Choice("six_stages").load(["promises.delivery_96h.within=70 d"])
    promise = next(c for g in groups_of(file) for c in g.controls if c.path == "promises.delivery_96h.within")
    assert promise.ends == (0.0, 1680.0)


def test_overtime_can_be_set_where_a_team_has_it() -> None:
    """In hours, beside the people of its shifts."""
    file = Choice("small_site_fortnight").load(["teams.packers.overtime=90 min"])
    controls = {control.path: control for group in groups_of(file) for control in group.controls}
    assert controls["teams.packers.overtime"].setting(2.0) == "teams.packers.overtime=2 h"
    assert controls["teams.packers.overtime"].value == 1.5
    assert "teams.pickers.overtime" not in controls
