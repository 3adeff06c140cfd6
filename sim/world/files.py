"""Scenario files: from YAML text to a checked Scenario, with the place of every mistake.

All code that knows YAML is here. Texts are read as plain text (no YAML types: ``18:00`` is not a
number and ``no`` not false), and anchors, tags and duplicate keys are refused: a scenario that says less can
hide less.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from sim.world.arrivals import OrdersFile
from sim.world.distributions import Column
from sim.world.errors import ScenarioError, nearest
from sim.world.findings import broken, mistakes
from sim.world.scenario import Scenario, parts_of
from sim.world.shipped import shipped
from sim.world.written import Raw, Where, Written, dotted, moved

LARGEST_FILE_BYTES = 2_000_000
DEEPEST = 20
NOTHING = ("", "~", "null", "Null", "NULL")
A_SCENARIO = "a scenario is a map of keys such as clock, flows, stages and teams"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, eq=False)
class ScenarioFile:
    """A scenario with what it was read from; whether two say the same, their ``digest`` tells.

    ``written`` is what its author wrote, with base, differences and settings merged, and the place of each
    part; ``base`` is what the scenario that it extends says, or None; ``settings`` are the ``path=value`` changes.
    """

    name: str
    scenario: Scenario
    written: Written
    base: Raw | None
    settings: tuple[str, ...]

    @property
    def raw(self) -> Raw:
        """All that the scenario says, as maps, lists and texts."""
        return self.written.raw

    def placed(self, error: ScenarioError) -> ScenarioError:
        """The same error with file and line, for what is found after loading, when only the path is known.

        >>> from sim.world.shipped import shipped
        >>> file = load(shipped("teaching_line"))
        >>> print(file.placed(ScenarioError("teams.clerks: all on holiday")))  # doctest: +ELLIPSIS
        /...teaching_line.yaml, line ...: teams.clerks: all on holiday
        """
        paths = (tuple(finding.partition(":")[0].split(".")) for finding in error.findings)
        places = map(self.written.place, paths)
        return ScenarioError(*(f"{place}: {rule}" for place, rule in zip(places, error.findings, strict=True)))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the scenario and the CSV files it names say; comments and layout do not count."""
        content = hashlib.sha256(json.dumps(self.raw, sort_keys=True).encode())
        for part in parts_of(self.scenario):
            if isinstance(part, OrdersFile):
                content.update(part.orders.to_csv().encode())
            if isinstance(part, Column):
                content.update(repr(part.times_ms).encode())
        return content.hexdigest()

    def changed(self, *settings: str, folder: Path | None = None) -> ScenarioFile:
        """The same scenario after more ``path=value`` settings. Raises ScenarioError as ``load`` does.

        Files that they name are looked for in ``folder``, or else beside the scenario.

        >>> from sim.world.shipped import shipped
        >>> load(shipped("teaching_line")).changed("teams.clerks.staff=4").settings
        ('teams.clerks.staff=4',)
        """
        written = self.written
        for setting in settings:
            written = _with_setting(written, setting)
        scenario = _scenario_of(written, folder or Path(self.written.name).parent)
        return ScenarioFile(self.name, scenario, written, self.base, (*self.settings, *settings))

    def text(self) -> str:
        """The resolved scenario as YAML that loads to the same scenario."""
        return yaml.safe_dump(self.raw, sort_keys=False, allow_unicode=True)


def load(path: str | Path, settings: Sequence[str] = ()) -> ScenarioFile:
    """Read a scenario file, apply ``path=value`` settings, and check everything.

    Parameters
    ----------
    path
        A YAML file. It may extend another one beside it, or a shipped scenario by its name.
    settings
        Changes such as ``"teams.packers.shifts.late.staff=5"``.

    Raises
    ------
    ScenarioError
        Naming file, line, path, value and rule of every mistake found.

    >>> from sim.world.shipped import shipped
    >>> load(shipped("teaching_line"), ["teams.clerks.staff=4"]).scenario.teams["clerks"].staff
    4

    """
    path = Path(path)
    return _checked(read(path), path, settings)


