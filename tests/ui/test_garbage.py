"""Garbage is looked for when no page is drawn."""

from __future__ import annotations

import subprocess
import sys

from sim.ui.garbage import AT_LEAST_EVERY_S, QUIET_S, Drawings, is_time

LEFT_ALONE = """
import gc
from sim.ui.garbage import collect_when_quiet
looked = []
collect_when_quiet()
gc.callbacks.append(lambda phase, info: looked.append(info["generation"]))
kept = [[number] for number in range(1_000_000)]
print(0 in looked, 2 in looked)
"""


def test_while_a_page_is_drawn_it_is_not_quiet() -> None:
    """Of two that are drawn at once the last one counts."""
    drawings = Drawings()
    with drawings.one():
        with drawings.one():
            assert drawings.quiet_s() == 0.0
        assert drawings.quiet_s() == 0.0
    assert 0.0 < drawings.quiet_s() < 60.0


def test_it_is_looked_for_in_quiet_and_once_a_minute_without() -> None:
    """And not again where nothing has been drawn since."""
    quiet, long_s = 2 * QUIET_S, 2 * AT_LEAST_EVERY_S
    assert is_time(quiet_s=quiet, since_last_s=10.0)
    assert not is_time(quiet_s=0.0, since_last_s=10.0)
    assert is_time(quiet_s=0.0, since_last_s=long_s)
    assert not is_time(quiet_s=quiet, since_last_s=quiet / 2)


def test_python_itself_begins_no_look_through_everything() -> None:
    """However much is made; without the rule these lists would begin one."""
    said = subprocess.run([sys.executable, "-c", LEFT_ALONE], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["True", "False"]
