"""The JSON Schema of scenario files, with which an editor completes keys and marks mistakes while one writes.

It says what the models say, in the short forms that authors use: a plain ``6 min`` for a constant time, a stage that is
of the kind its key names. What concerns several keys at once (shares that make a whole, names that must
exist) is left to loading.
"""

from __future__ import annotations

import re
from typing import Any

from sim.world.scenario import Scenario
from sim.world.stages import KINDS

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/$defs/"
DIFFERENCE = ".difference"

# Maps that may also be written as the plain value of one of some of their keys.
PLAIN = {
    "Time": ("constant",), "Number": ("constant",), "Value": ("constant",), "OrdersFile": ("path",),
    "Work": ("per_order",), "Amount": ("cover", "units"),
}  # fmt: skip
EXACTLY_ONE = ("Time", "Number", "Value", "Amount")


def scenario_schema() -> Schema:
    """What a scenario file may say, as JSON Schema (2020-12).

    A file that extends another one need not say everything: nothing is required of it.

    >>> scenario_schema()["$defs"]["Clock"]["required"]
    ['start', 'length']
    """
    whole = Scenario.model_json_schema(by_alias=True)
    definitions: Schema = {name: _plainer(part) for name, part in whole.pop("$defs").items()}
    for name in EXACTLY_ONE:
        definitions[name] |= {"minProperties": 1, "maxProperties": 1}
    for name, keys in PLAIN.items():
        definitions[name] = _also_plain(definitions[name], keys)
    definitions["Scenario"] = _plainer(whole)
    differences = {name + DIFFERENCE: _nothing_required(part) for name, part in definitions.items()}
    definitions["Scenario"]["properties"]["stages"] |= _stages_by_key()
    difference = differences["Scenario" + DIFFERENCE]
    difference["properties"]["stages"]["additionalProperties"] = _stage_of_some_kind()
    difference["properties"]["extends"] = {
        "type": "string",
        "description": "The file beside this one, or the shipped scenario, from which this one differs.",
    }
    return {
        "$schema": DIALECT,
        "title": "importflow scenario",
        "if": {"required": ["extends"]},
        "then": _refer("Scenario" + DIFFERENCE),
        "else": _refer("Scenario"),
        "$defs": definitions | differences,
    }


def _refer(name: str) -> Schema:
    return {"$ref": DEFINITIONS + name}


def _plainer(node: Any) -> Any:
    """One part of pydantic's schema as files are written: no nulls, yes and no, numbers where a text is wanted."""
    if isinstance(node, list):
        return [_plainer(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    alternatives = [entry for entry in node.get("anyOf", ()) if entry != {"type": "null"}]
    if "anyOf" in node and len(alternatives) == 1:
        node = {key: value for key, value in node.items() if key not in ("anyOf", "default")} | alternatives[0]
    plain = {key: _plainer(value) for key, value in node.items() if key not in ("default", "description")}
    if isinstance(node.get("default"), str | float | bool):
        plain["default"] = node["default"]
    if isinstance(node.get("description"), str):
        plain["description"] = _first_paragraph(node["description"])
    if plain.get("type") == "boolean":
        plain = {key: value for key, value in plain.items() if key != "type"} | {"enum": [True, False, "yes", "no"]}
    if plain.get("type") == "string" and not plain.keys() & {"examples", "enum", "const"}:
        plain["type"] = ["string", "number"]
    return plain


def _first_paragraph(docstring: str) -> str:
    return re.sub(r"\s+", " ", docstring.partition("\n\n")[0]).replace("``", "`")


def _also_plain(node: Schema, keys: tuple[str, ...]) -> Schema:
    said = {name: node[name] for name in ("title", "description") if name in node}
    full = {name: value for name, value in node.items() if name not in said}
    return said | {"anyOf": [*(node["properties"][key] for key in keys), full]}


def _nothing_required(node: Any) -> Any:
    """The same for a difference from another scenario."""
    if isinstance(node, list):
        return [_nothing_required(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return node | {"$ref": node["$ref"] + DIFFERENCE}
    return {key: _nothing_required(value) for key, value in node.items() if key != "required"}


def _stages_by_key() -> Schema:
    """A stage is of the kind it says, else of the kind its key names, else a service."""
    return {"properties": {key: _stage(key) for key in KINDS}, "additionalProperties": _stage("service")}


def _stage(usual: str) -> Schema:
    rules = [
        {
            "if": _says_kind(kind) if kind != usual else _says_kind(kind, required=False),
            "then": _refer(kind.capitalize()),
        }
        for kind in KINDS
    ]
    return {"type": "object", "properties": {"kind": {"enum": list(KINDS)}}, "allOf": rules}


def _says_kind(kind: str, *, required: bool = True) -> Schema:
    condition: Schema = {"properties": {"kind": {"const": kind}}}
    return condition | {"required": ["kind"]} if required else condition


def _stage_of_some_kind() -> Schema:
    return {"anyOf": [_refer(kind.capitalize() + DIFFERENCE) for kind in KINDS]}
