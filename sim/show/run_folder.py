"""A folder that is there whole or not at all: written beside its place, then put there in one move."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path

from sim.words.tables import NOT_INSTALLED

MANIFEST = "manifest.json"
MADE_BY = "importflow"


class FolderRefusedError(Exception):
    """What stands at the place of a run folder is something else, and is left alone."""


@contextmanager
def run_folder(target: Path) -> Iterator[Path]:
    """A new, empty folder to fill; when all went well it takes the place of ``target``, else nothing is left of it.

    Parameters
    ----------
    target
        Where the folder is to be. An empty folder or an earlier run folder there is replaced, and stays as it
        is until the new one is complete.

    Raises
    ------
    FolderRefusedError
        Where something else stands there.
    OSError
        Where the folder cannot be made or put in its place.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     with run_folder(Path(place) / "run") as draft:
    ...         _ = (draft / "manifest.json").write_text('{"importflow": "1.0"}')
    ...     sorted(path.name for path in Path(place).rglob("*"))
    ['manifest.json', 'run']

    """
    target = target.resolve()
    refuse_other(target)
    made = _make_parents(target.parent)
    draft = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.unfinished"
    try:
        draft.mkdir()
        yield draft
        _put_in_place(draft, target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def refuse_other(target: Path) -> None:
    """Raise FolderRefusedError where a file, or a folder that no run made, stands at the place."""
    if not target.exists():
        return
    if not target.is_dir():
        raise FolderRefusedError(f"{target}: is a file; name a folder")
    if any(target.iterdir()) and not is_run_folder(target):
        raise FolderRefusedError(
            f"{target}: holds files that no run of importflow wrote (there is no {MANIFEST} of one);"
            " name a new or an empty folder"
        )


def is_run_folder(folder: Path) -> bool:
    """Whether a folder has the manifest of a run."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and MADE_BY in manifest


def version() -> str:
    """The version of importflow, as installed."""
    try:
        return metadata.version("importflow")
    except metadata.PackageNotFoundError:
        return NOT_INSTALLED


def _make_parents(folder: Path) -> list[Path]:
    """Make the folders above the place; returns those that were not there."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _put_in_place(draft: Path, target: Path) -> None:
    """Move an earlier run aside, the new one in, and only then delete the earlier one."""
    if not target.exists():
        draft.rename(target)
        return
    aside = draft.with_suffix(".before")
    target.rename(aside)
    try:
        draft.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
