"""Process grants: letting one person read one process note for some days, and taking it back.

The originator grants, also after a transfer sealed the note to themselves; a practice admin only with a legal reason.
Neither learns here what a note says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotYours
from lib.domain.notes import clean_text
from lib.domain.people import Actor, Permission, Role
from lib.domain.policy import RecordKind
from lib.services import access, accounts
from lib.storage import process_grant_records
from lib.storage.process_grant_records import Grant, ProcessNote
from lib.storage.tables import ProcessGrant

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NoteWithGrants:
    """A process note, without its words, and everybody who was ever let in."""

    note: ProcessNote
    grants: tuple[Grant, ...]


def own_process_notes(session: Session, actor: Actor) -> list[NoteWithGrants]:
    """The process notes this actor wrote, newest first, also about clients they no longer have. No text."""
    if actor.account_id is None:
        return []
    access.require(session, actor, Permission.VIEW_OWN_ACCOUNT)
    return _with_grants(session, process_grant_records.written_by(session, actor.account_id))


def process_notes_about(session: Session, actor: Actor, client_code: str, now: datetime) -> list[NoteWithGrants]:
    """For a practice admin who has a legal reason: that there are process notes about this client. No text; an event.

    Raises NotYours for every other role."""
    if not _is_admin(session, actor):
        raise NotYours(RecordKind.NOTE_PROCESS.value, None)
    found = process_grant_records.about_client(session, client_code.strip())
    access.record_event(
        session, actor, "process_notes_listed", "process note", now,
        client_code=client_code.strip() if found else None, details={"notes": len(found)},
    )  # fmt: skip
    return _with_grants(session, found)


def granted_process_notes(session: Session, actor: Actor, now: datetime) -> list[ProcessNote]:
    """Process notes this actor may read today because somebody let them. Reading one is an act of its own."""
    if actor.account_id is None:
        return []
    access.require(session, actor, Permission.VIEW_OWN_ACCOUNT)
    return process_grant_records.granted_to(session, actor.account_id, now.date())


def possible_readers(session: Session, actor: Actor) -> list[tuple[int, str, str]]:
    """Whom this actor could let in: every open account but their own, as id, name, address.

    Who works here is told to who has a note to open, as author or as practice admin; to others nobody."""
    if not (_is_admin(session, actor) or own_process_notes(session, actor)):
        return []
    return [one for one in process_grant_records.readers(session) if one[0] != actor.account_id]


def grant_reading(
    session: Session,
    actor: Actor,
    note_id: int,
    reader_id: int,
    starts_on: date,
    ends_on: date,
    reason: str,
    password: str,
    now: datetime,
) -> int:
    """Let one person read one process note within these days, for a reason, after the password again.

    Returns the grant's id. Raises NotYours for a note that is not the actor's to open, InvalidInput, and
    ReauthenticationNeeded. Nobody lets themselves in: the originator reads anyway, an admin asks a second person."""
    note = _note_to_open(session, actor, note_id)
    reason = clean_text(reason.strip())
    if not reason:
        raise InvalidInput("A grant needs its reason.", "Say why this person has to read it.", field="reason")
    if not now.date() <= starts_on <= ends_on <= starts_on + LONGEST:
        raise InvalidInput("The days do not fit.", "From today or later, for a year at most.", field="days")
    if reader_id not in {one[0] for one in possible_readers(session, actor)}:
        raise InvalidInput("Nobody lets themselves in, and only people who work here.", "Choose another.", "reader")
    accounts.reauthenticate(session, actor, password, now)
    grant_id = process_grant_records.add_grant(session, note_id, reader_id, _account(actor), reason, starts_on, ends_on)
    basis = "originator" if note.originator_id == actor.account_id else "legal reason"
    _record(session, actor, "process_note_granted", note, now, reader_id, {"basis": basis, "grant_id": grant_id})
    return grant_id


def revoke_grant(session: Session, actor: Actor, grant_id: int, now: datetime) -> None:
    """Take a grant back: the reader is out at the next action. Raises NotYours for a grant the actor could not give."""
    row: ProcessGrant | None = process_grant_records.grant_to_change(session, grant_id)
    if row is None:
        raise NotYours(RecordKind.NOTE_PROCESS.value, None, "write")
    note = _note_to_open(session, actor, row.note_id)
    if row.revoked_at is None:
        row.revoked_at = now
        session.flush()
        _record(session, actor, "process_grant_revoked", note, now, row.account_id, {"grant_id": grant_id})


def _note_to_open(session: Session, actor: Actor, note_id: int) -> ProcessNote:
    note = process_grant_records.process_note(session, note_id)
    is_author = note is not None and actor.account_id is not None and note.originator_id == actor.account_id
    works_here = bool(access.as_of_now(session, actor).roles)
    if note is None or not works_here or not (is_author or _is_admin(session, actor)):
        raise NotYours(RecordKind.NOTE_PROCESS.value, note_id, "write")
    return note


def _is_admin(session: Session, actor: Actor) -> bool:
    return Role.PRACTICE_ADMIN in access.as_of_now(session, actor).roles


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotYours(RecordKind.NOTE_PROCESS.value, None, "write")
    return actor.account_id


def _with_grants(session: Session, notes: list[ProcessNote]) -> list[NoteWithGrants]:
    grants = process_grant_records.grants_of(session, [note.note_id for note in notes])
    return [NoteWithGrants(note, tuple(one for one in grants if one.note_id == note.note_id)) for note in notes]


def _record(
    session: Session,
    actor: Actor,
    act: str,
    note: ProcessNote,
    now: datetime,
    reader_id: int,
    details: dict[str, object],
) -> None:
    access.record_event(
        session, actor, act, "process note", now, record_id=note.note_id, client_code=note.code,
        details={"reader_id": reader_id, **details},
    )  # fmt: skip
