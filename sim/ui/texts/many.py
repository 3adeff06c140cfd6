"""What is said where many use one server: its limits, whose turn it is, and who may come in."""

from __future__ import annotations

from math import floor

LOG_IN = "Log in"
LOG_OUT = "Log out"
WHY_LOG_IN = "Whoever runs this server lets in only whom they know. You will come back to this page."


def logged_in(name: str) -> str:
    """Who is logged in.

    >>> logged_in("Mei Tanaka"), logged_in("")
    ('Logged in as Mei Tanaka', 'Logged in')
    """
    return f"Logged in as {name}" if name else "Logged in"


def no_limit(variable: str, said: str) -> str:
    """That a variable of the environment is no number."""
    return f"{variable}={said}: must be a whole number of at least 1"


def limit(orders: int) -> str:
    """How much one may ask, said beside the settings of a run.

    >>> limit(2_000_000)
    'This server takes up to 2,000,000 orders in one question: orders of one replication times replications.'
    """
    return f"This server takes up to {orders:,} orders in one question: orders of one replication times replications."


def too_many_orders(orders: float, most: float) -> str:
    """A refusal, and what to change.

    >>> print(too_many_orders(25_200_000, 2_000_000))  # doctest: +NORMALIZE_WHITESPACE
    This asks for about 25,200,000 orders; this server takes up to 2,000,000 in one question.
    Set fewer days or replications: 7 % of them would do.
    """
    return (
        f"This asks for about {orders:,.0f} orders; this server takes up to {most:,.0f} in one question. "
        f"Set fewer days or replications: {_part_that_fits(most / orders)} of them would do."
    )


def _part_that_fits(share: float) -> str:
    percent = floor(100 * share)
    return f"{percent} %" if percent else "less than 1 %"


def took_too_long(longest_s: float) -> str:
    """That a job was ended by the server.

    >>> took_too_long(60.0)
    'This was stopped after 1 min, the longest that this server works on one question. Set fewer days or replications.'
    """
    return (
        f"This was stopped after {longest_s / 60:g} min, the longest that this server works on one question. "
        "Set fewer days or replications."
    )


def secrets_unreadable(name: str) -> str:
    """That nobody is let in, for it is not known who may.

    >>> secrets_unreadable("secrets.toml")
    'Nobody is let in: the server cannot read its secrets.toml. Mend the file, then load the page again.'
    """
    return f"Nobody is let in: the server cannot read its {name}. Mend the file, then load the page again."
