"""Families of times against SciPy's own distributions, and the whole numbers and amounts beside them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import special, stats

from sim.world.distributions import Gamma, Number, Time, Value, pick

MINUTE = 60_000.0
SOME = np.array([0.0, 1e-6, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999999])
LARGEST = np.array([np.nextafter(1.0, 0.0)])
SIGMA = math.sqrt(math.log(1 + 0.8**2))

SCIPY: dict[str, tuple[Any, Any]] = {
    "exponential": ("5 min", stats.expon(scale=5 * MINUTE)),
    "uniform": (["2 min", "6 min"], stats.uniform(2 * MINUTE, 4 * MINUTE)),
    "triangular": (["4 min", "8 min", "20 min"], stats.triang(0.25, 4 * MINUTE, 16 * MINUTE)),
    "erlang": ({"mean": "6 min", "k": 3}, stats.gamma(3, scale=2 * MINUTE)),
    "gamma": ({"mean": "6 min", "cv": 2}, stats.gamma(0.25, scale=24 * MINUTE)),
    "lognormal": (
        {"mean": "6 min", "cv": 0.8},
        stats.lognorm(SIGMA, scale=6 * MINUTE * math.exp(-(SIGMA**2) / 2)),
    ),
    "weibull": ({"scale": "6 min", "shape": 1.5}, stats.weibull_min(1.5, scale=6 * MINUTE)),
}
ALL = {
    **{family: (says, known.mean()) for family, (says, known) in SCIPY.items()},
    "constant": ("6 min", 6 * MINUTE),
    "empirical": (["3 min", "5 min", "5 min", "11 min"], 6 * MINUTE),
}


def time(family: str, says: Any) -> Time:
    """A time of one family."""
    return Time.model_validate({family: says})


@pytest.mark.parametrize("family", SCIPY)
def test_quantiles_are_those_of_scipy(family: str) -> None:
    """Each family is SciPy's at ten probabilities from 0 to 1 - 1e-6; those from a table within a millionth."""
    says, known = SCIPY[family]
    from_table = {"rtol": 5e-6, "atol": 2e-6 * known.mean()} if family in ("erlang", "gamma") else {"rtol": 1e-9}
    np.testing.assert_allclose(time(family, says).ppf_ms(SOME), known.ppf(SOME), **from_table)


@pytest.mark.parametrize("cv", [0.001, 0.01, 0.1, 0.5, 1.0, 1.5, 2.2, 2.3, 5.0])
def test_the_table_of_gamma_quantiles_is_exact_enough(cv: float) -> None:
    """From 1e-16 to 1 - 1e-16, narrow and wide: SciPy's inverse within 5e-6 of the time or 1e-6 of the mean."""
    tail = 10.0 ** -np.arange(16, 0, -0.25)
    u = np.concatenate([tail, np.linspace(0.001, 0.999, 9_999), 1 - tail])
    found = time("gamma", {"mean": "1 h", "cv": cv}).ppf_ms(u) / (60 * MINUTE)
    np.testing.assert_allclose(found, stats.gamma(cv**-2, scale=cv**2).ppf(u), rtol=5e-6, atol=1e-6)


@pytest.mark.parametrize("family", SCIPY)
def test_means_are_those_of_scipy(family: str) -> None:
    """The mean that load and memory are reckoned with is the family's own."""
    says, known = SCIPY[family]
    assert time(family, says).mean_ms == pytest.approx(known.mean(), rel=1e-9)


@pytest.mark.parametrize(("family", "cv"), [("gamma", 2.0), ("lognormal", 0.8), ("erlang", 1 / math.sqrt(3))])
def test_the_coefficient_of_variation_is_standard_deviation_over_mean(family: str, cv: float) -> None:
    """The distributions of SciPy held against ours above vary as much as the author said."""
    known = SCIPY[family][1]
    assert known.std() / known.mean() == pytest.approx(cv, rel=1e-9)


@pytest.mark.parametrize("family", ALL)
def test_the_mean_of_many_quantiles_is_the_mean(family: str) -> None:
    """A million equally spaced probabilities average to the mean within half a percent."""
    says, mean = ALL[family]
    drawn = time(family, says).ppf_ms((np.arange(1_000_000) + 0.5) / 1_000_000)
    assert drawn.mean() == pytest.approx(mean, rel=0.005)


@pytest.mark.parametrize("family", ALL)
def test_more_luck_never_means_less_time(family: str) -> None:
    """Quantiles rise with the probability, so that the same number means the same luck in every family."""
    drawn = time(family, ALL[family][0]).ppf_ms(np.linspace(0, 1, 10_001)[:-1])
    assert (np.diff(drawn) >= 0).all()


