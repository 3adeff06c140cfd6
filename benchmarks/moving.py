"""How large the moving picture of a month is, how long it takes to make, and how smooth the browser plays it.

    python benchmarks/moving.py [--scenario double_eleven] [--set path=value] [--frames]

``--frames`` plays a picture with 2,000 dots in Chromium for some seconds. Sizes are the same on every machine, times
are this machine's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sim.analysis.moving import moving
from sim.analysis.run import Run
from sim.engine.engines import run
from sim.plan.compile import compile_file
from sim.ui.watching import packed
from sim.world.files import load
from sim.world.shipped import shipped

MOST_BYTES, MOST_GAP_MS = 2_000_000, 20.0
FRAMES_S = 10


def main() -> None:
    """Measure, and say whether the targets are met."""
    wanted = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wanted.add_argument("--scenario", default="double_eleven")
    wanted.add_argument("--set", action="append", default=[], dest="settings")
    wanted.add_argument("--frames", action="store_true")
    said = wanted.parse_args()
    size(said.scenario, said.settings)
    if said.frames:
        frames()


def size(scenario: str, settings: list[str]) -> None:
    """Bytes as sent, beside the orders that came in and the visits they made."""
    plan = compile_file(load(shipped(scenario), settings), 1, 0)
    begun = time.perf_counter()
    records = run(plan)
    ran = time.perf_counter()
    picture = moving(Run(plan, records))
    reduced = time.perf_counter()
    sent = len(json.dumps(packed(picture, plan)))
    done = time.perf_counter()
    print(f"{scenario}: {len(plan.items):,} items, {len(records.visits):,} visits, {picture.steps:,} time steps")
    print(f"run {ran - begun:.1f} s, picture {reduced - ran:.1f} s, packing {done - reduced:.1f} s")
    print(f"sent: {sent:,} bytes, at most {MOST_BYTES:,}: {'met' if sent < MOST_BYTES else 'MISSED'}")


def frames() -> None:
    """Gaps between frames with 2,000 dots on the screen, and how long the picture takes to draw one."""
    from playwright.sync_api import sync_playwright

    from tests.ui import serving
    from tests.ui.test_browser_moving import GAPS

    page_of = Path(serving.__file__).with_name("many_dots.py")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.served(Path(folder) / "log.txt", page_of) as url,
        sync_playwright() as playwright,
    ):
        context = serving.chromium(playwright).new_context(reduced_motion="no-preference")
        page = context.new_page()
        page.goto(url)
        picture = page.locator(".moving[data-dots]")
        picture.wait_for(timeout=60_000)
        gaps = [gap for _ in range(FRAMES_S // 2) for gap in page.evaluate(GAPS)]
        median, late = statistics.median(gaps), statistics.quantiles(gaps, n=20)[-1]
        print(f"{picture.get_attribute('data-dots')} dots, drawn in {picture.get_attribute('data-draw-ms')} ms")
        print(f"gap between frames: median {median:.1f} ms, 95 of 100 below {late:.1f} ms")
        print(f"median below {MOST_GAP_MS:.0f} ms: {'met' if median < MOST_GAP_MS else 'MISSED'}")


if __name__ == "__main__":
    main()
