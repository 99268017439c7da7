"""Own figures: how a therapist's own clients fare, and whether their records hold. For nobody to be compared by."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import record_audit
from lib.ui import app_context, audit_screen, errors, gate, progress_screen

actor = gate.require(Permission.VIEW_OWN_FIGURES)
now = app_context.now()

st.title("My own figures", anchor=False)
progress_screen.show_own(actor, now)
st.header("Records and process", anchor=False)
starts_on, ends_on = audit_screen.ask_period(now.date())

with errors.shown_to_the_user(), app_context.reading() as session:
    figures = record_audit.own_figures(session, actor, starts_on, ends_on, now)

audit_screen.show_own(figures, now.date())
