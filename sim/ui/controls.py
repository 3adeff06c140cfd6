"""What a planner can turn in a scenario: orders and peaks, staff by team and shift, stock, rates, modes, promises.

Controls are found in the scenario itself and not in a list of names: every peak, every shift of every team, every share
that a stage says, the few switches of customs, and every promise. A control that was moved becomes a ``path=value`` setting,
the same that the command line takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator

from sim.ui import texts
from sim.world.calendar import Shift
from sim.world.files import ScenarioFile
from sim.world.scenario import Scenario, tasks_of
from sim.world.stages import AnyStage, Customs, Inspection, Verdict
from sim.world.units import DAY_MS, HOUR_MS, Model, parse_share

Value = int | float | str | bool
Path = tuple[str, ...]
ENDS: dict[str, tuple[float, float]] = {
    "people": (0, 100_000), "days": (0.01, 1_000.0), "hours": (0.0, 1_000.0),
    "orders": (0.0, 10_000_000.0), "times": (0.0, 1_000.0),
}  # fmt: skip
"""From where to where a number of each kind can be moved."""


@dataclass(frozen=True)
class Control:
    """One thing to turn: where it stands in the file, what it is called, and what the file says.

    ``kind`` is ``people`` (a whole number), ``share`` (0 to 1), ``days`` or ``hours`` (a length of time), ``orders`` (how
    many), ``times`` (a factor), ``choice`` (one of ``options``) or ``switch``.
    """

    path: str
    label: str
    kind: Literal["people", "share", "days", "hours", "orders", "times", "choice", "switch"]
    value: Value
    options: tuple[str, ...] = ()
    possible: bool = True
    help: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where it can be moved, if it is a number; what the file says is always within."""
        assert isinstance(self.value, int | float)
        least, most = ENDS[self.kind]
        return min(least, self.value), max(most, self.value)

    def setting(self, value: Value) -> str:
        """The change as the command line takes it.

        >>> Control("stages.customs.selection_rate", "selected", "share", 0.03).setting(0.1)
        'stages.customs.selection_rate=10 %'
        """
        return f"{self.path}={texts.written(self.kind, value)}"

    def change(self, value: Value) -> str:
        """The change in words.

        >>> Control("teams.officers.shifts.late.staff", "officers, late shift", "people", 1).change(2)
        '+1 officers, late shift (1 → 2)'
        """
        arrow = f"{texts.shown(self.kind, self.value)} → {texts.shown(self.kind, value)}"
        if self.kind == "people":
            return f"{int(value) - int(self.value):+,} {self.label} ({arrow})".replace("-", texts.MINUS)
        return f"{self.label} {arrow}"


@dataclass(frozen=True)
class Group:
    """The controls of one stage and of its teams; ``note`` names teams of it that stand elsewhere."""

    key: str
    label: str
    controls: tuple[Control, ...]
    note: str = ""


@lru_cache(maxsize=256)
def groups_of(file: ScenarioFile) -> tuple[Group, ...]:
    """All controls of a scenario: orders and stock, stage by stage in the order of the file, other teams, promises.

    A team that serves several stages stands at the last of them: packers who also check what was picked are
    found at packing, officers of both lines at customs.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> [(group.label, [c.path for c in group.controls]) for group in groups_of(load(shipped("teaching_line")))]
    [('Counter', ['teams.clerks.staff'])]
    """
    scenario = file.scenario
    teams = {
        key: list(dict.fromkeys(task.team for _, task in tasks_of(stage))) for key, stage in scenario.stages.items()
    }
    home = {team: key for key, served in teams.items() for team in served}
    groups = [
        Group("orders", texts.ORDERS, tuple(_orders(scenario))),
        Group("stock", texts.STOCK, tuple(_stock(scenario))),
    ]
    groups += [_group(file, key, teams[key], home) for key in scenario.stages]
    others = [control for team in scenario.teams if team not in home for control in _people(scenario, team)]
    groups += [
        Group("other_teams", texts.OTHER_TEAMS, tuple(others)),
        Group("promises", texts.PROMISES, tuple(_promises(scenario))),
    ]
    return tuple(group for group in groups if group.controls)


def _group(file: ScenarioFile, key: str, teams: list[str], home: Mapping[str, str]) -> Group:
    scenario, stage = file.scenario, file.scenario.stages[key]
    own = [team for team in teams if home[team] == key]
    elsewhere = [
        (scenario.label("teams", team), scenario.label("stages", home[team])) for team in teams if team not in own
    ]
    controls = [control for team in own for control in _people(scenario, team)]
    controls += [*_switches(key, stage), *_rates(file, key, stage)]
    note = texts.teams_elsewhere(elsewhere)
    return Group(key, texts.sentence_case(scenario.label("stages", key)), tuple(controls), note)


def changed(groups: tuple[Group, ...], values: Mapping[str, Value]) -> list[tuple[Control, Value]]:
    """The controls whose value (by path) is another than the file's."""
    controls = [control for group in groups for control in group.controls]
    return [(control, values[control.path]) for control in controls if values.get(control.path, control.value) != control.value]  # fmt: skip


