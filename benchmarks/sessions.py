"""How the app bears many visitors at once: 20 who compute, one who only clicks, and 100 who come and go.

    python benchmarks/sessions.py [--sessions 20] [--rounds 3] [--json FILE]

It serves the app as ``importflow app`` does and opens pages over websockets. When all stand there, each of the sessions
asks, again and again and all at the same moment at first, for a run of about a second with a seed of its own; what it
is told must be what that run says here, and no page may show another's seed. Meanwhile an idle visitor, in a process of
its own, goes to and fro between two settings whose answers are known: how long the page takes to follow is what all
others cost him, beside what it takes when he is alone. Then pages are opened and closed by the hundred, and the
server's memory is read after each hundred.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from wire import Visitor

from sim.study.replicate import Settings, replicate
from sim.world.files import ScenarioFile, load
from sim.world.shipped import shipped

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "sessions.json"
SCENARIO = "six_stages"
RUN_GROUP = "group:run"
IDLE_SEEDS = (1, 2)
CLICKS_ALONE = 20
FIRST_SEED = 101
JOB_S = 1.0
CLICK_AIM_S, GROWTH_AIM_MB = 0.3, 10.0
AT_ONCE = 10


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """The app's address and its process, while it is served on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "sim.cli", "app", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as server:
        try:
            while not _healthy(address):
                time.sleep(0.2)
                if server.poll() is not None:
                    sys.exit("the app did not start")
            yield address, server.pid
        finally:
            server.terminate()


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def memory_mb(process: int) -> float:
    """What a process holds of the machine's memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_s(process: int) -> float:
    """For how long a process has worked."""
    counts = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK")


def replications_of_a_second(file: ScenarioFile) -> int:
    """How many replications take about a second on this machine when nothing else runs."""
    replicate(file, Settings(replications=3, workers=1))
    began = time.perf_counter()
    replicate(file, Settings(replications=10, workers=1))
    return max(round(10 * JOB_S / (time.perf_counter() - began)), 2)


async def opened(visitor: Visitor, replications: int) -> None:
    """Wait for the first answer, and set how often to run."""
    await visitor.until(lambda: visitor.settled and "seed 1." in visitor.text())
    await visitor.open(RUN_GROUP)
    await visitor.move(f"run:{SCENARIO}:replications", replications)


async def ask(visitor: Visitor, seed: int, replications: int) -> None:
    """Ask for a run, and wait until its answer stands on the page."""
    await visitor.move("seed", seed)
    if not visitor.has("cancel") and not answers(visitor, seed, replications):
        await visitor.rerun("run")
    await visitor.until(lambda: answers(visitor, seed, replications), 600.0)


def answers(visitor: Visitor, seed: int, replications: int) -> bool:
    """Whether what stands on the page is the whole answer to that question, of which no more is to come."""
    text = visitor.text() if visitor.settled and not visitor.has("cancel") else ""
    return f", {replications} replications, seed {seed}." in text and "Out of date" not in text


class Session:
    """One of the many: asks again and again, each time with another seed of its own."""

    def __init__(self, number: int, questions: int, sessions: int, replications: int) -> None:
        self.seeds = [FIRST_SEED + number + sessions * question for question in range(questions)]
        self.replications = replications
        self.told: dict[int, str] = {}
        self.waited_s: list[float] = []
        self.strange: list[str] = []

    async def work(self, address: str, together: asyncio.Barrier) -> None:
        """Open a page, wait for all others, ask all questions, and note what was told."""
        async with Visitor(address, f"scenario={SCENARIO}") as visitor:
            await opened(visitor, self.replications)
            await together.wait()
            for seed in self.seeds:
                began = time.perf_counter()
                await ask(visitor, seed, self.replications)
                self.waited_s.append(time.perf_counter() - began)
                self.told[seed] = visitor.text()
                seen = {int(found) for found in re.findall(r"seed (\d+)", self.told[seed])}
                self.strange += [f"seed {one} on the page of {seed}" for one in seen - {IDLE_SEEDS[0], *self.seeds}]

    def wrong(self, file: ScenarioFile) -> list[str]:
        """What was told and is not what the same run says here."""
        found = list(self.strange)
        for seed, text in self.told.items():
            sentence = replicate(file, Settings(seed=seed, replications=self.replications)).sentence
            if sentence not in text:
                found.append(f"seed {seed} was told something else than: {sentence}")
        return found


def click(
    address: str, ready: Event, crowded: Event, over: Event, replications: int
) -> tuple[list[float], list[float]]:
    """The idle visitor: how long clicks took alone, and while others work (in a process of its own)."""

    async def clicks() -> tuple[list[float], list[float]]:
        async with Visitor(address, f"scenario={SCENARIO}") as visitor:
            await opened(visitor, replications)
            for seed in IDLE_SEEDS:
                await ask(visitor, seed, replications)

            async def one(place: int) -> float:
                await asyncio.sleep(0.2)
                return await visitor.move("seed", IDLE_SEEDS[place % 2])

            alone = [await one(place) for place in range(CLICKS_ALONE)]
            ready.set()
            while not crowded.is_set():
                await asyncio.sleep(0.1)
            took = [await one(0)]
            while not over.is_set():
                took.append(await one(len(took)))
        return alone, took

    return asyncio.run(clicks())


@dataclass
class Crowd:
    """What was seen while many computed at once."""

    sessions: list[Session]
    alone_s: list[float]
    clicks_s: list[float]
    took_s: float
    server_cpu_s: float


def crowd(address: str, process: int, sessions: int, questions: int, replications: int) -> Crowd:
    """All sessions at once, and the idle visitor's clicks meanwhile."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(1, context) as other:
        ready, crowded, over = manager.Event(), manager.Event(), manager.Event()
        clicks = other.submit(click, address, ready, crowded, over, replications)
        while not ready.wait(0.2):
            if clicks.done():
                clicks.result()
        many = [Session(number, questions, sessions, replications) for number in range(sessions)]

        async def all_at_once() -> tuple[float, float]:
            together = asyncio.Barrier(sessions + 1)
            work = [asyncio.create_task(session.work(address, together)) for session in many]
            await together.wait()
            crowded.set()
            began_s, worked_s = time.perf_counter(), cpu_s(process)
            await asyncio.gather(*work)
            return time.perf_counter() - began_s, cpu_s(process) - worked_s

        try:
            took_s, worked_s = asyncio.run(all_at_once())
        finally:
            crowded.set()
            over.set()
        return Crowd(many, *clicks.result(), took_s, worked_s)


