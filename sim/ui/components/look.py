"""The few rules of style that Streamlit's own theme has no setting for."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

LOGO = str(Path(__file__).parents[1] / "logo.svg")
ICON = str(Path(__file__).parents[1] / "icon.svg")
STYLE = """
<style>
  [data-testid="stMainBlockContainer"] { padding-left: 2.5rem; padding-right: 2.5rem; }
  .st-key-sentence p { font-size: 1.25rem; line-height: 1.45; font-weight: 500; }
  .st-key-numbers, [class*="st-key-told_"] { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.25rem, 1fr)); gap: .5rem; }
  .st-key-numbers > div, [class*="st-key-told_"] > div { width: auto; min-width: 0; height: 100%; }
  [class*="st-key-number_"] { height: 100%; padding: .5rem .625rem; container-type: inline-size; }
  [class*="st-key-number_"] [data-testid="stMetricLabel"] p { white-space: normal; line-height: 1.25; }
  @container (max-width: 9.25rem) {
    [class*="st-key-number_"] [data-testid="stMetricLabel"] { height: 2.5rem; align-items: flex-start; }
  }
  .st-key-order_fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem .75rem; align-items: end; }
  .st-key-order_fields > div { width: auto; min-width: 0; }
  .st-key-lesson_column { max-width: 60rem; }
  .st-key-kept_store_place { display: none; }
  [data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
  .st-key-stages { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 2px; }
  .st-key-stages > div { width: auto; min-width: 0; height: 100%; }
  [class*="st-key-stage_"] { height: 100%; border-top: 4px solid #7F7F7F; padding: .25rem .5rem .375rem; background: rgba(127, 127, 127, .08); }
  [class*="st-key-stage_free"] { border-top-color: #0072B2; }
  [class*="st-key-stage_busy"] { border-top-color: #E69F00; }
  [class*="st-key-stage_full"] { border-top-color: #D55E00; }
  [class*="st-key-stage_"] button { padding: 0; min-height: 0; text-align: left; justify-content: flex-start; }
  [class*="st-key-stage_"] p { font-size: .875rem; line-height: 1.3; }
  :is([class*="st-key-chart_"], [class*="st-key-plain_table_"]) [data-testid="stHeaderActionElements"] { display: none; }
  :is([class*="st-key-chart_"], [class*="st-key-plain_table_"]) h4 { font-size: 1.0625rem; padding: .75rem 0 1.25rem; }
  [data-testid="stAlert"] code { white-space: pre-wrap !important; overflow-wrap: anywhere; }
  [class*="st-key-panels_"] { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); gap: .75rem 1.5rem; align-items: end; }
  [class*="st-key-panels_"] > * { width: auto; min-width: 0; }
  [data-testid="stVegaLiteChart"] { overflow-x: clip; }
  [data-testid="stCaptionContainer"] { opacity: .8; }
  [data-testid^="stBaseButton-primary"] { color: light-dark(#ffffff, #0e1117); }
  .st-key-out_of_date_answer, .st-key-out_of_date_charts { opacity: .75; filter: saturate(.2); }
  :is(.st-key-out_of_date_answer, .st-key-out_of_date_charts) :is([data-testid="stCaptionContainer"], summary, summary *) { opacity: 1; }
  [data-testid="stCode"] .token { color: inherit !important; }
  .st-key-status_line { min-height: 2.75rem; justify-content: center; }
  .st-key-status_line [data-testid="stProgress"] p { font-size: .875rem; }
  .st-key-verdict p, .st-key-one_person p { font-size: 1.0625rem; }
  [class*="st-key-narrow_"] { display: none; }
  @media (max-width: 700px) {
    [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
    [class*="st-key-narrow_"] { display: flex; }
    [class*="st-key-wide_"] { display: none; }
    [class*="st-key-plain_table_"] :is(th, td) { padding: .25rem; }
    [class*="st-key-plain_table_"] table * { font-size: .75rem; }
  }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { animation-duration: 1ms !important; animation-iteration-count: 1 !important; transition-duration: 1ms !important; }
  }
</style>
"""


def apply() -> None:
    """Put the rules on the page, and the product's mark at its head."""
    st.logo(LOGO, size="large", icon_image=ICON)
    st.html(STYLE)


def mark(key: str, word: str) -> None:
    """Write a word behind the heading of the group of a key."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "-", key)
    st.html(f'<style>.st-key-{name} summary p::after {{ content: " · {word}"; font-weight: 600; }}</style>')
