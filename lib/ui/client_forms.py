"""Client forms: a client is added with code, name and dates. What was typed is kept until it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

_OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client as the form gives it."""

    code: str
    name: str
    born_on: date | None
    referred_on: date | None


def ask_new_client(today: date) -> NewClient | None:
    """The form; a value only when it was sent by its button."""
    with st.form("new-client", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            code = st.text_input("Code", key="new-client-code", max_chars=100, width=150, autocomplete="off")
            name = st.text_input("Name", key="new-client-name", max_chars=200, width=260, autocomplete="off")
            born_on = st.date_input(
                "Born on", None, _OLDEST, today, format="YYYY-MM-DD", key="new-client-born", width=170
            )
            referred_on = st.date_input(
                "Referred on", None, _OLDEST, today, format="YYYY-MM-DD", key="new-client-referred", width=170
            )
            sent = st.form_submit_button("Add client", type="primary", key="new-client-save")
        st.text("The code is the practice's own and is kept as it is typed: 007 stays 007. It does not change later.")
    return NewClient(code.strip(), name, born_on, referred_on) if sent else None
