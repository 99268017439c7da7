"""Ending: the reasons for and against it side by side, and what was decided."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, client_header, gate, readiness_view

actor = gate.require(Permission.VIEW_CLIENT)
identity = client_choice.open_identity(actor)

with st.container(key="pagetitle"):
    st.title("Ending", anchor=False)
client_header.show(identity, app_context.today())
readiness_view.show(actor, identity)
