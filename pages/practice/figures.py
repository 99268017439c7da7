"""Practice figures: how clients fare over the whole practice, without any name."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import progress
from lib.ui import app_context, errors, gate, practice_figures_view

actor = gate.require(Permission.VIEW_PRACTICE_FIGURES)

st.title("Figures of the practice", anchor=False)
with errors.shown_to_the_user(), app_context.reading() as session:
    figures = progress.practice_figures(session, actor)

practice_figures_view.show(actor, figures)
