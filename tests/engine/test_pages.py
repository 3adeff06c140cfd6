"""Tables in pages of their own: zero at first, in line with the caches, and given back in part."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from sim.engine import kernel
from sim.engine.pages import give_back, paged

ROWS = 4 * mmap.PAGESIZE // 8


def test_a_table_begins_with_zeros_where_a_line_of_the_caches_begins():
    """An item's row is one line, so that no item lies across two."""
    table = paged(100, kernel.ITEM)
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


def test_an_empty_table_can_be_given_back():
    """A plan may need none of it."""
    table = paged(0, np.uint16)
    give_back(table)
    assert len(table) == 0
