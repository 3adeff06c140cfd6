"""The answer to a seller: dates with their chances, the date wanted, the text for a listing, the map of order hours."""

from __future__ import annotations

import streamlit as st

from sim.ui import texts
from sim.ui.components import charts, what_if
from sim.ui.promising import SellerAnswer
from sim.ui.texts import seller


def show(answer: SellerAnswer) -> None:
    """All of it, the sentence first."""
    found = answer.result
    if not found.orders:
        st.info(seller.NO_ORDER_THEN)
    else:
        with st.container(key="sentence"):
            st.markdown(texts.plain(seller.arrival_sentence(found)))
        _dates(answer)
    _wanted(answer)
    if found.orders:
        _listing(answer)
    st.subheader(seller.BY_ORDER_HOUR, anchor=False)
    if found_charts := answer.kept("charts", lambda: answer.ask.charts(found)):
        charts.group(answer, list(found_charts.values()))
    else:
        st.info(seller.NO_MAP)
    what_if.show(answer)
    _repeat(answer)


def _dates(answer: SellerAnswer) -> None:
    """A card for each chance."""
    with st.container(key="numbers"):
        for position, row in enumerate(answer.result.dates.to_dict("records")):
            with st.container(border=True, gap=None, key=f"number_{position}"):
                st.metric(seller.there_by(row["chance"]), seller.short_day(row["date"]))
                st.caption(seller.time_between(row["date"], row["low"], row["high"]))
    st.caption(texts.plain(seller.orders_like_it(answer.result)))


def _wanted(answer: SellerAnswer) -> None:
    """The chance of the date wanted, and the latest hour to order for it."""
    with st.container(key="wanted"):
        if answer.result.orders:
            st.markdown(seller.chance_by(answer.result))
        st.markdown(seller.latest_order(answer.result))


def _listing(answer: SellerAnswer) -> None:
    st.subheader(seller.LISTING, anchor=False)
    listing = seller.listing(answer.result)
    if listing:
        st.code(listing, language=None, wrap_lines=True)
        st.caption(seller.LISTING_NOTE)
    else:
        st.info(seller.NO_LISTING)


def _repeat(answer: SellerAnswer) -> None:
    with st.expander(texts.COMMAND, key="repeat_promise"):
        st.code(answer.ask.command, language="bash", wrap_lines=True)