def _people(scenario: Scenario, team: str) -> Iterator[Control]:
    """Staff at all hours, or of each shift."""
    described, label = scenario.teams[team], scenario.label("teams", team)
    if described.staff is not None:
        yield Control(f"teams.{team}.staff", f"{label}, {texts.AT_ALL_HOURS}", "people", described.staff)
    for key, shift in described.shifts.items():
        yield Control(f"teams.{team}.shifts.{key}.staff", texts.shift(label, key), "people", shift.staff, help=_hours(shift))  # fmt: skip

    if described.overtime:
        yield Control(f"teams.{team}.overtime", texts.overtime(label), "hours", described.overtime / HOUR_MS)


def _orders(scenario: Scenario) -> Iterator[Control]:
    """How many orders come on a usual day, and how many in each peak."""
    flows = scenario.order_flows
    for key in flows:
        poisson, path = scenario.flows[key].arrivals.poisson, f"flows.{key}.arrivals.poisson"
        if poisson is None:
            continue
        of_flow = f", {scenario.label('flows', key)}" if len(flows) > 1 else ""
        yield Control(f"{path}.per_day", f"{texts.ORDERS_A_DAY}{of_flow}", "orders", poisson.per_day)
        for number, peak in enumerate(poisson.peaks):
            says = peak.orders is not None
            label = f"{texts.peak(peak.begin, peak.end, orders=says)}{of_flow}"
            place, value = f"{path}.peaks.{number}", peak.orders if says else peak.factor
            yield Control(
                f"{place}.{'orders' if says else 'factor'}", label, "orders" if says else "times", value or 0.0
            )


def _promises(scenario: Scenario) -> Iterator[Control]:
    """Within how long buyers are promised to have their orders."""
    for number, (key, promise) in enumerate(scenario.promises.items(), start=1):
        label = texts.promised(promise.to, number if len(scenario.promises) > 1 else 0)
        yield Control(f"promises.{key}.within", label, "hours", promise.within / HOUR_MS)


def _stock(scenario: Scenario) -> Iterator[Control]:
    """How much lies there at the start and when it is reordered, where these are said as days of demand."""
    if scenario.stock is not None and scenario.stock.on_hand.cover is not None:
        yield Control("stock.on_hand", texts.ON_HAND, "days", scenario.stock.on_hand.cover / DAY_MS)
    for key, flow in scenario.flows.items():
        reorder = flow.arrivals.reorder
        if reorder is not None and reorder.point.cover is not None:
            path = f"flows.{key}.arrivals.reorder.point"
            yield Control(path, texts.REORDER_POINT, "days", reorder.point.cover / DAY_MS)


def _hours(shift: Shift) -> str:
    seasons = [texts.day(day) for day in (shift.first, shift.last) if day is not None]
    return " ".join([texts.hours_of_day(shift.begin, shift.end), texts.days(shift.days), *seasons])


def _rates(file: ScenarioFile, key: str, stage: AnyStage) -> Iterator[Control]:
    """Every share that the stage says, and how accurate declarations are even where it does not."""
    for path, share in _shares(stage, ()):
        said = _said(file.raw, ("stages", key, *path))
        if said or (isinstance(stage, Inspection) and path == ("accuracy",)):
            label = texts.rate(path, stage, file.scenario.label("stages", key))
            yield Control(".".join(("stages", key, *path)), label, "share", share)


def _shares(part: Model, path: Path) -> Iterator[tuple[Path, float]]:
    """All shares in a part of a scenario, with their paths; a verdict's shares make a whole and cannot move alone."""
    if isinstance(part, Verdict):
        return
    for name in type(part).model_fields:
        value, here = getattr(part, name), (*path, name)
        if isinstance(value, Model):
            yield from _shares(value, here)
        elif isinstance(value, tuple):
            for number, entry in enumerate(value):
                if isinstance(entry, Model):
                    yield from _shares(entry, (*here, str(number)))
        elif name in _share_fields(type(part)):
            entries = value.items() if isinstance(value, dict) else [(None, value)]
            yield from (((*here, entry) if entry else here, share) for entry, share in entries)


@cache
def _share_fields(model: type[Model]) -> frozenset[str]:
    """Names of the fields that hold a share, or one share for each of several classes."""
    hints = get_type_hints(model, include_extras=True)
    return frozenset(name for name in model.model_fields if _holds_share(hints[name]))


def _holds_share(hint: Any) -> bool:
    """Whether a type is a share, or has one somewhere in it."""
    parts = get_args(hint)
    if get_origin(hint) is Annotated and any(isinstance(p, BeforeValidator) and p.func is parse_share for p in parts):
        return True
    return any(_holds_share(part) for part in parts)


def _switches(key: str, stage: AnyStage) -> Iterator[Control]:
    """What customs can do in one way or the other."""
    if not isinstance(stage, Customs):
        return
    path = f"stages.{key}"
    if isinstance(stage.selection_rate, dict):
        yield Control(f"{path}.credit", texts.CREDIT, "choice", stage.credit, tuple(stage.selection_rate))
    modes = get_args(Customs.model_fields["mode"].annotation)
    missing = "" if stage.xray else texts.NEEDS_XRAY
    yield Control(f"{path}.mode", texts.MODE, "choice", stage.mode, modes, possible=not missing, help=missing)
    if stage.order_data is not None:
        yield Control(f"{path}.pick_before_acceptance", texts.PICK_FIRST, "switch", stage.pick_before_acceptance)


def _said(raw: Any, path: Path) -> bool:
    for part in path:
        if isinstance(raw, list) and part.isdigit() and int(part) < len(raw):
            raw = raw[int(part)]
        elif isinstance(raw, Mapping) and part in raw:
            raw = raw[part]
        else:
            return False
    return True
