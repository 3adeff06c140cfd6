"""What studies found as plain values for programs: what ``--format json`` prints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from sim.analysis.words import hours, measured, with_interval
from sim.show.answer import estimate_json
from sim.show.differences import Difference, differences, in_words
from sim.study.capacity import LEAST, MOST, Capacity
from sim.study.compare import Comparison
from sim.study.promise import Promised
from sim.study.staffing import Staffing
from sim.words import studies as say
from sim.words import together
from sim.words.scenario import added, left_out

Json = dict[str, Any]


def rows_json(table: pd.DataFrame) -> list[Json]:
    """The rows of a table as objects; what is infinite or has no value is null."""
    return [
        {str(name): plain(value) for name, value in zip(table.columns, row, strict=True)}
        for row in table.itertuples(index=False, name=None)
    ]


def plain(value: Any) -> Any:
    """A value that JSON can hold.

    >>> plain(float("inf")), plain(2.5), plain("text")
    (None, 2.5, 'text')
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return None if value is pd.NaT else value


def comparison_json(found: Comparison) -> Json:
    """Scenarios with their measures, what differs between them, and each pair with its differences by measure."""
    pairs = [
        {"one": one, "other": other, "measures": {row.pop("measure"): row for row in rows_json(own)}}
        for (one, other), own in (
            (key, rows.drop(columns=["one", "other"]))
            for key, rows in found.frame.groupby(["one", "other"], sort=False)
        )
    ]
    return {
        "seed": found.seed,
        "replications": found.replications,
        "scenarios": {
            name: {measure: estimate_json(value) for measure, value in own.items()}
            for name, own in found.estimates.items()
        },
        "differs": what_differs(found),
        "pairs": pairs,
    }


UNTOLD = ("question", "sources")


def _part_or_value(difference: Difference) -> str:
    """A value from what to what; of a whole part only that it came or went."""
    path, before, after = difference
    if before is None and isinstance(after, Mapping):
        return added(path)
    if after is None and isinstance(before, Mapping):
        return left_out(path)
    return in_words(difference)


def what_differs(found: Comparison) -> dict[str, list[str]]:
    """In words, what each plan after the first says otherwise than the first; where figures come from changes nothing."""
    first = found.files[0]
    return {
        name: [_part_or_value(one) for one in differences(first.raw, file.raw) if one.path.split(".")[0] not in UNTOLD]
        for name, file in zip(found.names[1:], found.files[1:], strict=True)
    }


def staffing_json(found: Staffing) -> Json:
    """The roster, its cost and what it keeps on fresh luck, plans that are as good, and the frontier."""
    return {
        "scenario": found.file.name,
        "feasible": found.roster is not None,
        "targets": [str(target) for target in found.targets],
        "roster": found.roster,
        "settings": list(found.settings),
        "now": found.present,
        "cost_per_day": None if found.cost is None else estimate_json(found.cost),
        "cost_per_day_now": plain(found.present_cost),
        "kept": {
            target: {**estimate_json(one), "verdict": found.verdicts[target]} for target, one in found.kept.items()
        },
        "where_searched": {target: estimate_json(one) for target, one in found.screened.items()},
        "equals": rows_json(found.equals),
        "frontier": rows_json(found.frontier[found.frontier["on_frontier"]]),
        "not_searched": list(found.fixed),
        "evaluations": found.evaluations,
        "rosters": found.rosters_tried,
        "stopped_by": found.stopped_by or None,
        "why": found.why or None,
    }


def promised_json(found: Promised) -> Json:
    """Dates by chance, the chance of the date wanted, the latest order time, and the table by order hour."""
    return {
        "scenario": found.file.name,
        "placed": plain(found.placed),
        "wanted": plain(found.wanted),
        "probability": found.chance,
        "class": found.goods_class,
        "orders": found.orders,
        "replications": found.replications,
        "dates": rows_json(found.dates),
        "kept": None if found.kept is None else estimate_json(found.kept),
        "latest_order": plain(found.latest),
        "p90_by_order_hour": [
            [
                {"hours": plain(hours), "low": plain(low), "high": plain(high)}
                for hours, low, high in zip(*day, strict=True)
            ]
            for day in zip(*(one.to_numpy() for one in (found.table, found.table_low, found.table_high)), strict=True)
        ],
    }


def capacity_json(found: Capacity) -> Json:
    """The limit, what overflows first, and all multiples that were tried."""
    return {
        "scenario": found.file.name,
        "targets": [str(target) for target in found.targets],
        "limit": found.limit,
        "sure_up_to": found.sure_up_to,
        "overflows_first": found.overflows or None,
        "recovers_h": estimate_json(found.recovers_h),
        "replications": found.replications,
        "tried": rows_json(found.frame),
    }


def staffing_sentence(found: Staffing, targets: str = "") -> str:
    """The answer of a search for staff in one sentence; ``targets`` are those in other words than their own."""
    targets = targets or together(map(str, found.targets))
    if found.roster is None or found.cost is None:
        label = found.file.scenario.label("stages", found.stopped_by)
        return say.no_staffing(targets, label, found.why)
    saved, currency = "", found.file.scenario.costs.currency
    if found.present_cost == found.present_cost:
        gap = found.cost.mean - found.present_cost
        saved = say.than_now(measured(abs(gap), "money"), currency, less=gap < 0)
    return say.cheapest(targets, with_interval(found.cost), currency, saved)


def capacity_sentence(found: Capacity, targets: str = "") -> str:
    """How much a plan can take, in words; ``targets`` are those in other words than their own."""
    targets = targets or together(map(str, found.targets))
    if found.limit == 0:
        return say.never_kept(targets, LEAST)
    if found.limit * 1.5 > MOST:
        return say.always_kept(targets, found.limit)
    sure = found.sure_up_to if 0 < found.sure_up_to < found.limit else None
    said = say.kept_up_to(targets, found.limit, sure)
    stage = say.overflows(found.file.scenario.label("stages", found.overflows)) if found.overflows else ""
    recovers = found.recovers_h.mean
    back = ""
    if recovers == recovers:
        back = say.recovers(hours(recovers) if recovers != float("inf") else "")
    return f"{said}{stage}.{back}"
