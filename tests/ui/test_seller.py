"""The seller's page as its script draws it: dates, the date wanted, the text for a listing, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim.study.evaluate import evaluator
from sim.study.promise import Promised, promise
from sim.study.replicate import Settings
from sim.ui import pictures, running
from sim.ui.choice import Choice
from sim.ui.jobs import Job, Task
from sim.ui.promising import Order, PromiseRequest, SellerAsk, answered, order_days
from sim.ui.texts import seller
from tests.ui.groups import open_all
from tests.ui.runners import AtOnce, WhenTold
from tests.ui.test_app import OnePoint

SHORT = ["clock.length=8 d", "clock.warm_up=48 h", "clock.measure=96 h"]
"""What the page's 8 of the 20 days of six_stages (warm-up 5 d, measured 10 d) come to."""
SCRIPT = Path(__file__).with_name("only_seller.py")
MONDAY_10 = datetime(2026, 8, 31, 10)


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not what these tests are about."""
    drawer = OnePoint()
    monkeypatch.setattr(pictures, "place", lambda: drawer)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> WhenTold:
    """Runs wait until a test lets them finish."""
    runner = WhenTold()
    monkeypatch.setattr(running, "places", lambda: runner)
    return runner


@pytest.fixture(scope="module")
def found() -> Promised:
    """The page's first answer, worked out beside it."""
    file = Choice("six_stages").load(SHORT)
    with evaluator(places=1) as evaluate:
        return promise(file, evaluate, datetime(2026, 8, 26, 10), datetime(2026, 8, 29), 0.95, None, 1, 3)


def page(scenario: str = "six_stages", days: float = 8.0) -> AppTest:
    """The seller's page, shortened so that its answer takes a moment."""
    at = AppTest.from_file(SCRIPT, default_timeout=60)
    at.query_params["scenario"] = scenario
    at.session_state[f"order_run:{scenario}:days"] = days
    at.session_state[f"order_run:{scenario}:replications"] = 3
    for chart in ("order_hour", "order_days"):
        at.session_state[f"table_{chart}"] = True
    return open_all(at)


def run(at: AppTest, *_moved: object) -> AppTest:
    """Run the script, with the widgets that were moved; nothing may have gone wrong in it."""
    at.run()
    assert not at.exception
    return at


