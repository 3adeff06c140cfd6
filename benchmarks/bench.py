"""How fast the engines are, and how much memory they need, beside others who do the same work.

    python benchmarks/bench.py [--runs 5] [--quick] [--json FILE]

Each contestant runs in a process of its own, one after another and in turn, so that what else the machine does
troubles all alike; the median of the runs counts. Rates are per visit, so those that are slow get fewer parcels.
Ratios decide; the absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"
PACKAGES = ("simpy", "numpy", "scipy", "numba", "ciw")
LARGE, SMALL, NUMBERS = 1_000_000, 20_000, 10_000_000
QUICK = 10
MEMORY_TOUCHED = 0.8
YEAR = 365
Measured = dict[str, float]
Medians = dict[str, Measured]


@dataclass(frozen=True)
class Contest:
    """One contestant at one task: ``size`` is parcels, numbers or days (0: all of them)."""

    who: str
    what: str
    size: int
    fresh: bool = False
    once: bool = False

    @property
    def name(self) -> str:
        return f"{self.who} {self.what}{' first' if self.fresh else ''}"


@dataclass(frozen=True)
class Target:
    """What was aimed at: a number that must be at least, or at most, so much; or one to hold others against."""

    words: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it was met; None where it could not be measured, or nothing was aimed at."""
        if self.value is None or self.at_least is self.at_most is None:
            return None
        return self.value >= self.at_least if self.at_least is not None else self.value <= (self.at_most or 0.0)

    @property
    def wanted(self) -> str:
        """What was aimed at, in words."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "" if self.at_most is None else f"at most {self.at_most:g}"


def contests(quick: bool) -> list[Contest]:
    """Who runs what; Ciw and C only where they are installed."""
    less = QUICK if quick else 1
    wanted = [
        Contest("fast", "plain_line", LARGE // less),
        Contest("c", "plain_line", LARGE // less),
        Contest("simpy", "plain_line", SMALL // less),
        Contest("textbook", "plain_line", SMALL // less),
        Contest("ciw", "plain_line", SMALL // less),
        Contest("fast", "everything", LARGE // less),
        Contest("simpy", "everything", SMALL // less),
        Contest("textbook", "everything", SMALL // less),
        Contest("month", "double_eleven", 1 if quick else 0),
        Contest("together", "small_site_fortnight", 4 if quick else 10),
        Contest("counting", "nothing", 100 * LARGE // less),
        Contest("returns", "everything", LARGE // 4 // less),
        Contest("uniforms", "numbers", NUMBERS // less),
        Contest("lognormal", "numbers", NUMBERS // less),
        Contest("start", "teaching_line", 0, fresh=True),
        Contest("start", "teaching_line", 0),
    ]
    if not quick:
        wanted += [Contest("together", "double_eleven", 2), Contest("year", "medium_site_fortnight", YEAR, once=True)]
    absent = {who for who, there in (("c", shutil.which("gcc")), ("ciw", _installed("ciw"))) if not there}
    return [one for one in wanted if one.who not in absent]


def _installed(package: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {package}"], stderr=subprocess.DEVNULL).returncode == 0


def measure(contest: Contest) -> Measured:
    """Run a contestant once; its own figures, and the processor time and peak memory of its process."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, **({"NUMBA_CACHE_DIR": folder} if contest.fresh else {})}
        settings.pop("PYTHONDONTWRITEBYTECODE", None)  # who uses the product has its modules compiled
        command = [sys.executable, HERE / "contestants.py", contest.who, contest.what, str(contest.size)]
        child = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{contest.name} failed with exit code {child.returncode}")
    found: Measured = json.loads(said)
    return {**found, "process_cpu_s": used.ru_utime + used.ru_stime}


def medians(wanted: list[Contest], runs: int) -> Medians:
    """All contestants in turn, ``runs`` times over (the year once); the median of each figure."""
    seen: dict[str, list[Measured]] = {contest.name: [] for contest in wanted}
    for number in range(runs):
        for contest in wanted:
            if contest.once and number > 0:
                continue
            print(f"run {number + 1} of {runs}: {contest.name}", file=sys.stderr)
            seen[contest.name].append(measure(contest))
    return {name: _median(found) for name, found in seen.items()}


def _median(found: list[Measured]) -> Measured:
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


def rate(found: Medians, name: str) -> float | None:
    """Visits a second of the engine's own processor time; None for who did not run."""
    return found[name]["visits"] / found[name]["cpu_s"] if name in found else None


def ratio(found: Medians, one: str, other: str) -> float | None:
    """How many times as fast as another."""
    first, second = rate(found, one), rate(found, other)
    return first / second if first and second else None


def nanoseconds(found: Medians, name: str) -> float:
    """Time for one number."""
    return found[name]["cpu_s"] / found[name]["numbers"] * 1e9


