"""From a scenario and what was moved in it to a question for the simulator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.study.replicate import Settings
from sim.ui import estimate, texts
from sim.ui.choice import Choice
from sim.ui.desk import Ask
from sim.ui.link import link_to
from sim.ui.running import Request
from sim.world.errors import ScenarioError
from sim.world.files import ScenarioFile


@dataclass(frozen=True)
class Moved:
    """What the controls say: changes as settings and in words, the settings of a shorter run, and how to run."""

    settings: tuple[str, ...]
    words: tuple[str, ...]
    shorter: tuple[str, ...]
    days: float
    run: Settings


def ask(choice: Choice, controls: Callable[[Choice, ScenarioFile], Moved]) -> tuple[Ask | None, str]:
    """Load a scenario, let ``controls`` change it, and put both into a question; or None and what is wrong."""
    try:
        file = choice.load()
        moved = controls(choice, file)
        base, changed = choice.load(moved.shorter), choice.load((*moved.shorter, *moved.settings))
    except ScenarioError as error:
        return None, str(error)
    settings = (*moved.shorter, *moved.settings)
    question = Ask(
        title=texts.title(choice.name),
        request=Request(changed, moved.run, base),
        base=Request(base, moved.run, base),
        changes=moved.words,
        days=moved.days,
        whole_days=estimate.days_of(file.scenario.clock),
        command=texts.command(choice.in_command, settings, moved.run.replications, moved.run.seed),
        link=_link(choice, moved),
    )
    return question, ""


def _link(choice: Choice, moved: Moved) -> str:
    if choice.text is not None:
        return ""
    return link_to(choice.name, moved.settings, moved.days, moved.run.replications, moved.run.seed).text
