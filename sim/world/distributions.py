"""How long a piece of work, a wait or a gap takes: a family and its parameters, in the author's units.

Every family is a map from a uniform number to milliseconds (its inverse distribution function), so
that the same uniform number means the same luck whatever the family.
Formulas: Law, Simulation Modeling and Analysis, 5th edition, chapter 8 (inverse-transform method).
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, PrivateAttr, RootModel, Tag, ValidationInfo, field_validator, model_validator

from sim.world.tables import read_csv
from sim.world.units import (
    LONGEST_MS,
    UNIT_MS,
    Duration,
    Model,
    Money,
    Pace,
    Positive,
    PositiveDuration,
    Share,
    make_a_whole,
)

Uniforms = NDArray[np.float64]
Variation = Annotated[float, Field(ge=0.001, le=100, allow_inf_nan=False)]
"""A coefficient of variation: standard deviation over mean."""
Piece = Annotated[int, Field(ge=1, le=1_000_000)]


class Family(Protocol):
    """What every family of distributions can do."""

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        """Times in milliseconds at the probabilities ``u``, of the same shape."""

    @property
    def mean_ms(self) -> float:
        """Mean time in milliseconds."""


class Constant(RootModel[Pace]):
    """Always the same time (``6 min``), or the same pace (``100 / h``)."""

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return np.full(u.shape, self.root)

    @property
    def mean_ms(self) -> float:
        return self.root


class Exponential(RootModel[PositiveDuration]):
    """Memoryless, by its mean."""

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return -self.root * np.log1p(-u)

    @property
    def mean_ms(self) -> float:
        return float(self.root)


class Uniform(RootModel[tuple[Duration, Duration]]):
    """Anything from the first to the second time, equally likely."""

    @model_validator(mode="after")
    def _in_order(self) -> Uniform:
        if self.root[0] > self.root[1]:
            raise ValueError("the two times of uniform must rise: [shortest, longest]")
        return self

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        low, high = self.root
        return low + (high - low) * u

    @property
    def mean_ms(self) -> float:
        return sum(self.root) / 2


class Triangular(RootModel[tuple[Duration, Duration, Duration]]):
    """Shortest, most likely and longest time."""

    @model_validator(mode="after")
    def _in_order(self) -> Triangular:
        low, mode, high = self.root
        if not (low <= mode <= high and low < high):
            raise ValueError("the three times of triangular must rise: [shortest, likeliest, longest]")
        return self

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        low, mode, high = self.root
        rising = low + np.sqrt(u * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
        return np.where(u * (high - low) < mode - low, rising, falling)

    @property
    def mean_ms(self) -> float:
        return sum(self.root) / 3


def _special() -> ModuleType:
    """SciPy's special functions, loaded when first needed: that takes as long as a small run."""
    from scipy import special

    return special


_FURTHEST = 8.5
_PER_SCORE = 1024
_SCORES = np.arange(-_FURTHEST * _PER_SCORE, _FURTHEST * _PER_SCORE + 2) / _PER_SCORE
"""Normal scores at which gamma quantiles are worked out; no number below one that a computer draws lies beyond them."""


@lru_cache(maxsize=64)
def _gamma_roots(shape: float) -> Uniforms:
    """Cube roots of the gamma quantiles at _SCORES; the upper half from the upper tail, where it is exact."""
    special = _special()
    below, above = _SCORES[_SCORES < 0], _SCORES[_SCORES >= 0]
    quantiles = [special.gammaincinv(shape, special.ndtr(below)), special.gammainccinv(shape, special.ndtr(-above))]
    return np.asarray(np.cbrt(np.concatenate(quantiles)))


def _gamma_quantiles(shape: float, u: Uniforms) -> Uniforms:
    """Quantiles of the gamma distribution with scale 1, from a table: the exact inverse is ten times slower.

    The cube root of a gamma is close to normal (Wilson and Hilferty 1931, PNAS 17, 684-688), so between normal
    scores 0.001 apart it is all but straight; the tests hold the table against the exact inverse.
    """
    special = _special()
    if shape < 0.2:  # so skew that the root is not straight: exact
        return np.asarray(special.gammaincinv(shape, u), dtype=np.float64)
    roots = _gamma_roots(shape)
    place = (np.clip(special.ndtri(u), -_FURTHEST, _FURTHEST) + _FURTHEST) * _PER_SCORE
    before = place.astype(np.int64)
    root = roots[before] + (roots[before + 1] - roots[before]) * (place - before)
    return np.asarray(root * root * root, dtype=np.float64)


class Erlang(Model):
    """Sum of ``k`` equal exponential phases, by the mean of the whole."""

    mean: PositiveDuration
    k: Annotated[int, Field(ge=1, le=1_000_000)]

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return _gamma_quantiles(float(self.k), u) * (self.mean / self.k)

    @property
    def mean_ms(self) -> float:
        return float(self.mean)


class Gamma(Model):
    """Gamma by mean and coefficient of variation."""

    mean: PositiveDuration
    cv: Variation

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        shape = 1 / self.cv**2
        return _gamma_quantiles(shape, u) * (self.mean / shape)

    @property
    def mean_ms(self) -> float:
        return float(self.mean)


class Lognormal(Model):
    """Lognormal by mean and coefficient of variation."""

    mean: PositiveDuration
    cv: Variation

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return _lognormal(self.mean, self.cv, u)

    @property
    def mean_ms(self) -> float:
        return float(self.mean)


class Weibull(Model):
    """Weibull by scale and shape (shape 1 is exponential)."""

    scale: PositiveDuration
    # Below 0.1 the mean lies ten thousand times above the median and soon leaves the numbers of the machine.
    shape: Annotated[float, Field(ge=0.1, le=100, allow_inf_nan=False)]

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return self.scale * (-np.log1p(-u)) ** (1 / self.shape)

    @property
    def mean_ms(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)


