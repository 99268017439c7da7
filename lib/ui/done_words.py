"""Done words: what an act brought about, said once beside its form after the page was drawn again."""

from __future__ import annotations

import streamlit as st

from lib.ui.plain import as_label


def keep(place: str, said: str) -> None:
    """Say this at the place when the page is drawn next."""
    st.session_state[f"done-{place}"] = said


def show(place: str) -> None:
    """What was kept for this place, once; nothing where nothing was done."""
    said = st.session_state.pop(f"done-{place}", None)
    if said:
        st.success(as_label(said), icon=":material/check:")
