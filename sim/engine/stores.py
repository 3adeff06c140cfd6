"""Stock as the SimPy engine keeps it: a store for each SKU, with a strict queue of the lines that wait for it.

Units are free, reserved for an order, or on order; the book of a store is what is free and what is reserved.
Lines are granted whole and first come first served: a line that is too large for what is free holds up all behind it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from sim.plan.plan import NONE


class Store:
    """The stock of one SKU."""

    def __init__(self, number: int, row: Any, touched: Callable[[Store], None]) -> None:
        self.number, self.touched = number, touched
        self.free, self.reorder_at, self.quantity = int(row["on_hand"]), int(row["reorder_at"]), int(row["quantity"])
        self.next_lot, self.lot_step, self.lots = int(row["first_lot"]), int(row["lot_step"]), int(row["lots"])
        self.reserved = self.short = self.on_order = 0
        self.queue: list[tuple[int, int, int, int, Reservation]] = []

    def ask(self, line: int, units: int, joined: int, reservation: Reservation) -> None:
        """A line joins the queue, in the order of (time of joining, item, line)."""
        heapq.heappush(self.queue, (joined, reservation.item, line, units, reservation))
        self.short += units
        self.touched(self)

    def grant(self) -> list[Reservation]:
        """Grant lines from the head of the queue while there is enough; who now has all its lines."""
        complete = []
        while self.queue and (self.queue[0][-1].given_up or self.queue[0][3] <= self.free):
            *_, units, reservation = heapq.heappop(self.queue)
            if reservation.given_up:
                continue
            self.free, self.short, self.reserved = self.free - units, self.short - units, self.reserved + units
            reservation.granted.append((self, units))
            if len(reservation.granted) == reservation.lines:
                complete.append(reservation)
        return complete

    def move(self, *, free: int = 0, reserved: int = 0, on_order: int = 0, short: int = 0) -> None:
        """Units change hands."""
        self.free, self.reserved = self.free + free, self.reserved + reserved
        self.on_order, self.short = self.on_order + on_order, self.short + short
        self.touched(self)

    @property
    def wants_a_lot(self) -> bool:
        """Whether what is free and on order, less what is short, has fallen to the reorder point."""
        return self.reorder_at != NONE and self.free + self.on_order - self.short <= self.reorder_at

    def order_lot(self) -> int:
        """The item number of the next lot, which is on order from now on; NONE if the Plan has no more."""
        if not self.lots:
            return NONE
        lot = self.next_lot
        self.next_lot, self.lots = self.next_lot + self.lot_step, self.lots - 1
        self.on_order += self.quantity
        return lot


class Reservation:
    """What one order waits for: as many lines as it has, each granted by its store."""

    def __init__(self, item: int, wanted: list[tuple[Store, int]], ticket: Any) -> None:
        self.item, self.wanted, self.ticket = item, wanted, ticket
        self.lines = len(wanted)
        self.granted: list[tuple[Store, int]] = []
        self.given_up = False

    def give_up(self) -> None:
        """Patience ends: what was granted is free again, what was not is no longer waited for."""
        self.given_up = True
        for store, units in self.granted:
            store.move(free=units, reserved=-units)
        waiting = list(self.wanted)
        for line in self.granted:
            waiting.remove(line)
        for store, units in waiting:
            store.move(short=-units)
        self.ticket.succeed(False)
