"""The scenario: everything a planner says about the world, checked and frozen.

Seed, replications and engine are not here: they are settings of a run, not part of the world.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from sim.world.arrivals import Arrivals
from sim.world.backlog import Backlog
from sim.world.calendar import OpeningHours
from sim.world.disruptions import Disruption
from sim.world.distributions import Number, Time, Value
from sim.world.stages import KINDS, AnyStage, Customs, Delivery, Packing, Task
from sim.world.stock import FromStock, Stock
from sim.world.teams import Team
from sim.world.units import (
    DAY_MS,
    Count,
    Duration,
    Key,
    Model,
    Moment,
    Money,
    Positive,
    PositiveCount,
    PositiveDuration,
    Share,
    make_a_whole,
)

Path = tuple[str, ...]
ONE = Number(constant=1)


class Clock(Model):
    """When the run starts, how long orders arrive, and which of them are measured.

    Measured are the orders placed from ``warm_up`` on, for ``measure`` (default: to the end). ``horizon``
    ends the run with the arrivals; ``drain`` goes on until the last item has left, ``drain_limit`` at most.
    """

    start: Moment
    length: PositiveDuration
    warm_up: Duration = 0
    measure: PositiveDuration | None = None
    end: Literal["horizon", "drain"] = "horizon"
    drain_limit: PositiveDuration = 60 * DAY_MS

    @model_validator(mode="after")
    def _window_inside(self) -> Clock:
        if self.warm_up >= self.length:
            raise ValueError("warm_up must be shorter than length")
        if self.measure is not None and self.warm_up + self.measure > self.length:
            raise ValueError("warm_up and measure together must not be longer than length")
        return self

    @property
    def window_ms(self) -> tuple[int, int]:
        """Orders placed in [from, to) are measured; milliseconds from the start."""
        return self.warm_up, self.length if self.measure is None else self.warm_up + self.measure

    @property
    def end_ms(self) -> int:
        """The run covers [0, ``end_ms``) at most."""
        return self.length + (self.drain_limit if self.end == "drain" else 0)


class GoodsClass(Model):
    """A class of goods: its share, its priority (0 goes first), and how much longer its work takes by stage."""

    share: Share
    priority: Count = 0
    value: Value | None = None
    work: dict[Key, Positive] = {}


class Flow(Model):
    """Bulk consignments or orders: how they arrive, what they carry, and their route through the stages.

    ``demand`` names the orders themselves (default: the flow): two flows of the same demand have the
    same orders, with the same luck. ``stock_cover`` is for how long goods have lain in stock when they are ordered;
    direct mail has none. With ``from_stock`` an order takes its lines out of stock; a consignment brings its own,
    after the ``lead_time`` from leaving abroad to the first stage.
    """

    label: str = ""
    goods: Literal["order", "consignment"] = "order"
    arrivals: Arrivals
    route: tuple[str, ...] = Field(min_length=1)
    classes: dict[Key, GoodsClass] = {"normal": GoodsClass(share=1.0)}
    lines: Number = ONE
    units_per_line: Number = ONE
    units_per_carton: PositiveCount = 24
    value: Value = Value(constant=0.0)
    demand: Key | None = None
    stock_cover: Duration = 0
    from_stock: FromStock | None = None
    lead_time: Time | None = None

    @model_validator(mode="after")
    def _on_the_right_side_of_stock(self) -> Flow:
        if self.goods == "order" and (self.lead_time is not None or self.arrivals.calls_for_lots):
            raise ValueError("lead_time, planned and reorder are for consignments: say goods: consignment")
        if self.goods == "consignment" and self.from_stock is not None:
            raise ValueError("from_stock is for orders; consignments bring stock")
        if self.arrivals.reorder is not None and self.lead_time is None:
            raise ValueError("reorder needs lead_time: how long a lot is on its way")
        return self

    @field_validator("classes")
    @classmethod
    def _classes_make_a_whole(cls, classes: dict[str, GoodsClass]) -> dict[str, GoodsClass]:
        make_a_whole((goods.share for goods in classes.values()), "the shares of the classes")
        return classes

    @field_validator("route")
    @classmethod
    def _each_stage_once(cls, route: tuple[str, ...]) -> tuple[str, ...]:
        twice = next((stage for stage in route if route.count(stage) > 1), None)
        if twice is not None:
            raise ValueError(f"names '{twice}' more than once; to go back to a stage, say rework in it")
        return route


class Promise(Model):
    """What buyers were promised: within how long from paying, dispatched or delivered."""

    to: Literal["dispatched", "delivered"]
    within: PositiveDuration
    penalty: Money = 0.0
    classes: tuple[str, ...] | None = None


class Costs(Model):
    """Money besides wages: per opened parcel, per parcel handed to the courier, per order refunded.

    ``freight`` is for bringing the goods of one order to the site; ``interest`` a year's on the value tied up.
    """

    currency: str = "CNY"
    opening: Money = 0.0
    courier: Money = 0.0
    refund: Money = 0.0
    freight: Money = 0.0
    interest: Share = 0.0


class Source(Model):
    """Where a figure comes from, how far it can be trusted, and how far it may be off.

    Trust: A official, B trade source, C single claim, D derived by arithmetic, G guess.
    """

    trust: Literal["A", "B", "C", "D", "G"]
    source: str
    low: str | None = None
    high: str | None = None


class Scenario(Model):
    """One world to run: clock, flows, stages, teams, promises and costs.

    >>> Scenario.model_validate({
    ...     "schema": 1,
    ...     "clock": {"start": "2026-11-02", "length": "1 d"},
    ...     "flows": {"orders": {"arrivals": {"gaps": "10 min"}, "route": ["desk"]}},
    ...     "stages": {"desk": {"team": "clerks", "work": "8 min"}},
    ...     "teams": {"clerks": {"staff": 1}},
    ... }).stages["desk"].team
    'clerks'
    """

    version: Literal[1] = Field(alias="schema")
    question: str = ""
    clock: Clock
    flows: dict[Key, Flow] = Field(min_length=1)
    stages: dict[Key, AnyStage] = Field(min_length=1)
    teams: dict[Key, Team] = {}
    calendars: dict[Key, OpeningHours] = {}
    promises: dict[Key, Promise] = {}
    costs: Costs = Costs()
    stock: Stock | None = None
    start: dict[str, dict[str, Count]] = {}
    backlog: Backlog | None = None
    disruptions: dict[Key, Disruption] = {}
    sources: dict[str, Source] = {}

    @model_validator(mode="before")
    @classmethod
    def _kind_from_key(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if str(value.get("schema", "1")) == "1":
            value = {**value, "schema": 1} if "schema" in value else value
        if not isinstance(value.get("stages"), dict):
            return value
        stages = {
            key: {"kind": key, **stage} if isinstance(stage, dict) and key in KINDS else stage
            for key, stage in value["stages"].items()
        }
        return {**value, "stages": stages}

    @field_validator("stages")
    @classmethod
    def _not_called_leave(cls, stages: dict[str, AnyStage]) -> dict[str, AnyStage]:
        if "leave" in stages:
            raise ValueError("'leave' is how the ways out are called; give the stage another key")
        return stages

    @property
    def order_flows(self) -> tuple[str, ...]:
        """Keys of the flows that carry orders, in file order."""
        return tuple(key for key, flow in self.flows.items() if flow.goods == "order")

    @property
    def stock_flows(self) -> tuple[str, ...]:
        """Keys of the flows that take from stock, or bring to it, where there is any."""
        if self.stock is None:
            return ()
        return tuple(key for key, flow in self.flows.items() if flow.from_stock or flow.goods == "consignment")

    def label(self, kind: Literal["flows", "stages", "teams"], key: str) -> str:
        """The label of a flow, stage or team, or its key in words."""
        return getattr(self, kind)[key].label or key.replace("_", " ")


def parts_of(part: Any) -> Iterator[BaseModel]:
    """A scenario or a part of one, and every part within it, in the order of their fields."""
    if isinstance(part, BaseModel):
        yield part
        part = dict(part)
    if isinstance(part, dict):
        part = tuple(part.values())
    if isinstance(part, tuple):
        for inner in part:
            yield from parts_of(inner)


def tasks_of(stage: AnyStage) -> Iterator[tuple[Path, Task]]:
    """Every task of a stage with its path below the stage."""
    if isinstance(stage, Task):
        yield (), stage
    yield from _tasks_in(stage, ())


def _tasks_in(part: Model, path: Path) -> Iterator[tuple[Path, Task]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Task):
            yield (*path, name), value
        if isinstance(value, Model):
            yield from _tasks_in(value, (*path, name))


def first_stage_of(scenario: Scenario, flow: str, kind: type[Customs] | type[Delivery] | type[Packing]) -> str | None:
    """The key of the first stage of a kind on the route of a flow, or None."""
    return next((key for key in scenario.flows[flow].route if isinstance(scenario.stages[key], kind)), None)
