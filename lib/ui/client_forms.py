"""Client forms: a client is added with code, name and dates, and these are changed later; the code never is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.services.client_record import ClientIdentity
from lib.services.clients import ClientEdit

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


def ask_changes(client: ClientIdentity, measures: Mapping[str, str], whose: str, today: date) -> ClientEdit | None:
    """Name, dates and main measure of one client; a value only when it was sent. `measures`: their names by key.

    The version stands in every key: what somebody else saved meanwhile begins the form anew."""
    key = f"client-{client.id}-{client.version}"
    choices = list(measures)
    with st.form(f"{key}-details", border=False):
        st.text("The code does not change. Everything else may be corrected here.")
        name = st.text_input("Name", client.name, max_chars=200, key=f"{key}-name", autocomplete="off")
        born_on = st.date_input("Born on", client.born_on, _OLDEST, today, format="YYYY-MM-DD", key=f"{key}-born")
        referred_on = st.date_input(
            "Referred on", client.referred_on, _OLDEST, today, format="YYYY-MM-DD", key=f"{key}-referred"
        )
        main = client.main_measure
        if choices:
            main = st.selectbox(
                "Measure shown first",
                choices,
                index=choices.index(main) if main in choices else None,
                format_func=lambda one: measures[one],
                placeholder="chosen by what is on record",
                key=f"{key}-main",
            )
        sent = st.form_submit_button("Save details", type="primary", key=f"{key}-save")
        st.text(f"for {whose}")
    return ClientEdit(name, born_on, referred_on, main, client.version) if sent else None
