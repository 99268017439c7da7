"""Signing a note: the client, the words, what the signature means, and the password, on one sheet."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.notes import COSIGNATURE_MEANING, SIGNATURE_MEANING
from lib.domain.people import Actor
from lib.services import notes
from lib.services.notes import NoteText
from lib.storage.access_queries import ClientFacts
from lib.ui import app_context, errors, gate, note_view, sheet, words
from lib.ui.note_acts import act, password_field, problem


def name_of(note_id: int) -> str:
    """The sheet of this note, as it is asked for."""
    return f"sign-note-{note_id}"


@st.dialog("Sign this note", width="large", on_dismiss=sheet.put_away)
def sign(client: ClientFacts, note_id: int) -> None:
    """Show the text as it stands in the database now. The button signs the text that this run has shown."""
    note = _shown(client, note_id)
    st.text(f"Your signature means: {SIGNATURE_MEANING} After it the text cannot change; corrections are addenda.")
    if gate.the_actor().is_trainee:
        st.text("Your supervisor co-signs it next.")
    _sheet(note, "Sign", is_cosignature=False)


@st.dialog("Co-sign this note", width="large", on_dismiss=sheet.put_away)
def cosign(client: ClientFacts, note_id: int) -> None:
    """A trainee's signed note, for the supervisor's signature beneath it."""
    note = _shown(client, note_id)
    st.text(f"Signed by {note.signed_by}, {note_view.moment(note.signed_at)}.")
    st.text(f"Your signature means: {COSIGNATURE_MEANING}")
    _sheet(note, "Co-sign", is_cosignature=True)


def _shown(client: ClientFacts, note_id: int) -> NoteText:
    """The note read anew, with its client. Closes the sheet once it is signed."""
    if not sheet.is_open(name_of(note_id)):
        st.rerun()
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        note = notes.note_of_client(session, actor, note_id, client.client_id, app_context.now())
    with st.container(key=f"strong-sign-{note.id}"):
        st.text(f"{client.name or client.code} · {client.code} · {words.born(client.born_on, app_context.today())}")
    with st.container(key=f"quiet-sign-{note.id}"):
        st.text(f"{note.format_words} · {note.compartment} note · session of {words.full_day(note.dated_on)}")
    with st.container(height=260):
        note_view.plain(note.text or "", f"to-sign-{note.id}")
    return note


def _sheet(note: NoteText, label: str, *, is_cosignature: bool) -> None:
    with st.form(f"sign-{note.client_id}-{note.id}", border=False):
        password_field(f"sign-password-{note.id}")
        st.form_submit_button(label, type="primary", on_click=_sign, args=(note, is_cosignature))
    problem(f"sign-{note.id}")


def _sign(shown: NoteText, is_cosignature: bool) -> None:
    password = st.session_state.get(f"sign-password-{shown.id}") or ""
    put = notes.cosign_note if is_cosignature else notes.sign_note

    def put_signature(session: Session, actor: Actor) -> bool:
        put(
            session, actor, shown.id, shown.client_id, password, shown.text_sha256, app_context.now(),
            definitions=app_context.definitions(),
        )  # fmt: skip
        return True

    if act(f"sign-{shown.id}", put_signature):
        sheet.put_away()
