"""Closure documents: listed, opened and edited section by section, put away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.closure import DocumentDraft, Reason, Source
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.services import access
from lib.services.closure_access import known, record_document_event, record_of, writable
from lib.services.closure_drafts import changed_since, fresh_draft, reasons_against, standing_sources
from lib.services.closure_following import days_not_named
from lib.services.closure_sections import section_row
from lib.storage import document_records, document_signatures
from lib.storage.document_records import DISCARDED, OPEN, RETURNED, SIGNED, DocumentHeader, StoredDocument
from lib.storage.document_signatures import Review


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A kept document as the closure page shows it. `changed` is what the record says differently by now.

    `days_not_named`: of check-ins to come, in a signed plan.
    `returned`: what a supervisor asked for when the version this one corrects was given back; `given_back`: that
    version, once this one is signed."""

    stored: StoredDocument
    changed: tuple[Source, ...]
    blocked_by: tuple[Reason, ...]
    may_write: bool
    may_export: bool
    may_cosign: bool
    returned: tuple[Review, ...] = ()
    days_not_named: tuple[date, ...] = ()
    given_back: DocumentDraft | None = None


def documents_of_client(session: Session, actor: Actor, client_id: int, now: datetime) -> list[DocumentHeader]:
    """The client's documents as far as this actor may know of them, the newest first."""
    client = access.client_for(session, actor, Action.READ, RecordKind.DOCUMENT_SIGNED, client_id, now)
    drafts_too = may(actor, Action.READ, Record(RecordKind.DOCUMENT_DRAFT, client.relations))
    found = document_records.documents_of_client(session, client_id)
    return [header for header in found if drafts_too or header.status != OPEN]


def may_start(session: Session, actor: Actor, client_id: int, now: datetime) -> bool:
    """Whether this actor may draft documents about this client. Raises NotYours for a client not to be known of."""
    client = access.client_for(session, actor, Action.READ, RecordKind.DOCUMENT_SIGNED, client_id, now)
    return actor.account_id is not None and may(
        actor, Action.WRITE, Record(RecordKind.DOCUMENT_DRAFT, client.relations)
    )


def open_document(
    session: Session,
    actor: Actor,
    document_id: int,
    now: datetime,
    definitions: Definitions,
    *,
    is_opening: bool = True,
) -> OpenedDocument:
    """A document with what would keep it from being signed. Opening it is audited; drawing it again is no event."""
    stored, client = known(session, actor, document_id, Action.READ, now)
    if is_opening:
        record_document_event(session, actor, "document_read", document_id, client, now)
    if stored.status != OPEN:
        record = record_of(actor, stored, client)
        export = may(actor, Action.EXPORT, record) and not stored.awaits_cosignature
        cosign = stored.status == SIGNED and stored.awaits_cosignature and may(actor, Action.COSIGN, record)
        asked = _returned(session, stored)
        before = document_records.document_of(session, stored.supersedes_id) if asked and stored.supersedes_id else None
        return OpenedDocument(
            stored, (), (), may_write=False, may_export=export, may_cosign=cosign, returned=asked,
            days_not_named=days_not_named(session, stored), given_back=before.draft if before else None,
        )  # fmt: skip
    changed = changed_since(session, client, stored.draft, now, definitions)
    write = may(actor, Action.WRITE, record_of(actor, stored, client))
    reasons = reasons_against(session, stored.client_id, stored.draft, changed)
    returned = _returned(session, stored)
    return OpenedDocument(
        stored, changed, reasons, may_write=write, may_export=write, may_cosign=False, returned=returned
    )


def _returned(session: Session, stored: StoredDocument) -> tuple[Review, ...]:
    """Why the version before this one was given back, if it was."""
    if stored.supersedes_id is None:
        return ()
    reviews = document_signatures.reviews_of(session, stored.supersedes_id)
    return tuple(review for review in reviews if review.decision == RETURNED)


def draft_again(
    session: Session, actor: Actor, document_id: int, client_id: int, now: datetime, definitions: Definitions
) -> None:
    """Draft every section anew from today's record. The clinician's own words stay, and every section that changed
    has to be reviewed again."""
    stored, client = writable(session, actor, document_id, client_id, now)
    fresh = fresh_draft(session, client, stored.draft, now, definitions)
    for section in fresh.sections:
        row = document_records.section_row(session, document_id, section.key)
        if row is None:
            continue
        held = document_records.sentences_of(row)
        drafted = {sentence.text for sentence in section.sentences}
        own = [sentence for sentence in held if sentence.own_words and sentence.text not in drafted]
        wanted = (*section.sentences, *own)
        if wanted != held or list(section.asks) != row.asks:
            document_records.change_section(row, wanted, section.asks)
    document_records.change_basis(session, document_id, fresh)
    record_document_event(session, actor, "document_drafted_again", document_id, client, now)


def keep_wording(
    session: Session, actor: Actor, document_id: int, client_id: int, now: datetime, definitions: Definitions
) -> None:
    """The clinician has looked at what changed in the record and keeps the wording as it is.

    A sentence whose source the record no longer holds becomes the clinician's own words, and its section has to be
    reviewed again: a document names no source that is not there."""
    stored, client = writable(session, actor, document_id, client_id, now)
    fresh = fresh_draft(session, client, stored.draft, now, definitions)
    for section in stored.draft.sections:
        wanted = [standing_sources(sentence, fresh.basis) for sentence in section.sentences]
        row = section_row(session, document_id, section.key)
        if tuple(wanted) != section.sentences:
            document_records.change_section(row, wanted, row.asks)
    document_records.change_basis(session, document_id, replace(stored.draft, basis=fresh.basis))
    record_document_event(session, actor, "document_wording_kept", document_id, client, now)


def discard_document(session: Session, actor: Actor, document_id: int, client_id: int, now: datetime) -> None:
    """Put a draft away. Nothing signed can be discarded."""
    _stored, client = writable(session, actor, document_id, client_id, now)
    document_records.set_status(session, document_id, DISCARDED)
    record_document_event(session, actor, "document_discarded", document_id, client, now)
