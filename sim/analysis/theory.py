"""Queues that have a formula: what a simple line should come to, worked out and not simulated.

Arrivals are Poisson unless said otherwise and the line has run for ever; rates are per hour, times in hours. A line
that gets more work than it can do has no mean wait: it is infinite.

Sources: Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory, 4th edition (2008), section named in each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray


def erlang_c(servers: int, offered_load: float) -> float:
    """What share of customers must wait at all? For exponential times, and ``servers`` side by side (Erlang C).

    Parameters
    ----------
    servers
        How many serve side by side (1 or more).
    offered_load
        Arrivals per hour times hours of service: how many would be busy if there were always enough.

    Source: Erlang's second formula (section 2.3), by way of his first, the share lost where nobody waits.

    >>> round(erlang_c(4, 3.0), 3)
    0.509
    >>> erlang_c(2, 2.5)
    1.0

    """
    if offered_load >= servers:
        return 1.0
    from scipy import stats  # takes half a second to load, and most runs ask for no formula

    lost = float(stats.poisson.pmf(servers, offered_load) / stats.poisson.cdf(servers, offered_load))
    return lost / (1 - offered_load / servers * (1 - lost))


def mmc_wait_h(arrivals_per_h: float, service_h: float, servers: int) -> float:
    """How long is the mean wait for one of several servers? For exponential times (M/M/c).

    Parameters
    ----------
    arrivals_per_h
        Mean number of arrivals an hour.
    service_h
        Mean hours of service.
    servers
        How many serve side by side.

    Source: section 2.3.

    >>> round(60 * mmc_wait_h(30, 0.1, 4), 2)
    3.06

    """
    offered_load = arrivals_per_h * service_h
    if offered_load >= servers:
        return math.inf
    return erlang_c(servers, offered_load) * service_h / (servers - offered_load)


def mg1_wait_h(arrivals_per_h: float, service_h: float, service_cv: float) -> float:
    """How long is the mean wait for a single server? Whatever the distribution of its times (M/G/1).

    Parameters
    ----------
    arrivals_per_h
        Mean number of arrivals an hour.
    service_h
        Mean hours of service.
    service_cv
        Coefficient of variation of the service times: 0 where they are constant (M/D/1), 1 where exponential.

    Source: Pollaczek and Khinchine (section 5.1).

    >>> mg1_wait_h(5, 0.1, 0), mg1_wait_h(5, 0.1, 1)
    (0.05, 0.1)

    """
    load = arrivals_per_h * service_h
    return load * service_h * (1 + service_cv**2) / 2 / (1 - load) if load < 1 else math.inf


def priority_waits_h(
    arrivals_per_h: Sequence[float], service_h: Sequence[float], service_cv: Sequence[float]
) -> list[float]:
    """How long is the mean wait in each class? For a single server that takes the first first and breaks off no job.

    Parameters
    ----------
    arrivals_per_h, service_h, service_cv
        Mean arrivals an hour, mean hours of service and its coefficient of variation: one for each class,
        the most urgent first.

    Source: Cobham, Priority assignment in waiting line problems, Operations Research 2 (1954), 70-76 (section 3.4).

    >>> [round(wait, 4) for wait in priority_waits_h([2, 3], [0.1, 0.1], [1, 1])]
    [0.0625, 0.125]

    """
    rates, means, cvs = np.array(arrivals_per_h), np.array(service_h), np.array(service_cv)
    in_hand = float((rates * means**2 * (1 + cvs**2)).sum()) / 2
    loads = [0.0, *np.cumsum(rates * means).tolist()]
    return [in_hand / ((1 - before) * (1 - upto)) if upto < 1 else math.inf for before, upto in pairwise(loads)]


def network_arrivals_per_h(outside_per_h: ArrayLike, routing: ArrayLike) -> NDArray[np.float64]:
    """How many arrive at each station of a network an hour? Counts all who come back.

    In an open network of exponential servers each station is then an M/M/c queue of its own: ``mmc_wait_h`` of
    these arrivals is its mean wait (for each visit).

    Parameters
    ----------
    outside_per_h
        Arrivals from outside at each of k stations, per hour.
    routing
        k rows of k shares: of those who leave station i, the share that goes to station j next.

    Source: Jackson, Networks of waiting lines, Operations Research 5 (1957), 518-521 (section 4.2).

    >>> network_arrivals_per_h([6, 0], [[0, 1], [0.25, 0]]).tolist()
    [8.0, 8.0]

    """
    shares = np.asarray(routing, dtype=np.float64)
    arrivals = np.linalg.solve(np.eye(len(shares)) - shares.T, np.asarray(outside_per_h, dtype=np.float64))
    return arrivals.astype(np.float64, copy=False)


def batch_wait_h(batches_per_h: float, batch: int, service_h: float) -> float:
    """How long is the mean wait if ``batch`` arrive at once? For a single server with exponential times (M^[k]/M/1).

    A batch is served like one long job; in it each waits for those before it as well.

    Parameters
    ----------
    batches_per_h
        Mean number of batches an hour.
    batch
        How many arrive in each.
    service_h
        Mean hours of service of one.

    Source: section 3.1, bulk input.

    >>> round(60 * batch_wait_h(4.5, 8, 1 / 60), 2)
    10.25

    """
    first = mg1_wait_h(batches_per_h, batch * service_h, batch**-0.5)
    return first + (batch - 1) / 2 * service_h


def kingman_wait_h(arrivals_per_h: float, arrivals_cv: float, service_h: float, service_cv: float) -> float:
    """How long, about, is the mean wait for a single server? Whatever the distributions of gaps and times (G/G/1).

    An approximation that is good for busy servers; where arrivals are Poisson it is Pollaczek and Khinchine's formula.

    Parameters
    ----------
    arrivals_per_h
        Mean number of arrivals an hour.
    arrivals_cv
        Coefficient of variation of the gaps between arrivals: 0 by the clock, 1 for Poisson arrivals.
    service_h
        Mean hours of service.
    service_cv
        Coefficient of variation of the service times.

    Source: Kingman, The single server queue in heavy traffic, Mathematical Proceedings of the Cambridge Philosophical
    Society 57 (1961), 902-904.

    >>> kingman_wait_h(5, 0, 0.1, 1), kingman_wait_h(5, 1, 0.1, 1) == mg1_wait_h(5, 0.1, 1)
    (0.05, True)

    """
    load = arrivals_per_h * service_h
    return load / (1 - load) * (arrivals_cv**2 + service_cv**2) / 2 * service_h if load < 1 else math.inf
