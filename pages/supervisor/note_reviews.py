"""Notes to co-sign: what one's trainees signed, read here, then co-signed or given back with a comment."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import note_reviews
from lib.ui import app_context, errors, gate, note_review_screen

actor = gate.require(Permission.VIEW_SUPERVISED_PROGRESS)

st.title("Notes to co-sign")

with errors.shown_to_the_user(), app_context.reading() as session:
    waiting = note_reviews.waiting_for_cosignature(session, actor, app_context.now())

note_review_screen.show(waiting)