def targets(found: Medians, quick: bool) -> list[Target]:
    """What was aimed at, with what came out; a day of the month says nothing of the month."""
    month, year = found["month double_eleven"], found.get("year medium_site_fortnight")
    small, large = found["together small_site_fortnight"], found.get("together double_eleven")
    returns, machine_times = found["returns everything"], found["counting nothing"]["times"]
    return [
        Target("SimPy engine / textbook SimPy, plain line", ratio(found, "simpy plain_line", "textbook plain_line"), at_least=1),
        Target("SimPy engine / textbook SimPy, everything on", ratio(found, "simpy everything", "textbook everything"), at_least=0.6),
        Target("SimPy engine, bytes a parcel, plain line", found["simpy plain_line"]["bytes_per_parcel"], at_most=1500),
        Target("SimPy engine, bytes a parcel, everything on", found["simpy everything"]["bytes_per_parcel"], at_most=3000),
        Target("fast / SimPy engine, plain line", ratio(found, "fast plain_line", "simpy plain_line"), at_least=60),
        Target("fast / Ciw, plain line", ratio(found, "fast plain_line", "ciw plain_line"), at_least=180),
        Target("C / fast, plain line", ratio(found, "c plain_line", "fast plain_line"), at_most=1.35),
        Target("fast / SimPy engine, everything on", ratio(found, "fast everything", "simpy everything"), at_least=50),
        Target("month of 11.11, processor seconds of the process", None if quick else month["process_cpu_s"], at_most=10),
        Target("month of 11.11, peak GB", None if quick else month["peak_bytes"] / 1e9, at_most=2),
        Target("year of the medium site, processor seconds", year and year["process_cpu_s"], at_most=120),
        Target("year of the medium site, peak GB", year and year["peak_bytes"] / 1e9, at_most=10),
        Target("small fortnights two at a time, times as soon", small["times"], at_least=1.8),
        Target("months two at a time, times as soon", large and large["times"], at_least=1.8),
        Target("two processes that only count, times as soon", machine_times),
        Target("longest time until a run can be stopped, s", returns["longest_s"], at_most=0.5),
        Target("cost of telling progress, share", returns["cost"], at_most=0.02),
        Target("a uniform number, ns", nanoseconds(found, "uniforms numbers"), at_most=6),
        Target("a lognormal time, ns", nanoseconds(found, "lognormal numbers"), at_most=35),
        Target("first start, processor seconds", found["start teaching_line first"]["process_cpu_s"], at_most=15),
        Target("later start, processor seconds", found["start teaching_line"]["process_cpu_s"], at_most=1.5),
    ]  # fmt: skip


def touch_memory() -> None:
    """Write once to most of the memory that is free.

    A virtual machine gets its memory from the host page by page when it is first written to, which takes longer than
    all else that a contestant does with it; who came first would pay for all who come after.
    """
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    page_by_page = (
        f"import numpy; numpy.empty({int(free * MEMORY_TOUCHED)}, numpy.uint8)[::{os.sysconf('SC_PAGE_SIZE')}] = 1"
    )
    subprocess.run([sys.executable, "-c", page_by_page], check=True)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES if _installed(name)},
    }


def _processor() -> str:
    """The processor's name, where the system says it."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def table(wanted: list[Contest], found: Medians) -> Iterator[str]:
    """One line for each contestant."""
    yield f"{'contestant':<28}{'size':>11}{'cpu s':>9}{'process s':>11}{'peak MB':>9}{'visits/s':>12}{'B/parcel':>10}"
    for contest in wanted:
        one, per_second = found[contest.name], ""
        if "visits" in one:
            per_second = f"{one['visits'] / one['cpu_s']:>12,.0f}{one['bytes_per_parcel']:>10,.0f}"
        yield (
            f"{contest.name:<28}{contest.size or 'whole':>11}{one['cpu_s']:>9.2f}{one['process_cpu_s']:>11.2f}"
            f"{one['peak_bytes'] / 1e6:>9.0f}{per_second}"
        )


def verdicts(aimed: list[Target]) -> Iterator[str]:
    """One line for each target."""
    for target in aimed:
        value = "not measured" if target.value is None else f"{target.value:.2f}"
        said = {True: "met", False: "NOT MET", None: "-"}[target.met]
        yield f"{target.words:<52}{value:>14}   {target.wanted:<14}{said}"


def main(words: list[str] | None = None) -> None:
    """Measure, print the tables and write the figures."""
    asked = argparse.ArgumentParser(description="Measure the engines beside others that do the same work.")
    asked.add_argument("--runs", type=int, default=5, help="how often each contestant runs; the median counts")
    asked.add_argument("--quick", action="store_true", help="a tenth of the sizes, and a day of the month of 11.11")
    asked.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    asked.add_argument("--date", help="the date to write beside them")
    chosen = asked.parse_args(words)
    wanted = contests(chosen.quick)
    if not chosen.quick:
        touch_memory()
    found = medians(wanted, chosen.runs)
    aimed, about = targets(found, chosen.quick), machine()
    print(f"{about['processor']}, {about['cores']} cores, load {about['load_average']:.1f}; median of {chosen.runs}\n")
    print("\n".join(table(wanted, found)) + "\n")
    print("\n".join(verdicts(aimed)))
    if chosen.quick:
        print("\nQuick sizes: the targets are meant for the full ones.")
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    written = {
        **({"date": chosen.date} if chosen.date else {}),
        "machine": about, "runs": chosen.runs, "quick": chosen.quick, "figures": found,
        "targets": [{"target": one.words, "value": one.value, "met": one.met} for one in aimed],
    }  # fmt: skip
    chosen.json.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    print(f"\nFigures written to {chosen.json}")


if __name__ == "__main__":
    main()
