"""The JSON Schema for editors, held against scenario files as an editor reads them (YAML 1.2 or JSON)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sim.world.schema import scenario_schema
from sim.world.shipped import shipped, shipped_names

FOLDER = Path(__file__).parents[1] / "scenarios"
VALID = [*sorted((FOLDER / "valid").glob("*.yaml")), *map(shipped, shipped_names())]

# Faults that an editor marks while one writes; the others need two places, a calendar or another file.
MARKED = [
    "a_list_for_a_map", "a_list_for_a_time", "a_map_for_a_text", "a_map_for_a_time", "a_text_for_a_list",
    "a_text_for_a_map", "crew_of_none", "empirical_in_a_wrong_unit", "empirical_of_none", "empty_route",
    "erlang_of_half_a_phase", "file_without_path", "gamma_without_variation", "half_a_person", "key_of_another_kind",
    "lognormal_without_mean", "missing_key", "missing_key_of_a_kind", "missing_key_of_scenario", "missing_unit",
    "negative_share", "negative_staff", "negative_time", "neither_yes_nor_no", "no_distribution", "no_flows",
    "no_orders_a_day", "not_a_moment", "not_a_share", "not_a_weekday", "not_one_share_nor_many", "number_of_zero",
    "outage_of_some", "promise_of_something_else", "rework_without_end", "shares_for_a_share", "staff_in_words",
    "too_fast", "twenty_three_hours", "two_distributions_in_one_time", "uniform_of_one", "unknown_family",
    "unknown_key", "unknown_key_deep_inside", "unknown_key_of_a_kind", "unknown_key_of_scenario",
    "unknown_kind_of_stage", "unknown_part_of_work", "unknown_trust", "unknown_word", "wage_with_currency",
    "weibull_of_a_tiny_shape", "wrong_schema_number", "wrong_unit",
]  # fmt: skip


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2's core types, as editors have them: a date is a text, and so are ``yes`` and ``18:00``."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


@cache
def validator() -> Draft202012Validator:
    """Made once: the schema has a hundred definitions."""
    return Draft202012Validator(scenario_schema())


def as_in_an_editor(path: Path) -> Any:
    """What an editor hands to the schema; JSON knows no other keys than texts."""
    return json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), EditorLoader)))


def test_the_schema_is_one() -> None:
    """It obeys the rules of JSON Schema 2020-12, and JSON can hold it."""
    schema = scenario_schema()
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_every_reference_leads_somewhere() -> None:
    """Each definition that is named is there."""
    schema = scenario_schema()
    named = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert named - schema["$defs"].keys() == set()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files_are_accepted(path: Path) -> None:
    """As their authors write them."""
    assert [error.json_path for error in validator().iter_errors(as_in_an_editor(path))] == []


@pytest.mark.parametrize("name", MARKED)
def test_faults_are_marked(name: str) -> None:
    """An editor underlines them before the file is ever loaded."""
    assert not validator().is_valid(as_in_an_editor(FOLDER / "invalid" / f"{name}.yaml"))


FIXED = {
    "every_stage": [
        "", "clock", "flows.orders", "flows.orders.arrivals", "flows.orders.arrivals.poisson", "flows.orders.lines",
        "flows.orders.classes.normal", "stages.desk", "stages.desk.rework", "stages.inspection", "stages.tally.count",
        "stages.picking", "stages.packing", "stages.customs.order_data.repair", "stages.customs.xray.image",
        "stages.delivery.trucks", "stages.west", "teams.clerks", "calendars.office", "promises.dispatch_24h", "costs",
    ],
    "every_distribution": ["stages.gamma.work", "stages.gamma.work.gamma", "stages.parts.work", "stages.column.work"],
    "shifts": ["teams.operators.shifts.rush", "teams.night_watch.shifts.night.breaks.0", "teams.night_watch.outages.0"],
    "variant": ["", "flows.visitors", "stages.counter", "stages.counter.work.erlang", "teams.clerks.shifts.day"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "where"), [(name, where) for name, places in FIXED.items() for where in places])
def test_an_unknown_key_is_refused(name: str, where: str) -> None:
    """In every sort of map whose keys are ours, in variants too; the maps of flows, teams and so on are the author's."""
    whole = as_in_an_editor(FOLDER / "valid" / f"{name}.yaml")
    part = whole
    for key in filter(None, where.split(".")):
        part = part[int(key) if key.isdigit() else key]
    part["kolour"] = "red"
    assert not validator().is_valid(whole)


def test_descriptions_are_the_first_words_of_the_models() -> None:
    """An editor shows them: plain text, without examples in Python."""
    definitions = scenario_schema()["$defs"]
    assert definitions["Erlang"]["description"] == "Sum of `k` equal exponential phases, by the mean of the whole."
    assert not re.search(r">>>|``", json.dumps(definitions))
    assert [name for name, part in definitions.items() if "description" not in part] == []
