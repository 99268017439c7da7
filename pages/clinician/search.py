"""Search: words in the progress notes of one's clients, each hit with its client and day."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import gate, note_search_screen, state

actor = gate.require(Permission.VIEW_CLIENT)

st.title("Search notes")

note_search_screen.show(actor, state.open_client_id())
