"""The seller's page: by when a buyer has an order that is placed then, and by when to order."""

from __future__ import annotations

import streamlit as st

from sim.ui import running, texts
from sim.ui.components import address, arrival, chooser, look, messages, order_form, waiting
from sim.ui.components.fields import SELLER
from sim.ui.promising import SellerAsk, SellerDesk
from sim.ui.texts import seller


def page() -> None:
    """Draw the page for the order that is asked about, and the last answer."""
    look.apply()
    address.open_page(SELLER)
    desk: SellerDesk = st.session_state.setdefault("seller_desk", SellerDesk())
    st.subheader(texts.SELLER, anchor=False)
    choice, problem = chooser.choose()
    ask, wrong, pressed = order_form.ask(choice) if choice is not None else (None, "", False)
    if choice is not None and ask is not None:
        address.follow(SELLER, choice)
    address.problems()
    _drive(desk, ask, pressed=pressed)
    messages.problems(problem or wrong, desk)
    if choice is None and not problem:
        st.info(texts.UPLOAD_FIRST)
    if desk.running:
        waiting.show(desk)
    _show(desk, ask)


def _drive(desk: SellerDesk, ask: SellerAsk | None, *, pressed: bool) -> None:
    """Ask whatever has not been asked yet, and take what has come."""
    pool = running.places()
    if ask is not None and (pressed or st.session_state.get("seller_asked") != ask.request.key):
        st.session_state["seller_asked"] = ask.request.key
        desk.ask(ask, pool)
    desk.settle(pool)


def _show(desk: SellerDesk, ask: SellerAsk | None) -> None:
    """The last answer, dimmed where another one is asked for."""
    answer = desk.answer
    if answer is None:
        if not desk.running and ask is not None:
            st.info(seller.ASK_FIRST)
        return
    current = ask is not None and answer.ask.request.key == ask.request.key
    of = answer.ask
    days = texts.part_of(of.days, of.whole_days)
    settings = of.request.settings
    says = [seller.computed_for(of.title, days, settings.replications)]
    if of.days < of.whole_days:
        says.append(texts.first_look(of.days, of.whole_days))
    st.caption(texts.plain(" ".join(says)))
    with st.container(key="answer" if current else "out_of_date_answer"):
        arrival.show(answer)
