"""Instruments: what the practice measures with, its keys and figures with their sources, and what the practice adds."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import instruments
from lib.ui import app_context, errors, gate, instrument_screen

actor = gate.require(Permission.VIEW_INSTRUMENTS)

st.title("Instruments")
shipped = app_context.shipped_definitions()

with errors.shown_to_the_user(), app_context.reading() as session:
    listed = instruments.instruments_of_practice(session, actor, shipped)

instrument_screen.show(listed, may_change=actor.has(Permission.MANAGE_SETTINGS))
