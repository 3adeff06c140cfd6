"""Scenario files: from YAML text to a checked Scenario, with the place of every mistake.

All code that knows YAML is here. Texts are read as plain text (no YAML types: ``18:00`` is not a
number and ``no`` not false), and anchors, tags and duplicate keys are refused: a scenario that says less can
hide less.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from sim.world.arrivals import Arrivals
from sim.world.distributions import Time
from sim.world.errors import ScenarioError
from sim.world.scenario import Scenario, broken_references, nearest

LARGEST_FILE_BYTES = 2_000_000
DEEPEST = 20
Raw = dict[str, Any]
Where = tuple[str, ...]

# A variant that names another family of one of these replaces the base's, where other maps are merged.
ONE_OF = (frozenset(Time.model_fields), frozenset(Arrivals.model_fields) - {"batch"}, frozenset({"staff", "shifts"}))


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario with what it was read from.

    ``raw`` is the resolved text (base, differences and settings merged), ``base`` that of the scenario it
    extends or None; ``settings`` are the ``path=value`` changes.
    """

    name: str
    scenario: Scenario
    raw: Raw
    base: Raw | None
    settings: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of what the scenario says, real orders included; comments and layout do not count."""
        content = hashlib.sha256(json.dumps(self.raw, sort_keys=True).encode())
        for flow in self.scenario.flows.values():
            if flow.arrivals.file is not None:
                content.update(flow.arrivals.file.orders.to_csv().encode())
        return content.hexdigest()

    def text(self) -> str:
        """The resolved scenario as YAML that loads to the same scenario."""
        return yaml.safe_dump(self.raw, sort_keys=False, allow_unicode=True)


@dataclass(frozen=True)
class _Source:
    """A mapping with, for each path in it, the file and line where it stands."""

    raw: Raw
    places: dict[Where, str]


def load(path: str | Path, settings: Sequence[str] = ()) -> ScenarioFile:
    """Read a scenario file, apply ``path=value`` settings, and check everything.

    Parameters
    ----------
    path
        A YAML file.
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
    source, base = _resolve(path, ())
    for setting in settings:
        source = _set(source, setting)
    scenario = _validate(source, path)
    return ScenarioFile(path.stem, scenario, source.raw, base.raw if base else None, tuple(settings))


def from_text(text: str, folder: Path, name: str = "scenario", settings: Sequence[str] = ()) -> ScenarioFile:
    """Read a scenario from text; files that it names are looked for in ``folder``. Raises ScenarioError."""
    path = folder / f"{name}.yaml"
    source, base = _resolve_parsed(_parse(text, path), path, ())
    for setting in settings:
        source = _set(source, setting)
    return ScenarioFile(name, _validate(source, path), source.raw, base.raw if base else None, tuple(settings))


def _resolve(path: Path, above: tuple[Path, ...]) -> tuple[_Source, _Source | None]:
    """A file merged over what it extends, and that base alone."""
    if path.resolve() in above:
        raise ScenarioError(f"{path}: extends itself, by way of {' -> '.join(p.name for p in above)}")
    return _resolve_parsed(_parse(_read(path), path), path, (*above, path.resolve()))


def _resolve_parsed(own: _Source, path: Path, above: tuple[Path, ...]) -> tuple[_Source, _Source | None]:
    if "extends" not in own.raw:
        return own, None
    parent = own.raw.pop("extends")
    if not isinstance(parent, str):
        raise ScenarioError(f"{own.places[('extends',)]}: extends: must be the name of one file")
    base, _ = _resolve(path.parent / parent, above)
    places = {**base.places, **own.places}
    return _Source(_merge(base.raw, own.raw), places), base


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise ScenarioError(f"{path}: larger than {LARGEST_FILE_BYTES:,} bytes; this is not a scenario file")
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        known = [other.name for other in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}{nearest(path.name, known)}") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: not a text file in UTF-8") from None
    if "\0" in text:
        raise ScenarioError(f"{path}: not a text file (it holds zero bytes)")
    return text


