"""The words in which a scenario is told: its flows, steps, times, stock, teams, disruptions, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.words import all_of, together

ONE_WITH_DEPARTURE = "one with each departure"
ONE_SET_WITH_ORDER = "one set with each order, beside the goods"
NOT_WHILE_DOWN = ", not while the single window is down"
NOT_WHILE_STANDING = ", not while transport stands"
ON = "on"
EXPONENTIAL, DAILY = "exponential", "daily"
AT_ONCE, LINES, UNITS_A_LINE = "at once", "lines", "units a line"
NO_SINGLE_WINDOW = "no single window"


def forms(stage: str) -> str:
    """The heading of what is told of release forms."""
    return f"{stage}: the release forms"


def documents(flow: str) -> str:
    """The heading of what is told of documents."""
    return f"{flow}: the documents"


def then(said: str, place: str) -> str:
    """What happens, and where it goes on."""
    return f"{said}, then {place}"


def crew(people: int) -> str:
    """How many are needed for one piece of work; nothing of one."""
    return f", {people} people at once" if people > 1 else ""


def gives_up(patience: str) -> str:
    """That who waits for too long leaves."""
    return f"; who waits {patience} in vain cancels"


def reserve(gives_up: str) -> str:
    """How stock is promised."""
    return f"reserve every line in stock; what is short is waited for, first come first served{gives_up}"


def only_in_hours(calendar: str) -> str:
    """When a wait passes."""
    return f", only in the hours of {calendar}"


def at_last(count: int, place: str) -> str:
    """Where it goes the last time."""
    return f"; the {ordinal(count)} time {place}"


def leaves_as(outcome: str) -> str:
    """How something leaves."""
    return f"out, {outcome}"


def to_step(number: int) -> str:
    """To which step it goes."""
    return f"to {number}"


def by_record(days: int, usual: str, floor: str, cap: str) -> str:
    """How a selection rate follows the seller's record."""
    within = f"usual: {usual} fail; within {floor} and {cap}"
    return f"and from each midnight on by the record of the last {days} days ({within})"


def lines_of(sku: str, share: str) -> str:
    """How often a SKU is ordered."""
    return f"{sku} {share} of lines"


def skus(count: int, power: float) -> str:
    """How many SKUs there are, and which are ordered most.

    >>> skus(20, 0), skus(20, 0.8)
    ('20 SKUs, all ordered alike', '20 SKUs, the k-th ordered 1/k^0.8 as often as the first')
    """
    if power == 0:
        return f"{count:,} SKUs, all ordered alike"
    raised = "" if power == 1 else f"^{power:g}"
    return f"{count:,} SKUs, the k-th ordered 1/k{raised} as often as the first"


def at_the_start(mix: str, amount: str) -> str:
    """What lies there at the start."""
    return f"{mix}; at the start {amount}"


def cover(time: str) -> str:
    """An amount by how long it lasts."""
    return f"{time} of each one's demand"


def units_of_each(units: int) -> str:
    """The same amount of all."""
    return f"{units:,} units of each"


def units_in_all(units: int, skus: int) -> str:
    """How much there is of so many."""
    return f"{units:,} units of {skus} SKUs"


def units_of(units: int, sku: str) -> str:
    """How much there is of one."""
    return f"{units:,} units of {sku}"


def stays(overtime: str) -> str:
    """That a team works overtime."""
    return f"stay up to {overtime} after a shift while there is work"


def learns(first: str, last: str, days: float) -> str:
    """That a team becomes faster."""
    return f"begin at {first} of the usual speed and reach {last} in {days} days worked"


def per(said: str, of: str) -> str:
    """A time for each of something."""
    return f"{said} per {of}"


def longest_of(parts: Sequence[str]) -> str:
    """The longest of several times."""
    return f"the longest of {all_of(parts)}"


def times(name: str, factor: float) -> str:
    """By what a time is multiplied."""
    return f"{name} x {factor:g}"


def shared_by(said: str, count: int) -> str:
    """That so many share a time."""
    return f"{said}, shared by {count}"


def uniform(low: str, high: str) -> str:
    """A time between two."""
    return f"{low} to {high}, all equally likely"


