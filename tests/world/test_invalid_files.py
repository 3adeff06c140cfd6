"""Every rule of scenario files: one file for each fault, whose first lines say what its author must be told.

A ``*`` in these lines stands for what differs between machines. The rules themselves are looked up in the
sources of sim/world, so that a new one does not come without its file.
"""

from __future__ import annotations

import ast
import itertools
import pickle
import re
from pathlib import Path

import pytest

import sim.world
from sim.plan.compile import compile_file
from sim.world.errors import ScenarioError
from sim.world.files import from_text, load
from sim.world.findings import RULES

FOLDER = Path(__file__).parents[1] / "scenarios" / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))
LESSONS = sorted((Path(__file__).parents[1] / "lessons" / "invalid").glob("*.yaml"))


def expected(path: Path) -> list[str]:
    """The findings that a file announces in its first lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# ") for line in itertools.takewhile(lambda line: line.startswith("# "), lines)]


def findings(path: Path) -> list[str]:
    """What an author is told who loads a file and prepares a run of it, paths as seen from its folder."""
    with pytest.raises(ScenarioError) as refused:
        compile_file(load(path))
    return [finding.replace(f"{path.parent}/", "") for finding in refused.value.findings]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_author_is_told_place_and_rule(path: Path) -> None:
    """File, line, path, value and rule of each fault, and nothing else."""
    found = findings(path)
    assert len(found) == len(expected(path))
    for said, wanted in zip(found, expected(path), strict=True):
        assert re.fullmatch(re.escape(wanted).replace(r"\*", ".*"), said), f"{said}\n{wanted}"


def test_all_mistakes_of_a_file_are_reported_together() -> None:
    """Five mistakes in five lines."""
    assert len(findings(FOLDER / "several_mistakes.yaml")) == 5


def test_the_findings_stay_apart_on_the_way_between_processes() -> None:
    """A worker that refuses a scenario says as much as one's own process."""
    error = ScenarioError("a: is missing", "b: is said twice")
    again = pickle.loads(pickle.dumps(error))
    assert (again.findings, str(again)) == (error.findings, str(error))


def rules_in_sources() -> set[str]:
    """The longest fixed piece of each message that sim/world raises or yields."""
    found = set()
    for path in Path(sim.world.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise | ast.Yield):
                texts = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant)]
                found |= {max(pieces, key=len) for pieces in [[t for t in texts if isinstance(t, str)]] if pieces}
    return {piece.strip("'; ") for piece in found if " " in piece.strip()}


# What is wrong with a file as such, and with --set, and what is only warned of, has tests of its own.
TESTED_ELSEWHERE = {
    "(they count from 0)",
    ": cannot be read:",
    ": not a text file (it holds zero bytes)",
    ": not a text file in UTF-8",
    ": write it as path=value, such as teams.packers.staff=5",
    "bytes; this is not a scenario file",
    "in a scenario",
    "no lesson",
    "leaves after the clock has ended (",
}


def test_every_rule_has_a_file() -> None:
    """Each message of sim/world is among those that the files announce, those of lessons too."""
    announced = "\n".join(line for path in (*FILES, *LESSONS) for line in expected(path))
    assert {rule for rule in rules_in_sources() if rule not in announced} == TESTED_ELSEWHERE


def test_every_kind_of_mistake_that_pydantic_finds_has_a_file() -> None:
    """Each sentence into which a finding of pydantic's is turned is among those that the files announce."""
    announced = "\n".join(line for path in FILES for line in expected(path))
    sentences = {re.sub(r"\\{.*?\\}", ".*", re.escape(rule)) for rule in RULES.values()} - {".*"}
    assert {sentence for sentence in sentences if not re.search(sentence, announced)} == set()


ODD = ("x", "-1", "nan", "1e400", "99999999999999999999", "50 %", "3 min", "24:00", "[]", "{}", "[x]", "{x: y}")
JARGON = re.compile(r"[Ii]nput|instance|dictionary|valid|tuple|parse|pydantic|Value error|None|<|function")


@pytest.mark.parametrize("name", ["every_arrival", "every_distribution", "every_stage", "shifts", "stock"])
def test_odd_values_anywhere_lead_to_plain_words(name: str) -> None:
    """Twelve odd values by turns at every other place: the file loads, or its author is told in plain words; no crash."""
    file = load(FOLDER.parent / "valid" / f"{name}.yaml")
    text, folder = file.text(), FOLDER.parent / "valid"
    refused = 0
    for number, where in enumerate([path for path in file.written.places if path][::2]):
        setting = f"{'.'.join(where)}={ODD[number % len(ODD)]}"
        if "sources" in where or setting.startswith("schema"):
            continue
        try:
            from_text(text, folder, name, [setting])
        except ScenarioError as error:
            refused += 1
            for finding in error.findings:
                assert not JARGON.search(finding.replace(setting, "").replace(str(folder), "")), finding
    assert refused > 20
