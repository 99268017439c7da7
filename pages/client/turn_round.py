"""Turn it round: what may be shown is chosen, and then the client reads their own progress on the same screen."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import client_choice, gate, state, turn_round_screen

actor = gate.require(Permission.WRITE_CLINICAL_RECORD)
client_id = state.open_client_id()
if client_id is None:
    client_choice.show_nobody(actor)
    st.stop()

turn_round_screen.show(actor, client_id)