def says(at: AppTest) -> str:
    """All text of the answer, as it reads on the page."""
    return "\n".join(text.value for text in at.markdown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def asked(at: AppTest) -> AppTest:
    """After the button was pressed."""
    return run(at, at.button(key="ask_arrival").click())


def test_the_page_opens_with_the_dates_that_the_study_gives(at_once: AtOnce, found: Promised) -> None:
    """Four cards with day, time and interval; the chance and the latest hour as the study says them."""
    at = run(page())
    assert at.date_input(key="order:six_stages:day").value == date(2026, 8, 26)
    assert [metric.label for metric in at.metric] == [f"{chance} of 100 have it by" for chance in (50, 80, 90, 95)]
    assert [metric.value for metric in at.metric] == [seller.short_day(day) for day in found.dates["date"]]
    captions = [caption.value for caption in at.caption]
    for row in found.dates.to_dict("records"):
        assert seller.time_between(row["date"], row["low"], row["high"]) in captions
    assert any("A first look: 8 of its 20 days" in caption.replace("\\", "") for caption in captions)
    assert seller.arrival_sentence(found) in says(at)
    assert seller.chance_by(found).replace("\N{NO-BREAK SPACE}", " ") in says(at)
    assert seller.latest_order(found) in says(at)
    assert at.code[0].value == seller.listing(found)
    assert not at.error


def test_the_dates_are_in_the_order_of_their_chances(found: Promised) -> None:
    """More of 100 have it later; each date lies within its interval, and every interval has a width."""
    dates = found.dates
    assert dates["date"].is_monotonic_increasing
    assert ((dates["low"] < dates["date"]) & (dates["date"] < dates["high"])).all()
    assert found.kept is not None
    assert 0 <= found.kept.mean <= 1


def test_the_map_has_a_value_for_each_hour_of_the_week_that_was_measured(at_once: AtOnce) -> None:
    """7 x 24 with its table and its files; the run measures Wednesday to Saturday, so that others have none."""
    at = run(page(days=8.0))
    table = at.dataframe[0].value
    assert table.shape == (7, 24)
    assert list(table.index[table.notna().all(axis=1)]) == ["Wed", "Thu", "Fri", "Sat"]
    assert list(table.index[table.isna().all(axis=1)]) == ["Mon", "Tue", "Sun"]
    assert [button.label for button in at.download_button] == ["PNG", "SVG", "CSV"] * 2


def test_the_command_repeats_the_answer(at_once: AtOnce) -> None:
    """Everything that was said stands in it, the class of goods and the shortened clock too."""
    at = run(page())
    at.selectbox(key="order:six_stages:goods").set_value("fragile")
    at.selectbox(key="order:six_stages:hour").set_value(15)
    at.selectbox(key="order:six_stages:chance").set_value(0.8)
    asked(at)
    command = at.code[-1].value
    assert command.startswith("importflow promise six_stages --placed '2026-08-26 15:00' --wanted 2026-08-29")
    assert "--probability '80 %' --class fragile --replications 3 --seed 1 --set 'clock.length=8 d'" in command
    assert "Ordered on Wednesday 26 August, 15:00" in says(at)


def test_goods_are_those_of_the_scenario(told: WhenTold) -> None:
    """Where there are classes they can be chosen; all goods is the first."""
    at = run(page())
    assert at.selectbox(key="order:six_stages:goods").options == ["All goods", "Normal", "Fragile", "Chilled"]


def test_what_was_answered_stays_until_the_next_answer_comes(told: WhenTold) -> None:
    """The last dates stay, dimmed by the page's style, while another hour is worked out; then they are replaced."""
    at = run(page())
    assert not at.metric
    told.finish()
    before = says(run(at))
    assert "Ordered on Wednesday 26 August, 10:00" in before
    at.selectbox(key="order:six_stages:hour").set_value(20)
    asked(at)
    assert len(told.waiting) == 1
    assert "Ordered on Wednesday 26 August, 10:00" in says(at)
    told.finish()
    assert "Ordered on Wednesday 26 August, 20:00" in says(run(at))


def test_cancel_keeps_the_last_answer_and_asks_no_more(told: WhenTold) -> None:
    """Who has cancelled is not asked to wait again before pressing the button."""
    at = run(page())
    run(at, at.button(key="cancel").click())
    run(at)
    assert [job.cancelled for job in told.waiting] == [True]
    assert "Press **Show the dates**" in at.info[0].value
    asked(at)
    assert [job.cancelled for job in told.waiting] == [True, False]


def test_a_wish_before_the_order_is_refused_in_words(told: WhenTold) -> None:
    """Nothing is run for a day that lies before the order's."""
    at = run(page())
    at.date_input(key="order:six_stages:wanted").set_value(date(2026, 8, 1))
    asked(at)
    assert "choose a later one" in at.error[0].value
    assert len(told.waiting) == 1


def test_an_hour_without_orders_says_so(at_once: AtOnce) -> None:
    """No date is made up where the scenario has no such order; the map stays."""
    at = run(page())
    at.date_input(key="order:six_stages:day").set_value(date(2026, 8, 24))  # a Monday; none of these is measured
    asked(at)
    assert not at.metric
    assert "measures no such order of that hour" in at.info[0].value
    assert at.dataframe[0].value.shape == (7, 24)


def test_a_bad_upload_shows_its_mistake(told: WhenTold) -> None:
    """The same words as on the planner's page."""
    at = run(page())
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    assert "First choose a scenario" in at.info[-1].value
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", b"\xff\xfe\x00", "application/yaml")))
    assert "mine.yaml: not a text file in UTF-8" in at.error[0].value


def test_a_large_scenario_begins_small(told: WhenTold) -> None:
    """With the fewest replications that say something of the spread; the number of days says how many there are."""
    at = AppTest.from_file(SCRIPT, default_timeout=60)
    at.query_params["scenario"] = "double_eleven"
    run(open_all(at))
    whole = Choice("double_eleven").load().scenario.clock.length / 86_400_000
    assert at.number_input(key="order_run:double_eleven:days").label == f"Days of orders (all: {whole:g})"
    assert at.number_input(key="order_run:double_eleven:replications").value == 2


def test_the_task_does_all_replications_and_says_how_far_it_is() -> None:
    """One share for each replication, the last of them all; the same request has the same key."""
    said: list[float] = []
    order = Order(datetime(2026, 8, 26, 10), datetime(2026, 8, 29), 0.9)
    file, settings = Choice("six_stages").load(SHORT), Settings(replications=2)
    result = answered(file, settings, order, said.append)
    assert said == [0.5, 1.0]
    assert result.replications == 2
    assert PromiseRequest(file, settings, order).key == PromiseRequest(file, settings, order).key
    assert PromiseRequest(file, settings, order).key != PromiseRequest(file, Settings(seed=2), order).key


def test_a_sellers_job_does_not_teach_the_planners_pace() -> None:
    """It measures less of a run and is quicker; how long a planner waits is judged by planners' runs."""
    before = running.Pace.visits_per_s
    file, settings = Choice("six_stages").load(SHORT), Settings(replications=2)
    request = PromiseRequest(file, settings, Order(MONDAY_10, MONDAY_10, 0.9))
    job = Job(Task(request.key, answered, request.task.arguments))
    job.finish(object())
    job.took_s = 100.0
    running.Pace.learn(job)
    assert running.Pace.visits_per_s == before


def test_a_chart_needs_something_that_is_known(found: Promised) -> None:
    """Where every hour's orders are under way at the end there is no map, and no crash."""
    request = PromiseRequest(found.file, Settings(), Order(MONDAY_10, MONDAY_10, 0.9))
    ask = SellerAsk("Six stages", request, 8, 20, "")
    assert list(ask.charts(found)) == ["order_hour"]
    assert ask.charts(replace(found, table=found.table * float("inf"))) == {}


def test_no_day_is_promised_that_is_not_known(found: Promised) -> None:
    """The sentence and the listing say so, instead of a date."""
    unknown = found.dates.assign(date=[None] * 4, low=[None] * 4, high=[None] * 4).astype({"date": "datetime64[ns]"})
    nothing = replace(found, dates=unknown)
    assert "no day can be told by which 95 of 100 have it" in seller.arrival_sentence(nothing)
    assert seller.listing(nothing) == ""


def test_the_listing_promises_the_later_end_of_the_interval(found: Promised) -> None:
    """Rather a day late than a promise that half of the intervals break; both lines name how sure they are."""
    listing = seller.listing(found)
    high = found.dates.loc[found.dates["chance"] == 0.95, "high"].iloc[0]
    assert listing.splitlines()[0].endswith(f"95 of 100 have it by {high:%A} {high.day} {high:%B}.")
    assert all(re.search(r"^Ordered .*: 95 of 100 have it by ", line) for line in listing.splitlines())


def what_if(at: AppTest, name: str) -> AppTest:
    """After one of the changes was chosen."""
    return run(at, at.segmented_control(key="what_if:Six stages").set_value(name))


def test_what_if_customs_select_more(at_once: AtOnce, found: Promised) -> None:
    """The same question of a changed scenario: the date beside what it was, and the days that surely differ."""
    at = run(page())
    assert at.segmented_control(key="what_if:Six stages").options == [
        "customs select twice as many", "customs select every tenth order", "customs select every second order",
        "3 times the orders come for 3 days",
    ]  # fmt: skip
    file = Choice("six_stages").load((*SHORT, "stages.customs.selection_rate=0.11"))
    with evaluator(places=1) as evaluate:
        changed = promise(file, evaluate, datetime(2026, 8, 26, 10), datetime(2026, 8, 29), 0.95, None, 1, 3)
    what_if(at, "twice")
    for line in seller.what_changes(found, changed, "customs select twice as many"):
        assert line.replace("\N{NO-BREAK SPACE}", " ") in says(at)
    table = at.dataframe[1].value
    assert same_days(table, "as it is", found)
    assert same_days(table, "twice as many", changed)
    what_if(at, "twice")
    assert len([task for task in at_once.done if "promise" in str(task.key)]) == 2


def same_days(table: pd.DataFrame, words: str, found: Promised) -> bool:
    """Whether the table has a plan's means by day."""
    known = found.by_day.mean(axis=1).replace(np.inf, np.nan)
    return bool(np.allclose(table[f"{words}: 9 of 10 within (h)"], known, equal_nan=True))


def test_what_if_can_be_cancelled_and_the_answer_stays(told: WhenTold) -> None:
    """The dates are there before, during and after; the days too, as the scenario has them."""
    at = run(page())
    told.finish()
    before = says(run(at))
    what_if(at, "peak")
    assert len(told.waiting) == 1
    assert before.splitlines()[0] in says(at)
    run(at, at.button(key="cancel_what_if").click())
    assert [job.cancelled for job in told.waiting] == [True]
    assert next(iter(at.dataframe[1].value)) == "as it is: 9 of 10 within (h)"


def test_what_changes_counts_orders_that_never_arrive(found: Promised) -> None:
    """A day of which most are under way at the end has no difference in hours: it is said by name."""
    days = found.by_day.assign(**{str(run): 20.0 + run for run in range(3)})[["0", "1", "2"]]
    usual, worse = replace(found, by_day=days), replace(found, by_day=days.add([10.0, 11.0, 12.0]))
    never = replace(found, by_day=worse.by_day.copy())
    never.by_day.iloc[0] = np.inf
    assert seller.what_changes(usual, worse, "x")[-1].startswith("Surely different: the orders of 4 of 4 days")
    said = seller.what_changes(usual, never, "x")
    assert said[-2].startswith(
        "Surely different: the orders of 3 of 4 days; most those of Thu 27 Aug, of which 9 of 10"
    )
    assert said[-2].endswith("are there 11 h (9 to 13) later.")  # 11 and t(0.975; 2) = 4.3 times 1 over the root of 3
    assert said[-1].startswith("Not known: of orders placed on Wed 26 Aug, more than 1 in 10")
    found = usual
    assert seller.what_changes(found, found, "x")[-1] == "No day's orders are surely later or sooner than as it is."
    chart = order_days({"as it is": never})
    assert chart is not None
    assert chart.title.startswith("Of Wed 26 Aug more than 1 order in 10 is still under way")
    assert order_days({"as it is": replace(found, by_day=found.by_day * np.inf)}) is None
