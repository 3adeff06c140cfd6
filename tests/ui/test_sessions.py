"""Several visitors at once over real websockets: each gets the answer to the own question. Nothing is timed here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sim.study.replicate import Settings, replicate
from sim.ui.choice import Choice
from tests.ui import serving

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SCENARIO, REPLICATIONS = "teaching_line", 2
GROUPS = (f"group:{SCENARIO}:counter", "group:run")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The visitor without a browser; the modules in benchmarks/ are scripts, found beside each other."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import wire

    return wire


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app is served until these tests have ended."""
    with serving.served(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url.removeprefix("http://")


def expected(clerks: int, seed: int) -> str:
    """The sentence of that question, computed here."""
    file = Choice(SCENARIO).load([f"teams.clerks.staff={clerks}"])
    return replicate(file, Settings(seed=seed, replications=REPLICATIONS)).sentence


def test_five_visitors_at_once_are_each_told_their_own_answer(wire: ModuleType, address: str) -> None:
    """Each moves staff and seed; the sentence is that of the same run done here, and no page shows another's seed."""
    questions = [(3 + number, 11 + number) for number in range(5)]

    async def told(clerks: int, seed: int) -> str:
        async with wire.Visitor(address, f"scenario={SCENARIO}") as visitor:
            await visitor.open(*GROUPS)
            for key, value in (
                (f"run:{SCENARIO}:replications", REPLICATIONS),
                (f"set:{SCENARIO}:teams.clerks.staff", clerks),
                ("seed", seed),
            ):
                await visitor.move(key, value)
            if visitor.has("run"):
                await visitor.rerun("run")
            computed_for = f", {REPLICATIONS} replications, seed {seed}."
            await visitor.until(
                lambda: visitor.settled and computed_for in visitor.text() and "Out of date" not in visitor.text()
            )
            return str(visitor.text())

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(told(*question) for question in questions))

    pages = asyncio.run(all_at_once())
    sentences = [expected(*question) for question in questions]
    assert len(set(sentences)) == len(sentences)
    for page, sentence, (clerks, seed) in zip(pages, sentences, questions, strict=True):
        assert sentence in page
        assert set(re.findall(r"seed (\d+)", page)) == {str(seed)}
        assert clerks == 3 or f"(3 → {clerks})" in page


def test_a_visitor_who_comes_later_finds_nothing_of_the_one_before(wire: ModuleType, address: str) -> None:
    """A page that was closed leaves no control moved and no answer behind for the next."""

    async def one_after_the_other() -> tuple[str, float]:
        async with wire.Visitor(address, f"scenario={SCENARIO}") as first:
            await first.open(*GROUPS)
            await first.move(f"set:{SCENARIO}:teams.clerks.staff", 7)
        async with wire.Visitor(address, f"scenario={SCENARIO}") as second:
            await second.open(*GROUPS)
            return str(second.text()), float(second.value(f"set:{SCENARIO}:teams.clerks.staff"))

    text, clerks = asyncio.run(one_after_the_other())
    assert "Changed from base" not in text
    assert clerks == 3
