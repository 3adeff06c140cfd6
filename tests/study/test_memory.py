"""What is freed stays with the process or goes back to the system, as it was told."""

from __future__ import annotations

import subprocess
import sys

import pytest

LARGE = 2**27
SAID = f"""
import numpy as np
from pathlib import Path
from sim.study.memory import give_back, keep_freed

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if KEEP:
    keep_freed()
table = np.ones({LARGE // 8})
full = resident()
del table
freed = resident()
give_back()
print(full - freed, full - resident())
"""


def given_back(*, keep: bool) -> tuple[int, int]:
    """Bytes of a large table that the system has back when it is freed, and after ``give_back``."""
    said = subprocess.run(
        [sys.executable, "-c", SAID.replace("KEEP", str(keep))], capture_output=True, text=True, check=True
    )
    freed, trimmed = map(int, said.stdout.split())
    return freed, trimmed


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, and asks glibc")
def test_a_freed_table_stays_with_a_process_that_keeps_it_until_it_is_told_to_give_it_back() -> None:
    """The C library gives a table of 128 MB back at once; told to keep it, only when asked."""
    assert given_back(keep=False)[0] > LARGE // 2
    freed, trimmed = given_back(keep=True)
    assert freed < LARGE // 8
    assert trimmed > LARGE // 2
