"""How long a piece of work, a wait or a gap takes: a family and its parameters, in the author's units.

Every family is a map from a uniform number to milliseconds (its inverse distribution function), so
that the same uniform number means the same luck whatever the family.
Formulas: Law, Simulation Modeling and Analysis, 5th edition, chapter 8 (inverse-transform method).
"""

from __future__ import annotations

import csv
import math
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, RootModel, ValidationInfo, model_validator
from scipy import special

from sim.world.units import UNIT_MS, Duration, Model, Money, Pace, Positive, PositiveDuration, Share

Uniforms = NDArray[np.float64]


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


class Erlang(Model):
    """Sum of ``k`` equal exponential phases, by the mean of the whole."""

    mean: PositiveDuration
    k: Annotated[int, Field(ge=1)]

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return special.gammaincinv(self.k, u) * (self.mean / self.k)

    @property
    def mean_ms(self) -> float:
        return float(self.mean)


class Gamma(Model):
    """Gamma by mean and coefficient of variation."""

    mean: PositiveDuration
    cv: Positive

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        shape = float(self.cv) ** -2.0
        return special.gammaincinv(shape, u) * (self.mean / shape)

    @property
    def mean_ms(self) -> float:
        return float(self.mean)


class Lognormal(Model):
    """Lognormal by mean and coefficient of variation."""

    mean: PositiveDuration
    cv: Positive

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return _lognormal(self.mean, self.cv, u)

    @property
    def mean_ms(self) -> float:
        return float(self.mean)


class Weibull(Model):
    """Weibull by scale and shape (shape 1 is exponential)."""

    scale: PositiveDuration
    shape: Positive

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return self.scale * (-np.log1p(-u)) ** (1 / self.shape)

    @property
    def mean_ms(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)


class Column(Model):
    """A column of a CSV file: one time a row, in the unit named."""

    file: str
    column: str
    unit: str = "min"


class Empirical(RootModel[tuple[PositiveDuration, ...] | Column]):
    """One of the observed times, each equally likely: a list, or a column of a CSV file."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict):
            folder = (info.context or {}).get("folder", Path())
            return _read_times_ms(Column.model_validate(value), folder)
        return value

    @model_validator(mode="after")
    def _not_empty(self) -> Empirical:
        if not self.root:
            raise ValueError("empirical needs at least one observed time")
        return self

    @cached_property
    def _sorted(self) -> Uniforms:
        return np.sort(np.asarray(self.root, dtype=np.float64))

    def ppf_ms(self, u: Uniforms) -> Uniforms:
        return self._sorted[np.minimum((u * self._sorted.size).astype(np.int64), self._sorted.size - 1)]

    @property
    def mean_ms(self) -> float:
        return float(self._sorted.mean())


def _read_times_ms(column: Column, folder: Path) -> tuple[int, ...]:
    if column.unit not in UNIT_MS:
        raise ValueError(f"unit '{column.unit}' is not one of {', '.join(UNIT_MS)}")
    path = folder / column.file
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            if column.column not in (rows.fieldnames or ()):
                raise ValueError(f"{path} has no column '{column.column}'; it has {rows.fieldnames}")
            return tuple(_time_ms(row[column.column], column.unit, f"{path}, line {rows.line_num}") for row in rows)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot read {path}: {error}") from None


def _time_ms(text: str | None, unit: str, place: str) -> int:
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{place}: '{text}' is not a time above zero")
    return max(1, round(number * UNIT_MS[unit]))


def _lognormal(mean: float, cv: float, u: Uniforms) -> Uniforms:
    sigma = math.sqrt(math.log1p(cv * cv))
    return np.exp(math.log(mean) - sigma * sigma / 2 + sigma * special.ndtri(u))


class OneOf(Model):
    """A mapping that says exactly one of its keys; the key names the family."""

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

    @model_validator(mode="before")
    @classmethod
    def _plain_is_constant(cls, value: Any) -> Any:
        return {"constant": value} if isinstance(value, (str, int, float)) else value

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
    cv: Positive


class Value(OneOf):
    """What an order is worth: ``200`` alone, or ``{lognormal: {mean: 200, cv: 0.8}}``."""

    constant: Money | None = None
    lognormal: LognormalMoney | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_is_constant(cls, value: Any) -> Any:
        return {"constant": value} if isinstance(value, (str, int, float)) else value

    def ppf(self, u: Uniforms) -> Uniforms:
        """Amounts at the probabilities ``u``."""
        if self.lognormal is None:
            return np.full(u.shape, self.said)
        return _lognormal(self.lognormal.mean, self.lognormal.cv, u)


class Number(OneOf):
    """A whole number: ``1`` alone, or shares of each (``shares: {1: 70 %, 2: 30 %}``)."""

    constant: Annotated[int, Field(ge=1)] | None = None
    shares: dict[Annotated[int, Field(ge=1)], Share] | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_is_constant(cls, value: Any) -> Any:
        return {"constant": value} if isinstance(value, (str, int)) else value

    @model_validator(mode="after")
    def _shares_make_a_whole(self) -> Number:
        if self.shares is not None and abs(sum(self.shares.values()) - 1) > 1e-6:
            raise ValueError(f"the shares must add up to 100 %; they make {sum(self.shares.values()):.4%}")
        return self

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
