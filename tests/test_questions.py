"""docs/questions.md answers the question of each shipped scenario; here the product is asked again.

Each answer is put together from what a few replications say (seed 1), and must stand in the page word for word. Where a
number has changed for a reason, the failing test shows the new answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sim.analysis.intervals import Estimate
from sim.analysis.load import team_load
from sim.analysis.theory import mmc_wait_h
from sim.analysis.words import hours, share, with_interval
from sim.show.departures import departure_told
from sim.study.container import latest_departure
from sim.study.replicate import Result, Settings, replicate
from sim.world.files import load
from sim.world.shipped import shipped, shipped_names

PAGE = Path(__file__).resolve().parents[1] / "docs" / "questions.md"
REPLICATIONS = 3


@cache
def result(name: str, *settings: str, replications: int = REPLICATIONS) -> Result:
    """A shipped scenario, with settings where the question asks what if."""
    return replicate(load(shipped(name), settings), Settings(replications=replications))


def found(name: str, *settings: str) -> Callable[[str], str]:
    """Its measures in words, with their intervals."""
    measures = result(name, *settings).measures
    return lambda measure: with_interval(measures[measure])


def load_of(name: str, team: str, *settings: str) -> str:
    """How loaded a team is over the measured days of the first replication."""
    table = result(name, *settings).load
    scenario = result(name, *settings).file.scenario
    return share(float(team_load(table, scenario)["load"][team]))


def teaching_line() -> str:
    """Waits, and the formula beside them."""
    say = found("teaching_line")
    formula = hours(mmc_wait_h(arrivals_per_h=30, service_h=5 / 60, servers=3))
    return (
        f"They wait {say('wait.counter.mean')} on average, and 5 of 100 longer than {say('wait.counter.p95')}. The formula"
        f" for such a line that never closes (Erlang C) says {formula}."
    )


def six_stages() -> str:
    """The parts of an order's time."""
    say = found("six_stages")
    return (
        f"Of {say('delivery_time.mean')} on average it is on the way for {say('hours.transit')}, waits {say('hours.nobody')}"
        f" for somebody to come on shift, {say('hours.queueing')} behind others and {say('hours.batch')} for the truck. It is"
        f" worked on for {say('hours.working')}."
    )


def small_site_fortnight() -> str:
    """Promises kept, and how soon orders are dispatched."""
    say = found("small_site_fortnight")
    return (
        f"It dispatches {say('on_time.dispatch_24h')} of orders within 24 h and delivers {say('on_time.delivery_96h')} within"
        f" 96 h. The rest of the time is the road's: half of the orders are dispatched within {say('order_cycle.p50')}, 95 of 100"
        f" within {say('order_cycle.p95')}."
    )


MEDIUM = "clock={start: 2026-08-24, length: 8 d, warm_up: 3 d, measure: 1 d}"


def medium_site_fortnight() -> str:
    """One day of it, in one replication."""
    measures = result("medium_site_fortnight", MEDIUM, replications=1).measures
    table = result("medium_site_fortnight", MEDIUM, replications=1)
    loads = team_load(table.load, table.file.scenario)["load"]
    who = table.file.scenario.label("teams", str(loads.index[0]))
    return (
        f"On a Thursday after three days to fill up it dispatches {share(measures['on_time.dispatch_24h'].mean)} of orders"
        f" within 24 h and delivers {share(measures['on_time.delivery_96h'].mean)} within 96 h. Its tightest team is the {who},"
        f" {share(float(loads.iloc[0]))} loaded."
    )


FIRST_WAVE = "clock={start: 2026-10-31, length: 6 d, warm_up: 1 d, measure: 1 d}"


def double_eleven() -> str:
    """The first wave, in one replication."""
    measures = result("double_eleven", FIRST_WAVE, replications=1).measures
    day, two, four = (share(measures[f"on_time.dispatch_{within}"].mean) for within in ("24h", "48h", "96h"))
    return (
        f"Of the 200,000 orders of 1 November {day} are dispatched within 24 h, {two} within 48 h and {four} within 96 h."
        f" The promise of a festival, 96 h, survives; that of normal days, 24 h, does not."
    )


def real_orders_november_2010() -> str:
    """How soon baskets leave, and what they wait for."""
    say = found("real_orders_november_2010")
    return (
        f"Half of the baskets leave within {say('order_cycle.p50')}, 95 of 100 within {say('order_cycle.p95')}. A basket is"
        f" worked on for {say('hours.working')} and waits {say('hours.queueing')} behind others, although the tightest team is only"
        f" {load_of('real_orders_november_2010', 'packers')} loaded."
    )


