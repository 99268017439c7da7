"""Taking notes back: written under the wrong client, or begun by mistake. A trace stays wherever the words were."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Frozen, InvalidInput
from lib.domain.notes import NoteStatus, check_may_move, clean_text
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts, note_access
from lib.storage import note_queries, note_records
from lib.storage.access_queries import ClientFacts
from lib.storage.tables import Note


def retract_note(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    reason: str,
    password: str,
    now: datetime,
    *,
    belongs_to_client_id: int,
    definitions: Definitions,
) -> int | None:
    """Take back a note written under the wrong client, after the password again; both records keep a trace of it.

    The note stays, marked, its text no longer shown. Its author, or whoever retracts a note without one, gets it as a
    new draft under the right client, whose id is returned; for another author's note it is None, nothing is copied.
    The session it was written for moves along where nothing else hangs on it. Raises NotYours or NotAllowed for
    either client, Frozen when it is retracted already, ReauthenticationNeeded, and
    InvalidInput without a reason or for the same client twice."""
    note, client = note_access.note_to_retract(session, actor, note_id, client_id, now)
    check_may_move(NoteStatus(note.status), NoteStatus.RETRACTED)
    right = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, belongs_to_client_id, now)
    if not reason.strip():
        raise InvalidInput("A retraction needs its reason.", "Say how it came to be there.", field="reason")
    if belongs_to_client_id == client_id:
        raise InvalidInput("This is the client it stands under already.", "Choose the right one.", field="client")
    accounts.reauthenticate(session, actor, password, now)
    session_id = _move_session(session, actor, note, client, right, now)
    draft_id = _carry_over(session, actor, note, right, session_id, now)
    note_records.retract(session, note, clean_text(reason.strip()), now)
    note_access.after_write(session, actor, "note_retracted", note, client, now, definitions)
    access.record_event(
        session, actor, "retracted_note_received", "note", now, record_id=draft_id, client_code=right.code,
        details={"retracted_note_id": note.id, "draft_id": draft_id},
    )  # fmt: skip
    note_access.recompute(session, belongs_to_client_id, now, definitions)
    return draft_id


def discard_draft(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    reason: str,
    now: datetime,
    *,
    definitions: Definitions,
) -> None:
    """Give up a draft that will never be signed; that it was there, and why it went, stays in the record.

    Raises NotYours, Frozen for anything but a draft, InvalidInput without a reason."""
    note, client = note_access.note_to_write(session, actor, Action.WRITE, note_id, client_id, now)
    if NoteStatus(note.status) is not NoteStatus.DRAFT:
        raise Frozen("This note is no draft any more.", "Add an addendum, or retract it.")
    if not reason.strip():
        raise InvalidInput("Discarding a draft needs its reason.", "Say why in a word.", field="reason")
    note_records.retract(session, note, f"Draft discarded: {clean_text(reason.strip())}", now)
    note_access.after_write(session, actor, "draft_discarded", note, client, now, definitions)


def _carry_over(
    session: Session, actor: Actor, note: Note, right: ClientFacts, session_id: int | None, now: datetime
) -> int | None:
    """The same words as a draft under the right client: for their author, or for whoever moves an imported note.

    Nobody signs the words of another who is here to do it. The draft says that its words were moved; not out of
    whose record."""
    if actor.account_id is None or note.originator_id not in (None, actor.account_id):
        return None
    moved = f"Moved here on {now:%Y-%m-%d} from another record, where it had been written by mistake."
    return note_records.add_draft(
        session,
        client_id=right.client_id,
        session_id=session_id,
        originator_id=actor.account_id,
        compartment=note.compartment,
        note_format=note.format,
        template=note.template,
        dated_on=note.dated_on,
        text=note.text,
        labels=(*(f"From {note.import_file}: {label}" for label in note.import_labels if note.import_file), moved),
        now=now,
    ).id


def _move_session(
    session: Session, actor: Actor, note: Note, wrong: ClientFacts, right: ClientFacts, now: datetime
) -> int | None:
    """The meeting the note is about was the right client's too. Returns its id there; None when it stays.

    It stays where another note, a score or a rating hangs on it: then it was a meeting with the first client."""
    row = note_records.session_to_change(session, note.session_id) if note.session_id is not None else None
    if row is None or not note_records.stands_alone(session, row.id, note.id):
        return None
    there = note_queries.session_without_such_note(session, right.client_id, row.held_on, note.compartment)
    if there is None:
        there = note_records.add_session(session, right.client_id, row.held_on, note_records.details_of(row))
    details = {"held_on": row.held_on.isoformat(), "note_id": note.id}
    for act, number, client in (("session_taken_out", row.id, wrong), ("session_moved_here", there, right)):
        access.record_event(
            session, actor, act, "session", now, record_id=number, client_code=client.code, details=details
        )
    note_records.take_out_session(session, row)
    return there
