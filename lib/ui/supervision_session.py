"""Supervision session: what was spoken of and agreed with a therapist, and earlier steps looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services import supervision
from lib.services.supervision import CaseComment
from lib.ui import (
    app_context,
    errors,
    export_button,
    fresh,
    gate,
    plain,
    plain_table,
    supervision_step_form,
    words,
)

_OPEN = "supervision-session-open"


def show(actor: Actor, therapists: Mapping[int, str], now: datetime) -> None:
    """Closed, one button; open, the form and the sessions held so far."""
    more = st.expander("Supervision sessions", key=_OPEN, on_change="rerun", icon=":material/groups:")
    if not more.open:
        return
    with more:
        therapist_id = st.selectbox(
            "With",
            list(therapists),
            format_func=lambda one: plain.as_option(therapists[one]),
            key="session-with",
            width=320,
        )
        if therapist_id is None:
            return
        with errors.shown_to_the_user(), app_context.reading() as session:
            waiting = supervision.to_look_at(session, actor, therapist_id, now)
            held = [
                one for one in supervision.meetings(session, actor, now) if one.meeting.therapist_id == therapist_id
            ]
        export_button.meeting_report(therapist_id)
        _ask(therapist_id, waiting, now)
        _show_held(held, now)


def _ask(therapist_id: int, waiting: list[CaseComment], now: datetime) -> None:
    told = {one.id: _in_words(one, now) for one in waiting}
    spoken = [one.id for one in waiting if one.meeting_id is None]
    steps = [one.id for one in waiting if one.is_open_step]
    with st.form(f"session-{therapist_id}", border=False):
        with st.container(horizontal=True):
            held_on = st.date_input("Held on", now.date(), max_value=now.date(), format="YYYY-MM-DD", width=170)
            cases = (
                st.multiselect("Cases spoken of", spoken, spoken, format_func=lambda one: plain.as_option(told[one]))
                if spoken
                else []
            )
        if not waiting:
            st.text("A case is named here once you commented on it: choose its row above.")
        done = _look_again(steps, told)
        summary = st.text_area("What was agreed", height=80, key=fresh.key(f"session-agreed-{therapist_id}"))
        sent = st.form_submit_button("Record the session", type="primary", icon=":material/save:")
    if not sent or held_on is None:
        return
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        supervision.hold_meeting(session, actor, therapist_id, held_on, summary, cases, done, now)
    fresh.begin_again(f"session-agreed-{therapist_id}")
    st.rerun()


def _look_again(steps: list[int], told: dict[int, str]) -> list[int]:
    """Every open step in words, so that none is forgotten; a tick says that it is done."""
    if not steps:
        return []
    st.text("To look at again; tick what is done:")
    return [one for one in steps if st.checkbox(plain.as_label(told[one]), key=f"session-step-{one}")]


def _in_words(one: CaseComment, now: datetime) -> str:
    due = f", due {words.day(one.due_on, now.date())}" if one.due_on and one.is_open_step else ""
    said = supervision_step_form.said_in_words(one, words.day(one.said_done_on, now.date()))
    what = f"{one.client_code}: {one.agreed_step or one.comment}"[:90] + due
    return f"{what} ({said})"[:200] if said else what


def _show_held(held: list[supervision.MeetingView], now: datetime) -> None:
    if not held:
        st.text("No session with this therapist is recorded yet.")
        return
    rows = [
        plain_table.plain_row(
            {
                "Held": words.day(one.meeting.held_on, now.date()),
                "Agreed": one.meeting.summary,
                "Cases": ", ".join(sorted({case.client_code for case in one.cases})),
                "Steps still open": str(sum(case.is_open_step for case in one.cases)),
            }
        )
        for one in held
    ]
    plain_table.show(
        rows, ["Held", "Agreed", "Cases", "Steps still open"], "Held", "Sessions held", "sessions-held", wide="Agreed"
    )  # fmt: skip
