"""Tables in pages of their own: zero at first, in line with the caches, and given back in part."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from sim.engine import kernel
from sim.plan.pages import LARGE_BYTES, give_back, paged

ROWS = LARGE_BYTES // 8


@pytest.mark.parametrize("rows", [100, LARGE_BYTES // 64])
def test_a_table_begins_with_zeros_where_a_line_of_the_caches_begins(rows: int):
    """An item's row is one line, so that no item lies across two."""
    table = paged(rows, kernel.ITEM)
    assert table.itemsize == 64
    assert table.ctypes.data % 64 == 0
    assert not table.view(np.uint8).any()


@pytest.mark.skipif(not hasattr(mmap, "MADV_DONTNEED"), reason="this system takes back no part of a table")
@pytest.mark.parametrize(("first", "last"), [(0, ROWS // 2), (1, ROWS // 2 + 1), (ROWS // 2, None), (0, None)])
def test_what_is_given_back_is_whole_pages_within_the_rows_named(first: int, last: int | None):
    """All other rows are as they were."""
    table = paged(ROWS, np.int64)
    table[:] = 7
    give_back(table, first, last)
    gone = np.flatnonzero(table == 0)
    assert len(gone) >= mmap.PAGESIZE // 8
    assert gone.min() >= first
    assert last is None or gone.max() < last
    assert (table[table != 0] == 7).all()


def test_of_a_small_table_nothing_is_given_back():
    """It has no pages of its own; a plan may need none of it at all."""
    table, none = paged(1000, np.uint16), paged(0, np.uint16)
    table[:] = 7
    give_back(table)
    give_back(none)
    assert (table == 7).all()
    assert len(none) == 0
