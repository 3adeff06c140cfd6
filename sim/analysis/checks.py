"""What must be true of every run: checked after each one; a failure is an error in the product, never a warning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.analysis.run import Run
from sim.analysis.series import count_inside
from sim.analysis.stock_levels import StockOverTime
from sim.engine.records import NEVER
from sim.plan.plan import NONE
from sim.plan.steps import Kind, Outcome


class CheckError(RuntimeError):
    """A run broke a law; please report it with the command that repeats it."""


def check(run: Run) -> dict[str, bool]:
    """Hold a run against the laws: name of each -> True. Those of stock are for runs that keep any.

    Raises
    ------
    CheckError
        Naming every law that was broken.

    """
    laws = [conserved, lives_without_gaps, little, no_more_busy_than_staffed, hours_add_up]
    if len(run.plan.stock.skus):
        laws += [stock_never_negative, stock_book_balances, on_order_is_on_its_way]
    findings = {law.__name__: law(run) for law in laws}
    broken = [name for name, holds in findings.items() if not holds]
    if broken:
        raise CheckError(
            f"seed {run.plan.seed}, replication {run.plan.replication}: the run breaks {', '.join(broken)};"
            " this is a defect of importflow, please report it"
        )
    return findings


def conserved(run: Run) -> bool:
    """All that came in went out or is inside: inside is what has exactly one visit under way."""
    return run.lives.accounted


def lives_without_gaps(run: Run) -> bool:
    """An item's visits follow one another from its arrival to its leaving, without a millisecond between."""
    return run.lives.without_gaps


def little(run: Run) -> bool:
    """Little's law as an identity: the area under the number inside is the time that all spent inside."""
    records, ended = run.records, run.records.ended_ms
    came = run.records.items.arrived < ended
    arrived = run.records.items.arrived[came]
    left = np.where(records.items.left == NEVER, ended, records.items.left)[came]
    visits = records.visits
    under_way = int((visits.ended == NEVER).sum())
    spent = int(visits.ended.sum()) + under_way * (ended - NEVER) - int(visits.joined.sum())
    return count_inside(arrived, left).area(0, ended) == int((left - arrived).sum()) == spent


def no_more_busy_than_staffed(run: Run) -> bool:
    """Nothing starts while a team has as many busy as it has heads; under ``pause`` busy never exceeds heads."""
    return all(team.done.lawful for team in run.teams.values())


def hours_add_up(run: Run) -> bool:
    """The parts of every order's time make its whole, to the millisecond, and none is negative."""
    return run.lives.adds_up


def stock_never_negative(run: Run) -> bool:
    """No SKU ever has fewer than no units free, reserved, short or on order."""
    stock = run.records.stock
    return all(bool((column >= 0).all()) for column in (stock.free, stock.reserved, stock.short, stock.on_order))


def stock_book_balances(run: Run) -> bool:
    """The book (free and reserved) rises by what is put away and in no other way, and falls by what orders take.

    What is put away is worked out from the consignments that left as stocked. What was taken of a SKU is at least
    what delivered orders had on their lines, and at most what orders were granted.
    """
    plan, records = run.plan, run.records
    stock, skus = records.stock, len(plan.stock.skus)
    levels = StockOverTime(plan, records)
    taken = -(levels.changes("free") + levels.changes("reserved"))
    lines = plan.stock.lines
    put = lines[records.items.outcome[lines["item"]] == Outcome.STOCKED]
    when = records.items.left[put["item"]] * skus + put["sku"]
    known = stock.at * skus + stock.sku
    order = np.argsort(known)
    place = np.minimum(np.searchsorted(known[order], when), max(len(known) - 1, 0))
    if len(put) and (not len(known) or (known[order][place] != when).any()):
        return False
    np.add.at(taken, order[place], put["units"])
    in_all = np.bincount(stock.sku, weights=taken, minlength=skus)
    reserve = (plan.steps["kind"] == Kind.RESERVE)[records.visits.step] & (records.visits.started != NEVER)
    granted = _units_of(run, np.isin(lines["item"], records.visits.item[reserve]))
    delivered = _units_of(run, records.items.outcome[lines["item"]] == Outcome.DELIVERED)
    return bool((taken >= 0).all() and (delivered <= in_all).all() and (in_all <= granted).all())


def on_order_is_on_its_way(run: Run) -> bool:
    """At the end of the run the units on order are those of the consignments that are inside."""
    plan, records = run.plan, run.records
    levels = StockOverTime(plan, records)
    inside = (records.items.arrived < records.ended_ms) & (records.items.left == NEVER)
    brings = plan.steps["brings"][plan.items.first_step] != NONE
    on_the_way = _units_of(run, (inside & brings)[plan.stock.lines["item"]])
    on_order = np.bincount(records.stock.sku, levels.changes("on_order"), minlength=len(plan.stock.skus))
    return bool((on_order == on_the_way).all())


def _units_of(run: Run, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """By SKU, the units of the lines that are chosen."""
    lines = run.plan.stock.lines[chosen]
    return np.bincount(lines["sku"], lines["units"], minlength=len(run.plan.stock.skus)).astype(np.int64)
