"""What one can take away from an answer: keep it, its link, the command that repeats it, report, scenario and numbers."""

from __future__ import annotations

import csv
import io
from functools import partial

import streamlit as st

from sim.study.replicate import Result
from sim.ui import reporting, texts
from sim.ui.components import kept
from sim.ui.desk import Answer
from sim.ui.texts import keep


def show(answer: Answer, base: Result | None) -> None:
    """A row of three: keep, share, report and files; of an answer that is still being refined they wait."""
    waits = answer.whole is not None
    with st.container(horizontal=True, gap="small", key="take_away"):
        with st.popover(keep.KEEP_THIS, key="keep_popover", disabled=waits):
            kept.keep_this(answer)
        with st.popover(keep.SHARE, key="share_popover", disabled=waits):
            _share(answer)
        with st.popover(keep.TAKE, key="files_popover", disabled=waits):
            _files(answer, base)


def _share(answer: Answer) -> None:
    """The link, ready to be copied, and the command."""
    if answer.ask.link:
        st.caption(keep.LINK)
        st.code(f"{(st.context.url or '').rstrip('/')}/?{answer.ask.link}", language=None, wrap_lines=True)
    else:
        st.caption(keep.OWN_FILE_NO_LINK)
    st.caption(texts.COMMAND)
    st.code(answer.ask.command, language="bash", wrap_lines=True)


def _files(answer: Answer, base: Result | None) -> None:
    """Report, workbook, scenario and numbers; the first two are made elsewhere when they are asked for."""
    name = texts.file_name(answer.ask.title)
    report, book = (partial(reporting.file, kind, answer, base) for kind in reporting.FILES)
    scenario = answer.ask.request.file.text
    for label, data, file_name, mime, key, help_text in (
        (keep.REPORT, report, f"{name}.html", reporting.FILES["html"], "report", keep.REPORT_HELP),
        (keep.WORKBOOK, book, f"{name}.xlsx", reporting.FILES["xlsx"], "workbook", keep.WORKBOOK_HELP),
        (texts.DOWNLOAD_SCENARIO, scenario, f"{name}.yaml", "application/yaml", "scenario", None),
        (
            texts.DOWNLOAD_MEASURES,
            partial(measures_csv, answer.result),
            f"{name}_measures.csv",
            "text/csv",
            "measures",
            None,
        ),
    ):
        st.download_button(
            label, data, file_name, mime, key=f"download_{key}", help=help_text, on_click="ignore", width="stretch"
        )


def measures_csv(result: Result) -> str:
    """All measures with their intervals, a row each."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["measure", "mean", "low", "high", "unit", "replications"])
    for name, estimate in result.measures.items():
        rows.writerow([name, estimate.mean, estimate.low, estimate.high, estimate.unit, estimate.replications])
    return out.getvalue()
