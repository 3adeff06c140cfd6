"""Large tables in memory pages of their own.

They are empty (all zero) at first, begin where a line of the processor's caches begins, and what of them is no longer
needed can be given back to the system while the rest is still read. Smaller ones come from the memory that the process
keeps: the system takes longer to hand out new pages than it takes to empty old ones.
"""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LARGE_BYTES = 2**25
LINE_BYTES = 64
"""A line of the processor's caches."""


def paged(count: int, dtype: DTypeLike, *, zero: bool = True) -> NDArray[Any]:
    """A table of so many rows, all zero; the system hands out its pages when they are first written to.

    Who writes every row before it is read need not have a small one zero at first.

    >>> paged(3, np.int64).tolist()
    [0, 0, 0]
    """
    kind = np.dtype(dtype)
    if count * kind.itemsize < LARGE_BYTES:
        memory = (np.zeros if zero else np.empty)(count * kind.itemsize + LINE_BYTES, dtype=np.int8)
        begin = -memory.ctypes.data % LINE_BYTES
        return memory[begin : begin + count * kind.itemsize].view(kind)
    # Private pages, since the system makes large pages of those alone.
    private = {"flags": mmap.MAP_PRIVATE} if hasattr(mmap, "MAP_PRIVATE") else {}
    pages = mmap.mmap(-1, count * kind.itemsize, **private)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, kind, count)


def give_back(table: NDArray[Any], first: int = 0, last: int | None = None) -> None:
    """Give back the pages that hold only rows from ``first`` to before ``last``: what was written there is lost.

    Where the system takes back no part of a table nothing happens.

    >>> table = paged(2**23, np.int64)
    >>> table[:] = 7
    >>> give_back(table, 0, 2**22)
    >>> int(table[-1])
    7
    """
    whole = table
    while isinstance(whole.base, np.ndarray):
        whole = whole.base
    if not isinstance(whole.base, memoryview) or not hasattr(mmap, "MADV_DONTNEED"):
        return
    pages = whole.base.obj
    assert isinstance(pages, mmap.mmap)
    offset = table.ctypes.data - whole.ctypes.data
    begin = -(-(offset + first * table.itemsize) // mmap.PAGESIZE) * mmap.PAGESIZE
    rows_end = offset + (len(table) if last is None else last) * table.itemsize
    end = len(pages) if last is None else rows_end // mmap.PAGESIZE * mmap.PAGESIZE
    if end > begin:
        pages.madvise(mmap.MADV_DONTNEED, begin, end - begin)
