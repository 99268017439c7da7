"""Caseload screen: who needs me today and why, then every client in one table, and what to do when there is none."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services import clients
from lib.ui import (
    app_context,
    attention_rows,
    caseload_table,
    client_forms,
    empty_states,
    errors,
    navigation,
    screen_width,
    state,
    supervision_today,
    words,
)
from lib.ui.caseload_table import Standings
from lib.ui.supervision_today import FromSupervision

_CLIENT_PAGE = "pages/clinician/client.py"
_ADDING = "adding-client-now"


def show(actor: Actor, standings: Standings, waiting: FromSupervision, now: datetime) -> None:
    """The whole screen. `standings` are the clients the actor owns or covers today, `waiting` is from supervision."""
    today, narrow = now.date(), screen_width.is_narrow()
    rows = attention_rows.rows_of(standings, today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title("Who needs me today")
        with st.container(key="quiet-today", width="content"):
            clients_told = f"{len(rows):,} of {words.count(len(standings), 'client')}"
            st.text(f"{words.long_day(today)} · {clients_told}" if standings else words.long_day(today))
    if not standings:
        _show_nobody_yet()
    elif not rows:
        _show_nobody_waiting(len(standings), bool(waiting.came_back), now)
    else:
        attention_rows.show(rows, today)
    supervision_today.show(waiting, now)
    if standings:
        _show_table(standings, now, narrow)
    _add_client(actor, now, at_once=not standings)


def _show_nobody_yet() -> None:
    empty_states.show(
        "first-day",
        "Caseload, first day",
        "No clients yet.",
        "Add the first by hand below, or bring in a file; you see every row before it is saved.",
        "Import files",
        ":material/upload_file:",
        "pages/clinician/import_files.py",
    )


def _show_nobody_waiting(count: int, has_returned_work: bool, now: datetime) -> None:
    """Never said of everybody where a supervisor waits for work to be mended."""
    with st.container(key="strong-nobody"):
        st.text("No client is waiting on you." if has_returned_work else "Nobody is waiting on you.")
    st.text(f"Checked {now:%H:%M}: {words.count(count, 'client')}, no open flag, nothing overdue.")


def _show_table(standings: Standings, now: datetime, narrow: bool) -> None:
    page = 0
    if len(standings) > caseload_table.PAGE:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
            _find(standings)
            page = caseload_table.ask_page(len(standings))
    markers = app_context.definitions().model.markers
    chosen = caseload_table.show(standings, markers, now.date(), narrow, page)
    if chosen is not None:
        _open(chosen)


def _find(standings: Standings) -> None:
    """A client of a list of several pages, found by name or code; in a list of one page the table itself finds."""
    told = {
        client_id: f"{detail.name} · {detail.code}" if detail.name else detail.code for client_id, detail in standings
    }
    found = st.selectbox(
        "Find a client",
        list(told),
        index=None,
        format_func=lambda one: told[one],
        placeholder="Find by name or code",
        key="caseload-find",
        label_visibility="collapsed",
        width=210,
    )
    if found is not None:
        _open(found)


def _open(client_id: int) -> None:
    state.open_client(client_id)
    navigation.open_page(_CLIENT_PAGE)


def _add_client(actor: Actor, now: datetime, at_once: bool) -> None:
    """A button, and the form only when it was pressed: its date fields are the heaviest things on this page."""
    if not (at_once or st.session_state.get(_ADDING)):
        st.button("Add a client", icon=":material/person_add:", key="add-client", on_click=_set_adding, args=(True,))
        return
    with st.container(border=True, key="adding-client"):
        st.header("Add a client")
        new = client_forms.ask_new_client(now.date())
        if not at_once:
            st.button("Not now", key="add-client-not-now", on_click=_set_adding, args=(False,))
    if new is None:
        return
    with errors.shown_to_the_user(), app_context.writing() as session:
        client_id = clients.create_client(session, actor, new.code, new.name, new.born_on, new.referred_on, now)
    _set_adding(False)
    _open(client_id)


def _set_adding(adding: bool) -> None:
    st.session_state[_ADDING] = adding
