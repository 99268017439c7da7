"""Client: one person's course, what is open, and the way to notes, scores, ratings and closure."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import client_record, entries
from lib.ui import app_context, client_choice, client_screen, client_supervision, errors, gate, state

actor = gate.require(Permission.VIEW_CLIENT)
client_id = state.open_client_id()
if client_id is None:
    client_choice.show_nobody(actor)
    st.stop()

now, definitions = app_context.now(), app_context.definitions()
with errors.shown_to_the_user(), app_context.reading() as session:
    overview = client_record.client_overview(session, actor, client_id, now, definitions)
    record = entries.attachment_record(session, actor, client_id, now)

client_supervision.note_look(actor, client_id, now)
client_screen.show(actor, overview, record, now)
client_supervision.show(actor, client_id, now)
