"""Which scenario a page is about: one that comes with the product, or an uploaded text, with its settings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from sim.ui import texts
from sim.world.errors import ScenarioError
from sim.world.files import LARGEST_FILE_BYTES, ScenarioFile, from_text
from sim.world.shipped import scenarios_folder, shipped, shipped_names

OWN = "own_file"
"""What stands in the list of scenarios for a file of one's own."""
FIRST_SHOWN = ("six_stages", "teaching_line")


@dataclass(frozen=True)
class Choice:
    """A scenario by its name, and its text where it was uploaded."""

    name: str
    text: str | None = None

    @property
    def key(self) -> str:
        """Another for every other text, so that the controls of one file do not keep the values of its last version."""
        return self.name if self.text is None else f"{self.name}-{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"

    @property
    def in_command(self) -> str:
        """How the command line calls it."""
        return self.name if self.text is None else f"{self.name}.yaml"

    def load(self, settings: Sequence[str] = ()) -> ScenarioFile:
        """The scenario with settings. Raises ScenarioError."""
        return _load(self, tuple(settings), _state_of(scenarios_folder(), int(monotonic())))


class Confined(type(Path())):  # type: ignore[misc]
    """A folder out of which no path leads: neither an upload nor a link may read other files of the server.

    >>> try:
    ...     Confined("scenarios") / "../secret"
    ... except ScenarioError as error:
    ...     print(str(error).startswith("../secret: lies outside"))
    True
    """

    def __truediv__(self, key: Any) -> Confined:
        inside = super().__truediv__(key)
        if not Path(inside).resolve().is_relative_to(Path(self).resolve()):
            raise ScenarioError(f"{key}: {texts.OUTSIDE}")
        return Confined(inside)


def uploaded(file_name: str, content: bytes) -> Choice:
    """The choice of an uploaded file. Raises ScenarioError where it is no text or too large."""
    if len(content) > LARGEST_FILE_BYTES:
        raise ScenarioError(f"{file_name}: {texts.too_large(LARGEST_FILE_BYTES)}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ScenarioError(f"{file_name}: {texts.NOT_TEXT}") from None
    if "\0" in text:
        raise ScenarioError(f"{file_name}: {texts.HOLDS_ZEROS}")
    name = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in Path(file_name).stem)
    return Choice(name or "scenario", text)


def offered() -> list[str]:
    """Names of the scenarios that come with the product."""
    return shipped_names()


def first_shown() -> str:
    """The one that a page opens with: small enough to be answered at once."""
    return next((name for name in FIRST_SHOWN if name in offered()), offered()[0])


def without_folder(message: str) -> str:
    """A message about a scenario without the folder of the server in which scenarios are."""
    return message.replace(f"{scenarios_folder()}{os.sep}", "")


@lru_cache(maxsize=256)
def _load(choice: Choice, settings: tuple[str, ...], state: int) -> ScenarioFile:
    # Of a shipped one too: settings may come with a link, and one of them may name a file.
    try:
        folder = Confined(scenarios_folder())
        if settings:
            return _load(choice, (), state).changed(*settings, folder=folder)
        text = shipped(choice.name).read_text(encoding="utf-8") if choice.text is None else choice.text
        return from_text(text, folder, choice.name)
    except ScenarioError as error:
        raise ScenarioError(*map(without_folder, error.findings)) from None


@lru_cache(maxsize=1)
def _state_of(folder: Path, _second: int) -> int:
    """Changes whenever a shipped scenario is edited; looked at once a second, for a page loads its scenario many times."""
    return max((path.stat().st_mtime_ns for path in folder.glob("*.yaml")), default=0)
