"""Notes: writing drafts without loss, each under the client it was begun for; and every other act on a note by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import NotYours, StaleVersion
from lib.domain.notes import (
    Compartment,
    NoteFormat,
    NoteStatus,
    SessionDetails,
    check_dated_on,
    check_may_write,
    clean_text,
    headed,
    template,
)
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, note_access, note_tools, sessions
from lib.services.note_reading import (
    NotePage,
    NoteText,
    client_and_note,
    clients_to_write_for,
    note_of_client,
    note_page,
    notes_of_client,
    sessions_of_client,
)
from lib.services.note_retraction import discard_draft, retract_note
from lib.services.note_signing import add_addendum, cosign_note, return_note, sign_note
from lib.storage import note_queries, note_records
from lib.storage.access_queries import ClientFacts

__all__ = [
    "NoteDraft",
    "NotePage",
    "NoteText",
    "SavedDraft",
    "add_addendum",
    "client_and_note",
    "clients_to_write_for",
    "cosign_note",
    "discard_draft",
    "keep_mine",
    "note_of_client",
    "note_page",
    "notes_of_client",
    "retract_note",
    "return_note",
    "save_draft",
    "save_session_details",
    "sessions_of_client",
    "sign_note",
    "start_note",
]


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A draft as it stands. `version` is what the next save must name as its base."""

    note_id: int
    client_id: int
    session_id: int | None
    text: str
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What is in the database now: this version, since this moment."""

    version: int
    saved_at: datetime


def start_note(
    session: Session,
    actor: Actor,
    client_id: int,
    dated_on: date,
    note_format: NoteFormat,
    compartment: Compartment,
    now: datetime,
    details: SessionDetails | None = None,
    *,
    session_id: int | None = None,
    template_id: int | None = None,
    definitions: Definitions,
) -> NoteDraft:
    """A new draft with the headings of its format, or of a template of the practice's own.

    It is put to a session of that day, or to a new one, which `details` describe; one that stands already keeps its
    own, and `save_session_details` changes them.
    Raises NotYours, NotAllowed, or InvalidInput for a date in the future or before birth."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    author_id = note_access.author(actor)
    check_dated_on(dated_on, now.date(), client.born_on)
    if session_id is not None and not note_queries.session_belongs(session, session_id, client_id):
        raise NotYours("session", session_id, Action.WRITE.value)
    if session_id is None:
        session_id = _session_of_day(session, actor, client, dated_on, compartment, details, now, definitions)
    own = note_tools.template_to_use(session, template_id) if template_id is not None else None
    note = note_records.add_draft(
        session,
        client_id=client_id,
        session_id=session_id,
        originator_id=author_id,
        compartment=compartment.value,
        note_format=NoteFormat.NARRATIVE.value if own else note_format.value,
        template=own.name if own else "",
        dated_on=dated_on,
        text=headed(own.headings) if own else template(note_format),
        now=now,
    )
    note_access.after_write(session, actor, "note_started", note, client, now, definitions)
    return NoteDraft(note.id, client_id, session_id, note.text, note.version, now)


def save_draft(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    text: str,
    base_version: int,
    now: datetime,
    *,
    also_mine: Collection[str] = (),
) -> SavedDraft:
    """Put this text into the draft, and say which version it is now. The same text again is no new version.

    `also_mine` are texts the same writer sent before without hearing back: finding one of them in the database
    means that the writer has seen it, and is no conflict. Raises NotYours when the note is not this client's or
    not this actor's to write, Frozen once it is signed, StaleVersion with both texts when somebody else saved."""
    note, client = note_access.note_to_write(session, actor, Action.WRITE, note_id, client_id, now)
    check_may_write(NoteStatus(note.status))
    text = clean_text(text)
    if text == note.text:
        return SavedDraft(note.version, note.saved_at)
    if base_version != note.version and note.text not in {clean_text(earlier) for earlier in also_mine}:
        raise StaleVersion(yours=text, theirs=note.text, their_version=note.version)
    note_records.write_text(session, note, text, now)
    # No list tells one draft text from another, so the client's standing stays as it is.
    note_access.record(session, actor, "note_saved", note, client, now, {"version": note.version})
    return SavedDraft(note.version, now)


def keep_mine(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    text: str,
    their_version: int,
    now: datetime,
) -> SavedDraft:
    """After both texts were shown: put this one over the other, which was `their_version`.

    Raises what `save_draft` raises; StaleVersion again when yet another save came in between."""
    saved = save_draft(session, actor, note_id, client_id, text, their_version, now)
    note, client = note_access.note_to_write(session, actor, Action.WRITE, note_id, client_id, now)
    note_access.record(session, actor, "note_conflict_decided", note, client, now, {"over_version": their_version})
    return saved


def save_session_details(
    session: Session,
    actor: Actor,
    client_id: int,
    session_id: int,
    details: SessionDetails,
    base_version: int,
    now: datetime,
    *,
    definitions: Definitions,
) -> int:
    """Change what is noted of a session beside its note. Returns the new version.

    Raises NotYours, NotAllowed, InvalidInput, or StaleVersion when somebody changed it in between."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    row = note_records.session_to_change(session, session_id)
    if row is None or row.client_id != client_id:
        raise NotYours("session", session_id, Action.WRITE.value)
    if row.version != base_version:
        raise StaleVersion(yours=details.agreed, theirs=row.agreed, their_version=row.version)
    sessions.check_details_of_model(details, row.held_on, definitions)
    note_records.write_details(session, row, details)
    access.record_event(session, actor, "session_changed", "session", now, record_id=row.id, client_code=client.code)
    note_access.recompute(session, client_id, now, definitions)
    return row.version


def _session_of_day(
    session: Session,
    actor: Actor,
    client: ClientFacts,
    dated_on: date,
    compartment: Compartment,
    details: SessionDetails | None,
    now: datetime,
    definitions: Definitions,
) -> int:
    """The session of that day which has no such note yet, or a new one."""
    standing = note_queries.session_without_such_note(session, client.client_id, dated_on, compartment.value)
    if standing is not None:
        return standing
    return sessions.record_session(
        session, actor, client.client_id, dated_on, details or SessionDetails(), now, definitions
    )
