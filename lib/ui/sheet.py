"""Sheet: which dialog lies open in this tab, for those a person writes or signs in.

A dialog that a run does not draw again is closed, and a save that arrives late begins such a run: whoever was typing
a password would then sign into nothing. So the sheet is remembered, and drawn until it is done with or put away."""

from __future__ import annotations

import streamlit as st

_OPEN = "sheet-open"


def ask(name: str) -> None:
    """Open this sheet, in place of any other."""
    st.session_state[_OPEN] = name


def is_open(name: str) -> bool:
    """Whether this sheet is to be drawn in this run."""
    return bool(st.session_state.get(_OPEN) == name)


def put_away() -> None:
    """No sheet lies open any more."""
    st.session_state.pop(_OPEN, None)
