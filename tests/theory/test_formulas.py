"""The formulas against sums written out, against each other, and against figures that were worked out before."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from sim.analysis.theory import batch_wait_h, erlang_c, mg1_wait_h, mmc_wait_h, network_arrivals_per_h, priority_waits_h


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1.5), (4, 3.0), (9, 8.5), (60, 55.0)])
def test_erlang_c_is_its_sum_in_whole_fractions(servers, load):
    """The states above all servers against all states, without rounding."""
    a = Fraction(load)
    below = sum(a**k / math.factorial(k) for k in range(servers))
    waiting = a**servers / math.factorial(servers) * servers / (servers - a)
    assert erlang_c(servers, load) == pytest.approx(float(waiting / (below + waiting)), rel=1e-12)


@pytest.mark.parametrize(
    ("arrivals_per_h", "service_min", "servers", "share", "wait_min"),
    [(30, 6, 4, 0.509, 3.06), (30, 6, 5, 0.236, 0.71), (50, 10, 9, None, 11.4), (50, 10, 10, None, 2.93), (9.5, 10, 2, None, 17)],
)  # fmt: skip
def test_waits_that_a_planner_worked_out_by_hand(arrivals_per_h, service_min, servers, share, wait_min):
    """Five offices of known load, to as many digits as were written down."""
    wait = 60 * mmc_wait_h(arrivals_per_h, service_min / 60, servers)
    assert wait == pytest.approx(wait_min, rel=0.02)
    assert share is None or erlang_c(servers, arrivals_per_h * service_min / 60) == pytest.approx(share, abs=5e-4)


def test_more_work_than_can_be_done_has_no_mean_wait():
    """Everybody waits, and for ever longer."""
    assert erlang_c(2, 2.0) == 1.0
    assert mmc_wait_h(20, 0.1, 2) == mg1_wait_h(10, 0.1, 0.5) == math.inf
    assert priority_waits_h([5, 6], [0.1, 0.1], [1, 1])[0] < math.inf
    assert priority_waits_h([5, 6], [0.1, 0.1], [1, 1])[1] == math.inf


def test_one_exponential_server_is_the_same_by_every_formula():
    """Six an hour of 6 minutes each: the mean wait is 9 minutes."""
    waits = [
        mmc_wait_h(6, 0.1, 1),
        mg1_wait_h(6, 0.1, 1),
        batch_wait_h(6, 1, 0.1),
        *priority_waits_h([6], [0.1], [1]),
    ]
    assert waits == pytest.approx([0.15] * 4)


def test_constant_times_halve_the_wait():
    """The best known consequence of the formula of Pollaczek and Khinchine."""
    assert mg1_wait_h(7, 0.1, 0) == pytest.approx(mg1_wait_h(7, 0.1, 1) / 2)


def test_priorities_only_hand_the_wait_on():
    """Kleinrock's conservation law: waits weighted by load add up to what they are without priorities."""
    rates, means = [2.0, 1.0, 3.0], [0.1, 0.2, 0.1]
    loads = np.multiply(rates, means)
    cv = [1.0, 1.0, 1.0]
    in_hand = sum(rate * 2 * mean**2 for rate, mean in zip(rates, means, strict=True)) / 2
    without = in_hand / (1 - loads.sum())
    assert (loads * priority_waits_h(rates, means, cv)).sum() == pytest.approx(loads.sum() * without)


def test_who_comes_back_counts_again():
    """With a quarter sent back, three quarters leave each time: 6 from outside make 8 at both stations."""
    assert network_arrivals_per_h([6, 0], [[0, 1], [0.25, 0]]) == pytest.approx([8, 8])
