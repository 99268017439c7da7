"""Phrases: what notes are read with, how often it is confirmed, what the practice adds and mutes, what is missed."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import phrases
from lib.ui import app_context, errors, gate, phrases_screen, unflagged_screen

actor = gate.require(Permission.VIEW_PHRASES)

st.title("Phrases", anchor=False)
shipped = app_context.shipped_phrases()

with errors.shown_to_the_user(), app_context.reading() as session:
    listed = phrases.phrases_of_practice(session, actor, shipped)

browse, add, sample = st.tabs(
    ["All phrases", "Propose a phrase", "What is missed"], key="phrases-tabs", on_change="rerun"
)
if browse.open or not (add.open or sample.open):
    with browse:
        phrases_screen.show(listed, may_decide=actor.has(Permission.MANAGE_SETTINGS))
if add.open:
    with add:
        phrases_screen.propose(may_propose=actor.has(Permission.WRITE_CLINICAL_RECORD))
if sample.open:
    with sample:
        unflagged_screen.show(actor)
