"""Break-glass form: one client's record for an hour, for a reason that is kept, after the password again."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services import break_glass
from lib.services.break_glass import LONGEST_REASON, ReasonedReading
from lib.ui import app_context, errors, fresh, gate, navigation, state


def show(actor: Actor, now: datetime) -> None:
    """What is open, and the form for another."""
    with errors.shown_to_the_user(), app_context.reading() as session:
        held = break_glass.open_readings(session, actor, now)
    st.text(
        "For an emergency, or a duty that cannot wait for the therapist. It opens everything but process notes, to read"
        " only, for one hour. The therapist is told who read and why, and it stands out in the log."
    )
    for one in held:
        _show_open(one, now)
    with st.form("with-a-reason", border=False):
        code = st.text_input("Client's code", key=fresh.key("reason-code"), width=260)
        reason = st.text_area(
            "Reason, which the therapist will read", max_chars=LONGEST_REASON, height=80, key=fresh.key("reason-words")
        )
        password = st.text_input("Your password again", type="password", key=fresh.key("reason-password"), width=260)
        sent = st.form_submit_button("Open for an hour", icon=":material/lock_open:")
    if not sent:
        return
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        break_glass.open_with_a_reason(session, actor, code.strip(), reason, password, now)
    fresh.begin_again("reason-code", "reason-words", "reason-password")
    st.rerun()


def _show_open(one: ReasonedReading, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"row-reading-{one.id}"):
        st.text(f"{one.client_code} {one.client_name} · until {one.ends_at.astimezone(now.tzinfo):%H:%M}")
        if st.button("Open the record", key=f"reading-open-{one.id}"):
            state.open_client(one.client_id)
            navigation.open_page("pages/clinician/client.py")
        if not st.button("End it now", key=f"reading-end-{one.id}"):
            return
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        break_glass.end_reading(session, actor, one.id, now)
    if state.open_client_id() == one.client_id:
        state.open_client(None)
    st.rerun()
