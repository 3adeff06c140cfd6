"""The tables of an answer, those of the command line: headline, promises, stages, teams, and where the hours went."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from sim.show.tables import PlainTable, plain_tables
from sim.ui import texts
from sim.ui.components import look
from sim.ui.desk import Answer

MANY = 5
"""Tables of so many columns stand on a narrow screen as a block for each row, for no number would keep its line there."""


def show(answer: Answer) -> None:
    """One below the other; the last word of a cell that begins further in belongs to the row above it."""
    for number, table in enumerate(answer.once(plain_tables)):
        draw(table, str(number))


def draw(table: PlainTable, name: str) -> None:
    """A table under its title; ``name`` tells it from the others of the page."""
    kind = "" if not table.headings else "columns_many_" if len(table.headings) >= MANY else "columns_"
    key = f"plain_table_{kind}{name}"
    with st.container(key=key, gap="xsmall"):
        if kind == "columns_many_":
            look.name_cells(key, table.headings[1:], _empty(table))
        st.markdown(f"#### {texts.plain(table.title)}")
        st.table(_frame(table), border="horizontal", width="content", hide_header=not table.headings, alt=table.title)


def _empty(table: PlainTable) -> Iterator[tuple[int, int]]:
    """Row and column of each cell without words, the first column apart."""
    for row, (_, *cells) in enumerate(table.rows):
        yield from ((row, column) for column, cell in enumerate(cells) if not cell)


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
