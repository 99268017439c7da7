"""Clients as the practice admin sees them: name, code and who has them. Nothing else about them is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from lib.domain.people import Role
from lib.services import people
from lib.services.people import ClientList
from lib.storage.account_queries import PersonRow
from lib.storage.people_queries import ClientAssignmentRow, CoverRow
from lib.ui import app_context, done_words, errors, plain_table, words
from lib.ui.gate import the_actor
from lib.ui.practice_supervision import with_role

_SEARCH = "client_search"
_COLUMNS = ("Code", "Name", "Therapist", "Since")


def ask_for_search() -> str:
    """What was typed into the search under Clients; read before the list is."""
    held = st.session_state.get(_SEARCH, "")
    return held if isinstance(held, str) else ""


def show(clients: ClientList, covers: Sequence[CoverRow], everybody: Sequence[PersonRow], today: date) -> None:
    """The search, the list, and giving clients to therapists."""
    st.text_input("Find by code or name", key=_SEARCH, max_chars=100)
    st.text(_count_words(clients))
    if not clients.rows:
        return
    rows = [_row(one, today) for one in clients.rows]
    plain_table.show(rows, _COLUMNS, "Code", "Clients and who has them", "practice-clients")
    therapists = with_role(everybody, Role.THERAPIST)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Assign or transfer")
        _hand_over(clients.rows, therapists)
        done_words.show("hand-over")
    with right:
        st.header("Cover for some days")
        _cover(clients.rows, therapists, today)
        done_words.show("cover")
        for one in covers:
            _show_cover(one, today)


def _show_cover(one: CoverRow, today: date) -> None:
    """One cover, and the way to end it before its last day."""
    until = words.day(one.ends_on, today) if one.ends_on else "open"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{one.client_code}: {one.therapist_name}, {words.day(one.starts_on, today)} to {until}")
        if not st.button("End it now", key=f"end-cover-{one.assignment_id}"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        people.end_assignment(session, actor, one.assignment_id, today - timedelta(days=1), app_context.now())
    done_words.keep("cover", f"The cover of {one.client_code} by {one.therapist_name} has ended.")
    st.rerun()


def _count_words(clients: ClientList) -> str:
    nobody = f"{clients.unassigned} with no therapist" if clients.unassigned else "every client has a therapist"
    if not clients.found:
        return "No client found. Therapists add theirs under Caseload, or bring them in under Import."
    shown = (
        f"{len(clients.rows)} of {clients.found} shown"
        if len(clients.rows) < clients.found
        else f"{clients.found} found"
    )
    return f"{shown}; in the whole practice {nobody}."


def _row(one: ClientAssignmentRow, today: date) -> plain_table.Row:
    return plain_table.plain_row(
        {
            "Code": one.code,
            "Name": one.name or "not known",
            "Therapist": _owner_words(one),
            "Since": words.day(one.since, today) if one.since else "",
        }
    )


def _owner_words(row: ClientAssignmentRow) -> str:
    if row.owner_name is None:
        return "▲ nobody"
    return f"▲ {row.owner_name} (account closed)" if row.owner_is_disabled else row.owner_name


def _hand_over(rows: Sequence[ClientAssignmentRow], therapists: dict[int, str]) -> None:
    by_id = {one.client_id: one for one in rows}
    with st.form("hand_over"):
        client = st.selectbox("Client", list(by_id), None, format_func=lambda one: _client_words(by_id[one]))
        therapist = st.selectbox("To", list(therapists), None, format_func=therapists.__getitem__)
        st.text("From now on. A former therapist is out at the next action.")
        if not st.form_submit_button("Assign or transfer", type="primary"):
            return
        if client is None or therapist is None:
            st.text("Choose the client and the therapist first.")
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        act = people.assign_client if by_id[client].owner_id is None else people.transfer_client
        act(session, actor, client, therapist, app_context.now())
    done_words.keep("hand-over", _handed_over(by_id[client], therapists[therapist]))
    st.rerun()


def _handed_over(row: ClientAssignmentRow, to: str) -> str:
    who = f"{row.code}, {row.name}," if row.name else row.code
    if row.owner_name is None:
        return f"{who} is with {to} from now on."
    return f"{who} went from {row.owner_name} to {to}; {row.owner_name} has no sight of the record any more."


def _cover(rows: Sequence[ClientAssignmentRow], therapists: dict[int, str], today: date) -> None:
    by_id = {one.client_id: one for one in rows}
    with st.form("cover"):
        client = st.selectbox("Client", list(by_id), None, format_func=lambda one: _client_words(by_id[one]))
        therapist = st.selectbox("Covered by", list(therapists), None, format_func=therapists.__getitem__)
        starts_on = st.date_input("First day", today, format="YYYY-MM-DD")
        ends_on = st.date_input("Last day", None, format="YYYY-MM-DD")
        if not st.form_submit_button("Enter the cover"):
            return
        if client is None or therapist is None:
            st.text("Choose the client and the therapist first.")
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        people.assign_client(
            session,
            actor,
            client,
            therapist,
            app_context.now(),
            kind="cover",
            starts_on=starts_on,
            ends_on=ends_on,
        )
    until = words.day(ends_on, today)
    done_words.keep("cover", f"{therapists[therapist]} covers {by_id[client].code} until {until}, this day included.")
    st.rerun()


def _client_words(row: ClientAssignmentRow) -> str:
    return f"{row.code} · {row.name or 'name not known'} · {row.owner_name or 'nobody'}"
