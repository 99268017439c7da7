"""Measures: a questionnaire typed in, or a growth marker rated, for the client whose record is open."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, client_header, gate, measure_screen

actor = gate.require(Permission.WRITE_CLINICAL_RECORD)
identity = client_choice.open_identity(actor)

with st.container(key="pagetitle"):
    st.title("Measures", anchor=False)
client_header.show(identity, app_context.today())
if measure_screen.ask_what(identity.client_id) == "Marker rating":
    measure_screen.rate_marker(actor, identity)
else:
    measure_screen.enter_form(actor, identity)
