"""Large tables in memory pages of their own.

They are empty (all zero) at first, begin where a line of the processor's caches begins, and what of them is no longer
needed can be given back to the system while the rest is still read.
"""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LARGE_PAGE_BYTES = 2**21


def paged(count: int, dtype: DTypeLike) -> NDArray[Any]:
    """A table of so many rows, all zero; the system hands out its pages when they are first written to.

    >>> paged(3, np.int64).tolist()
    [0, 0, 0]
    """
    kind = np.dtype(dtype)
    # Private pages, since the system makes large pages of those alone.
    private = {"flags": mmap.MAP_PRIVATE} if hasattr(mmap, "MAP_PRIVATE") else {}
    memory = mmap.mmap(-1, max(count * kind.itemsize, 1), **private)
    if len(memory) >= LARGE_PAGE_BYTES and hasattr(mmap, "MADV_HUGEPAGE"):
        memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, kind, count)


def give_back(table: NDArray[Any], first: int = 0, last: int | None = None) -> None:
    """Give back the pages that hold only rows from ``first`` to before ``last``: what was written there is lost.

    Where the system takes back no part of a table nothing happens.

    >>> table = paged(2**18, np.int64)
    >>> table[:] = 7
    >>> give_back(table, 0, 2**17)
    >>> int(table[-1])
    7
    """
    if not hasattr(mmap, "MADV_DONTNEED"):
        return
    assert isinstance(table.base, memoryview)
    memory = table.base.obj
    assert isinstance(memory, mmap.mmap)
    begin = -(-first * table.itemsize // mmap.PAGESIZE) * mmap.PAGESIZE
    rows_end = (len(table) if last is None else last) * table.itemsize
    end = len(memory) if last is None else rows_end // mmap.PAGESIZE * mmap.PAGESIZE
    if end > begin:
        memory.madvise(mmap.MADV_DONTNEED, begin, end - begin)
