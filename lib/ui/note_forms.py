"""Note forms: beginning a note, what was agreed, addenda, taking a note back. Each callback has its ids bound to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.note_tools import Template
from lib.domain.notes import Compartment, NoteFormat, NoteStatus, SessionDetails
from lib.domain.people import Actor
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.services import notes
from lib.services.notes import NotePage, NoteText
from lib.storage.note_queries import ClientChoice
from lib.ui import app_context, fresh, navigation, note_retraction, sheet
from lib.ui.note_acts import act, problem

Result = TypeVar("Result")
_OWN = "template-"  # before the id of a template, among the formats to choose from

FORMAT_WORDS = {
    NoteFormat.SOAP: "SOAP",
    NoteFormat.DAP: "DAP",
    NoteFormat.BIRP: "BIRP",
    NoteFormat.GIRP: "GIRP",
    NoteFormat.NARRATIVE: "Narrative",
}
COMPARTMENT_WORDS = {
    Compartment.PROGRESS: "Progress note: the shared record",
    Compartment.PROCESS: "Process note: yours alone",
}


def begin(page: NotePage, templates: Sequence[Template]) -> None:
    """A new note: today, as the last one was, in one press."""
    client_id, today = page.client.client_id, app_context.today()
    formats = {one.value: FORMAT_WORDS[one] for one in NoteFormat} | {f"{_OWN}{one.id}": one.name for one in templates}
    last_session = page.sessions[0] if page.sessions else None
    with st.form(f"new-note-{client_id}", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.date_input("Date", today, max_value=today, format="YYYY-MM-DD", key=f"new-date-{client_id}", width=170)
            st.selectbox(
                "Format",
                list(formats),
                index=list(formats).index(_last_format(page, templates)),
                format_func=formats.__getitem__,
                key=f"new-format-{client_id}",
                width=140,
            )
            clock_field(f"new-time-{client_id}", last_session.starts_at_time if last_session else None)
            attendance_field(f"new-attendance-{client_id}", Attendance.ATTENDED)
            minutes_field(f"new-minutes-{client_id}", last_session.minutes if last_session else 50)
            modality_field(f"new-modality-{client_id}", last_session.modality if last_session else "in person")
        st.radio(
            "Who reads it", list(Compartment), format_func=COMPARTMENT_WORDS.__getitem__,
            key=f"new-compartment-{client_id}", horizontal=True,
        )  # fmt: skip
        st.form_submit_button("Start note", type="primary", on_click=_begin, args=(client_id,))
    problem(f"new-note-{client_id}")


def _last_format(page: NotePage, templates: Sequence[Template]) -> str:
    """As the last note was written, where that is still offered."""
    if not page.notes:
        return NoteFormat.SOAP.value
    own = next((one for one in templates if one.name == page.notes[0].template), None)
    return f"{_OWN}{own.id}" if own else page.notes[0].format.value


def _begin(client_id: int) -> None:
    given = {name: st.session_state[f"new-{name}-{client_id}"] for name in ("date", "format", "compartment")}
    details = SessionDetails(
        attendance=st.session_state[f"new-attendance-{client_id}"],
        minutes=st.session_state[f"new-minutes-{client_id}"],
        modality=(st.session_state[f"new-modality-{client_id}"] or "").strip(),
        starts_at_time=clock_value(f"new-time-{client_id}"),
    )
    own = given["format"].removeprefix(_OWN) if given["format"].startswith(_OWN) else None
    note_format = NoteFormat.NARRATIVE if own else NoteFormat(given["format"])

    def start(session: Session, actor: Actor) -> int:
        return notes.start_note(
            session, actor, client_id, given["date"], note_format, given["compartment"], app_context.now(),
            details, template_id=int(own) if own else None, definitions=app_context.definitions(),
        ).note_id  # fmt: skip

    note_id = act(f"new-note-{client_id}", start)
    if note_id is not None:
        st.session_state[f"open-note-{client_id}"] = note_id
        st.session_state["focus-note"] = note_id


def afterwards(note: NoteText, choices: Sequence[ClientChoice], addendum: bool = True) -> None:
    """What may still be done with a note: add to it, or take it back from under the wrong client."""
    if note.may_be_added_to and addendum:
        with st.form(f"addendum-{note.id}", border=False):
            st.text_area("Addendum", key=fresh.key(_addendum(note)), height=100)
            st.form_submit_button("Add, and freeze it", on_click=_add, args=(note,))
        problem(f"addendum-{note.id}")
    is_process = note.compartment is Compartment.PROCESS and note.status is not NoteStatus.RETRACTED
    if is_process and st.button("Let somebody read it …", key=f"open-process-{note.id}"):
        st.session_state["process-note-open"] = note.id
        navigation.open_page("pages/account/process_notes.py")
    may_be_taken_back = note.may_be_added_to or note.may_be_written
    if may_be_taken_back and st.button("Belongs to another client …", key=f"retract-ask-{note.client_id}-{note.id}"):
        sheet.ask(note_retraction.name_of(note.id))
    if sheet.is_open(note_retraction.name_of(note.id)):
        note_retraction.retract(note, choices)
    if note.may_be_written and note.status is NoteStatus.DRAFT:
        with st.popover("Discard …", key=f"back-{note.id}"), st.form(f"discard-{note.id}", border=False):
            st.text_input("Why it goes", key=f"discard-reason-{note.id}")
            st.form_submit_button("Discard this draft", on_click=_discard, args=(note,))
        problem(f"discard-{note.id}")


def _add(note: NoteText) -> None:
    text = st.session_state[fresh.key(_addendum(note))]
    added = act(
        f"addendum-{note.id}",
        lambda session, actor: notes.add_addendum(session, actor, note.id, note.client_id, text, app_context.now()),
    )
    if added is not None:
        fresh.begin_again(_addendum(note))


def _addendum(note: NoteText) -> str:
    return f"addendum-text-{note.id}"


def _discard(note: NoteText) -> None:
    reason = st.session_state[f"discard-reason-{note.id}"]
    act(
        f"discard-{note.id}",
        lambda session, actor: notes.discard_draft(
            session, actor, note.id, note.client_id, reason, app_context.now(), definitions=app_context.definitions()
        ),
    )


def attendance_field(key: str, value: Attendance, **more: Any) -> None:
    """Attended, or how it came that not."""
    options = list(Attendance)
    st.selectbox(
        "Attendance", options, index=options.index(value), format_func=ATTENDANCE_WORDS.__getitem__, key=key,
        width=175, **more,
    )  # fmt: skip


def minutes_field(key: str, value: int | None, **more: Any) -> None:
    """How long."""
    st.number_input("Minutes", 1, 600, value, step=5, key=key, width=115, **more)


def modality_field(key: str, value: str, **more: Any) -> None:
    """Where, or over what."""
    st.text_input("Where", value, max_chars=30, key=key, width=125, **more)


def clock_field(key: str, value: str | None, **more: Any) -> None:
    """When it began, by the clock on the wall."""
    st.time_input("Time", time.fromisoformat(value) if value else None, key=key, step=300, width=105, **more)


def clock_value(key: str) -> str | None:
    """What that field says, as the record keeps it."""
    held = st.session_state.get(key)
    return f"{held:%H:%M}" if isinstance(held, time) else None
