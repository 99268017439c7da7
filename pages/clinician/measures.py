"""Measures: a questionnaire typed in, or a growth marker rated, for the client whose record is open."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, client_header, gate, marker_screen, measure_screen, questionnaire_links

actor = gate.require(Permission.WRITE_CLINICAL_RECORD)
identity = client_choice.open_identity(actor, "Measures")

with st.container(key="pagetitle"):
    st.title("Measures", anchor=False)
client_header.show(identity, app_context.today())
what = measure_screen.ask_what(identity.client_id)
if what == "Marker rating":
    marker_screen.show(actor, identity)
elif what == "Ask the client":
    questionnaire_links.show(actor, identity)
else:
    measure_screen.enter_form(actor, identity)
