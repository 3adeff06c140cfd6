"""What one can take away from an answer: the scenario with its changes, all numbers, and the command that repeats it."""

from __future__ import annotations

import csv
import io

import streamlit as st

from sim.study.replicate import Result
from sim.ui import texts
from sim.ui.desk import Answer


def show(answer: Answer) -> None:
    """Command and downloads."""
    name = texts.file_name(answer.ask.title)
    with st.expander(texts.TAKE_AWAY, key="take_away"):
        st.caption(texts.COMMAND)
        st.code(answer.ask.command, language="bash", wrap_lines=True)
        with st.container(horizontal=True):
            st.download_button(
                texts.DOWNLOAD_SCENARIO,
                answer.ask.request.file.text,
                f"{name}.yaml",
                "application/yaml",
                key="download_scenario",
                on_click="ignore",
            )
            st.download_button(
                texts.DOWNLOAD_MEASURES,
                lambda: measures_csv(answer.result),
                f"{name}_measures.csv",
                "text/csv",
                key="download_measures",
                on_click="ignore",
            )


def measures_csv(result: Result) -> str:
    """All measures with their intervals, a row each."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["measure", "mean", "low", "high", "unit", "replications"])
    for name, estimate in result.measures.items():
        rows.writerow([name, estimate.mean, estimate.low, estimate.high, estimate.unit, estimate.replications])
    return out.getvalue()
