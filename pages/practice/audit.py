"""Audit log: who did what, when, to which client's record. Never what a record says."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import audit_log
from lib.ui import app_context, errors, gate, practice_audit

actor = gate.require(Permission.VIEW_AUDIT_LOG)

st.title("Audit log")
client_code, before = practice_audit.ask_what()

with errors.shown_to_the_user(), app_context.reading() as session:
    events = audit_log.latest_events(session, actor, client_code=client_code, before=before)

practice_audit.show(events)
practice_audit.verification(actor)