def direct_mail() -> str:
    """Time, money, capital and risk of the same orders, both ways."""
    direct, bonded = found("direct_mail_evening_flights"), found("bonded_beside_direct_mail")
    return (
        f"Direct mail takes {direct('delivery_time.mean')} where the same orders from bonded stock take"
        f" {bonded('delivery_time.mean')}, and costs {direct('cost.per_order')} CNY an order instead of"
        f" {bonded('cost.per_order')}. Its money is tied up for {direct('capital.time')} instead of {bonded('capital.time')},"
        f" {direct('capital.tied_up')} CNY at a time instead of {bonded('capital.tied_up')}; 95 of 100 have it within"
        f" {direct('delivery_time.p95')} instead of {bonded('delivery_time.p95')}, and customs finds something in"
        f" {direct('failures.per_parcel.customs')} of the parcels instead of {bonded('failures.per_parcel.customs')}."
    )


def single_window_down() -> str:
    """With the outage, and with one that stops nobody."""
    down, harmless = found("single_window_down"), "{from: 2026-11-11 00:00, to: 2026-11-11 06:00, teams: [tally_crew]}"
    up = found("single_window_down", f"disruptions.single_window_down={harmless}")
    return (
        f"Half of the orders of the fortnight are dispatched within {down('order_cycle.p50')} instead of"
        f" {up('order_cycle.p50')}, and {down('late.dispatch_24h')} miss the 24 h promise, without it"
        f" {up('late.dispatch_24h')}. Counted from six o'clock it takes {down('recovery.single_window_down.dispatch')} until no"
        f" more orders wait to be dispatched than a week before, of which the festival alone would have taken"
        f" {up('recovery.single_window_down.dispatch')}; until no more are under way,"
        f" {down('recovery.single_window_down.delivery')} and {up('recovery.single_window_down.delivery')}."
    )


def customs_opens_ten_percent() -> str:
    """Who is overloaded, and what more officers would do."""
    say = found("customs_opens_ten_percent")
    more = ("teams.officers.shifts.morning.staff=3", "teams.officers.shifts.evening.staff=2")
    helped = found("customs_opens_ten_percent", *more)
    return (
        f"The officers break first: they are offered {load_of('customs_opens_ten_percent', 'officers')} of what they can do, and"
        f" {say('unfinished')} of the first week's orders are still inside a week after it. With three officers in the morning and"
        f" two in the evening {helped('on_time.dispatch_24h')} are dispatched within 24 h, with one each"
        f" {say('on_time.dispatch_24h')}."
    )


def rating_lost() -> str:
    """The same for a rating that is lost."""
    say = found("rating_lost")
    more = ("teams.officers.shifts.morning.staff=4", "teams.officers.shifts.evening.staff=3")
    return (
        f"Before, {share(0.006)} of the parcels are opened, afterwards {say('selected.customs')}: the officers are offered"
        f" {load_of('rating_lost', 'officers')} of what they can do, and {say('late.dispatch_48h')} of orders miss the 48 h"
        f" promise. With four officers in the morning and three in the evening instead of one each they would be offered"
        f" {load_of('rating_lost', 'officers', *more)}, and {found('rating_lost', *more)('late.dispatch_48h')} would miss it."
    )


def new_seller() -> str:
    """Clerks, and what their queue does to buyers."""
    name, three = "new_seller_returned_lists", "teams.clerks.shifts.office.staff=3"
    say = found(name)
    return (
        f"Four clerks on every day are {load_of(name, 'clerks')} loaded, three would be {load_of(name, 'clerks', three)}."
        f" Buyers whose list is returned wait {say('clearance.list_returned.mean')} for customs on average, and"
        f" {say('on_time.dispatch_24h')} of all orders are dispatched within 24 h instead of"
        f" {found('small_site_fortnight')('on_time.dispatch_24h')}."
    )


def bonded_stock() -> str:
    """Orders that find their lines, and SKUs that run short."""
    say = found("bonded_fortnight_with_stock")
    return (
        f"Of the fortnight's orders {say('fill_rate')} find all their lines at once; the others wait {say('stock_wait.mean')}"
        f" on average, and {say('lost_for_stock')} of all are lost for want of stock. Stock lasts {say('stock.cover')} on"
        f" average; of its 20 SKUs {say('stock_out.skus').replace(' SKUs', '')} ran short at some time."
    )


def laboratory() -> str:
    """Fifteen working days, and five."""
    slow = found("laboratory_five_to_fifteen_days")
    usual = found("laboratory_five_to_fifteen_days", "stages.tally.laboratory.wait=5 d")
    return (
        f"With 15 working days {slow('fill_rate')} of orders find all their lines at once and {slow('lost_for_stock')} are lost"
        f" for want of stock, with 5 it is {usual('fill_rate')} and {usual('lost_for_stock')}. The promise to deliver within"
        f" 96 h is kept for {slow('on_time.delivery_96h')} instead of {usual('on_time.delivery_96h')}."
    )