async def come_and_go(address: str, count: int) -> None:
    """Open and close that many pages, a few at a time, each when its answer stands there."""

    async def one() -> None:
        async with Visitor(address, f"scenario={SCENARIO}") as visitor:
            await visitor.until(lambda: "seed 1." in visitor.text())

    for _ in range(count // AT_ONCE):
        await asyncio.gather(*(one() for _ in range(AT_ONCE)))


def percentile(values: list[float], percent: int) -> float:
    """That percentile of some durations."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def measure(sessions: int, questions: int, rounds: int, visits: int) -> dict[str, Any]:
    """All figures, and all that was wrong."""
    file = load(shipped(SCENARIO))
    replications = replications_of_a_second(file)
    with served() as (address, process):
        seen = crowd(address, process, sessions, questions, replications)
        print(f"{sessions} sessions were answered {questions} times each in {seen.took_s:.0f} s", flush=True)
        held = [memory_mb(process)]
        for _ in range(rounds):
            asyncio.run(come_and_go(address, visits))
            held.append(memory_mb(process))
            print(f"memory after {visits} more: {held[-1]:.0f} MB", flush=True)
    waited, clicks = [wait for session in seen.sessions for wait in session.waited_s], seen.clicks_s
    return {
        "sessions": sessions, "jobs": len(waited), "replications": replications, "took_s": seen.took_s,
        "server_cpu_s": seen.server_cpu_s, "click_alone_s": percentile(seen.alone_s, 50),
        "clicks": len(clicks), "clicks_s": clicks, "click_p50_s": percentile(clicks, 50), "click_p95_s": percentile(clicks, 95),
        "click_max_s": max(clicks), "answer_p50_s": percentile(waited, 50), "answer_max_s": max(waited),
        "memory_mb": held, "visits": visits, "wrong": wrong(seen.sessions, file),
    }  # fmt: skip


def wrong(sessions: list[Session], file: ScenarioFile) -> list[str]:
    """All that any session was told wrongly, found on all cores."""
    with ProcessPoolExecutor() as pool:
        return [fault for faults in pool.map(partial(Session.wrong, file=file), sessions) for fault in faults]


def table(found: dict[str, Any]) -> Iterator[str]:
    """The figures in words."""
    yield f"{found['sessions']} sessions, {found['jobs']} jobs of about a second, done in {found['took_s']:.0f} s"
    yield f"  the server itself was    {found['server_cpu_s'] / found['took_s']:6.0%} of a core busy".replace("%", " %")
    yield f"  an answer came after     {found['answer_p50_s']:6.1f} s (median), {found['answer_max_s']:.1f} s (longest)"
    yield f"  a click alone took       {1000 * found['click_alone_s']:6.0f} ms (median)"
    yield (
        f"  a click meanwhile took   {1000 * found['click_p50_s']:6.0f} ms (median), {1000 * found['click_p95_s']:.0f} ms "
        f"(P95), {1000 * found['click_max_s']:.0f} ms (longest of {found['clicks']}); aim: P95 below 300 ms"
    )
    held = ", ".join(f"{size:.0f}" for size in found["memory_mb"])
    yield f"  the server held          {held} MB before and after each {found['visits']} visits; aim: stable at the end"
    yield f"  told what is another's   {len(found['wrong'])} of {found['jobs']}"
    yield from found["wrong"]


def missed(found: dict[str, Any]) -> bool:
    """Whether an aim was missed."""
    held = found["memory_mb"]
    grown = held[-1] - held[-2] if len(held) > 1 else 0.0  # without rounds nothing could grow
    return bool(found["wrong"]) or found["click_p95_s"] > CLICK_AIM_S or grown > GROWTH_AIM_MB


def main() -> None:
    """Measure, print, and write the figures."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--sessions", type=int, default=20, help="how many compute at once")
    asked.add_argument("--questions", type=int, default=3, help="how many jobs each of them asks for")
    asked.add_argument("--rounds", type=int, default=3, help="how often the visitors come and go")
    asked.add_argument("--visits", type=int, default=100, help="how many of them in a round")
    asked.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    chosen = asked.parse_args()
    found = measure(chosen.sessions, chosen.questions, chosen.rounds, chosen.visits)
    print(*table(found), sep="\n")
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"Figures written to {chosen.json}")
    sys.exit(missed(found))


if __name__ == "__main__":
    main()
