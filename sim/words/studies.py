"""The words of studies: comparisons, sweeps, staffing, capacity, departures, and what tonight brings."""

from __future__ import annotations

from collections.abc import Sequence

from sim.words import span

SAME = "no difference: equal in every replication"
NEITHER = "neither has a value that the other has too"
TOO_MANY_UNDER_WAY = "not known: too many orders are still under way at the end"
NO_SPREAD = "one replication says nothing of the spread"

KEPT, NOT_KEPT, TOO_CLOSE = "kept", "not kept", "too close to tell"
"""Verdicts on a target; programs compare with them too."""
NO_SINGLE_NUMBER = "no single number is said there"

FRONTIER_NOTE = (
    "Each dot is a roster, on the luck of the search; the line joins those to which none is cheaper and better."
)
TARGET, WAGES_A_DAY = "target", "wages and overtime, money a day"
UPRIGHT_LINES = "; upright lines: 95 % interval"
TORNADO_NOTE = (
    "Blue: the input at its low; orange: at its high; thin lines: 95 % intervals, paired. One input at a time."
)
LEAVES, FILL_RATE = "leaves", "fill rate (95 % interval)"

NOT_CLEAR = "The floor is not clear within the run in every replication"
TONIGHT_ORDERS = ("order", "stage", "placed", "late", "dispatched", "delivered")
TONIGHT_TEAMS = ("Who is waited for, and who has time", "team", "waited for, an order", "person-hours without work")
TONIGHT_MOVES = ("If one person moved, with the same luck", "from", "to", "clear", "orders late")
ORDERS = "Orders"


def decided(other: str, size: str, which: str, interval: str) -> str:
    """Which of two plans is better, and by how much.

    >>> decided("B", "3.1 h", "faster", " (2.4 to 3.8)")
    'B is 3.1 h faster (2.4 to 3.8)'
    """
    return f"{other} is {size} {which}{interval}"


def below(most: str) -> str:
    """That a difference is too small to be worth telling."""
    return f"cannot tell; any difference is likely below {most}"


def more_runs(count: int) -> str:
    """How many replications would tell."""
    return f"cannot tell yet; about {count:,} more replication{'s' if count != 1 else ''} would settle it"


def points(said: str) -> str:
    """A difference of shares, which is in points and not in percent of something.

    >>> points("2.1 %")
    '2.1 points'
    """
    return said.replace(" %", " points")


def named_with(name: str, settings: Sequence[str]) -> str:
    """A plan by its scenario and what was set."""
    return f"{name} with {', '.join(settings)}"


def tightest_is(team: str) -> str:
    """That another team is the tightest."""
    return f"tightest is {team}"


def target_is(target: str, *, kept: bool) -> str:
    """Whether a target is kept, in words that follow each other."""
    return f"{target} is {KEPT if kept else NOT_KEPT}"


def count_from(count: int, begin: str) -> str:
    """People of a shift that begins at another time."""
    return f"{count} from {begin}"


def placed_between(day: str, hour: int) -> str:
    """Which orders dates are of."""
    return f"orders placed on {day} from {hour:02d}:00 to {hour:02d}:59"


def each_weekday(day: str) -> str:
    """A weekday of every week.

    >>> each_weekday("Monday")
    'Mondays'
    """
    return f"{day}s"


def must_do(team: str, load: str) -> str:
    """Why no staffing helps: a team is at its limit."""
    return f"{team} must do {load} of what they can, whatever the others do"


def time_there(share: str, hours: str) -> str:
    """Why no staffing helps: a stage takes its time."""
    return f"orders spend {share} of their time there even so, {hours} h on the mean"


def no_roster(target: str) -> str:
    """That a search found nothing."""
    return f"No roster keeps {target}"


def roster_costs(target: str, cost: str) -> str:
    """What the cheapest roster costs."""
    return f"{target} costs {cost} a day in wages"


def frontier_alt(count: int, low: str, high: str, best: int) -> str:
    """The dots of rosters for who cannot see them."""
    return f"{count} rosters from {low} to {high} a day; {best} of them are on the frontier."


def sweep_note(replications: int, seed: int, marks: str) -> str:
    """How a sweep was run."""
    return f"Mean of {replications} replications on the same luck at every point, seed {seed}{marks}."


def sweep_alt(measure: str, low: str, low_at: str, high: str, high_at: str) -> str:
    """A sweep for who cannot see it."""
    return f"{measure}: lowest {low} at {low_at}, highest {high} at {high_at}."


def sweep_line(measure: str, first: str, last: str, path: str, begin: str, end: str) -> str:
    """How a measure goes with one input."""
    return f"{measure} goes from {first} to {last} as {path} goes from {begin} to {end}"


