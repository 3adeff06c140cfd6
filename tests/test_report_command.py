"""``importflow report`` as a user types it: files are there whole or not at all, and say how to have them again."""

from __future__ import annotations

import shlex
from pathlib import Path

import openpyxl
import pytest

from sim.cli import report as module
from sim.show import report as page
from tests.test_cli import told

SHORT = ("--set", "clock.length=1 d", "--set", "clock.warm_up=2 h", "--replications", "2")


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What charts look like is tested elsewhere."""
    monkeypatch.setattr(page, "image", lambda chart: b"")


def test_both_kinds_are_written_and_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has what the changes bring; the workbook the same in numbers; the command in the page repeats it."""
    monkeypatch.chdir(tmp_path)
    out, _ = told("report", "teaching_line", *SHORT, "--set", "teams.clerks.staff=4", "-o", "a.html", "-o", "a.xlsx")
    assert out.splitlines() == ["The report: a.html", "The report: a.xlsx"]
    text = Path("a.html").read_text(encoding="utf-8")
    assert "teams.clerks.staff: 3 -&gt; 4" in text
    assert "difference, on the same orders and the same luck" in text
    command = text.partition("<pre>")[2].partition("</pre>")[0].replace("&#39;", "'")
    assert "Differences" in openpyxl.load_workbook("a.xlsx").sheetnames

    Path("a.html").unlink()
    told(*shlex.split(command)[1:])
    assert Path("a.html").read_text(encoding="utf-8") == text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.xlsx"]


def test_without_a_name_it_is_named_after_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page in the folder in which the command is typed; with nothing set there is nothing to compare with."""
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("extends: teaching_line\nclock: {length: 1 d, warm_up: 2 h}\n", encoding="utf-8")
    told("report", "mine.yaml", "--replications", "2")
    assert "What was changed" not in Path("mine.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("teaching_line", "-o", "a.pdf"), "a report ends in .html or .xlsx"),
        (("teaching_line", "-o", "no/such/folder.html"), "there is no folder"),
        (("teaching_line", "-o", "a.html", "-o", "b.doc"), "b.doc"),
        (("no_such_plan",), "no shipped scenario 'no_such_plan'"),
        (("teaching_line", "--set", "teams.clerks.staf=4"), "did you mean 'staff'?"),
    ],
)
def test_what_is_wrong_is_said_with_exit_2_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    """Before anything is run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "replicate", lambda *_: pytest.fail("it was run"))
    _, said = told("report", *arguments, code=2)
    assert message in said
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_the_report_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file; no half of a report stays."""
    monkeypatch.chdir(tmp_path)
    Path("a.html").write_text("the one before", encoding="utf-8")

    def full(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    _, said = told("report", "teaching_line", *SHORT, "-o", "a.html", code=1)
    assert "cannot write a.html: No space left on device" in said
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["the one before"]
