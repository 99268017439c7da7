"""Signing a note: the client, the words, what the signature means, and the password, on one sheet."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.notes import SIGNATURE_MEANING
from lib.domain.people import Actor
from lib.services import notes
from lib.services.notes import NoteText
from lib.storage.access_queries import ClientFacts
from lib.ui import app_context, errors, note_forms, note_view, words


@st.dialog("Sign this note", width="large")
def sign(actor: Actor, client: ClientFacts, note_id: int) -> None:
    """Show the text as it stands in the database now. The button signs the text that this run has shown."""
    if st.session_state.pop(f"signed-{note_id}", False):
        st.rerun()
    with errors.shown_to_the_user(), app_context.writing() as session:
        note = notes.note_of_client(session, actor, note_id, client.client_id, app_context.now())
    _who(client, note)
    with st.container(height=260):
        note_view.plain(note.text or "", f"to-sign-{note.id}")
    st.text(f"Your signature means: {SIGNATURE_MEANING} After it the text cannot change; corrections are addenda.")
    if actor.is_trainee:
        st.text("Your supervisor co-signs it next.")
    with st.form(f"sign-{note.client_id}-{note.id}", border=False):
        if app_context.is_demonstration():
            st.text("In the demonstration no password is asked; in a practice it is asked again here.")
        else:
            st.text_input("Your password", type="password", key=f"sign-password-{note.id}")
        st.form_submit_button("Sign", type="primary", on_click=_sign, args=(note,))
    note_forms.problem(f"sign-{note.id}")


def _who(client: ClientFacts, note: NoteText) -> None:
    with st.container(key=f"strong-sign-{note.id}"):
        st.text(f"{client.name or client.code} · {client.code} · {words.born(client.born_on, app_context.today())}")
    with st.container(key=f"quiet-sign-{note.id}"):
        st.text(f"{note.format.upper()} · {note.compartment} note · session of {words.full_day(note.dated_on)}")


def _sign(shown: NoteText) -> None:
    password = st.session_state.get(f"sign-password-{shown.id}") or ""

    def put_signature(session: Session, actor: Actor) -> bool:
        notes.sign_note(
            session, actor, shown.id, shown.client_id, password, shown.text_sha256, app_context.now(),
            definitions=app_context.definitions(),
        )  # fmt: skip
        return True

    if note_forms.act(f"sign-{shown.id}", put_signature):
        st.session_state[f"signed-{shown.id}"] = True
