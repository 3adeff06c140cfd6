"""Every word that a reader of results sees: the answer, charts, tables, reports; in one place, ready for a second language.

A module an area. Texts with values are functions of what is said already, such as ``4 d 6 h``: how numbers are
written is for ``sim.analysis.words``. What the app says around results stands in ``sim.ui.texts``.
"""

from __future__ import annotations

from collections.abc import Iterable


def together(names: Iterable[str]) -> str:
    """All of several names.

    >>> together(["food", "cosmetics"])
    'food and cosmetics'
    """
    return " and ".join(names)


def all_of(said: Iterable[str]) -> str:
    """Several things that are said in one sentence.

    >>> all_of(["packing: 2 h", "customs: 3 h"])
    'packing: 2 h; customs: 3 h'
    """
    return "; ".join(said)


def span(low: str, high: str) -> str:
    """From one value to another.

    >>> span("2 h", "3 h")
    '2 h to 3 h'
    """
    return f"{low} to {high}"
