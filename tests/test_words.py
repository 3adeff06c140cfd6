"""What a reader of results sees is worded in ``sim/words``: what computes, draws and prints has codes, keys and errors alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SIM = Path(__file__).parents[1] / "sim"
FILES = sorted(path for place in ("analysis", "study", "show", "cli") for path in (SIM / place).rglob("*.py"))
VALUE = "\0"
"""Stands where a text has a value in it."""
SAID = re.compile(rf"(?:[A-Za-z]{{2,}}|{VALUE})[.,;:)]* [A-Za-z]{{2,}}|[A-Za-z]{{2,}}[.,;:]* \(?{VALUE}")
SCHEMA = "\ncreate table"

CODES = {  # what matplotlib, Rich, Vega, SQL, the command line and scenario files read
    "axes fraction",
    "offset points",
    "lower left",
    "bold red",
    "bold yellow",
    "not bold",
    "not bold default",
    f"indexof({VALUE}, datum.value) >= 0",
    f"format({VALUE}, abs({VALUE}) >= 100 ? ',.0f' : ',.1~f')",
    "select answer, crc from points where (digest, model, seed, replication, question) = (?, ?, ?, ?, ?)",
    "insert or replace into points values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    f"importflow run {VALUE} --replications {VALUE} --seed {VALUE} --engine {VALUE}",
    f"importflow {VALUE}",
    f"--set {VALUE}",
    f"clock.warm_up={VALUE} ms",
    f"clock.length={VALUE} ms",
    f"{VALUE}.{VALUE}={VALUE} ms",
    f"{VALUE} ms",
    f"clock={{start: {VALUE}, length: {VALUE} d, end: drain}}",
    f"[{{from: {VALUE}, to: {VALUE}, factor: {VALUE}}}]",
}
KEYS = {  # addresses of answers in the store, which are of no language
    "orders and money",
    "hours by stage",
    f"delivery by order hour and day {VALUE} {VALUE} {VALUE} {VALUE} {VALUE}",
}
ERRORS = {  # put together before they are raised; errors are for authors of scenarios and stay where they arise
    f"no figure '{VALUE}'{VALUE}",
    "; none does",
    "name another",
    "it is damaged; delete it, or name another",
    "write it as 'on_time.dispatch_24h >= 95 %' or 'delivery_time.p90 <= 70 h'",
    f"precision '{VALUE}': write it as '5 %' or 'delivery_time.p95=1 h'",
    "the key of a SKU",
    "a whole number of units",
    f"--set {VALUE}: backlog: ",
    f"--set {VALUE}: backlog.orders: ",
    "the cluster gave a task up: its workers died again and again, perhaps for want of memory",
    "no chart: one is drawn where one or two inputs vary",
}
NO_WORDS = CODES | KEYS | ERRORS


def text_of(node: ast.AST) -> str:
    """The text of a literal, with a mark where a value stands; of all else nothing."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_error_or_help(node: ast.AST) -> bool:
    """What is raised, what a command fails with, and what its help says."""
    fails = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fail"
    return fails or isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg == "help")


def said(source: str) -> Iterator[str]:
    """Literals of two words or more, or of a value and a word, that are neither documentation nor errors nor help."""
    nodes = list(ast.walk(ast.parse(source)))
    left_out = {id(part) for node in nodes if is_error_or_help(node) for part in ast.walk(node)}
    left_out |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    left_out |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        text = text_of(node)
        if id(node) not in left_out and SAID.search(text) and not text.startswith(SCHEMA):
            yield text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SIM)))
def test_no_words_stand_beside_the_code(path: Path) -> None:
    """A second language needs ``sim/words`` and the app's texts alone, for all that results say."""
    assert set(said(path.read_text(encoding="utf-8"))) - NO_WORDS == set()


def test_each_exception_is_still_needed() -> None:
    """The lists of what is no words hold nothing that is gone."""
    assert NO_WORDS - {text for path in FILES for text in said(path.read_text(encoding="utf-8"))} == set()


def test_the_report_takes_its_words_from_the_same_place() -> None:
    """Its template has places for words, and none of its own but the name of the product."""
    template = (SIM / "show" / "report.html").read_text(encoding="utf-8")
    shown = re.sub(r"<style>.*?</style>|{%.*?%}|{{.*?}}|<[^>]*>", " ", template, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{2,}", shown)) == {"importflow"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('title = "where it waits"', ["where it waits"]),
        ('title = f"{count} orders"', [f"{VALUE} orders"]),
        ('"""Says what it is."""', []),
        ('raise ValueError(f"no team {name}")', []),
        ('fail(f"cannot write {path}", 1)', []),
        ('typer.Option(help="Runs of each plan.")', []),
        ('key = f"{stage}.{team}"', []),
    ],
)
def test_words_are_told_from_names(source: str, found: list[str]) -> None:
    """A sentence and a value with its word are words; documentation, errors, help and keys are not."""
    assert list(said(source)) == found
