"""Selection rates that follow a seller's record, and the trucks whose release form was selected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.analysis.run import Measure, Run
from sim.analysis.series import Level
from sim.engine.records import NEVER, Records
from sim.plan.plan import PPM, SELECTED, Plan
from sim.plan.routes import FORMS
from sim.world.units import HOUR_MS

Named = Iterator[tuple[str, Measure]]


def followed_rates(plan: Plan, records: Records) -> dict[str, Level]:
    """Selection rates that follow a record, over time in parts per million, under ``stage.flow``."""
    rates, found = records.rates, {}
    for number, row in enumerate(plan.follows):
        selects = (plan.steps["follow"] == number) & (plan.steps["counts_as"] == SELECTED)
        name = plan.step_names[int(np.flatnonzero(selects)[0])]
        own = rates.rate == row["rate"]
        at, ppm = rates.at[own], rates.ppm[own]
        last = np.concatenate([at[1:] != at[:-1], [True]])
        found[f"{name.stage}.{name.flow}"] = Level(at[last], ppm[last])
    return found


def rate_measures(run: Run) -> Named:
    """Selection rates that follow a seller's record: the one in force at the end, and the mean over the window."""
    begin, end = run.window_ms
    for name, level in followed_rates(run.plan, run.records).items():
        yield f"selection_rate.{name}.last", Measure(float(level.levels[-1]) / PPM, "share")
        yield f"selection_rate.{name}.mean", Measure(level.mean(begin, end) / PPM, "share")


def truck_measures(run: Run) -> Named:
    """Release forms of the departures in the window: the share that was selected, and how long these trucks waited.

    A form goes through customs for every moment of departure, with however many parcels.
    """
    plan, left = run.plan, run.records.items.left
    for number, key in enumerate(plan.flow_keys):
        if not key.endswith(FORMS):
            continue
        stage = key.removesuffix(FORMS)
        forms = np.flatnonzero((plan.items.flow == number) & run.in_window)
        if not len(forms):
            continue
        selected = run.came_to(stage, "form_opening")[forms]
        yield f"truck_selected.{stage}", Measure(float(selected.mean()), "share")
        held = forms[selected]
        hours = np.where(left[held] == NEVER, np.inf, (left[held] - plan.items.arrived[held]) / HOUR_MS)
        finished = hours[np.isfinite(hours)]
        if len(hours):
            yield f"truck_held.{stage}.mean", Measure(float(finished.mean()) if len(finished) else np.nan, "h")
            yield f"truck_held.{stage}.p95", Measure(float(np.quantile(hours, 0.95, method="inverted_cdf")), "h")
