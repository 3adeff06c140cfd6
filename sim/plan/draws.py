"""All chance, by address: (seed, replication, purpose, attempt) names a stream, the item's index a number in it.

So the same parcel is equally lucky in every scenario (common random numbers), and nothing that is
added, renamed in its label, or moved in a file changes another number.
Philox is counter-based: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from sim.plan.plan import PPM


def stream(seed: int, replication: int, purpose: str, attempt: int = 0) -> np.random.Generator:
    """The stream of random numbers at an address.

    >>> bool(stream(1, 0, "customs.select").random() == stream(1, 0, "customs.select").random())
    True
    """
    address = f"{seed}/{replication}/{purpose}/{attempt}".encode()
    key = int.from_bytes(hashlib.blake2b(address, digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key))


def uniforms(seed: int, replication: int, purpose: str, count: int, attempt: int = 0) -> NDArray[np.float64]:
    """Numbers in [0, 1) for items 0 to ``count`` - 1; a longer row begins with the shorter one."""
    return stream(seed, replication, purpose, attempt).random(count)


def parts_per_million(u: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Whole numbers from 0 to 999,999, to be held against a rate in parts per million."""
    return (u * PPM).astype(np.uint32)
