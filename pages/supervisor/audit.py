"""Audit: whether records hold and the process was kept, by therapist and period, and a random sample of files."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import record_audit
from lib.services.record_audit import Period
from lib.ui import app_context, audit_screen, errors, gate

actor = gate.require(Permission.VIEW_SUPERVISED_PROGRESS)
now = app_context.now()

st.title("Audit of records and process", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    section = audit_screen.ask_section()
    starts_on, ends_on = audit_screen.ask_period(now.date())

with errors.shown_to_the_user(), app_context.reading() as session:
    asked_for = audit_screen.ASKED_FOR.get(section, ())
    figures = record_audit.team_figures(session, actor, Period(starts_on, ends_on), now, asked_for)

audit_screen.show(actor, figures, section, now)
