"""Evidence: a signed note read for markers and signs, suggestion by suggestion; only what is confirmed counts."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, client_header, evidence_screen, gate

actor = gate.require(Permission.VIEW_CLIENT)
identity = client_choice.open_identity(actor, "Evidence in notes")

with st.container(key="pagetitle"):
    st.title("Evidence in notes", anchor=False)
client_header.show(identity, app_context.today())
evidence_screen.show(actor, identity.client_id)
