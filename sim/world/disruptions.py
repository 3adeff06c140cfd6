"""Dated stretches in which something stands still that a site does not decide itself: systems, machines, the weather."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field, model_validator

from sim.world.units import Model, Moment


class Disruption(Model):
    """What stands still from one moment to another.

    Nobody of the ``teams`` named is there. With ``single_window`` no record arrives, nothing is compared and no list
    mends itself; the time that such a wait still has to go is left for afterwards. At the stages under ``transport``
    no truck and no flight leaves, and who is on the way stands still.
    """

    label: str = ""
    begin: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    teams: tuple[str, ...] = ()
    single_window: bool = False
    transport: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Disruption:
        if self.end <= self.begin:
            raise ValueError("a disruption must end after it begins")
        if not (self.teams or self.single_window or self.transport):
            raise ValueError("a disruption says what stands still: teams, single_window or transport")
        return self

    def within_ms(self, start: datetime) -> tuple[int, int]:
        """From when to when, in milliseconds from the scenario's start; one that began before begins at 0."""
        begin, end = ((moment - start) // timedelta(milliseconds=1) for moment in (self.begin, self.end))
        return max(begin, 0), max(end, 0)
