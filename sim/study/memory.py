"""What becomes of memory that is not needed any more: kept by the process for its next table, or given back.

A run makes tables of hundreds of megabytes one after another. By default each is asked of the system and given back,
and the system hands out every page anew, emptied: a third of the time of a large run went there.
"""

from __future__ import annotations

import ctypes

# From glibc's malloc.h; see mallopt(3).
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4
NEVER_TRIM = -1
PAD_BYTES = 2**26


def keep_freed() -> bool:
    """From now on the process keeps what it frees, for its own next use; whether the C library can do that.

    >>> keep_freed() in (True, False)
    True
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    choices = ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, NEVER_TRIM), (M_TOP_PAD, PAD_BYTES))
    return all(mallopt(parameter, value) == 1 for parameter, value in choices)


def give_back() -> None:
    """Give what is free back to the system: for a process that lives on and waits for its next task."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
