"""Process notes: who else may read one, for how long and why; and those that somebody opened to you."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import gate, process_screen

actor = gate.require(Permission.VIEW_OWN_ACCOUNT)

st.title("Process notes")

process_screen.show(actor)
