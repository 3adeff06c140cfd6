"""What a seller says: when the order is placed, what goods, by when it should be there, and how sure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import streamlit as st

from sim.study.promise import CHANCES
from sim.ui import estimate, texts
from sim.ui.choice import Choice
from sim.ui.components import controls_panel
from sim.ui.promising import Order, PromiseRequest, SellerAsk
from sim.ui.texts import seller
from sim.world.errors import ScenarioError
from sim.world.scenario import Clock, Scenario

ANY = ""
FIRST_HOUR, FIRST_DAYS = 10, 3
"""The first question: an order of this hour of the first measured day, wanted so many days later."""


def ask(choice: Choice) -> tuple[SellerAsk | None, str, bool]:
    """Draw the form: the question, or None and what is wrong; and whether the button was pressed."""
    fields = st.container()
    try:
        file = choice.load()
        days, run = controls_panel.run_settings(f"order_run:{choice.key}", file, estimate.PROMISE_PACE)
        shorter = estimate.shortened(file.scenario.clock, days)
        short = choice.load(shorter)
        with fields:
            order, pressed = _form(choice, short.scenario)
    except ScenarioError as error:
        return None, str(error), False
    if order.wanted.date() < order.placed.date():
        return None, seller.WANTED_BEFORE_PLACED, pressed
    request = PromiseRequest(short, run, order)
    command = seller.promise_command(
        choice.in_command, shorter, order.placed, order.wanted, order.chance, order.goods_class, run.replications, run.seed
    )  # fmt: skip
    question = SellerAsk(texts.title(choice.name), request, days, estimate.days_of(file.scenario.clock), command)
    return question, "", pressed


def _form(choice: Choice, scenario: Scenario) -> tuple[Order, bool]:
    """The fields; nothing is asked before the button is pressed."""
    prefix, first = f"order:{choice.key}", first_day(scenario.clock)
    st.session_state.setdefault(f"{prefix}:day", first)
    st.session_state.setdefault(f"{prefix}:hour", FIRST_HOUR)
    st.session_state.setdefault(f"{prefix}:wanted", first + timedelta(days=FIRST_DAYS))
    st.session_state.setdefault(f"{prefix}:chance", CHANCES[-1])
    classes = classes_of(scenario)
    with st.form("order", border=True), st.container(key="order_fields"):
        day = st.date_input(
            seller.PLACED_ON, key=f"{prefix}:day", persist_state="session", format="YYYY-MM-DD", help=seller.PLACED_HELP
        )
        hour = st.selectbox(
            seller.PLACED_AT, range(24), key=f"{prefix}:hour", persist_state="session", format_func=seller.order_hour
        )
        goods = st.selectbox(
            seller.GOODS, [ANY, *classes], key=f"{prefix}:goods", persist_state="session", format_func=seller.goods
        )
        wanted = st.date_input(seller.WANTED_BY, key=f"{prefix}:wanted", persist_state="session", format="YYYY-MM-DD")
        chance = st.selectbox(
            seller.HOW_SURE, CHANCES, key=f"{prefix}:chance", persist_state="session", format_func=seller.of_hundred
        )
        pressed = st.form_submit_button(seller.ASK_ARRIVAL, type="primary", key="ask_arrival", width="stretch")
    placed = datetime.combine(day or first, time(int(hour)))
    by = datetime.combine(wanted or placed.date() + timedelta(days=FIRST_DAYS), time())
    return Order(placed, by, float(chance), goods or None), pressed


def first_day(clock: Clock) -> date:
    """The first day all of which is measured.

    >>> first_day(Clock.model_validate({"start": "2026-08-24", "length": "28 d", "warm_up": "7 d", "measure": "14 d"}))
    datetime.date(2026, 8, 31)
    """
    begin = clock.start + timedelta(milliseconds=clock.window_ms[0])
    return begin.date() if begin.time() == time() else begin.date() + timedelta(days=1)


def classes_of(scenario: Scenario) -> list[str]:
    """The classes of goods of which orders come, where there is more than one.

    >>> from sim.world.files import load
    >>> from sim.world.shipped import shipped
    >>> classes_of(load(shipped("six_stages")).scenario)
    ['normal', 'fragile', 'chilled']
    """
    classes = list(dict.fromkeys(name for flow in scenario.order_flows for name in scenario.flows[flow].classes))
    return classes if len(classes) > 1 else []