def read(path: Path, what: str = A_SCENARIO) -> Written:
    """A YAML file as its author wrote it; ``what`` is said where it is no map. Raises ScenarioError.

    >>> from sim.world.shipped import shipped
    >>> sorted(read(shipped("teaching_line")).raw)[:3]
    ['clock', 'flows', 'question']
    """
    return _parse(_read(path), str(path), what)


def from_text(text: str, folder: Path, name: str = "scenario", settings: Sequence[str] = ()) -> ScenarioFile:
    """Read a scenario from text; files that it names are looked for in ``folder``. Raises ScenarioError."""
    path = folder / f"{name}.yaml"
    return _checked(_parse(text, str(path)), path, settings)


def _checked(own: Written, path: Path, settings: Sequence[str]) -> ScenarioFile:
    written, base = _resolved(own, path, (path.resolve(),))
    for setting in settings:
        written = _with_setting(written, setting)
    scenario = _scenario_of(written, path.parent)
    return ScenarioFile(path.stem, scenario, written, base.raw if base else None, tuple(settings))


def _scenario_of(written: Written, folder: Path) -> Scenario:
    """What is written, checked; files that it names are looked for in ``folder``."""
    try:
        scenario = Scenario.model_validate(written.raw, context={"folder": folder})
    except ValidationError as error:
        raise ScenarioError(*mistakes(error, written)) from None
    wrong = broken(scenario, written)
    if wrong:
        raise ScenarioError(*wrong)
    return scenario


def _resolved(own: Written, path: Path, above: tuple[Path, ...]) -> tuple[Written, Written | None]:
    """A scenario merged over what it extends, and that base alone."""
    raw = dict(own.raw)
    parent = raw.pop("extends", None)
    if parent is None:
        return own, None
    said = f"{own.place(('extends',))}: extends"
    if not isinstance(parent, str):
        raise ScenarioError(f"{said}: must be the name of one file")
    try:
        base_path = _base_path(path.parent, parent)
        text = _read(base_path)
    except ScenarioError as error:
        raise ScenarioError(f"{said}: {error}") from None
    if base_path.resolve() in above:
        names = " -> ".join(file.name for file in (*above, base_path))
        raise ScenarioError(f"{said}: goes round in a circle: {names}")
    base, _ = _resolved(_parse(text, str(base_path)), base_path, (*above, base_path.resolve()))
    if base_path.parent != path.parent:
        base = Written(moved(base.raw, os.path.relpath(base_path.parent, path.parent)), base.places, base.name)
    return Written(raw, own.places, own.name).over(base), base


def _base_path(folder: Path, parent: str) -> Path:
    """The file beside the scenario that extends it, or the shipped one of that name."""
    beside = folder / parent
    return beside if beside.suffix or beside.exists() else shipped(parent)


