"""What is not a scenario file at all: too large, binary, a folder, a device, closed to us, or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.world.errors import ScenarioError
from sim.world.files import LARGEST_FILE_BYTES, load
from sim.world.shipped import find, shipped

SMALLEST = Path(__file__).parents[1] / "scenarios" / "valid" / "smallest.yaml"


def refusal(path: Path) -> str:
    """What is said of a file that is refused."""
    with pytest.raises(ScenarioError) as refused:
        load(path)
    assert len(refused.value.findings) == 1
    return str(refused.value)


def test_a_file_of_two_gigabytes_is_not_read(tmp_path: Path) -> None:
    """It is refused after the first two megabytes (the file is sparse: it takes no room on the disk)."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2**31)
    assert refusal(path) == f"{path}: larger than 2,000,000 bytes; this is not a scenario file"


def test_the_largest_file_that_is_read(tmp_path: Path) -> None:
    """One byte more is too large."""
    path, text = tmp_path / "large.yaml", SMALLEST.read_text(encoding="utf-8")
    path.write_text(text + "#" * (LARGEST_FILE_BYTES - len(text)), encoding="utf-8")
    assert load(path).scenario == load(SMALLEST).scenario
    path.write_text(text + "#" * (LARGEST_FILE_BYTES - len(text) + 1), encoding="utf-8")
    assert "larger than 2,000,000 bytes" in refusal(path)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (bytes(range(256)), "not a text file in UTF-8"),
        ("schema: 1\nquestion: für wen?\n".encode("latin-1"), "not a text file in UTF-8"),
        ("schema: 1\n".encode("utf-16"), "not a text file in UTF-8"),
        (b"schema: 1\0\n", "not a text file (it holds zero bytes)"),
    ],
)
def test_a_binary_file_is_refused(tmp_path: Path, content: bytes, rule: str) -> None:
    """So is a text in another encoding."""
    path = tmp_path / "binary.yaml"
    path.write_bytes(content)
    assert refusal(path) == f"{path}: {rule}"


def test_the_mark_that_editors_put_first_is_skipped(tmp_path: Path) -> None:
    """Some editors begin a file in UTF-8 with a byte-order mark."""
    path = tmp_path / "marked.yaml"
    path.write_text(SMALLEST.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load(path).scenario == load(SMALLEST).scenario


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """With its name."""
    assert refusal(tmp_path) == f"{tmp_path}: is a folder or a device, not a file"


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    """It would be waited for without end."""
    os.mkfifo(tmp_path / "pipe.yaml")
    assert refusal(tmp_path / "pipe.yaml") == f"{tmp_path / 'pipe.yaml'}: is a folder or a device, not a file"


@contextmanager
def without_privileges() -> Iterator[None]:
    """The administrator may read everything: where tests run as such, step down to another user meanwhile."""
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)


def test_a_file_that_is_closed_to_us_is_refused(tmp_path: Path) -> None:
    """The system's own reason is given."""
    path = tmp_path / "closed.yaml"
    path.write_text("schema: 1\n", encoding="utf-8")
    path.chmod(0)
    with without_privileges():
        message = refusal(path)
    assert message == f"{path}: cannot be read: Permission denied"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    """The system's own reason is given."""
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert refusal(tmp_path / "loop.yaml").startswith(f"{tmp_path / 'loop.yaml'}: cannot be read: Too many levels")


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    """The valid name closest to a typo, where there is one."""
    (tmp_path / "busy_week.yaml").write_text("schema: 1\n", encoding="utf-8")
    missing = tmp_path / "busy_weak.yaml"
    assert refusal(missing) == f"{missing}: there is no such file; did you mean 'busy_week.yaml'?"
    nowhere = tmp_path / "nowhere" / "x.yaml"
    assert refusal(nowhere) == f"{nowhere}: there is no such file; known are none"


def test_shipped_scenarios_are_found_by_name() -> None:
    """A word alone is a name, all else a path; a typo names the nearest."""
    assert find("teaching_line") == shipped("teaching_line")
    assert find("teaching_line.yaml") == Path("teaching_line.yaml")
    with pytest.raises(ScenarioError, match="no shipped scenario 'teaching_lime'; did you mean 'teaching_line'"):
        find("teaching_lime")
