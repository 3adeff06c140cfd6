"""Memory of drawn numbers that is given back on the way: never too early, and most of it."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from sim.engine import engines, fast, spending
from sim.plan import pages
from sim.plan.compile import compile_file
from sim.plan.plan import Plan
from sim.world.files import load
from sim.world.shipped import shipped
from tests.engine.test_engines_agree import first_difference

pytestmark = pytest.mark.skipif(not hasattr(mmap, "MADV_DONTNEED"), reason="this system takes back no part of a table")


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of a page have pages of their own, and what is used up is given back often."""
    monkeypatch.setattr(pages, "LARGE_BYTES", mmap.PAGESIZE)
    monkeypatch.setattr(spending, "STRETCH", 2**9)
    monkeypatch.setattr(fast, "INSTANTS", 2_000)


def plan_of(name: str, *settings: str) -> Plan:
    """A shipped scenario, drawn."""
    return compile_file(load(shipped(name), settings), 1, 0)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("small_site_fortnight", ()),
        ("small_site_fortnight", ("start.orders.packing=700",)),
        ("bonded_fortnight_with_stock", ()),
        ("bonded_beside_direct_mail", ()),
    ],
)
def test_what_is_given_back_was_not_needed_any_more(name: str, settings: tuple[str, ...]) -> None:
    """A number that is given back is 0, which is nobody's time: the records would not be the same."""
    plan = plan_of(name, *settings)
    kept = fast.run(plan)
    assert (plan.draws > 0).mean() > 0.85  # chances may be 0, and most who come once have no other place
    assert first_difference(plan, kept, engines.run(plan, "fast", last_use=True)) is None
    assert (plan.draws == 0).mean() > 0.5


def test_numbers_of_items_that_come_out_of_order_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where places do not rise with arrivals nobody can say from which on they are needed."""
    plan = plan_of("small_site_fortnight", "clock.measure=3 d")
    plan.items.index.flags.writeable = True
    plan.items.index[:] = plan.items.index[::-1].copy()
    before = plan.draws.copy()
    fast.run(plan, last_use=True)
    assert np.array_equal(plan.draws, before)


def test_a_plan_keeps_its_numbers_unless_it_is_its_last_use() -> None:
    """Whoever compares engines, or asks again, has the same plan."""
    plan = plan_of("teaching_line")
    before = plan.draws.copy()
    for engine in engines.ENGINES:
        engines.run(plan, engine)
    assert np.array_equal(plan.draws, before)
