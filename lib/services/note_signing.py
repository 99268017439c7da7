"""Signing notes: what a signature freezes, the supervisor's word on a trainee's note, addenda, and retraction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, InvalidInput
from lib.domain.notes import (
    COSIGNATURE_MEANING,
    SIGNATURE_MEANING,
    Compartment,
    NoteStatus,
    SignedContent,
    canonical_content,
    check_may_add,
    check_may_sign,
    clean_text,
    text_hash,
)
from lib.domain.people import Actor
from lib.domain.policy import Action
from lib.services import accounts, note_access
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
    check_may_sign(NoteStatus(note.status), note.text)
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
