"""A scenario told in words: the steps of each flow, where the figures come from, and what differs from its base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sim.analysis.words import day_label, hours, number, share
from sim.plan.disruptions import SINGLE_WINDOW
from sim.plan.routes import DOCUMENTS, FORMS, routes_of
from sim.plan.steps import Branch, Chance, DrawnTime, Gate, Leave, Reserve, Route, Step, Wait, Work
from sim.show.differences import value_in_words
from sim.words import all_of
from sim.words import scenario as say
from sim.words.measures import TRUST
from sim.world.distributions import Time
from sim.world.files import ScenarioFile
from sim.world.scenario import Flow, Scenario
from sim.world.stages import Customs, Trucks, departures_of
from sim.world.stock import Amount
from sim.world.units import HOUR_MS, WEEKDAYS
from sim.world.written import value_at

LONGEST_VALUE = 40
MOST_NAMED = 4


@dataclass(frozen=True)
class FlowTold:
    """A flow in words: its name, what arrives, and its steps as (number, stage, what happens)."""

    heading: str
    arrivals: str
    steps: tuple[tuple[int, str, str], ...]


def flows_told(scenario: Scenario) -> list[FlowTold]:
    """What happens to each flow, step by step; numbers in the text are those of steps.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> [told] = flows_told(load(shipped("teaching_line")).scenario)
    >>> told.arrivals, told.steps[0]
    ('one every 2 min (exponential)', (1, 'counter', 'work: clerks, 5 min (exponential)'))
    """
    return [_told(scenario, key, route) for key, route in routes_of(scenario).items()]


def _told(scenario: Scenario, key: str, route: Route) -> FlowTold:
    if key.endswith(FORMS):
        stage = scenario.label("stages", key.removesuffix(FORMS))
        return FlowTold(say.forms(stage), say.ONE_WITH_DEPARTURE, _steps_told(scenario, route))
    goods = key.removesuffix(DOCUMENTS)
    name = scenario.label("flows", goods)
    steps = _steps_told(scenario, route)
    if key != goods:
        return FlowTold(say.documents(name), say.ONE_SET_WITH_ORDER, steps)
    return FlowTold(name, _arrivals(scenario.flows[goods]), steps)


def _steps_told(scenario: Scenario, route: Route) -> tuple[tuple[int, str, str], ...]:
    words = _StepWords(scenario, route)
    return tuple(
        (number, scenario.label("stages", step.stage), words.of(step))
        for number, step in enumerate(route.steps, 1)
        if words.comes_to(step)
    )


class _StepWords:
    """Says steps; knows the numbers of those that others lead to."""

    def __init__(self, scenario: Scenario, route: Route) -> None:
        self.scenario, self.steps = scenario, route.steps
        number = {step.key: position for position, step in enumerate(route.steps, 1)}
        self.number = {**number, **{end: number[key] for end, key in route.ends.items()}}

    def comes_to(self, step: Step) -> bool:
        """Whether some step goes on to this one; a way out to which only branches lead is told with these."""
        position = self.number[step.key]
        before = self.steps[position - 2] if position > 1 else None
        follows = before is not None and before.then is None and not isinstance(before, Leave)
        named = any(other.then is not None and self.number[other.then] == position for other in self.steps)
        return not isinstance(step, Leave) or follows or named

    def of(self, step: Step) -> str:
        said = self._what(step)
        position = self.number[step.key]
        goes_on = step.then is not None and self.number[step.then] != position + 1
        return say.then(said, self._place(step.then)) if goes_on else said

    def _what(self, step: Step) -> str:
        match step:
            case Work():
                who = self.scenario.label("teams", step.team)
                return f"{step.words}: {who}{say.crew(step.crew)}, {drawn_in_words(step.time)}{_gives_up(step)}"
            case Wait():
                return f"{step.words}: {drawn_in_words(step.time)}{self._passes(step.calendar)}"
            case Gate():
                leaving = departures_of(self.scenario.stages[step.stage])
                return f"{step.words}: {trucks_in_words(leaving[1])}" if leaving else step.words
            case Branch():
                return self._branch(step)
            case Reserve():
                return say.reserve(_gives_up(step))
        return step.words

    def _passes(self, calendar: str | None) -> str:
        """When a wait passes, where that is not at all hours."""
        if calendar is None:
            return ""
        if calendar in self.scenario.calendars:
            return say.only_in_hours(calendar.replace("_", " "))
        return say.NOT_WHILE_DOWN if calendar == SINGLE_WINDOW else say.NOT_WHILE_STANDING

    def _branch(self, step: Branch) -> str:
        limit = ""
        if step.at_most is not None and step.exhausted is not None:
            limit = say.at_last(step.at_most, self._place(step.exhausted))
        chance = chance_in_words(step.chance, self.scenario)
        stage = self.scenario.stages[step.stage]
        follows = isinstance(stage, Customs) and step.counts_as == "selected" and stage.follows_record is not None
        record = f", {record_in_words(stage)}" if follows and isinstance(stage, Customs) else ""
        return f"{step.words}? {chance}{record}: {self._place(step.to)}{limit}"

    def _place(self, key: str | None) -> str:
        if key is None:
            return say.ON
        step = self.steps[self.number[key] - 1]
        return say.leaves_as(step.outcome.name.lower()) if isinstance(step, Leave) else say.to_step(self.number[key])


def record_in_words(customs: Customs) -> str:
    """How a selection rate follows the seller's record; nothing where it does not.

    >>> from sim.world.stages import FollowsRecord
    >>> record_in_words(Customs.model_construct(follows_record=FollowsRecord(usual_failures=0.15, cap=0.2)))
    'and from each midnight on by the record of the last 30 days (usual: 15 % fail; within 0 % and 20 %)'
    """
    record = customs.follows_record
    if record is None:
        return ""
    return say.by_record(record.days, share(customs.usual_failures), share(record.floor), share(record.cap))


def stock_told(scenario: Scenario) -> list[str]:
    """What is kept in stock at the start, in a line; none where nothing is.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> stock_told(load(shipped("late_container")).scenario)
    ["20 SKUs, the k-th ordered 1/k as often as the first; at the start 35 d of each one's demand"]
    """
    stock = scenario.stock
    if stock is None:
        return []
    if isinstance(stock.skus, dict):
        mix = ", ".join(say.lines_of(key, share(part)) for key, part in stock.skus.items())
    else:
        mix = say.skus(stock.skus, stock.zipf)
    return [say.at_the_start(mix, amount_in_words(stock.on_hand))]


def amount_in_words(amount: Amount) -> str:
    """How much of every SKU.

    >>> amount_in_words(Amount.model_validate("20 d")), amount_in_words(Amount.model_validate({"units": {"tea": 40}}))
    ("20 d of each one's demand", '40 units of tea')
    """
    if amount.cover is not None:
        return say.cover(_ms(amount.cover))
    assert amount.units is not None  # one of the two is always said
    if not isinstance(amount.units, dict):
        return say.units_of_each(amount.units)
    if len(amount.units) > MOST_NAMED:
        return say.units_in_all(sum(amount.units.values()), len(amount.units))
    return ", ".join(say.units_of(units, key) for key, units in amount.units.items())


def teams_told(scenario: Scenario) -> Iterator[str]:
    """Teams that stay after their shift or become faster: who, and what they do."""
    for key, team in scenario.teams.items():
        said = []
        if team.overtime:
            said.append(say.stays(_ms(team.overtime)))
        if team.learning is not None:
            first, last = (share(speed) for speed in (team.speed, team.learning.speed))
            said.append(say.learns(first, last, team.learning.days))
        if said:
            yield f"{scenario.label('teams', key)}: {all_of(said)}"


def drawn_in_words(drawn: DrawnTime) -> str:
    """A drawn time: its parts, what multiplies them, who shares it."""
    parts = [_part_in_words(time, per) for _, time, per in drawn.parts]
    said = " + ".join(parts) if drawn.combine == "sum" or len(parts) == 1 else say.longest_of(parts)
    factors = [say.times(name, factor) for name, factor in drawn.factors if factor != 1]
    said += f" ({', '.join(factors)})" if factors else ""
    return say.shared_by(said, drawn.shared_by) if drawn.shared_by > 1 else said


def time_in_words(time: Time) -> str:
    """A distribution of times by its parameters.

    >>> time_in_words(Time.model_validate({"triangular": ["4 min", "8 min", "20 min"]}))
    '4 min to 20 min, most often 8 min'
    """
    mean = _ms(time.mean_ms)
    if time.constant is not None:
        return mean
    if time.uniform is not None:
        low, high = time.uniform.root
        return say.uniform(_ms(low), _ms(high))
    if time.triangular is not None:
        low, mode, high = time.triangular.root
        return say.triangular(_ms(low), _ms(high), _ms(mode))
    if time.empirical is not None:
        return say.observed(mean)
    return f"{mean} ({_shape(time)})"


def _shape(time: Time) -> str:
    """The family and what else than the mean it says."""
    for name in ("gamma", "lognormal"):
        family = getattr(time, name)
        if family is not None:
            return say.with_cv(name, family.cv)
    if time.erlang is not None:
        return say.erlang(time.erlang.k)
    if time.weibull is not None:
        return say.weibull(time.weibull.shape)
    return say.EXPONENTIAL


def chance_in_words(chance: Chance, scenario: Scenario) -> str:
    """A share, as it changes with dates or differs by class."""
    if chance.by_class:
        shares_of = dict(chance.by_class)
        if len(set(shares_of.values())) == 1:
            return share(next(iter(shares_of.values())))
        return ", ".join(f"{name} {share(value)}" for name, value in shares_of.items())
    (_, first), *later = chance.all_classes
    changes = [(scenario.clock.start + timedelta(milliseconds=at), value) for at, value in later]
    return share(first) + "".join(say.share_from(_moment(at), share(value)) for at, value in changes)


def trucks_in_words(trucks: Trucks) -> str:
    """When trucks leave, and with how many.

    >>> trucks_in_words(Trucks.model_validate({"departures": ["18:00", "22:00"], "capacity": 1200}))
    'at 18:00 and 22:00, 1,200 each'
    """
    said = []
    if trucks.departures:
        times = [f"{at // HOUR_MS:02d}:{at % HOUR_MS // 60_000:02d}" for at in trucks.departures]
        days = "" if len(trucks.days) == len(WEEKDAYS) else days_in_words(trucks.days)
        said.append(say.departures(times, days, trucks.capacity))
    if trucks.full:
        said.append(say.when_full(trucks.full))
    if trucks.longest_hold:
        said.append(say.at_the_latest(_ms(trucks.longest_hold)))
    return all_of(said)


def _arrivals(flow: Flow) -> str:
    """How the items of a flow arrive, and what they carry."""
    said = [_how_they_arrive(flow)]
    if flow.arrivals.calls_for_lots:
        return said[0]  # which says what each brings
    for words, count in (
        (say.AT_ONCE, flow.arrivals.batch),
        (say.LINES, flow.lines),
        (say.UNITS_A_LINE, flow.units_per_line),
    ):
        if count.mean != 1:
            said.append(say.counted(number(count.mean), words, drawn=count.shares is not None))
    if len(flow.classes) > 1:
        said.append(say.classes([f"{name} {share(goods.share)}" for name, goods in flow.classes.items()]))
    return all_of(said)


def _how_they_arrive(flow: Flow) -> str:
    arrivals = flow.arrivals
    if arrivals.gaps is not None:
        return say.one_every(time_in_words(arrivals.gaps))
    if arrivals.poisson is not None:
        return say.by_chance(number(arrivals.poisson.per_day), len(arrivals.poisson.peaks))
    if arrivals.times is not None:
        return say.at_fixed_times(len(arrivals.times.at), days_in_words(arrivals.times.days))
    if arrivals.planned is not None:
        each = [say.brings(_moment(one.leaves), amount_in_words(one.brings)) for one in arrivals.planned]
        return say.leaving_abroad(each[:MOST_NAMED], len(each) - MOST_NAMED)
    if arrivals.reorder is not None:
        point, quantity = amount_in_words(arrivals.reorder.point), amount_in_words(arrivals.reorder.quantity)
        return say.reordered(quantity, point)
    assert arrivals.file is not None
    return say.recorded(len(arrivals.file.orders), str(arrivals.file.path), arrivals.file.scale)


def disruptions_told(scenario: Scenario) -> Iterator[str]:
    """Each disruption: when it is, and what stands still."""
    for key, disruption in scenario.disruptions.items():
        teams = [say.nobody_of(scenario.label("teams", team)) for team in disruption.teams]
        stages = [say.no_transport(scenario.label("stages", stage)) for stage in disruption.transport]
        hit = [*([say.NO_SINGLE_WINDOW] if disruption.single_window else []), *teams, *stages]
        name = disruption.label or key.replace("_", " ")
        yield say.disruption(name, _moment(disruption.begin), _moment(disruption.end), hit)


def sources_told(file: ScenarioFile) -> Iterator[tuple[str, str, str]]:
    """Each figure that names its source: path and value, trust in words, source. Guesses stand together at the end.

    What is too long for a line is left to the file.
    """
    for path, source in sorted(file.scenario.sources.items(), key=lambda item: item[1].trust == "G"):
        value = value_in_words(value_at(file.raw, path.split(".")))
        shown = f" = {value}" if len(value) <= LONGEST_VALUE else ""
        yield f"{path}{shown}{say.span(source.low, source.high)}", TRUST[source.trust], source.source


def days_in_words(days: Sequence[int]) -> str:
    """Weekday numbers as people write them.

    >>> days_in_words((0, 1, 2, 3, 4)), days_in_words((5, 6)), days_in_words(range(7)), days_in_words((0, 3))
    ('mon-fri', 'sat-sun', 'daily', 'mon, thu')
    """
    if len(days) == len(WEEKDAYS):
        return say.DAILY
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def _ms(milliseconds: float) -> str:
    return hours(milliseconds / HOUR_MS)


def _moment(at: datetime) -> str:
    return f"{day_label(at)} {at:%H:%M}"


def _gives_up(step: Work | Reserve) -> str:
    return "" if step.patience is None else say.gives_up(time_in_words(step.patience))


def _part_in_words(time: Time, per: str) -> str:
    said = time_in_words(time)
    return said if per == "order" else say.per(said, per)
