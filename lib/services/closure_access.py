"""The way into one document: known to this actor, open for writing, of exactly this client; and its audit event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import Frozen, InvalidInput, NotYours
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, check_may
from lib.services import access
from lib.storage import access_queries, document_records
from lib.storage.access_queries import ClientFacts
from lib.storage.document_records import DISCARDED, OPEN, StoredDocument


def known(
    session: Session, actor: Actor, document_id: int, action: Action, now: datetime
) -> tuple[StoredDocument, ClientFacts]:
    """The document and its client, when this actor may do this to it; NotYours reads like no such document."""
    stored = document_records.document_of(session, document_id)
    if stored is None:
        raise NotYours(RecordKind.DOCUMENT_SIGNED.value, document_id)
    client = access_queries.client_facts(session, actor, stored.client_id, now)
    kind = RecordKind.DOCUMENT_DRAFT if stored.status == OPEN else RecordKind.DOCUMENT_SIGNED
    if client is None or stored.status == DISCARDED:
        raise NotYours(RecordKind.DOCUMENT_SIGNED.value, document_id)
    check_may(actor, action, Record(kind, client.relations, record_id=document_id))
    return stored, client


def writable(
    session: Session,
    actor: Actor,
    document_id: int,
    client_id: int,
    now: datetime,
    action: Action = Action.WRITE,
) -> tuple[StoredDocument, ClientFacts]:
    """An open draft of exactly this client. Raises Frozen when it is signed."""
    stored, client = known(session, actor, document_id, Action.READ, now)
    if stored.client_id != client_id:
        raise NotYours(RecordKind.DOCUMENT_DRAFT.value, document_id, action.value)
    if stored.status != OPEN:
        raise Frozen("This document is signed.", "Start a new version: it will name this one.")
    check_may(actor, action, Record(RecordKind.DOCUMENT_DRAFT, client.relations, record_id=document_id))
    return stored, client


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
