"""What the README shows is what the repository holds and prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The text of the README's one code block in a language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return str(text)


def test_it_shows_the_teaching_line_as_it_is() -> None:
    """The scenario in the README is the file, word for word."""
    assert block("yaml") == (ROOT / "scenarios/teaching_line.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_it_shows_what_make_run_prints() -> None:
    """The figures in the README are those of the scenario that ``make run`` runs, at this version, on any machine."""
    said = CliRunner().invoke(app, ["run", "real_orders_november_2010"], env={"COLUMNS": "80"}).stdout
    shown, trimmed = ([line.rstrip() for line in text.splitlines()] for text in (block("text"), said))
    assert shown == trimmed[: len(shown)]


def test_its_targets_are_those_of_the_makefile() -> None:
    """Every ``make`` command in the README is one that ``make help`` lists, and the main ones are all told."""
    told = set(re.findall(r"(?:^    |`)make (\w+)(?:$|`)", README, re.MULTILINE))
    listed = re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == {*listed} - {"clean"}


def test_its_commands_exist_with_the_options_it_names() -> None:
    """Each ``importflow`` line in the README names a command, and options that its help knows."""
    lines = re.findall(r"^    importflow (\w+)(.*?)(?:  +#.*)?$", README, re.MULTILINE)
    assert lines
    for command, rest in lines:
        said = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "120"}).stdout
        assert [option for option in re.findall(r"--\w+", rest) if option not in said] == [], command