def late_container() -> str:
    """A week late and on time; and the latest departure, of two that lie a week apart at least."""
    file = load(shipped("late_container"))
    late, planned = (
        found("late_container"),
        found("late_container", "flows.bulk.arrivals.planned=[{leaves: 2026-05-18, brings: 26 d}]"),
    )
    latest = latest_departure(file, "bulk", settings=Settings(replications=REPLICATIONS))
    return (
        f"A week late {late('fill_rate')} of the orders find all their lines and {late('lost_for_stock')} are lost for want of"
        f" stock, on its planned day {planned('fill_rate')} and {planned('lost_for_stock')}."
        f" {departure_told(latest, file.scenario.label('flows', 'bulk') + ', number 1')}"
    )


def seller_record() -> str:
    """How far the rate rises, and who waits."""
    say = found("seller_record")
    usual = found("seller_record", "stages.customs.follows_record.usual_failures=30 %")
    return (
        f"By the end the rate has risen from {share(0.03)} to {say('selection_rate.customs.orders.last')}. Within 48 h"
        f" {say('on_time.dispatch_48h')} of orders are dispatched, where {usual('on_time.dispatch_48h')} were while the record was"
        f" what is usual."
    )


XRAY_DOWN = "disruptions.xray_down={from: 2026-09-02, to: 2026-09-03, teams: [xray_machine]}"
STORM = "disruptions.storm={from: 2026-09-02, to: 2026-09-03, transport: [delivery]}"


def xray_down() -> str:
    """A day without the machine at the site where every parcel goes under it."""
    say, usual = found("direct_mail_evening_flights", XRAY_DOWN), found("direct_mail_evening_flights")
    return (
        f"It takes {say('recovery.xray_down.dispatch')} until no more parcels than usual wait to be dispatched. Of the"
        f" fortnight's orders {say('on_time.delivery_96h')} are delivered within 96 h instead of {usual('on_time.delivery_96h')}."
    )


def storm() -> str:
    """A day without trucks, and with everybody on the road standing still."""
    say, usual = found("small_site_fortnight", STORM), found("small_site_fortnight")
    return (
        f"After its end it takes {say('recovery.storm.dispatch')} until no more orders than usual wait to be dispatched, and"
        f" {say('recovery.storm.delivery')} until no more are under way. Of the fortnight's orders"
        f" {say('on_time.delivery_96h')} are delivered within 96 h instead of {usual('on_time.delivery_96h')}."
    )


ANSWERS: dict[Callable[[], str], tuple[str, ...]] = {
    teaching_line: ("teaching_line",),
    six_stages: ("six_stages",),
    small_site_fortnight: ("small_site_fortnight",),
    medium_site_fortnight: ("medium_site_fortnight",),
    double_eleven: ("double_eleven",),
    real_orders_november_2010: ("real_orders_november_2010",),
    direct_mail: ("direct_mail_evening_flights", "bonded_beside_direct_mail"),
    single_window_down: ("single_window_down",),
    customs_opens_ten_percent: ("customs_opens_ten_percent",),
    rating_lost: ("rating_lost",),
    new_seller: ("new_seller_returned_lists",),
    bonded_stock: ("bonded_fortnight_with_stock",),
    laboratory: ("laboratory_five_to_fifteen_days",),
    late_container: ("late_container",),
    seller_record: ("seller_record",),
    xray_down: (),
    storm: (),
}


def page() -> str:
    """The page with its lines joined."""
    return " ".join(PAGE.read_text(encoding="utf-8").split())


@pytest.mark.slow
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_the_page_says_what_the_product_says(answer: Callable[[], str]) -> None:
    """Word for word, with every number and its interval."""
    assert answer() in page()


def test_every_shipped_scenario_is_asked_and_answered() -> None:
    """Its question stands in the page, and a test above answers it."""
    assert sorted(name for names in ANSWERS.values() for name in names) == shipped_names()
    for name in shipped_names():
        assert load(shipped(name)).scenario.question in page(), name


@pytest.mark.parametrize("setting", [XRAY_DOWN, STORM])
def test_the_page_says_how_to_ask_what_if(setting: str) -> None:
    """The setting stands in the page as the command line takes it."""
    assert f'--set "{setting}"' in page()


def test_more_than_a_handful_of_replications_is_not_claimed() -> None:
    """The page says how many there are."""
    assert f"{REPLICATIONS} replications" in page()
    assert isinstance(result("teaching_line").measures["wait.counter.mean"], Estimate)
