"""What commands print around results: lines, titles and headings; their help and their errors stand with the commands."""

from __future__ import annotations

from collections.abc import Sequence

OFFERED_LOAD = "Offered load: percent of what each team can do"
DIFFERS_FROM_BASE, SET_HERE = "Differs from its base", "Set here"
DISRUPTIONS, STOCK, PEOPLE = "Disruptions", "Stock", "People"
ENTER_OR_Q = "Enter goes on, q stops"

DEMAND, TIGHTEST_TEAM, BOTTLENECK, ITS_LOAD = "demand", "tightest team", "bottleneck", "its load"
IN_NOTHING = "in nothing"

CLAIMS = {"exactly": "holds", "roughly": "holds within a fifth", "not": "does not hold"}
RIGHT = "right"
NOT_TOLD_APART = "The replications do not tell the right option apart from the next; run more."

DATES = ("chance", "there by", "95 % interval")
BY_ORDER_HOUR = "Hours within which 90 of 100 are there, by when the order is placed"
BY_ORDER_HOUR_KEY = "?: too many are still under way at the end, or never come; -: no orders"
PLACED, NO_ORDER_THEN = "placed", "No order is placed then in this scenario."
NOT_POSSIBLE, NOT_KNOWN = "not possible", "not known"

ROSTER = ("Roster", "who", "now", "cheapest")
EQUALS = "Cannot be told from it in cost:"

SENSITIVITY = ("input (trust)", "low", "changes by", "high", "changes by", "decision")
THE_SAME, NOT_SURE = "the same", "not sure"
ONE_MORE, COST_A_DAY = ("who", "staff", "load"), "cost\na day"


def in_folder(folder: str) -> str:
    """Where what was found is kept."""
    return f"Charts, tables, records, and how to repeat the run: {folder}"


def valid(name: str, orders: int, days: float) -> str:
    """That a scenario is valid, and how large it is."""
    return f"{name} is valid: {orders:,} orders in {days:g} days."


def overload(team: str, load: str) -> str:
    """That a team has too much to do."""
    return f"{team} gets more than it can do: {load} over the measured days"


def overload_on(team: str, day: str, load: str) -> str:
    """That a team has too much to do on one day."""
    return f"{team} gets more than it can do on {day}: {load}"


def sources(figures: int, guesses: int) -> str:
    """The heading of where figures come from."""
    return f"Sources ({figures} figures, {guesses} of them guesses)"


def means(replications: int) -> str:
    """The title of a table of means."""
    return f"Means of {replications} replications and 95 % intervals"


def mean(replications: int) -> str:
    """The title of a table of means, a row a measure."""
    return f"Mean of {replications} replications and its 95 % interval"


def letter_is(name: str) -> str:
    """For which plan a letter stands, behind it."""
    return f" is {name}"


def differs(letter: str, what: str) -> str:
    """In what a plan differs from the first."""
    return f"{letter} differs from A: {what}"


def differs_in(letter: str, places: int) -> str:
    """In how many places a plan differs from the first."""
    return f"{letter} differs from A in {places} places:"


def more_places(count: int) -> str:
    """How many of them are left out, and what tells them."""
    return f"and {count} more; importflow explain tells each plan"


def on_equal_luck(one: str, other: str, helped: str) -> str:
    """The title of a pair, and how much equal luck helped, where it did."""
    divided = f", which divided the variance of the difference by {helped} (median)" if helped else ""
    return f"{one} and {other}, on equal luck{divided}"


def numbered(flow: str, number: int) -> str:
    """A consignment of a flow."""
    return f"{flow}, number {number}"


def questions(count: int) -> str:
    """How many questions a lesson has."""
    return f"{count} questions"


def question(number: int) -> str:
    """The number of a question, before it."""
    return f"Question {number}. "


def answer(said: str) -> str:
    """The answer to a question."""
    return f"Answer: {said}"


def claims_otherwise(number: int, formula: str, holds: str) -> str:
    """That a run does not agree with what a lesson claims."""
    return f"question {number}: the lesson claims that {formula} {CLAIMS[holds]}; this run says otherwise"


def lesson_run(replications: int, seed: int, runs: Sequence[str]) -> str:
    """How the answers of a lesson were found."""
    return f"{replications} replications, seed {seed}; runs: {', '.join(runs)}"


def so_far(replications: int, measure: str, said: str) -> str:
    """What is known after some replications."""
    return f"{replications} replications: {measure} {said}"


def sure(replications: int, measure: str, half: str) -> str:
    """That the precision was reached."""
    return f"Sure enough after {replications} replications: {measure} is known within {half}."


def not_sure(replications: int, measure: str, half: str, *, budget: bool) -> str:
    """That the precision was not reached, and why."""
    used_up = "budget" if budget else "largest number of replications"
    return (
        f"Not sure enough when the {used_up} was used up,"
        f" after {replications} replications: {measure} is known within {half}. Ask again to go on from here."
    )


def orders_like_it(orders: float, like: str, replications: int) -> str:
    """The title of a table of dates: of how many orders they are."""
    return f"{orders:,.0f} {like} in each of {replications} replications"


def there_by(placed: str, date: str, chance: str) -> str:
    """By when an order is there."""
    return f"Placed {placed}: there by {date} with a chance of {chance}."


def chance_by(by: str, chance: str) -> str:
    """The chance of a date."""
    return f"The chance to have it by {by}: {chance}."


def order_by(latest: str) -> str:
    """The latest moment to order."""
    return f"order by {latest}"


def to_have_it_by(by: str, chance: str, latest: str) -> str:
    """When to order to have it in time."""
    return f"To have it by {by} with a chance of {chance}: {latest}."


def nine_of_ten(within: str) -> str:
    """Within what time nearly all orders are there."""
    return f"90 of 100 orders are there within {within}, by when they are placed."


def effort(runs: int, rosters: int) -> str:
    """How much was run for an answer."""
    return f"{runs:,} runs of {rosters:,} rosters were evaluated."


def at_the_limit(target: str, said: str) -> str:
    """How well a target is kept by as many people as there may be."""
    return f"{target}: {said} with every team at its limit"


def on_fresh_luck(target: str, said: str, verdict: str, searched: str) -> str:
    """How well a target is kept by the roster that was found."""
    return f"{target}: {said} on fresh luck, {verdict}; {searched} where it was searched"


def equal(roster: str, cost: str) -> str:
    """A roster that may be as good."""
    return f"{roster}: {cost} a day"


def not_searched(posts: Sequence[str]) -> str:
    """Which posts stayed as they are."""
    return f"Not searched, since they have no wage here: {', '.join(posts)}"


def to_use(options: str) -> str:
    """With which options a roster is run."""
    return f"To use it: {options}"


def at_points(measure: str, points: int) -> str:
    """The title of a sweep."""
    return f"{measure} at {points} points"


def doubtful(measure: str, base: str) -> str:
    """The title of what an answer rests on."""
    return f"{measure} is {base}; what the doubtful inputs change in it"


def decision_at(value: str, decision: str) -> str:
    """What changes in the decision at one end of an input."""
    return f"at {value}: {decision}"


def not_varied(path: str, why: str) -> str:
    """Which input was left as it is."""
    return f"not varied: {path}: {why}"


def one_more(replications: int) -> str:
    """The title of what one more person brings."""
    return f"One more or one fewer ({replications} paired replications; not sure: the interval holds 0)"


def written(path: str) -> str:
    """Where a report is."""
    return f"The report: {path}"
