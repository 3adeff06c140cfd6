"""All words of the app stand in its texts: what else draws pages has names and keys, and no sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "sim" / "ui"
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
NO_WORDS = {
    "one more person",  # the key of a task
    "a process that has become another does not go on",  # an assertion
    "<frozen importlib",  # where the code of a frame stands
}
FILES = sorted(path for path in UI.rglob("*.py") if path.parent.name != "texts" and path.name != "look.py")


def sentences(tree: ast.Module) -> Iterator[str]:
    """Literals of two words or more that are no documentation, and the words between the values of a text."""
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Constant) and id(node) not in statements else ""
        if isinstance(said, str) and SENTENCE.search(said) and "{" not in said:
            yield said


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_no_words_stand_beside_the_texts(path: Path) -> None:
    """A second language needs the texts alone, for all that the app itself says."""
    found = set(sentences(ast.parse(path.read_text(encoding="utf-8"))))
    assert found - NO_WORDS == set()
