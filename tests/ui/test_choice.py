"""An uploaded scenario is data, reads no file outside the folder of scenarios, and its mistakes are told as written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.ui import choice as choice_module
from sim.ui.choice import Choice, offered, uploaded
from sim.world.errors import ScenarioError
from sim.world.shipped import scenarios_folder

LINE = (scenarios_folder() / "teaching_line.yaml").read_text(encoding="utf-8")


def findings(text: str) -> str:
    """What is said of an uploaded text that is wrong."""
    with pytest.raises(ScenarioError) as caught:
        uploaded("mine.yaml", text.encode()).load()
    return str(caught.value)


def test_an_uploaded_file_is_loaded_with_settings() -> None:
    """Settings change an uploaded scenario as they change a shipped one."""
    file = uploaded("my line.yaml", LINE.encode()).load(["teams.clerks.staff=5"])
    assert (file.name, file.scenario.teams["clerks"].staff) == ("my_line", 5)


def test_it_may_extend_a_shipped_scenario() -> None:
    """A difference to a shipped scenario is a small file."""
    file = uploaded("more.yaml", b"extends: teaching_line.yaml\nteams: {clerks: {staff: 7}}\n").load()
    assert file.scenario.teams["clerks"].staff == 7


@pytest.mark.parametrize("path", ["../README.md", "/etc/hostname", "data/../../README.md"])
def test_it_cannot_reach_other_files(path: str) -> None:
    """Neither what it extends nor its orders can be a file elsewhere on the server."""
    orders = LINE.replace("{gaps: {exponential: 2 min}}", f"{{file: {path}}}")
    for text in (f"extends: {path}\n", orders):
        said = findings(text)
        assert f"{path}: lies outside the folder of scenarios" in said
        assert str(scenarios_folder()) not in said


@pytest.mark.parametrize("choice", [Choice("teaching_line"), Choice("mine", LINE)])
def test_a_setting_cannot_reach_other_files(choice: Choice) -> None:
    """Neither of a shipped scenario nor of an uploaded one: settings come in links, too."""
    with pytest.raises(ScenarioError, match=r"\.\./README\.md: lies outside the folder of scenarios"):
        choice.load(["flows.visitors.arrivals={file: ../README.md}"])


def test_a_mistake_is_told_with_its_line_and_without_the_servers_folder() -> None:
    """Line, path, value and rule as the command line says them; the file by the name under which it was uploaded."""
    said = findings(LINE.replace("staff: 3", "staff: -3"))
    assert said.startswith("mine.yaml, line 9: teams.clerks.staff: must be 0 or more, not '-3'")
    assert str(scenarios_folder()) not in said


def test_a_shipped_scenario_that_was_edited_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is looked at once a second."""
    file, now_s = tmp_path / "line.yaml", [0.0]
    monkeypatch.setattr(choice_module, "scenarios_folder", lambda: tmp_path)
    monkeypatch.setattr(choice_module, "shipped", lambda _: file)
    monkeypatch.setattr(choice_module, "monotonic", lambda: now_s[0])
    file.write_text(LINE, encoding="utf-8")
    assert Choice("line").load().scenario.teams["clerks"].staff == 3
    file.write_text(LINE.replace("staff: 3", "staff: 4"), encoding="utf-8")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000))
    now_s[0] = 1.0
    assert Choice("line").load().scenario.teams["clerks"].staff == 4


def test_a_file_that_is_no_text_is_refused() -> None:
    """A picture or an archive is not a scenario."""
    with pytest.raises(ScenarioError, match=r"photo\.yaml: not a text file in UTF-8"):
        uploaded("photo.yaml", b"\x89PNG\xff")


def test_a_file_that_is_too_large_is_refused() -> None:
    """The limit is that of scenario files."""
    with pytest.raises(ScenarioError, match="larger than 2,000,000 bytes"):
        uploaded("huge.yaml", b"a" * 2_000_001)


@pytest.mark.parametrize(("file_name", "name"), [("a b/c.yaml", "c"), ("plan 1.yml", "plan_1"), (".yaml", "_yaml")])
def test_the_name_is_safe_in_a_command(file_name: str, name: str) -> None:
    """The name under which it stands in downloads and commands has letters, digits and underscores only."""
    assert uploaded(file_name, LINE.encode()).name == name


def test_what_is_offered_loads() -> None:
    """Every scenario in the list has a question and loads."""
    assert Path("teaching_line").name in offered()
    assert all(Choice(name).load().scenario.question.endswith("?") for name in offered())
