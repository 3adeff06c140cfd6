"""A run folder is there whole or not at all, and nothing else is ever overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.show.run_folder import FolderRefusedError, is_run_folder, run_folder


def write_run(target: Path, word: str) -> None:
    """A run folder of two files."""
    with run_folder(target) as draft:
        (draft / "manifest.json").write_text(json.dumps({"importflow": "1"}))
        (draft / "word.txt").write_text(word)


def stop_in_the_middle(target: Path, stop: type[BaseException]) -> None:
    """A run that ends when half of it is written."""
    with run_folder(target) as draft:
        (draft / "half.txt").write_text("half")
        raise stop


def content(folder: Path) -> list[str]:
    """All that is below a folder, hidden files too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_new_folder_appears_with_all_its_files(tmp_path: Path) -> None:
    """Folders above it are made, and nothing is left beside it."""
    write_run(tmp_path / "runs" / "today", "first")
    assert content(tmp_path) == ["runs", "runs/today", "runs/today/manifest.json", "runs/today/word.txt"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    """A folder that was made beforehand and holds nothing is the place."""
    (tmp_path / "run").mkdir()
    write_run(tmp_path / "run", "first")
    assert content(tmp_path) == ["run", "run/manifest.json", "run/word.txt"]


def test_an_earlier_run_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    """While the new one is written the old one can be read; afterwards the new one is there alone."""
    target = tmp_path / "run"
    write_run(target, "first")
    with run_folder(target) as draft:
        (draft / "manifest.json").write_text(json.dumps({"importflow": "1"}))
        (draft / "other.txt").write_text("second")
        assert (target / "word.txt").read_text() == "first"
    assert content(tmp_path) == ["run", "run/manifest.json", "run/other.txt"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError, SystemExit])
def test_what_is_stopped_leaves_the_earlier_run_and_nothing_else(tmp_path: Path, stop: type[BaseException]) -> None:
    """Ctrl-C, a full disk, a request to end: the old run is whole, the draft is gone."""
    write_run(tmp_path / "run", "first")
    with pytest.raises(stop):
        stop_in_the_middle(tmp_path / "run", stop)
    assert content(tmp_path) == ["run", "run/manifest.json", "run/word.txt"]


def test_what_is_stopped_leaves_no_new_folders_above_it(tmp_path: Path) -> None:
    """Folders that were made for the run's sake go with it."""
    with pytest.raises(KeyboardInterrupt), run_folder(tmp_path / "a" / "b" / "run"):
        raise KeyboardInterrupt
    assert content(tmp_path) == []


def test_a_failed_move_brings_the_earlier_run_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the new folder cannot be put in its place, the old one is put back."""
    write_run(tmp_path / "run", "first")
    rename = Path.rename

    def no_draft(self: Path, target: Path) -> Path:
        if self.suffix == ".unfinished":
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", no_draft)
    with pytest.raises(OSError, match="no"):
        write_run(tmp_path / "run", "second")
    assert (tmp_path / "run" / "word.txt").read_text() == "first"
    assert content(tmp_path) == ["run", "run/manifest.json", "run/word.txt"]


@pytest.mark.parametrize("manifest", [None, "{", "[]", '{"name": "a web extension"}'])
def test_a_folder_of_something_else_is_refused(tmp_path: Path, manifest: str | None) -> None:
    """Files that no run wrote are left alone, a foreign manifest.json among them."""
    (tmp_path / "letter.txt").write_text("dear")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    before = content(tmp_path)
    with pytest.raises(FolderRefusedError, match="holds files that no run of importflow wrote"):
        write_run(tmp_path, "first")
    assert content(tmp_path) == before


def test_a_file_is_refused(tmp_path: Path) -> None:
    """A name that is a file's is no place for a folder."""
    (tmp_path / "run").write_text("a file")
    with pytest.raises(FolderRefusedError, match="is a file; name a folder"):
        write_run(tmp_path / "run", "first")


def test_a_place_below_a_file_is_an_error(tmp_path: Path) -> None:
    """The system's own word for it comes through, and nothing is made."""
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OSError, match="file"):
        write_run(tmp_path / "file" / "run", "first")
    assert content(tmp_path) == ["file"]


def test_a_link_to_a_run_folder_stays_a_link(tmp_path: Path) -> None:
    """The folder that it points to is replaced, not the link."""
    write_run(tmp_path / "real", "first")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_run(tmp_path / "link", "second")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "word.txt").read_text() == "second"
    assert is_run_folder(tmp_path / "link")
