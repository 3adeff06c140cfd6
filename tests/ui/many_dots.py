"""A page with the moving picture alone, of a made-up run that keeps 2,000 dots on the screen: to measure how smooth it is."""

from __future__ import annotations

import numpy as np

STATIONS, STEPS, WAITING, GOING = 6, 4000, 90, 60
STEP_MS = 300_000


def picture() -> dict[str, object]:
    """Six stations at each of which about 90 wait while 60 come and go in each five minutes."""
    from sim.analysis.moving import DONE, OUTSIDE
    from sim.ui.watching import pack

    moment = np.arange(STEPS)
    so_far = moment * GOING
    series = []
    for station in range(STATIONS):
        series += [WAITING + (moment * (station + 3)) % 10, np.full(STEPS, 4), np.full(STEPS, 4)]
    series += [so_far] * (STATIONS + 1) + [np.full(STEPS, 6)] * STATIONS
    return {
        "start": "2026-11-02T00:00:00",
        "step_ms": STEP_MS,
        "steps": STEPS,
        "from_step": 12,
        "teams": [f"team {number + 1}" for number in range(STATIONS)],
        "stations": [
            {"name": f"Station {number + 1}", "carries": "orders", "lanes": ["queueing"], "crews": [number]}
            for number in range(STATIONS)
        ],
        "moves": [[OUTSIDE, 0], *([number, number + 1] for number in range(STATIONS - 1)), [STATIONS - 1, DONE]],
        "stock": False,
        "journeys": [],
        "numbers": pack(series),
    }


if __name__ == "__main__":
    import pandas as pd

    from sim.ui.components import moving
    from sim.ui.watching import Watched

    moving.picture(Watched((picture(),), (pd.DataFrame({"orders": [1]}),)))
