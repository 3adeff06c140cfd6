"""What tonight brings, as tables for a terminal and as plain values for programs."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.analysis.intervals import Estimate
from sim.analysis.words import NO_BREAK, day_label, hours, in_lines, share, with_interval
from sim.show.answer import estimate_json, finite, rows_of
from sim.show.tables import plain_table
from sim.study.tonight import Move, Tonight
from sim.words import studies as say
from sim.words.measures import NOT_KNOWN, promise_done
from sim.world.units import HOUR_MS

Json = dict[str, Any]


def tonight_told(found: Tonight, show: int, width: int = 80) -> Group:
    """The sentence, the most endangered orders, the teams, and what moving one person would change.

    Parameters
    ----------
    found
        The answer.
    show
        How many orders to show.
    width
        Columns of the terminal.

    """
    tables = (_orders(found, show), _teams(found), _moves(found))
    shown: list[RenderableType] = [Text(in_lines(sentence(found), width), style="bold")]
    shown += [part for table in tables if table.row_count for part in (Text(), table)]
    return Group(*shown)


def sentence(found: Tonight) -> str:
    """When the floor is clear, how many orders miss the promise in hand, and for whom they wait the longest."""
    count = len(found.orders)
    said = [f"{_clear(found)}."]
    if found.promise is not None and found.late is not None:
        said.append(say.miss(with_interval(found.late).replace(" items", ""), count, _promise(found)))
    if len(found.teams) and found.teams["waited_h"].iloc[0] > 0:
        team = str(found.teams.index[0])
        waited = hours(float(found.teams["waited_h"].iloc[0]) / count)
        said.append(say.waits_longest(found.file.scenario.label("teams", team), waited))
    return " ".join(said)


def _clear(found: Tonight) -> str:
    clear = found.clear_h
    if not math.isfinite(clear.mean):
        return say.NOT_CLEAR
    at = _moment(found, clear.mean)
    between = "" if math.isnan(clear.low) else say.between(_moment(found, clear.low), _moment(found, clear.high))
    return say.clear_on(at, between)


def _moment(found: Tonight, after_h: float) -> str:
    return _when(pd.Timestamp(found.file.scenario.clock.start) + pd.Timedelta(hours=after_h))


def _when(moment: pd.Timestamp) -> str:
    if pd.isna(moment):
        return NOT_KNOWN
    rounded = moment + timedelta(seconds=30)
    return f"{day_label(rounded.date())} {rounded:%H:%M}"


def _short(moment: pd.Timestamp) -> str:
    """Without the weekday, and its blanks not to be broken at."""
    return NOT_KNOWN if pd.isna(moment) else _when(moment).partition(" ")[2].replace(" ", NO_BREAK)


def _promise(found: Tonight) -> str:
    promise = found.file.scenario.promises[str(found.promise)]
    return say.promise_to_be(promise_done(promise.to, promise.within / HOUR_MS))


def _orders(found: Tonight, show: int) -> Table:
    """The orders that are in danger, the most endangered first."""
    table = plain_table(say.likely_to_miss(_promise(found)) if found.promise else say.ORDERS, *say.TONIGHT_ORDERS)
    column = f"late.{found.promise}"
    endangered = found.orders if found.promise is None else found.orders[found.orders[column] > 0]
    for row in endangered.head(show).to_dict("records"):
        late = share(row[column]) if found.promise is not None else ""
        where = found.file.scenario.label("stages", row["stage"])
        placed, dispatched, delivered = (_short(row[name]) for name in ("placed", "dispatched", "delivered"))
        table.add_row(row["order"], where, placed, late, dispatched, delivered)
    if len(endangered) > show:
        table.caption = say.and_more(len(endangered) - show)
    return table


def _teams(found: Tonight) -> Table:
    table = plain_table(*say.TONIGHT_TEAMS)
    for row in rows_of(found.teams):
        waited = hours(row.waited_h / max(len(found.orders), 1))
        table.add_row(found.file.scenario.label("teams", str(row.Index)), waited, hours(row.idle_h))
    return table


def _moves(found: Tonight) -> Table:
    table = plain_table(*say.TONIGHT_MOVES)
    for moved in found.moves:
        source, target = move_in_words(found, moved.move)
        table.add_row(source, target, _change(moved.clear_h), _change(moved.late).replace(" items", ""))
    return table


def move_in_words(found: Tonight, move: Move) -> tuple[str, str]:
    """From which shift of which team, and to which team."""
    scenario = found.file.scenario
    shift = f", {move.shift.replace('_', ' ')}" if move.shift else ""
    return scenario.label("teams", move.source) + shift, scenario.label("teams", move.target)


def _change(difference: Estimate) -> str:
    """A difference with its sign and interval; 0 where nothing changes."""
    if difference.mean == 0 and not difference.low < difference.high:
        return "0"
    if difference.unit == "items":
        between = "" if math.isnan(difference.low) else say.between(f"{difference.low:+.1f}", f"{difference.high:+.1f}")
        return f"{difference.mean:+.1f}{between}"
    between = "" if math.isnan(difference.low) else say.between(_signed(difference.low), _signed(difference.high))
    return f"{_signed(difference.mean)}{between}"


def _signed(value_h: float) -> str:
    if not math.isfinite(value_h):
        return NOT_KNOWN
    return ("+" if value_h >= 0 else "") + hours(value_h)


def tonight_json(found: Tonight) -> Json:
    """One object with all of it; what is infinite or has no value is null."""
    return {
        "scenario": found.file.name,
        "at": found.file.scenario.clock.start.isoformat(),
        "seed": found.settings.seed,
        "replications": found.settings.replications,
        "engine": found.settings.engine,
        "sentence": sentence(found),
        "clear_h": estimate_json(found.clear_h),
        "promise": found.promise,
        "late": None if found.late is None else estimate_json(found.late),
        "orders": [{key: _plain(value) for key, value in row.items()} for row in found.orders.to_dict("records")],
        "teams": {
            str(row.Index): {"waited_h": finite(row.waited_h), "idle_h": finite(row.idle_h)} for row in rows_of(found.teams)
        },
        "moves": [
            {
                "from": moved.move.source, "shift": moved.move.shift or None, "to": moved.move.target,
                "clear_h": estimate_json(moved.clear_h), "late": estimate_json(moved.late),
            }
            for moved in found.moves
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.isoformat(timespec="seconds")
    if value is pd.NaT:
        return None
    return finite(value) if isinstance(value, float) else value
