"""The six stages of the pipeline, and a plain one, as a planner describes them.

A stage is a named arrangement of tasks, waits and chances. How each becomes steps stands in
``sim/plan/routes.py``; where the figures come from stands in each scenario file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from sim.world.distributions import Time
from sim.world.stock import Laboratory
from sim.world.units import (
    Date,
    Days,
    Key,
    Model,
    Moment,
    PositiveCount,
    PositiveDuration,
    Share,
    TimeOfDay,
    make_a_whole,
)

AtMost = Annotated[int, Field(ge=1, le=100)]


def _one_or_each(value: Any) -> str:
    return "<each>" if isinstance(value, dict) else "<one>"


ShareOrShares = Annotated[
    Annotated[Share, Tag("<one>")] | Annotated[dict[Key, Share], Tag("<each>")], Discriminator(_one_or_each)
]
"""One share for all, or one for each class."""


class Work(Model):
    """Work time of one item: a part per order, per line, per unit and per carton, added up.

    ``6 min`` alone is the same as ``per_order: 6 min``. A drawn part is drawn once an order and
    multiplied: whoever is slow with the first line is slow with the last.
    """

    per_order: Time | None = None
    per_line: Time | None = None
    per_unit: Time | None = None
    per_carton: Time | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_is_per_order(cls, value: Any) -> Any:
        if isinstance(value, cls) or (isinstance(value, dict) and (not value or value.keys() & cls.model_fields)):
            return value
        return {"per_order": value}

    @model_validator(mode="after")
    def _not_empty(self) -> Work:
        if not self.model_fields_set:
            raise ValueError("work needs at least one of per_order, per_line, per_unit, per_carton")
        return self


class Task(Model):
    """Work that a team does: ``crew`` people of it at once; with ``share_work`` they split the time."""

    team: str
    work: Work
    crew: PositiveCount = 1
    share_work: bool = False


class Rework(Model):
    """A share of what leaves a stage goes back ``to`` it or to an earlier one; the n-th time it is rejected."""

    share: Share
    to: str
    at_most: AtMost = 3


class Stage(Model):
    """What every stage may say: a label, rework, a rejected share, and buyers who cancel while they queue.

    A buyer's patience runs anew in each queue of the stage.
    """

    label: str = ""
    rework: Rework | None = None
    reject: Share = 0.0
    patience: Time | None = None


class Service(Stage, Task):
    """A plain stage: one team, one piece of work."""

    kind: Literal["service"] = "service"


class Correction(Model):
    """A discrepancy is put right after a wait and checked again; the n-th one rejects the item."""

    wait: Time
    at_most: AtMost = 3
    calendar: str | None = None


class PhysicalInspection(Task):
    """The share of declarations that are opened, and how often something is found."""

    share: Share
    discrepancy: Share = 0.0


class Inspection(Stage):
    """General cargo inspection at the first line: every declaration is read, a share is opened.

    ``accuracy`` is the share of declarations in which the reader finds nothing wrong.
    """

    kind: Literal["inspection"] = "inspection"
    documents: Task
    accuracy: Share = 1.0
    physical: PhysicalInspection | None = None
    correction: Correction


class Tally(Stage):
    """Counting, labelling each unit and putting away; goods are sellable afterwards, or after the laboratory."""

    kind: Literal["tally"] = "tally"
    count: Task
    label_units: Task | None = None
    put_away: Task | None = None
    laboratory: Laboratory | None = None


class Picking(Stage):
    """Picking by line; the second check finds mispicks and sends them back to be picked again."""

    kind: Literal["picking"] = "picking"
    pick: Task
    check: Task | None = None
    mispick: Share = 0.0
    at_most: AtMost = 3

    @model_validator(mode="after")
    def _found_by_the_check(self) -> Picking:
        if self.mispick > 0 and self.check is None:
            raise ValueError("a mispick is found by the second check: say check, or leave out mispick")
        return self


class Protection(Model):
    """Protective packing for some classes: it takes ``work_factor`` as long and leaves ``damage_factor`` of the damage."""

    classes: tuple[str, ...]
    work_factor: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 1.0
    damage_factor: Share = 1.0


class Packing(Stage, Task):
    """Packing by class. ``damage`` is the share of parcels damaged on the way, by class or for all."""

    kind: Literal["packing"] = "packing"
    damage: ShareOrShares = 0.0
    protection: Protection | None = None


class Repair(Model):
    """What happens to a returned declaration list: it mends itself, or clerks do, some with the buyer's help."""

    automatic_share: Share = 0.0
    automatic: Time | None = None
    clerks: Task | None = None
    buyer_share: Share = 0.0
    buyer: Time | None = None
    at_most: AtMost = 5

    @model_validator(mode="after")
    def _complete(self) -> Repair:
        if self.automatic_share > 0 and self.automatic is None:
            raise ValueError("automatic_share needs automatic: how long a list takes to mend itself")
        if self.automatic_share < 1 and self.clerks is None:
            raise ValueError("lists that do not mend themselves need clerks")
        if self.buyer_share > 0 and self.buyer is None:
            raise ValueError("buyer_share needs buyer: how long the buyer takes to answer")
        return self


