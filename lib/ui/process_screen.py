"""Process screen: grants for process notes, given and taken back. No note's words are here, but those opened to you."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.people import Actor, Role
from lib.services import notes, process_grants
from lib.services.process_grants import NoteWithGrants
from lib.storage.process_grant_records import Grant, ProcessNote
from lib.ui import app_context, errors, gate, navigation, note_view, plain_table, words
from lib.ui.note_acts import act, password_field, problem
from lib.ui.plain_table import Cell, Kind, Row

OPEN = "process-note-open"  # the note whose grants are shown; another page may set it before it opens this one


def way_in() -> None:
    """The way here from the own account."""
    st.header("Process notes")
    st.page_link(str(navigation.ROOT / "pages/account/process_notes.py"), label="Who else may read a process note")


def show(actor: Actor) -> None:
    """What was opened to this person; what they wrote; and, for a practice admin, the way of a legal reason."""
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        granted = process_grants.granted_process_notes(session, actor, now)
        own = process_grants.own_process_notes(session, actor)
    _granted(granted)
    if Role.THERAPIST in actor.roles:
        st.header("Yours")
        st.text("Only you read a process note, while the client is yours. After a transfer it is sealed, also to you.")
        _choose(own, "own", "You have written no process note.")
    if Role.PRACTICE_ADMIN in actor.roles:
        _for_a_legal_reason(actor)


def _granted(granted: Sequence[ProcessNote]) -> None:
    if not granted:
        return
    st.header("Opened to you")
    for one in granted:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width=420):
                st.text(f"{one.code} · {words.day(one.dated_on, app_context.today())} · {one.author}")
            pressed = st.button("Read it", key=f"read-process-{one.client_id}-{one.note_id}")
        if pressed:
            actor = gate.the_actor()
            with errors.shown_to_the_user(), app_context.writing() as session:
                note = notes.note_of_client(session, actor, one.note_id, one.client_id, app_context.now())
            note_view.show_text(note)


def _for_a_legal_reason(actor: Actor) -> None:
    st.header("With a legal reason")
    st.text(
        "As practice admin you may open a process note to one person, where the law asks for it. You do not read it."
    )
    code = st.text_input("Client code", key="process-client-code", width=220).strip()
    if not code:
        return
    with errors.shown_to_the_user(), app_context.writing() as session:
        found = process_grants.process_notes_about(session, actor, code, app_context.now())
    _choose(found, "admin", "There is no process note about a client of this code.")


def _choose(listed: Sequence[NoteWithGrants], place: str, none: str) -> None:
    """The notes without their words; the chosen one's grants below."""
    if not listed:
        st.text(none)
        return
    today = app_context.today()
    columns = ("Day", "Client", "Written by", "May read it now")
    rows = [
        Row(
            {
                "Day": Cell(words.day(one.note.dated_on, today)),
                "Client": Cell(one.note.code),
                "Written by": Cell(one.note.author, Kind.MUTED),
                "May read it now": Cell(", ".join(g.reader for g in one.grants if _holds(g)) or "nobody else"),
            },
            str(one.note.note_id),
        )
        for one in listed
    ]
    chosen = plain_table.show(
        rows, columns, "Day", "Process notes; choose one to open it to somebody", f"process-{place}"
    )
    if chosen is not None:
        st.session_state[OPEN] = int(chosen)
    held = next((one for one in listed if one.note.note_id == st.session_state.get(OPEN)), None)
    if held is not None:
        _grants(held, place)


def _holds(grant: Grant) -> bool:
    return grant.revoked_at is None and grant.starts_on <= app_context.today() <= grant.ends_on


def _grants(held: NoteWithGrants, place: str) -> None:
    today, note = app_context.today(), held.note
    with st.container(border=True, key=f"grants-{place}-{note.note_id}"):
        with st.container(key=f"strong-grants-{place}-{note.note_id}"):
            st.text(f"Process note of {words.full_day(note.dated_on)} about {note.code}")
        for grant in held.grants:
            with st.container(horizontal=True, vertical_alignment="center"):
                ended = f" · revoked {note_view.moment(grant.revoked_at)}" if grant.revoked_at else ""
                days = f"{words.day(grant.starts_on, today)} to {words.day(grant.ends_on, today)}"
                st.text(f"{grant.reader} · {days} · by {grant.granted_by}: {grant.reason}{ended}")
                if grant.revoked_at is None and grant.ends_on >= today:
                    st.button("Revoke", key=f"revoke-{place}-{grant.id}", on_click=_revoke, args=(grant.id,))
        problem("process-revoke")
        _grant_form(note, place)


def _grant_form(note: ProcessNote, place: str) -> None:
    today, key = app_context.today(), f"{place}-{note.note_id}"
    with app_context.reading() as session:
        people = {one[0]: f"{one[1]} · {one[2]}" for one in process_grants.possible_readers(session, gate.the_actor())}
    with st.form(f"grant-{key}", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("Who may read it", list(people), index=None, format_func=people.__getitem__,
                         key=f"grant-reader-{key}", width=320, placeholder="one person")  # fmt: skip
            st.date_input("From", today, min_value=today, format="YYYY-MM-DD", key=f"grant-from-{key}", width=150)
            st.date_input("Until", today + timedelta(days=7), min_value=today, format="YYYY-MM-DD",
                          key=f"grant-until-{key}", width=150)  # fmt: skip
        st.text_input("Legal reason" if place == "admin" else "Why", key=f"grant-reason-{key}", max_chars=500)
        password_field(f"grant-password-{key}")
        st.form_submit_button("Let them read this note", on_click=_grant, args=(note.note_id, key))
    problem(f"grant-{key}")


def _grant(note_id: int, key: str) -> None:
    held = {name: st.session_state.get(f"grant-{name}-{key}") for name in ("reader", "from", "until", "reason")}
    password = st.session_state.get(f"grant-password-{key}") or ""
    today = app_context.today()

    def let_in(session: Session, actor: Actor) -> int:
        return process_grants.grant_reading(
            session, actor, note_id, held["reader"] or 0, held["from"] or today, held["until"] or today,
            held["reason"] or "", password, app_context.now(),
        )  # fmt: skip

    act(f"grant-{key}", let_in)


def _revoke(grant_id: int) -> None:
    def take_back(session: Session, actor: Actor) -> None:
        process_grants.revoke_grant(session, actor, grant_id, app_context.now())

    act("process-revoke", take_back)
