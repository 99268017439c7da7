"""Session note: write down a session within two minutes of it, and read what was written before."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import notes
from lib.ui import app_context, errors, gate, note_desk, note_editor, state

actor = gate.require(Permission.WRITE_CLINICAL_RECORD)
client_id = state.open_client_id()

st.title("Session note")

with errors.shown_to_the_user(), app_context.reading() as session:
    choices = notes.clients_to_write_for(session, actor, app_context.now())

note_desk.choose_client(choices, client_id)
if client_id is None:
    note_editor.deliver_unsaved(actor)
    note_desk.waiting(choices)
    st.stop()

note_desk.show(actor, note_desk.read_desk(actor, client_id), choices)
