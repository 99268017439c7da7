"""Settings form: name, letterhead, crisis contacts with the day somebody made sure of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib.services import practice
from lib.services.practice import CrisisContact, PracticeSettings
from lib.ui import app_context, done_words, errors
from lib.ui.gate import the_actor

_COLUMNS = {"name": "Who", "number": "Number", "hours": "When", "confirmed_on": "Confirmed on"}


def show(settings: PracticeSettings, today: date) -> None:
    """One form for everything. The version it was read at goes back with it."""
    done_words.show("settings")
    _outdated(settings, today)
    with st.form(f"settings_{settings.version}", border=False), st.container(width=900):
        name = st.text_input("Name of the practice", settings.practice_name, max_chars=200)
        lines = st.text_area(
            "Letterhead of documents, up to six lines", "\n".join(settings.letterhead), height=130, max_chars=1300
        )
        st.header("Crisis contacts")
        st.text(
            "Printed in relapse-prevention plans, and only within 90 days of the day somebody called or looked it up. "
            "Add a row below; empty rows are left out."
        )
        edited = _contacts_editor(settings, today)
        is_checked = st.checkbox("Every number in this list was called or looked up today")
        if not st.form_submit_button("Save the settings", type="primary"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        contacts = [contact for row in edited.to_dict("records") if (contact := _contact(row)) is not None]
        if is_checked:
            contacts = [replace(contact, confirmed_on=today) for contact in contacts]
        practice.change_settings(
            session, actor, name, lines.splitlines(), contacts, settings.version, app_context.now()
        )
    done_words.keep("settings", "The settings are saved.")
    st.rerun()


def _contacts_editor(settings: PracticeSettings, today: date) -> pd.DataFrame:
    return st.data_editor(
        _table(settings),
        num_rows="dynamic",
        hide_index=True,
        key=f"contacts_{settings.version}",
        column_config={
            **{key: st.column_config.TextColumn(title, max_chars=200) for key, title in _COLUMNS.items()},
            "confirmed_on": st.column_config.DateColumn("Confirmed on", max_value=today, format="YYYY-MM-DD"),
        },
    )


def _outdated(settings: PracticeSettings, today: date) -> None:
    old = [one for one in settings.crisis_contacts if not practice.is_confirmed(one, today)]
    if not settings.crisis_contacts:
        st.text("▲ No crisis contact is entered. Plans say so in place of a number.")
    elif old:
        st.text(f"▲ Not confirmed within 90 days, so not printed: {', '.join(one.name for one in old)}")


def _table(settings: PracticeSettings) -> pd.DataFrame:
    rows = [[getattr(one, key) for key in _COLUMNS] for one in settings.crisis_contacts]
    table = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    return table.astype({"name": "str", "number": "str", "hours": "str"}).assign(
        confirmed_on=pd.to_datetime(table["confirmed_on"])
    )


def _contact(row: dict[str, Any]) -> CrisisContact | None:
    """A row of the table as a contact; None for one left empty."""
    name, number, hours = (("" if pd.isna(row[key]) else str(row[key])).strip() for key in ("name", "number", "hours"))
    if not (name or number or hours):
        return None
    on = row["confirmed_on"]
    return CrisisContact(name, number, hours, None if pd.isna(on) else pd.Timestamp(on).date())
