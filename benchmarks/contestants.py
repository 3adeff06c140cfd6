"""One contestant in a process of its own: runs once and prints what it did as a line of JSON.

    python benchmarks/contestants.py simpy plain_line 20000

The processor time it tells is that from the Plan to the visits; reading and drawing come before.
"""

from __future__ import annotations

import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.pool import STRETCH
from sim.plan.steps import Kind
from sim.study.memory import keep_freed
from sim.world.files import ScenarioFile, load
from sim.world.shipped import shipped

HERE = Path(__file__).parent
GAP_MS = 10_000
TURNS = 6
MORE_OFTEN = 200
Found = dict[str, Any]


def plan_of(name: str, parcels: int) -> Plan:
    """About so many parcels of one of the lines here; all that arrive leave."""
    return compile_plan(load(HERE / f"{name}.yaml", [f"clock.length={parcels * GAP_MS} ms"]).scenario)


def peak_bytes() -> int:
    """The most memory this process has had at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and what came of it."""
    begin = time.process_time()
    found = action()
    return time.process_time() - begin, found


def from_plan(name: str, parcels: int, run: Callable[[Plan], Any]) -> Found:
    """Run a contestant written in Python on a line's Plan."""
    run(plan_of(name, 10))  # loads what is loaded on first use
    before = peak_bytes()
    plan = plan_of(name, parcels)
    seconds, visits = timed(lambda: run(plan))
    goods = int((plan.items.flow == 0).sum())
    return {
        "cpu_s": seconds,
        "visits": len(visits),
        "parcels": goods,
        "bytes_per_parcel": (peak_bytes() - before) / goods,
    }


def fast(name: str, parcels: int) -> Found:
    """Our fast engine."""
    from sim.engine import fast

    return from_plan(name, parcels, lambda plan: fast.run(plan).visits)


def simpy(name: str, parcels: int) -> Found:
    """Our SimPy engine."""
    from sim.engine import simpy_model

    return from_plan(name, parcels, lambda plan: simpy_model.run(plan).visits)


def textbook(name: str, parcels: int) -> Found:
    """The line as one writes it with SimPy alone."""
    import textbook

    return from_plan(name, parcels, getattr(textbook, name))


def ciw(name: str, parcels: int) -> Found:
    """The plain line in Ciw, on the same draws: a desk hands them out in the order in which work begins there."""
    assert name == "plain_line", "Ciw runs the plain line only"
    return from_plan(name, parcels, _ciw)


def _ciw(plan: Plan) -> list[Any]:
    import ciw as library

    work = plan.steps[plan.steps["kind"] == Kind.WORK]
    count = len(plan.items)
    never = library.dists.Sequential([float("inf")])
    gaps = [*np.diff(plan.items.arrived, prepend=0).astype(float).tolist(), float("inf")]
    network = library.create_network(
        arrival_distributions=[library.dists.Sequential(gaps), *[never] * (len(work) - 1)],
        service_distributions=[
            library.dists.Sequential(plan.draws[row["draw"] :][:count].astype(float).tolist()) for row in work
        ],
        routing=np.eye(len(work), k=1).tolist(),
        number_of_servers=_staff(plan),
    )
    simulation = library.Simulation(network)
    simulation.simulate_until_max_customers(count, method="Finish")
    return simulation.get_all_records()


def c(name: str, parcels: int) -> Found:
    """The plain line in C, compiled here and now; it must find the same starts and ends as the fast engine."""
    assert name == "plain_line", "the C program runs the plain line only"
    from sim.engine import fast

    plan = plan_of(name, parcels)
    with tempfile.TemporaryDirectory() as folder:
        program, draws = Path(folder) / "plain_line", Path(folder) / "draws"
        subprocess.run(["gcc", "-O3", "-march=native", "-o", program, HERE / "plain_line.c"], check=True)
        write_draws(plan, draws)
        said = subprocess.run([program, draws], check=True, capture_output=True, text=True).stdout.split()
    ours = fast.run(plan).visits
    if int(said[3]) != int(ours.started.sum() + ours.ended.sum()):
        raise AssertionError("the C program and the fast engine do not agree")
    count = len(plan.items)
    return {
        "cpu_s": float(said[0]), "visits": int(said[1]), "parcels": count, "bytes_per_parcel": int(said[2]) / count,
    }  # fmt: skip


def write_draws(plan: Plan, path: Path) -> None:
    """A plain line's draws as the file that ``plain_line.c`` reads."""
    work, count = plan.steps[plan.steps["kind"] == Kind.WORK], len(plan.items)
    with path.open("wb") as file:
        np.array([len(work), count, *_staff(plan)], dtype=np.int64).tofile(file)
        plan.items.arrived.tofile(file)
        for row in work:
            plan.draws[row["draw"] :][:count].tofile(file)


def _staff(plan: Plan) -> list[int]:
    """The head-count of each work step's team, in the order of the line."""
    heads = {int(row["team"]): int(row["heads"]) for row in plan.staff}
    return [heads[int(team)] for team in plan.steps["team"][plan.steps["kind"] == Kind.WORK]]