def _read(path: Path) -> str:
    try:
        # A pipe or a device would never end.
        if path.exists() and not path.is_file():
            raise ScenarioError(f"{path}: is a folder or a device, not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        known = [other.name for other in path.parent.glob("*.yaml")]
        raise ScenarioError(f"{path}: there is no such file{nearest(path.name, known)}") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE_BYTES:
        raise ScenarioError(f"{path}: larger than {LARGEST_FILE_BYTES:,} bytes; this is not a scenario file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: not a text file in UTF-8") from None
    if "\0" in text:
        raise ScenarioError(f"{path}: not a text file (it holds zero bytes)")
    return text


def _parse(text: str, name: str, what: str = A_SCENARIO) -> Written:
    reader = _Reader(name)
    raw = reader.read(text)
    if not isinstance(raw, dict):
        raise ScenarioError(f"{name}: {what}")
    return Written(raw, reader.places, name)


class _Reader:
    """Builds maps, lists and texts from YAML, and notes where each stands; ``where`` is the path of the whole."""

    def __init__(self, name: str, where: Where = (), *, numbered: bool = True) -> None:
        self.name, self.where, self.numbered = name, where, numbered
        self.places: dict[Where, str] = {}
        self.wrong: list[str] = []

    def read(self, text: str) -> Any:
        """The value of a text. Raises ScenarioError with all that is wrong with it."""
        try:
            self._refuse_tricks(text)
            node = yaml.compose(text, Loader=LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            words = ", ".join(part for part in (error.context, error.problem) if part)
            tab = mark is not None and "\t" in "".join(text.splitlines()[mark.line : mark.line + 1])
            hint = "; indent with blanks, not with tabs" if tab else ""
            raise ScenarioError(f"{self._place(mark)}: not valid YAML: {words}{hint}") from None
        except yaml.YAMLError as error:
            raise ScenarioError(f"{self.name}: not valid YAML: {str(error).splitlines()[0]}") from None
        if node is None:
            raise ScenarioError(f"{self.name}: says nothing")
        value = self._build(node, self.where, self._place(node.start_mark))
        if self.wrong:
            raise ScenarioError(*self.wrong)
        return value

    def _place(self, mark: Any) -> str:
        return f"{self.name}, line {mark.line + 1}" if mark is not None and self.numbered else self.name

    def _refuse_tricks(self, text: str) -> None:
        """Refuse anchors, aliases, tags and deep nesting before anything is built from them."""
        depth = 0
        event: Any
        for event in yaml.parse(text, Loader=LOADER):
            place = self._place(event.start_mark)
            if getattr(event, "anchor", None):
                raise ScenarioError(f"{place}: anchors and aliases are not allowed; use extends")
            if getattr(event, "tag", None):
                tag = event.tag.replace("tag:yaml.org,2002:", "!!")
                raise ScenarioError(f"{place}: the tag '{tag}' is not allowed; write plain values")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise ScenarioError(f"{place}: nested more than {DEEPEST} deep")

    def _build(self, node: Any, where: Where, place: str) -> Any:
        self.places[where] = place
        if isinstance(node, yaml.MappingNode):
            return self._map(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [
                self._build(entry, (*where, str(number)), self._place(entry.start_mark))
                for number, entry in enumerate(node.value)
            ]
        if node.value in NOTHING and not node.style:
            self.wrong.append(f"{place}: {dotted(where)}: has no value; write one, or leave the key out")
        return node.value

    def _map(self, node: Any, where: Where) -> Raw:
        built: Raw = {}
        for key_node, child in node.value:
            key, place = key_node.value, self._place(key_node.start_mark)
            if not isinstance(key, str):
                self.wrong.append(f"{place}: {dotted(where)}: a key must be a plain word")
            elif key in built:
                self.wrong.append(f"{place}: {dotted((*where, key))}: is said twice")
            else:
                built[key] = self._build(child, (*where, key), place)
        return built


def _with_setting(written: Written, setting: str) -> Written:
    """One ``path=value`` over what is written; the value is YAML, so lists and maps work too."""
    name = f"--set {setting}"
    path, equals, text = setting.partition("=")
    where = tuple(path.strip().split("."))
    if not equals or not all(where):
        raise ScenarioError(f"{name}: write it as path=value, such as teams.packers.staff=5")
    _refuse_unknown_path(written.raw, where, name)
    reader = _Reader(name, where, numbered=False)
    value = reader.read(text)
    try:
        return written.changed(where, value, reader.places)
    except ValueError as error:
        raise ScenarioError(f"{name}: {error}") from None


def _refuse_unknown_path(raw: Raw, where: Where, name: str) -> None:
    """The first key must be one of a scenario, and an entry of teams, stages or flows must exist."""
    known = [field.alias or key for key, field in Scenario.model_fields.items()]
    if where[0] not in known:
        raise ScenarioError(f"{name}: no '{where[0]}' in a scenario{nearest(where[0], known)}")
    entries = raw.get(where[0], {})
    if where[0] in ("teams", "stages", "flows") and where[1:] and isinstance(entries, dict) and where[1] not in entries:
        raise ScenarioError(f"{name}: no '{where[1]}' in {where[0]}{nearest(where[1], entries)}")
