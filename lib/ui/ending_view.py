"""Ending view: an open course with its readiness and the way to close it; a closed one with what comes after."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.endings import WAY_WORDS
from lib.domain.people import Actor
from lib.services import endings
from lib.services.endings import Closed, Ending
from lib.ui import app_context, check_in_view, ending_forms, errors, plain_table, readiness_view, words
from lib.ui.client_header import Identity
from lib.ui.ending_words import DECIDED_WORDS, KIND_WORDS


def show(actor: Actor, identity: Identity) -> None:
    """Everything about the ending of this client's newest course of therapy."""
    client_id, now = identity.client_id, app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        ending = endings.ending_of(session, actor, client_id, now)
    today = now.date()
    if ending.number == 0:
        st.text("No course of therapy was begun for this client yet.")
        if ending.may_close:
            ending_forms.ask_to_begin(identity, ending, today)
    elif ending.closed is None:
        readiness_view.show(actor, identity)
        _show_outreach(ending, client_id, today)
        if ending.may_note:
            ending_forms.ask_outreach(identity, today)
        if ending.may_close:
            ending_forms.ask_to_close(identity, ending, today)
    else:
        _show_closed(ending, ending.closed, client_id, today)
        check_in_view.show(actor, identity)
        _show_outreach(ending, client_id, today)
        if ending.may_note:
            ending_forms.ask_outreach(identity, today)
        if ending.may_close:
            ending_forms.ask_to_begin(identity, ending, today)


def _show_closed(ending: Ending, closed: Closed, client_id: int, today: date) -> None:
    kind = KIND_WORDS[closed.kind] if closed.kind else "kind of ending not said"
    st.header("Course closed", anchor=False)
    with st.container(key=f"strong-closed-{client_id}"):
        sudden = ", without a planned ending" if closed.is_sudden else ""
        st.text(f"Episode {ending.number} ended {words.day(closed.ended_on, today)} · {kind}{sudden}")
    if closed.decided_by:
        st.text(f"Decided by: {DECIDED_WORDS[closed.decided_by]}")
    st.text(closed.reason or "No reason is on record.")
    if closed.not_done:
        st.text(f"Not done: {closed.not_done}")
    if closed.closed_over:
        st.text(f"Closed although: {' '.join(closed.closed_over)} Because: {closed.over_reason}")
    with st.container(key=f"quiet-closed-{client_id}"):
        st.text(
            "The record is read-only. Check-ins, outreach, answers to flags, addenda and documents go on;"
            " to work on, begin a new episode."
        )


def _show_outreach(ending: Ending, client_id: int, today: date) -> None:
    if not ending.outreach:
        return
    rows = [
        plain_table.plain_row(
            {
                "Day": words.day(one.tried_on, today),
                "How": WAY_WORDS[one.how],
                "What came of it": one.what,
                "By": one.by,
            }
        )
        for one in ending.outreach
    ]
    st.header("Outreach", anchor=False)
    plain_table.show(rows, ("Day", "How", "What came of it", "By"), "Day", "Tries to reach the client",
                     f"outreach-{client_id}")  # fmt: skip
