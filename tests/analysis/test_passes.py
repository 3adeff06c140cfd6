"""The compiled passes: they stand for themselves, and what was compiled is never older than their text."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np

from sim.analysis import passes
from sim.analysis.tables import compiled, fixed
from sim.engine import records
from sim.plan import plan
from tests.copied import asked

ASK = """
import numpy, passes_copy
changes = numpy.array([(5 << 2) + 2, 9 << 2])  # with two bits below: at 5 one more, at 9 one less
times, levels = numpy.zeros(4, dtype=numpy.int64), numpy.zeros(4, dtype=numpy.int32)
print(passes_copy.level_of(changes, 2, 1, times, levels), sum(passes_copy.level_of.stats.cache_hits.values()))
"""


def test_the_passes_use_the_numbers_of_the_records() -> None:
    """They repeat them, because the cache would not notice a change of them elsewhere."""
    assert (passes.NEVER, passes.NONE) == (records.NEVER, plan.NONE)


def test_the_passes_take_nothing_from_elsewhere() -> None:
    """Anything else would be baked in unnoticed."""
    assert [line for line in inspect.getsource(passes).splitlines() if line.startswith("from sim")] == []


def test_a_table_in_another_width_is_brought_to_the_one_that_is_compiled() -> None:
    """Every other kind of table would be compiled anew; what is as it should be is not copied."""
    column = np.arange(3, dtype=np.int16)
    table = fixed(column[::2])
    assert (table.dtype, table.flags.c_contiguous, table.flags.writeable) == (np.int64, True, False)
    assert np.shares_memory(fixed(column, np.int16), column)
    assert compiled() is passes


def test_an_edited_pass_never_runs_old_code(tmp_path: Path) -> None:
    """Unchanged, the second process takes the compiled code from the cache; edited, the new text counts."""
    path = tmp_path / "passes_copy.py"
    source = inspect.getsource(passes)
    path.write_text(source, encoding="utf-8")
    assert asked(path, ASK) == "3 0"
    assert asked(path, ASK) == "3 1"
    path.write_text(source.replace("    return last + 1\n", "    return last + 10\n"), encoding="utf-8")
    assert asked(path, ASK) == "12 0"