class OrderData(Model):
    """The three documents of an order: when each record arrives, and how often they match at first try.

    The match waits for the last of the records, then takes ``match``.
    """

    order: Time
    payment: Time | None = None
    waybill: Time | None = None
    match: Time
    accuracy: Share = 1.0
    repair: Repair | None = None

    @model_validator(mode="after")
    def _repairable(self) -> OrderData:
        if self.accuracy < 1 and self.repair is None:
            raise ValueError("an accuracy below 100 % needs repair: what happens to the lists that are returned")
        return self


class RateChange(Model):
    """From this moment on the selection rate is another one."""

    begin: Moment = Field(alias="from")
    rate: Share


class FollowsRecord(Model):
    """The selection rate follows the seller's own record, looked at each midnight.

    Of the parcels selected on the last ``days`` whole days, a share failed (any verdict but release). The rate is
    the usual one times that share over ``usual_failures``, within ``floor`` and ``cap``; with fewer than
    ``at_least`` parcels selected it is the usual one. ``usual_failures`` by default is what the verdict says.
    """

    days: Annotated[int, Field(ge=1, le=3_660)] = 30
    usual_failures: Share | None = None
    floor: Share = 0.0
    cap: Share = 1.0
    at_least: PositiveCount = 20

    @model_validator(mode="after")
    def _floor_below_cap(self) -> FollowsRecord:
        if self.floor > self.cap:
            raise ValueError("floor must not be above cap")
        return self


class XRay(Model):
    """The image of a selected parcel: the machine, the officer who looks at it, and the share in doubt."""

    machine: Task
    image: Task
    doubtful: Share


class Verdict(Model):
    """What opening a parcel comes to; the four shares make a whole."""

    release: Share = 1.0
    amend: Share = 0.0
    delete: Share = 0.0
    seize: Share = 0.0

    @model_validator(mode="after")
    def _makes_a_whole(self) -> Verdict:
        make_a_whole((self.release, self.amend, self.delete, self.seize), "release, amend, delete and seize")
        return self


class NationalInspection(Task):
    """The second verdict: a share of parcels is looked at by the officers named, some of them refused."""

    share: Share
    refuse: Share = 0.0


class Customs(Stage):
    """Customs and national inspection at the second line.

    Documents run beside the warehouse work from the moment of the order; goods meet them before
    picking, or, with ``pick_before_acceptance``, here. ``selection_rate`` is one share, or one by credit
    class. Mode ``open_every_selected`` opens what is selected; ``xray_then_open`` opens only what looks
    doubtful on the image, and X-rays every parcel where no rate is said, as is usual for direct mail.
    """

    kind: Literal["customs"] = "customs"
    order_data: OrderData | None = None
    pick_before_acceptance: bool = True
    selection_rate: ShareOrShares = 1.0
    credit: str = "normal"
    rate_changes: tuple[RateChange, ...] = ()
    follows_record: FollowsRecord | None = None
    mode: Literal["open_every_selected", "xray_then_open"] = "open_every_selected"
    xray: XRay | None = None
    opening: Task
    verdict: Verdict = Verdict()
    amendment: Task | None = None
    national: NationalInspection | None = None

    @model_validator(mode="after")
    def _complete(self) -> Customs:
        if self.mode == "xray_then_open" and self.xray is None:
            raise ValueError("mode xray_then_open needs xray: machine, image and doubtful share")
        if self.mode == "open_every_selected" and "selection_rate" not in self.model_fields_set:
            raise ValueError("say selection_rate: only xray_then_open has a rate of its own, every parcel")
        if isinstance(self.selection_rate, dict) and self.credit not in self.selection_rate:
            raise ValueError(
                f"no selection_rate for credit class '{self.credit}'; it has {', '.join(self.selection_rate)}"
            )
        moments = [change.begin for change in self.rate_changes]
        if len(set(moments)) < len(moments):
            raise ValueError("two of the rate_changes begin at the same moment")
        if self.verdict.amend > 0 and self.amendment is None:
            raise ValueError("a verdict that amends needs amendment: who does it, and how long it takes")
        if self.follows_record is not None and self.usual_failures == 0:
            raise ValueError("follows_record needs verdicts that are not release: nothing would ever fail")
        return self

    @property
    def usual_failures(self) -> float:
        """The share of opened parcels that fail, by the verdict or as the record is held against it."""
        record = self.follows_record
        if record is not None and record.usual_failures is not None:
            return record.usual_failures
        opened = 1.0 if self.mode == "open_every_selected" or self.xray is None else self.xray.doubtful
        return (1.0 - self.verdict.release) * opened

    @property
    def selected_share(self) -> float:
        """The selection rate in force at the start."""
        return self.selection_rate[self.credit] if isinstance(self.selection_rate, dict) else self.selection_rate


