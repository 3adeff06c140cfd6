"""The tables of an answer, those of the command line: headline, promises, stages, teams, and where the hours went."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sim.show.tables import PlainTable, plain_tables
from sim.ui import texts
from sim.ui.desk import Answer


def show(answer: Answer) -> None:
    """One below the other; the last word of a cell that begins further in belongs to the row above it."""
    for number, table in enumerate(answer.once(plain_tables)):
        with st.container(key=f"plain_table_{number}", gap="xsmall"):
            st.markdown(f"#### {texts.plain(table.title)}")
            st.table(
                _frame(table), border="horizontal", width="content", hide_header=not table.headings, alt=table.title
            )


def _frame(table: PlainTable) -> pd.DataFrame:
    """The first column as names of rows, all of it as words."""
    names = [_words(name) for name, *_ in table.rows]
    headings = [texts.plain(heading) for heading in table.headings or ("",) * len(table.rows[0])]
    values = [[texts.plain(cell) for cell in cells] for _, *cells in table.rows]
    return pd.DataFrame(values, index=pd.Index(names, name=headings[0] or None), columns=headings[1:])


def _words(name: str) -> str:
    """A name, as far in as it is in the table."""
    own = name.lstrip()
    return "\N{NO-BREAK SPACE}" * 2 * (len(name) - len(own)) + texts.plain(own)
