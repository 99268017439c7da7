"""Note view: sessions and notes to read, always as plain text with their line breaks, never as markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import streamlit as st

from lib.domain.notes import Compartment
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.services.notes import NotePage, NoteText
from lib.storage.note_queries import SessionRow
from lib.ui import app_context, state, words


def history(page: NotePage, beside: NoteText | None, afterwards: Callable[[NoteText], None]) -> None:
    """Sessions and notes of the client, newest first; not the note that is open beside them.

    `afterwards` draws under a note's words what may still be done with it."""
    st.header("Sessions and notes")
    rest = [note for note in page.notes if beside is None or note.id != beside.id]
    if not rest and not page.sessions:
        st.text("No session is recorded yet.")
    for session in page.sessions:
        _session(session, [note for note in rest if note.session_id == session.id], afterwards)
    for note in rest:
        if note.session_id is None:
            show_note(note, afterwards)


def session_line(session: SessionRow, today: date) -> str:
    """A session in one line: number, day, attendance where it was not simply held, minutes, modality."""
    facts = [
        f"Session {session.number}" if session.number is not None else "Session",
        words.day(session.held_on, today) + (f" {session.starts_at_time}" if session.starts_at_time else ""),
    ]
    if session.attendance != Attendance.ATTENDED:
        facts.append(ATTENDANCE_WORDS[Attendance(session.attendance)])
    if session.minutes is not None:
        facts.append(f"{session.minutes} min")
    return " · ".join([*facts, session.modality] if session.modality else facts)


def worked_on_words(session: SessionRow) -> str:
    """What a session worked on and how, in one line; empty when nobody noted it."""
    model = app_context.definitions().model
    told = [model.parts[key].label for key in session.parts if key in model.parts]
    told += [model.approaches[key].label for key in session.approaches if key in model.approaches]
    return " · ".join([*told, session.techniques] if session.techniques else told)


def _session(session: SessionRow, notes: Sequence[NoteText], afterwards: Callable[[NoteText], None]) -> None:
    with st.container(key=f"strong-session-{session.id}"):
        st.text(session_line(session, app_context.today()))
    with st.container(key=f"quiet-session-{session.id}"):
        worked_on = worked_on_words(session)
        if worked_on:
            st.text(worked_on)
        if session.agreed:
            st.text(f"Agreed: {session.agreed}")
        if session.next_plan:
            st.text(f"Next: {session.next_plan}")
        if session.risk_note:
            st.text(f"Risk: {session.risk_note}")
    for note in notes:
        show_note(note, afterwards)


def show_note(note: NoteText, afterwards: Callable[[NoteText], None]) -> None:
    """One note, folded: who, when and status on the fold, the words inside."""
    asked_for = state.note_to_read(note.client_id) == note.id
    with st.expander(_fold(note), expanded=asked_for, key=f"note-{note.client_id}-{note.id}"):
        show_text(note)
        afterwards(note)


def show_text(note: NoteText) -> None:
    """The words of a note with its addenda and reviews; where they are withheld, why."""
    if note.text is None:
        st.text(f"Retracted {moment(note.retracted_at)}. {note.withheld}")
        return
    with st.container(key=f"quiet-author-{note.id}"):
        st.text(_signature(note))
        for label in note.import_labels:
            st.text(f"From {note.import_file}: {label}" if note.import_file else label)
    plain(note.text or "Nothing written yet.", f"note-text-{note.id}")
    for review in note.reviews:
        act = "Co-signed" if review.decision == "cosigned" else "Returned"
        said = f": {review.comment}" if review.decision == "returned" else ""
        st.text(f"{act} by {review.supervisor}, {moment(review.decided_at)}{said}")
    for position, addendum in enumerate(note.addenda):
        with st.container(key=f"quiet-addendum-{note.id}-{position}"):
            st.text(f"Addendum by {addendum.author}, {moment(addendum.written_at)}")
        st.text(addendum.text)


def plain(text: str, key: str) -> None:
    """A person's words on a calm ground: line breaks kept, long lines wrapped, nothing read as markup."""
    with st.container(key=f"words-{key}"):
        st.text(text)


def _fold(note: NoteText) -> str:
    kind = "Process note" if note.compartment is Compartment.PROCESS else "Note"
    return f"{kind} of {words.day(note.dated_on, app_context.today())} · {note.status_words}"


def _signature(note: NoteText) -> str:
    who = note.author or "author not known"
    if note.signed_at is not None and note.signed_by:
        return f"{who} · signed {moment(note.signed_at)} · {note.format_words}"
    return f"{who} · saved {moment(note.saved_at)} · {note.format_words}"


def moment(at: datetime | None) -> str:
    """A moment as a person reads it, on the practice's clock: "17 Nov 14:03"."""
    if at is None:
        return "–"
    local = at.astimezone(app_context.now().tzinfo)
    return f"{words.day(local.date(), app_context.today())} {local:%H:%M}"
