"""Empty states: what is true, why, and one next step. An empty table alone would be a riddle."""

from __future__ import annotations

import streamlit as st

from lib.ui import navigation


def show(key: str, about: str, fact: str, why: str, button: str = "", icon: str = "", page: str = "") -> None:
    """A box with the fact and one button that opens `page`. Every word here is the product's own."""
    with st.container(border=True, key=f"empty-{key}", width=460):
        with st.container(key=f"quiet-empty-{key}"):
            st.text(about)
        with st.container(key=f"strong-empty-{key}"):
            st.text(fact)
        st.text(why)
        if button and st.button(button, icon=icon or None, key=f"go-empty-{key}"):
            navigation.open_page(page)
