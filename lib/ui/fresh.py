"""Fresh fields: emptied when what they held has been kept, and not before.

A form that Streamlit clears as it is sent loses the words whenever they are refused, or never arrive. So its fields
stay, and after the commit the next ones are drawn under another key."""

from __future__ import annotations

import streamlit as st


def key(name: str) -> str:
    """The key of this field for now."""
    turn = st.session_state.get(_turn(name), 0)
    return f"{name}-again-{turn}" if turn else name


def begin_again(*names: str) -> None:
    """What these fields held is kept: the next run draws them empty."""
    for name in names:
        st.session_state[_turn(name)] = st.session_state.get(_turn(name), 0) + 1


def _turn(name: str) -> str:
    return f"fresh-{name}"