def _parse(text: str, path: Path) -> _Source:
    places: dict[Where, str] = {}
    try:
        _refuse_tricks(text, path)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        raw = _build(node, (), path, places) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ScenarioError(f"{path}{line}: not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path}: not valid YAML: {error}") from None
    if not isinstance(raw, dict):
        raise ScenarioError(f"{path}: a scenario is a mapping of keys such as clock, flows, stages and teams")
    return _Source(raw, places)


def _refuse_tricks(text: str, path: Path) -> None:
    """Refuse anchors, aliases, tags and deep nesting before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None):
            raise ScenarioError(f"{path}, line {line}: anchors and aliases are not allowed; use extends")
        tag = getattr(event, "tag", None)
        if tag:
            raise ScenarioError(f"{path}, line {line}: the tag '{tag}' is not allowed; write plain values")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ScenarioError(f"{path}, line {line}: nested more than {DEEPEST} deep")


def _build(node: Any, where: Where, path: Path, places: dict[Where, str]) -> Any:
    places[where] = f"{path}, line {node.start_mark.line + 1}"
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*where, str(i)), path, places) for i, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        if node.value == "" and node.style is None:
            raise ScenarioError(f"{places[where]}: {_dotted(where)}: has no value")
        return node.value
    built: Raw = {}
    for key_node, child in node.value:
        key = key_node.value
        if not isinstance(key, str):
            raise ScenarioError(f"{path}, line {key_node.start_mark.line + 1}: a key must be a plain word")
        if key in built:
            raise ScenarioError(f"{path}, line {key_node.start_mark.line + 1}: {_dotted((*where, key))}: said twice")
        built[key] = _build(child, (*where, key), path, places)
        places[(*where, key)] = f"{path}, line {key_node.start_mark.line + 1}"
    return built


def _merge(base: Any, own: Any) -> Any:
    """``own`` over ``base``: maps are merged, all else replaced; another family replaces the base's."""
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    replaced = {key for group in ONE_OF if group & own.keys() for key in group & base.keys() - own.keys()}
    kept = {key: value for key, value in base.items() if key not in replaced}
    return {**kept, **{key: _merge(kept.get(key), value) for key, value in own.items()}}


def _set(source: _Source, setting: str) -> _Source:
    """One ``path=value`` over a source; the value is YAML, so lists and maps work too."""
    dotted, equals, text = setting.partition("=")
    where = tuple(dotted.strip().split("."))
    if not equals or not all(where):
        raise ScenarioError(f"--set {setting}: write it as path=value, such as teams.packers.staff=5")
    value = _parse(f"value: {text}", Path(f"--set {setting}")).raw["value"]
    _refuse_unknown_path(source.raw, where, setting)
    over: Any = value
    for key in reversed(where):
        over = {key: over}
    places = {**source.places, where: f"--set {setting}"}
    return _Source(_set_in(source.raw, where, over), places)


def _refuse_unknown_path(raw: Raw, where: Where, setting: str) -> None:
    """The first key must be one of a scenario, and an entry of teams, stages or flows must exist."""
    known: Any = Scenario.model_json_schema()["properties"]
    if where[0] not in known:
        raise ScenarioError(f"--set {setting}: no '{where[0]}' in a scenario{nearest(where[0], known)}")
    if len(where) > 1 and where[0] in ("teams", "stages", "flows") and where[1] not in raw.get(where[0], {}):
        raise ScenarioError(f"--set {setting}: no '{where[1]}' in {where[0]}{nearest(where[1], raw.get(where[0], {}))}")


def _set_in(raw: Any, where: Where, over: Any) -> Any:
    """Merge along the path, replace at its end; list positions are numbers."""
    key = where[0]
    if isinstance(raw, list):
        if not key.isdigit() or int(key) >= len(raw):
            raise ScenarioError(f"--set: no entry '{key}' in a list of {len(raw)} (they count from 0)")
        new = list(raw)
        new[int(key)] = over[key] if len(where) == 1 else _set_in(raw[int(key)], where[1:], over[key])
        return new
    if not isinstance(raw, dict):
        return over
    if len(where) == 1:
        return _merge({name: value for name, value in raw.items() if name != key}, over)
    return {**_merge(raw, {key: {}} if key not in raw else {}), key: _set_in(raw.get(key, {}), where[1:], over[key])}