def month(name: str, parcels: int) -> Found:
    """One replication of a shipped scenario: drawn, run, checked and measured."""
    from sim.study.replicate import Settings, replication

    file = _shipped(name, parcels)
    seconds, run = timed(lambda: replication(file, Settings(), 0))
    assert all(run.checks.values())
    return {"cpu_s": seconds}


def year(name: str, days: int) -> Found:
    """One replication of a shipped site for so many days: drawn, run, checked and measured; bytes for each order."""
    from sim.study.replicate import Settings, replication

    before = peak_bytes()
    seconds, run = timed(lambda: replication(_shipped(name, days), Settings(), 0))
    assert all(run.checks.values())
    orders = int(run.measures["demand.per_day"].value * days)
    return {"cpu_s": seconds, "orders": orders, "bytes_per_order": (peak_bytes() - before) / orders}


def together(name: str, replications: int) -> Found:
    """Replications one after another and then two at a time, which give the same numbers: how many times as soon."""
    from sim.study.replicate import Settings, replicate

    file = load(shipped(name))
    replicate(file, Settings(replications=1))  # loads what is loaded on first use
    seconds, results = [], []
    for workers in (1, 2):
        begin = time.perf_counter()
        results.append(replicate(file, Settings(replications=replications, workers=workers)))
        seconds.append(time.perf_counter() - begin)
    assert repr(results[0].measures) == repr(results[1].measures)
    return {"cpu_s": seconds[0], "together_s": seconds[1], "times": seconds[0] / seconds[1]}


def counting(name: str, steps: int) -> Found:
    """Two processes that only count, one after another and then at once: what this machine's two cores are worth."""
    command = [sys.executable, "-S", "-c", f"for number in range({steps}): pass"]
    seconds = []
    for at_once in (1, 2):
        begin = time.perf_counter()
        for _ in range(0, 2, at_once):
            children = [subprocess.Popen(command) for _ in range(at_once)]
            assert [child.wait() for child in children] == [0] * at_once
        seconds.append(time.perf_counter() - begin)
    return {"cpu_s": seconds[0], "together_s": seconds[1], "times": seconds[0] / seconds[1]}


def returns(name: str, parcels: int) -> Found:
    """What it costs that the engine returns now and then to tell its progress, and the longest time between.

    A dozen returns cost less than this machine's pulse differs from run to run; so it returns many times as often, and
    each return costs its part of what that takes longer.
    """
    from sim.engine import fast

    plan, often = plan_of(name, parcels), fast.INSTANTS
    told: list[float] = []
    fast.run(plan, lambda share: told.append(time.perf_counter()))
    longest, count = float(np.diff(told).max()), len(told)
    seconds: dict[int, list[float]] = {often // MORE_OFTEN: [], 2**62: []}
    for turn in range(TURNS):
        for fast.INSTANTS in sorted(seconds, reverse=turn % 2 == 0):
            seconds[fast.INSTANTS].append(timed(lambda: fast.run(plan, lambda share: None))[0])
    with_returns, without = (statistics.median(found) for found in seconds.values())
    cost = (with_returns - without) / MORE_OFTEN / without
    return {"cpu_s": without, "longest_s": longest, "returns": count, "cost": cost}


def start(name: str, parcels: int) -> Found:
    """From nothing to what the command line says of one replication; what counts is the time of the whole process."""
    from sim.cli import app

    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(io.StringIO()):
        seconds, _ = timed(lambda: app(["run", name, "--replications", "1"], standalone_mode=False))
    assert "95 of 100" in told.getvalue(), told.getvalue()
    return {"cpu_s": seconds}


def _shipped(name: str, days: int) -> ScenarioFile:
    """A shipped scenario, whole (0) or only so many days of it without warm-up."""
    short = ["clock.warm_up=0 d", f"clock.measure={days} d", f"clock.length={days} d"] if days else []
    return load(shipped(name), short)


def uniforms(name: str, count: int) -> Found:
    """Drawing uniform numbers."""
    from sim.plan.draws import uniforms

    return {"cpu_s": timed(lambda: uniforms(1, 0, name, count))[0], "numbers": count}


def lognormal(name: str, count: int) -> Found:
    """Turning uniform numbers into lognormal times, a stretch at a time as the Plan does."""
    from sim.plan.draws import uniforms
    from sim.world.distributions import Time

    time_of, u = Time.model_validate({"lognormal": {"mean": "36 s", "cv": 0.5}}), uniforms(1, 0, name, count)
    time_of.ppf_ms(u[:1])  # loads what is loaded on first use
    stretches = np.array_split(u, max(1, count // STRETCH))
    return {"cpu_s": timed(lambda: [len(time_of.ppf_ms(part)) for part in stretches])[0], "numbers": count}


CONTESTANTS: dict[str, Callable[[str, int], Found]] = {
    one.__name__: one
    for one in (fast, simpy, textbook, ciw, c, month, year, together, counting, returns, start, uniforms, lognormal)
}

if __name__ == "__main__":
    who, what, size = sys.argv[1:]
    keep_freed()  # as the command line does
    found = CONTESTANTS[who](what, int(size))
    print(json.dumps({"peak_bytes": peak_bytes(), **found}))
