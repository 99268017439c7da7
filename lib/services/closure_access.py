"""The way into one document: known to this actor, open for writing, of exactly this client; and its audit event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import Frozen, InvalidInput, NotAllowed, NotYours
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, Relation, check_may
from lib.services import access
from lib.storage import access_queries, document_records, document_signatures
from lib.storage.access_queries import ClientFacts
from lib.storage.document_records import DISCARDED, OPEN, SIGNED, StoredDocument


def known(
    session: Session, actor: Actor, document_id: int, action: Action, now: datetime, *, to_change: bool = False
) -> tuple[StoredDocument, ClientFacts]:
    """The document and its client, when this actor may do this to it; NotYours reads like no such document.

    `to_change` holds the document against other writers until the transaction ends."""
    stored = document_records.document_of(session, document_id, to_change=to_change)
    if stored is None:
        raise NotYours(RecordKind.DOCUMENT_SIGNED.value, document_id, action.value)
    client = access_queries.client_facts(session, actor, stored.client_id, now)
    if client is None or stored.status == DISCARDED:
        raise NotYours(RecordKind.DOCUMENT_SIGNED.value, document_id, action.value)
    check_may(actor, action, record_of(actor, stored, client))
    return stored, client


def record_of(actor: Actor, stored: StoredDocument, client: ClientFacts) -> Record:
    """A document as the policy sees it: draft or signed, and whether this actor, or a trainee, signed it."""
    if stored.status == OPEN:
        return Record(RecordKind.DOCUMENT_DRAFT, client.relations, record_id=stored.document_id)
    wrote = actor.account_id is not None and actor.account_id in (stored.signer_id, stored.author_id)
    relations = client.relations | ({Relation.ORIGINATOR} if wrote else set())
    return Record(RecordKind.DOCUMENT_SIGNED, relations, stored.signer_is_trainee, stored.document_id)


def writable(
    session: Session,
    actor: Actor,
    document_id: int,
    client_id: int,
    now: datetime,
    action: Action = Action.WRITE,
) -> tuple[StoredDocument, ClientFacts]:
    """An open draft of exactly this client, held against other writers. Raises Frozen when it is signed."""
    stored, client = known(session, actor, document_id, Action.READ, now, to_change=True)
    _check_client(stored, client_id, action)
    if stored.status != OPEN:
        raise Frozen("This document is signed.", "Start a new version: it will name this one.")
    check_may(actor, action, record_of(actor, stored, client))
    return stored, client


def reviewable(
    session: Session, actor: Actor, document_id: int, client_id: int, now: datetime
) -> tuple[StoredDocument, ClientFacts]:
    """A trainee's signed document of exactly this client, for the supervisor to decide on.

    Raises NotYours, NotAllowed for everybody but the signer's supervisor who did not write it, Frozen when it is
    decided. After a transfer the new owner's supervisor may read it, and not answer for another's trainee."""
    stored, client = known(session, actor, document_id, Action.READ, now, to_change=True)
    _check_client(stored, client_id, Action.COSIGN)
    check_may(actor, Action.COSIGN, record_of(actor, stored, client))
    if not document_signatures.supervises(session, actor, stored.signer_id, now.date()):
        raise NotAllowed(Action.COSIGN.value, RecordKind.DOCUMENT_SIGNED.value, document_id)
    if stored.status != SIGNED or not stored.awaits_cosignature:
        raise Frozen("This document does not wait for a co-signature.", "Open it again: it was decided already.")
    return stored, client


def _check_client(stored: StoredDocument, client_id: int, action: Action) -> None:
    """A payload that names another client is refused, never followed."""
    if stored.client_id != client_id:
        raise NotYours(RecordKind.DOCUMENT_SIGNED.value, stored.document_id, action.value)


def account_of(actor: Actor) -> int:
    """The account a document is written by. Raises InvalidInput for the operator, who has none."""
    if actor.account_id is None:
        raise InvalidInput("Only a person with an account can write a document.", field="actor")
    return actor.account_id


def record_document_event(
    session: Session,
    actor: Actor,
    action: str,
    document_id: int,
    client: ClientFacts,
    now: datetime,
    **details: str,
) -> None:
    """The audit event of an act on a document."""
    access.record_event(
        session, actor, action, "document", now, record_id=document_id, client_code=client.code, details=details
    )
