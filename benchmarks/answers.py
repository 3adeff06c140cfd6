"""How soon the page answers one visitor: a changed control of the small site, and the first look at the medium one.

    python benchmarks/answers.py [--changes 8] [--json FILE]

It serves the app as ``importflow app`` does and speaks its websocket, so that what is measured is the server's part:
from moving a control until sentence and numbers of the new answer have been sent. The whole answer that follows the
first look is measured too where it takes no minutes. A browser needs some more to draw it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sessions import served
from wire import Visitor

from sim.ui import texts

RESULTS = Path(__file__).parent / "results" / "answers.json"
SMALL, MEDIUM = "small_site_fortnight", "medium_site_fortnight"
GROUP, STAFF = "packing", "teams.packers.shifts.early.staff"
FIRST_STAFF = {SMALL: 4, MEDIUM: 75}
AIMS_S = {SMALL: 1.0, MEDIUM: 5.0}
LONG_S = 60.0
"""Who waited longer for the whole answer is not made to wait for it after each change."""
READING_S = 5.0
"""So long an answer is looked at before the next change: what the page works out unasked is done by then."""


def current(visitor: Visitor) -> bool:
    """Whether what stands on the page answers what is asked, if only as a first look."""
    text = visitor.text() if visitor.settled else ""
    return "Computed for: " in text and "Out of date" not in text and texts.UNDER_WAY not in text


def asks_for_run(visitor: Visitor) -> bool:
    """Whether the page waits to be told to run what the controls say now."""
    text = visitor.text()
    return "Out of date" in text and texts.UNDER_WAY not in text


def whole(visitor: Visitor) -> bool:
    """Whether no more is to come."""
    return current(visitor) and not visitor.has("cancel")


async def waited_s(visitor: Visitor, condition: Callable[[Visitor], bool], began: float) -> float:
    """Seconds since then until the page is so."""
    await visitor.until(lambda: condition(visitor))
    return time.perf_counter() - began


async def measured(address: str, scenario: str, changes: int) -> dict[str, Any]:
    """Seconds until something and until all is known: of the scenario as it is, and after each change of a team's staff."""
    began = time.perf_counter()
    async with Visitor(address, f"scenario={scenario}") as visitor:
        opened = [await waited_s(visitor, condition, began) for condition in (current, whole)]
        print(f"{scenario}: opened, something after {opened[0]:.1f} s and all after {opened[1]:.1f} s", flush=True)
        await visitor.open(f"group:{scenario}:{GROUP}")
        first, last = [], []
        for staff in range(FIRST_STAFF[scenario], FIRST_STAFF[scenario] + changes):
            began = time.perf_counter()
            await visitor.move(f"set:{scenario}:{STAFF}", staff)
            if asks_for_run(visitor):
                await visitor.rerun("run")
            first.append(await waited_s(visitor, current, began))
            if opened[1] < LONG_S:
                last.append(await waited_s(visitor, whole, began))
                await asyncio.sleep(READING_S)
    return {"opened_s": opened, "first_s": first, "whole_s": last, "aim_s": AIMS_S[scenario]}


def in_words(scenario: str, found: dict[str, Any]) -> str:
    """A line for each of the two."""
    first, last = found["first_s"], found["whole_s"]
    said = (
        f"{scenario}: after a change something after {statistics.median(first):.2f} s"
        f" (median of {len(first)}, longest {max(first):.2f} s; aim {found['aim_s']:g} s)"
    )
    return f"{said}, all after {statistics.median(last):.1f} s" if last else said


def main() -> None:
    """Measure, print, and write the figures."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--changes", type=int, default=8, help="how often a control is moved")
    asked.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    chosen = asked.parse_args()
    found = {}
    with served() as (address, _):
        for scenario in (SMALL, MEDIUM):
            found[scenario] = asyncio.run(measured(address, scenario, chosen.changes))
            print(in_words(scenario, found[scenario]), flush=True)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"Figures written to {chosen.json}")


if __name__ == "__main__":
    main()
