"""Ending: reasons for and against it, how a course is closed, and the check-ins that come after."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, client_header, ending_view, gate

actor = gate.require(Permission.VIEW_CLIENT)
identity = client_choice.open_identity(actor, "Ending")

with st.container(key="pagetitle"):
    st.title("Ending", anchor=False)
client_header.show(identity, app_context.today())
ending_view.show(actor, identity)