def _validate(source: _Source, path: Path) -> Scenario:
    try:
        scenario = Scenario.model_validate(source.raw, context={"folder": path.parent})
    except ValidationError as error:
        raise ScenarioError(*_findings(error, source, path)) from None
    broken = [f"{_place(source, where, path)}: {_dotted(where)}: {what}" for where, what in broken_references(scenario)]
    broken += [
        f"{_place(source, ('sources', key), path)}: sources.{key}: names nothing in this scenario"
        for key in scenario.sources
        if not _exists(source.raw, tuple(key.split(".")))
    ]
    if broken:
        raise ScenarioError(*broken)
    return scenario


def _findings(error: ValidationError, source: _Source, path: Path) -> Iterator[str]:
    for finding in error.errors(include_url=False):
        where = _path_in(source.raw, tuple(str(part) for part in finding["loc"]))
        yield f"{_place(source, where, path)}: {_dotted(where)}: {_rule(finding, source.raw, where)}"


def _path_in(raw: Any, loc: Where) -> Where:
    """The path in the file of a location in the model, which also names families and kinds on its way."""
    where: list[str] = []
    for position, part in enumerate(loc):
        if isinstance(raw, Mapping) and part in raw:
            where.append(part)
            raw = raw[part]
        elif isinstance(raw, list) and part.isdigit() and int(part) < len(raw):
            where.append(part)
            raw = raw[int(part)]
        elif position == len(loc) - 1 and part not in ("constant", "per_order", "[key]") and isinstance(raw, Mapping):
            where.append(part)
    return tuple(where)


def _rule(finding: Any, raw: Raw, where: Where) -> str:
    """What is wrong, in the author's words."""
    kind: str = finding["type"]
    message: str = finding["msg"].removeprefix("Value error, ")
    value = _value_at(raw, where)
    if kind == "extra_forbidden":
        parent = _value_at(raw, where[:-1])
        return f"unknown key{nearest(where[-1], _allowed_keys(where, parent))}"
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return message
    shown = f"'{value}': " if isinstance(value, str) else ""
    return f"{shown}{message[0].lower()}{message[1:]}"


def _allowed_keys(where: Where, parent: Any) -> list[str]:
    """The keys that the model allows beside the unknown last one of ``where``."""
    schema = Scenario.model_json_schema(by_alias=True)
    nodes = [schema]
    for part in where[:-1]:
        nodes = [found for node in nodes for found in _children(schema, node, part)]
    kind = parent.get("kind", where[-2] if len(where) > 1 else "") if isinstance(parent, Mapping) else ""
    options = [option for node in nodes for option in _expanded(schema, node) if "properties" in option]
    same = [option for option in options if option["properties"].get("kind", {}).get("const") == kind]
    return sorted({name for option in same or options for name in option["properties"]})


def _children(schema: Raw, node: Raw, part: str) -> Iterator[Raw]:
    for option in _expanded(schema, node):
        if part in option.get("properties", {}):
            yield option["properties"][part]
        elif isinstance(option.get("additionalProperties"), dict):
            yield option["additionalProperties"]
        elif part.isdigit() and isinstance(option.get("items"), dict):
            yield option["items"]


def _expanded(schema: Raw, node: Raw) -> Iterator[Raw]:
    """A schema node with its references and alternatives followed."""
    if "$ref" in node:
        yield from _expanded(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        return
    yield node
    for option in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _expanded(schema, option)


def _value_at(raw: Any, where: Where) -> Any:
    for part in where:
        if isinstance(raw, Mapping) and part in raw:
            raw = raw[part]
        elif isinstance(raw, list) and part.isdigit() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return None
    return raw


def _exists(raw: Any, where: Where) -> bool:
    return _value_at(raw, where) is not None


def _place(source: _Source, where: Where, path: Path) -> str:
    """File and line of a path, or of the nearest part above it that the files say."""
    for length in range(len(where), 0, -1):
        if where[:length] in source.places:
            return source.places[where[:length]]
    return str(path)


def _dotted(where: Where) -> str:
    return ".".join(where) or "scenario"
