"""The journey of one order: its picture, and the same in words."""

from __future__ import annotations

import streamlit as st

from sim.show.journey import JourneyChart
from sim.show.lesson_words import journey_told
from sim.ui.components import charts, moving
from sim.ui.learning import LessonAnswer, charts_of
from sim.ui.texts import learn, plain
from sim.ui.watching import WatchRequest


def show(answer: LessonAnswer) -> None:
    """The way of the order that the lesson follows, and all orders of its run in a moving picture."""
    way = answer.result.journey
    if way is None:
        return
    st.subheader(learn.JOURNEY, anchor=False)
    with st.container(key="journey_picture"):
        charts.group(answer, [charts_of(answer)[JourneyChart.name]])
    with st.expander(learn.JOURNEY_IN_WORDS, key="journey_words", expanded=True):
        for line in journey_told(way):
            st.markdown(plain(line))
    file = answer.ask.request.file
    moving.watch(WatchRequest(file.runs[file.lesson.first_run], None, file.lesson.seed))
