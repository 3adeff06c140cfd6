"""Stock per SKU: which goods there are, how often each is ordered, and how many units lie there at the start."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from sim.world.distributions import Time
from sim.world.units import Count, Key, Model, PositiveCount, PositiveDuration, Share, make_a_whole


def _number_or_each(value: Any) -> str:
    return "<each>" if isinstance(value, dict) else "<number>"


UnitsOfEach = Annotated[
    Annotated[Count, Tag("<number>")] | Annotated[dict[Key, Count], Tag("<each>")], Discriminator(_number_or_each)
]
"""Units: the same of every SKU, or of each SKU that is named (and none of the others)."""


class Amount(Model):
    """How much of every SKU: ``20 d`` of its expected demand, or units: ``500``, or ``{units: {milk: 500}}``."""

    cover: PositiveDuration | None = None
    units: UnitsOfEach | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if isinstance(value, (dict, cls)):
            return value
        return {"cover": value} if isinstance(value, str) and not value.strip().isdigit() else {"units": value}

    @model_validator(mode="after")
    def _one_of_them(self) -> Amount:
        if (self.cover is None) == (self.units is None):
            raise ValueError("say either cover (a time, such as 20 d) or units")
        return self

    def of_each(self, keys: tuple[str, ...], units_per_ms: NDArray[np.float64]) -> NDArray[np.int64]:
        """Units of each SKU; cover is rounded up to whole units.

        >>> Amount(cover=3_600_000).of_each(("milk", "tea"), np.array([1e-6, 0.0]))
        array([4, 0])
        """
        if self.cover is not None:
            return np.ceil(np.round(units_per_ms * self.cover, 6)).astype(np.int64)
        if isinstance(self.units, dict):
            return np.array([self.units.get(key, 0) for key in keys], dtype=np.int64)
        return np.full(len(keys), self.units, dtype=np.int64)


class Reorder(Model):
    """Order ``quantity`` whenever what is free and on order, less what is short, has fallen to ``point``."""

    point: Amount
    quantity: Amount


class FromStock(Model):
    """Orders take their lines out of stock when they are placed; what is short waits, or is cancelled after ``patience``."""

    patience: Time | None = None


class Laboratory(Model):
    """A share of lots is held for a sample: how long, by whose days, and how often the lot fails and is destroyed.

    For the classes in ``release_before_result`` goods are sold while the laboratory still works.
    """

    share: Share
    wait: Time
    calendar: str | None = None
    fails: Share = 0.0
    release_before_result: tuple[str, ...] = ()


class Stock(Model):
    """Which SKUs there are, and what lies there at the start.

    ``skus: 200`` makes so many, of which the k-th best seller is ordered 1/k^``zipf`` as often as the first
    (Zipf 1949); or each is named with its share of all lines.
    """

    skus: Annotated[
        Annotated[PositiveCount, Tag("<number>")] | Annotated[dict[Key, Share], Tag("<each>")],
        Discriminator(_number_or_each),
    ]
    zipf: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 1.0
    on_hand: Amount

    @field_validator("skus")
    @classmethod
    def _makes_a_whole(cls, skus: int | dict[str, float]) -> int | dict[str, float]:
        if isinstance(skus, dict):
            make_a_whole(skus.values(), "the shares of the SKUs")
        return skus

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The SKUs by name, best seller first where they are numbered."""
        if isinstance(self.skus, dict):
            return tuple(self.skus)
        return tuple(f"sku_{number:0{len(str(self.skus))}}" for number in range(1, self.skus + 1))

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """The share of each SKU in all lines."""
        if isinstance(self.skus, dict):
            return np.array(list(self.skus.values()))
        weights = np.arange(1, self.skus + 1, dtype=np.float64) ** -self.zipf
        return np.asarray(weights / weights.sum())
