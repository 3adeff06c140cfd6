"""All chance by address: the same address the same number, another address an independent one."""

from __future__ import annotations

import hashlib
import itertools

import numpy as np
from scipy import stats

from sim.plan.draws import parts_per_million, stream, uniforms

COUNT = 100_000


def test_an_address_has_its_numbers_for_ever() -> None:
    """The first numbers of one address, reckoned once from Philox with the key made by BLAKE2b."""
    key = int.from_bytes(hashlib.blake2b(b"1/0/orders/customs.select/2", digest_size=16).digest(), "little")
    known = np.random.Generator(np.random.Philox(key=key)).random(3)
    np.testing.assert_array_equal(uniforms(1, 0, "orders/customs.select", 3, attempt=2), known)
    np.testing.assert_array_equal(stream(1, 0, "orders/customs.select", 2).random(3), known)


def test_the_numbers_are_the_same_on_every_machine_and_in_every_version() -> None:
    """Three numbers written down when this was made: results of old runs can be had again."""
    np.testing.assert_array_equal(
        uniforms(1, 0, "orders/packing.pack.per_order", 3),
        [0.4789807009349728, 0.15712943724992023, 0.9611324834440133],
    )


def test_a_longer_row_begins_with_the_shorter_one() -> None:
    """More orders change nothing for those that were there already."""
    np.testing.assert_array_equal(uniforms(1, 0, "p", 10), uniforms(1, 0, "p", 1000)[:10])


def test_every_part_of_an_address_makes_another_stream() -> None:
    """Seed, replication, purpose and attempt; also where their digits change places."""
    addresses = [(1, 0, "p", 0), (2, 0, "p", 0), (1, 1, "p", 0), (1, 0, "q", 0), (1, 0, "p", 1), (0, 1, "p", 0), (11, 0, "p", 0), (1, 10, "p", 0)]  # fmt: skip
    firsts = {uniforms(seed, replication, purpose, 1, attempt)[0] for seed, replication, purpose, attempt in addresses}
    assert len(firsts) == len(addresses)


def test_streams_are_uniform_and_independent() -> None:
    """Six streams of neighbouring addresses: SciPy's tests find neither a wrong shape nor a correlation (0.1 % level)."""
    rows = [uniforms(seed, replication, "p", COUNT, attempt) for seed in (1, 2) for replication, attempt in ((0, 0), (1, 0), (0, 1))]  # fmt: skip
    for row in rows:
        assert row.min() >= 0
        assert row.max() < 1
        assert stats.kstest(row, "uniform").pvalue > 0.001
    for one, other in itertools.combinations(rows, 2):
        assert stats.pearsonr(one, other).pvalue > 0.001


def test_parts_per_million_meet_a_rate_as_the_uniform_meets_the_share() -> None:
    """A number below a rate in parts per million is a uniform below the share; the largest is 999,999."""
    u = uniforms(1, 0, "p", COUNT)
    np.testing.assert_array_equal(parts_per_million(u) < 30_000, u < 0.03)
    assert parts_per_million(np.array([0.0, 0.03, np.nextafter(1.0, 0.0)])).tolist() == [0, 30_000, 999_999]


def test_a_higher_rate_takes_all_that_a_lower_one_takes() -> None:
    """So that two inspection rates are compared on the same parcels."""
    numbers = parts_per_million(uniforms(1, 0, "orders/customs.select", COUNT))
    few, many = set(np.flatnonzero(numbers < 30_000)), set(np.flatnonzero(numbers < 100_000))
    assert few < many
