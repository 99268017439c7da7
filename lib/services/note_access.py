"""What every act on a note begins and ends with: the check of who acts on which note, and the event of the act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import NotAllowed, NotYours
from lib.domain.notes import Compartment, NoteStatus, check_may_move, kind_of
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, check_may
from lib.services import access, standing
from lib.storage import access_queries, note_queries
from lib.storage.access_queries import ClientFacts
from lib.storage.tables import Note


def note_for(
    session: Session, actor: Actor, action: Action, note_id: int, client_id: int, now: datetime
) -> tuple[Note, ClientFacts]:
    """The note and its client, when this actor may do this to the note as it stands.

    Raises NotYours when the note is not this client's or none the actor may know of, NotAllowed when they may only
    read it."""
    note = _note_of(session, action, note_id, client_id)
    kind = kind_of(NoteStatus(note.status), Compartment(note.compartment))
    return _checked(session, actor, action, kind, note, now)


def note_to_write(
    session: Session, actor: Actor, action: Action, note_id: int, client_id: int, now: datetime
) -> tuple[Note, ClientFacts]:
    """The note and its client for its author, to write in or to sign, whatever its status: that is asked next.

    Raises NotYours as `note_for` does."""
    note = _note_of(session, action, note_id, client_id)
    kind = kind_of(NoteStatus.DRAFT, Compartment(note.compartment))
    return _checked(session, actor, action, kind, note, now)


def note_to_review(
    session: Session, actor: Actor, to: NoteStatus, note_id: int, client_id: int, now: datetime
) -> tuple[Note, ClientFacts]:
    """A trainee's note and its client for the trainee's own supervisor to decide on.

    Raises what `note_for` raises, and Frozen. The supervisor of a client's owner reads a covering trainee's note,
    and does not answer for another's trainee: NotAllowed."""
    note, client = note_for(session, actor, Action.COSIGN, note_id, client_id, now)
    if not access_queries.supervises(session, actor, note.originator_id, now.date()):
        raise NotAllowed(Action.COSIGN.value, "note", note_id)
    check_may_move(NoteStatus(note.status), to)
    return note, client


def note_to_retract(
    session: Session, actor: Actor, note_id: int, client_id: int, now: datetime
) -> tuple[Note, ClientFacts]:
    """A note and its client for who may take it back: the author of a draft, who may add to a signed one."""
    note = _note_of(session, Action.WRITE, note_id, client_id)
    if NoteStatus(note.status) is NoteStatus.DRAFT:
        return note_to_write(session, actor, Action.WRITE, note_id, client_id, now)
    return note_for(session, actor, Action.ADD, note_id, client_id, now)


def author(actor: Actor) -> int:
    """The account that writes. Raises NotAllowed for the operator: words in a record have an author."""
    if actor.account_id is None:
        raise NotAllowed(Action.WRITE.value, RecordKind.NOTE_DRAFT.value)
    return actor.account_id


def record(
    session: Session,
    actor: Actor,
    act: str,
    note: Note,
    client: ClientFacts,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The audit event of an act on a note."""
    access.record_event(session, actor, act, "note", now, record_id=note.id, client_code=client.code, details=details)


def after_write(
    session: Session,
    actor: Actor,
    act: str,
    note: Note,
    client: ClientFacts,
    now: datetime,
    definitions: Definitions,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The audit event, and the client's standing made anew, since lists count unsigned notes."""
    record(session, actor, act, note, client, now, details)
    recompute(session, client.client_id, now, definitions)


def recompute(session: Session, client_id: int, now: datetime, definitions: Definitions) -> None:
    """The client's standing, from the record as this transaction leaves it."""
    standing.recompute(session, client_id, now, definitions)


def _note_of(session: Session, action: Action, note_id: int, client_id: int) -> Note:
    """The note, when it is this client's. A payload that names another client is refused, never followed."""
    note = note_queries.note_to_change(session, note_id)
    if note is None or note.client_id != client_id:
        raise NotYours("note", note_id, action.value)
    return note


def _checked(
    session: Session, actor: Actor, action: Action, kind: RecordKind, note: Note, now: datetime
) -> tuple[Note, ClientFacts]:
    relations = access_queries.relations_to_note(session, actor, note, now)
    trainee = access_queries.is_trainee(session, note.originator_id)
    check_may(actor, action, Record(kind, relations, trainee, note.id))
    client = access_queries.client_facts(session, actor, note.client_id, now)
    if client is None:
        raise NotYours("note", note.id, action.value)
    return note, client
