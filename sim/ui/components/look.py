"""The few rules of style that Streamlit's own theme has no setting for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

LOGO = str(Path(__file__).parents[1] / "logo.svg")
ICON = str(Path(__file__).parents[1] / "icon.svg")
_scheme = st.components.v2.component(
    "importflow_scheme", js=Path(__file__).with_name("scheme.js").read_text(encoding="utf-8")
)
STYLE = """
<style>
  [data-testid="stMainBlockContainer"] { padding-left: 2.5rem; padding-right: 2.5rem; }
  .st-key-sentence p { font-size: 1.25rem; line-height: 1.45; font-weight: 500; }
  .st-key-numbers, [class*="st-key-told_"] { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.25rem, 1fr)); gap: .5rem; }
  .st-key-numbers > div, [class*="st-key-told_"] > div { width: auto; min-width: 0; height: 100%; }
  [class*="st-key-number_"] { height: 100%; padding: .5rem .625rem; container-type: inline-size; }
  [class*="st-key-number_"] [data-testid="stCaptionContainer"] p { line-height: 1.35; }
  [class*="st-key-number_"] [data-testid="stMetricLabel"] p { white-space: normal; line-height: 1.25; }
  @container (max-width: 9.25rem) {
    [class*="st-key-number_"] [data-testid="stMetricLabel"] { height: 2.5rem; align-items: flex-start; }
  }
  .st-key-order_fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem .75rem; align-items: end; }
  .st-key-order_fields > div { width: auto; min-width: 0; }
  .st-key-lesson_column { max-width: 60rem; }
  :is(.st-key-kept_store_place, .st-key-scheme_place, .st-key-sidebar_place), [data-testid="stLayoutWrapper"]:has(> :is(.st-key-kept_store_place, .st-key-scheme_place, .st-key-sidebar_place)) { display: none; }
  [data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
  [class*="st-key-number_words_"] [data-testid="stMetricValue"] { font-size: 1.125rem; }
  [class*="st-key-number_"] [data-testid="stMetricValue"] :is(div, p) { white-space: normal; line-height: 1.25; }
  .st-key-stages { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 2px; }
  .st-key-stages > div { width: auto; min-width: 0; height: 100%; }
  [class*="st-key-stage_"] { position: relative; height: 100%; border-top: 4px solid #7F7F7F; padding: .25rem .5rem .375rem; background: rgba(127, 127, 127, .08); }
  [class*="st-key-stage_free"] { border-top-color: #0072B2; }
  [class*="st-key-stage_busy"] { border-top-color: #E69F00; }
  [class*="st-key-stage_full"] { border-top-color: #D55E00; }
  [class*="st-key-stage_"] button { padding: 0; min-height: 0; text-align: left; justify-content: flex-start; }
  [class*="st-key-stage_"] button::after { content: ""; position: absolute; inset: 0; z-index: 1; }
  [class*="st-key-stage_"] :is(.stElementContainer, .stButton, .stTooltipIcon, .stTooltipHoverTarget) { position: static; }
  [class*="st-key-stage_"]:has(button):hover { background: rgba(127, 127, 127, .16); }
  [class*="st-key-stage_"] p { font-size: .875rem; line-height: 1.3; }
  :is([class*="st-key-chart_"], [class*="st-key-plain_table_"]) [data-testid="stHeaderActionElements"] { display: none; }
  :is([class*="st-key-chart_"], [class*="st-key-plain_table_"]) h4 { font-size: 1.0625rem; padding: .75rem 0 1.25rem; }
  [class*="st-key-plain_table_"] :is(th, td) { padding: .25rem .375rem .25rem 1rem; font-variant-numeric: tabular-nums; }
  [class*="st-key-plain_table_"] :is(th, td):first-child { padding-left: .5rem; }
  [class*="st-key-plain_table_columns_"] :is(th, td):not(:first-child) { text-align: right !important; }
  [data-testid="stAlert"] code { white-space: pre-wrap !important; overflow-wrap: anywhere; }
  [class*="st-key-panels_"] { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); gap: .75rem 1.5rem; align-items: end; }
  [class*="st-key-panels_"] > * { width: auto; min-width: 0; }
  [data-testid="stVegaLiteChart"] { overflow-x: clip; }
  [data-testid="stCaptionContainer"] { opacity: .8; }
  [data-testid^="stBaseButton-primary"] { color: light-dark(#ffffff, #0e1117); }
  .st-key-out_of_date_answer, .st-key-out_of_date_charts { opacity: .75; filter: saturate(.2); }
  :is(.st-key-out_of_date_answer, .st-key-out_of_date_charts) :is([data-testid="stCaptionContainer"], summary, summary *) { opacity: 1; }
  [data-testid="stCode"] .token { color: inherit !important; }
  .st-key-status_line { min-height: 2.75rem; margin-block: -.75rem; justify-content: center; }
  .st-key-status_line [data-testid="stColumn"]:not(:has([data-testid="stElementContainer"])) { display: none; }
  .st-key-status_line [data-testid="stProgress"] p { font-size: .875rem; }
  .st-key-question h3 { padding-bottom: .625rem; }
  .st-key-question p { font-size: .9375rem; line-height: 1.35; }
  .st-key-verdict p, .st-key-one_person p { font-size: 1.0625rem; line-height: 1.4; }
  .st-key-verdict button p { font-size: 1rem; }
  .st-key-verdict { margin-top: -.375rem; }
  button[kind="tertiary"]:is(:hover, :focus-visible, :active, [aria-expanded="true"]) { color: light-dark(#005b8e, #56b4e9); }
  [class*="st-key-narrow_"] { display: none; }
  @media (max-width: 700px) {
    [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
    .st-key-week_panel { width: calc(100% + 2rem); max-width: none; margin-inline: -1rem; padding: .5rem; border-inline: 0; border-radius: 0; overflow-x: clip; }
    [class*="st-key-narrow_"] { display: flex; }
    [class*="st-key-wide_"] { display: none; }
    [class*="st-key-plain_table_"] :is(th, td) { padding: .25rem; }
    [class*="st-key-plain_table_"] table * { font-size: .75rem; }
    [class*="st-key-plain_table_columns_many_"] table * { font-size: .8125rem; }
    [class*="st-key-plain_table_columns_many_"] :is([data-testid="stTable"], table, tbody) { display: block; width: 100%; }
    [class*="st-key-plain_table_columns_many_"] thead { position: absolute; clip-path: inset(50%); }
    [class*="st-key-plain_table_columns_many_"] tbody tr { display: grid; column-gap: .5rem; padding: .5rem 0; border-bottom: 1px solid rgba(127, 127, 127, .3); }
    [class*="st-key-plain_table_columns_many_"] tbody :is(th:first-child, td:not(:first-child)) { border: 0; padding: .125rem 0; text-align: left !important; }
    [class*="st-key-plain_table_columns_many_"] tbody th { grid-column: 1 / -1; font-weight: 600; color: inherit; }
    [class*="st-key-plain_table_columns_many_"] td::before { display: block; opacity: .75; font-size: .75rem; }
  }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { animation-duration: 1ms !important; animation-iteration-count: 1 !important; transition-duration: 1ms !important; }
  }
</style>
"""


def apply() -> None:
    """Put the rules on the page, and the product's mark at its head; draw it anew when the scheme is another."""
    st.logo(LOGO, size="large", icon_image=ICON)
    st.html(STYLE)
    with st.container(key="scheme_place"):
        _scheme(key="scheme", on_turned_change=_drawn_anew, height=1)


def _drawn_anew() -> None:
    """What turns the scheme has nothing to do but to have the page drawn."""


def name_cells(key: str, headings: Sequence[str], empty: Iterable[tuple[int, int]]) -> None:
    """Let the cells of a table of many columns say their headings where they stand one below the other.

    Parameters
    ----------
    key
        Of the container of the table.
    headings
        Of all columns but the first.
    empty
        Rows and columns of cells that have nothing to say there, both from 0.

    """
    body = f".st-key-{key} tbody"
    beside = 2 if len(headings) == 4 else 3
    rules = [f"{body} tr {{ grid-template-columns: repeat({beside}, minmax(0, 1fr)); }}"]
    rules += [
        f"{body} td:nth-child({at})::before {{ content: {json.dumps(words)}; }}" for at, words in enumerate(headings, 2)
    ]
    rules += [
        f"{body} tr:nth-child({row + 1}) td:nth-child({column + 2}) {{ display: none; }}" for row, column in empty
    ]
    st.html(f"<style>@media (max-width: 700px) {{ {' '.join(rules)} }}</style>")


def mark(key: str, word: str) -> None:
    """Write a word behind the heading of the group of a key."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "-", key)
    st.html(f'<style>.st-key-{name} summary p::after {{ content: " · {word}"; font-weight: 600; }}</style>')
