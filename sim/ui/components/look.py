"""The few rules of style that Streamlit's own theme has no setting for."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
  .st-key-sentence p { font-size: 1.25rem; line-height: 1.5; font-weight: 500; }
  .st-key-out_of_date_answer { opacity: .5; filter: saturate(.4); transition: opacity .2s; }
  [data-testid="stMetricLabel"] p { white-space: normal; line-height: 1.25; min-height: 2.5em; }
  [data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
  .st-key-numbers > div { align-items: stretch; }
  [class*="st-key-narrow_"] { display: none; }
  @media (max-width: 700px) {
    [class*="st-key-narrow_"] { display: flex; }
    [class*="st-key-wide_"] { display: none; }
  }
</style>
"""


def apply() -> None:
    """Put the rules on the page; an element of no height."""
    st.html(STYLE)
