"""What is wrong with a scenario, in a planner's words and at its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.world.errors import nearest
from sim.world.references import broken_references
from sim.world.scenario import Scenario
from sim.world.stages import KINDS
from sim.world.written import Where, Written, dotted, value_at

# pydantic's kinds of mistakes; {shown} is what the file says, other names are pydantic's own.
RULES = {
    "missing": "is missing",
    "int_type": "must be a whole number, not {shown}",
    "int_parsing": "must be a whole number, not {shown}",
    "int_parsing_size": "must be a whole number, not {shown}",
    "float_type": "must be a number, not {shown}",
    "float_parsing": "must be a number, not {shown}",
    "finite_number": "must be a number, not {shown}",
    "bool_type": "must be yes or no, not {shown}",
    "bool_parsing": "must be yes or no, not {shown}",
    "string_type": "must be a text, not {shown}",
    "literal_error": "must be {expected}, not {shown}",
    "greater_than": "must be above {gt:g}, not {shown}",
    "greater_than_equal": "must be {ge:g} or more, not {shown}",
    "less_than_equal": "must be {le:,.15g} or less, not {shown}",
    "model_type": "must be a map of keys and values, not {shown}",
    "dict_type": "must be a map of keys and values, not {shown}",
    "tuple_type": "must be a list, not {shown}",
    "too_short": "has too few entries ({actual_length}; at least {min_length})",
    "too_long": "has too many entries ({actual_length}; at most {max_length})",
    "union_tag_invalid": "{kind} is not a kind of stage{nearest}",
    "value_error": "{error}",
}


def mistakes(error: ValidationError, written: Written, root: type[BaseModel] = Scenario) -> list[str]:
    """Every mistake that pydantic found in what should be a ``root``: place, path and rule."""
    found = error.errors(include_url=False, include_input=False)
    # A list counts as too short for pydantic where its entries are wrong.
    above = {details["loc"][:length] for details in found for length in range(len(details["loc"]))}
    said = [
        _finding(details, written, root)
        for details in found
        if details["type"] != "too_short" or details["loc"] not in above
    ]
    return list(dict.fromkeys(said))


def broken(scenario: Scenario, written: Written) -> list[str]:
    """Every name in a scenario that names nothing: place, path and rule."""
    wrong = list(broken_references(scenario))
    wrong += [
        (("sources", key), "names nothing in this scenario")
        for key in scenario.sources
        if value_at(written.raw, key.split(".")) is None
    ]
    return [f"{written.place(where)}: {dotted(where)}: {rule}" for where, rule in wrong]


def _finding(details: Any, written: Written, root: type[BaseModel]) -> str:
    loc = tuple(str(part) for part in details["loc"])
    where = _path_in(written.raw, loc)
    if details["type"] == "missing" and isinstance(details["loc"][-1], int):
        rule = "has too few entries"
    elif details["type"] == "missing":
        where, rule = (*where, loc[-1]), RULES["missing"]
    elif details["type"] == "extra_forbidden":
        rule = f"unknown key{nearest(loc[-1], _allowed_keys(loc, written.raw, root))}"
    else:
        value = where[-1] if loc[-1] == "[key]" else value_at(written.raw, where)
        where = (*where, "kind") if details["type"] == "union_tag_invalid" else where
        rule = RULES.get(details["type"], details["msg"]).format(**_words(details, value))
    return f"{written.place(where)}: {dotted(where)}: {rule}"


def _path_in(raw: Any, loc: Where) -> Where:
    """The path in the file of a location in the model, which also names what is left out in writing, and <kinds>."""
    where: list[str] = []
    for part in loc:
        if value_at(raw, [part]) is not None:
            where.append(part)
            raw = value_at(raw, [part])
    return tuple(where)


def _words(details: Any, value: Any) -> dict[str, Any]:
    kind = value.get("kind") if isinstance(value, Mapping) else None
    hint = nearest(str(kind), KINDS)
    return {**details.get("ctx", {}), "shown": _shown(value), "kind": _shown(kind), "nearest": hint}


def _shown(value: Any) -> str:
    return "a map" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else f"'{value}'"


def _allowed_keys(loc: Where, raw: Any, root: type[BaseModel]) -> set[str]:
    """The keys that the model has beside the unknown one at ``loc``."""
    models: set[type[BaseModel]] = {root}
    for part in loc[:-1]:
        onward = {below for model in models for below in _models_below(model, part)}
        # A part that the author may leave out (``constant``, ``per_order``): its own keys are meant, and those above.
        left_out = value_at(raw, [part]) is None and not part.startswith("<")
        models = (onward | models if left_out else onward) or models
        models = {model for model in models if f"<{_kind(model)}>" == part} or models
        raw = raw if value_at(raw, [part]) is None else value_at(raw, [part])
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _models_below(model: type[BaseModel], part: str) -> Iterator[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _kind(model: type[BaseModel]) -> Any:
    return model.model_fields["kind"].default if "kind" in model.model_fields else None