class Column(Model):
    """A column of a CSV file: one time a row, in the unit named."""

    file: str
    column: str
    unit: Literal["ms", "s", "min", "h", "d", "w"] = "min"
    _times_ms: tuple[int, ...] = PrivateAttr()

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Column:
        table = read_csv((info.context or {}).get("folder", Path()) / self.file)
        self._times_ms = tuple(table.column(self.column, self._time_ms, "a time above zero"))
        if not self._times_ms:
            raise ValueError(f"{table.path} has no rows: empirical needs at least one observed time")
        return self

    def _time_ms(self, text: str) -> int:
        time_ms = float(text) * UNIT_MS[self.unit]
        if not 0 < time_ms <= LONGEST_MS:
            raise ValueError(text)
        return max(1, round(time_ms))

    @property
    def times_ms(self) -> tuple[int, ...]:
        """The observed times, in milliseconds."""
        return self._times_ms


def _list_or_column(value: Any) -> str:
    return "<column>" if isinstance(value, (dict, Column)) else "<list>"


class Empirical(
    RootModel[
        Annotated[
            Annotated[tuple[PositiveDuration, ...], Field(min_length=1), Tag("<list>")]
            | Annotated[Column, Tag("<column>")],
            Discriminator(_list_or_column),
        ]
    ]
):
    """One of the observed times, each equally likely: a list, or a column of a CSV file."""

    @cached_property
    def _sorted(self) -> Uniforms:
        times = self.root.times_ms if isinstance(self.root, Column) else self.root
        return np.sort(np.asarray(times, dtype=np.float64))

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return self._sorted[np.minimum((u * self._sorted.size).astype(np.int64), self._sorted.size - 1)]

    @property
    def mean_ms(self) -> float:
        return float(self._sorted.mean())


def _lognormal(mean: float, cv: float, u: Uniforms) -> Uniforms:
    sigma = math.sqrt(math.log1p(cv * cv))
    return np.asarray(np.exp(math.log(mean) - sigma * sigma / 2 + sigma * _special().ndtri(u)))


class OneOf(Model):
    """A mapping that says exactly one of its keys; a plain value means ``constant``."""

    @model_validator(mode="before")
    @classmethod
    def _plain_is_constant(cls, value: Any) -> Any:
        return value if isinstance(value, (dict, cls)) else {"constant": value}

    @model_validator(mode="after")
    def _exactly_one(self) -> OneOf:
        said = self.model_fields_set
        if len(said) != 1:
            allowed = ", ".join(type(self).model_fields)
            raise ValueError(f"say exactly one of {allowed}; this says {', '.join(sorted(said)) or 'none'}")
        return self

    @property
    def said(self) -> Any:
        """The value of the one key that was said."""
        return getattr(self, next(iter(self.model_fields_set)))


class Time(OneOf):
    """How long something takes: ``6 min`` alone, or one family with its parameters.

    >>> Time.model_validate({"exponential": "5 min"}).mean_ms
    300000.0
    """

    constant: Constant | None = None
    exponential: Exponential | None = None
    uniform: Uniform | None = None
    triangular: Triangular | None = None
    erlang: Erlang | None = None
    gamma: Gamma | None = None
    lognormal: Lognormal | None = None
    weibull: Weibull | None = None
    empirical: Empirical | None = None

    @property
    def family(self) -> Family:
        """The family that was chosen."""
        chosen: Family = self.said
        return chosen

    @property
    def mean_ms(self) -> float:
        """Mean in milliseconds."""
        return self.family.mean_ms

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        """Times in milliseconds at the probabilities ``u``."""
        return self.family.ppf_ms(u)

    @property
    def is_constant(self) -> bool:
        """Whether every draw gives the same time."""
        return self.constant is not None


class LognormalMoney(Model):
    """A lognormal amount of money by mean and coefficient of variation."""

    mean: Positive
    cv: Variation


class Value(OneOf):
    """What an order is worth: ``200`` alone, or ``{lognormal: {mean: 200, cv: 0.8}}``."""

    constant: Money | None = None
    lognormal: LognormalMoney | None = None

    def ppf(self, u: Uniforms) -> Uniforms:
        """Amounts at the probabilities ``u``."""
        if self.lognormal is None:
            return np.full(u.shape, self.said)
        return _lognormal(self.lognormal.mean, self.lognormal.cv, u)


class Number(OneOf):
    """A whole number: ``1`` alone, or shares of each (``shares: {1: 70 %, 2: 30 %}``)."""

    constant: Piece | None = None
    shares: dict[Piece, Share] | None = None

    @field_validator("shares")
    @classmethod
    def _rising_to_a_whole(cls, shares: dict[int, float] | None) -> dict[int, float] | None:
        if shares is None:
            return None
        make_a_whole(shares.values(), "the shares")
        return dict(sorted(shares.items()))

    @property
    def mean(self) -> float:
        """Mean of the number."""
        if self.shares is None:
            return float(self.said)
        return sum(number * share for number, share in self.shares.items())

    def ppf(self, u: Uniforms) -> NDArray[np.int64]:
        """Whole numbers at the probabilities ``u``."""
        if self.shares is None:
            return np.full(u.shape, self.said, dtype=np.int64)
        return pick(u, tuple(self.shares.values()), np.array(list(self.shares), dtype=np.int64))


def pick(u: Uniforms, shares: tuple[float, ...], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Choose ``values`` by ``shares`` at the probabilities ``u``.

    >>> pick(np.array([0.1, 0.9]), (0.7, 0.3), np.array([1, 2]))
    array([1, 2])
    """
    edges = np.cumsum(shares)[:-1]
    return values[np.searchsorted(edges, u, side="right")]
