"""The sessions of a story: held or missed; their notes are written and signed here, or came in as files."""

from __future__ import annotations

from datetime import datetime

from lib.domain.imports import NoteIn, Parsed
from lib.domain.notes import Compartment, NoteFormat, SessionDetails, text_hash
from lib.services import imports, note_signing, notes, sessions
from lib.services.demo_telling import Days, Telling, Told


def tell_session(days: Days, telling: Telling, told: Told, now: datetime) -> None:
    """A session, with its notes where they were written here."""
    details = SessionDetails(
        attendance=told.get("attendance", "attended"),
        minutes=told.get("minutes"),
        modality=told.get("modality", ""),
        starts_at_time=told.get("at"),
        parts=tuple(told.get("parts", ())),
        approaches=tuple(told.get("approaches", ())),
        agreed=told.get("agreed", ""),
        risk_note=told.get("risk_note", ""),
        next_plan=told.get("next_plan", ""),
        next_on=told.get("next_on"),
    )
    session_id = sessions.record_session(
        telling.session, telling.actor, telling.client_id, told["on"], details, now, telling.definitions
    )
    if told.get("note") and told["on"] >= days.notes_here_since:
        _note(telling, told, session_id, Compartment.PROGRESS, told["note"], now)
    if told.get("process_note"):
        _note(telling, told, session_id, Compartment.PROCESS, told["process_note"], now)


def _note(telling: Telling, told: Told, session_id: int, compartment: Compartment, text: str, now: datetime) -> None:
    session, actor, client_id = telling.session, telling.actor, telling.client_id
    text = text.strip()
    draft = notes.start_note(
        session,
        actor,
        client_id,
        told["on"],
        NoteFormat(told.get("format", "narrative")),
        compartment,
        now,
        session_id=session_id,
        definitions=telling.definitions,
    )
    notes.save_draft(session, actor, draft.note_id, client_id, text, draft.version, now)
    if told.get("signed", True):
        note_signing.sign_note(
            session,
            actor,
            draft.note_id,
            client_id,
            telling.password,
            text_hash(text),
            now,
            definitions=telling.definitions,
        )


def bring_notes(telling: Telling, told: Told, now: datetime) -> None:
    """The notes of the time before, as a file brings them."""
    brought = tuple(
        NoteIn(telling.code, each["on"], each["note"].strip(), format=each["format"], row=row)
        for row, each in enumerate(told["notes"], start=2)
    )
    parsed = Parsed("notes_table", f"notes, table, {len(brought)} notes", len(brought), notes=brought)
    sha256 = text_hash("\n".join(note.text for note in brought))
    imports.commit_import(
        telling.session,
        telling.actor,
        parsed,
        imports.ImportOptions(),
        f"{telling.code} earlier notes.csv",
        sha256,
        now,
        telling.definitions,
    )
