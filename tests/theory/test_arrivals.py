"""Arrivals whose rate changes by hour, weekday and date, against that rate worked out here."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.plan.compile import compile_plan
from tests.engine.worlds import world

HOUR_MS = 3_600_000
HOURS = [1, 1, 1, 1, 1, 2, 3, 4, 6, 8, 9, 9, 8, 8, 8, 8, 7, 7, 8, 9, 12, 10, 6, 3]
WEEKDAYS = [1, 1, 1, 1, 1, 1.4, 0.5]
PER_DAY, DAYS = 600, 35
PEAK_ORDERS, PEAK_HOURS = 900, (19 * 24 + 20, 20 * 24 + 2)

SHOP = f"""
schema: 1
clock: {{start: 2026-11-02, length: {DAYS} d}}
flows:
  orders:
    arrivals:
      poisson:
        per_day: {PER_DAY}
        hours: {HOURS}
        weekdays: {{sat: 1.4, sun: 0.5}}
        peaks:
          - {{from: 2026-11-10, to: 2026-11-12, factor: 3}}
          - {{from: 2026-11-21 20:00, to: 2026-11-22 02:00, orders: {PEAK_ORDERS}}}
    route: [desk]
stages: {{desk: {{team: clerks, work: 1 s}}}}
teams: {{clerks: {{staff: 9}}}}
"""


def expected_by_hour():
    """Mean number of orders in each hour of the run, which begins on a Monday at midnight."""
    usual = np.array([PER_DAY * WEEKDAYS[day % 7] * hour / sum(HOURS) for day in range(DAYS) for hour in HOURS])
    usual[8 * 24 : 10 * 24] *= 3
    usual[slice(*PEAK_HOURS)] = PEAK_ORDERS / (PEAK_HOURS[1] - PEAK_HOURS[0])
    return usual


def arrivals(replication):
    """Moments of arrival in one replication (ms)."""
    return compile_plan(world(SHOP), seed=1, replication=replication).items.arrived


@pytest.mark.parametrize("replication", [0, 1, 2])
def test_on_the_clock_of_expected_orders_arrivals_are_uniform(replication):
    """Kolmogorov and Smirnov: where a share of all orders is expected, that share has come."""
    moments = arrivals(replication)
    edges = np.arange(DAYS * 24 + 1) * HOUR_MS
    passed = np.interp(moments, edges, np.concatenate([[0], np.cumsum(expected_by_hour())]))
    assert stats.kstest(passed / expected_by_hour().sum(), "uniform").pvalue > 0.001


def test_each_hour_has_the_orders_that_are_expected_in_it():
    """Counts by hour over twenty replications: chi-square, with each hour at least 20 strong."""
    counts = sum(np.bincount(arrivals(replication) // HOUR_MS, minlength=DAYS * 24) for replication in range(20))
    expected = 20 * expected_by_hour()
    assert expected.min() > 20
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert 0.001 < stats.chi2.sf(chi_square, len(expected)) < 0.999


def test_gaps_between_expected_orders_are_exponential():
    """On the clock of expected orders the next one comes after a gap of mean 1, whatever the time of day."""
    edges = np.arange(DAYS * 24 + 1) * HOUR_MS
    passed = np.interp(arrivals(0), edges, np.concatenate([[0], np.cumsum(expected_by_hour())]))
    assert stats.kstest(np.diff(passed), "expon").pvalue > 0.001


def test_a_dated_peak_brings_the_orders_it_says():
    """900 in six hours: 20 replications within 4 standard errors of a Poisson mean."""
    begin, end = (hour * HOUR_MS for hour in PEAK_HOURS)
    counts = [int(((moments >= begin) & (moments < end)).sum()) for moments in map(arrivals, range(20))]
    assert abs(np.mean(counts) - PEAK_ORDERS) < 4 * (PEAK_ORDERS / 20) ** 0.5