def triangular(low: str, high: str, mode: str) -> str:
    """A time between two, and the likeliest."""
    return f"{low} to {high}, most often {mode}"


def observed(mean: str) -> str:
    """A time that was observed."""
    return f"one of the times observed, {mean} on average"


def erlang(phases: int) -> str:
    """The shape of an Erlang distribution."""
    return f"Erlang, {phases} phases"


def weibull(shape: float) -> str:
    """The shape of a Weibull distribution."""
    return f"Weibull, shape {shape:g}"


def with_cv(family: str, cv: float) -> str:
    """The shape of a distribution that is given by its coefficient of variation."""
    return f"{family}, cv {cv:g}"


def share_from(at: str, share: str) -> str:
    """A share from a moment on."""
    return f", from {at} {share}"


def departures(times: Sequence[str], days: str, capacity: int | None) -> str:
    """When trucks leave, and how much each takes.

    >>> departures(["18:00", "22:00"], "", 1200)
    'at 18:00 and 22:00, 1,200 each'
    """
    return f"at {together(times)}{f' {days}' if days else ''}" + (f", {capacity:,} each" if capacity else "")


def when_full(count: int) -> str:
    """That a truck leaves when it is full."""
    return f"when {count:,} are there"


def at_the_latest(hold: str) -> str:
    """That a truck leaves after some time."""
    return f"after {hold} at the latest"


def counted(number: str, words: str, *, drawn: bool) -> str:
    """How many there are of something, and that it is not always as many."""
    return f"{number} {words}{' on average' if drawn else ''}"


def classes(said: Sequence[str]) -> str:
    """The classes of goods with their shares."""
    return f"classes {', '.join(said)}"


def one_every(gap: str) -> str:
    """Arrivals by the time between them."""
    return f"one every {gap}"


def by_chance(number: str, peaks: int) -> str:
    """Arrivals by chance, and how many peaks they have."""
    dated = f", with {peaks} dated peak{'s' if peaks > 1 else ''}" if peaks else ""
    return f"about {number} a day by chance, by hour and weekday{dated}"


def at_fixed_times(count: int, days: str) -> str:
    """Arrivals at stated times."""
    return f"{count} a day at fixed times, {days}"


def brings(at: str, amount: str) -> str:
    """A departure abroad, and what it brings."""
    return f"{at} with {amount}"


def leaving_abroad(each: Sequence[str], more: int) -> str:
    """Several of them, and how many more."""
    return f"leaving abroad {all_of(each)}{f' and {more} more' if more > 0 else ''}"


def reordered(quantity: str, point: str) -> str:
    """When a lot is ordered."""
    return f"a lot of {quantity}, ordered when what is free and on order, less what is short, has fallen to {point}"


def recorded(count: int, path: str, scale: float) -> str:
    """Arrivals that were recorded."""
    return f"the {count:,} real orders of {path}{'' if scale == 1 else f', scaled by {scale:g}'}"


def nobody_of(team: str) -> str:
    """That a team is away."""
    return f"no {team}"


def no_transport(stage: str) -> str:
    """That nothing leaves a stage."""
    return f"no transport at {stage}"


def disruption(name: str, begin: str, end: str, hit: Sequence[str]) -> str:
    """A disruption: when it is, and what stands still."""
    return f"{name}, {begin} to {end}: {', '.join(hit)}"


def span(low: str | None, high: str | None) -> str:
    """Between what a figure may lie, where a source says it."""
    return f", {low or '?'} to {high or '?'}" if low or high else ""


def added(path: str, value: str | None = None) -> str:
    """What a plan says and the other does not."""
    return f"{path}: added" if value is None else f"{path}: added, {value}"


def left_out(path: str, value: str | None = None) -> str:
    """What a plan does not say and the other does."""
    return f"{path}: left out" if value is None else f"{path}: left out, was {value}"


def changed(path: str, before: str, after: str) -> str:
    """A value from what to what."""
    return f"{path}: {before} -> {after}"


def ordinal(count: int) -> str:
    """The how-manieth.

    >>> ordinal(1), ordinal(2), ordinal(11), ordinal(23)
    ('1st', '2nd', '11th', '23rd')
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th") if count % 100 not in (11, 12, 13) else "th"
    return f"{count}{ending}"
