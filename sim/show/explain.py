"""A scenario told in words: the steps of each flow, where the figures come from, and what differs from its base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sim.analysis.words import day_label, hours, number, share
from sim.plan.disruptions import SINGLE_WINDOW
from sim.plan.routes import DOCUMENTS, FORMS, routes_of
from sim.plan.steps import Branch, Chance, DrawnTime, Gate, Leave, Route, Step, Wait, Work
from sim.show.differences import value_in_words
from sim.world.distributions import Time
from sim.world.files import ScenarioFile
from sim.world.scenario import Flow, Scenario
from sim.world.stages import Trucks, departures_of
from sim.world.units import HOUR_MS, WEEKDAYS
from sim.world.written import value_at

LONGEST_VALUE = 40
TRUST = {"A": "official", "B": "trade source", "C": "single claim", "D": "derived", "G": "guess"}


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
        stage = key.removesuffix(FORMS)
        return _forms_told(scenario, stage, route)
    goods = key.removesuffix(DOCUMENTS)
    name = scenario.label("flows", goods)
    words = _StepWords(scenario, route)
    steps = tuple(
        (number, scenario.label("stages", step.stage), words.of(step))
        for number, step in enumerate(route.steps, 1)
        if words.comes_to(step)
    )
    if key != goods:
        return FlowTold(f"{name}: the documents", "one set with each order, beside the goods", steps)
    return FlowTold(name, _arrivals(scenario.flows[goods]), steps)


def _forms_told(scenario: Scenario, stage: str, route: Route) -> FlowTold:
    words = _StepWords(scenario, route)
    steps = tuple(
        (number, scenario.label("stages", stage), words.of(step))
        for number, step in enumerate(route.steps, 1)
        if words.comes_to(step)
    )
    return FlowTold(f"{scenario.label('stages', stage)}: the release forms", "one with each departure", steps)


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
        return f"{said}, then {self._place(step.then)}" if goes_on else said

    def _what(self, step: Step) -> str:
        match step:
            case Work():
                crew = f", {step.crew} people at once" if step.crew > 1 else ""
                who = self.scenario.label("teams", step.team)
                gives_up = (
                    "" if step.patience is None else f"; who waits {time_in_words(step.patience)} in vain cancels"
                )
                return f"{step.words}: {who}{crew}, {drawn_in_words(step.time)}{gives_up}"
            case Wait():
                return f"{step.words}: {drawn_in_words(step.time)}{self._passes(step.calendar)}"
            case Gate():
                leaving = departures_of(self.scenario.stages[step.stage])
                return f"{step.words}: {trucks_in_words(leaving[1])}" if leaving else step.words
            case Branch():
                return self._branch(step)
        return step.words

    def _passes(self, calendar: str | None) -> str:
        """When a wait passes, where that is not at all hours."""
        if calendar is None:
            return ""
        if calendar in self.scenario.calendars:
            return f", only in the hours of {calendar.replace('_', ' ')}"
        return ", not while the single window is down" if calendar == SINGLE_WINDOW else ", not while transport stands"

    def _branch(self, step: Branch) -> str:
        limit = ""
        if step.at_most is not None and step.exhausted is not None:
            limit = f"; the {_ordinal(step.at_most)} time {self._place(step.exhausted)}"
        chance = chance_in_words(step.chance, self.scenario)
        return f"{step.words}? {chance}: {self._place(step.to)}{limit}"

    def _place(self, key: str | None) -> str:
        if key is None:
            return "on"
        step = self.steps[self.number[key] - 1]
        return f"out, {step.outcome.name.lower()}" if isinstance(step, Leave) else f"to {self.number[key]}"


def drawn_in_words(drawn: DrawnTime) -> str:
    """A drawn time: its parts, what multiplies them, who shares it."""
    parts = [time_in_words(time) + ("" if per == "order" else f" per {per}") for _, time, per in drawn.parts]
    said = " + ".join(parts) if drawn.combine == "sum" or len(parts) == 1 else f"the longest of {'; '.join(parts)}"
    factors = [f"{name} x {factor:g}" for name, factor in drawn.factors if factor != 1]
    said += f" ({', '.join(factors)})" if factors else ""
    return f"{said}, shared by {drawn.shared_by}" if drawn.shared_by > 1 else said


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
        return f"{_ms(low)} to {_ms(high)}, all equally likely"
    if time.triangular is not None:
        low, mode, high = time.triangular.root
        return f"{_ms(low)} to {_ms(high)}, most often {_ms(mode)}"
    if time.empirical is not None:
        return f"one of the times observed, {mean} on average"
    return f"{mean} ({_shape(time)})"


def _shape(time: Time) -> str:
    """The family and what else than the mean it says."""
    for name in ("gamma", "lognormal"):
        family = getattr(time, name)
        if family is not None:
            return f"{name}, cv {family.cv:g}"
    if time.erlang is not None:
        return f"Erlang, {time.erlang.k} phases"
    if time.weibull is not None:
        return f"Weibull, shape {time.weibull.shape:g}"
    return "exponential"


def chance_in_words(chance: Chance, scenario: Scenario) -> str:
    """A share, as it changes with dates or differs by class."""
    if chance.by_class:
        shares_of = dict(chance.by_class)
        if len(set(shares_of.values())) == 1:
            return share(next(iter(shares_of.values())))
        return ", ".join(f"{name} {share(value)}" for name, value in shares_of.items())
    (_, first), *later = chance.all_classes
    changes = [(scenario.clock.start + timedelta(milliseconds=at), value) for at, value in later]
    return share(first) + "".join(f", from {day_label(at)} {at:%H:%M} {share(value)}" for at, value in changes)


def trucks_in_words(trucks: Trucks) -> str:
    """When trucks leave, and with how many.

    >>> trucks_in_words(Trucks.model_validate({"departures": ["18:00", "22:00"], "capacity": 1200}))
    'at 18:00 and 22:00, 1,200 each'
    """
    said = []
    if trucks.departures:
        times = " and ".join(f"{at // HOUR_MS:02d}:{at % HOUR_MS // 60_000:02d}" for at in trucks.departures)
        days = "" if len(trucks.days) == len(WEEKDAYS) else f" {days_in_words(trucks.days)}"
        said.append(f"at {times}{days}" + (f", {trucks.capacity:,} each" if trucks.capacity else ""))
    if trucks.full:
        said.append(f"when {trucks.full:,} are there")
    if trucks.longest_hold:
        said.append(f"after {_ms(trucks.longest_hold)} at the latest")
    return "; ".join(said)


def _arrivals(flow: Flow) -> str:
    """How the items of a flow arrive, and what they carry."""
    said = [_how_they_arrive(flow)]
    for words, count in (
        ("at once", flow.arrivals.batch),
        ("lines", flow.lines),
        ("units a line", flow.units_per_line),
    ):
        if count.mean != 1:
            said.append(f"{number(count.mean)} {words}" + ("" if count.shares is None else " on average"))
    if len(flow.classes) > 1:
        said.append("classes " + ", ".join(f"{name} {share(goods.share)}" for name, goods in flow.classes.items()))
    return "; ".join(said)


def _how_they_arrive(flow: Flow) -> str:
    arrivals = flow.arrivals
    if arrivals.gaps is not None:
        return f"one every {time_in_words(arrivals.gaps)}"
    if arrivals.poisson is not None:
        peaks = len(arrivals.poisson.peaks)
        return f"about {number(arrivals.poisson.per_day)} a day by chance, by hour and weekday" + (
            f", with {peaks} dated peak{'s' if peaks > 1 else ''}" if peaks else ""
        )
    if arrivals.times is not None:
        return f"{len(arrivals.times.at)} a day at fixed times, {days_in_words(arrivals.times.days)}"
    assert arrivals.file is not None
    scale = "" if arrivals.file.scale == 1 else f", scaled by {arrivals.file.scale:g}"
    return f"the {len(arrivals.file.orders):,} real orders of {arrivals.file.path}{scale}"


def disruptions_told(scenario: Scenario) -> Iterator[str]:
    """Each disruption: when it is, and what stands still."""
    for key, disruption in scenario.disruptions.items():
        teams = [f"no {scenario.label('teams', team)}" for team in disruption.teams]
        stages = [f"no transport at {scenario.label('stages', stage)}" for stage in disruption.transport]
        hit = [*(["no single window"] if disruption.single_window else []), *teams, *stages]
        begin, end = (f"{day_label(at)} {at:%H:%M}" for at in (disruption.begin, disruption.end))
        yield f"{disruption.label or key.replace('_', ' ')}, {begin} to {end}: {', '.join(hit)}"


def sources_told(file: ScenarioFile) -> Iterator[tuple[str, str, str]]:
    """Each figure that names its source: path and value, trust in words, source. Guesses stand together at the end.

    What is too long for a line is left to the file.
    """
    for path, source in sorted(file.scenario.sources.items(), key=lambda item: item[1].trust == "G"):
        value = value_in_words(value_at(file.raw, path.split(".")))
        shown = f" = {value}" if len(value) <= LONGEST_VALUE else ""
        span = f", {source.low or '?'} to {source.high or '?'}" if source.low or source.high else ""
        yield f"{path}{shown}{span}", TRUST[source.trust], source.source


def days_in_words(days: Sequence[int]) -> str:
    """Weekday numbers as people write them.

    >>> days_in_words((0, 1, 2, 3, 4)), days_in_words((5, 6)), days_in_words(range(7)), days_in_words((0, 3))
    ('mon-fri', 'sat-sun', 'daily', 'mon, thu')
    """
    if len(days) == len(WEEKDAYS):
        return "daily"
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def _ms(milliseconds: float) -> str:
    return hours(milliseconds / HOUR_MS)


def _ordinal(count: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th") if count % 100 not in (11, 12, 13) else "th"
    return f"{count}{ending}"