class Trucks(Model):
    """When loaded parcels leave: at fixed times with a capacity, when full, or after a longest hold."""

    departures: tuple[TimeOfDay, ...] = ()
    days: Days = tuple(range(7))
    capacity: PositiveCount | None = None
    full: PositiveCount | None = None
    longest_hold: PositiveDuration | None = None
    cancelled: tuple[Date, ...] = ()

    @model_validator(mode="after")
    def _leaves_somehow(self) -> Trucks:
        if not self.departures and self.full is None and self.longest_hold is None:
            raise ValueError("needs departures, full or longest_hold: nothing would ever leave")
        if self.capacity is not None and not self.departures:
            raise ValueError("capacity is that of departures; say full for a truck that leaves when full")
        return self


class ReleaseForms(Task):
    """Each truck has a release form; a share of forms is selected, and the whole truck waits while it is opened."""

    share: Share

    @model_validator(mode="after")
    def _work_of_a_truck(self) -> ReleaseForms:
        if self.work.model_fields_set != {"per_order"}:
            raise ValueError("opening a truck is one piece of work: say a plain time")
        return self


class Flight(Stage):
    """Direct mail's way in: packed abroad once it is ordered, flown, and broken down at the supervised site.

    A parcel waits for a flight with room; ``transfer`` is the way under seal from the airport to the site, where
    bags and pallets are broken down and parcels tallied one by one.
    """

    kind: Literal["flight"] = "flight"
    packed_abroad: Time | None = None
    flights: Trucks
    air: Time
    transfer: Time | None = None
    break_down: Task | None = None
    tally: Task | None = None


class Retry(Model):
    """A failed delivery attempt is repeated after a wait; the n-th failure returns the parcel."""

    wait: Time
    at_most: AtMost = 3


class Delivery(Stage):
    """Loading, the truck, the line-haul and the last mile, by time alone or by couriers as a limited team."""

    kind: Literal["delivery"] = "delivery"
    loading: Task | None = None
    trucks: Trucks | None = None
    release_forms: ReleaseForms | None = None
    line_haul: Time | None = None
    last_mile: Time | None = None
    couriers: Task | None = None
    attempt_fails: Share = 0.0
    retry: Retry | None = None
    refused: Share = 0.0

    @model_validator(mode="after")
    def _complete(self) -> Delivery:
        if self.attempt_fails > 0 and self.retry is None:
            raise ValueError("attempt_fails needs retry: when the next attempt comes, and how many there are")
        if self.attempt_fails > 0 and self.last_mile is None and self.couriers is None:
            raise ValueError("attempts need last_mile or couriers")
        if self.release_forms is not None and (self.trucks is None or not self.trucks.departures):
            raise ValueError("release_forms needs trucks with departures: each departure has one form")
        if not any((self.loading, self.trucks, self.line_haul, self.last_mile, self.couriers)):
            raise ValueError("delivery needs at least one of loading, trucks, line_haul, last_mile, couriers")
        return self


StageKind = Literal["service", "inspection", "tally", "picking", "packing", "flight", "customs", "delivery"]
KINDS = get_args(StageKind)


def _kind_of(value: Any) -> str:
    """What a stage is, in the marks that tell a kind from a key where an error says its place."""
    kind = value.get("kind", "service") if isinstance(value, dict) else getattr(value, "kind", "service")
    return f"<{kind}>"


AnyStage = Annotated[
    Annotated[Service, Tag("<service>")]
    | Annotated[Inspection, Tag("<inspection>")]
    | Annotated[Tally, Tag("<tally>")]
    | Annotated[Picking, Tag("<picking>")]
    | Annotated[Packing, Tag("<packing>")]
    | Annotated[Flight, Tag("<flight>")]
    | Annotated[Customs, Tag("<customs>")]
    | Annotated[Delivery, Tag("<delivery>")],
    Discriminator(_kind_of),
]


def departures_of(stage: AnyStage) -> tuple[str, Trucks] | None:
    """What a stage's goods wait for, by the name of its field: trucks of a delivery, flights of direct mail."""
    if isinstance(stage, Flight):
        return "flights", stage.flights
    return ("trucks", stage.trucks) if isinstance(stage, Delivery) and stage.trucks is not None else None
