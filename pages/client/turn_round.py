"""Turn it round: what may be shown is chosen, and then the client reads their own progress on the same screen."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, gate, state, turn_round_screen

actor = gate.require(Permission.WRITE_CLINICAL_RECORD)
turned_to = app_context.turned_to()
if turned_to is not None:
    turn_round_screen.show_clients_own(actor, turned_to)
    st.stop()

client_id = state.open_client_id()
if client_id is None:
    client_choice.show_nobody(actor, "Turn it round")
    st.stop()

turn_round_screen.show_choice(actor, client_id)
