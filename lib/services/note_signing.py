"""Signing notes: what a signature freezes, the supervisor's word on a trainee's note, addenda, and retraction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, Frozen, InvalidInput
from lib.domain.notes import (
    COSIGNATURE_MEANING,
    SIGNATURE_MEANING,
    Compartment,
    NoteFormat,
    NoteStatus,
    SignedContent,
    canonical_content,
    check_may_add,
    check_may_move,
    check_may_sign,
    clean_text,
    text_hash,
)
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts, note_access
from lib.storage import note_queries, note_records
from lib.storage.access_queries import ClientFacts
from lib.storage.tables import Note


def sign_note(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    password: str,
    shown_text_hash: str,
    now: datetime,
    *,
    definitions: Definitions,
) -> None:
    """Sign the text that was shown, after the password again; from then on it is frozen.

    Raises NotYours, Frozen, InvalidInput when nothing is written, ReauthenticationNeeded, or Blocked when the text
    is no longer the one that was shown. A trainee's note then waits for its co-signature."""
    note, client = note_access.note_to_write(session, actor, Action.SIGN, note_id, client_id, now)
    check_may_sign(NoteStatus(note.status), NoteFormat(note.format), note.text)
    accounts.reauthenticate(session, actor, password, now)
    if text_hash(note.text) != shown_text_hash:
        raise Blocked("The text has changed since it was shown.", [("It was saved again.", "Read it again and sign.")])
    sha256 = _freeze(session, actor, note, client, SIGNATURE_MEANING, now)
    note_records.set_status(session, note, NoteStatus.SIGNED)
    note_access.after_write(session, actor, "note_signed", note, client, now, definitions, {"sha256": sha256})


def cosign_note(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    password: str,
    shown_text_hash: str,
    now: datetime,
    *,
    definitions: Definitions,
) -> None:
    """The supervisor's signature under a trainee's note. Raises what `sign_note` raises; nobody co-signs themselves."""
    note, client = note_access.note_to_review(session, actor, NoteStatus.COSIGNED, note_id, client_id, now)
    accounts.reauthenticate(session, actor, password, now)
    if text_hash(note.text) != shown_text_hash:
        raise Blocked("This is not the text that was shown.", [("It differs.", "Open the note again and read it.")])
    note_records.add_review(session, note, note_access.author(actor), NoteStatus.COSIGNED, COSIGNATURE_MEANING, now)
    note_records.set_status(session, note, NoteStatus.COSIGNED)
    note_access.after_write(session, actor, "note_cosigned", note, client, now, definitions)


def return_note(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    comment: str,
    now: datetime,
    *,
    definitions: Definitions,
) -> None:
    """Give a trainee's note back with a comment. What was signed stays; the trainee signs a next version.

    Raises NotYours, NotAllowed, Frozen, or InvalidInput without a comment."""
    note, client = note_access.note_to_review(session, actor, NoteStatus.RETURNED, note_id, client_id, now)
    if not comment.strip():
        raise InvalidInput("A returned note needs a comment.", "Say what should change.", field="comment")
    comment = clean_text(comment.strip())
    note_records.add_review(session, note, note_access.author(actor), NoteStatus.RETURNED, comment, now)
    note_records.set_status(session, note, NoteStatus.RETURNED)
    note_access.after_write(session, actor, "note_returned", note, client, now, definitions)


def add_addendum(session: Session, actor: Actor, note_id: int, client_id: int, text: str, now: datetime) -> int:
    """Add to a note that can no longer change; the addition is frozen too. Returns its id.

    Raises NotYours, NotAllowed, Frozen for a draft or a retracted note, InvalidInput when it is empty."""
    note, client = note_access.note_for(session, actor, Action.ADD, note_id, client_id, now)
    check_may_add(NoteStatus(note.status))
    text = clean_text(text).strip()
    if not text:
        raise InvalidInput("The addendum is empty.", "Write what is to be added.", field="addendum")
    author_id = note_access.author(actor)
    addendum_id = note_records.add_addendum(session, note, author_id, text, text_hash(text), now)
    note_access.record(session, actor, "addendum_added", note, client, now, {"addendum_id": addendum_id})
    return addendum_id


def retract_note(
    session: Session,
    actor: Actor,
    note_id: int,
    client_id: int,
    reason: str,
    now: datetime,
    *,
    belongs_to_client_id: int,
    definitions: Definitions,
) -> int | None:
    """Take back a note written under the wrong client; both records keep a trace of it.

    The note stays, marked, its text no longer shown. Its author gets it as a new draft under the right client, whose
    id is returned; somebody else gets None and nothing is copied. Raises NotYours or NotAllowed for either client,
    Frozen when it is retracted already, InvalidInput without a reason or for the same client twice."""
    note, client = note_access.note_to_retract(session, actor, note_id, client_id, now)
    check_may_move(NoteStatus(note.status), NoteStatus.RETRACTED)
    right = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, belongs_to_client_id, now)
    if not reason.strip():
        raise InvalidInput("A retraction needs its reason.", "Say how it came to be there.", field="reason")
    if belongs_to_client_id == client_id:
        raise InvalidInput("This is the client it stands under already.", "Choose the right one.", field="client")
    draft = _carry_over(session, actor, note, right, now)
    note_records.retract(session, note, clean_text(reason.strip()), now)
    draft_id = draft.id if draft else None
    note_access.after_write(session, actor, "note_retracted", note, client, now, definitions)
    access.record_event(
        session,
        actor,
        "retracted_note_received",
        "note",
        now,
        record_id=draft_id,
        client_code=right.code,
        details={"retracted_note_id": note.id, "draft_id": draft_id},
    )
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


def _carry_over(session: Session, actor: Actor, note: Note, right: ClientFacts, now: datetime) -> Note | None:
    """The same words as a draft under the right client, for their author only: nobody signs another's words."""
    if actor.account_id is None or note.originator_id != actor.account_id:
        return None
    return note_records.add_draft(
        session,
        client_id=right.client_id,
        session_id=None,  # which session it was is for the author to say
        originator_id=actor.account_id,
        compartment=note.compartment,
        note_format=note.format,
        dated_on=note.dated_on,
        text=note.text,
        now=now,
    )


def _freeze(session: Session, actor: Actor, note: Note, client: ClientFacts, meaning: str, now: datetime) -> str:
    """Keep the note as it stands as its next frozen version. Returns the sha256 of the canonical content."""
    number = note_queries.last_version_number(session, note.id) + 1
    content = canonical_content(
        SignedContent(
            client_code=client.code,
            client_name=client.name,
            client_born_on=client.born_on,
            dated_on=note.dated_on,
            format=note.format,
            compartment=Compartment(note.compartment).value,
            number=number,
            text=note.text,
        )
    )
    sha256 = text_hash(content)
    note_records.freeze_version(
        session,
        note,
        number=number,
        content=content,
        sha256=sha256,
        signed_by_id=actor.account_id,
        now=now,
        meaning=meaning,
    )
    return sha256
