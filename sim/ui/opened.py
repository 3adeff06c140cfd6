"""From the settings of a link to where the controls stand: what each shows, what none stands for, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.ui.choice import Choice, without_folder
from sim.ui.controls import ENDS, Control, Value, groups_of
from sim.ui.texts import keep as texts
from sim.world.errors import ScenarioError

CLOCK = ("clock", "clock.length", "clock.warm_up", "clock.measure")
"""What the number of days sets."""


@dataclass(frozen=True)
class Opened:
    """``values`` by control, the settings ``beyond`` the controls, and in words what was refused."""

    values: tuple[tuple[Control, Value], ...] = ()
    beyond: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def opened(choice: Choice, settings: Sequence[str]) -> Opened:
    """What settings mean for the page of a scenario.

    The values of controls are those that the scenario has after the settings, so that a link may write them as a
    scenario file may. Raises ScenarioError where the scenario itself cannot be read.

    >>> found = opened(Choice("teaching_line"), ["teams.clerks.staff=5", "costs.courier=9", "teams.clerks.staf=5"])
    >>> [(control.label, value) for control, value in found.values], found.beyond
    ([('clerks, at all hours', 5)], ('costs.courier=9',))
    >>> print(found.problems[0])
    teams.clerks.staf=5: teams.clerks.staf: unknown key; did you mean 'staff'?
    """
    before = {control.path: control for group in groups_of(choice.load()) for control in group.controls}
    accepted, problems = _valid(choice, settings)
    after = {control.path: control for group in groups_of(choice.load(accepted)) for control in group.controls}
    values, beyond = [], []
    for path, setting in {path_of(setting): setting for setting in accepted}.items():
        if path not in before or path not in after:
            beyond.append(setting)
        elif not _within(before[path], after[path].value):
            problems.append(texts.refused(setting, "", texts.between(*before[path].ends)))
        else:
            values.append((before[path], after[path].value))
    return Opened(tuple(values), tuple(beyond), tuple(problems))


def path_of(setting: str) -> str:
    """What a setting sets.

    >>> path_of(" teams.clerks.staff = 5")
    'teams.clerks.staff'
    """
    return setting.partition("=")[0].strip()


def _valid(choice: Choice, settings: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The settings that the scenario takes; where it does not take all together, those that it takes one after another."""
    problems = [texts.refused(setting, "", texts.DAYS_SET_IT) for setting in settings if path_of(setting) in CLOCK]
    wanted = tuple(setting for setting in settings if path_of(setting) not in CLOCK)
    try:
        choice.load(wanted)
    except ScenarioError:
        pass
    else:
        return wanted, problems
    accepted: tuple[str, ...] = ()
    for setting in wanted:
        try:
            choice.load((*accepted, setting))
        except ScenarioError as error:
            problems.append(texts.refused(setting, "", _rule(error, setting)))
        else:
            accepted = (*accepted, setting)
    return accepted, problems


def _rule(error: ScenarioError, setting: str) -> str:
    """What a setting breaks, without the words in which the command line calls it."""
    return without_folder(error.findings[0]).removeprefix(f"--set {setting}: ")


def _within(control: Control, value: Value) -> bool:
    if control.kind not in ENDS:
        return True
    least, most = control.ends
    return least <= float(value) <= most