@pytest.mark.parametrize(
    ("family", "says"),
    [
        ("exponential", "100 d"),
        ("gamma", {"mean": "1 min", "cv": 0.001}),
        ("gamma", {"mean": "1 min", "cv": 100}),
        ("lognormal", {"mean": "1 min", "cv": 0.001}),
        ("lognormal", {"mean": "1 min", "cv": 100}),
        ("erlang", {"mean": "1 min", "k": 1_000_000}),
        ("weibull", {"scale": "1 min", "shape": 0.1}),
        ("weibull", {"scale": "1 min", "shape": 100}),
    ],
)
def test_the_widest_and_narrowest_shapes_stay_finite(family: str, says: Any) -> None:
    """At the limits of what may be said, the least and the largest number that can be drawn give times."""
    extremes = time(family, says).ppf_ms(np.concatenate([[0.0], LARGEST]))
    assert np.isfinite(extremes).all()
    assert 0 <= extremes[0] <= extremes[1]


def test_a_plain_time_is_constant() -> None:
    """``6 min`` alone says the same as ``constant: 6 min``, a pace the time of one piece."""
    assert Time.model_validate("6 min") == time("constant", "6 min")
    assert Time.model_validate("6 min").is_constant
    assert not time("exponential", "6 min").is_constant
    np.testing.assert_array_equal(Time.model_validate("100 / h").ppf_ms(SOME), np.full(SOME.shape, 36_000.0))


def test_each_observed_time_is_equally_likely() -> None:
    """Four observations share the numbers from 0 to 1 in quarters, in rising order."""
    drawn = time("empirical", ["5 min", "3 min", "11 min", "5 min"]).ppf_ms(
        np.array([0, 0.249, 0.25, 0.749, 0.75, 0.999])
    )
    assert (drawn / MINUTE).tolist() == [3, 3, 5, 5, 11, 11]


def test_observed_times_come_from_a_column_of_a_file(tmp_path: Path) -> None:
    """The unit is the one named; a time below a millisecond counts as one."""
    (tmp_path / "seen.csv").write_text("who,hours\nx,0.5\ny,1e-9\n", encoding="utf-8")
    says = {"empirical": {"file": "seen.csv", "column": "hours", "unit": "h"}}
    seen = Time.model_validate(says, context={"folder": tmp_path})
    assert seen.ppf_ms(np.array([0.0, 0.5])).tolist() == [1, 1_800_000]


@pytest.mark.parametrize("row", ["", "nan", "inf", "-1", "0", "ten", "1e12"])
def test_what_is_no_observed_time_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    """Nothing is skipped in silence."""
    (tmp_path / "seen.csv").write_text(f'a,hours\n1,1\n2,"{row}"\n', encoding="utf-8")
    says = {"empirical": {"file": "seen.csv", "column": "hours", "unit": "h"}}
    with pytest.raises(ValidationError, match=rf"seen\.csv, line 3: hours: '{row}' is not a time above zero \(1 of 2"):
        Time.model_validate(says, context={"folder": tmp_path})


def test_a_number_alone_is_that_many() -> None:
    """Nothing is drawn for a number that is said plainly."""
    number = Number.model_validate("3")
    assert number.mean == 3
    assert number.ppf(SOME).tolist() == [3] * len(SOME)


def test_shares_of_numbers_are_kept() -> None:
    """A fifth of threes, half ones, three tenths twos; the order in which they are written means nothing."""
    number = Number.model_validate({"shares": {"3": "20 %", "1": "0.5", "2": "0.3"}})
    assert number == Number.model_validate({"shares": {"1": "50 %", "2": "30 %", "3": "20 %"}})
    assert number.mean == pytest.approx(1.7)
    assert number.ppf(np.array([0.0, 0.49, 0.51, 0.79, 0.81, 0.999])).tolist() == [1, 1, 2, 2, 3, 3]


def test_a_value_is_constant_or_lognormal() -> None:
    """The lognormal amount of money is SciPy's."""
    assert Value.model_validate("200").ppf(SOME).tolist() == [200.0] * len(SOME)
    value = Value.model_validate({"lognormal": {"mean": 200, "cv": 0.8}})
    known = stats.lognorm(SIGMA, scale=200 * math.exp(-(SIGMA**2) / 2))
    np.testing.assert_allclose(value.ppf(SOME), known.ppf(SOME), rtol=1e-9)


def test_pick_takes_each_value_for_its_share() -> None:
    """The value changes exactly at the running sum of the shares; a share of nothing is never picked."""
    u = np.array([0.0, 0.1999, 0.2, 0.6999, 0.7, 0.9999])
    assert pick(u, (0.2, 0.0, 0.5, 0.3), np.array([7, 8, 9, 10])).tolist() == [7, 7, 9, 9, 10, 10]


@pytest.mark.parametrize("shape", [0.2, 0.25, 0.5, 1.0, 2.0, 3.7, 16.0, 400.0])
def test_the_table_of_gamma_quantiles_is_exact_to_five_digits(shape: float) -> None:
    """Held against SciPy's exact inverse, over the middle and far out in both tails."""
    u = np.concatenate([np.linspace(1e-4, 1 - 1e-4, 2001), [1e-12, 1e-9, 1e-6, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12]])
    exact = special.gammaincinv(shape, u)
    spec = Gamma.model_validate({"mean": "10000 h", "cv": shape**-0.5})
    found = spec.ppf_ms(u) * shape / spec.mean_ms
    assert np.abs(found - exact).max() < 1e-5 * shape
    assert np.abs(found / exact - 1)[exact > 1e-3 * shape].max() < 1e-5
