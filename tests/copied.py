"""Asking a copy of a compiled module something in a process of its own, with a cache of its own beside the copy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def asked(path: Path, script: str) -> str:
    """What a script prints that can import the copy at ``path``."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(path.parent / "cache"), "PYTHONPATH": str(path.parent)}
    return subprocess.check_output([sys.executable, "-c", script], env=environment, text=True).strip()
