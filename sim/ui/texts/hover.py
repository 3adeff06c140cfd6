"""The words around charts that can be pointed at."""

from __future__ import annotations


def alt(chart: str, panel: str) -> str:
    """What a view shows, for who cannot see it: the chart's words, and which of its panels it is.

    >>> alt("A panel for each stage.", "packing"), alt("Bars of the cost.", "")
    ('Panel packing. A panel for each stage.', 'Bars of the cost.')
    """
    return f"Panel {panel}. {chart}" if panel else chart