def sweep_map(measure: str, low: str, high: str) -> str:
    """Between what a measure lies with two inputs."""
    return f"{measure} lies between {low} and {high}"


def nothing_changes(measure: str) -> str:
    """That no input matters."""
    return f"Nothing that is doubtful changes {measure}"


def rests_on(measure: str, source: str, ends: str) -> str:
    """Which input matters most."""
    return f"{measure} rests most on {source}: {ends}"


def at_value(change: str, value: str) -> str:
    """A change at one end of an input."""
    return f"{change} at {value}"


def tornado_alt(measure: str, base: str, told: str) -> str:
    """The bars of inputs for who cannot see them."""
    return f"{measure} is {base}. {told}."


def end_not_known(end: str) -> str:
    """That there is no bar for one end of an input."""
    return f" not known at its {end}: too many under way at the end"


def change_of(measure: str, unit: str) -> str:
    """What the axis of changes shows."""
    return f"change of {measure} ({unit})"


def departure_too_late(who: str, target: str) -> str:
    """That no departure is early enough."""
    return f"Even if it leaves at the start of the clock, {who}, cannot keep a fill rate of {target}."


def departure_no_matter(who: str, target: str) -> str:
    """That the departure makes no difference."""
    return f"It makes no difference: a fill rate of {target} is kept even if {who}, leaves at the end of the clock."


def must_leave(who: str, target: str, at: str) -> str:
    """The latest departure."""
    return f"For a fill rate of {target} {who}, must leave by {at} at the latest."


def never_certain(said: str, latest: str) -> str:
    """The same, where nothing is certain."""
    return f"{said} No departure is certain to be early enough; from {latest} on it is too late."


def certain_until(said: str, earliest: str, latest: str) -> str:
    """The same, and how sure it is."""
    return f"{said} Until {earliest} that is certain (95 %); after {latest} it is too late."


def no_staffing(targets: str, stage: str, why: str) -> str:
    """That no staffing keeps the targets, and why."""
    return f"No staffing within the limits keeps {targets}. What stops it is {stage}: {why}."


def cheapest(targets: str, cost: str, currency: str, saved: str) -> str:
    """The cheapest staffing.

    >>> cheapest("the promise", "390 (380 to 400)", "CNY", than_now("41.50", "CNY", less=True))
    'The cheapest staffing found that keeps the promise costs 390 (380 to 400) CNY a day in wages, 41.50 CNY less than now.'
    """
    return f"The cheapest staffing found that keeps {targets} costs {cost} {currency} a day in wages{saved}."


def than_now(gap: str, currency: str, *, less: bool) -> str:
    """What it saves, or costs more."""
    return f", {gap} {currency} {'less' if less else 'more'} than now"


def never_kept(targets: str, least: float) -> str:
    """That a plan cannot take even a few orders."""
    return f"{targets} is not kept even with {least:.3f} times today's orders."


def always_kept(targets: str, most: float) -> str:
    """That a plan can take as many as were tried."""
    return f"{targets} is kept even with {most:.1f} times today's orders."


def kept_up_to(targets: str, limit: float, sure: float | None) -> str:
    """How many orders a plan can take, and how sure that is."""
    surely = "" if sure is None else f" (surely up to {sure:.2f})"
    return f"{targets} is kept up to {limit:.2f} times today's orders{surely}"


def overflows(stage: str) -> str:
    """What gives way first."""
    return f"; beyond that {stage} overflows first"


def recovers(hours: str) -> str:
    """How long a queue takes to be usual again; nothing where it does not within the run."""
    if not hours:
        return " With today's orders, in some replications the longest queue has not drained when the run ends."
    return f" With today's orders, the longest queue has drained to its usual length after {hours}."


def miss(late: str, orders: int, promise: str) -> str:
    """How many orders of tonight are late."""
    return f"{late} of {orders:,} orders miss the {promise}."


def waits_longest(team: str, waited: str) -> str:
    """For whom the orders of tonight wait."""
    return f"They wait the longest for {team}: {waited} an order."


def clear_on(at: str, between: str) -> str:
    """When the floor is clear."""
    return f"The floor is clear on {at}{between}"


def promise_to_be(done: str) -> str:
    """A promise by what it promises."""
    return f"promise to be {done}"


def likely_to_miss(promise: str) -> str:
    """The title of the orders in danger."""
    return f"Orders most likely to miss the {promise}"


def and_more(count: int) -> str:
    """How many are left out."""
    return f"and {count:,} more"


def between(low: str, high: str) -> str:
    """An interval in brackets, with a blank before it."""
    return f" ({span(low, high)})"
