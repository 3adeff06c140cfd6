"""Day by day, and what changes if customs select more or everybody orders at once."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from sim.study.what_if import what_ifs
from sim.ui import running, texts
from sim.ui.components import charts, messages, waiting
from sim.ui.promising import SellerAnswer, SellerAsk, SellerDesk, order_days
from sim.ui.texts import seller
from sim.words.delays import AS_IT_IS
from sim.world.errors import ScenarioError


def show(answer: SellerAnswer) -> None:
    """The days of the answer; beside them, where something is chosen, those of the changed scenario."""
    st.subheader(seller.BY_ORDER_DAY, anchor=False)
    options = what_ifs(answer.ask.request.file.scenario)
    key = f"what_if:{answer.ask.title}"
    chosen = st.segmented_control(
        seller.WHAT_IF, list(options), key=key, format_func=seller.what_if, disabled=not options, width="stretch"
    )
    changed = _changed(answer, chosen, options[chosen]) if chosen in options else None
    if changed is None:
        plans = {AS_IT_IS: answer.result}
    else:
        plans = {AS_IT_IS: answer.result, seller.what_if_line(str(chosen)): changed.result}
        for line in seller.what_changes(answer.result, changed.result, seller.what_if(str(chosen))):
            st.markdown(texts.plain(line))
    chart = order_days(plans)
    if chart is None:
        st.info(seller.NO_DAYS)
    else:
        charts.group(changed or answer, [chart])


def _changed(answer: SellerAnswer, chosen: str, settings: tuple[str, ...]) -> SellerAnswer | None:
    """The answer of the changed scenario, once it is known; until then how far it is."""
    desk: SellerDesk = st.session_state.setdefault("what_if_desk", SellerDesk())
    pool = running.places()
    about = (answer.ask.request.key, chosen)
    if st.session_state.get("what_if_asked") != about:
        try:
            ask = _ask(answer.ask, settings)
        except ScenarioError as error:
            st.error(texts.listed(str(error)))
            return None
        st.session_state["what_if_asked"] = about
        desk.answer = None
        desk.ask(ask, pool)
    desk.settle(pool)
    messages.problems("", desk)
    if desk.running:
        st.caption(seller.WORKING_OUT)
        waiting.show(desk, key="cancel_what_if")
    return desk.answer


def _ask(ask: SellerAsk, settings: tuple[str, ...]) -> SellerAsk:
    """The same question of the changed scenario."""
    return replace(ask, request=replace(ask.request, file=ask.request.file.changed(*settings)))
